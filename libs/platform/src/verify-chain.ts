import type { DataSource } from 'typeorm';
import { genesisHash, lineHash } from './audit-chain.js';
import { type CopiedColumns, copyRows, literal } from './copy-rows.js';

/** The first place where the chain does not hold. */
export interface BrokenChain {
  /** `line_missing`, `event_missing`, `previous_differs`, `line_differs`: in the chain; the others beside it. */
  code:
    | 'line_missing'
    | 'event_missing'
    | 'previous_differs'
    | 'line_differs'
    | 'head_differs'
    | 'head_missing'
    | 'event_without_line';
  /** Number of the line; of the line a head names for `head_differs`; of the last line for `head_missing`; 0 for `event_without_line`. */
  seq: number;
  /** Id of the event, or day of the head. */
  id: string;
}

interface Row {
  seq: number;
  event_id: string;
  previous_hash: Buffer;
  hash: Buffer;
  /** Null, with what follows, when the event is not there. */
  id: string | null;
  at: Date;
  actor: string;
  action: string;
  subject: unknown;
}

interface Head {
  day: string;
  /** Since the head before; null for the first. */
  days: number | null;
  seq: string;
  more: string | null;
  lines: string;
  hash: Buffer;
}

const hasOtherCount = ({ more, seq, lines }: Head): boolean => (more ?? seq) !== lines;

const batchSize = 5_000;

/**
 * Reads the whole chain, first line to last (I10): numbers without a gap, each line bound to the one before and to its
 * event, every published head on it with as many lines as it says, a head for each day that is over, and no event beside
 * it that does not wait for its line, or has waited for more than ten minutes.
 * @param onProgress told the number of lines read so far
 * @param isOver asked now and then: true ends the reading where it is
 * @returns the number of lines and the first broken one, if any
 */
export async function verifyChain(
  database: DataSource,
  onProgress?: (lines: number) => void,
  isOver: () => boolean = () => false,
): Promise<{ lines: number; broken?: BrokenChain }> {
  const heads: Head[] = await database.query(
    `select day::text, day - lag(day) over (order by day) as days, seq, seq - lag(seq) over (order by day) as more, lines, hash
     from audit_head order by seq, day`,
  );
  let previous = genesisHash;
  let lines = 0;
  let head = 0;
  const wrongHead = (): BrokenChain | undefined => {
    for (; heads[head] && Number(heads[head]!.seq) === lines; head += 1)
      if (!heads[head]!.hash.equals(previous))
        return { code: 'head_differs', seq: lines, id: heads[head]!.day };
    return undefined;
  };
  let broken = wrongHead();
  for (let rows = await batch(database, 0); rows.length > 0 && !broken; rows = await batch(database, lines)) {
    if (isOver()) return { lines };
    for (const row of rows) {
      broken = faultOf(row, lines + 1, previous);
      if (broken) return { lines, broken };
      lines += 1;
      previous = row.hash;
      broken = wrongHead();
      if (broken) return { lines, broken };
    }
    onProgress?.(lines);
  }
  const beyond = heads[head];
  broken ??= beyond && { code: 'head_differs', seq: Number(beyond.seq), id: beyond.day };
  const miscounted = heads.find(hasOtherCount);
  broken ??= miscounted && { code: 'head_differs', seq: Number(miscounted.seq), id: miscounted.day };
  const gap = heads.find(({ days }) => days !== null && days !== 1);
  broken ??= gap && { code: 'head_missing', seq: Number(gap.seq), id: gap.day };
  broken ??= await eventWithoutLine(database);
  return { lines, broken };
}

const batch = (database: DataSource, after: number): Promise<Row[]> =>
  copyRows(
    database,
    `select l.seq, l.event_id::text, l.previous_hash, l.hash, e.id::text, e.at, e.actor::text, e.action::text,
            e.subject::text
     from audit_line l left join audit_event e on e.id = l.event_id
     where l.seq > ${literal(after)} order by l.seq limit ${literal(batchSize)}`,
    rowOf,
  );

const rowOf = (columns: CopiedColumns): Row => ({
  seq: columns.integer()!,
  event_id: columns.text()!,
  previous_hash: columns.binary()!,
  hash: columns.binary()!,
  id: columns.text(),
  at: columns.instant()!,
  actor: columns.text()!,
  action: columns.text()!,
  subject: JSON.parse(columns.text() ?? 'null'),
});

function faultOf(row: Row, expected: number, previous: Buffer): BrokenChain | undefined {
  const { seq } = row;
  if (seq !== expected) return { code: 'line_missing', seq: expected, id: row.event_id };
  if (row.id === null) return { code: 'event_missing', seq, id: row.event_id };
  if (!row.previous_hash.equals(previous)) return { code: 'previous_differs', seq, id: row.event_id };
  if (!row.hash.equals(lineHash(previous, { ...row, id: row.event_id })))
    return { code: 'line_differs', seq, id: row.event_id };
  return undefined;
}

async function eventWithoutLine(database: DataSource): Promise<BrokenChain | undefined> {
  const [row]: { id: string }[] = await database.query(
    `select e.id from audit_event e left join audit_line l on l.event_id = e.id
     left join audit_waiting w on w.event_id = e.id
     where l.seq is null and (w.event_id is null or e.at < now() - interval '10 minutes') order by e.id limit 1`,
  );
  return row && { code: 'event_without_line', seq: 0, id: row.id };
}
