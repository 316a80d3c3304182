import { Counter, Gauge, Histogram } from 'prom-client';
import type { OperationsReader, SigningStep, SigningSteps, Swept } from '#badges';

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
const stepSeconds = new Histogram({
  name: 'insigne_sign_step_seconds',
  help: 'Seconds from the step before to this one, for a batch or a part of it',
  labelNames: ['step'] as const,
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});
const attempts = new Histogram({
  name: 'insigne_sign_job_attempts',
  help: 'Attempts that a job of the queue has taken when it ended',
  buckets: [1, 2, 3, 4, 5],
});
const failuresTotal = new Counter({
  name: 'insigne_sign_failures_total',
  help: 'Batches that could not be signed, by what became of them: again, apart, dead, over',
  labelNames: ['outcome'] as const,
});
const sweptTotal = new Counter({
  name: 'insigne_queue_swept_total',
  help: 'Batches that a sweep of this worker enqueued or moved: forgotten, repeated, promoted',
  labelNames: ['reason'] as const,
});
const depth = new Gauge({
  name: 'insigne_queue_jobs',
  help: 'Jobs in the queue, by state',
  labelNames: ['state'] as const,
});
const waiting = new Gauge({
  name: 'insigne_issuance_waiting_credentials',
  help: 'Credentials that are planned, promised and not signed yet, by kind',
  labelNames: ['kind'] as const,
});
const oldest = new Gauge({
  name: 'insigne_issuance_oldest_waiting_seconds',
  help: 'Age of the oldest batch that is neither done nor a dead letter',
});
const deadLetters = new Gauge({
  name: 'insigne_issuance_dead_letters',
  help: 'Batches that wait for a person',
});
const refusedNow = new Gauge({
  name: 'insigne_issuance_refused_credentials',
  help: 'Refused credentials that wait for a person',
});
const unsignedLists = new Gauge({
  name: 'insigne_status_lists_waiting',
  help: 'Status lists whose latest content is not signed yet',
});
const mayForget = new Gauge({
  name: 'insigne_queue_may_forget',
  help: '1 when Redis may throw jobs away (maxmemory-policy), else 0',
});

/** Measures what a batch spends on each step. */
export class StepTimes implements SigningSteps {
  private readonly last = new Map<string, number>();

  reached(step: SigningStep, outboxId: string): void {
    const now = performance.now();
    const before = this.last.get(outboxId);
    if (before !== undefined) stepSeconds.observe({ step }, (now - before) / 1000);
    if (step === 'done') this.last.delete(outboxId);
    else this.last.set(outboxId, now);
  }

  /** A batch that failed halfway is measured anew. */
  forget(outboxId: string): void {
    this.last.delete(outboxId);
  }
}

/** What the worker tells Prometheus beside the steps. */
export const signingMetrics = {
  startBatch: (): (() => void) => batchSeconds.startTimer(),
  signed(numbers: { signed: number; refused: number }, attempt: number): void {
    signedTotal.inc(numbers.signed);
    refusedTotal.inc(numbers.refused);
    attempts.observe(attempt);
  },
  failed: (outcome: string): void => failuresTotal.inc({ outcome }),
  swept({ forgotten, repeated, promoted }: Swept): void {
    sweptTotal.inc({ reason: 'forgotten' }, forgotten);
    sweptTotal.inc({ reason: 'repeated' }, repeated);
    sweptTotal.inc({ reason: 'promoted' }, promoted);
  },
  mayForget: (isSo: boolean): void => mayForget.set(isSo ? 1 : 0),
  /** Reads what lies in the database and the queue; called when somebody asks for the metrics. */
  async refresh(reader: OperationsReader, counts: Record<string, number> | undefined): Promise<void> {
    const now = await reader.gauges();
    waiting.set({ kind: 'badge' }, now.waitingCredentials);
    for (const [kind, number] of Object.entries(now.waitingStatements)) waiting.set({ kind }, number);
    oldest.set(now.oldestWaitingSeconds);
    deadLetters.set(now.deadLetters);
    refusedNow.set(now.refused);
    unsignedLists.set(now.statusListsWaiting);
    for (const [state, number] of Object.entries(counts ?? {})) depth.set({ state }, number);
  },
};
