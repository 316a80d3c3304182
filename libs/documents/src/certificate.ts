import type { Certificate } from './certificate-content.js';
import { foot } from './certificate-foot.js';
import { column, type Fit, fits, frame, margin } from './certificate-layout.js';
import { boxesOf, type Element, extent, inks, type Page, paper } from './pdf/boxes.js';
import { Stack } from './pdf/stack.js';
import { writePdf } from './pdf/write-pdf.js';
import { setText } from './text/set-text.js';
import { documentTexts, filled, isolated } from './texts.js';

const tick = 'M0 4.2L3.2 7.4L9 0.6';

/** A name that no font of ours has is said to be so, never drawn as empty boxes. */
function nameOf(stack: Stack, certificate: Certificate): Element[] {
  const words = documentTexts(certificate.language);
  const { learner } = certificate;
  const quiet = { size: 12.5, ink: inks.quiet, align: 'center' as const, isBalanced: true };
  if (learner === null) return [stack.text('P', words.unnamed, quiet)];
  const big = {
    size: 33,
    weight: 'bold' as const,
    direction: 'auto' as const,
    align: 'center' as const,
    isBalanced: true,
    maxLines: 3,
  };
  const awarded = stack.text('P', words.awardedTo, quiet);
  stack.gap(2);
  const { lost } = setText(learner, { size: 33, weight: 'bold', maxWidth: stack.column.width });
  if (lost > 0)
    return [
      awarded,
      stack.text('P', words.unwritable, { ...quiet, weight: 'bold', ink: inks.ink, actual: learner }),
    ];
  const longest = Math.max(...learner.split(/\s+/).map((word) => word.length));
  const size = learner.length > 60 || longest > 24 ? 20 : learner.length > 34 ? 26 : 33;
  return [awarded, stack.text('P', learner, { ...big, size })];
}

function statements(stack: Stack, texts: string[], fit: Fit, more: string, isTicked: boolean): Element[] {
  const shown = texts.slice(0, fit.statements);
  const items = shown.map((text): Element => {
    if (isTicked)
      stack.ornaments.push({
        kind: 'path',
        x: stack.column.x + 1,
        y: stack.y + 4 * fit.scale,
        scale: fit.scale,
        d: tick,
        line: 2,
        ink: inks.accent,
      });
    const body = stack.text('LBody', text, {
      size: 12,
      maxLines: fit.lines,
      indent: isTicked ? 18 * fit.scale : 0,
    });
    stack.gap(2.5);
    return { role: 'LI', children: [body] };
  });
  const list: Element = { role: 'L', children: items };
  return shown.length === texts.length
    ? [list]
    : [list, stack.text('P', more, { size: 10.5, ink: inks.quiet })];
}

function section(stack: Stack, title: string, content: () => Element[]): void {
  const heading = stack.text('H2', title, { size: 13, weight: 'bold', ink: inks.accent });
  stack.gap(3);
  stack.add({ role: 'Sect', children: [heading, ...content()] });
}

function levelsOf(stack: Stack, certificate: Certificate, fit: Fit, more: string): Element[] {
  const shown = certificate.levels.slice(0, fit.statements);
  const items = shown.map(({ name, gloss }): Element => {
    const parts = [stack.text('LBody', name, { size: 12, weight: 'bold', maxLines: fit.lines })];
    if (gloss) parts.push(stack.text('LBody', gloss, { size: 12, maxLines: fit.lines }));
    stack.gap(2.5);
    return { role: 'LI', children: parts };
  });
  const list: Element = { role: 'L', children: items };
  return shown.length === certificate.levels.length
    ? [list]
    : [list, stack.text('P', more, { size: 10.5, ink: inks.quiet })];
}

