import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { type BadgePicture, badgePictureAlt, badgePictureSvg, type CompetencyArea } from './badge-picture.js';
import { badgePicturePng } from './badge-picture-png.js';
import type { BadgeFamily } from './outline.js';
import { type PictogramKey, pictogramFor, pictograms } from './pictograms.js';

const families: BadgeFamily[] = ['learner', 'peer-animator', 'professional', 'pathway'];
const areas: CompetencyArea[] = ['1', '2', '3', '4', '5'];
const subjects = Object.keys(pictograms) as PictogramKey[];

const aPicture = (given: Partial<BadgePicture> = {}): BadgePicture => ({
  family: 'learner',
  area: '3',
  pictogram: 'cv-document',
  level: 2,
  initials: 'AL',
  ...given,
});

const anyPicture: fc.Arbitrary<BadgePicture> = fc.record({
  family: fc.constantFrom(...families),
  area: fc.constantFrom(...areas),
  pictogram: fc.constantFrom(...subjects),
  level: fc.oneof(fc.constant(undefined), fc.integer(), fc.double()),
  initials: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('<&>"\'', ']]>', '\u0000'),
  ),
  title: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('<script>alert(1)</script>')), {
    nil: undefined,
  }),
  oneColour: fc.boolean(),
});

describe('badgePictureSvg', () => {
  it('gives well-formed SVG without script, event or outside address for any initials and title', () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const svg = badgePictureSvg(picture);
        expect(() => new Resvg(svg, { font: { loadSystemFonts: false } })).not.toThrow();
        const tags = [...svg.matchAll(/<\/?([a-zA-Z]+)/g)].map((match) => match[1]);
        expect(['svg', 'title', 'g', 'path', 'circle', 'rect', 'clipPath']).toEqual(
          expect.arrayContaining(tags),
        );
        expect(svg.replace(/<title>.*?<\/title>/s, '')).not.toMatch(
          /\son[a-z]+=|href|NaN|undefined|Infinity/,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same bytes for the same picture', () => {
    expect(badgePictureSvg(aPicture())).toBe(badgePictureSvg(aPicture()));
  });

  it('draws every family, area and subject differently', () => {
    const drawings = families.flatMap((family) =>
      areas.flatMap((area) =>
        subjects.map((pictogram) => badgePictureSvg(aPicture({ family, area, pictogram }))),
      ),
    );
    expect(new Set(drawings).size).toBe(families.length * areas.length * subjects.length);
  });

  it('sets no text that would need a font', () => {
    for (const family of families) expect(badgePictureSvg(aPicture({ family }))).not.toMatch(/<text|font/);
  });

  it.each([
    [undefined, 0],
    [0, 0],
    [3, 3],
    [2.9, 2],
    [-1, 0],
    [40, 8],
    [Number.NaN, 0],
  ])('puts the marks of level %p on the rim: %i', (level, count) => {
    expect(badgePictureSvg(aPicture({ level })).match(/r="8"/g)?.length ?? 0).toBe(count);
  });

  it.each(families)('keeps every mark of a %s badge inside the canvas and symmetrical', (family) => {
    const svg = badgePictureSvg(aPicture({ family, level: 8 }));
    const places = [...svg.matchAll(/cx="([-\d.]+)" cy="([-\d.]+)" r="8"/g)].map(
      ([, x, y]) => [Number(x), Number(y)] as const,
    );
    expect(places).toHaveLength(8);
    for (const [index, [x, y]] of places.entries()) {
      const [mirrorX, mirrorY] = places[7 - index]!;
      expect(x + mirrorX).toBeCloseTo(400, 1);
      expect(y).toBeCloseTo(mirrorY, 1);
      expect(Math.min(x, y)).toBeGreaterThan(10);
    }
  });

  it('keeps a title with XML specials as text for programs that read aloud', () => {
    expect(badgePictureSvg(aPicture({ title: 'Mon <CV> & "moi"\u0000' }))).toContain(
      '<title>Mon &lt;CV&gt; &amp; &quot;moi&quot;</title>',
    );
  });

  it('uses only black and white in the one-colour variant', () => {
    const colours = badgePictureSvg(aPicture({ oneColour: true })).match(/#[0-9a-f]{3,6}\b/g);
    expect(new Set(colours)).toEqual(new Set(['#000', '#fff']));
  });

  it('stays small: at most 8 kB', () => {
    for (const pictogram of subjects) {
      expect(badgePictureSvg(aPicture({ pictogram, level: 8, initials: 'SGBR' })).length).toBeLessThan(8_000);
    }
  });
});

describe('the colours of the areas', () => {
  const luminance = (hex: string): number => {
    const [r, g, b] = [1, 3, 5]
      .map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (one: string, other: string): number => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light! + 0.05) / (dark! + 0.05);
  };

  it.each(areas)('let the drawing and its accent stand out in area %s', (area) => {
    const svg = badgePictureSvg(aPicture({ area }));
    const face = /<path d="[^"]+" fill="(#[0-9a-f]{6})"/.exec(svg)![1]!;
    expect(contrast(face, '#fbf6ea')).toBeGreaterThan(6);
    expect(contrast(face, '#f5b04f')).toBeGreaterThan(3);
  });
});

describe('badgePicturePng', () => {
  it('gives a square PNG of the wanted size, 800 pixels unless told otherwise', () => {
    const png = badgePicturePng(badgePictureSvg(aPicture()));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([800, 800]);
    expect(badgePicturePng(badgePictureSvg(aPicture()), 64).readUInt32BE(16)).toBe(64);
  });

  it('is light enough to travel: under 120 kB', () => {
    for (const family of families) {
      expect(badgePicturePng(badgePictureSvg(aPicture({ family, level: 8 }))).length).toBeLessThan(120_000);
    }
  });
});

describe('badgePictureAlt', () => {
  it('says what the picture shows in both languages', () => {
    expect(badgePictureAlt(aPicture())).toEqual({
      fr: 'Insigne rond, prune : un CV. Niveau 2. Initiales AL.',
      en: 'Round badge, plum: a CV. Level 2. Initials AL.',
    });
  });

  it('keeps silent about a level or initials that are not drawn', () => {
    expect(badgePictureAlt(aPicture({ level: undefined, initials: 'ن' })).fr).toBe(
      'Insigne rond, prune : un CV.',
    );
  });
});

describe('pictogramFor', () => {
  it.each([
    ['CE-1', 'computer'],
    ['B-CE-2', 'cv-document'],
    ['B-CLIC', 'pathway'],
    ['PAIR', 'people'],
    ['B-DIAG', 'clipboard'],
    ['SOMETHING-NEW', 'book'],
  ])('knows the subject of %s', (code, key) => {
    expect(pictogramFor(code)).toBe(key);
  });
});
