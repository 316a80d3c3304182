import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import type { DataSource } from 'typeorm';
import { type IssuanceQueue, type SignCredentials, type SignJob, signQueueName } from '#badges';
import { endQueueConnection, logger, type QueueEngine, queueConnection, Worker } from '#platform';

const log = logger('sign-worker');
const sweepEveryMs = 10_000;

const signedTotal = new Counter({
  name: 'insigne_credentials_signed_total',
  help: 'Credentials signed and stored',
});
const refusedTotal = new Counter({
  name: 'insigne_credentials_refused_total',
  help: 'Credentials refused before signing',
});
const batchSeconds = new Histogram({
  name: 'insigne_sign_batch_seconds',
  help: 'Seconds from taking a batch to having it stored',
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

/** Takes signing jobs from the queue and, on a timer, puts forgotten work back into it. */
export class SignWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private worker?: Worker<SignJob>;
  private connection?: ReturnType<typeof queueConnection>;
  private timer?: NodeJS.Timeout;
  private sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly engine: QueueEngine,
    private readonly database: DataSource,
    private readonly signCredentials: SignCredentials,
    private readonly queue: IssuanceQueue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const connection = queueConnection(this.engine, 4);
    this.connection = connection;
    this.worker = new Worker<SignJob>(
      signQueueName,
      async (job) => {
        const end = batchSeconds.startTimer();
        const { signed, refused } = await this.signCredentials.run(job.data.outboxId);
        signedTotal.inc(signed);
        refusedTotal.inc(refused);
        end();
        log.info({ outboxId: job.data.outboxId, signed, refused }, 'batch signed');
      },
      // Short, so that what a killed worker held comes back soon: signing a batch twice does no harm.
      { connection, concurrency: 2, lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 10 },
    );
    this.worker.on('failed', (job, error) => void this.remember(job?.data.outboxId, error));
    this.worker.on('error', (error) => log.warn({ err: error.message }, 'queue connection'));
    await this.worker.waitUntilReady();
    this.sweep();
    this.timer = setInterval(() => this.sweep(), sweepEveryMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
    await this.worker?.close();
    if (this.connection) endQueueConnection(this.connection);
  }

  private sweep(): void {
    this.sweeping = this.queue
      .sweep()
      .catch((error: Error) => log.error({ err: error.message }, 'sweep failed'));
  }

  private async remember(outboxId: string | undefined, error: Error): Promise<void> {
    log.error({ outboxId, err: error.message, code: (error as { code?: string }).code }, 'batch failed');
    if (outboxId === undefined) return;
    await this.database
      .query('update outbox set failures = failures + 1, last_error = $2 where id = $1', [
        outboxId,
        error.message.slice(0, 500),
      ])
      .catch((cause: Error) => log.error({ outboxId, err: cause.message }, 'failure not recorded'));
  }
}
