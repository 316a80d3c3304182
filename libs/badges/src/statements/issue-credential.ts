import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit, DomainError, publicId, uuid } from '#platform';
import { vcContext } from '#signing';
import type { Refusal } from '../credential-check.js';
import type { Json } from '../credential-facts.js';
import type { IssuanceQueue } from '../issuance-queue.js';
import { endStatement } from './end-statement.js';
import { planStatement } from './plan-statement.js';
import { statusOf } from './statement-credentials.js';

/** A credential of this name was issued and not revoked (`credential_id_taken`). */
class CredentialIdTaken extends DomainError {
  readonly code = 'credential_id_taken';
  constructor() {
    super(
      'A credential with this id was issued already: give each one an id of its own, or revoke that one first',
    );
  }
}

/** Several organisations gave this name to a credential of theirs (`credential_id_ambiguous`). */
class CredentialIdAmbiguous extends DomainError {
  readonly code = 'credential_id_ambiguous';
  constructor(statusIds: string[]) {
    super(
      `Several organisations issued a credential of this name: say which one by the id of its status entry, one of ${statusIds.join(' ')}`,
      { details: { statusEntries: statusIds.join(' ') } },
    );
  }
}

/** It was withdrawn, and its content erased (`issued_credential_ended`). */
class IssuedCredentialEnded extends DomainError {
  readonly code = 'issued_credential_ended';
  constructor() {
    super('This credential was revoked meanwhile: issue another one');
  }
}

/** The worker refused to sign it; says why (`issued_credential_refused`). */
class IssuedCredentialRefused extends DomainError {
  readonly code = 'issued_credential_refused';
  constructor({ code, detail }: Refusal) {
    super(String(detail.en), { details: { why: code } });
  }
}

export interface CredentialOrder {
  /** Whose keys sign. */
  organisationId: string;
  /** Unsigned, as the verification library finds it sound; `issuer` is the organisation, or left out. */
  credential: Json;
  /** A name for one without `id`. */
  credentialId?: string;
  /** Hand it out as EnvelopedVerifiableCredential around a JWT, and not with an embedded proof. */
  isEnveloped: boolean;
  /** Who acts, as an id. */
  by: string;
}

/**
 * Plans a credential that is no badge, for the worker to sign: the same order as for a badge. What it says is the
 * client's word, given under the organisation's name (ADR 0026).
 */
export class IssueCredential {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
  ) {}

  /**
   * @returns id of the order, to ask `signed` for
   * @throws CredentialIdTaken (`credential_id_taken`), OriginChanged (`origin_changed`)
   */
  async run({ organisationId, credential, by, ...order }: CredentialOrder): Promise<string> {
    const id = uuid();
    const outboxId = await this.database.transaction(async (tx) => {
      const credentialId = (credential.id as string | undefined) ?? order.credentialId ?? null;
      await refuseTaken(tx, organisationId, credentialId);
      let statusId = '';
      const planned = await planStatement(
        tx,
        { kind: 'credential', organisationId, origin: this.origin, publicId: publicId() },
        (frame) => {
          const status = statusOf(frame.status);
          statusId = status.id as string;
          const given = [credential.credentialStatus ?? []].flat() as Json[];
          return {
            ...credential,
            issuer: credential.issuer ?? frame.issuer.did,
            credentialStatus: given.length === 0 ? status : [...given, status],
          };
        },
      );
      await tx.query(
        `insert into issued_credential (id, organisation_id, credential_id, status_id, is_enveloped, issued_by, statement_id)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, organisationId, credentialId, statusId, order.isEnveloped, by, planned.statementId],
      );
      await appendAudit(tx, [
        {
          actor: actorOf(by),
          action: 'issued_credential.ordered',
          subject: { issuedCredentialId: id, organisationId, statementId: planned.statementId },
        },
      ]);
      return planned.outboxId;
    });
    await this.queue.enqueue([outboxId]);
    return id;
  }

  /**
   * The signed credential, or null while the worker has not signed it.
   * @throws IssuedCredentialEnded (`issued_credential_ended`), IssuedCredentialRefused (`issued_credential_refused`)
   */
  async signed(id: string): Promise<Json | null> {
    const [row]: {
      state: 'planned' | 'signed' | 'refused' | 'void';
      document: string | null;
      jwt: string | null;
      is_enveloped: boolean;
      refusal: Refusal | null;
    }[] = await this.database.query(
      `select s.state, s.document, s.jwt, i.is_enveloped, s.refusal
       from issued_credential i join statement s on s.id = i.statement_id where i.id = $1`,
      [id],
    );
    if (!row || row.state === 'void') throw new IssuedCredentialEnded();
    if (row.state === 'refused') throw new IssuedCredentialRefused(row.refusal!);
    if (row.state === 'planned') return null;
    if (!row.is_enveloped) return JSON.parse(row.document!) as Json;
    return {
      '@context': vcContext,
      id: `data:application/vc+jwt,${row.jwt!}`,
      type: 'EnvelopedVerifiableCredential',
    };
  }
}

async function refuseTaken(
  tx: EntityManager,
  organisationId: string,
  credentialId: string | null,
): Promise<void> {
  if (credentialId === null) return;
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended('issued_credential:' || $1 || ' ' || $2, 0))`,
    [organisationId, credentialId],
  );
  const taken: unknown[] = await tx.query(
    `select from issued_credential where organisation_id = $1 and credential_id = $2 and ended_at is null`,
    [organisationId, credentialId],
  );
  if (taken.length > 0) throw new CredentialIdTaken();
}

interface IssuedRow {
  id: string;
  organisation_id: string;
  statement_id: string;
  status_id: string;
  ended_at: Date | null;
}

/** Ends credentials that `IssueCredential` issued: for good, in the status list within a minute, erased here at once. */
export class EndIssuedCredential {
  constructor(private readonly database: DataSource) {}

  /**
   * Again changes nothing. A name means one credential: it is unique only within an organisation.
   * @param act.name `id` of the credential, the name it was given, or the `id` of its status entry
   * @param act.orderId the order instead of a name
   * @returns false when no such credential was issued for one of the organisations
   * @throws CredentialIdAmbiguous (`credential_id_ambiguous`) when several of the organisations used the name
   */
  async run(act: {
    name?: string;
    orderId?: string;
    organisationIds: readonly string[];
    by: string;
  }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const rows: IssuedRow[] = await tx.query(
        `select id, organisation_id, statement_id, status_id, ended_at from issued_credential
           where organisation_id = any($2) and (credential_id = $1 or status_id = $1 or id = $3) order by id for update`,
        [act.name ?? null, act.organisationIds, act.orderId ?? null],
      );
      // Ended ones count: the same request again must not reach another organisation's.
      if (new Set(rows.map((row) => row.organisation_id)).size > 1)
        throw new CredentialIdAmbiguous(rows.filter(({ ended_at }) => !ended_at).map((row) => row.status_id));
      for (const { id, organisation_id: organisationId, statement_id: statementId, ended_at } of rows) {
        if (ended_at !== null) continue;
        await tx.query('update issued_credential set ended_by = $2, ended_at = now() where id = $1', [
          id,
          act.by,
        ]);
        await appendAudit(tx, [
          {
            actor: actorOf(act.by),
            action: 'issued_credential.ended',
            subject: { issuedCredentialId: id, organisationId },
          },
        ]);
        await endStatement(tx, statementId, act.by);
      }
      return rows.length > 0;
    });
  }
}
