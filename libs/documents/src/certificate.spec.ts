import fc from 'fast-check';
import { aCertificate } from '../../../test/support/sample-documents.js';
import { certificatePage, certificatePdf } from './certificate.js';
import { type Box, boxesOf, extent, millimetre, type Page, paper } from './pdf/boxes.js';

const edge = 12 * millimetre;

/** Nothing outside the margins, nothing upon something else. */
function expectRoomForAll(page: Page): void {
  const areas = boxesOf(page.elements).map((box) => ({ ...extent(box), box }));
  for (const { x, y, width, height } of areas) {
    expect(x).toBeGreaterThanOrEqual(edge);
    expect(y).toBeGreaterThanOrEqual(edge);
    expect(x + width).toBeLessThanOrEqual(paper.width - edge);
    expect(y + height).toBeLessThanOrEqual(paper.height - edge);
  }
  for (const [index, one] of areas.entries())
    for (const other of areas.slice(index + 1)) {
      const isApart =
        one.x + one.width <= other.x + 0.01 ||
        other.x + other.width <= one.x + 0.01 ||
        one.y + one.height <= other.y + 0.01 ||
        other.y + other.height <= one.y + 0.01;
      if (!isApart) throw new Error(`${describeBox(one.box)} lies upon ${describeBox(other.box)}`);
    }
}

const describeBox = (box: Box): string => (box.kind === 'text' ? JSON.stringify(box.text.typed) : box.kind);
const typed = (page: Page): string[] =>
  boxesOf(page.elements).flatMap((box) => (box.kind === 'text' ? [box.text.typed] : []));

const hostile = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('', 'Mot', 'Rechercher et comparer des offres d’emploi. '.repeat(9)),
  },
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'abcé سلام Жшα1٢-()'), maxLength: 260 }),
  fc.constantFrom('W'.repeat(180), 'سلام'.repeat(50), '‮abc'.repeat(40)),
);

describe('the page of a certificate', () => {
  it('holds everything inside its margins and nothing upon something else, whatever the texts', () => {
    fc.assert(
      fc.property(
        fc.record({
          title: hostile,
          learner: fc.option(hostile),
          issuer: hostile,
          skills: fc.array(hostile, { maxLength: 12 }),
          parts: fc.array(hostile, { maxLength: 6 }),
          assessment: fc.array(hostile, { maxLength: 6 }),
          levels: fc.array(fc.record({ name: hostile, gloss: hostile }), { maxLength: 8 }),
          expiresOn: fc.option(fc.constant('19 octobre 2028'), { nil: undefined }),
        }),
        (given) => expectRoomForAll(certificatePage(aCertificate(given))),
      ),
      { numRuns: 8 },
    );
  }, 120_000);

  it('says all of an ordinary badge, in both languages', () => {
    const words = typed(certificatePage(aCertificate()));
    for (const said of [
      'Amina Témoin',
      'Elle joint un fichier à un message.',
      'Vu par une personne\u00a0: une personne formée l’a vu faire.',
      'Niveau 2\u00a0: fait une action simple sans aide.',
      'badges.example.org/v/0abc-defg-hjkm',
      'Ce badge n’est pas un diplôme d’État.',
    ])
      expect(words).toContain(said);
    expect(typed(certificatePage(aCertificate({ language: 'en' })))).toContain(
      'This badge is not a State diploma.',
    );
  });

  it('says nothing of diplomas for a badge that is one, and names nobody for one shown without name', () => {
    const words = typed(certificatePage(aCertificate({ isStateDiploma: true, learner: null }))).join(' ');
    expect(words).not.toMatch(/diplôme|délivré à|Amina/);
    expect(words).toContain('sans son nom');
  });

  it('says that it cannot draw a name, and keeps the name for programs that read aloud', () => {
    const page = certificatePage(aCertificate({ learner: '王小明' }));
    expect(typed(page).join(' ')).toContain('écriture que cette feuille ne sait pas tracer');
    expect(JSON.stringify(page.elements.map(({ actual }) => actual))).toContain('王小明');
  });

  it('tells how much is left to the page when a badge says more than a page holds', () => {
    const skills = Array.from({ length: 30 }, (_, index) =>
      `${index} Rechercher et comparer des offres. `.repeat(4),
    );
    expect(typed(certificatePage(aCertificate({ skills })))).toContain(
      'La suite se lit à l’adresse ci-dessous.',
    );
  });

  it('is the same bytes for the same badge, and others for another name', async () => {
    const [one, again, other] = await Promise.all([
      certificatePdf(aCertificate()),
      certificatePdf(aCertificate()),
      certificatePdf(aCertificate({ learner: 'Lou Exemple' })),
    ]);
    expect(one.equals(again)).toBe(true);
    expect(one.equals(other)).toBe(false);
    expect(one.toString('latin1')).toContain('<pdfuaid:part>1</pdfuaid:part>');
  });
});
