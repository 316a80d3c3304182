import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, programVersion, sha256Hex, uuid } from '#platform';
import { allocateStatus } from '../allocate-status.js';
import type { Json } from '../credential-facts.js';
import { assertInstallation } from '../installation.js';
import { payloadAgain, type ReissueRequest } from '../reissue-credentials.js';
import { type StatementKind, statementTopic } from './statement.js';

export interface StatementReissue {
  /** Endorsements and records planned again, or that would be. */
  planned: number;
  /** Records with a badge that the learner hides now: they are left as they are. */
  left: number;
  /** Planned again already, or records of badges that wait for their own signature: ask again once these are signed. */
  waiting: number;
  /** Outbox rows to put in the queue. */
  outboxIds: string[];
}

interface OldRow {
  id: string;
  kind: StatementKind;
  public_id: string;
  issuer_did: string;
  payload: string;
  /** Documents of a record's badges as they are now, in its order; null for an endorsement. */
  badges: string[] | null;
  is_waiting: boolean;
  is_left: boolean;
}

/** Signed with a stolen key: since the theft, or at any time. `$2` is whether to take them all. */
const isStolen = (signed: string): string =>
  `exists (select from signing_key k where k.id in (${signed}.ed25519_key_id, ${signed}.rs256_key_id)
           and k.compromised_since is not null and ($2 or ${signed}.signed_at >= k.compromised_since))`;

// A record holds its badges as they were signed: when one was signed again since, the record is too.
const concerned = `
  select s.id, s.kind, s.public_id, s.issuer_did, s.payload, own.badges,
         exists (select from statement n where n.supersedes = s.id and n.state = 'planned')
           or coalesce(own.is_waiting, false) as is_waiting,
         coalesce(own.standing < cardinality(r.award_ids), false) as is_left
  from statement s join status_entry x on x.credential_id = s.id
  left join learner_record r on r.statement_id = s.id
  left join lateral (
    select array_agg(signed_document(c) order by chosen.place) as badges, count(c.id) as standing,
           bool_or(e.state = 'active' and (${isStolen('c')}
                   or exists (select from credential n where n.supersedes = c.id and n.state = 'planned'))) as is_waiting
    from unnest(r.award_ids) with ordinality as chosen (id, place)
    join credential c on c.award_id = chosen.id and c.state = 'signed'
    join publication p on p.credential_id = c.id join status_entry e on e.credential_id = c.id
  ) own on r.id is not null
  where s.organisation_id = $1 and s.kind <> 'credential' and s.state = 'signed' and x.state = 'active'
    and (${isStolen('s')} or exists (
      select from credential old join credential n on n.supersedes = old.id and n.signed_at > s.created_at
      where old.award_id = any(r.award_ids) and old.state = 'superseded' and ${isStolen('old')}))
  order by s.id for update of s`;

/**
 * Signs endorsements and records again that a stolen key signed, or whose badges it signed: same words, same address,
 * with a new place in a status list, a new date and, in the end, the new key. A credential of the VC-API is the client's to issue again: nobody here knows who holds it. The old one stays until the new one is
 * stored. May be interrupted and repeated: what waits already is not planned twice.
 */
export class ReissueStatements {
  constructor(private readonly database: DataSource) {}

  /** @throws OriginChanged (`origin_changed`) when this data issues under another origin */
  async run(request: ReissueRequest): Promise<StatementReissue> {
    return this.database.transaction(async (tx) => {
      await assertInstallation(tx, request.origin, programVersion);
      // Two at once take turns, so that the second one sees what the first one planned.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('reissue:' || $1, 0))`, [
        request.organisationId,
      ]);
      const rows: OldRow[] = await tx.query(concerned, [request.organisationId, request.all]);
      const waiting = rows.filter((row) => row.is_waiting);
      const left = rows.filter((row) => !row.is_waiting && row.is_left);
      const open = rows.filter((row) => !row.is_waiting && !row.is_left);
      const counts = { planned: open.length, left: left.length, waiting: waiting.length };
      if (request.isDryRun || open.length === 0) return { ...counts, outboxIds: [] };
      return { ...counts, outboxIds: await planAgain(tx, request, open) };
    });
  }
}

async function planAgain(
  tx: EntityManager,
  { organisationId, origin, all, by }: ReissueRequest,
  rows: OldRow[],
): Promise<string[]> {
  const [{ now }]: [{ now: Date }] = await tx.query("select date_trunc('second', now()) as now");
  const again = rows.map((old) => ({ id: uuid(), outboxId: uuid(), old }));
  const slots = await allocateStatus(
    tx,
    organisationId,
    again.map(({ id }) => id),
  );
  const payloads = again.map(({ id, old }) =>
    withBadges(payloadAgain(old.payload, { now, origin, slot: slots.get(id)! }), old.badges),
  );
  const digests = payloads.map((payload) => sha256Hex(payload));
  const outboxIds = again.map(({ outboxId }) => outboxId);
  await tx.query(
    'insert into outbox (id, topic, organisation_id, priority) select id, $1, $2, 10 from unnest($3::uuid[]) as t (id)',
    [statementTopic, organisationId, outboxIds],
  );
  await tx.query(
    `insert into statement (id, kind, organisation_id, public_id, state, outbox_id, status_list_id, status_index,
                            issuer_did, payload, payload_sha256, supersedes)
     select id, kind, $1, address, 'planned', outbox, list, index, did, payload, digest, old
     from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::int[], $8::text[], $9::text[],
                 $10::text[], $11::uuid[]) as t (id, kind, address, outbox, list, index, did, payload, digest, old)`,
    [
      organisationId,
      again.map(({ id }) => id),
      rows.map(({ kind }) => kind),
      rows.map(({ public_id }) => public_id),
      outboxIds,
      again.map(({ id }) => slots.get(id)!.statusListId),
      again.map(({ id }) => slots.get(id)!.index),
      rows.map(({ issuer_did }) => issuer_did),
      payloads,
      digests,
      rows.map(({ id }) => id),
    ],
  );
  await appendAudit(tx, [
    {
      actor: by,
      action: 'statement.reissue_planned',
      subject: { organisationId, statements: rows.length, all },
    },
    ...again.map(({ id, old }, index) => ({
      actor: by,
      action: 'statement.planned',
      subject: { statementId: id, organisationId, payloadSha256: digests[index]!, supersedes: old.id },
    })),
  ]);
  return outboxIds;
}

/** A record with its badges as they are now; an endorsement as it is. */
function withBadges(payload: string, badges: string[] | null): string {
  if (badges === null) return payload;
  const credential = JSON.parse(payload) as Json;
  return JSON.stringify({
    ...credential,
    credentialSubject: {
      ...(credential.credentialSubject as Json),
      verifiableCredential: badges.map((one) => JSON.parse(one) as Json),
    },
  });
}
