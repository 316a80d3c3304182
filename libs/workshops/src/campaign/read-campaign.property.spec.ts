import fc from 'fast-check';
import {
  listOf,
  namesIn,
  parseDate,
  readBirthYear,
  readDate,
  readDuration,
  readPresence,
  readResult,
  readTime,
  readWish,
} from './cells.js';
import { type Column, columns } from './columns.js';
import { readCampaign } from './read-campaign.js';
import { readSessionCode, sessionCodesIn } from './session-code.js';
import { aWorld, titles } from './world.spec-support.js';

const names = Object.keys(columns) as Column[];
const quotedCell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A title as somebody's spreadsheet may write it. */
const spelt = (title: string) =>
  fc
    .tuple(
      fc.constantFrom(
        (text: string) => text,
        (text: string) => text.toUpperCase(),
        (text: string) => text.toLowerCase(),
      ),
      fc.constantFrom('NFC' as const, 'NFD' as const),
      fc.constantFrom(' ', '  ', '\u00a0', '\t'),
      fc.constantFrom('', ' ', '\u00a0 '),
    )
    .map(
      ([change, form, space, around]) =>
        `${around}${change(title).normalize(form).replaceAll(' ', space)}${around}`,
    );

/** Anything a cell may hold but NUL, controls of direction and unpaired surrogates, which other tests judge. */
const cell = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((text) => text.replace(/[\0\ufeff]|\p{Cs}/gu, ''));

describe('a campaign file', () => {
  it('says the same in any order of columns, any spelling of titles and any separator', () => {
    const file = fc.shuffledSubarray(names, { minLength: names.length }).chain((order) =>
      fc.record({
        order: fc.constant(order),
        header: fc.tuple(...order.map((name) => spelt(columns[name].title))),
        separator: fc.constantFrom(';', ',', '\t'),
        end: fc.constantFrom('\n', '\r\n'),
        mark: fc.constantFrom('', '\ufeff'),
        rows: fc.array(fc.tuple(...order.map(() => cell)), { minLength: 1, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(file, ({ order, header, separator, end, mark, rows }) => {
        const lines = [header, ...rows].map((row) => row.map(quotedCell).join(separator));
        const table = readCampaign(Buffer.from(mark + lines.join(end)));
        expect(table).toMatchObject({ separator, refusal: null });
        expect(table.rows).toHaveLength(rows.length);
        for (const [i, row] of rows.entries())
          for (const [j, name] of order.entries()) expect(table.rows[i]!.cells[name]).toBe(row[j]);
      }),
      { numRuns: 40 },
    );
  });

  it('is refused without any one of its required columns, and that one is named', () => {
    const required = names.filter((name) => columns[name].required);
    fc.assert(
      fc.property(
        fc.constantFrom(...required),
        fc.shuffledSubarray(titles, { minLength: titles.length }),
        (name, order) => {
          const header = order.filter((title) => title !== columns[name].title);
          const { refusal } = readCampaign(
            Buffer.from(`${header.join(';')}\n${';'.repeat(header.length - 1)}x`),
          );
          expect(refusal).toMatchObject({ code: 'header_wrong' });
          for (const text of Object.values(refusal!.message))
            expect(text).toContain(`« ${columns[name].title} »`);
        },
      ),
    );
  });

  it('is refused with any column twice, however it is spelt the second time', () => {
    const twice = fc
      .constantFrom(...names)
      .chain((name) => fc.tuple(fc.constant(name), spelt(columns[name].title)));
    fc.assert(
      fc.property(twice, ([name, again]) => {
        const { refusal } = readCampaign(Buffer.from(`${[...titles, again].map(quotedCell).join(';')}\nx`));
        expect(refusal).toMatchObject({ code: 'header_wrong' });
        expect(refusal!.message.en).toContain(`Twice: « ${columns[name].title} »`);
      }),
    );
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const isRead = (read: object): boolean => 'value' in read || 'fault' in read;

describe('a cell', () => {
  it('of any text is read or has a fault in both languages, and never throws', () => {
    fc.assert(
      fc.property(text, (content) => {
        const reads = [
          readDate(content, '2026-11-22'),
          readTime(content),
          readDuration(content),
          readBirthYear(content, 2026),
          readPresence(content),
          readResult(content),
          readWish(content),
          readSessionCode(content, aWorld()),
        ];
        expect(reads.every(isRead)).toBe(true);
        for (const read of reads)
          if ('fault' in read)
            for (const part of [read.fault.message, read.fault.remedy])
              expect([part.fr, part.en].every(Boolean)).toBe(true);
      }),
    );
  });

  it('with a day of the calendar is that day, written the French way or the ISO way', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2026-11-22'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.boolean(), (instant, padded) => {
        const iso = instant.toISOString().slice(0, 10);
        const [year, month, date] = iso.split('-').map(Number);
        const pad = (number: number) => String(number).padStart(padded ? 2 : 1, '0');
        for (const written of [iso, `${pad(date!)}/${pad(month!)}/${year}`, ` ${iso} `])
          expect(readDate(written, '2026-11-22')).toEqual({ value: iso });
      }),
    );
  });

  it('with a day that no calendar has is never moved to another day', () => {
    const numbers = fc.tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 1900, max: 2100 }),
    );
    fc.assert(
      fc.property(numbers, ([day, month, year]) => {
        const parsed = parseDate(`${day}/${month}/${year}`);
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        const exists = month >= 1 && month <= 12 && day >= 1 && day <= last;
        expect(typeof parsed === 'object').toBe(exists);
        if (typeof parsed === 'object')
          expect(parsed.date.split('-').map(Number)).toEqual([year, month, day]);
      }),
    );
  });

  it('with a time or a duration gives the same minutes however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), (hours, minutes) => {
        const two = String(minutes).padStart(2, '0');
        const value = `${String(hours).padStart(2, '0')}:${two}`;
        for (const written of [
          `${hours}:${two}`,
          `${hours}h${two}`,
          `${hours} h ${two}`.replace(' h ', ' h'),
          `${value}:00`,
        ])
          expect([written, readTime(written)]).toEqual([written, { value }]);
        if (hours + minutes > 0)
          expect(readDuration(`${hours}h${two}`)).toEqual({ value: hours * 60 + minutes });
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 96 }), (quarters) => {
        const hours = String(quarters / 4);
        for (const written of [hours, hours.replace('.', ','), `${hours} h`, `${hours} heures`])
          expect(readDuration(written)).toEqual({ value: quarters * 15 });
      }),
    );
  });

  it('is no time after 23:59, no duration of nothing or of more than a day', () => {
    for (const time of ['24:00', '9:60', '99h', '-1:00', '9:5'])
      expect(readTime(time)).toHaveProperty('fault.code', 'time_invalid');
    for (const duration of ['0', '-2', '−2', '0h00']) expect(readDuration(duration)).toHaveProperty('fault');
    expect(readDuration('24,1')).toHaveProperty('fault.code', 'duration_too_long');
  });

  it('with several names gives each once, in their order', () => {
    const name = fc.constantFrom('Odile FICTIVE', 'Karim BÉNÉVOLE', 'Madeleine BÉNÉVOLE', 'Étienne ETTORI');
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(';', ' ; ', ', ', ' / ', ' & ', '\n', ' et '),
        (people, join) => {
          expect(namesIn(people.join(join))).toEqual([...new Set(people)]);
        },
      ),
    );
    expect(listOf(' ; ;; ', /;/)).toEqual([]);
  });
});

