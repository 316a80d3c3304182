import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit } from '#platform';
import { assertArchiveComplete, giveUpMissingFiles } from './archive-incomplete.js';
import type { ArchivedCredential, ArchivedIssuer } from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';
import { MarkTrail } from './chain-marks.js';
import { countAsSeen } from './put-back.js';
import { eraseEndedStatements } from './put-back-statements.js';
import { putIssuersBack } from './put-issuers-back.js';
import { putSuccessorBack } from './put-successor-back.js';
import { readArchive } from './read-archive.js';
import { isOfUnknown, putKeyBack, reconcileCredentials, reconcileStatement } from './reconcile-lines.js';
import { emptyReconciliation, type Orphan, orphanOf, type Reconciliation } from './reconciliation.js';
import { ArchivedLists, restoreList } from './restore-lists.js';
import { FolderArchive } from './signed-bytes-archive.js';

interface ReconcileOptions {
  dryRun?: boolean;
  damagedAreLost?: boolean;
  missingAreLost?: boolean;
  /** Who does it, for the audit. */
  by?: string;
  onProgress?: (archived: number) => void;
}

const batchSize = 200;

class DryRun extends Error {}

/**
 * Finds again what was signed and given out after the backup that was restored: credentials, public keys, and what the
 * published status lists said. Repeating it changes nothing more. Nothing may plan or sign meanwhile.
 */
export class ReconcileArchive {
  /** @param database as the worker's role */
  constructor(
    private readonly database: DataSource,
    private readonly folder: string,
  ) {}

  /**
   * @param options.damagedAreLost damaged lines are lost for good: places that only they could explain are kept. Without
   *   it such places wait, and the service refuses to start, until the file is put back.
   * @param options.missingAreLost files that the archive had once are lost for good, or the folder is new on purpose
   * @throws ArchiveIncomplete (`archive_incomplete`) without it
   */
  async run(options: ReconcileOptions = {}): Promise<Reconciliation> {
    if (!options.missingAreLost) await assertArchiveComplete(this.database, this.folder);
    const result = emptyReconciliation();
    result.orphansBefore = await orphansOf(this.database);
    if (!options.dryRun) {
      const base = await this.read(result, (work) => this.database.transaction(work), options);
      // At once: the archive may refuse to be written, and the next run finds all of this there already.
      await this.tellWho(result, options);
      if (result.auditLinesLost > 0) await this.voidMarks(base);
      if (options.missingAreLost) await giveUpMissingFiles(this.database, this.folder);
      return result;
    }
    // The dry run does everything and takes it back: what it tells is what would happen.
    await this.database
      .transaction(async (tx) => {
        await this.read(result, (work) => work(tx), options);
        throw new DryRun();
      })
      .catch((error: unknown) => {
        if (!(error instanceof DryRun)) throw error;
      });
    return result;
  }

  /** What each line of the audit says was put back, somebody asked for once. */
  private async tellWho(result: Reconciliation, { by = 'cli', ...options }: ReconcileOptions): Promise<void> {
    const { damagedAreLost = false, missingAreLost = false } = options;
    const done = {
      credentials: result.putBack,
      orphans: result.orphans.length,
      organisations: result.issuersPutBack.length,
      keys: result.keysPutBack,
      lists: result.listsBroughtForward,
      statuses: result.statusesBroughtForward,
      places: result.placesReserved,
    };
    if (!damagedAreLost && !missingAreLost && Object.values(done).every((count) => count === 0)) return;
    const subject = { ...done, damagedAreLost, missingAreLost };
    await appendAudit(this.database.manager, [{ actor: actorOf(by), action: 'archive.reconciled', subject }]);
  }

  /** From now on the archive says that its marks beyond this line are void. */
  private async voidMarks({ seq, files }: { seq: number; files: string[] }): Promise<void> {
    const archive = new FolderArchive(this.folder, async () => null);
    try {
      await archive.appendRestore({ seq, files, at: new Date().toISOString() });
    } finally {
      await archive.close();
    }
  }

