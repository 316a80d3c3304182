import type { EntityManager } from 'typeorm';
import { appendAudit, programVersion, sha256Hex, type Text, uuid } from '#platform';
import { didWebFor } from '#signing';
import { statusListUrl } from '../addresses.js';
import { allocateStatus } from '../allocate-status.js';
import type { CredentialFacts, Json } from '../credential-facts.js';
import { assertInstallation } from '../installation.js';
import { type StatementKind, statementTopic } from './statement.js';
import type { StatementFrame } from './statement-credentials.js';

export interface PlannedStatement {
  statementId: string;
  /** To put in the queue once the transaction is committed. */
  outboxId: string;
}

/**
 * Fixes everything the signatures of a statement will cover, and promises them in the outbox, in the caller's
 * transaction: the same order as for a badge (ARCHITECTURE, order of issuance).
 * @param input.organisationId whose keys will sign
 * @param content the unsigned credential; pure
 * @throws OriginChanged (`origin_changed`) when this data issues under another origin
 */
export async function planStatement(
  tx: EntityManager,
  input: { kind: StatementKind; organisationId: string; origin: string; publicId: string },
  content: (frame: StatementFrame) => Json,
): Promise<PlannedStatement> {
  await assertInstallation(tx, input.origin, programVersion);
  const statementId = uuid();
  const outboxId = uuid();
  const slot = (await allocateStatus(tx, input.organisationId, [statementId])).get(statementId)!;
  const [{ now }]: [{ now: Date }] = await tx.query("select date_trunc('second', now()) as now");
  const issuer = await issuerFacts(tx, input.organisationId, input.origin);
  const payload = JSON.stringify(
    content({
      origin: input.origin,
      issuer,
      validFrom: now,
      status: { listUrl: statusListUrl(input.origin, slot.statusListPublicId), index: slot.index },
    }),
  );
  await tx.query('insert into outbox (id, topic, organisation_id, priority) values ($1, $2, $3, 1)', [
    outboxId,
    statementTopic,
    input.organisationId,
  ]);
  await tx.query(
    `insert into statement (id, kind, organisation_id, public_id, state, outbox_id, status_list_id, status_index,
                            issuer_did, payload, payload_sha256)
     values ($1, $2, $3, $4, 'planned', $5, $6, $7, $8, $9, $10)`,
    [
      statementId,
      input.kind,
      input.organisationId,
      input.publicId,
      outboxId,
      slot.statusListId,
      slot.index,
      issuer.did,
      payload,
      sha256Hex(payload),
    ],
  );
  await appendAudit(tx, [
    {
      actor: 'rules',
      action: 'statement.planned',
      subject: { statementId, organisationId: input.organisationId, payloadSha256: sha256Hex(payload) },
    },
  ]);
  return { statementId, outboxId };
}

/** What a credential says of the organisation that issues it. */
async function issuerFacts(
  tx: EntityManager,
  organisationId: string,
  origin: string,
): Promise<CredentialFacts['issuer']> {
  const [row]: {
    slug: string;
    public_name: string;
    siret: string | null;
    url: string | null;
    description: Text | null;
    parent_slug: string | null;
    parent_name: string | null;
  }[] = await tx.query(
    `select o.slug, o.public_name, o.siret, o.url, o.description, p.slug as parent_slug, p.public_name as parent_name
     from organisation o left join organisation p on p.id = o.parent_id where o.id = $1`,
    [organisationId],
  );
  const { parent_slug: parentSlug, parent_name: parentName } = row!;
  return {
    did: didWebFor(origin, row!.slug),
    slug: row!.slug,
    name: row!.public_name,
    url: row!.url,
    description: row!.description ?? {},
    siret: row!.siret,
    parent: parentSlug === null ? null : { slug: parentSlug, name: parentName! },
  };
}
