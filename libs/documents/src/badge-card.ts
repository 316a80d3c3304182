import { Resvg } from '@resvg/resvg-js';
import type { Language } from '#platform';
import { inks } from './pdf/boxes.js';
import type { Weight } from './text/fonts.js';
import { type SetText, setText } from './text/set-text.js';

/** What a card shows; the same specification always gives the same bytes. Nobody's name belongs on it. */
export interface BadgeCard {
  /** SVG as `badgePictureSvg` makes it. */
  picture: string;
  title: string;
  issuer: string;
  /** Host, and port where there is one, at which the badge can be checked. */
  host: string;
  language: Language;
}

/** Pixels, as sites that preview links ask for. */
export const cardSize = { width: 1200, height: 630 } as const;

const words = {
  fr: { kind: 'Badge numérique', issuedBy: 'Délivré par', check: 'À vérifier sur' },
  en: { kind: 'Digital badge', issuedBy: 'Issued by', check: 'Check it at' },
} as const;

const paper = '#fbfaf7';
const column = { left: 536, width: 592 };
const strip = 96;
const bar = cardSize.height - strip;
const room = bar - 70;
const tick = 'M-15 1L-4 12L16 -11';

/** Letters as outlines: no font is needed, and none can be missing. */
function outlines(set: SetText, x: number, top: number): string {
  let y = top;
  const lines = set.lines.map((line) => {
    const baseline = y + line.baseline;
    y += line.height;
    const indent = set.direction === 'rtl' ? set.width - line.width : 0;
    return line.runs.map((run) => {
      const scale = set.size / run.font.unitsPerEm;
      let left = 0;
      const { glyphs, positions } = run.font.shape(run.text, run.direction);
      const paths = glyphs.map((glyph, index) => {
        const { xAdvance, xOffset, yOffset } = positions[index]!;
        const place = `translate(${left + xOffset} ${yOffset})`;
        left += xAdvance;
        const d = glyph.path.toSVG();
        return d === '' ? '' : `<path transform="${place}" d="${d}"/>`;
      });
      const at = `translate(${(x + indent + run.x).toFixed(2)} ${baseline.toFixed(2)})`;
      return `<g transform="${at} scale(${scale} ${-scale})">${paths.join('')}</g>`;
    });
  });
  return lines.flat().join('');
}

const oneLine = (text: string, size: number, weight: Weight = 'regular'): SetText =>
  setText(text, { size, weight, maxWidth: column.width, maxLines: 1 });

/** In the largest size in which no word is broken and all of it is said; in the last one, cut. */
function fitted(text: string, sizes: readonly number[], maxLines: number, height: number): SetText {
  const at = (size: number): SetText =>
    setText(text, { size, weight: 'bold', maxWidth: column.width, maxLines, direction: 'auto' });
  const fits = (size: number): boolean => {
    const set = at(size);
    const isBroken = text
      .split(/\s+/)
      .some((word) => setText(word, { size, weight: 'bold', maxWidth: 1e6 }).width > column.width);
    return !set.isCut && !isBroken && set.height <= height;
  };
  return at(sizes.find(fits) ?? sizes.at(-1)!);
}

/**
 * The preview card of a badge as SVG, 1200 × 630: picture, title, issuer, where to check it. It says nothing about
 * validity, which others would keep long after it changed. What no font of ours has is left out.
 */
export function badgeCardSvg(card: BadgeCard): string {
  const { width, height } = cardSize;
  const text = words[card.language];
  const issuer = fitted(card.issuer, [38, 34, 30], 2, 130);
  const issuerHeight = issuer.lines.length === 0 ? 0 : 62 + issuer.height;
  const given = fitted(card.title, [72, 64, 56, 50, 44], 4, room - 46 - issuerHeight);
  const title = given.lines.length === 0 ? fitted(text.kind, [72, 64, 56], 2, room) : given;
  const top = (bar - 6 - (46 + title.height + issuerHeight)) / 2;
  const afterTitle = top + 46 + title.height;
  const check = oneLine(`${text.check}\u00a0`, 32);
  const host = oneLine(card.host, 32, 'bold');
  const middle = bar + strip / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    `<rect y="${bar}" width="${width}" height="${strip}" fill="${inks.accent}"/>`,
    `<rect y="${bar - 6}" width="${width}" height="6" fill="${inks.gold}"/>`,
    `<svg x="72" y="${(bar - 6 - 400) / 2}" width="400" height="400" viewBox="0 0 400 400">${card.picture}</svg>`,
    `<g fill="${inks.quiet}">${outlines(oneLine(text.kind, 32), column.left, top)}`,
    issuer.lines.length === 0 ? '' : outlines(oneLine(text.issuedBy, 30), column.left, afterTitle + 18),
    '</g>',
    `<g fill="${inks.ink}">${outlines(title, column.left, top + 46)}`,
    outlines(issuer, column.left, afterTitle + 60),
    '</g>',
    `<g fill="${paper}"><circle cx="92" cy="${middle}" r="22" fill="none" stroke="${paper}" stroke-width="4"/>`,
    `<path transform="translate(92 ${middle}) scale(0.72)" d="${tick}" fill="none" stroke="${inks.gold}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>`,
    outlines(check, 128, middle - 21),
    outlines(host, 128 + check.width, middle - 21),
    '</g></svg>',
  ].join('');
}

/** The card as PNG. */
export const badgeCardPng = (card: BadgeCard): Buffer =>
  new Resvg(badgeCardSvg(card), { font: { loadSystemFonts: false } }).render().asPng();
