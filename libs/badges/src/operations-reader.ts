import type { DataSource } from 'typeorm';
import type { Text } from '#platform';
import { type OperationsWaits, readWaits } from './operations-waits.js';
import { finalRefusals } from './retry-issuance.js';
import { isRefusedStatement } from './statements/refused-statements.js';
import type { StatementKind } from './statements/statement.js';

/** Something that waits for a person: a batch that could not be signed, or what was refused before it was signed. */
export interface DeadLetter {
  /** Id of the outbox row, or of the refused credential or statement. */
  id: string;
  kind: 'failed' | 'refused';
  organisation: { slug: string; publicName: string };
  /** Codes of the badges concerned, each once. */
  badges: string[];
  /** What it is when it is no badge. */
  statements: StatementKind[];
  /** Badges, endorsements and records. */
  credentials: number;
  code: string;
  detail: Text;
  /** ISO time at which it failed or was refused. */
  since: string;
  attempts: number;
  /** Name and code of the last error, never its message. */
  lastError: string | null;
  /** False when no retry can heal it. */
  canRetry: boolean;
  /** It was to take the place of another one (`insigne keys reissue`), which stays as it is. */
  isSuccessor: boolean;
}

/** Endorsements, records and credentials of the VC-API. */
export type WaitingStatements = Record<StatementKind, number>;

export interface WorkerView {
  id: string;
  version: string;
  engine: 'redis' | 'postgres';
  startedAt: string;
  seenAt: string;
  /** Seen within the last half minute and not stopped. */
  isAlive: boolean;
  signed: number;
  warning: string | null;
}

/** Where issuance stands, for the people who run the service: ids, codes, counts and organisations, no person. */
export interface IssuanceOperations extends OperationsWaits {
  takenAt: string;
  waitingBatches: number;
  /** Badges. */
  waitingCredentials: number;
  /** What else waits to be signed, by kind. */
  waitingStatements: WaitingStatements;
  oldestWaitingSeconds: number;
  deadLetterCount: number;
  /** Refused credentials and statements that are still due: one that was cancelled needs no decision any more. */
  refusedCount: number;
  /** Of both, those that a retry may heal. */
  retryableCount: number;
  /** The longest waiting first, at most `letterLimit`. */
  letters: DeadLetter[];
  /** `credentials` are badges, `statements` what else waits; `lastError` is the usual one of what was tried in vain. */
  organisations: {
    slug: string;
    publicName: string;
    batches: number;
    credentials: number;
    statements: number;
    lastError: string | null;
  }[];
  workers: WorkerView[];
  lastSweep: { at: string; enqueued: number } | null;
  statusListsWaiting: number;
  /** Credentials signed in each of the last 24 hours, the oldest first; the last one is the hour that runs. */
  issuedPerHour: { hour: string; number: number }[];
}

const letterLimit = 200;

// What was refused before its time was kept has that of its planning.
const refusedAt = (row: string): string =>
  `coalesce((${row}.refusal ->> 'at')::timestamptz, ${row}.created_at)`;

const open = 'done_at is null and failed_at is null';
// A refusal needs nobody any more when its award was cancelled or has another credential by now.
const undecided = `not exists (select from credential other where other.award_id = c.award_id
  and other.edition = c.edition and other.id is distinct from c.supersedes and other.state in ('planned', 'signed'))`;
// A list is signed for its first badge: one whose badges were all cancelled before waits for nothing.
const listsWaiting = `(select count(*)::int from status_list l where l.taken > 0 and (
  (l.document is null and (
    exists (select from credential c where c.status_list_id = l.id and c.state in ('planned', 'signed'))
    or exists (select from statement s where s.status_list_id = l.id and s.state in ('planned', 'signed'))))
  or (l.document is not null
    and exists (select from status_entry e where e.status_list_id = l.id and e.version <> e.listed_version))))`;

/** Reads the queue as PostgreSQL knows it; what the queue engine knows comes from `IssuanceQueue.countsNow`. */
export class OperationsReader {
  constructor(private readonly database: DataSource) {}

