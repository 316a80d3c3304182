import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { DomainError } from '#platform';
import { type ArchiveEntry, readArchiveLine } from './archived-credential.js';

/** A line that is not whole. `torn`: the last of its file, which a crash may leave; anything else was damaged later. */
export interface UnreadableLine {
  kind: 'unreadable';
  torn: boolean;
}

export type ArchiveLine = (ArchiveEntry | UnreadableLine) & { file: string; line: number };

const segmentName = /^\d{4}-\d\d-\d\d\.(\d{13})-[0-9a-z-]+\.jsonl(\.gz)?$/;

/** The archive's files, oldest first; an empty list when there is no such folder. Closed files may be gzipped. */
export async function archiveFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => segmentName.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The name of a file of the archive without its folder and without `.gz`: the same before and after it is compressed. */
export const plainNameOf = (path: string): string => basename(path, '.gz');

/** When what is kept begins, or undefined for an empty archive. */
export async function archiveBegins(folder: string): Promise<Date | undefined> {
  const [first] = await archiveFiles(folder);
  return first === undefined ? undefined : new Date(Number(segmentName.exec(basename(first))![1]));
}

/**
 * Every line of the archive, oldest file first, streaming.
 * @param options.since day (YYYY-MM-DD): files of earlier days are passed over
 * @param options.onUnreadable told of a file that cannot be read (to its end), which is passed over then
 * @throws errors of the system, without `onUnreadable`
 */
export async function* readArchive(
  folder: string,
  options: { since?: string; onUnreadable?: (file: string, error: NodeJS.ErrnoException) => void } = {},
): AsyncGenerator<ArchiveLine> {
  for (const file of await archiveFiles(folder)) {
    if (options.since && basename(file).slice(0, 10) < options.since) continue;
    try {
      yield* readSegment(file);
    } catch (error) {
      if (!options.onUnreadable || error instanceof DomainError) throw error;
      options.onUnreadable(file, error as NodeJS.ErrnoException);
    }
  }
}

/** Lines of one file, as `readArchive` gives them. */
export async function* readSegment(file: string): AsyncGenerator<ArchiveLine> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  const input = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  // A pipe passes no errors on.
  if (input !== bytes) bytes.once('error', (error) => input.destroy(error));
  let number = 0;
  let unreadable: number | undefined;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (unreadable !== undefined) yield { kind: 'unreadable', torn: false, file, line: unreadable };
    const entry = readArchiveLine(text);
    unreadable = entry ? undefined : number;
    if (entry) yield { ...entry, file, line: number };
  }
  if (unreadable !== undefined) yield { kind: 'unreadable', torn: true, file, line: unreadable };
}
