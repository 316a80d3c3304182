import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import decodeQr from 'qr/decode.js';
import { type BadgePicture, badgePictureSvg } from '#badges';
import { certificatePdf, cvSheetPdf } from '#documents';
import { describeWith } from '../support/describe-with.js';
import { aCertificate, aSheet, aSheetBadge } from '../support/sample-documents.js';

describeWith('poppler', 'documents, as poppler reads them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'insigne-pdf-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'document.pdf');

  const read = (pdf: Buffer, program: string, ...words: string[]): string => {
    writeFileSync(file, pdf);
    const result = execFileSync(program, [...words, file, ...(program === 'pdftotext' ? ['-'] : [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return result.toString();
  };
  const plain = (text: string): string => text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
  const pixels = (pdf: Buffer, ...words: string[]): PNG => {
    writeFileSync(file, pdf);
    execFileSync('pdftoppm', ['-png', '-singlefile', ...words, file, join(folder, 'page')]);
    return PNG.sync.read(readFileSync(join(folder, 'page.png')));
  };

  it.each([
    'Amina Témoin',
    'محمد عبد الرحمن العلي',
    'ليلى لا إله',
    'Олена Шевченко-Гнатюк',
    'Nguyễn Thị Phượng',
    'Ελένη Παπαδοπούλου',
    'Łukasz Źródło',
  ])('gives the name as it was typed: %s', async (learner) => {
    const text = plain(read(await certificatePdf(aCertificate({ learner })), 'pdftotext'));
    expect(text.normalize('NFC')).toContain(learner);
  });

  it('is one page of A4, tagged, with language, title and the date of signature', async () => {
    const facts = read(
      await certificatePdf(aCertificate({ title: 'CV & <lettre>' })),
      'pdfinfo',
      '-isodates',
    );
    expect(facts).toMatch(/Title: +Certificat.: CV & <lettre>\n/);
    expect(facts).toMatch(/Tagged: +yes/);
    expect(facts).toMatch(/Pages: +1\n/);
    expect(facts).toContain('(A4)');
    expect(facts).toMatch(/CreationDate: +2026-10-19T10:00:00Z/);
    const metadata = read(await certificatePdf(aCertificate({ title: 'CV & <lettre>' })), 'pdfinfo', '-meta');
    expect(metadata).toContain('<pdfuaid:part>1</pdfuaid:part>');
    expect(metadata).toContain('CV &#38; &#60;lettre&#62;');
    expect(metadata).not.toContain('Amina');
  });

  it('has headings, lists and figures in the order in which they are read', async () => {
    const tree = read(await certificatePdf(aCertificate()), 'pdfinfo', '-struct-text');
    const at = [
      'H1 (block)',
      'Figure',
      'Amina Témoin',
      'Ce que la personne sait faire',
      'LBody',
      'Vérifier ce badge',
    ].map((part) => tree.indexOf(part));
    expect(at).not.toContain(-1);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(tree.match(/Figure/g)).toHaveLength(2);
  });

  it('has a code that leads to the badge, also after a poor printer', async () => {
    for (const resolution of ['96']) {
      const { width, height, data } = pixels(await certificatePdf(aCertificate()), '-gray', '-r', resolution);
      expect(decodeQr({ width, height, data })).toBe(aCertificate().address);
    }
  }, 60_000);

  it('draws every picture of every family with all its parts', async () => {
    const families: BadgePicture['family'][] = ['learner', 'peer-animator', 'professional', 'pathway'];
    for (const family of families) {
      const svg = badgePictureSvg({ family, area: '3', pictogram: 'people', level: 3, initials: 'AE' });
      const { width, data } = pixels(
        await certificatePdf(aCertificate({ picture: { svg, alt: '' } })),
        '-r',
        '72',
      );
      const colours = new Set<string>();
      for (let y = 60; y < 200; y += 2)
        for (let x = 220; x < 380; x += 2) {
          const at = (y * width + x) * 4;
          colours.add([data[at], data[at + 1], data[at + 2]].map((part) => (part! >> 5).toString()).join(''));
        }
      expect([...colours]).toEqual(expect.arrayContaining(['312', '777']));
      expect(colours.size).toBeGreaterThan(5);
    }
  }, 60_000);

  it('gives several pages for many badges, each with its addresses', async () => {
    const badges = Array.from({ length: 9 }, (_, index) =>
      aSheetBadge({ shortAddress: `example.org/v/${index}` }),
    );
    const text = read(await cvSheetPdf(aSheet({ badges })), 'pdftotext');
    expect(text.match(/example\.org\/v\/\d/g)).toEqual(badges.map(({ shortAddress }) => shortAddress));
    expect(text.split('\f')).toHaveLength(3);
  });
});
