import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit, DomainError, publicId, uuid } from '#platform';
import type { Json } from '../credential-facts.js';
import type { IssuanceQueue } from '../issuance-queue.js';
import { endStatement } from './end-statement.js';
import { planStatement } from './plan-statement.js';
import { recordCredential } from './statement-credentials.js';

export const mostBadgesOfRecord = 25;
/** Bytes of its JSON: as a JWT it still fits in what a verifier reads. */
const largestRecord = 180 * 1024;

/** Why a record cannot be made. */
export type RecordRefusal = 'awards' | 'not_issued' | 'not_shown' | 'withdrawn' | 'consent' | 'too_large';

/** The badges or the consent do not allow a record: says which awards and why (`record_refused`). */
export class RecordRefused extends DomainError {
  readonly code = 'record_refused';
  constructor(
    readonly why: RecordRefusal,
    message: string,
    awards: string[] = [],
  ) {
    super(message, { details: { why, ...(awards.length > 0 && { awards }) } });
  }
}

/** Unknown and somebody else's look the same (`record_not_found`). */
export class RecordNotFound extends DomainError {
  readonly code = 'record_not_found';
  constructor(recordId: string) {
    super('No such record', { details: { record: recordId } });
  }
}

export interface RecordRequest {
  organisationId: string;
  personId: string;
  /** Awards of that person, in the order the learner wants; at most 25. */
  awardIds: string[];
  /** Day on which the learner agreed, YYYY-MM-DD; not in the future. */
  consentedOn: string;
  consentHow: 'said' | 'written';
  /** Who acts, as an id. */
  by: string;
}

export interface MadeRecord {
  id: string;
  publicId: string;
}

interface Chosen {
  id: string;
  document: string | null;
  is_shown: boolean;
  status: string | null;
}

/**
 * Gathers badges that a learner chose and shows into one signed record (ClrCredential, CLR 2.0), at an address that
 * nobody can guess. Each badge keeps its own proof and status.
 */
export class MakeRecord {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
  ) {}

  /** @throws RecordRefused (`record_refused`), OriginChanged (`origin_changed`) */
  async run(request: RecordRequest): Promise<MadeRecord> {
    const { organisationId, personId, awardIds, consentedOn, by } = request;
    const made = { id: uuid(), publicId: publicId() };
    const outboxId = await this.database.transaction(async (tx) => {
      const badges = await chosenBadges(tx, request);
      const { statementId, outboxId: promised } = await planStatement(
        tx,
        { kind: 'record', organisationId, origin: this.origin, publicId: made.publicId },
        (frame) => {
          const content = recordCredential(frame, {
            publicId: made.publicId,
            subjectId: `urn:uuid:${randomUUID()}`,
            badges,
          });
          if (Buffer.byteLength(JSON.stringify(content)) > largestRecord)
            throw new RecordRefused('too_large', 'The badges are too large for one record: choose fewer');
          return content;
        },
      );
      await tx.query(
        `insert into learner_record (id, organisation_id, person_id, public_id, award_ids, consented_on, consent_how,
                                     made_by, statement_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          made.id,
          organisationId,
          personId,
          made.publicId,
          awardIds,
          consentedOn,
          request.consentHow,
          by,
          statementId,
        ],
      );
      await appendAudit(tx, [
        {
          actor: actorOf(by),
          action: 'record.made',
          subject: {
            recordId: made.id,
            organisationId,
            statementId,
            badges: awardIds.length,
            consentedOn,
            consentHow: request.consentHow,
          },
        },
      ]);
      return promised;
    });
    await this.queue.enqueue([outboxId]);
    return made;
  }
}

/** Ends a record for good: its address is unknown at once, its content erased, its signature revoked. */
export class WithdrawRecord {
  constructor(private readonly database: DataSource) {}

  /** Again changes nothing. @throws RecordNotFound (`record_not_found`) */
  async run(act: { recordId: string; organisationIds: readonly string[]; by: string }): Promise<void> {
    await this.database.transaction(async (tx) => {
      const rows: { id: string; organisation_id: string; statement_id: string; withdrawn_at: Date | null }[] =
        await tx.query(
          `select r.id, r.organisation_id, r.statement_id, r.withdrawn_at from learner_record r
           where r.id = $1 and r.organisation_id = any($2)`,
          [act.recordId, act.organisationIds],
        );
      if (!rows[0]) throw new RecordNotFound(act.recordId);
      const [ended]: [unknown[], number] = await tx.query(
        `update learner_record set withdrawn_by = $2, withdrawn_at = now() where id = $1 and withdrawn_at is null
         returning id`,
        [act.recordId, act.by],
      );
      if (ended.length === 0) return;
      await appendAudit(tx, [
        {
          actor: actorOf(act.by),
          action: 'record.withdrawn',
          subject: { recordId: act.recordId, organisationId: rows[0].organisation_id },
        },
      ]);
      await endStatement(tx, rows[0].statement_id, act.by);
    });
  }
}

async function chosenBadges(tx: EntityManager, request: RecordRequest): Promise<Json[]> {
  const { awardIds, personId, organisationId } = request;
  if (
    awardIds.length === 0 ||
    awardIds.length > mostBadgesOfRecord ||
    new Set(awardIds).size !== awardIds.length
  )
    throw new RecordRefused('awards', `Choose 1 to ${mostBadgesOfRecord} different awards`);
  const [{ is_future: isFuture }]: [{ is_future: boolean }] = await tx.query(
    `select $1::date > (now() at time zone 'Europe/Paris')::date as is_future`,
    [request.consentedOn],
  );
  if (isFuture) throw new RecordRefused('consent', 'The day on which the learner agreed is in the future');
  // Locked, so that none is hidden or revoked between this look and the record.
  const rows: Chosen[] = await tx.query(
    `select a.id, signed_document(c) as document, exists (select from publication p where p.credential_id = c.id) as is_shown,
            (select e.state from status_entry e where e.credential_id = c.id) as status
     from award a left join credential c on c.award_id = a.id and c.state = 'signed'
     where a.id = any($1) and a.person_id = $2 and a.organisation_id = $3 order by array_position($1::uuid[], a.id)
     for update of a`,
    [awardIds, personId, organisationId],
  );
  const among = (test: (row: Chosen) => boolean): string[] => rows.filter(test).map(({ id }) => id);
  const known = new Set(rows.map(({ id }) => id));
  const checks: [RecordRefusal, string[], string][] = [
    ['awards', awardIds.filter((id) => !known.has(id)), 'Not awards of this person in this organisation'],
    ['not_issued', among(({ document }) => document === null), 'There is no signed badge for these awards'],
    ['withdrawn', among(({ status }) => status !== 'active'), 'These badges are revoked or suspended'],
    ['not_shown', among((row) => !row.is_shown), 'The learner does not show these badges'],
  ];
  for (const [why, awards, message] of checks)
    if (awards.length > 0) throw new RecordRefused(why, message, awards);
  return rows.map(({ document }) => JSON.parse(document!) as Json);
}