  /** @returns the last line of the chain that archive and database both know, and the files with marks beyond it */
  private async read(
    result: Reconciliation,
    inTransaction: (work: (tx: EntityManager) => Promise<void>) => Promise<void>,
    { damagedAreLost = false, onProgress }: ReconcileOptions,
  ): Promise<{ seq: number; files: string[] }> {
    const trail = new MarkTrail(this.database);
    const lists = new ArchivedLists();
    const issuers = new Map<string, ArchivedIssuer>();
    const successors = new Map<string, ArchivedCredential>();
    const later: { statement: ArchivedStatement; isRepeated: boolean }[] = [];
    const told = new Set<string>();
    const count = (id: string): { isRepeated: boolean } => {
      const isRepeated = told.has(id);
      result[isRepeated ? 'repeated' : 'archived'] += 1;
      told.add(id);
      return { isRepeated };
    };
    let batch = new Map<string, ArchivedCredential>();
    let repeated = new Set<string>();
    const flush = async (): Promise<void> => {
      const [credentials, seen] = [[...batch.values()], { successors, issuers, repeated }];
      batch = new Map();
      repeated = new Set();
      if (credentials.length > 0)
        await inTransaction((tx) => reconcileCredentials(tx, credentials, seen, result));
      onProgress?.(result.archived);
    };
    for await (const line of readArchive(this.folder)) {
      if (line.kind === 'unreadable') {
        if (line.torn) result.torn += 1;
        else result.damaged.push({ file: line.file, line: line.line });
      } else if (line.kind === 'key') {
        if (line.key.issuer) issuers.set(line.key.issuerId, line.key.issuer);
        await inTransaction(async (tx) => {
          if (await putKeyBack(tx, line.key)) result.keysPutBack += 1;
        });
      } else if (line.kind === 'chain') {
        await trail.add(line.mark, line.file);
      } else if (line.kind === 'restore') {
        await trail.restored(line.restore);
      } else if (line.kind === 'list') {
        lists.add(line.list);
      } else if (line.kind === 'statement') {
        const { isRepeated } = count(line.statement.id);
        if (!isRepeated) result.statements += 1;
        await inTransaction(async (tx) => {
          // Its structure is put back when all is read, or before by a badge.
          if (await isOfUnknown(tx, line.statement)) later.push({ statement: line.statement, isRepeated });
          else await reconcileStatement(tx, line.statement, isRepeated, result);
        });
      } else {
        const { id } = line.credential;
        const { isRepeated } = count(id);
        // A second line of one credential, after a crash or of a second worker, says the same.
        if (!batch.has(id)) {
          batch.set(id, line.credential);
          if (isRepeated) repeated.add(id);
        }
        if (batch.size === batchSize) await flush();
      }
    }
    await flush();
    await inTransaction(async (tx) => {
      result.issuersPutBack.push(...(await putIssuersBack(tx, [...issuers.keys()], (id) => issuers.get(id))));
    });
    for (const { statement, isRepeated } of later)
      await inTransaction((tx) => reconcileStatement(tx, statement, isRepeated, result));
    // In the order in which they were planned: one may stand in the place of another.
    for (const id of [...successors.keys()].sort())
      await inTransaction(async (tx) => {
        const credential = successors.get(id)!;
        const why = await putSuccessorBack(tx, credential, lists);
        if (why) result.orphans.push(orphanOf(credential, why));
        else result.putBack += 1;
      });
    // A damaged line may be of the very badge that a place belongs to.
    const reserves = damagedAreLost || result.damaged.length === 0;
    // One transaction: half of it done would look like all of it.
    await inTransaction(async (tx) => {
      for (const { latest, revoked } of lists.all()) {
        const { isForward, changed, reserved } = await restoreList(tx, latest, revoked, { reserves });
        result.placesReserved += reserved;
        if (isForward) result.listsBroughtForward += 1;
        result.statusesBroughtForward += changed;
      }
      await eraseEndedStatements(tx);
    });
    const { off, onChain } = await trail.result();
    result.auditLinesLost = off.length > 0 ? off.at(-1)!.seq - onChain : 0;
    if (result.auditLinesLost + result.putBack + result.orphans.length > 0) await inTransaction(countAsSeen);
    return { seq: onChain, files: [...new Set(off.map(({ file }) => file))] };
  }
}

const orphansOf = (database: DataSource): Promise<Orphan[]> =>
  database.query(
    `select credential_id as "credentialId", organisation_id as "organisationId", badge_code as "badgeCode", why
     from orphan_credential order by found_at, credential_id`,
  );
