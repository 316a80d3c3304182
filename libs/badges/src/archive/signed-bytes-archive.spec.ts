import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isPassing, uuid } from '#platform';
import { missingFiles } from './archive-incomplete.js';
import { archiveTails } from './archive-tails.js';
import type { ArchivedCredential } from './archived-credential.js';
import { anArchivedCredential, anArchivedKey } from './builders.spec-support.js';
import { isWholeLine, locateCredentials, readLocated } from './locate-credentials.js';
import { type ArchiveLine, archiveBegins, archiveFiles, plainNameOf, readArchive } from './read-archive.js';
import { FolderArchive } from './signed-bytes-archive.js';

describe('an archive in a folder', () => {
  let folder: string;
  let base: ArchivedCredential;
  const open: FolderArchive[] = [];
  beforeAll(async () => {
    base = await anArchivedCredential();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'insigne-archive-'));
  });
  afterEach(async () => {
    for (const archive of open.splice(0)) await archive.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const anArchive = (now?: () => Date): FolderArchive => {
    const archive = new FolderArchive(folder, async (id) => anArchivedKey(id), now);
    open.push(archive);
    return archive;
  };
  const credentials = (count: number): ArchivedCredential[] =>
    Array.from({ length: count }, () => ({ ...base, id: uuid() }));
  const all = async (): Promise<ArchiveLine[]> => {
    const lines: ArchiveLine[] = [];
    for await (const line of readArchive(folder)) lines.push(line);
    return lines;
  };
  const idsIn = (lines: ArchiveLine[]): string[] =>
    lines.flatMap((line) => (line.kind === 'credential' ? [line.credential.id] : []));

  it('has every credential on the disk when append returns, its keys before it', async () => {
    const given = credentials(3);
    await anArchive().append(given);
    const lines = await all();
    expect(idsIn(lines)).toEqual(given.map((c) => c.id));
    expect(lines.map((line) => line.kind)).toEqual(['key', 'key', 'credential', 'credential', 'credential']);
    expect(lines.find((line) => line.kind === 'credential')).toMatchObject({ credential: { jwt: base.jwt } });
  });

  it('keeps the key of a status list before it, also when that key signed no badge', async () => {
    const archive = anArchive();
    const list = { id: uuid(), organisationId: uuid(), publicId: 'p', size: 131_072, suspended: [] };
    for (const version of [1, 2])
      await archive.appendList({ ...list, version, document: '{}' }, 'ed-0000000000000001');
    const lines = await all();
    expect(lines.map(({ kind }) => kind)).toEqual(['key', 'list', 'list']);
    expect(lines[0]).toMatchObject({ key: anArchivedKey('ed-0000000000000001') });
  });

  it('tells where each credential stands, whatever became of its file, and all the rest whole', async () => {
    await anArchive(() => new Date('2026-11-20T08:00:00Z')).append(credentials(3));
    await anArchive(() => new Date('2026-11-21T08:00:00Z')).append(credentials(400));
    const [zipped, file] = await archiveFiles(folder);
    writeFileSync(`${zipped}.gz`, gzipSync(readFileSync(zipped!)));
    rmSync(zipped!);
    const text = readFileSync(file!, 'utf8').replace('"kty"', '"Kty"').replace('"B-CE-1"', '"B-CE-2"');
    writeFileSync(file!, text.replaceAll('\n', '\r\n').slice(0, -5));
    const told: string[] = [];
    for await (const lines of locateCredentials(folder))
      for (const line of lines) {
        if (line.kind !== 'located') {
          told.push(line.kind === 'unreadable' ? `${line.kind} ${line.line} ${line.torn}` : line.kind);
          continue;
        }
        const bytes = readFileSync(line.file).subarray(line.offset, line.offset + line.length);
        const credential = isWholeLine(bytes) ? readLocated(bytes) : undefined;
        told.push(credential?.id === line.id ? 'whole' : `not whole ${line.line}`);
      }
    expect(told).toEqual([
      ...['key', 'key', 'credential', 'credential', 'credential'],
      ...['unreadable 1 false', 'key', 'not whole 3', ...Array(398).fill('whole'), 'not whole 402'],
    ]);
    const read = (await all()).map(({ kind }) => kind);
    expect(read.filter((kind) => kind === 'credential')).toHaveLength(3 + 398);
  });

  it('keeps what several processes append at once, each in a file of its own', async () => {
    const given = Array.from({ length: 4 }, () => credentials(5));
    const archives = given.map(() => anArchive());
    await Promise.all(given.flatMap((batch, index) => batch.map((one) => archives[index]!.append([one]))));
    expect(await readdir(folder)).toHaveLength(4);
    expect(new Set(idsIn(await all()))).toEqual(new Set(given.flat().map((c) => c.id)));
  });

  it('passes over a last line that a crash has torn, and says so', async () => {
    const [first, second] = credentials(2);
    await anArchive().append([first!]);
    await anArchive().append([second!]);
    const [file] = await archiveFiles(folder);
    const text = readFileSync(file!, 'utf8');
    appendFileSync(
      file!,
      text
        .slice(0, text.length / 2)
        .split('\n')[0]!
        .slice(0, 90),
    );
    const lines = await all();
    expect(idsIn(lines)).toHaveLength(2);
    expect(lines.filter((line) => line.kind === 'unreadable')).toEqual([
      { kind: 'unreadable', torn: true, file, line: text.split('\n').length },
    ]);
  });

  it('tells damage in the middle of a file from a torn end', async () => {
    await anArchive().append(credentials(2));
    const [file] = await archiveFiles(folder);
    writeFileSync(file!, readFileSync(file!, 'utf8').replace('"statusIndex":42', '"statusIndex":43'));
    expect((await all()).filter((line) => line.kind === 'unreadable')).toEqual([
      { kind: 'unreadable', torn: false, file, line: 3 },
    ]);
  });

  it('begins a new file for a new day, and after a write that failed', async () => {
    let day = new Date('2026-11-22T23:59:59Z');
    const archive = anArchive(() => day);
    await archive.append(credentials(1));
    day = new Date('2026-11-23T00:00:01Z');
    await archive.append(credentials(1));
    expect(
      (await archiveFiles(folder)).map((file) => file.slice(folder.length + 1, folder.length + 11)),
    ).toEqual(['2026-11-22', '2026-11-23']);
    expect(await archiveBegins(folder)).toEqual(new Date('2026-11-22T23:59:59Z'));

    let isBroken = true;
    const failing = new FolderArchive(folder, async (id) => {
      if (isBroken) throw new Error('the disk is full');
      return anArchivedKey(id);
    });
    open.push(failing);
    await expect(failing.append(credentials(1))).rejects.toThrow('the disk is full');
    isBroken = false;
    const [later] = credentials(1);
    await failing.append([later!]);
    expect(await archiveFiles(folder)).toHaveLength(4);
    expect(idsIn(await all())).toContain(later!.id);
  });

  it.each<[string, (place: string) => void]>([
    ['ENOTDIR', (place) => writeFileSync(place, '')],
    ['ELOOP', (place) => symlinkSync(place, place)],
  ])('is unavailable, which passes, while its folder cannot be had: %s', async (error, spoil) => {
    const place = join(folder, 'mount');
    spoil(place);
    const archive = new FolderArchive(join(place, 'archive'), async (id) => anArchivedKey(id));
    open.push(archive);
    const [lost, kept] = credentials(2);
    const failure: Error = await archive.append([lost!]).then(
      () => new Error('it was taken'),
      (thrown: Error) => thrown,
    );
    expect(failure).toMatchObject({ code: 'archive_unavailable', details: { error } });
    expect(isPassing(failure)).toBe(true);
    rmSync(place);
    await archive.append([kept!]);
    expect(await archiveFiles(join(place, 'archive'))).toHaveLength(1);
    const whenKeyIsAway = new FolderArchive(folder, async () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    });
    open.push(whenKeyIsAway);
    await expect(whenKeyIsAway.append([lost!])).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('reads closed files that were compressed', async () => {
    const given = credentials(2);
    const archive = anArchive();
    await archive.append(given);
    await archive.close();
    const [file] = await archiveFiles(folder);
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file!)));
    rmSync(file!);
    expect(idsIn(await all())).toEqual(given.map((c) => c.id));
  });

  it('names what was signed since the last marks of each file, and never nothing', async () => {
    const [old, first, second, third] = credentials(4);
    const archive = anArchive();
    const mark = (seq: number) => archive.appendMark({ seq, hash: 'a'.repeat(64) });
    await archive.append([old!]);
    for (const seq of [3, 5]) await mark(seq);
    await archive.append([first!]);
    await mark(9);
    await archive.append([second!]);
    await anArchive(() => new Date(Date.now() + 1)).append([third!]);
    const told = async () => (await archiveTails(folder)).map(({ signedIds }) => signedIds);
    const since = [[third!.id], [second!.id, first!.id]];
    expect(await told()).toEqual(since);
    const [file] = await archiveFiles(folder);
    const whole = readFileSync(file!);
    writeFileSync(`${file}.gz`, gzipSync(whole).subarray(0, 40));
    expect(await told()).toEqual(since);
    writeFileSync(`${file}.gz`, gzipSync(whole));
    rmSync(file!);
    expect(await told()).toEqual(since);
  });

  it('lacks nothing while whole old days are removed, and something when its last day is gone or cut off', () => {
    const known = new Map([
      ['2026-01-01.1-a.jsonl', 10],
      ['2026-01-02.2-a.jsonl', 20],
      ['2026-01-02.2-b.jsonl', 30],
    ]);
    const files = [...known].map(([file, bytes]) => ({ file, bytes }));
    expect(missingFiles(known, files)).toEqual([]);
    expect(missingFiles(new Map(), [])).toEqual([]);
    expect(missingFiles(known, files.slice(1))).toEqual([]);
    expect(missingFiles(known, [...files, { file: '2026-01-03.3-a.jsonl', bytes: 1 }])).toEqual([]);
    expect(missingFiles(known, files.slice(2))).toEqual(['2026-01-02.2-a.jsonl']);
    expect(missingFiles(known, [])).toEqual(['2026-01-02.2-a.jsonl', '2026-01-02.2-b.jsonl']);
    const cut = { file: '2026-01-01.1-a.jsonl', bytes: 9 };
    expect(missingFiles(known, [cut, ...files.slice(1)])).toEqual(['2026-01-01.1-a.jsonl']);
  });

  it('is read backwards until it has told its last credential, lists and mark, whatever stands behind them', async () => {
    const [only] = credentials(1);
    const archive = anArchive();
    const list = (id: string, version: number) => ({
      ...{ id, version, organisationId: uuid(), publicId: 'l', size: 131_072, suspended: [] },
      document: 'x'.repeat(100_000),
    });
    const [first, second] = [uuid(), uuid()];
    await archive.append([only!]);
    await archive.appendList(list(second, 7), 'ed-1');
    for (let version = 1; version <= 6; version += 1) await archive.appendList(list(first, version), 'ed-1');
    for (const seq of [3, 9, 12]) await archive.appendMark({ seq, hash: 'a'.repeat(64) });
    await archive.close();
    const [file] = await archiveFiles(folder);
    appendFileSync(file!, `${'0'.repeat(64)} {"t":"cred`);
    const told = async () =>
      (await archiveTails(folder)).map(({ signedIds, mark, lists }) => ({
        ...{ signedIds, mark: mark?.seq },
        lists: lists.map(({ id, version }) => [id, version]),
      }));
    const lists = [
      [first, 6],
      [second, 7],
    ];
    expect(await told()).toEqual([{ signedIds: [only!.id], mark: 12, lists }]);
    const restored = anArchive(() => new Date(Date.now() + 60_000));
    await restored.appendRestore({ seq: 10, at: new Date().toISOString() });
    expect((await told()).at(-1)).toEqual({ signedIds: [only!.id], mark: 9, lists });
    const whole = readFileSync(file!);
    writeFileSync(`${file}.gz`, gzipSync(whole));
    rmSync(file!);
    expect((await told()).at(-1)).toEqual({
      signedIds: [only!.id],
      mark: 9,
      lists: expect.arrayContaining(lists),
    });
    const sized = (await archiveTails(folder)).map(({ file: name, bytes }) => ({ file: name, bytes }));
    expect(sized).toContainEqual({ file: basename(file!), bytes: whole.length });
    // Compressed or not, a file that is known is passed over.
    const isKnown = ({ file: name, bytes }: { file: string; bytes: number }): boolean =>
      name === basename(file!) && bytes === whole.length;
    expect((await archiveTails(folder, isKnown)).map(({ isOfRestore }) => isOfRestore)).toEqual([true]);
  });

  it('tells which marks a restore made void, whatever the clocks said', async () => {
    const ahead = anArchive(() => new Date(Date.now() + 3_600_000));
    const mark = (seq: number, byte: string) => ({ seq, hash: byte.repeat(64) });
    for (const seq of [8, 12, 15]) await ahead.appendMark(mark(seq, 'a'));
    await ahead.close();
    const [file] = (await archiveFiles(folder)).map(plainNameOf);
    const restored = anArchive();
    await restored.appendRestore({ seq: 10, files: [file!], at: new Date().toISOString() });
    await anArchive(() => new Date(Date.now() + 1)).appendMark(mark(14, 'b'));
    const seqs = (await archiveTails(folder)).flatMap((tail) => tail.mark?.seq ?? []);
    expect(seqs.sort()).toEqual([14, 8]);
  });

  it('is empty when there is no folder yet', async () => {
    rmSync(folder, { recursive: true });
    expect(await all()).toEqual([]);
    expect(await archiveBegins(folder)).toBeUndefined();
  });
});
