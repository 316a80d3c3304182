import { createPublicKey } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, logger, sha256Hex } from '#platform';
import {
  assertKeysMaySign,
  type KeyStore,
  type PreparedDocument,
  prepare,
  proofFor,
  securedText,
  signPreparedVcJwt,
} from '#signing';
import { issuerUrl } from '../addresses.js';
import { ArchiveThenStore } from '../archive/archive-then-store.js';
import type { ArchivedStatement } from '../archive/archived-statement.js';
import { NoArchive, type SignedBytesArchive } from '../archive/signed-bytes-archive.js';
import { assertClock } from '../clock-guard.js';
import type { CredentialCheck, Refusal } from '../credential-check.js';
import type { Json } from '../credential-facts.js';
import { notCanonical } from '../planned-credentials.js';
import type { PublishStatusLists } from '../publish-status-lists.js';
import type { SignedBatch } from '../sign-credentials.js';
import { aboutOf, moveAbout } from './about-statement.js';
import { voidStatement } from './end-statement.js';
import { type PlannedStatementRow, plannedStatements, recheckStatement } from './planned-statements.js';

const log = logger('sign-statements');

interface Signed {
  document: string;
  jwt: string;
}

/**
 * Signs the statements of one outbox row in the order of badges: keys recorded, re-check, lint with a throw-away key,
 * sign both ways, verify, status list, archive, store. May run twice at once: whoever stores first is kept.
 */
export class SignStatements {
  private readonly storing: ArchiveThenStore;

  constructor(
    private readonly database: DataSource,
    private readonly keyStore: KeyStore,
    private readonly check: CredentialCheck,
    private readonly statusLists: PublishStatusLists,
    private readonly origin: string,
    private readonly archive: SignedBytesArchive = new NoArchive(),
  ) {
    this.storing = new ArchiveThenStore(database);
  }

  /**
   * @throws SigningKeyUnavailable (`signing_key_unavailable`), KeyServiceUnavailable (`key_service_unavailable`),
   *   ClockDrift (`clock_drift`) and database errors, which a later run may heal; SigningKeyOfAnotherIssuer
   *   (`signing_key_of_another_issuer`)
   */
  async run(outboxId: string): Promise<SignedBatch> {
    await assertClock(this.database);
    await this.recordKeys(outboxId);
    let [signed, refused] = [0, 0];
    for (const row of await plannedStatements(this.database, outboxId)) {
      const result = recheckStatement(row) ?? (await this.sign(row));
      if ('code' in result) {
        refused += 1;
        await this.refuse(row, result);
        continue;
      }
      await this.statusLists.ensureSigned([row.status_list_id]);
      await this.storing.run(
        async () => this.archive.appendStatement(await this.archived(row, result)),
        (database) => this.store(database, row, result),
      );
      signed += 1;
    }
    await this.database.query(
      `update outbox set done_at = now() where id = $1 and done_at is null
       and not exists (select from statement where outbox_id = $1 and state = 'planned')`,
      [outboxId],
    );
    return { signed, refused };
  }

  /** I2: which keys will sign is written before anything is signed; a key that was reported stolen is replaced. */
  private async recordKeys(outboxId: string): Promise<void> {
    const rows: { id: string; organisation_id: string }[] = await this.database.query(
      `select s.id, s.organisation_id from statement s where s.outbox_id = $1 and s.state = 'planned'
       and (s.ed25519_key_id is null or s.rs256_key_id is null or exists (
         select from signing_key k where k.id in (s.ed25519_key_id, s.rs256_key_id) and k.compromised_since is not null))`,
      [outboxId],
    );
    for (const { id, organisation_id: organisationId } of rows) {
      const active = await this.keyStore.ensureKeys(organisationId);
      await this.database.query(
        "update statement set ed25519_key_id = $2, rs256_key_id = $3 where id = $1 and state = 'planned'",
        [id, active.Ed25519.id, active.RS256.id],
      );
    }
  }