  /** The numbers of the metrics, in one statement. */
  async gauges(): Promise<{
    waitingBatches: number;
    waitingCredentials: number;
    waitingStatements: WaitingStatements;
    oldestWaitingSeconds: number;
    deadLetters: number;
    refused: number;
    retryable: number;
    statusListsWaiting: number;
  }> {
    const [{ retryableRefused, ...row }] = await this.database.query(
      `select (select count(*)::int from outbox where ${open}) as "waitingBatches",
              (select count(*)::int from credential c join outbox o on o.id = c.outbox_id
               where o.done_at is null and o.failed_at is null and c.state = 'planned') as "waitingCredentials",
              (select jsonb_build_object('endorsement', count(*) filter (where s.kind = 'endorsement'),
                 'record', count(*) filter (where s.kind = 'record'),
                 'credential', count(*) filter (where s.kind = 'credential'))
               from statement s join outbox o on o.id = s.outbox_id
               where o.done_at is null and o.failed_at is null and s.state = 'planned') as "waitingStatements",
              (select coalesce(extract(epoch from now() - min(coalesce(put_back_at, created_at))), 0)::int from outbox where ${open})
                as "oldestWaitingSeconds",
              (select count(*)::int from outbox where failed_at is not null and done_at is null) as "deadLetters",
              badges.number + statements.number as "refused",
              badges.curable + statements.curable as "retryableRefused",
              ${listsWaiting} as "statusListsWaiting"
       from (select count(*)::int as number, count(*) filter (where not c.refusal ->> 'code' = any($1))::int as curable
             from credential c join award a on a.id = c.award_id
             where c.state = 'refused' and a.state in ('refused', 'issued') and ${undecided}) badges,
            (select count(*)::int as number, count(*) filter (where not s.refusal ->> 'code' = any($1))::int as curable
             from statement s where ${isRefusedStatement}) statements`,
      [finalRefusals],
    );
    return { ...row, retryable: row.deadLetters + retryableRefused };
  }

  async read(): Promise<IssuanceOperations> {
    const gauges = await this.gauges();
    const [{ now }]: [{ now: Date }] = await this.database.query('select now()');
    return {
      takenAt: now.toISOString(),
      waitingBatches: gauges.waitingBatches,
      waitingCredentials: gauges.waitingCredentials,
      waitingStatements: gauges.waitingStatements,
      oldestWaitingSeconds: gauges.oldestWaitingSeconds,
      deadLetterCount: gauges.deadLetters,
      refusedCount: gauges.refused,
      retryableCount: gauges.retryable,
      statusListsWaiting: gauges.statusListsWaiting,
      ...(await readWaits(this.database)),
      letters: [...(await this.failed()), ...(await this.refused()), ...(await this.refusedStatements())]
        .sort((a, b) => (a.since < b.since ? -1 : 1))
        .slice(0, letterLimit),
      organisations: await this.organisations(),
      workers: await this.workers(),
      lastSweep: await this.lastSweep(),
      issuedPerHour: await this.issuedPerHour(),
    };
  }

  /** One letter by its id, with the ids of what it holds; undefined when there is none. */
  async letter(id: string): Promise<(DeadLetter & { credentialIds: string[] }) | undefined> {
    const found =
      (await this.failed(id))[0] ?? (await this.refused(id))[0] ?? (await this.refusedStatements(id))[0];
    if (!found) return undefined;
    const rows: { id: string }[] = await this.database.query(
      `select id from credential where id = $1 or (outbox_id = $1 and state = 'planned')
       union all select id from statement where id = $1 or (outbox_id = $1 and state = 'planned') order by id`,
      [id],
    );
    return { ...found, credentialIds: rows.map((row) => row.id) };
  }

  private async failed(id: string | null = null): Promise<DeadLetter[]> {
    const rows: (Row & { failures: number; last_error: string | null })[] = await this.database.query(
      `select x.id, o.slug, o.public_name, x.failure as reason, x.failed_at as since, x.failures, x.last_error,
              count(c.id)::int + count(s.id)::int as credentials,
              coalesce(array_agg(distinct s.kind) filter (where s.id is not null), '{}') as statements, coalesce(array_agg(distinct a.badge_code) filter (where a.id is not null), '{}') as badges
       from (select * from outbox where failed_at is not null and done_at is null and ($1::uuid is null or id = $1)
             order by failed_at limit $2) x
       join organisation o on o.id = x.organisation_id
       left join credential c on c.outbox_id = x.id and c.state = 'planned'
       left join award a on a.id = c.award_id
       left join statement s on s.outbox_id = x.id and s.state = 'planned'
       group by x.id, o.slug, o.public_name, x.failure, x.failed_at, x.failures, x.last_error`,
      [id, letterLimit],
    );
    return rows.map((row) => ({
      ...asLetter(row, 'failed'),
      attempts: row.failures,
      lastError: row.last_error,
      canRetry: true,
      isSuccessor: false,
    }));
  }

