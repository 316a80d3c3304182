import { InvalidFrameworkFile } from '../refusals.js';
import { crosswalkDocument, crosswalkFromCsv } from './crosswalk-document.js';

const head =
  'origin_framework,origin_code,kind,destination_framework,destination_code,destination_uri,destination_title,note,stated_by,stated_on,source';
const row = 'crcn,1.1,isRelatedTo,digcomp-3.0,1.1,,,,Groupe d’exemple,2026-05-04,Note de travail';
const read = (...lines: string[]) => crosswalkFromCsv(Buffer.from(lines.join('\n')), 'liens.csv');

function refusal(run: () => unknown): InvalidFrameworkFile {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidFrameworkFile) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a crosswalk as CSV', () => {
  it('is read as the document it stands for', () => {
    expect(read(`\ufeff${head}`, row)).toEqual([
      {
        format: 'crosswalk/1',
        statedBy: 'Groupe d’exemple',
        statedOn: '2026-05-04',
        source: 'Note de travail',
        matches: [
          {
            origin: { framework: 'crcn', code: '1.1' },
            kind: 'isRelatedTo',
            destination: { framework: 'digcomp-3.0', code: '1.1' },
          },
        ],
      },
    ]);
  });

  it('is read with semicolons, and quoted cells keep theirs', () => {
    const [document] = read(
      head.replaceAll(',', ';'),
      row.replaceAll(',', ';').replace(';;;;', ';;;"a; b";'),
    );
    expect(document!.matches[0]!.note).toBe('a; b');
  });

  it('names a competency elsewhere by address and title', () => {
    const [document] = read(
      head,
      'crcn,1.1,exactMatchOf,,,https://ailleurs.example/1,Chercher,,A,2026-05-04,S',
    );
    expect(document!.matches[0]!.destination).toEqual({
      uri: 'https://ailleurs.example/1',
      title: 'Chercher',
    });
  });

  it('gives one document for each source and day', () => {
    const other = row.replace('2026-05-04', '2026-06-01');
    expect(read(head, row, other, row).map((one) => one.matches.length)).toEqual([2, 1]);
  });

  it.each([
    ['an unknown kind', row.replace('isRelatedTo', 'likes'), 'line 2, kind'],
    ['a tree, which is the framework’s own', row.replace('isRelatedTo', 'isChildOf'), 'line 2, kind'],
    ['a framework without a code', row.replace('digcomp-3.0,1.1', 'digcomp-3.0,'), 'line 2, destination'],
    [
      'an address without a title',
      row.replace('digcomp-3.0,1.1,', ',,https://a.example'),
      'line 2, destination',
    ],
    ['an address that runs', row.replace('digcomp-3.0,1.1,,', ',,javascript:1,t'), 'line 2, destination_uri'],
    ['a day that is none', row.replace('2026-05-04', '2026-02-30'), 'line 2, stated_on'],
    ['nobody who says so', row.replace('Groupe d’exemple', ''), 'line 2, stated_by'],
  ])('is refused for %s, at its line and column', (_, line, path) => {
    expect(refusal(() => read(head, line)).faults.map((fault) => fault.path)).toContain(path);
  });

  it.each([
    ['an unknown column', [`${head},colour`, `${row},red`], 'has an unknown column "colour"'],
    ['a column twice', [`${head},note`, `${row},x`], 'has the column note twice'],
    ['a missing column', ['kind', 'exactMatchOf'], 'lacks the column stated_by'],
    ['no row', [head], 'there is no match'],
    ['an open quotation mark', [head, `"${row}`], 'is not CSV'],
    ['a row that is too short', [head, 'crcn,1.1'], 'is not CSV'],
  ])('is refused for %s', (_, lines, message) => {
    expect(refusal(() => read(...lines)).message).toContain(message);
  });

  it('is refused when it is not UTF-8', () => {
    expect(refusal(() => crosswalkFromCsv(Buffer.from([0xe9, 0x2c]), 'x')).message).toContain('not UTF-8');
  });
});

describe('a crosswalk as JSON', () => {
  it.each([
    [null],
    [{}],
    [{ format: 'crosswalk/1', statedBy: 'a', statedOn: '2026-01-01', source: 's', matches: [] }],
  ])('is refused when it is %j', (value) => {
    expect(refusal(() => crosswalkDocument(value, 'x')).faults.length).toBeGreaterThan(0);
  });
});
