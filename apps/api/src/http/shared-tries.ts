import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, logger } from '#platform';
import { HttpSettings } from './settings.js';
import { TokenBucket } from './token-bucket.js';

const log = logger('tries');
const tellEveryMs = 60_000;
const clearEveryMs = 60_000;

/** So many tries at once, and one back every `refillMs`. */
export interface TryRule {
  /** What is tried, in a word: the same source has tries of its own for each. */
  name: string;
  size: number;
  refillMs: number;
}

/**
 * Counts tries by source for all api processes together, in PostgreSQL and by its clock. While the database does not
 * take them, each process counts its own, so that a limit never turns into no limit, nor into a closed door.
 */
@Injectable()
export class SharedTries {
  private toldAt = Number.NEGATIVE_INFINITY;
  private clearedAt = 0;

  constructor(
    private readonly database: DataSource,
    private readonly settings: HttpSettings,
    private readonly clock: Clock,
  ) {}

  /** A limit of its own. Keep it: what is counted without the database is in it. */
  limit(rule: TryRule): TryLimit {
    const own = new TokenBucket(rule.size, rule.refillMs);
    const keyOf = (source: string): string =>
      createHmac('sha256', this.settings.tokenSecret).update(`tries ${rule.name} ${source}`).digest('hex');
    return {
      take: (source) =>
        this.shared(
          () => this.take(keyOf(source), rule),
          (nowMs) => {
            const waitMs = own.waitMs(source, nowMs);
            if (waitMs === 0) own.take(source, nowMs);
            return waitMs;
          },
        ),
      giveBack: (source) =>
        this.shared(
          () => this.giveBack(keyOf(source), rule),
          (nowMs) => own.giveBack(source, nowMs),
        ),
    };
  }

  private async take(key: string, { size, refillMs }: TryRule): Promise<number> {
    // A try taken moves the end one interval on; none is left when that would be more than `size` intervals away.
    const [{ wait_ms: waitMs }]: [{ wait_ms: number }] = await this.database.query(
      `with taken as (
         insert into wrong_try as w (source, full_at) values ($1, clock_timestamp() + $3 * interval '1 ms')
         on conflict on constraint wrong_try_pkey
           do update set full_at = greatest(w.full_at, clock_timestamp()) + $3 * interval '1 ms'
           where w.full_at <= clock_timestamp() + ($2 - 1) * $3 * interval '1 ms'
         returning 1)
       select case when exists (select from taken) then 0 else greatest(1, ceil(coalesce(
         (select extract(epoch from full_at - clock_timestamp()) * 1000 from wrong_try where source = $1), 0)
         - ($2 - 1) * $3)) end::float8 as wait_ms`,
      [key, size, refillMs],
    );
    this.clearNowAndThen();
    return waitMs;
  }

  private async giveBack(key: string, { refillMs }: TryRule): Promise<void> {
    await this.database.query(
      `update wrong_try set full_at = full_at - $2 * interval '1 ms' where source = $1`,
      [key, refillMs],
    );
  }

  private async shared<T>(inDatabase: () => Promise<T>, alone: (nowMs: number) => T): Promise<T> {
    try {
      return await inDatabase();
    } catch (error) {
      const nowMs = this.clock.now().getTime();
      if (nowMs - this.toldAt >= tellEveryMs) {
        this.toldAt = nowMs;
        log.warn({ error: (error as Error).name }, 'tries are counted in each process alone');
      }
      return alone(nowMs);
    }
  }

  private clearNowAndThen(): void {
    const nowMs = this.clock.now().getTime();
    if (nowMs - this.clearedAt < clearEveryMs) return;
    this.clearedAt = nowMs;
    void this.database
      .query('delete from wrong_try where full_at < clock_timestamp()')
      .catch(() => undefined);
  }
}

export interface TryLimit {
  /** Takes a try of this source. @returns 0, or the milliseconds to wait because none was left (and none was taken) */
  take(source: string): Promise<number>;
  /** Gives the try back: it was no failure. */
  giveBack(source: string): Promise<void>;
}
