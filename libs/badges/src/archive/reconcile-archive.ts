import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, sha256 } from '#platform';
import { assertArchiveComplete, giveUpMissingFiles } from './archive-incomplete.js';
import type { ArchivedCredential, ArchivedIssuer, ArchivedKey } from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';
import { MarkTrail } from './chain-marks.js';
import type { OrphanReason } from './orphan-credential.js';
import { ensureLists, insertOrphans, obstacles, putBack, reservePlaces } from './put-back.js';
import { eraseEndedStatements, organisationsOf, putStatementBack } from './put-back-statements.js';
import { newestFacts, putIssuersBack, type RestoredIssuer } from './put-issuers-back.js';
import { putSuccessorBack } from './put-successor-back.js';
import { readArchive } from './read-archive.js';
import { ArchivedLists, restoreList } from './restore-lists.js';
import { FolderArchive } from './signed-bytes-archive.js';

export interface Orphan {
  credentialId: string;
  organisationId: string;
  badgeCode: string;
  why: OrphanReason;
}

/** What a reconciliation found and did; with a dry run, what it would do. */
export interface Reconciliation {
  /** Lines of credentials in the archive, repeated ones included. */
  archived: number;
  alreadyThere: number;
  /** Credentials the database did not know, or knew as planned only, that are there again. */
  putBack: number;
  /** Given out, but without award or person: listed, their places reserved (but those of an organisation that stays unknown). */
  orphans: Orphan[];
  /** Structures that the database did not know, with what they showed of themselves; register them again. */
  issuersPutBack: RestoredIssuer[];
  /** In the database with other bytes than in the archive: nothing is changed. */
  differing: string[];
  keysPutBack: number;
  listsBroughtForward: number;
  statusesBroughtForward: number;
  /** Places of lists that were revoked or suspended before their badge was ever signed: kept for ever, for nobody. */
  placesReserved: number;
  /** Lines of the audit chain that the archive knows and the restored database does not; later events follow its own. */
  auditLinesLost: number;
  /** Torn last lines, which a crash leaves. */
  torn: number;
  /** Damaged lines: put their file back from its backup and run again. */
  damaged: { file: string; line: number }[];
}

interface ReconcileOptions {
  dryRun?: boolean;
  damagedAreLost?: boolean;
  missingAreLost?: boolean;
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
    const result: Reconciliation = {
      archived: 0,
      alreadyThere: 0,
      putBack: 0,
      orphans: [],
      issuersPutBack: [],
      differing: [],
      keysPutBack: 0,
      listsBroughtForward: 0,
      statusesBroughtForward: 0,
      placesReserved: 0,
      auditLinesLost: 0,
      torn: 0,
      damaged: [],
    };
    if (!options.dryRun) {
      const base = await this.read(result, (work) => this.database.transaction(work), options);
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
    const later: ArchivedStatement[] = [];
    let batch = new Map<string, ArchivedCredential>();
    const flush = async (): Promise<void> => {
      const credentials = [...batch.values()];
      batch = new Map();
      if (credentials.length > 0)
        await inTransaction((tx) => reconcileBatch(tx, credentials, { successors, issuers }, result));
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
        result.archived += 1;
        await inTransaction(async (tx) => {
          // Its structure is put back when all is read, or before by a badge.
          if (await isOfUnknown(tx, line.statement)) later.push(line.statement);
          else await reconcileStatement(tx, line.statement, result);
        });
      } else {
        result.archived += 1;
        // A second line of one credential, after a crash or of a second worker, says the same.
        if (!batch.has(line.credential.id)) batch.set(line.credential.id, line.credential);
        if (batch.size === batchSize) await flush();
      }
    }
    await flush();
    await inTransaction(async (tx) => {
      result.issuersPutBack.push(...(await putIssuersBack(tx, [...issuers.keys()], (id) => issuers.get(id))));
    });
    for (const statement of later) await inTransaction((tx) => reconcileStatement(tx, statement, result));
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
    return { seq: onChain, files: [...new Set(off.map(({ file }) => file))] };
  }
}

const orphanOf = (credential: ArchivedCredential, why: OrphanReason): Orphan => ({
  credentialId: credential.id,
  organisationId: credential.organisationId,
  badgeCode: credential.award.badgeCode,
  why,
});

