import { open } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { DomainError, type Text } from '#platform';
import { type LyingFile, lyingFiles, type SizedFile } from './archive-tails.js';

/** The archive lacks what this database was compared with: another folder, a disk that is away, or a loss (`archive_incomplete`). */
class ArchiveIncomplete extends DomainError {
  readonly code = 'archive_incomplete';
  constructor(
    folder: string,
    files: string[],
    readonly text: Required<Text> = {
      fr: `L’archive ${folder} n’a plus ce qu’elle avait (${files.join(', ')}) : son disque est-il branché ? Remettez le disque ou la copie de l’archive. Si elle est perdue, ou si le dossier est neuf à dessein : « insigne restore reconcile --archive-lost » (docs/runbooks/restore.md).`,
      en: `The archive ${folder} no longer has what it had (${files.join(', ')}): is its disk mounted? Put the disk or the copy of the archive back. If it is lost, or the folder is a new one on purpose: "insigne restore reconcile --archive-lost" (docs/runbooks/restore.md).`,
    },
  ) {
    super(`${text.fr} / ${text.en}`);
  }
}

/** The files that a database was compared with, by name; those that were given up have no bytes. */
export async function knownFiles(database: Pick<DataSource, 'query'>): Promise<Map<string, number>> {
  const rows: { file: string; bytes: string }[] = await database.query(
    'select file, bytes from archive_file_known where bytes > 0',
  );
  return new Map(rows.map(({ file, bytes }) => [file, Number(bytes)]));
}

/**
 * What of the known files is gone or cut off: any file that became smaller, and those of the last day. Whoever removes old
 * files, whole days at a time, removes none of the last day.
 * @param known sizes in bytes, by name
 * @returns names, in order
 */
export function missingFiles(known: ReadonlyMap<string, number>, files: readonly SizedFile[]): string[] {
  const sizes = new Map(files.map(({ file, bytes }) => [file, bytes]));
  const names = [...known.keys()].sort();
  const lastDay = dayOf(names.at(-1) ?? '');
  return names.filter((name) => {
    const bytes = sizes.get(name);
    return bytes === undefined ? dayOf(name) === lastDay : bytes < known.get(name)!;
  });
}

const dayOf = (name: string): string => name.slice(0, 10);

/**
 * Refuses an archive that lacks what this database was compared with: a folder that is empty because its disk is not
 * mounted would hide that a backup was restored.
 * @throws ArchiveIncomplete (`archive_incomplete`)
 */
export async function assertArchiveComplete(database: DataSource, folder: string): Promise<void> {
  const missing = missingFiles(await knownFiles(database), await lyingFiles(folder));
  if (missing.length > 0) throw new ArchiveIncomplete(folder, missing.slice(0, 3));
}

/**
 * What the archive lacks is lost for good, or the folder is a new one on purpose: the database asks for it no more.
 * @param database as the worker's role
 */
export async function giveUpMissingFiles(database: DataSource, folder: string): Promise<void> {
  const sizes = new Map((await lyingFiles(folder)).map(({ file, bytes }) => [file, bytes]));
  const missing = [...(await knownFiles(database))].flatMap(([file, bytes]) =>
    (sizes.get(file) ?? -1) < bytes ? [file] : [],
  );
  await database.query('update archive_file_known set bytes = 0, known_at = now() where file = any($1)', [
    missing,
  ]);
}

/** Remembers that the database knows what stands in these files. What is remembered is on the disk first. */
export async function rememberFiles(database: DataSource, files: readonly LyingFile[]): Promise<void> {
  for (const { path } of files) {
    const handle = await open(path, 'r');
    await handle.datasync().finally(() => handle.close());
  }
  await database.query(
    `insert into archive_file_known (file, bytes) select * from unnest($1::text[], $2::bigint[])
     on conflict (file) do update set bytes = excluded.bytes, known_at = now()`,
    [files.map(({ file }) => file), files.map(({ bytes }) => bytes)],
  );
}