  private async sign(row: PlannedStatementRow): Promise<Signed | Refusal> {
    const credential = JSON.parse(row.payload) as Json;
    const read: PreparedDocument | Error = await prepare(credential).catch((error: Error) => error);
    if (read instanceof Error) return notCanonical(read);
    // What a client had issued is no badge, and its dates are the client's.
    const anyKind = row.kind === 'credential';
    const [fault] = await this.check.lint(credential, read, anyKind);
    if (fault) return fault;
    const [ed25519, rs256] = [
      await this.keyStore.signerFor(row.ed25519_key_id, row.organisation_id),
      await this.keyStore.signerFor(row.rs256_key_id, row.organisation_id),
    ];
    const verificationMethod = `${row.issuer_did}#${row.ed25519_key_id}`;
    const kid = `${issuerUrl(this.origin, row.slug)}/keys/${row.rs256_key_id}`;
    const created = anyKind ? row.planned_at : new Date(credential.validFrom as string);
    const proof = [await proofFor(read, { privateKey: ed25519.privateKey, verificationMethod, created })];
    const document = securedText(read, proof);
    const jwt = await signPreparedVcJwt(read, { privateKey: rs256.privateKey, kid, anyKind });
    const [wrong] = await this.check.verify({
      document: { ...read.document, proof },
      text: document,
      jwt,
      prepared: read,
      anyKind,
      ed25519: { verificationMethod, publicKey: createPublicKey(ed25519.privateKey) },
      rs256: { kid, publicKey: createPublicKey(rs256.privateKey) },
    });
    return wrong ?? { document, jwt };
  }

  private async archived(row: PlannedStatementRow, { document, jwt }: Signed): Promise<ArchivedStatement> {
    return {
      id: row.id,
      kind: row.kind,
      organisationId: row.organisation_id,
      publicId: row.public_id,
      statusListId: row.status_list_id,
      statusListPublicId: row.status_list_public_id,
      statusIndex: row.status_index,
      ed25519KeyId: row.ed25519_key_id,
      rs256KeyId: row.rs256_key_id,
      issuerDid: row.issuer_did,
      signedAt: new Date().toISOString(),
      payload: row.payload,
      document,
      jwt,
      ...(row.supersedes !== null && { supersedes: row.supersedes }),
      about: await aboutOf(this.database.manager, row),
    };
  }

  private async store(
    database: EntityManager,
    row: PlannedStatementRow,
    { document, jwt }: Signed,
  ): Promise<void> {
    const documentSha256 = sha256Hex(document);
    await database.transaction(async (tx) => {
      await assertKeysMaySign(
        tx,
        [row.ed25519_key_id, row.rs256_key_id].map((keyId) => ({ keyId, issuerId: row.organisation_id })),
      );
      if (row.supersedes !== null && !(await takePlace(tx, row, row.supersedes))) return;
      // What was withdrawn meanwhile is void by now and stays so.
      const [stored]: [unknown[], number] = await tx.query(
        `update statement set state = 'signed', document = $2, document_sha256 = $3, jwt = $4, signed_at = now()
         where id = $1 and state = 'planned' and ed25519_key_id = $5 and rs256_key_id = $6 returning id`,
        [row.id, document, documentSha256, jwt, row.ed25519_key_id, row.rs256_key_id],
      );
      if (stored.length > 0)
        await appendAudit(tx, [
          { actor: 'worker', action: 'statement.signed', subject: { statementId: row.id, documentSha256 } },
        ]);
    });
  }

  private async refuse(row: PlannedStatementRow, refusal: Refusal): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [stored]: [unknown[], number] = await tx.query(
        `update statement set state = 'refused', refusal = $2::jsonb || jsonb_build_object('at', now())
         where id = $1 and state = 'planned' returning id`,
        [row.id, JSON.stringify(refusal)],
      );
      if (stored.length > 0)
        await appendAudit(tx, [
          {
            actor: 'worker',
            action: 'statement.refused',
            subject: { statementId: row.id, code: refusal.code },
          },
        ]);
    });
    log.warn({ statementId: row.id, code: refusal.code }, 'statement refused');
  }
}

/**
 * Lets a statement that is about to be stored take the place of the one it supersedes.
 * @returns false when that one was withdrawn meanwhile: signing again never undoes a withdrawal
 */
async function takePlace(tx: EntityManager, row: PlannedStatementRow, supersedes: string): Promise<boolean> {
  // The first one is locked first, as whoever withdraws it does.
  const [old]: { state: string; is_compromised: boolean }[] = await tx.query(
    `select s.state, exists (select from signing_key k where k.id in (s.ed25519_key_id, s.rs256_key_id)
                             and k.compromised_since is not null) as is_compromised
     from statement s where s.id = $1 for update of s`,
    [supersedes],
  );
  const waits: unknown[] = await tx.query(
    "select 1 from statement where id = $1 and state = 'planned' for update",
    [row.id],
  );
  if (waits.length === 0) return false;
  if (old?.state !== 'signed') {
    await tx.query("update statement set state = 'void', payload = '' where id = $1", [row.id]);
    return false;
  }
  const reason = old.is_compromised ? 'key_compromised' : 'superseded';
  await voidStatement(tx, supersedes, { reason, by: 'worker' });
  await moveAbout(tx, supersedes, row.id);
  await appendAudit(tx, [
    {
      actor: 'worker',
      action: 'statement.reissued',
      subject: { statementId: row.id, supersedes, organisationId: row.organisation_id },
    },
  ]);
  return true;
}
