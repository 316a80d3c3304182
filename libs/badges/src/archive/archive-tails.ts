import { open } from 'node:fs/promises';
import {
  type ArchivedChainMark,
  type ArchivedStatusList,
  type ArchiveEntry,
  readArchiveLine,
} from './archived-credential.js';
import { archiveFiles } from './read-archive.js';

/** What the end of one file of the archive tells. */
export interface ArchiveTail {
  /** Its last whole credential or statement. */
  lastId?: string;
  /** Its last mark of the chain that no later restore made void. */
  mark?: ArchivedChainMark;
  /** The last line of each status list. */
  lists: ArchivedStatusList[];
}

const chunkBytes = 256 * 1024;
const checksumLength = 65;
// Marks of one process follow each other as the chain grows: a database that has the last of three is newer than
// every line before the first of them.
const enoughMarks = 3;

/** The ends of all files, each read backwards until it can tell no more. Closed files with gzip are passed over. */
export async function archiveTails(folder: string): Promise<ArchiveTail[]> {
  const tails: ArchiveTail[] = [];
  let voidAbove = Number.POSITIVE_INFINITY;
  for (const file of (await archiveFiles(folder)).reverse()) {
    if (file.endsWith('.gz')) continue;
    const tail: ArchiveTail = { lists: [] };
    const lists = new Set<string>();
    let marks = 0;
    for await (const entry of entriesBackwards(file, () => tail.lastId === undefined)) {
      if (entry.kind === 'restore') voidAbove = Math.min(voidAbove, entry.restore.seq);
      else if (entry.kind === 'credential') tail.lastId ??= entry.credential.id;
      else if (entry.kind === 'statement') tail.lastId ??= entry.statement.id;
      else if (entry.kind === 'list' && !lists.has(entry.list.id)) {
        lists.add(entry.list.id);
        tail.lists.push(entry.list);
      } else if (entry.kind === 'chain' && entry.mark.seq <= voidAbove) {
        tail.mark ??= entry.mark;
        marks += 1;
      }
      if (marks >= enoughMarks && tail.lastId !== undefined) break;
    }
    tails.push(tail);
  }
  return tails;
}

/** The whole lines of a file, last first; of credentials and statements only while they are wanted. */
async function* entriesBackwards(file: string, wantsSigned: () => boolean): AsyncGenerator<ArchiveEntry> {
  for await (const line of linesBackwards(file)) {
    const kind = /^\{"t":"([a-z]+)"/.exec(line.toString('latin1', checksumLength, checksumLength + 24))?.[1];
    if (kind === undefined || kind === 'key') continue;
    if ((kind === 'credential' || kind === 'statement') && !wantsSigned()) continue;
    const entry = readArchiveLine(line.toString());
    if (entry) yield entry;
  }
}

async function* linesBackwards(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    let { size: start } = await handle.stat();
    let rest: Buffer = Buffer.alloc(0);
    while (start > 0) {
      const length = Math.min(start, chunkBytes);
      start -= length;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      const bytes = Buffer.concat([buffer.subarray(0, bytesRead), rest]);
      let end = bytes.length;
      for (let at = newlineBefore(bytes, end); at >= 0; at = newlineBefore(bytes, end)) {
        yield bytes.subarray(at + 1, end);
        end = at;
      }
      rest = bytes.subarray(0, end);
    }
    yield rest;
  } finally {
    await handle.close();
  }
}

const newlineBefore = (bytes: Buffer, end: number): number =>
  end === 0 ? -1 : bytes.lastIndexOf(0x0a, end - 1);
