import { PictureBroken } from './errors.js';

export const svgNamespace = 'http://www.w3.org/2000/svg';

/** An element of the picture: where it stands in the text, and what of it concerns a badge. */
export interface SvgElement {
  namespace: string;
  localName: string;
  /** Values with their character references resolved. */
  attributes: Map<string, string>;
  /** Offset of `<`. */
  start: number;
  /** Offset after the start tag. */
  startTagEnd: number;
  /** Offset after the whole element. */
  end: number;
  isEmptyTag: boolean;
  /** Text and CDATA directly inside, in order. */
  text: string;
  prefixes: ReadonlyMap<string, string>;
}

const deepest = 256;
const nameStart = 'A-Za-z_\\u00C0-\\uFFFD';
const name = new RegExp(
  `[${nameStart}][${nameStart}0-9.\\-\\u00B7]*(?::[${nameStart}][${nameStart}0-9.\\-]*)?`,
  'y',
);
const attribute = /\s+([^\s=/>"'<&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;
/** Only characters that XML 1.0 allows (section 2.2). */
export const isXmlText = (text: string): boolean =>
  /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text);
const reference = /&(?:(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|amp|lt|gt|quot|apos);)?/g;
const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
// What drawing programs wrote by habit; nothing is fetched, and an internal subset is never read.
const svgDoctype =
  /<!DOCTYPE\s+svg(?:\s+PUBLIC\s+"-\/\/W3C\/\/DTD SVG (?:1\.0|1\.1|1\.1 Basic|1\.1 Tiny|20010904)\/\/EN"\s+"https?:\/\/www\.w3\.org\/[\w\-./]+")?\s*>/y;

/**
 * Every element of an SVG text, in document order. Reads XML 1.0 with namespaces and nothing of a document type:
 * entities do not exist here, so none can be fetched or grow. Scripts are text like any other.
 * @throws PictureBroken (`picture_broken`) when the text is not well-formed or declares entities
 */
export function svgElements(svg: string): SvgElement[] {
  if (!isXmlText(svg)) throw new PictureBroken('a character that XML forbids');
  const reader = new ElementReader(svg);
  while (reader.step());
  return reader.elements;
}

class ElementReader {
  readonly elements: SvgElement[] = [];
  private readonly open: { qualifiedName: string; element: SvgElement }[] = [];
  private hasDoctype = false;
  private at = 0;

  constructor(private readonly svg: string) {}

  /** Reads one piece of markup or text; false at the end. */
  step(): boolean {
    const { svg, at } = this;
    if (at >= svg.length) return this.finish();
    if (svg[at] !== '<') {
      const next = svg.indexOf('<', at);
      this.addText(resolved(svg.slice(at, next < 0 ? svg.length : next)));
      this.at = next < 0 ? svg.length : next;
    } else if (svg.startsWith('<!--', at)) this.at = this.after('-->', at + 4, 'a comment');
    else if (svg.startsWith('<![CDATA[', at)) {
      this.at = this.after(']]>', at + 9, 'a CDATA section');
      if (this.open.length === 0) throw new PictureBroken('text outside its root');
      this.addText(svg.slice(at + 9, this.at - 3));
    } else if (svg.startsWith('<?', at)) this.at = this.after('?>', at + 2, 'an instruction');
    else if (svg.startsWith('<!', at)) this.readDoctype();
    else if (svg.startsWith('</', at)) this.readEndTag();
    else this.readStartTag();
    return true;
  }

  private finish(): false {
    if (this.open.length > 0 || this.elements.length === 0)
      throw new PictureBroken('it ends before its last tag');
    return false;
  }

  private after(mark: string, from: number, what: string): number {
    const end = this.svg.indexOf(mark, from);
    if (end < 0) throw new PictureBroken(`${what} that does not end`);
    return end + mark.length;
  }

  private addText(text: string): void {
    const parent = this.open.at(-1)?.element;
    if (parent) parent.text += text;
    else if (text.trim() !== '') throw new PictureBroken('text outside its root');
  }

  private readDoctype(): void {
    svgDoctype.lastIndex = this.at;
    const found = svgDoctype.exec(this.svg);
    if (!found || this.hasDoctype || this.elements.length > 0)
      throw new PictureBroken('it declares a document type or entities');
    this.hasDoctype = true;
    this.at += found[0].length;
  }

  private readEndTag(): void {
    const qualifiedName = this.readName(this.at + 2);
    tagEnd.lastIndex = this.at + 2 + qualifiedName.length;
    const end = tagEnd.exec(this.svg);
    const opened = this.open.pop();
    if (!end || end[1] === '/' || opened?.qualifiedName !== qualifiedName)
      throw new PictureBroken(`an end tag that fits no start tag at character ${this.at}`);
    this.at = tagEnd.lastIndex;
    opened.element.end = this.at;
  }

  private readStartTag(): void {
    const start = this.at;
    if (this.open.length === 0 && this.elements.length > 0) throw new PictureBroken('more than one root');
    if (this.open.length >= deepest) throw new PictureBroken(`elements deeper than ${deepest}`);
    const qualifiedName = this.readName(start + 1);
    const attributes = this.readAttributes(start + 1 + qualifiedName.length);
    tagEnd.lastIndex = this.at;
    const end = tagEnd.exec(this.svg);
    if (!end) throw new PictureBroken(`a tag that does not end at character ${start}`);
    this.at = tagEnd.lastIndex;
    const isEmptyTag = end[1] === '/';
    const prefixes = prefixesIn(attributes, this.open.at(-1)?.element.prefixes ?? new Map());
    const [prefix, localName] = qualifiedName.includes(':') ? qualifiedName.split(':') : ['', qualifiedName];
    const namespace = prefixes.get(prefix!);
    if (namespace === undefined && prefix !== '')
      throw new PictureBroken(`the prefix ${prefix} stands for nothing`);
    const element: SvgElement = {
      namespace: namespace ?? '',
      localName: localName!,
      attributes,
      start,
      startTagEnd: this.at,
      end: this.at,
      isEmptyTag,
      text: '',
      prefixes,
    };
    this.elements.push(element);
    if (!isEmptyTag) this.open.push({ qualifiedName, element });
  }

  private readName(from: number): string {
    name.lastIndex = from;
    const found = name.exec(this.svg);
    if (!found) throw new PictureBroken(`no name of an element at character ${from}`);
    return found[0];
  }

  private readAttributes(from: number): Map<string, string> {
    const attributes = new Map<string, string>();
    attribute.lastIndex = from;
    this.at = from;
    for (let found = attribute.exec(this.svg); found; found = attribute.exec(this.svg)) {
      this.at = attribute.lastIndex;
      if (attributes.has(found[1]!)) throw new PictureBroken(`the attribute ${found[1]} stands twice`);
      attributes.set(found[1]!, resolved(found[2] ?? found[3]!));
    }
    return attributes;
  }
}

/** Namespace prefixes in force: those of the parent unless the attributes say otherwise. */
function prefixesIn(
  attributes: Map<string, string>,
  inherited: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const declared = [...attributes].flatMap(([key, value]): [string, string][] =>
    key === 'xmlns' ? [['', value]] : key.startsWith('xmlns:') ? [[key.slice(6), value]] : [],
  );
  return declared.length === 0 ? inherited : new Map([...inherited, ...declared]);
}

/** Text with its character references resolved: the five of XML and numbers, nothing else exists. */
function resolved(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (_, inside: string | undefined) => {
    if (inside === undefined) throw new PictureBroken('an entity that XML does not know by itself');
    if (!inside.startsWith('#')) return named[inside]!;
    const code = inside[1] === 'x' ? Number.parseInt(inside.slice(2), 16) : Number(inside.slice(1));
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\u0000';
    if (!isXmlText(character)) throw new PictureBroken('a character that XML forbids');
    return character;
  });
}
