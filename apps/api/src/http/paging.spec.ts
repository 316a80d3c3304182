import fc from 'fast-check';
import { type CursorKey, keyAfter, type Page, pageOf } from './paging.js';

describe('pages', () => {
  it('come back from their cursor with the same key, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, number) => {
        const page = pageOf(
          [
            { text, number },
            { text: 'next', number: 0 },
          ],
          1,
          (row) => [row.text, row.number],
        );
        expect(keyAfter(page.next!, ['string', 'number'])).toEqual([text, number]);
      }),
    );
  });

  it('read a list of any length in any step, each row once and in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }), (length, limit) => {
        const all = Array.from({ length }, (_, at) => at);
        const read: number[] = [];
        let after: string | undefined;
        do {
          const [last]: CursorKey = keyAfter(after, ['number']) ?? [-1];
          const rows: number[] = all.filter((row) => row > Number(last)).slice(0, limit + 1);
          const page: Page<number> = pageOf(rows, limit, (row) => [row]);
          read.push(...page.items);
          after = page.next ?? undefined;
        } while (after);
        expect(read).toEqual(all);
      }),
    );
  });

  it('refuse any other text as a cursor', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(() => keyAfter(text, ['string', 'number', 'string'])).toThrow('must be a cursor');
      }),
    );
  });
});
