import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DomainError } from '#platform/basics';
import type { BadgeReport } from '#verification';
import { type Checker, jsonText, verifyMany } from './verify-many.js';
import { NoSource, skippedText, sourcesOf } from './verify-sources.js';

const folder = mkdtempSync(join(tmpdir(), 'insigne verify many '));
const put = (name: string, content = ''): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

class Away extends DomainError {
  readonly code = 'address_unreachable';
}

/** Answers by the first letter of the source: a authentic, x not authentic, s suspended, ? away. */
const check: Checker = async (source) => {
  const kind = source.split('/').at(-1)![0];
  if (kind === '?') throw new Away('does not answer');
  const verdict = kind === 'a' ? 'authentic' : kind === 's' ? 'withdrawn' : 'not_authentic';
  await new Promise((resolve) => setTimeout(resolve, kind === 'a' ? 20 : 1));
  const report = { verdict, checks: [], notChecked: [], notProven: [], credential: { id: `urn:${source}` } };
  return { report: report as BadgeReport, code: kind === 'a' ? 0 : kind === 's' ? 3 : 1, title: verdict };
};

async function run(sources: string[], json = false): Promise<{ code: number; out: string[]; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const code = await verifyMany(sources, check, { json, language: 'en' }, io);
  return { code, out: out.trimEnd().split('\n'), err };
}

describe('what is to be verified', () => {
  it('is each address and file, a folder by name, and the lines of a list', async () => {
    mkdirSync(join(folder, 'badges', 'inner'), { recursive: true });
    for (const name of ['b.png', 'a.JSON', 'c.jwt', 'notes.md', join('inner', 'd.json')])
      put(join('badges', name));
    const list = put('list.txt', '\uFEFF# of June\r\nhttps://a.example/b/1\r\n\nbadges/a.JSON\n');
    const { all, isOne, skipped } = await sourcesOf(
      ['https://b.example/2', join(folder, 'badges')],
      list,
      'en',
    );
    expect(skipped).toEqual({ files: 1, folders: 1 });
    expect(skippedText(skipped, 'en')).toMatch(/^1 file\(s\) left out: .*\.json .* 1 folder\(s\) left out/);
    expect(skippedText(skipped, 'fr')).toMatch(/^1 fichier\(s\) laissé\(s\) de côté.* 1 dossier\(s\)/);
    expect(all).toEqual([
      'https://b.example/2',
      ...['a.JSON', 'b.png', 'c.jwt'].map((name) => join(folder, 'badges', name)),
      'https://a.example/b/1',
      join(folder, 'badges', 'a.JSON'),
    ]);
    expect(isOne).toBe(false);
  });

  it('is one badge when one file is named, and several when a folder holds one', async () => {
    mkdirSync(join(folder, 'single'));
    const file = put(join('single', 'a.json'));
    expect((await sourcesOf([file], undefined, 'fr')).isOne).toBe(true);
    expect(await sourcesOf([join(folder, 'single')], undefined, 'fr')).toEqual({
      all: [file],
      isOne: false,
      skipped: { files: 0, folders: 0 },
    });
    expect(skippedText({ files: 0, folders: 0 }, 'fr')).toBe('');
  });

  it.each([
    ['badges.example/b/1', undefined, 'https://badges.example/b/1'],
    ['www.badges.example:8443/b/1?x=y', undefined, 'https://www.badges.example:8443/b/1?x=y'],
    ['localhost:4180/b/1', undefined, 'http://localhost:4180/b/1'],
    ['127.0.0.1:4180/b/1', undefined, 'http://127.0.0.1:4180/b/1'],
    ['insigne:4180/b/1', 'http://insigne:4180', 'http://insigne:4180/b/1'],
    ['badges.example/b/1', 'https://other.example', 'https://badges.example/b/1'],
    ['badge.json', undefined, 'badge.json'],
    ['./badges.example/b/1', undefined, './badges.example/b/1'],
    ['badges/1.png', undefined, 'badges/1.png'],
  ])('is meant by %s (own service: %s): %s', async (given, own, meant) => {
    expect((await sourcesOf([given], undefined, 'en', own)).all).toEqual([meant]);
  });

  it('is the file where one of that name is there, in a list as well', async () => {
    mkdirSync(join(folder, 'badges.example'));
    const file = put(join('badges.example', '1'));
    const list = put('names.txt', 'badges.example/1\nbadges.example/2\nother/2\n');
    expect((await sourcesOf([file], list, 'en')).all).toEqual([
      file,
      file,
      'https://badges.example/2',
      join(folder, 'other', '2'),
    ]);
  });

  it('is refused when there is nothing, or no such list', async () => {
    mkdirSync(join(folder, 'empty'));
    await expect(sourcesOf([join(folder, 'empty')], undefined, 'fr')).rejects.toThrow(/0 badges à vérifier/);
    put(join('empty', 'notes.md'));
    await expect(sourcesOf([join(folder, 'empty')], undefined, 'fr')).rejects.toThrow(
      /1 fichier\(s\) laissé/,
    );
    await expect(sourcesOf([], join(folder, 'no-list'), 'en')).rejects.toThrow(NoSource);
  });
});

describe('many badges', () => {
  it('are told in the order in which they were named, whoever answers first', async () => {
    const sources = ['a1', 'x1', 'a2', 's1', '?1', 'x2', 'a3', 'x3', 'a4'];
    const { code, out, err } = await run(sources);
    expect(out.map((line) => sources.find((source) => line.includes(source)))).toEqual(sources);
    expect(out[4]).toContain('No public badge at this address');
    expect(err).toMatch(/^9 : 4 × authentic, 3 × not_authentic, 1 × \? no badge, 1 × withdrawn$/m);
    expect(code).toBe(1);
  });

  it('are lines of JSON for programs, one for each', async () => {
    const { out } = await run(['a1', '?1', 'x1'], true);
    expect(out.map((line) => JSON.parse(line) as { source: string; verdict: string })).toEqual([
      expect.objectContaining({ source: 'a1', verdict: 'authentic', id: 'urn:a1' }),
      expect.objectContaining({ source: '?1', verdict: 'cannot_check', error: 'address_unreachable' }),
      expect.objectContaining({ source: 'x1', verdict: 'not_authentic' }),
    ]);
  });

  it('write nothing that steers the terminal: not the name of a file, not what a badge says', async () => {
    const names = ['a\u001b[2J', 'a\u202e1', '?\u009b2J'];
    for (const asJson of [false, true]) {
      const { out } = await run(names, asJson);
      expect(out).toHaveLength(3);
      expect(out.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
    const { out } = await run(['a\u202e1'], true);
    expect(out[0]).toContain('"a\\u202e1"');
  });

  it('are the same value in JSON, whatever characters they hold, and none of them steers', () => {
    const hostile = fc.constantFrom(
      '\u001b',
      '\u007f',
      '\u009b',
      '\u061c',
      '\u202e',
      '\u2066',
      '\u2028',
      '\ufeff',
      '\u{e0041}',
      '"',
      '\\',
      'é',
    );
    const text = fc
      .array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 3 })))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(text, text), fc.constantFrom(undefined, 2), (value, indent) => {
        const written = jsonText(value, indent);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(written.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u,
        );
      }),
    );
  });

  it.each([
    [['a1', 'a2'], 0],
    [['a1', 's1'], 3],
    [['a1', 's1', '?1'], 2],
    [['a1', 's1', '?1', 'x1'], 1],
  ])('end with the gravest code: %s', async (sources, code) => {
    expect((await run(sources)).code).toBe(code);
  });
});
