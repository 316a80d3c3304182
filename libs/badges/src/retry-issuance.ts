import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, uuid } from '#platform';
import type { IssuanceQueue } from './issuance-queue.js';
import { replanRefusedStatements } from './statements/refused-statements.js';

/** Dead letters (ids of outbox rows) and refused credentials and statements (their ids), of one organisation, or of all. */
export type RetryChoice = { ids: string[] } | { organisationId: string } | 'all';

export interface Retried {
  /** Dead letters put back. */
  batches: number;
  /** Refused credentials, endorsements and records planned again, with the bytes that were planned before. */
  credentials: number;
}

/** Refusals that no retry heals: the award is gone, or what was planned is no longer what is stored. */
export const finalRefusals = ['award_withdrawn', 'payload_changed', 'self_assessed', 'statement_withdrawn'];

const batchSize = 100;
const roomSize = 12;

/**
 * Puts back what waits for a person, once its cause is mended: a dead letter as it was, a refused credential with the
 * payload that was planned, if nobody changed it. Whoever asks twice, or two at once, puts it back once.
 */
export class RetryIssuance {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
  ) {}

  /** @param by the actor of the audit event: `cli`, `cli:<code>`, `operator:<session>`… */
  async run(choice: RetryChoice, by: string): Promise<Retried> {
    const filter =
      choice === 'all' ? [null, null] : 'ids' in choice ? [choice.ids, null] : [null, choice.organisationId];
    const { batches, credentials, outboxIds } = await this.database.transaction(async (tx) => {
      const letters = await reviveLetters(tx, filter);
      const refused = await replanRefused(tx, filter);
      const statements = await replanRefusedStatements(tx, filter, finalRefusals);
      await appendAudit(tx, [
        ...letters.map((row) => ({
          actor: by,
          action: 'signing.retried',
          subject: { outboxId: row.id, organisationId: row.organisation_id },
        })),
        ...refused.credentials.map((row) => ({
          actor: by,
          action: 'credential.retried',
          subject: { credentialId: row.id, organisationId: row.organisation_id, code: row.code },
        })),
        ...statements.map((row) => ({
          actor: by,
          action: 'statement.retried',
          subject: { statementId: row.id, organisationId: row.organisation_id, code: row.code },
        })),
      ]);
      return {
        batches: letters.length,
        credentials: refused.credentials.length + statements.length,
        outboxIds: [
          ...letters.map((row) => row.id),
          ...refused.outboxIds,
          ...statements.map((row) => row.outbox_id),
        ],
      };
    });
    await this.queue.enqueue(outboxIds);
    return { batches, credentials };
  }
}

type Filter = (string | string[] | null)[];

async function reviveLetters(
  tx: EntityManager,
  filter: Filter,
): Promise<{ id: string; organisation_id: string }[]> {
  const [rows] = (await tx.query(
    `update outbox set failed_at = null, failure = null, failures = 0, last_error = null, enqueued_at = null, turn = null,
                       retries = retries + 1, put_back_at = now()
     where failed_at is not null and done_at is null
       and ($1::uuid[] is null or id = any($1)) and ($2::uuid is null or organisation_id = $2)
     returning id, organisation_id`,
    filter,
  )) as [{ id: string; organisation_id: string }[], number];
  // The keys are chosen anew: those of the first attempt may be retired or compromised by now.
  await tx.query(
    `update credential set ed25519_key_id = null, rs256_key_id = null where outbox_id = any($1) and state = 'planned'`,
    [rows.map((row) => row.id)],
  );
  await tx.query(
    `update statement set ed25519_key_id = null, rs256_key_id = null where outbox_id = any($1) and state = 'planned'`,
    [rows.map((row) => row.id)],
  );
  return rows;
}

interface RefusedRow {
  id: string;
  award_id: string;
  organisation_id: string;
  code: string;
}

async function replanRefused(
  tx: EntityManager,
  filter: Filter,
): Promise<{ credentials: RefusedRow[]; outboxIds: string[] }> {
  const rows: RefusedRow[] = await tx.query(
    `select c.id, c.award_id, c.organisation_id, c.refusal ->> 'code' as code
     from credential c join award a on a.id = c.award_id
     where c.state = 'refused' and a.state = case when c.supersedes is null then 'refused' else 'issued' end and not c.refusal ->> 'code' = any($3)
       and encode(sha256(convert_to(c.payload, 'UTF8')), 'hex') = c.payload_sha256
       and ($1::uuid[] is null or c.id = any($1)) and ($2::uuid is null or c.organisation_id = $2)
       and not exists (select from credential other where other.award_id = c.award_id
                       and other.edition = c.edition and other.id is distinct from c.supersedes
                       and other.state in ('planned', 'signed'))
     order by c.organisation_id, c.id for update of c, a`,
    [...filter, finalRefusals],
  );
  const outboxIds: string[] = [];
  for (const organisationId of new Set(rows.map((row) => row.organisation_id))) {
    const own = rows.filter((row) => row.organisation_id === organisationId);
    for (let from = 0; from < own.length; from += batchSize)
      outboxIds.push(await replan(tx, organisationId, own.slice(from, from + batchSize), own.length));
  }
  return { credentials: rows, outboxIds };
}

async function replan(
  tx: EntityManager,
  organisationId: string,
  rows: RefusedRow[],
  ofOrganisation: number,
): Promise<string> {
  const outboxId = uuid();
  await tx.query(`insert into outbox (id, topic, organisation_id, priority) values ($1, 'sign', $2, $3)`, [
    outboxId,
    organisationId,
    ofOrganisation <= roomSize ? 1 : 10,
  ]);
  await tx.query(
    `update credential set state = 'planned', refusal = null, outbox_id = $2, ed25519_key_id = null, rs256_key_id = null
     where id = any($1)`,
    [rows.map((row) => row.id), outboxId],
  );
  await tx.query(`update award set state = 'planned' where id = any($1) and state = 'refused'`, [
    rows.map((row) => row.award_id),
  ]);
  return outboxId;
}
