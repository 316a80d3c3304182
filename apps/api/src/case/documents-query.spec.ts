import fc from 'fast-check';
import { documentsQuery, filterOf, linksOf, pageOf } from './documents-query.js';
import { CaseRefused } from './status-info.js';

const rows = [
  { identifier: 'a', title: 'Numérique', language: 'fr', version: '1' },
  { identifier: 'b', title: "Skills of 'today'", language: 'en', version: '2' },
  { identifier: 'c', title: 'Data', language: 'en' },
];
const found = (filter: string) => rows.filter(filterOf(filter)).map((row) => row.identifier);

describe('the query of CFDocuments', () => {
  it.each([
    ["language='en'", ['b', 'c']],
    ["title~'NUM'", ['a']],
    ["version!='1'", ['b', 'c']],
    ["version>='1' AND version<'2'", ['a']],
    ["language='fr' OR language='en' AND title='Data'", ['a', 'c']],
    ["title='Skills of \\'today\\''", ['b']],
    ["adoptionStatus='Draft'", []],
  ])('finds with %s', (filter, expected) => {
    expect(found(filter)).toEqual(expected);
  });

  it.each([
    "colour='red'",
    "title='a' title='b'",
    "title='a' AND",
    "title='a",
    'title=a',
    "title='a' XOR title='b'",
    '',
    "constructor='a'",
    Array(11).fill("title='a'").join(' AND '),
    `title='${'x'.repeat(1000)}'`,
  ])('refuses %s', (filter) => {
    expect(() => filterOf(filter)).toThrow(CaseRefused);
  });

  it('reads any text as a filter or refuses it, and never fails otherwise', () => {
    const piece = fc.constantFrom(
      'title',
      "'",
      '=',
      '!=',
      '~',
      ' AND ',
      ' OR ',
      "'x'",
      '\\',
      "title='a'",
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          try {
            for (const row of rows) expect(typeof filterOf(text)(row)).toBe('boolean');
          } catch (error) {
            expect(error).toBeInstanceOf(CaseRefused);
          }
        },
      ),
    );
  });

  it('finds any value that is quoted as the grammar says', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (title) => {
        const quoted = title.replace(/['\\]/g, (sign) => `\\${sign}`);
        expect(filterOf(`title='${quoted}'`)({ title })).toBe(true);
        expect(filterOf(`title!='${quoted}'`)({ title })).toBe(false);
      }),
    );
  });

  it('gives every row once when all its pages are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 9 }), (count, limit) => {
        const all = Array.from({ length: count }, (_, at) => ({ title: String(at) }));
        const read: unknown[] = [];
        for (let offset = 0; offset < Math.max(1, count); offset += limit) {
          const query = documentsQuery({ limit: String(limit), offset: String(offset) });
          const { page, total } = pageOf(all, query);
          expect(total).toBe(count);
          expect(linksOf('x', query, {}, total).includes('rel="next"')).toBe(offset + limit < count);
          read.push(...page);
        }
        expect(read).toEqual(all);
      }),
    );
  });

  it.each([
    { limit: '1001' },
    { limit: '-1' },
    { limit: '1e2' },
    { offset: 'x' },
    { orderBy: 'up' },
    { sort: '__proto__' },
    { fields: '' },
    { filter: ["title='a'", "title='b'"] },
  ])('refuses %j', (query) => {
    expect(() => documentsQuery(query)).toThrow(CaseRefused);
  });
});
