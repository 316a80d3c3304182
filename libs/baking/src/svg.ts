import { assertSize, type Baked, type BakedVersion, bakeable, largestContent, withoutMark } from './baked.js';
import { BakedTwice, CredentialNotBakeable, NotAPicture, NothingBaked, PictureTooLarge } from './errors.js';
import { isXmlText, type SvgElement, svgElements, svgNamespace } from './svg-elements.js';

/** Namespace and element (OB 2.0 Baking 1.0; OB 3.0, section 5.3.2). */
const elements: Record<BakedVersion, { namespace: string; localName: string }> = {
  ob2: { namespace: 'http://openbadges.org', localName: 'assertion' },
  ob3: { namespace: 'https://purl.imsglobal.org/ob/v3p0', localName: 'credential' },
};
const prefix = 'openbadges';

/** Writers differ in the scheme and in a closing slash. */
const sameNamespace = (one: string, other: string): boolean =>
  one.replace(/^https?:/, '').replace(/\/$/, '') === other.replace(/^https?:/, '').replace(/\/$/, '');

const isBakedAs = ({ namespace, localName }: SvgElement, version: BakedVersion): boolean =>
  localName === elements[version].localName && sameNamespace(namespace, elements[version].namespace);

/** The SVG as text. @throws NotAPicture (`not_a_picture`), PictureTooLarge, PictureBroken */
function readSvg(svg: string): { text: string; all: SvgElement[]; root: SvgElement } {
  const text = withoutMark(svg);
  assertSize(Buffer.byteLength(text));
  if (!/^\s*</.test(text)) throw new NotAPicture();
  const all = svgElements(text);
  const root = all[0]!;
  if (root.localName !== 'svg' || root.namespace !== svgNamespace) throw new NotAPicture();
  return { text, all, root };
}

/**
 * The picture with a credential in it, directly after `<svg>`; the rest of the text stays as it was. A content of the
 * same version is replaced, one of the other version stays.
 * @param credential JSON (written as CDATA), or compact JWS or the address of a hosted assertion (written in `verify`)
 * @throws NotAPicture (`not_a_picture`), PictureBroken (`picture_broken`), PictureTooLarge (`picture_too_large`),
 *   CredentialNotBakeable (`credential_not_bakeable`)
 */
export function bakeSvg(svg: string, credential: string, version: BakedVersion): string {
  const content = bakeable(credential);
  const before = readSvg(svg);
  const clean = without(
    before.text,
    before.all.filter((element) => isBakedAs(element, version)),
  );
  const { root } = readSvg(clean);
  const { namespace, localName } = elements[version];
  const bound = root.prefixes.get(prefix);
  const local = bound !== undefined && bound !== namespace ? ` xmlns:${prefix}="${namespace}"` : '';
  const { verify, body } = inXml(content, version);
  const open = `${prefix}:${localName}${local}${verify === '' ? '' : ` verify="${attributeText(verify)}"`}`;
  const baked = body === '' ? `<${open}/>` : `<${open}><![CDATA[${body}]]></${prefix}:${localName}>`;
  const tag = clean.slice(root.start, root.startTagEnd - (root.isEmptyTag ? 2 : 1)).trimEnd();
  const declaration = bound === undefined ? ` xmlns:${prefix}="${namespace}"` : '';
  const rest = root.isEmptyTag ? `</${tag.slice(1).split(/\s/)[0]}>` : '';
  return `${clean.slice(0, root.start)}${tag}${declaration}>${baked}${rest}${clean.slice(root.startTagEnd)}`;
}

/**
 * What is baked into an SVG, OB 3.0 first, whatever prefix its writer chose.
 * @throws NotAPicture (`not_a_picture`), NothingBaked (`nothing_baked`), BakedTwice (`baked_twice`),
 *   PictureBroken (`picture_broken`), PictureTooLarge (`picture_too_large`)
 */
export function unbakeSvg(svg: string): Baked[] {
  const { all } = readSvg(svg);
  const baked = (['ob3', 'ob2'] as const).flatMap((version) => {
    const [found, another] = all.filter((element) => isBakedAs(element, version));
    if (another) throw new BakedTwice(`two elements "${elements[version].localName}"`);
    return found ? [{ version, content: contentOf(found) }] : [];
  });
  if (baked.length === 0) throw new NothingBaked();
  return baked;
}

function contentOf({ attributes, text }: SvgElement): string {
  const verify = attributes.get('verify')?.trim() ?? '';
  const body = withoutMark(text).trim();
  // An address beside the JSON that it leads to is usual for a hosted assertion; a signature beside JSON is a second content.
  if (verify !== '' && body !== '' && !/^https?:/i.test(verify))
    throw new BakedTwice('a signature and a JSON document in one element');
  const content = body || verify;
  if (content === '') throw new NothingBaked();
  if (Buffer.byteLength(content) > largestContent)
    throw new PictureTooLarge(`content over ${largestContent} bytes`);
  return content;
}

/** Where a content stands: JSON in the body, a signature or an address in `verify`. */
function inXml(content: string, version: BakedVersion): { verify: string; body: string } {
  if (!/^\s*[[{]/.test(content)) {
    if (!isXmlText(content)) throw new CredentialNotBakeable('it holds a character that XML forbids');
    return { verify: content.trim(), body: '' };
  }
  const json = jsonOf(content) as { id?: unknown };
  const isHosted = version === 'ob2' && typeof json.id === 'string' && /^https?:/.test(json.id);
  // The same JSON value in characters that end no CDATA section and that XML allows.
  const body = content
    .replaceAll(']]>', ']]\\u003e')
    .replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
  return { verify: isHosted ? (json.id as string) : '', body };
}

function jsonOf(content: string): object {
  try {
    return JSON.parse(content) as object;
  } catch {
    throw new CredentialNotBakeable('it begins like JSON and is none');
  }
}

/** Line breaks and tabs would become spaces. */
const attributeText = (text: string): string =>
  text.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);

function without(text: string, gone: SvgElement[]): string {
  return gone.toReversed().reduce((kept, { start, end }) => kept.slice(0, start) + kept.slice(end), text);
}
