import type { EntityManager } from 'typeorm';
import { appendAudit, sha256 } from '#platform';
import type { ArchivedCredential, ArchivedIssuer, ArchivedKey } from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';
import { ensureLists, insertOrphans, obstacles, putBack, reservePlaces } from './put-back.js';
import { organisationsOf, putStatementBack } from './put-back-statements.js';
import { newestFacts, putIssuersBack } from './put-issuers-back.js';
import { orphanOf, type Reconciliation } from './reconciliation.js';
import { isSignedSince, refusedAt } from './signed-otherwise.js';

/** Is a structure that this line names one that the database does not know? */
export async function isOfUnknown(tx: EntityManager, statement: ArchivedStatement): Promise<boolean> {
  const ids = new Set(organisationsOf(statement));
  const known: unknown[] = await tx.query('select from organisation where id = any($1)', [[...ids]]);
  return known.length < ids.size;
}

/**
 * Puts one endorsement, record or credential of the VC-API back, or lists it, and counts it.
 * @param isRepeated an earlier line told of it, and it was counted then
 */
export async function reconcileStatement(
  tx: EntityManager,
  statement: ArchivedStatement,
  isRepeated: boolean,
  result: Reconciliation,
): Promise<void> {
  const became = await putStatementBack(tx, statement);
  if (became === 'there') result.alreadyThere += isRepeated ? 0 : 1;
  else if (became === 'back') result.putBack += 1;
  else if (became === 'differs') differs(statement.id, result);
  else
    result.orphans.push({
      credentialId: statement.id,
      organisationId: statement.organisationId,
      badgeCode: statement.kind,
      why: became,
    });
}

const differs = (id: string, { differing }: Reconciliation): void => {
  if (!differing.includes(id)) differing.push(id);
};

interface Known {
  id: string;
  state: string | null;
  document_sha256: string | null;
  refused_at: Date | null;
  is_orphan: boolean;
}

/**
 * Puts back those badges of a batch that the database has lost, with their structures, lists and places, and counts all.
 * @param seen.issuers what the archive's keys told of their structures so far
 * @param seen.repeated of this batch, those that an earlier one counted
 * @param seen.successors takes those badges of which only the whole archive says whether they stand in another's place
 */
export async function reconcileCredentials(
  tx: EntityManager,
  credentials: ArchivedCredential[],
  {
    successors,
    issuers,
    repeated,
  }: {
    successors: Map<string, ArchivedCredential>;
    issuers: Map<string, ArchivedIssuer>;
    repeated: ReadonlySet<string>;
  },
  result: Reconciliation,
): Promise<void> {
  const rows: Known[] = await tx.query(
    `select t.id, c.state, c.document_sha256, o.credential_id is not null as is_orphan,
            ${refusedAt('c')} as refused_at from unnest($1::uuid[]) as t (id)
     left join credential c on c.id = t.id left join orphan_credential o on o.credential_id = t.id`,
    [credentials.map(({ id }) => id)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const lost: ArchivedCredential[] = [];
  for (const credential of credentials) {
    const {
      state,
      document_sha256: digest,
      is_orphan: isOrphan,
      refused_at: refused,
    } = known.get(credential.id)!;
    const there = repeated.has(credential.id) ? 0 : 1;
    if (isOrphan) result.alreadyThere += there;
    else if (state === null || state === 'planned' || isSignedSince(credential, refused))
      lost.push(credential);
    else if (digest !== null && digest !== sha256(credential.document).toString('hex'))
      differs(credential.id, result);
    else result.alreadyThere += there;
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
export async function putKeyBack(tx: EntityManager, key: ArchivedKey): Promise<boolean> {
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