function body(certificate: Certificate, fit: Fit, spare: number): Stack {
  const words = documentTexts(certificate.language);
  const { scale } = fit;
  const stack = new Stack(margin.top, column, scale);
  const centred = { align: 'center' as const, isBalanced: true };
  const picture: Element = {
    role: 'Figure',
    alt: filled(words.pictureAlt, { alt: certificate.picture.alt }),
    box: {
      kind: 'picture',
      x: (paper.width - fit.picture) / 2,
      y: stack.y,
      size: fit.picture,
      svg: certificate.picture.svg,
    },
  };
  stack.y += fit.picture + spare;
  stack.gap(10);
  const kind = stack.text('P', words.certificate, {
    size: 12.5,
    ink: inks.accent,
    weight: 'bold',
    ...centred,
  });
  stack.gap(2);
  const titleSize = certificate.title.length > 90 ? 18 : certificate.title.length > 45 ? 22 : 26;
  const title = stack.text('H1', certificate.title, {
    size: titleSize,
    weight: 'bold',
    maxLines: 4,
    ...centred,
  });
  stack.y += spare;
  stack.gap(6);
  const name = nameOf(stack, certificate);
  stack.gap(4);
  const issued = filled(certificate.learner === null ? words.issuedUnnamed : words.issued, {
    issuer: isolated(certificate.issuer),
    date: certificate.issuedOn.replaceAll(' ', '\u00a0'),
  });
  const by = stack.text('P', issued, { size: 12.5, maxLines: 4, ...centred });
  stack.gap(10);
  stack.y += spare;
  const middle = paper.width / 2;
  stack.ornaments.push({
    kind: 'line',
    x1: middle - 42,
    x2: middle + 42,
    y1: stack.y,
    y2: stack.y,
    width: 2.4,
    ink: inks.gold,
  });
  stack.gap(14);
  stack.y += spare;
  stack.add(title, kind, picture, ...name, by);
  const sections: [string, (() => Element[]) | undefined][] = [
    [
      words.skills,
      certificate.skills.length > 0
        ? () => statements(stack, certificate.skills, fit, words.more, true)
        : undefined,
    ],
    [
      words.parts,
      certificate.parts.length > 0
        ? () => statements(stack, certificate.parts, fit, words.more, true)
        : undefined,
    ],
    [
      words.assessment,
      certificate.assessment.length > 0
        ? () => statements(stack, certificate.assessment, fit, words.more, false)
        : undefined,
    ],
    [
      words.levels,
      certificate.levels.length > 0 ? () => levelsOf(stack, certificate, fit, words.more) : undefined,
    ],
  ];
  for (const [heading, content] of sections)
    if (content) {
      section(stack, heading, content);
      stack.gap(8);
      stack.y += spare;
    }
  return stack;
}

/** The page of a certificate: the most generous setting in which all of it fits; there is always one page. */
export function certificatePage(certificate: Certificate): Page {
  const below = foot(certificate);
  const room = (stack: Stack): number =>
    below.top - Math.max(...boxesOf(stack.elements).map((box) => extent(box).y + extent(box).height));
  const fit = fits.find((one) => room(body(certificate, one, 0)) >= 0) ?? fits.at(-1)!;
  const left = room(body(certificate, fit, 0));
  const stack = body(certificate, fit, Math.min(14, Math.max(0, left) / 9));
  const edge = { x: frame, y: frame, width: paper.width - 2 * frame, height: paper.height - 2 * frame };
  return {
    elements: [...stack.elements, ...below.elements],
    ornaments: [
      { kind: 'frame', ...edge, line: 1.6, ink: inks.accent, round: 10 },
      {
        kind: 'frame',
        x: edge.x + 4.5,
        y: edge.y + 4.5,
        width: edge.width - 9,
        height: edge.height - 9,
        line: 0.7,
        ink: inks.gold,
        round: 7,
      },
      ...stack.ornaments,
      ...below.ornaments,
    ],
  };
}

/**
 * A badge as one page of A4 to hand in or to hang up, as PDF. It says what the badge said when it was signed; whether it
 * still counts only its page says, and the certificate tells so.
 */
export const certificatePdf = (certificate: Certificate): Promise<Buffer> =>
  writePdf([certificatePage(certificate)], {
    language: certificate.language,
    title: filled(documentTexts(certificate.language).title, { badge: certificate.title }),
    date: certificate.signedAt,
  });
