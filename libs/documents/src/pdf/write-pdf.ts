import PDFDocument from 'pdfkit';
import type { Language } from '#platform';
import { type Box, type Element, extent, type Ornament, type Page, paper, type TextBox } from './boxes.js';
import { drawSvg } from './draw-svg.js';
import { qrModules } from './qr-modules.js';

export interface DocumentFacts {
  language: Language;
  title: string;
  /** Stands in the file instead of the clock's time, so that the same badge gives the same bytes. */
  date: Date;
}

/** pdfkit writes the title into XML as it stands; the document's own list of facts needs it plain. */
class XmlSafe extends String {
  override toString(): string {
    return this.valueOf().replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
  }
}

function drawText(document: PDFKit.PDFDocument, box: TextBox): void {
  const { text } = box;
  document.fillColor(box.ink);
  let top = box.y;
  for (const line of text.lines) {
    const left = box.align === 'center' ? box.x + (box.width - line.width) / 2 : box.x;
    for (const run of line.runs) {
      document.registerFont(run.font.key, run.font.source as PDFKit.Mixins.PDFFontSource);
      document.font(run.font.key).fontSize(text.size);
      document.text(run.text, left + run.x, top + line.baseline, {
        lineBreak: false,
        baseline: 'alphabetic',
        // Our fonts take the direction here (fonts.ts): pdfkit would guess it from the letters.
        features: run.direction as unknown as PDFKit.Mixins.OpenTypeFeatures[],
      });
    }
    top += line.height;
  }
}

function drawQr(document: PDFKit.PDFDocument, x: number, y: number, size: number, address: string): void {
  const { side, bars } = qrModules(address);
  document.save().rect(x, y, size, size).fill('#ffffff');
  document.translate(x, y).scale(size / side, size / side);
  for (const bar of bars) document.rect(bar.x, bar.y, bar.length, 1);
  document.fill('#000000').restore();
}

function drawBox(document: PDFKit.PDFDocument, box: Box): void {
  if (box.kind === 'text') drawText(document, box);
  else if (box.kind === 'picture') drawSvg(document, box.svg, box.x, box.y, box.size);
  else drawQr(document, box.x, box.y, box.size, box.address);
}

function drawOrnament(document: PDFKit.PDFDocument, ornament: Ornament): void {
  document.save();
  if (ornament.kind === 'line') {
    const { x1, y1, x2, y2, width, ink } = ornament;
    document.moveTo(x1, y1).lineTo(x2, y2).lineWidth(width).stroke(ink);
  } else if (ornament.kind === 'frame') {
    const { x, y, width, height, line, ink, round = 0 } = ornament;
    document.roundedRect(x, y, width, height, round).lineWidth(line).stroke(ink);
  } else {
    document.translate(ornament.x, ornament.y).scale(ornament.scale, ornament.scale);
    document
      .lineWidth(ornament.line)
      .lineCap('round')
      .lineJoin('round')
      .path(ornament.d)
      .stroke(ornament.ink);
  }
  document.restore();
}

function structure(document: PDFKit.PDFDocument, element: Element): PDFKit.PDFStructureElement {
  const { box, alt, lang } = element;
  const isMixed =
    box?.kind === 'text' && box.text.lines.some(({ runs }) => runs.some((run) => run.direction === 'rtl'));
  const actual = element.actual ?? (isMixed ? box.text.typed : undefined);
  const area = box && extent(box);
  const children = (element.children ?? []).map((child) => structure(document, child));
  const made = document.struct(
    element.role,
    {
      ...(alt !== undefined && { alt }),
      ...(actual !== undefined && { actual }),
      ...(lang !== undefined && { lang }),
      ...(area &&
        element.role === 'Figure' && { bbox: [area.x, area.y, area.x + area.width, area.y + area.height] }),
    },
    [...(box ? [() => drawBox(document, box)] : []), ...children],
  );
  return made;
}

/**
 * Writes pages as PDF 1.7, tagged for screen readers and marked as PDF/UA-1 (ISO 14289-1): language, title, structure
 * in reading order, words for figures. Fonts are embedded with the letters that are used. The same pages give the same
 * bytes.
 */
export async function writePdf(pages: Page[], facts: DocumentFacts): Promise<Buffer> {
  const title = new XmlSafe(facts.title) as unknown as string;
  const document = new PDFDocument({
    size: [paper.width, paper.height],
    margin: 0,
    font: '',
    autoFirstPage: false,
    pdfVersion: '1.7',
    subset: 'PDF/UA' as 'PDF/A-1',
    tagged: true,
    lang: facts.language,
    displayTitle: true,
    info: {
      Title: title,
      Creator: 'Insigne',
      Producer: 'Insigne',
      CreationDate: facts.date,
      ModDate: facts.date,
    },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  const root = document.struct('Document');
  document.addStructure(root);
  for (const page of pages) {
    document.addPage();
    document.markContent('Artifact', { type: 'Layout' });
    for (const ornament of page.ornaments) drawOrnament(document, ornament);
    document.endMarkedContent();
    for (const element of page.elements) root.add(structure(document, element));
  }
  root.end();
  document.end();
  await done;
  return Buffer.concat(chunks);
}