async function isOfUnknown(tx: EntityManager, statement: ArchivedStatement): Promise<boolean> {
  const ids = new Set(organisationsOf(statement));
  const known: unknown[] = await tx.query('select from organisation where id = any($1)', [[...ids]]);
  return known.length < ids.size;
}

async function reconcileStatement(
  tx: EntityManager,
  statement: ArchivedStatement,
  result: Reconciliation,
): Promise<void> {
  const became = await putStatementBack(tx, statement);
  if (became === 'there') result.alreadyThere += 1;
  else if (became === 'back') result.putBack += 1;
  else if (became === 'differs') result.differing.push(statement.id);
  else
    result.orphans.push({
      credentialId: statement.id,
      organisationId: statement.organisationId,
      badgeCode: statement.kind,
      why: became,
    });
}

interface Known {
  id: string;
  state: string | null;
  document_sha256: string | null;
  is_orphan: boolean;
}

async function reconcileBatch(
  tx: EntityManager,
  credentials: ArchivedCredential[],
  {
    successors,
    issuers,
  }: { successors: Map<string, ArchivedCredential>; issuers: Map<string, ArchivedIssuer> },
  result: Reconciliation,
): Promise<void> {
  const rows: Known[] = await tx.query(
    `select t.id, c.state, c.document_sha256, o.credential_id is not null as is_orphan from unnest($1::uuid[]) as t (id)
     left join credential c on c.id = t.id left join orphan_credential o on o.credential_id = t.id`,
    [credentials.map(({ id }) => id)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const lost: ArchivedCredential[] = [];
  for (const credential of credentials) {
    const { state, document_sha256: digest, is_orphan: isOrphan } = known.get(credential.id)!;
    if (isOrphan) result.alreadyThere += 1;
    else if (state === null || state === 'planned') lost.push(credential);
    else if (digest !== null && digest !== sha256(credential.document).toString('hex'))
      result.differing.push(credential.id);
    else result.alreadyThere += 1;
  }
  if (lost.length === 0) return;
  const organisationIds = lost.map(({ organisationId }) => organisationId);
  const factsOf = (id: string) => issuers.get(id) ?? newestFacts(id, lost);
  result.issuersPutBack.push(...(await putIssuersBack(tx, organisationIds, factsOf)));
  await ensureLists(tx, lost);
  const clashing = await reservePlaces(tx, lost);
  const why = await obstacles(tx, lost);
  for (const id of clashing) why.set(id, 'index_given_again');
  // Whether a second badge of a person stands in the place of the first is known when all lists are read.
  const awards = new Map<string, string>();
  for (const credential of [...lost].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { organisationId, award } = credential;
    const place = `${organisationId} ${award.badgeCode} ${award.personId}`;
    const first = awards.get(place) ?? award.id;
    awards.set(place, first);
    if (why.get(credential.id) === 'awarded_again' || (!why.has(credential.id) && first !== award.id))
      successors.set(credential.id, credential);
  }
  const orphans = lost.flatMap((credential) => {
    const reason = why.get(credential.id);
    return reason && !successors.has(credential.id) ? [{ credential, why: reason }] : [];
  });
  if (orphans.length > 0) await insertOrphans(tx, orphans);
  result.orphans.push(...orphans.map(({ credential, why: reason }) => orphanOf(credential, reason)));
  const back = lost.filter(({ id }) => !why.has(id) && !successors.has(id));
  for (const organisationId of new Set(back.map((c) => c.organisationId)))
    await putBack(
      tx,
      back.filter((c) => c.organisationId === organisationId),
    );
  result.putBack += back.length;
}

/** The public half comes back as a retired key: it verifies, and never signs. */
async function putKeyBack(tx: EntityManager, key: ArchivedKey): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `insert into signing_key (id, issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key, created_at, retired_at)
     values ($1, $2, $3, $4, $5, ''::bytea, $6, now()) on conflict (id) do nothing returning id`,
    [key.id, key.issuerId, key.algorithm, JSON.stringify(key.publicJwk), key.publicMultibase, key.createdAt],
  );
  if (rows.length > 0)
    await appendAudit(tx, [
      { actor: 'cli', action: 'key.restored', subject: { keyId: key.id, organisationId: key.issuerId } },
    ]);
  return rows.length > 0;
}
