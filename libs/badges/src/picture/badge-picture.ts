import { type Text } from '#platform';
import { foldedInitials, lettering } from './lettering.js';
import { type BadgeFamily, edgeLine, outlineOf } from './outline.js';
import { type PictogramKey, pictograms } from './pictograms.js';

/** The five areas of CRCN and of DigComp: information, communication, creation, safety, environment or problems. */
export type CompetencyArea = '1' | '2' | '3' | '4' | '5';

/** What a badge picture shows; the same specification always gives the same bytes. */
export interface BadgePicture {
  family: BadgeFamily;
  area: CompetencyArea;
  pictogram: PictogramKey;
  /** Marks on the rim, 0 to 8; none when absent. */
  level?: number;
  /** Initials of the issuer; letters that the picture cannot set are left out. */
  initials: string;
  /** Title for programs that read the picture aloud; never drawn. */
  title?: string;
  /** Black lines on white, for a printer without colour. */
  oneColour?: boolean;
}

interface Inks {
  face: string;
  rim: string;
  line: string;
  drawing: string;
  accent: string;
  mark: string;
  plate: string;
  letter: string;
  engraving: string;
}

const cream = '#fbf6ea';
const gold = '#f5b04f';
const hues: Readonly<Record<CompetencyArea, { face: string; rim: string; engraving: string }>> = {
  '1': { face: '#244a86', rim: '#14305e', engraving: '#3a62a3' },
  '2': { face: '#0d6067', rim: '#063f45', engraving: '#237981' },
  '3': { face: '#75295f', rim: '#4f163f', engraving: '#8f4179' },
  '4': { face: '#2f6136', rim: '#1b4222', engraving: '#47794e' },
  '5': { face: '#8c4115', rim: '#612a08', engraving: '#a5592d' },
};

const inksOf = (area: CompetencyArea): Inks => ({
  ...hues[area],
  line: cream,
  drawing: cream,
  accent: gold,
  mark: gold,
  plate: cream,
  letter: hues[area].rim,
});

const oneInk: Inks = {
  face: '#fff',
  rim: '#fff',
  line: '#000',
  drawing: '#000',
  accent: '#000',
  mark: '#000',
  plate: '#fff',
  letter: '#000',
  engraving: 'none',
};

