import fc from 'fast-check';
import { aSheet, aSheetBadge } from '../../../test/support/sample-documents.js';
import { cvSheetPages } from './cv-sheet.js';
import { boxesOf, extent, paper } from './pdf/boxes.js';

const long = 'Rechercher, trier et comparer des offres d’emploi سلام '.repeat(6);

describe('the pages of a CV sheet', () => {
  it('keep the chosen order, each badge whole on one page with its code, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (isLong) => {
        const badges = isLong.map((yes, index) =>
          aSheetBadge({
            shortAddress: `example.org/v/${index}`,
            ...(yes && { title: long, line: long, issuer: long }),
          }),
        );
        const pages = cvSheetPages(aSheet({ badges }));
        const addresses = pages.flatMap(({ elements }) =>
          boxesOf(elements).flatMap((box) =>
            box.kind === 'text' ? (/\/v\/(\d+)$/.exec(box.text.typed)?.[1] ?? []) : [],
          ),
        );
        expect(addresses).toEqual(badges.map((_, index) => String(index)));
        for (const { elements } of pages) {
          const boxes = boxesOf(elements);
          const rows = elements.filter(({ role }) => role === 'Sect');
          expect(rows.length).toBeGreaterThan(0);
          expect(boxes.filter(({ kind }) => kind === 'qr')).toHaveLength(rows.length);
          for (const area of boxes.map(extent))
            expect(area.y + area.height).toBeLessThanOrEqual(paper.height - 40);
          const bottoms = rows.map((row) => boxesOf([row]).map(extent));
          for (const [index, row] of bottoms.entries())
            for (const next of bottoms[index + 1] ?? [])
              expect(next.y).toBeGreaterThanOrEqual(Math.max(...row.map(({ y, height }) => y + height)));
        }
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  it('are numbered when there are several, and not when there is one', () => {
    const numbers = (count: number): string[] =>
      cvSheetPages(aSheet({ badges: Array.from({ length: count }, () => aSheetBadge()) })).flatMap(
        ({ elements }) =>
          boxesOf(elements).flatMap((box) =>
            box.kind === 'text' && /^Page/.test(box.text.typed) ? [box.text.typed] : [],
          ),
      );
    expect(numbers(3)).toEqual([]);
    expect(numbers(9)).toEqual(['Page 1 sur 2', 'Page 2 sur 2']);
  });
});
