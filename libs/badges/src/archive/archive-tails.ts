import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import {
  type ArchivedChainMark,
  type ArchivedRestore,
  type ArchivedStatusList,
  type ArchiveEntry,
  readArchiveLine,
} from './archived-credential.js';
import { linesBackwards } from './lines-backwards.js';
import { archiveFiles, plainNameOf } from './read-archive.js';

/** A file of the archive as a database remembers it. */
export interface SizedFile {
  /** Its name without the folder and without `.gz`. */
  file: string;
  /** Its size, not compressed. */
  bytes: number;
}

/** What the end of one file of the archive tells. */
export interface ArchiveTail extends SizedFile {
  /** Its last whole credential or statement. */
  lastId?: string;
  /** Its last mark of the chain that no restore made void. */
  mark?: ArchivedChainMark;
  /** The last line of each status list. */
  lists: ArchivedStatusList[];
  /** It says that a backup was restored. */
  isOfRestore: boolean;
}

// Marks of one process follow each other as the chain grows: a database that has the last of three is newer than
// every line before the first of them.
const enoughMarks = 3;
const checksumLength = 65;
const marks = 'chain ';
type Kind = ArchiveEntry['kind'];

/**
 * The ends of all files that are not known yet: each is read backwards until it can tell no more, a file with gzip
 * whole. Which marks a restore made void does not depend on any clock.
 * @param isKnown files to pass over
 */
export async function archiveTails(
  folder: string,
  isKnown: (file: SizedFile) => boolean = () => false,
): Promise<ArchiveTail[]> {
  const files: (SizedFile & { path: string })[] = [];
  for (const path of await archiveFiles(folder)) {
    const sized = { path, file: plainNameOf(path), bytes: await plainSizeOf(path) };
    if (!isKnown(sized)) files.push(sized);
  }
  const voided = new VoidMarks();
  for (const { path } of files) for await (const restore of restoresOf(path)) voided.add(restore);
  const tails: ArchiveTail[] = [];
  for (const { path, file, bytes } of files.reverse()) {
    const tail: ArchiveTail = { file, bytes, lists: [], isOfRestore: false };
    const lists = new Set<string>();
    let found = 0;
    for await (const entry of entriesBackwards(path, () => tail.lastId === undefined)) {
      if (entry.kind === 'restore') {
        tail.isOfRestore = true;
        voided.add(entry.restore, file);
      } else if (entry.kind === 'credential') tail.lastId ??= entry.credential.id;
      else if (entry.kind === 'statement') tail.lastId ??= entry.statement.id;
      else if (entry.kind === 'list' && !lists.has(entry.list.id)) {
        lists.add(entry.list.id);
        tail.lists.push(entry.list);
      } else if (entry.kind === 'chain' && !voided.has(entry.mark, file)) {
        tail.mark ??= entry.mark;
        found += 1;
      }
      if (found >= enoughMarks && tail.lastId !== undefined) break;
    }
    tails.push(tail);
  }
  return tails;
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

/** The whole lines of a file, last first; of credentials and statements only while they are wanted. */
async function* entriesBackwards(path: string, wantsSigned: () => boolean): AsyncGenerator<ArchiveEntry> {
  const lines = path.endsWith('.gz') ? await lastOfPacked(path) : linesBackwards(path);
  for await (const line of lines) {
    const kind = kindOf(line);
    if (kind === undefined || kind === 'key' || (isSigned(kind) && !wantsSigned())) continue;
    const entry = readArchiveLine(line.toString());
    if (entry) yield entry;
  }
}

const isSigned = (kind: Kind): boolean => kind === 'credential' || kind === 'statement';

const kindOf = (line: Buffer): Kind | undefined =>
  /^\{"t":"([a-z]+)"/.exec(line.toString('latin1', checksumLength, checksumLength + 24))?.[1] as
    | Kind
    | undefined;

/** Of a file with gzip, which can only be read from its beginning, the lines that tell its end, last first. */
async function lastOfPacked(path: string): Promise<Buffer[]> {
  const kept = new Map<string, Buffer[]>();
  for await (const line of linesForwards(path)) {
    const kind = kindOf(line);
    if (kind === undefined || kind === 'key') continue;
    const list = kind === 'list' ? /"id":"([^"]+)"/.exec(line.toString('latin1', 0, 200))?.[1] : '';
    const key = isSigned(kind) ? 'signed' : `${kind} ${list}`;
    const isOne = kind !== 'chain' && kind !== 'restore';
    // Two of each: the last one may be torn.
    const lines = [...(kept.get(key) ?? []), line];
    kept.delete(key);
    kept.set(key, isOne ? lines.slice(-2) : lines);
  }
  // Marks last: who has read enough of them stops.
  const groups = [...kept].sort(([a], [b]) => Number(a === marks) - Number(b === marks));
  return groups.flatMap(([, lines]) => lines.reverse());
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
