import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, programVersion, sha256Hex, uuid } from '#platform';
import { statusListUrl } from './addresses.js';
import { allocateStatus, type StatusSlot } from './allocate-status.js';
import { openBadgeEdition } from './credential.js';
import type { Json } from './credential-facts.js';
import { wholeSeconds } from './credential-for.js';
import { assertInstallation } from './installation.js';

export interface ReissueRequest {
  organisationId: string;
  /** The service's public origin, without a slash at the end. */
  origin: string;
  /** Every badge that a compromised key signed, not only those since its date. */
  all: boolean;
  /** Who asks: `cli`, `client:<id>`. */
  by: string;
  /** Count only, write nothing. */
  isDryRun?: boolean;
}

export interface ReissuePlan {
  /** Credentials planned again, or that would be. */
  planned: number;
  /** Signed by a compromised key but withdrawn or suspended: they are left as they are. */
  withdrawn: number;
  /** Planned again already and not yet signed. */
  waiting: number;
  /** Outbox rows to put in the queue. */
  outboxIds: string[];
}

interface OldRow {
  id: string;
  award_id: string;
  public_id: string;
  issuer_did: string;
  payload: string;
}

/** Credentials in one transaction, and in one job. */
const chunkSize = 1_000;
const batchSize = 100;
const bulkPriority = 10;

const concerned = `
  from credential c join status_entry e on e.credential_id = c.id
  where c.organisation_id = $1 and c.state = 'signed'
    and exists (select from signing_key k where k.id in (c.ed25519_key_id, c.rs256_key_id)
                and k.compromised_since is not null and ($2 or c.signed_at >= k.compromised_since))`;
// One that was refused is none: it makes room for the next.
const hasSuccessor = `exists (select from credential n where n.supersedes = c.id and n.state = 'planned')`;

/**
 * Issues badges again that a stolen key signed: same award, same content, same public address, with a new credential
 * id, a new place in a status list, a new date and, in the end, the new key. The old credential stays in force until
 * the new one is stored. May be interrupted and repeated: what waits already is not planned twice.
 */
export class ReissueCredentials {
  constructor(private readonly database: DataSource) {}

  /** @throws OriginChanged (`origin_changed`) when this data issues under another origin */
  async run(request: ReissueRequest): Promise<ReissuePlan> {
    const { organisationId, all } = request;
    const [counts]: [{ waiting: number; withdrawn: number; open: number }] = await this.database.query(
      `select count(*) filter (where ${hasSuccessor})::int as waiting,
              count(*) filter (where e.state <> 'active' and not ${hasSuccessor})::int as withdrawn,
              count(*) filter (where e.state = 'active' and not ${hasSuccessor})::int as open ${concerned}`,
      [organisationId, all],
    );
    const { waiting, withdrawn, open } = counts;
    if (request.isDryRun) return { planned: open, withdrawn, waiting, outboxIds: [] };
    const outboxIds: string[] = [];
    let planned = 0;
    for (;;) {
      const chunk = await this.database.transaction((tx) => this.planChunk(tx, request));
      planned += chunk.planned;
      outboxIds.push(...chunk.outboxIds);
      if (chunk.found < chunkSize) return { planned, withdrawn, waiting, outboxIds };
    }
  }

  private async planChunk(
    tx: EntityManager,
    { organisationId, origin, all, by }: ReissueRequest,
  ): Promise<{ found: number; planned: number; outboxIds: string[] }> {
    await assertInstallation(tx, origin, programVersion);
    const found: OldRow[] = await tx.query(
      `select c.id, c.award_id, c.public_id, c.issuer_did, c.payload ${concerned}
         and e.state = 'active' and not ${hasSuccessor}
       order by c.id limit ${chunkSize} for update of c skip locked`,
      [organisationId, all],
    );
    const rows = await withRoom(tx, found);
    if (rows.length === 0) return { found: found.length, planned: 0, outboxIds: [] };
    const [{ now }]: [{ now: Date }] = await tx.query("select date_trunc('second', now()) as now");
    const again = rows.map((old) => ({ id: uuid(), old }));
    const slots = await allocateStatus(
      tx,
      organisationId,
      again.map(({ id }) => id),
    );
    const outboxIds = Array.from({ length: Math.ceil(rows.length / batchSize) }, () => uuid());
    await tx.query(
      `insert into outbox (id, topic, organisation_id, priority) select id, 'sign', $1, $2 from unnest($3::uuid[]) as t (id)`,
      [organisationId, bulkPriority, outboxIds],
    );
    const payloads = again.map(({ id, old }) =>
      payloadAgain(old.payload, { now, origin, slot: slots.get(id)! }),
    );
    const digests = payloads.map((payload) => sha256Hex(payload));
    await tx.query(
      `insert into credential (id, award_id, organisation_id, edition, public_id, state, outbox_id, status_list_id,
                               status_index, issuer_did, payload, payload_sha256, supersedes)
       select id, award, $1, $2, address, 'planned', outbox, list, index, did, payload, digest, old
       from unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::int[], $9::text[], $10::text[],
                   $11::text[], $12::uuid[]) as t (id, award, address, outbox, list, index, did, payload, digest, old)`,
      [
        organisationId,
        openBadgeEdition,
        again.map(({ id }) => id),
        again.map(({ old }) => old.award_id),
        again.map(({ old }) => old.public_id),
        again.map((_, index) => outboxIds[Math.floor(index / batchSize)]),
        again.map(({ id }) => slots.get(id)!.statusListId),
        again.map(({ id }) => slots.get(id)!.index),
        again.map(({ old }) => old.issuer_did),
        payloads,
        digests,
        again.map(({ old }) => old.id),
      ],
    );
    await appendAudit(tx, [
      {
        actor: by,
        action: 'credential.reissue_planned',
        subject: { organisationId, credentials: rows.length, all },
      },
      ...again.map(({ id, old }, index) => ({
        actor: by,
        action: 'credential.planned',
        subject: { credentialId: id, awardId: old.award_id, payloadSha256: digests[index]! },
      })),
    ]);
    return { found: found.length, planned: rows.length, outboxIds };
  }
}

/** Those whose place nobody takes: a refused successor is void from now on, unless somebody puts it back meanwhile. */
async function withRoom(tx: EntityManager, rows: OldRow[]): Promise<OldRow[]> {
  const ids = rows.map(({ id }) => id);
  // By id, as whoever puts refusals back.
  await tx.query(
    `with refused as (
       select id from credential where supersedes = any($1) and state = 'refused' order by id for update)
     update credential set state = 'void' where id in (select id from refused) and state = 'refused'`,
    [ids],
  );
  const taken: { supersedes: string }[] = await tx.query(
    `select supersedes from credential where supersedes = any($1) and state = 'planned'`,
    [ids],
  );
  const isTaken = new Set(taken.map(({ supersedes }) => supersedes));
  return rows.filter(({ id }) => !isTaken.has(id));
}

/**
 * The payload of a credential issued again: every word as it was signed, but for `validFrom` and the place in the
 * status list. Pure.
 * @param at.now in whole seconds
 */
export function payloadAgain(payload: string, at: { now: Date; origin: string; slot: StatusSlot }): string {
  const credential = JSON.parse(payload) as Json;
  const listUrl = statusListUrl(at.origin, at.slot.statusListPublicId);
  return JSON.stringify({
    ...credential,
    validFrom: wholeSeconds(at.now),
    credentialStatus: {
      ...(credential.credentialStatus as Json),
      id: `${listUrl}#${at.slot.index}`,
      statusListIndex: String(at.slot.index),
      statusListCredential: listUrl,
    },
  });
}
