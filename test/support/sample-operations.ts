import type { IssuanceOperations } from '#badges';

type Worker = IssuanceOperations['workers'][number];

/** A worker that lives and has nothing to complain of. */
export const aWorker = (given: Partial<Worker> = {}): Worker => ({
  id: '0192b3a0-0000-7000-8000-00000000abcd',
  version: '0.1.0',
  engine: 'postgres',
  startedAt: '2026-10-05T08:00:00.000Z',
  seenAt: '2026-10-05T09:00:20.000Z',
  isAlive: true,
  signed: 12,
  warning: null,
  ...given,
});

/** Where issuance stands: nothing waits and a worker lives, but for what is given. */
export const operationsWith = (given: Partial<IssuanceOperations> = {}): IssuanceOperations => ({
  takenAt: '2026-10-05T09:00:30.000Z',
  waitingBatches: 0,
  waitingCredentials: 0,
  waitingStatements: { endorsement: 0, record: 0, credential: 0 },
  oldestWaitingSeconds: 0,
  deadLetterCount: 0,
  refusedCount: 0,
  retryableCount: 0,
  letters: [],
  organisations: [],
  workers: [aWorker()],
  lastSweep: null,
  statusListsWaiting: 0,
  issuedPerHour: [],
  oldestRoomSeconds: 0,
  unsignedSeconds: 0,
  statusChangesWaiting: 0,
  oldestStatusChangeSeconds: 0,
  standingErrors: [],
  ...given,
});