/** Text for an XML element: no character that XML 1.0 forbids, specials escaped. */
function xmlText(text: string): string {
  const allowed = [...text].filter((character) =>
    /[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(character),
  );
  const specials: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return allowed.join('').replace(/[&<>"']/g, (character) => specials[character]!);
}

/** Marks shown for a level: whole, 0 to 8. */
const marksFor = (level: number | undefined): number => Math.max(0, Math.min(8, Math.trunc(level ?? 0) || 0));

function marks(picture: BadgePicture, ink: Inks): string {
  const count = marksFor(picture.level);
  const { mark } = outlineOf(picture.family);
  const dots = Array.from({ length: count }, (_, index) => {
    const [x, y] = mark(index - (count - 1) / 2);
    return `<circle cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="8"/>`;
  });
  return dots.length === 0 ? '' : `<g fill="${ink.mark}">${dots.join('')}</g>`;
}

function plate(picture: BadgePicture, ink: Inks): string {
  const y = outlineOf(picture.family).plateY;
  const text = foldedInitials(picture.initials);
  const { markup, width } = lettering(text, 200, y, 46, 128);
  const half = Math.max(46, width / 2 + 24);
  const box = `<rect x="${(200 - half).toFixed(2)}" y="${y - 30}" width="${(half * 2).toFixed(2)}" height="60" rx="14" fill="${ink.plate}" stroke="${picture.oneColour ? ink.line : ink.rim}" stroke-width="6"/>`;
  const ornament = `<path d="M176 ${y}l10 -10l10 10l-10 10ZM204 ${y}l10 -10l10 10l-10 10Z"/>`;
  return `${box}<g fill="${ink.letter}">${markup || ornament}</g>`;
}

/**
 * The picture of a badge as an SVG document of 400 × 400 units: outline by family, colour by competency area,
 * pictogram by subject, marks on the rim by level, the issuer's initials on a plate. Text is drawn as paths,
 * so no font is needed; the same specification gives the same bytes on every machine.
 */
export function badgePictureSvg(picture: BadgePicture): string {
  const ink = picture.oneColour ? oneInk : inksOf(picture.area);
  const outline = outlineOf(picture.family);
  const drawing = pictograms[picture.pictogram];
  const clip = `insigne-${picture.family}`;
  // Strokes clipped to the outline: half of each is seen, so every line follows the edge at the same distance.
  const edge = (depth: number, colour: string, more = ''): string =>
    `<path d="${outline.path}" fill="none" stroke="${colour}" stroke-width="${depth * 2}"${more}/>`;
  const { x, y, scale } = outline.pictogram;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">`,
    picture.title === undefined ? '' : `<title>${xmlText(picture.title)}</title>`,
    `<clipPath id="${clip}"><path d="${outline.path}"/></clipPath>`,
    `<g clip-path="url(#${clip})"><path d="${outline.path}" fill="${ink.face}"/>`,
    picture.oneColour ? '' : edge(outline.rim + 17, ink.engraving, ' stroke-dasharray="2 7"'),
    picture.oneColour ? '' : edge(outline.rim + 9, ink.face),
    edge(outline.rim + 5, ink.line),
    edge(outline.rim, ink.rim),
    picture.oneColour ? edge(5, ink.line) : `${edge(edgeLine, ink.line)}${edge(3, ink.rim)}`,
    '</g>',
    marks(picture, ink),
    `<g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke-width="8" stroke-linecap="round" stroke-linejoin="round">`,
    `<path stroke="${ink.drawing}" d="${drawing.main}"/><path stroke="${ink.accent}" d="${drawing.accent}"/></g>`,
    plate(picture, ink),
    '</svg>',
  ].join('');
}

const shapes: Readonly<Record<BadgeFamily, Required<Text>>> = {
  learner: { fr: 'Insigne rond', en: 'Round badge' },
  'peer-animator': { fr: 'Insigne à six côtés', en: 'Six-sided badge' },
  professional: { fr: 'Insigne en forme de bouclier', en: 'Shield-shaped badge' },
  pathway: { fr: 'Insigne en forme d’étoile', en: 'Star-shaped badge' },
};

const colours: Readonly<Record<CompetencyArea, Required<Text>>> = {
  '1': { fr: 'bleu', en: 'blue' },
  '2': { fr: 'pétrole', en: 'petrol' },
  '3': { fr: 'prune', en: 'plum' },
  '4': { fr: 'vert', en: 'green' },
  '5': { fr: 'brun', en: 'brown' },
};

const subjects: Readonly<Record<PictogramKey, Required<Text>>> = {
  computer: { fr: 'un ordinateur', en: 'a computer' },
  'cv-document': { fr: 'un CV', en: 'a CV' },
  message: { fr: 'une enveloppe', en: 'an envelope' },
  'job-search': { fr: 'une loupe sur une mallette', en: 'a magnifier over a briefcase' },
  reputation: { fr: 'un œil dans un bouclier', en: 'an eye in a shield' },
  smartphone: { fr: 'un téléphone', en: 'a telephone' },
  calendar: { fr: 'un calendrier coché', en: 'a ticked calendar' },
  pathway: { fr: 'un escalier avec un drapeau', en: 'stairs with a flag' },
  people: { fr: 'deux personnes qui parlent', en: 'two people talking' },
  clipboard: { fr: 'une liste cochée', en: 'a ticked list' },
  book: { fr: 'un livre ouvert', en: 'an open book' },
};

/** What the picture shows, in a sentence, for people who don't see it. */
export function badgePictureAlt(picture: BadgePicture): Required<Text> {
  const initials = foldedInitials(picture.initials);
  const level = marksFor(picture.level);
  const sentence = (language: 'fr' | 'en', levelWord: string, initialsWord: string): string =>
    [
      `${shapes[picture.family][language]}, ${colours[picture.area][language]} : ${subjects[picture.pictogram][language]}.`,
      level > 0 ? ` ${levelWord} ${level}.` : '',
      initials === '' ? '' : ` ${initialsWord} ${initials}.`,
    ].join('');
  return {
    fr: sentence('fr', 'Niveau', 'Initiales'),
    en: sentence('en', 'Level', 'Initials').replace(' : ', ': '),
  };
}
