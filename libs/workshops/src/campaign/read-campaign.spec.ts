import fc from 'fast-check';
import { campaignLimits, readCampaign } from './read-campaign.js';
import { aFile, titles } from './world.spec-support.js';

const refusalOf = (bytes: Buffer | string) => readCampaign(Buffer.from(bytes as string)).refusal;

describe('reading a campaign file', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), 'file_empty'],
    ['blank lines only', Buffer.from('\r\n \r\n'), 'file_empty'],
    ['a workbook', Buffer.from('504b030414000600', 'hex'), 'file_is_spreadsheet'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'file_is_spreadsheet'],
    ['6 MB', Buffer.alloc(6 * 1024 * 1024, 'a'), 'file_too_large'],
    ['100 MB', Buffer.alloc(100 * 1024 * 1024), 'file_too_large'],
    ['5 MB of line ends', Buffer.concat([aFile([]), Buffer.alloc(5_200_000, '\n')]), 'file_too_many_rows'],
    [
      '5 MB of separators',
      Buffer.concat([aFile([{}]), Buffer.alloc(5_200_000, ';\n')]),
      'file_too_many_rows',
    ],
    ['19 990 blank lines', Buffer.concat([aFile([]), Buffer.alloc(19_990, '\n')]), 'file_without_rows'],
    ['UTF-16', Buffer.from(`\ufeff${titles.join(';')}`, 'utf16le'), 'file_not_utf8'],
    ['Windows-1252 with right titles', Buffer.from(titles.join(';'), 'latin1'), 'file_not_utf8'],
    ['a NUL', Buffer.from(`${titles.join(';')}\nS01\0`), 'file_not_text'],
    [
      'other text',
      Buffer.from('Bonjour, ceci est une lettre.\nElle a deux lignes.'),
      'header_not_recognised',
    ],
    ['JSON', Buffer.from('{"a": [1, 2]}'), 'header_not_recognised'],
    [
      'a missing title',
      aFile(
        [{}],
        titles.filter((title) => title !== 'Date'),
      ),
      'header_wrong',
    ],
    ['a title twice', aFile([{}], [...titles, 'Nom']), 'header_wrong'],
    ['no rows', aFile([]), 'file_without_rows'],
    [
      'too many rows',
      aFile(Array.from({ length: campaignLimits.rows + 1 }, () => ({}))),
      'file_too_many_rows',
    ],
  ])('refuses %s with one message in both languages', (_, bytes, code) => {
    const refusal = refusalOf(bytes);
    expect(refusal).toMatchObject({ code, severity: 'reject' });
    for (const text of [refusal!.message, refusal!.remedy])
      expect([text.fr, text.en].every(Boolean)).toBe(true);
  });

  it('names what the header line lacks, repeats and does not mean', () => {
    const { message } = refusalOf(
      aFile([{}], [...titles.filter((title) => title !== 'Date'), 'Nom', 'Âge']),
    )!;
    expect(message.fr).toContain('Il manque : « Date ». En double : « Nom ». Non reconnu : « Âge ».');
  });

  it('reads 5 000 rows', () => {
    const table = readCampaign(aFile(Array.from({ length: campaignLimits.rows }, () => ({}))));
    expect([table.rows.length, table.refusal]).toEqual([5_000, null]);
  });

  it('reads titles in any order, case, spacing, accents and apostrophes', () => {
    const header = [...titles].reverse().map((title) => `  ${title.toUpperCase().normalize('NFD')} `);
    const table = readCampaign(
      Buffer.from(`${header.join(';')}\n${header.map((_, i) => `c${i}`).join(';')}`),
    );
    expect(table.rows[0]!.cells).toMatchObject({
      observations: 'c0',
      session: 'c24',
      phone: 'c11',
      lead: 'c18',
    });
    const plain =
      'no seance;atelier;date;nom;prenom;annee de naissance;presence;competence evaluee;resultat;evalue par';
    expect(readCampaign(Buffer.from(`${plain}\nS01`)).refusal).toBeNull();
  });

  it.each([
    [';', 'semicolons'],
    [',', 'commas'],
    ['\t', 'tabs'],
  ])('finds the separator %j (%s) from the header line', (separator) => {
    const line = (cells: string[]) => cells.map((cell) => `"${cell}"`).join(separator);
    const table = readCampaign(Buffer.from(`\ufeff${line(titles)}\n${line(titles.map(() => 'a;b,c'))}\n`));
    expect(table).toMatchObject({ separator, refusal: null });
    expect(table.rows[0]!.cells.observations).toBe('a;b,c');
  });

  it.each(['\r\n', '\n', '\r'])('knows the line where each row starts with line ends %j', (end) => {
    const row = `S01${';'.repeat(24)}`;
    const text = [titles.join(';'), row, '', row, `${row}"two${end}lines"`, row].join(end);
    expect(readCampaign(Buffer.from(text)).rows.map(({ row: number, line }) => [number, line])).toEqual([
      [1, 2],
      [2, 4],
      [3, 5],
      [4, 7],
    ]);
  });

  it('refuses the file at a misplaced quotation mark, names its line, and still reads the rows before', () => {
    const row = `S01${';'.repeat(24)}`;
    const table = readCampaign(Buffer.from([titles.join(';'), row, `${row}"a"b`, row].join('\n')));
    expect(table.refusal).toMatchObject({
      code: 'quote_misplaced',
      message: { fr: expect.stringContaining('Ligne 3') },
    });
    expect(table.rows).toHaveLength(1);
  });

  it('answers any bytes with rows or a refusal, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const table = readCampaign(Buffer.concat([Buffer.from(`${titles.join(';')}\n`), noise]));
        expect(table.rows.length > 0 || table.refusal !== null).toBe(true);
      }),
    );
  });
});
