import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { DomainError, sha256Hex } from '#platform';
import { type ArchivedCredential, readArchiveLine } from './archived-credential.js';
import { type ArchiveLine, archiveFiles, readSegment } from './read-archive.js';

/** Where a line begins that says it is a credential's. Its checksum was not looked at. */
export interface LocatedCredential {
  kind: 'located';
  id: string;
  /** Path of the file. */
  file: string;
  /** Number of the line, from 1. */
  line: number;
  /** In bytes, from the beginning of the file. */
  offset: number;
  /** In bytes, without the newline. */
  length: number;
}

const chunkSize = 1 << 20;
const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22];
const checksumLength = 65;
const beginning = Buffer.from('{"t":"credential","v":1,"id":"');
const [idAt, idLength] = [checksumLength + beginning.length, 36];

/**
 * As `readArchive`, in batches, but of each credential it tells only where it stands, so that it can be read together
 * with the database's own. Those in files with gzip, or written in another order, come whole.
 */
export async function* locateCredentials(
  folder: string,
  options: { since?: string; onUnreadable?: (file: string, error: NodeJS.ErrnoException) => void } = {},
): AsyncGenerator<(ArchiveLine | LocatedCredential)[]> {
  for (const file of await archiveFiles(folder)) {
    if (options.since && basename(file).slice(0, 10) < options.since) continue;
    try {
      if (file.endsWith('.gz')) for await (const line of readSegment(file)) yield [line];
      else yield* linesOf(file);
    } catch (error) {
      if (!options.onUnreadable || error instanceof DomainError) throw error;
      options.onUnreadable(file, error as NodeJS.ErrnoException);
    }
  }
}

async function* linesOf(file: string): AsyncGenerator<(ArchiveLine | LocatedCredential)[]> {
  const handle = await open(file, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    let [offset, number] = [0, 0];
    let unreadable: number | undefined;
    for (let isEnd = false; !isEnd; ) {
      const bytes = Buffer.allocUnsafe(rest.length + chunkSize);
      rest.copy(bytes);
      const { bytesRead } = await handle.read(bytes, rest.length, chunkSize, offset + rest.length);
      isEnd = bytesRead === 0;
      const filled = bytes.subarray(0, rest.length + bytesRead);
      const found: (ArchiveLine | LocatedCredential)[] = [];
      let start = 0;
      while (start < filled.length) {
        const newlineAt = filled.indexOf(newline, start);
        if (newlineAt < 0 && !isEnd) break;
        const end = newlineAt < 0 ? filled.length : newlineAt;
        number += 1;
        if (unreadable !== undefined) found.push({ kind: 'unreadable', torn: false, file, line: unreadable });
        unreadable = undefined;
        const line = withoutReturn(filled.subarray(start, end));
        const id = credentialIdOf(line);
        if (id !== undefined)
          found.push({
            kind: 'located',
            id,
            file,
            line: number,
            offset: offset + start,
            length: line.length,
          });
        else {
          const entry = readArchiveLine(line.toString());
          if (entry) found.push({ ...entry, file, line: number });
          else unreadable = number;
        }
        start = end + 1;
      }
      yield found;
      rest = filled.subarray(Math.min(start, filled.length));
      offset += start;
    }
    if (unreadable !== undefined) yield [{ kind: 'unreadable', torn: true, file, line: unreadable }];
  } finally {
    await handle.close();
  }
}

const withoutReturn = (line: Buffer): Buffer =>
  line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;

function credentialIdOf(line: Buffer): string | undefined {
  if (line.length <= idAt + idLength || line[idAt + idLength] !== quote) return undefined;
  return beginning.compare(line, checksumLength, idAt) === 0
    ? line.toString('latin1', idAt, idAt + idLength)
    : undefined;
}

/** Does the checksum of a line fit, newline not included? */
export const isWholeLine = (line: Buffer): boolean =>
  line[checksumLength - 1] === 0x20 &&
  line.toString('latin1', 0, checksumLength - 1) === sha256Hex(line.subarray(checksumLength));

/** The credential of a line that was located. @throws ArchiveLineUnknown (`archive_line_unknown`) */
export function readLocated(line: Buffer): ArchivedCredential | undefined {
  const entry = readArchiveLine(line.toString());
  return entry?.kind === 'credential' ? entry.credential : undefined;
}
