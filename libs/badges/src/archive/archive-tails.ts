import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import {
  type ArchivedChainMark,
  type ArchivedCredential,
  type ArchivedRestore,
  type ArchivedStatusList,
  type ArchiveEntry,
  readArchiveLine,
} from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';
import { linesBackwards } from './lines-backwards.js';
import { isWholeLine } from './locate-credentials.js';
import { archiveFiles, plainNameOf } from './read-archive.js';

/** A file of the archive as a database remembers it. */
export interface SizedFile {
  /** Its name without the folder and without `.gz`. */
  file: string;
  /** Its size, not compressed. */
  bytes: number;
}

/** A file of the archive where it lies. */
export interface LyingFile extends SizedFile {
  path: string;
}

/** What the end of one file of the archive tells. */
export interface ArchiveTail extends LyingFile {
  /**
   * The whole credentials and statements after those lines that a database with the last mark surely knows, the last
   * one first; never none when the file has any. Some minutes of signing.
   */
  signedIds: string[];
  /** Its last mark of the chain that no restore made void. */
  mark?: ArchivedChainMark;
  /** The last line of each status list. */
  lists: ArchivedStatusList[];
  /** It says that a backup was restored. */
  isOfRestore: boolean;
}

// Marks of one process follow each other as the chain grows: a database that has the last of three is newer than
// every line before the first of them. Of the lines behind it the last alone tells nothing: what it names may have been
// planned before the backup and signed after others that were not.
const enoughMarks = 3;
const checksumLength = 65;
type Kind = ArchiveEntry['kind'];

/** The files of an archive with their sizes, oldest first. One that is being compressed stands there twice: its plain form counts. */
export async function lyingFiles(folder: string): Promise<LyingFile[]> {
  const files = new Map<string, LyingFile>();
  for (const path of await archiveFiles(folder)) {
    const file = plainNameOf(path);
    // The plain name comes first.
    if (!files.has(file)) files.set(file, { path, file, bytes: await plainSizeOf(path) });
  }
  return [...files.values()];
}

/**
 * The ends of all files that are not known yet: each is read backwards until it can tell no more, a file with gzip
 * whole. Which marks a restore made void does not depend on any clock.
 * @param isKnown files to pass over
 */
export async function archiveTails(
  folder: string,
  isKnown: (file: SizedFile) => boolean = () => false,
): Promise<ArchiveTail[]> {
  const files = (await lyingFiles(folder)).filter((file) => !isKnown(file));
  const voided = new VoidMarks();
  for (const { path } of files) for await (const restore of restoresOf(path)) voided.add(restore);
  const tails: ArchiveTail[] = [];
  for (const { path, file, bytes } of files.reverse()) {
    const tail: ArchiveTail = { path, file, bytes, signedIds: [], lists: [], isOfRestore: false };
    const lists = new Set<string>();
    let found = 0;
    for await (const line of await lastLines(path, (mark) => voided.has(mark, file))) {
      if (typeof line === 'string') tail.signedIds.push(line);
      const entry = typeof line === 'string' ? undefined : entryOf(line, tail.signedIds);
      if (entry?.kind === 'restore') {
        tail.isOfRestore = true;
        voided.add(entry.restore, file);
      } else if (entry?.kind === 'list' && !lists.has(entry.list.id)) {
        lists.add(entry.list.id);
        tail.lists.push(entry.list);
      } else if (entry?.kind === 'chain' && !voided.has(entry.mark, file)) {
        tail.mark ??= entry.mark;
        found += 1;
      }
      if (found >= enoughMarks && tail.signedIds.length > 0) break;
    }
    tails.push(tail);
  }
  return tails;
}

