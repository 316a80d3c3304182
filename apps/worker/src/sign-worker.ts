import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import {
  BadgeAwaited,
  ClockDrift,
  type IssuanceQueue,
  roomPriority,
  type SettleSigningFailure,
  type SignJob,
  type SignPromised,
  signQueueName,
  WorkerLost,
} from '#badges';
import {
  assertQueueKeepsJobs,
  DomainError,
  endQueueConnection,
  logger,
  type QueueEngine,
  queueConnection,
  UnrecoverableError,
  Worker,
} from '#platform';
import type { ClockWatch } from './clock-watch.js';
import { GivenUp } from './given-up.js';
import { RoomsFirst } from './rooms-first.js';
import { namedRow } from './sign-job.js';
import { type StepTimes, signingMetrics } from './signing-metrics.js';

const log = logger('sign-worker');
const sweepEverySeconds = 10;
// Below the 30 s that whoever stops the process waits; what is cut off is signed by the next worker.
const drainMs = 25_000;
// BullMQ's own 15 s is half of the time within which signing must go on after a restart of the database.
const awayRetryMs = 1_000;

const forgedTotal = new Counter({
  name: 'insigne_forged_jobs_total',
  help: 'Jobs in the queue that we did not write, by what was wrong: form, unknown_row; anything above 0 is an alarm',
  labelNames: ['reason'] as const,
});
for (const reason of ['form', 'unknown_row'] as const) forgedTotal.inc({ reason }, 0);

// BullMQ's words for a job whose worker ended too often.
const isLost = (error: Error): boolean => /stalled more than allowable/.test(error.message);

export interface SignWorkerOptions {
  engine: QueueEngine;
  /** Batches at once (default 4: one computes while the others wait for the database and the thread pool). */
  concurrency?: number;
}

/** Takes signing jobs from the queue and, on a timer, puts forgotten work back into it. */
export class SignWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Credentials signed since the start. */
  signed = 0;
  /** Code of what keeps it from taking jobs, for the operators' page. */
  get warning(): string | null {
    return this.clock.isWrong ? 'clock_drift' : null;
  }
  private readonly roomsFirst = new RoomsFirst();
  private readonly givenUp: GivenUp;
  private worker?: Worker<SignJob>;
  private connection?: ReturnType<typeof queueConnection>;
  private timer?: NodeJS.Timeout;
  private sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: SignWorkerOptions,
    private readonly promised: Pick<SignPromised, 'run'>,
    private readonly queue: IssuanceQueue,
    private readonly settleFailure: SettleSigningFailure,
    private readonly stepTimes: StepTimes,
    private readonly clock: ClockWatch,
  ) {
    this.givenUp = new GivenUp(queue);
  }

  /** @throws QueueMayForget (`queue_may_forget`) */
  async onApplicationBootstrap(): Promise<void> {
    const { engine, concurrency = 4 } = this.options;
    await assertQueueKeepsJobs(engine);
    const connection = queueConnection(engine, concurrency + 2);
    this.connection = connection;
    this.worker = new Worker<SignJob>(
      signQueueName,
      (job) =>
        this.roomsFirst.run(job.priority === roomPriority, () =>
          this.process(job.data, job.attemptsMade + 1),
        ),
      // Short, so that what a killed worker held comes back soon: signing a batch twice does no harm.
      {
        connection,
        concurrency,
        lockDuration: 15_000,
        stalledInterval: 5_000,
        maxStalledCount: 10,
        runRetryDelay: awayRetryMs,
        autorun: false,
      },
    );
    this.worker.on('failed', (job, error) => {
      // Without an end, the queue itself tries again.
      const outboxId = job && namedRow(job.data);
      if (outboxId !== undefined && (job?.finishedOn || isLost(error))) void this.ended(outboxId, error);
    });
    this.worker.on('error', (error) => log.warn({ err: error.message }, 'queue connection'));
    await this.worker.waitUntilReady();
    await this.clock.look(this.worker);
    this.sweep(0);
    this.timer = setInterval(() => {
      if (this.worker) void this.clock.look(this.worker);
      this.sweep(sweepEverySeconds - 1);
    }, sweepEverySeconds * 1000);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
    const closed = this.worker?.close();
    const late = new AbortController();
    await Promise.race([closed, sleep(drainMs, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    if (this.connection) endQueueConnection(this.connection);
  }

  private async process(data: unknown, attempt: number): Promise<void> {
    const outboxId = namedRow(data);
    if (outboxId === undefined) {
      this.ignoreForged('form');
      return;
    }
    const end = signingMetrics.startBatch();
    try {
      const batch = await this.promised.run(outboxId);
      if (!batch) {
        this.ignoreForged('unknown_row', outboxId);
        return;
      }
      const { signed, refused, waiting = 0 } = batch;
      signingMetrics.signed({ signed, refused }, attempt);
      this.signed += signed;
      end();
      log.info({ outboxId, signed, refused }, 'batch signed');
      if (waiting > 0) throw new BadgeAwaited(waiting);
    } catch (error) {
      this.stepTimes.forget(outboxId);
      const outcome = await this.settle(outboxId, error);
      if (error instanceof ClockDrift) {
        await this.worker?.pause(true);
        // Kept for another try, the job would wait by this clock. Given up, the sweep puts it in again.
        throw new UnrecoverableError(error.message);
      }
      if (outcome === 'again') throw error;
    }
  }

  /** There is nothing to sign, and nothing to try again. */
  private ignoreForged(reason: 'form' | 'unknown_row', outboxId?: string): void {
    forgedTotal.inc({ reason });
    log.error({ reason, outboxId }, 'a job that we did not write; it is ignored');
  }

  private async settle(outboxId: string, error: unknown): Promise<string> {
    const outcome = await this.settleFailure.run(outboxId, error);
    // What waits for another badge has not failed.
    if (error instanceof BadgeAwaited) {
      log.info({ outboxId, outcome, ...error.details }, 'batch waits for other badges');
      return outcome;
    }
    signingMetrics.failed(outcome);
    const { name, stack, code } = error as Error & { code?: string };
    const details = error instanceof DomainError ? error.details : undefined;
    const at = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    log.error({ outboxId, outcome, error: name, code, details, at: at.slice(0, 5) }, 'batch failed');
    return outcome;
  }

  /** The queue has dropped a job whose row may not be done. */
  private async ended(outboxId: string, error: Error): Promise<void> {
    // Failures of the work itself are settled by then; this one came from outside.
    if (isLost(error))
      await this.settle(outboxId, new WorkerLost()).catch((cause: Error) =>
        log.error({ outboxId, err: cause.name }, 'failure not recorded'),
      );
    await this.givenUp.add(outboxId);
  }

  private sweep(everySeconds: number): void {
    this.sweeping = this.givenUp
      .tell()
      .then(() => this.queue.sweep({ everySeconds }))
      .then(
        (swept) => swept && signingMetrics.swept(swept),
        (error: Error) => log.error({ err: error.message }, 'sweep failed'),
      );
  }
}
