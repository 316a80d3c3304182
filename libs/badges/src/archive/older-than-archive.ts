import type { DataSource } from 'typeorm';
import { DomainError, type Text } from '#platform';
import { assertArchiveComplete, knownFiles, rememberFiles } from './archive-incomplete.js';
import { archiveTails, type LyingFile } from './archive-tails.js';
import type { ArchivedStatusList } from './archived-credential.js';
import { ArchivedRevocations, type ListDocument } from './archived-revocations.js';
import { marksOffChain } from './chain-marks.js';
import { restoreList, toldBy } from './restore-lists.js';
import { wouldSignOtherwise } from './signed-otherwise.js';

/** An older backup was restored and not reconciled with its archive (`database_older_than_archive`). */
export class DatabaseOlderThanArchive extends DomainError {
  readonly code = 'database_older_than_archive';
  constructor(
    folder: string,
    readonly text: Required<Text> = {
      fr: `La base est plus ancienne que l’archive ${folder} : une sauvegarde a été remise. Lancez « insigne restore reconcile » pour retrouver les badges délivrés et les retraits décidés depuis, puis démarrez (docs/runbooks/restore.md).`,
      en: `The database is older than the archive ${folder}: a backup was restored. Run "insigne restore reconcile" to find the badges issued and the revocations made since, then start (docs/runbooks/restore.md).`,
    },
  ) {
    super(`${text.fr} / ${text.en}`);
  }
}

interface Standing {
  isOlder: boolean;
  /** Lists that were archived, but not published when their worker ended. */
  next: ArchivedStatusList[];
  /** Files that were read. */
  read: LyingFile[];
}

/**
 * Does the archive know badges, signatures, revocations, versions of status lists or lines of the audit chain that the database has
 * never heard of? Then an older backup was restored: a status index could be given twice, and a revoked badge would
 * count again. Looks at the end of each file only, and passes over those that a worker of this very database compared
 * when it started: the database remembers their size, and an older backup remembers less.
 */
export async function isOlderThanArchive(database: DataSource, folder: string): Promise<boolean> {
  return (await standing(database, folder)).isOlder;
}

/**
 * Refuses a database that knows less than its archive of signed bytes: whoever plans or signs now could give a status
 * index twice, or take a revocation back. Refuses an archive that lost what the database was compared with as well.
 * @throws DatabaseOlderThanArchive (`database_older_than_archive`), ArchiveIncomplete (`archive_incomplete`)
 */
export async function assertKnowsArchive(database: DataSource, folder: string): Promise<void> {
  await assertArchiveComplete(database, folder);
  if (await isOlderThanArchive(database, folder)) throw new DatabaseOlderThanArchive(folder);
}

/**
 * As `assertKnowsArchive`; then takes over the versions of status lists that a worker archived and did not publish
 * before it ended, so that no version is ever given to two lists.
 * @param database as the worker's role
 * @throws DatabaseOlderThanArchive (`database_older_than_archive`), ArchiveIncomplete (`archive_incomplete`)
 */
export async function takeOverArchive(database: DataSource, folder: string): Promise<void> {
  await assertArchiveComplete(database, folder);
  const { isOlder, next, read } = await standing(database, folder);
  if (isOlder) throw new DatabaseOlderThanArchive(folder);
  for (const list of next) await database.transaction((tx) => restoreList(tx, list, new Set()));
  await rememberFiles(database, read);
}

async function standing(database: DataSource, folder: string): Promise<Standing> {
  const known = await knownFiles(database);
  const tails = await archiveTails(folder, ({ file, bytes }) => known.get(file) === bytes);
  const next: ArchivedStatusList[] = [];
  const isOlder = async (): Promise<boolean> => {
    if (
      await hasUnknown(
        database,
        tails.flatMap(({ signedIds }) => signedIds),
      )
    )
      return true;
    if (await wouldSignOtherwise(database, tails)) return true;
    // A mark is archived after its line is in the database.
    const marks = tails.flatMap(({ mark }) => mark ?? []);
    if ((await marksOffChain(database, marks)).length > 0) return true;
    const byId = new Map<string, ArchivedStatusList[]>();
    for (const list of tails.flatMap(({ lists }) => lists))
      byId.set(list.id, [...(byId.get(list.id) ?? []), list]);
    for (const lists of byId.values()) {
      const found = await compareLists(database, lists);
      if (found === 'older') return true;
      if (found === 'next') next.push(...newestOf(lists));
    }
    return false;
  };
  // What a restore made void holds for the other files as long as they are read.
  const read = tails.filter(({ isOfRestore }) => !isOfRestore);
  return { isOlder: await isOlder(), next, read };
}

/** What is planned only is known: a worker that was killed between archiving and storing leaves it so. */
async function hasUnknown(database: DataSource, ids: string[]): Promise<boolean> {
  const [{ unknown }]: [{ unknown: number }] = await database.query(
    `select count(*)::int as unknown from unnest($1::uuid[]) as t (id)
     where not exists (select from credential c where c.id = t.id)
       and not exists (select from statement s where s.id = t.id)
       and not exists (select from orphan_credential o where o.credential_id = t.id)`,
    [ids],
  );
  return unknown > 0;
}

const newestOf = (lists: ArchivedStatusList[]): ArchivedStatusList[] => {
  const version = Math.max(...lists.map((list) => list.version));
  return lists.filter((list) => list.version === version);
};

/** As `compareList`, of what several files tell of one list: all that any of them revoked, and its newest versions. */
async function compareLists(
  database: DataSource,
  lists: ArchivedStatusList[],
): Promise<'known' | 'next' | 'older'> {
  const revocations = new ArchivedRevocations();
  for (const list of new Map(lists.map((one) => [one.document, one])).values())
    revocations.add(list, JSON.parse(list.document) as ListDocument);
  const revoked = revocations.of(lists[0]!.id);
  const found = new Set<string>();
  for (const list of newestOf(lists)) found.add(await compareTold(database, list, revoked));
  return found.has('older') ? 'older' : found.has('next') ? 'next' : 'known';
}

/**
 * A list is archived before the database knows of it: one version more, which tells nothing that the database does not
 * know, is what a crash leaves ('next').
 */
export async function compareList(
  database: Pick<DataSource, 'query'>,
  list: ArchivedStatusList,
): Promise<'known' | 'next' | 'older'> {
  return compareTold(database, list, toldBy(list).revoked);
}

async function compareTold(
  database: Pick<DataSource, 'query'>,
  list: ArchivedStatusList,
  revoked: number[],
): Promise<'known' | 'next' | 'older'> {
  const [row]: { version: number | null; is_older: boolean }[] = await database.query(
    `select l.version, exists (
       select from unnest($3::int[] || $4::int[]) as t (position)
       where not exists (select from status_entry e where e.status_list_id = $1 and e.position = t.position))
     or exists (
       select from status_entry e where e.status_list_id = l.id and e.state <> 'revoked' and (
         e.position = any($3::int[]) or l.version < $5 and e.version = e.listed_version
           and (e.state = 'suspended') <> (e.position = any($4::int[])))) as is_older
     from organisation o left join status_list l on l.id = $1 where o.id = $2`,
    [list.id, list.organisationId, revoked, list.suspended, list.version],
  );
  if (!row) return 'known';
  if (row.version === null || row.is_older || row.version < list.version - 1) return 'older';
  return row.version < list.version ? 'next' : 'known';
}