/** Of the credentials and statements of one file those with these ids, as they were archived last. */
export async function lastSigned(
  path: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, ArchivedCredential | ArchivedStatement>> {
  const found = new Map<string, ArchivedCredential | ArchivedStatement>();
  const isPacked = path.endsWith('.gz');
  for await (const line of isPacked ? linesForwards(path) : linesBackwards(path)) {
    const kind = kindOf(line);
    if (kind === undefined || !isSigned(kind)) continue;
    const [id] = idOf(line);
    if (id === undefined || !ids.has(id) || (!isPacked && found.has(id))) continue;
    const entry = readArchiveLine(line.toString());
    if (entry?.kind === 'credential') found.set(id, entry.credential);
    else if (entry?.kind === 'statement') found.set(id, entry.statement);
    if (!isPacked && found.size === ids.size) break;
  }
  return found;
}

/** Which marks of the chain restored backups made void, by file. */
class VoidMarks {
  private readonly above = new Map<string, number>();
  private upTo: { file: string; seq: number }[] = [];

  /** @param from the file of an older restore, which names no files: what stands in it and before it is void */
  add({ seq, files }: ArchivedRestore, from?: string): void {
    for (const file of files ?? []) this.above.set(file, Math.min(seq, this.above.get(file) ?? seq));
    if (!files && from !== undefined) this.upTo.push({ file: from, seq });
  }

  has({ seq }: ArchivedChainMark, file: string): boolean {
    return (
      seq > (this.above.get(file) ?? Number.POSITIVE_INFINITY) ||
      this.upTo.some((one) => file <= one.file && seq > one.seq)
    );
  }
}

/** The restores that a file begins with: whoever restored wrote them into a file of its own. */
async function* restoresOf(path: string): AsyncGenerator<ArchivedRestore> {
  if (!path.endsWith('.gz') && (await firstKindOf(path)) !== 'restore') return;
  for await (const line of linesForwards(path)) {
    if (kindOf(line) !== 'restore') return;
    const entry = readArchiveLine(line.toString());
    if (entry?.kind === 'restore') yield entry.restore;
  }
}

async function firstKindOf(path: string): Promise<Kind | undefined> {
  const handle = await open(path, 'r');
  try {
    const length = checksumLength + 24;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return kindOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** What tells a file's end, last first: its lines, or the id alone of a credential or statement. */
const lastLines = async (
  path: string,
  isVoid: (mark: ArchivedChainMark) => boolean,
): Promise<(Buffer | string)[] | AsyncGenerator<Buffer>> =>
  path.endsWith('.gz') ? await lastOfPacked(path, isVoid) : linesBackwards(path);

/** A line that is neither a key's nor signed; the id of one that is signed goes to `signedIds`. */
function entryOf(line: Buffer, signedIds: string[]): ArchiveEntry | undefined {
  const kind = kindOf(line);
  if (kind === undefined || kind === 'key') return undefined;
  if (!isSigned(kind)) return readArchiveLine(line.toString());
  signedIds.push(...idOf(line));
  return undefined;
}

/** The id of a line that says it is a credential's or a statement's; none when it is not whole. */
function idOf(line: Buffer): string[] {
  if (!isWholeLine(line)) return [];
  const start = /"v":1,"id":"([0-9a-f-]{36})"/.exec(
    line.toString('latin1', checksumLength, checksumLength + 100),
  );
  return [start?.[1] ?? (JSON.parse(line.toString('utf8', checksumLength)) as { id: string }).id];
}

const isSigned = (kind: Kind): boolean => kind === 'credential' || kind === 'statement';

const kindOf = (line: Buffer): Kind | undefined =>
  /^\{"t":"([a-z]+)"/.exec(line.toString('latin1', checksumLength, checksumLength + 24))?.[1] as
    | Kind
    | undefined;

/** Of a file with gzip, which can only be read from its beginning, what tells its end, last first, marks at last. */
async function lastOfPacked(
  path: string,
  isVoid: (mark: ArchivedChainMark) => boolean,
): Promise<(Buffer | string)[]> {
  const lists = new Map<string, Buffer[]>();
  const restores: Buffer[] = [];
  const ids: string[] = [];
  let marks: { line: Buffer; idsBefore: number }[] = [];
  for await (const line of linesForwards(path)) {
    const kind = kindOf(line);
    if (kind === undefined || kind === 'key') continue;
    if (isSigned(kind)) ids.push(...idOf(line));
    else if (kind === 'list') {
      const list = /"id":"([^"]+)"/.exec(line.toString('latin1', 0, 200))?.[1] ?? '';
      const lines = [...(lists.get(list) ?? []), line];
      lists.delete(list);
      // Two of each: the last one may be torn.
      lists.set(list, lines.slice(-2));
    } else {
      const entry = readArchiveLine(line.toString());
      if (entry?.kind === 'chain' && !isVoid(entry.mark)) marks.push({ line, idsBefore: ids.length });
      if (entry?.kind !== 'restore') continue;
      restores.push(line);
      // What it makes void is known later: all ids count.
      if (!entry.restore.files) marks = marks.map((mark) => ({ ...mark, idsBefore: 0 }));
    }
  }
  const wanted = ids.slice(Math.min(marks.at(-enoughMarks)?.idsBefore ?? 0, Math.max(ids.length - 1, 0)));
  return [
    ...restores.reverse(),
    ...[...lists.values()].reverse().flatMap((lines) => lines.reverse()),
    ...wanted.reverse(),
    ...marks.reverse().map(({ line }) => line),
  ];
}

async function* linesForwards(path: string): AsyncGenerator<Buffer> {
  const bytes = createReadStream(path);
  const input = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  // A pipe passes no errors on.
  bytes.once('error', (error) => input.destroy(error));
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      yield Buffer.from(line);
  } finally {
    bytes.destroy();
    input.destroy();
  }
}

/** In bytes; a file with gzip says at its end how long it is without. */
async function plainSizeOf(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (!path.endsWith('.gz') || size < 4) return size;
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, size - 4);
    return buffer.readUInt32LE(0);
  } finally {
    await handle.close();
  }
}
