import type { Language } from '#platform';
import { type Element, inks, millimetre, type Ornament, type Page, paper } from './pdf/boxes.js';
import { Stack } from './pdf/stack.js';
import { writePdf } from './pdf/write-pdf.js';
import { setText } from './text/set-text.js';
import { documentTexts, filled, isolated } from './texts.js';

/** One badge on the sheet. */
export interface SheetBadge {
  title: string;
  picture: { svg: string; alt: string };
  /** What it says, in a sentence. */
  line: string;
  issuer: string;
  /** The day of the award in words. */
  issuedOn: string;
  /** Address of the badge's page. */
  address: string;
  /** The same page, short enough for a hand; without 'https://'. */
  shortAddress: string;
}

/** The chosen badges of one person, in the chosen order. */
export interface CvSheet {
  language: Language;
  /** Null leaves the name out. */
  learner: string | null;
  badges: SheetBadge[];
  /** Of the file: when the youngest badge was signed. */
  date: Date;
}

const margin = { side: 52, top: 52, bottom: 46 };
const column = { x: margin.side, width: paper.width - 2 * margin.side };
const pictureSize = 68;
const qrSize = 27 * millimetre;
const between = 20;
const textColumn = {
  x: column.x + pictureSize + 18,
  width: column.width - pictureSize - 18 - qrSize - 14,
};
const floor = paper.height - margin.bottom - 30;

function head(sheet: CvSheet): { bottom: number; elements: Element[]; ornaments: Ornament[] } {
  const words = documentTexts(sheet.language);
  const stack = new Stack(margin.top, column);
  const { learner } = sheet;
  const isDrawable =
    learner !== null && setText(learner, { size: 26, weight: 'bold', maxWidth: 1 }).lost === 0;
  if (isDrawable) {
    const kind = stack.text('P', words.sheetOf, { size: 13, weight: 'bold', ink: inks.accent });
    const size = learner.length > 40 ? 20 : 27;
    stack.add(kind, stack.text('H1', learner, { size, weight: 'bold', maxLines: 3, direction: 'auto' }));
  } else {
    stack.add(stack.text('H1', words.sheet, { size: 27, weight: 'bold' }));
    if (learner !== null)
      stack.add(stack.text('P', words.unwritable, { size: 11, weight: 'bold', actual: learner }));
  }
  stack.gap(4);
  stack.add(stack.text('P', `${words.sheetIntro} ${words.sheetHow}`, { size: 10.5, ink: inks.quiet }));
  stack.gap(10);
  stack.ornaments.push({
    kind: 'line',
    x1: column.x,
    x2: column.x + 84,
    y1: stack.y,
    y2: stack.y,
    width: 2.4,
    ink: inks.gold,
  });
  return { bottom: stack.y + 18, elements: stack.elements, ornaments: stack.ornaments };
}

/** A badge as a row: picture, words, code. */
function row(sheet: CvSheet, badge: SheetBadge, top: number): { bottom: number; element: Element } {
  const words = documentTexts(sheet.language);
  const write = (y: number): Stack => {
    const stack = new Stack(y, textColumn);
    stack.add(stack.text('H2', badge.title, { size: 13, weight: 'bold', maxLines: 3 }));
    stack.gap(1);
    if (badge.line !== '') stack.add(stack.text('P', badge.line, { size: 10.5, maxLines: 2 }));
    const issued = filled(words.sheetIssued, {
      issuer: isolated(badge.issuer),
      date: badge.issuedOn.replaceAll(' ', '\u00a0'),
    });
    stack.add(stack.text('P', issued, { size: 10.5, maxLines: 2, ink: inks.quiet }));
    stack.gap(1);
    stack.add(stack.text('P', badge.shortAddress, { size: 12, weight: 'bold', ink: inks.accent }));
    return stack;
  };
  const height = Math.max(write(0).y, qrSize);
  const stack = write(top + (height - write(0).y) / 2);
  const [title, ...rest] = stack.elements;
  const picture: Element = {
    role: 'Figure',
    alt: filled(words.pictureAlt, { alt: badge.picture.alt }),
    box: {
      kind: 'picture',
      x: column.x,
      y: top + (height - pictureSize) / 2,
      size: pictureSize,
      svg: badge.picture.svg,
    },
  };
  const code: Element = {
    role: 'Figure',
    alt: filled(words.qrAlt, { address: badge.address }),
    box: {
      kind: 'qr',
      x: column.x + column.width - qrSize,
      y: top + (height - qrSize) / 2,
      size: qrSize,
      address: badge.address,
    },
  };
  return { bottom: top + height, element: { role: 'Sect', children: [title!, picture, ...rest, code] } };
}

function numbered(pages: Page[], language: Language): Page[] {
  if (pages.length === 1) return pages;
  const { pageOf } = documentTexts(language);
  return pages.map((page, index) => {
    const stack = new Stack(paper.height - margin.bottom - 14, column);
    const text = filled(pageOf, { page: String(index + 1), count: String(pages.length) });
    return {
      ...page,
      elements: [...page.elements, stack.text('P', text, { size: 10, ink: inks.quiet, align: 'center' })],
    };
  });
}

/** The pages of a sheet: no badge is cut by the end of a page. */
export function cvSheetPages(sheet: CvSheet): Page[] {
  const { bottom, elements, ornaments } = head(sheet);
  const pages: Page[] = [{ elements: [...elements], ornaments: [...ornaments] }];
  let y = bottom;
  let isFirst = true;
  for (const badge of sheet.badges) {
    let made = row(sheet, badge, y);
    if (made.bottom > floor && !isFirst) {
      pages.push({ elements: [], ornaments: [] });
      isFirst = true;
      made = row(sheet, badge, margin.top);
    } else if (!isFirst) {
      const line = y - between / 2;
      pages.at(-1)!.ornaments.push({
        kind: 'line',
        x1: column.x,
        x2: column.x + column.width,
        y1: line,
        y2: line,
        width: 0.6,
        ink: inks.line,
      });
    }
    pages.at(-1)!.elements.push(made.element);
    y = made.bottom + between;
    isFirst = false;
  }
  return numbered(pages, sheet.language);
}

/** The chosen badges of one person as PDF, to go with a CV: A4, as many pages as it takes. */
export function cvSheetPdf(sheet: CvSheet): Promise<Buffer> {
  const words = documentTexts(sheet.language);
  return writePdf(cvSheetPages(sheet), {
    language: sheet.language,
    title: sheet.learner === null ? words.sheet : filled(words.sheetTitle, { name: sheet.learner }),
    date: sheet.date,
  });
}
