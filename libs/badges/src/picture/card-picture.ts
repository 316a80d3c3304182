import { Resvg } from '@resvg/resvg-js';
import type { Language } from '#platform';
import { type BadgePicture, badgePictureSvg } from './badge-picture.js';
import { inLines, settableText, textPaths, widthOf } from './text-paths.js';

/** What a card shows; the same specification always gives the same bytes. Nobody's name belongs on it. */
export interface BadgeCard {
  picture: BadgePicture;
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

const ink = '#14213d';
const quiet = '#4a5468';
const paper = '#fbfaf7';
const accent = '#0b5563';
const gold = '#f2a541';

const column = { left: 536, width: 592 };
const strip = 96;
const tick = 'M-15 1L-4 12L16 -11';

/**
 * The preview card of a badge as SVG, 1200 × 630: picture, title, issuer, where to check it. It says nothing about
 * validity, which others would keep long after it changed. Text is drawn as paths; what the letters cannot set is
 * left out.
 */
export function badgeCardSvg(card: BadgeCard): string {
  const { width, height } = cardSize;
  const text = words[card.language];
  const title = inLines(settableText(card.title, 'bold') || text.kind, {
    sizes: [72, 64, 56, 50, 44],
    maxWidth: column.width,
    maxLines: 4,
    weight: 'bold',
  });
  const issuer = settableText(card.issuer, 'bold');
  const { size: issuerSize, lines: issuerLines } =
    issuer === ''
      ? { size: 0, lines: [] }
      : inLines(issuer, { sizes: [38, 34, 30], maxWidth: column.width, maxLines: 2, weight: 'bold' });
  const titleStep = Math.round(title.size * 1.16);
  const block =
    52 + title.lines.length * titleStep + (issuerLines.length > 0 ? 66 + issuerLines.length * 44 : 0);
  const top = (height - strip - block) / 2;
  const firstTitle = top + 52 + title.size * 0.82;
  const afterTitle = firstTitle + (title.lines.length - 1) * titleStep + 66;
  const host = settableText(card.host, 'bold');
  const bar = height - strip;
  const middle = bar + strip / 2 + 11;
  const check = textPaths(text.check, 128, middle, 32, 'regular');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    `<rect y="${bar}" width="${width}" height="${strip}" fill="${accent}"/>`,
    `<rect y="${bar - 6}" width="${width}" height="6" fill="${gold}"/>`,
    `<svg x="72" y="${(bar - 6 - 400) / 2}" width="400" height="400" viewBox="0 0 400 400">${badgePictureSvg(card.picture)}</svg>`,
    `<g fill="${quiet}">${textPaths(text.kind, column.left, top + 30, 32, 'regular')}</g>`,
    `<g fill="${ink}">`,
    ...title.lines.map((line, index) =>
      textPaths(line, column.left, firstTitle + index * titleStep, title.size, 'bold'),
    ),
    '</g>',
    issuerLines.length === 0
      ? ''
      : `<g fill="${quiet}">${textPaths(text.issuedBy, column.left, afterTitle - 4, 30, 'regular')}</g>`,
    `<g fill="${ink}">`,
    ...issuerLines.map((line, index) =>
      textPaths(line, column.left, afterTitle + 40 + index * 44, issuerSize, 'bold'),
    ),
    '</g>',
    `<g fill="${paper}"><circle cx="92" cy="${bar + strip / 2}" r="22" fill="none" stroke="${paper}" stroke-width="4"/>`,
    `<path transform="translate(92 ${bar + strip / 2}) scale(0.72)" d="${tick}" fill="none" stroke="${gold}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>`,
    check,
    textPaths(host, 128 + widthOf(`${text.check}\u00a0`, 32, 'regular'), middle, 32, 'bold'),
    '</g></svg>',
  ].join('');
}

/** The card as PNG. */
export const badgeCardPng = (card: BadgeCard): Buffer =>
  new Resvg(badgeCardSvg(card), { font: { loadSystemFonts: false } }).render().asPng();
