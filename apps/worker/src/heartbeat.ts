import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type PublishStatusLists, recordHeartbeat } from '#badges';
import {
  assertQueueKeepsJobs,
  logger,
  programVersion,
  type QueueEngine,
  QueueMayForget,
  uuid,
} from '#platform';
import type { SignWorker } from './sign-worker.js';
import { signingMetrics } from './signing-metrics.js';

const log = logger('heartbeat');
const everyMs = 10_000;
/** How often the settings of Redis are looked at: an operator may change them while it runs (SAFETY T-09). */
const checkEvery = 5;
/** The longest that such a change stays untold, in milliseconds. */
export const queueCheckedEveryMs = everyMs * checkEvery;

/** Writes every ten seconds that this worker lives, for the operators' page. */
export class Heartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly id = uuid();
  private timer?: NodeJS.Timeout;
  private beats = 0;
  private warning: string | null = null;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly engine: QueueEngine,
    private readonly worker: Pick<SignWorker, 'signed' | 'warning'>,
    private readonly beatMs = everyMs,
    private readonly lists?: Pick<PublishStatusLists, 'standingFailure'>,
  ) {}

  onApplicationBootstrap(): void {
    const beat = (): void => {
      this.beating = this.beat(false);
    };
    beat();
    this.timer = setInterval(beat, this.beatMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.beat(true);
  }

  private async beat(isStopping: boolean): Promise<void> {
    try {
      if (!isStopping && this.beats++ % checkEvery === 0) await this.checkQueue();
      await recordHeartbeat(this.database, {
        id: this.id,
        version: programVersion,
        engine: this.engine.kind,
        signed: this.worker.signed,
        warning: this.worker.warning ?? this.warning ?? this.ofLists(),
        isStopping,
      });
    } catch (error) {
      log.warn({ err: (error as Error).message }, 'heartbeat not written');
    }
  }

  private ofLists(): string | null {
    const failure = this.lists?.standingFailure() ?? null;
    return failure === null ? null : `list_not_signed ${failure}`;
  }

  private async checkQueue(): Promise<void> {
    try {
      await assertQueueKeepsJobs(this.engine);
      this.warning = null;
    } catch (error) {
      if (!(error instanceof QueueMayForget)) throw error;
      this.warning = error.code;
      log.error({ code: error.code, ...error.details }, error.message);
    }
    signingMetrics.mayForget(this.warning !== null);
  }
}