  private async refused(id: string | null = null): Promise<DeadLetter[]> {
    const rows: RefusedRow[] = await this.database.query(
      `select c.id, o.slug, o.public_name, c.refusal as reason, ${refusedAt('c')} as since, 1 as credentials,
              array[a.badge_code] as badges, '{}'::text[] as statements, c.supersedes is not null as "isSuccessor"
       from credential c join award a on a.id = c.award_id join organisation o on o.id = c.organisation_id
       where c.state = 'refused' and a.state in ('refused', 'issued') and ${undecided} and ($1::uuid is null or c.id = $1) order by since limit $2`,
      [id, letterLimit],
    );
    return rows.map(asRefusal);
  }

  private async refusedStatements(id: string | null = null): Promise<DeadLetter[]> {
    const rows: RefusedRow[] = await this.database.query(
      `select s.id, o.slug, o.public_name, s.refusal as reason, ${refusedAt('s')} as since, 1 as credentials,
              '{}'::text[] as badges, array[s.kind] as statements, s.supersedes is not null as "isSuccessor"
       from statement s join organisation o on o.id = s.organisation_id
       where ${isRefusedStatement} and ($1::uuid is null or s.id = $1) order by since limit $2`,
      [id, letterLimit],
    );
    return rows.map(asRefusal);
  }

  private organisations(): Promise<IssuanceOperations['organisations']> {
    return this.database.query(
      `select o.slug, o.public_name as "publicName", count(distinct x.id)::int as batches,
              count(c.id)::int as credentials, count(s.id)::int as statements,
              mode() within group (order by x.last_error) as "lastError"
       from outbox x join organisation o on o.id = x.organisation_id
       left join credential c on c.outbox_id = x.id and c.state = 'planned'
       left join statement s on s.outbox_id = x.id and s.state = 'planned'
       where x.done_at is null and x.failed_at is null
       group by o.id order by count(c.id) + count(s.id) desc, o.slug limit 20`,
    );
  }

  private async workers(): Promise<WorkerView[]> {
    const rows: (Omit<WorkerView, 'startedAt' | 'seenAt'> & { startedAt: Date; seenAt: Date })[] =
      await this.database.query(
        `select id, version, engine, started_at as "startedAt", seen_at as "seenAt", signed, warning,
                stopped_at is null and seen_at > now() - interval '30 seconds' as "isAlive"
         from worker_heartbeat where seen_at > now() - interval '1 hour' order by started_at desc limit 20`,
      );
    return rows.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      seenAt: row.seenAt.toISOString(),
    }));
  }

  private async lastSweep(): Promise<IssuanceOperations['lastSweep']> {
    const [row]: { swept_at: Date; enqueued: number }[] = await this.database.query(
      'select swept_at, enqueued from queue_sweep',
    );
    return row ? { at: row.swept_at.toISOString(), enqueued: row.enqueued } : null;
  }

  private async issuedPerHour(): Promise<IssuanceOperations['issuedPerHour']> {
    const rows: { hour: Date; number: number }[] = await this.database.query(
      `select h.hour, count(c.id)::int as number
       from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), interval '1 hour') as h (hour)
       left join credential c on c.signed_at >= h.hour and c.signed_at < h.hour + interval '1 hour'
       group by h.hour order by h.hour`,
    );
    return rows.map(({ hour, number }) => ({ hour: hour.toISOString(), number }));
  }
}

interface Row {
  id: string;
  slug: string;
  public_name: string;
  reason: { code: string; detail: Text };
  since: Date;
  credentials: number;
  badges: string[];
  statements: StatementKind[];
}

interface RefusedRow extends Row {
  isSuccessor: boolean;
}

const asLetter = (row: Row, kind: DeadLetter['kind']) => ({
  id: row.id,
  kind,
  organisation: { slug: row.slug, publicName: row.public_name },
  badges: row.badges,
  statements: row.statements,
  credentials: row.credentials,
  code: row.reason.code,
  detail: row.reason.detail,
  since: row.since.toISOString(),
});

const asRefusal = (row: RefusedRow): DeadLetter => ({
  ...asLetter(row, 'refused'),
  attempts: 1,
  lastError: null,
  canRetry: !finalRefusals.includes(row.reason.code),
  isSuccessor: row.isSuccessor,
});