describe('a session’s number', () => {
  const code = fc.stringMatching(/^[A-Z][0-9]{1,3}$/);

  it('is the same in any case, with our own slug before it or not', () => {
    fc.assert(
      fc.property(code, fc.constantFrom('-', '–', '\u2011'), (number, dash) => {
        const world = aWorld();
        for (const written of [
          number,
          number.toLowerCase(),
          ` ${number} `,
          `chantier${dash}exemple${dash}${number}`,
        ])
          expect([written, readSessionCode(written, world)]).toEqual([written, { value: number }]);
      }),
    );
  });

  it('of another structure is unknown in the same words, whether that structure exists or not', () => {
    fc.assert(
      fc.property(code, (number) => {
        const world = aWorld();
        const [known, invented] = ['autre-structure', 'structure-inventee'].map((slug) =>
          readSessionCode(`${slug}-${number}`, world),
        );
        expect(known).toHaveProperty('fault.code', 'session_unknown');
        expect(invented).toEqual(known);
      }),
    );
  });

  it('that the structure has keeps its meaning, whatever words it is made of', () => {
    const session = { id: 's', code: 'AUTRE-STRUCTURE-S01' } as never;
    expect(readSessionCode('autre-structure-s01', aWorld({ sessions: [session] }))).toEqual({
      value: 'AUTRE-STRUCTURE-S01',
    });
  });

  it('is always among those that the database is asked for', () => {
    fc.assert(
      fc.property(fc.oneof(code, text), fc.constantFrom('', 'chantier-exemple-', 'x-'), (number, before) => {
        const written = `${before}${number}`;
        const read = readSessionCode(written, aWorld());
        if ('value' in read) expect(sessionCodesIn([written])).toContain(read.value);
      }),
    );
  });
});
