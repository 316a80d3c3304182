import type { DataSource, EntityManager } from 'typeorm';
import { canonicalJson, sha256 } from './ids.js';

/** What the first line carries as the hash of the line before: 32 zero bytes. */
export const genesisHash: Buffer = Buffer.alloc(32);

const lockKey = 0x1a5d1;
const batchSize = 2_000;

interface EventRow {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: unknown;
}

/** An event as it is hashed: `{"action":…,"actor":…,"at":"2026-09-01T08:00:00.000Z","id":…,"subject":{…}}`. */
const eventText = ({ id, at, actor, action, subject }: EventRow): string =>
  // The members in the order in which `canonicalJson` sorts them.
  `{"action":${JSON.stringify(action)},"actor":${JSON.stringify(actor)},"at":${JSON.stringify(at)},"id":${JSON.stringify(id)},"subject":${canonicalJson(subject)}}`;

/**
 * The hash of a line: SHA-256 over the 32 bytes of the hash before, followed by the event as canonical JSON in UTF-8,
 * keys sorted, no space.
 */
export const lineHash = (previousHash: Buffer, event: EventRow): Buffer =>
  sha256(Buffer.concat([previousHash, Buffer.from(eventText(event))]));

/** A line as somebody outside needs it to make its hash again. */
export interface ChainLine {
  seq: number;
  /** 64 hexadecimal characters. */
  hash: string;
  /** The event as it was hashed. */
  text: string;
}

/**
 * Every line of the chain in its order, in batches: ids, hashes, counts and codes, never anything about a person.
 * @param lastSeq ends with this line
 */
export async function* chainLines(
  database: DataSource,
  lastSeq = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<ChainLine[]> {
  for (let after = 0; ; ) {
    const rows: (EventRow & { seq: string; hash: Buffer })[] = await database.query(
      `select l.seq, l.hash, e.id, e.at, e.actor, e.action, e.subject
       from audit_line l join audit_event e on e.id = l.event_id
       where l.seq > $1 and l.seq <= $2 order by l.seq limit $3`,
      [after, lastSeq, batchSize],
    );
    if (rows.length === 0) return;
    after = Number(rows.at(-1)!.seq);
    yield rows.map((row) => ({
      seq: Number(row.seq),
      hash: row.hash.toString('hex'),
      text: eventText(row),
    }));
  }
}

/**
 * Gives every committed event that has none its line, oldest first among those that wait. A transaction that commits
 * late finds its events further down the chain: the order of the chain is the order of chaining. One process at a
 * time: who finds another at work does nothing. Writes the heads of the days that are over first, so that a head never
 * covers a line of a later day.
 * @returns lines written
 */
export async function chainAudit(database: DataSource): Promise<number> {
  for (let written = 0; ; ) {
    const more = await database.transaction((tx) => chainBatch(tx));
    written += more;
    if (more < batchSize) return written;
  }
}

async function chainBatch(tx: EntityManager): Promise<number> {
  const [{ mine }]: [{ mine: boolean }] = await tx.query('select pg_try_advisory_xact_lock($1) as mine', [
    lockKey,
  ]);
  if (!mine) return 0;
  const [last]: { seq: string; hash: Buffer }[] = await tx.query(
    'select seq, hash from audit_line order by seq desc limit 1',
  );
  const start = { seq: Number(last?.seq ?? 0), hash: last?.hash ?? genesisHash };
  await writeHeads(tx, start);
  const events: EventRow[] = await tx.query(
    `select id, at, actor, action, subject from audit_event
     where id = any(array(select event_id from audit_waiting order by event_id limit $1)) order by id`,
    [batchSize],
  );
  if (events.length === 0) return 0;
  const hashes: Buffer[] = [start.hash];
  for (const event of events) hashes.push(lineHash(hashes.at(-1)!, event));
  await tx.query(
    `insert into audit_line (seq, event_id, previous_hash, hash)
     select seq, event_id, decode(previous, 'hex'), decode(hash, 'hex')
     from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[]) as t (seq, event_id, previous, hash)`,
    [
      events.map((_, index) => start.seq + 1 + index),
      events.map((e) => e.id),
      hashes.slice(0, -1).map((h) => h.toString('hex')),
      hashes.slice(1).map((h) => h.toString('hex')),
    ],
  );
  await tx.query('delete from audit_waiting where event_id = any($1::uuid[])', [events.map((e) => e.id)]);
  return events.length;
}

/** One head for each day (UTC) that is over and has none. */
const writeHeads = (tx: EntityManager, last: { seq: number; hash: Buffer }): Promise<unknown> =>
  tx.query(
    `insert into audit_head (day, seq, lines, hash)
     select day, $1, case when day = newest.day_after then $1 - newest.seq else 0 end, $2
     from (select day + 1 as day_after, seq from audit_head order by day desc limit 1) as newest,
          lateral generate_series(newest.day_after, (now() at time zone 'UTC')::date - 1, interval '1 day') as t (day)`,
    [last.seq, last.hash],
  );
