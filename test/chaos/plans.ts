import { signingSteps } from '../../libs/badges/src/signing-steps.js';
import { Brood } from './brood/brood.js';
import type { Outcome } from './outcome.js';
import { OwnPostgres, OwnRedis } from './own-services.js';
import { randomKills } from './random-kills.js';
import {
  cancelledWhileAnotherRuns,
  cancelledWhileQueued,
  mandateRemoved,
  rollingUpdate,
  wrongClock,
} from './scenarios/changes.js';
import { apiKilledBeforeEnqueue, drainedDeployment, workerKilledAtPoints } from './scenarios/kills.js';
import { delayByPoison, poisonedJob } from './scenarios/poison.js';
import { doubledJobs, emptiedQueue, redisAway, repeatedJobs, stalledWorkers } from './scenarios/queue.js';
import { repeatedRequests } from './scenarios/requests.js';
import { roomsAtOnce } from './scenarios/rooms.js';
import { revokedBadges } from './scenarios/status.js';
import { failingStore, nothingCanBeWritten, restartedPostgres } from './scenarios/storage.js';
import { Site } from './site.js';

/** A scenario with its full numbers, ready to run. */
export interface Plan {
  id: string;
  /** Its name among all plans, for example "T-05 Redis". */
  key: string;
  engine: string;
  run(): Promise<Outcome[]>;
}

export interface PlanOptions {
  redisUrl?: string;
  /** Part of the full numbers, from 0 to 1; the random kills have `minutes` instead. */
  share: number;
  minutes: number;
  /** Of a scenario that repeats itself: then it ends with the count it has reached. */
  atMostMinutes?: number;
  perSecond: number;
  everySeconds: number;
  seed: number;
  tell(words: string): void;
}

async function onSite(
  given: Parameters<typeof Site.open>[0],
  work: (site: Site) => Promise<Outcome | Outcome[]>,
): Promise<Outcome[]> {
  const site = await Site.open({ ...given, rereads: true });
  try {
    return [await work(site)].flat();
  } finally {
    await site.close();
  }
}

async function withBrood<T>(work: (brood?: Brood) => Promise<T>): Promise<T> {
  const brood = await Brood.open();
  try {
    return await work(brood);
  } finally {
    brood?.clear();
  }
}

async function withOwnRedis<T>(work: (redis: OwnRedis) => Promise<T>): Promise<T> {
  const redis = await OwnRedis.start();
  try {
    return await work(redis);
  } finally {
    await redis.kill();
  }
}

async function withOwnPostgres<T>(work: (postgres: OwnPostgres) => Promise<T>): Promise<T> {
  const postgres = await OwnPostgres.start();
  try {
    return await work(postgres);
  } finally {
    await postgres.remove();
  }
}

/** Every fault with the numbers of `npm run test:chaos`, cheapest first. */
export function plans({ redisUrl, share, atMostMinutes, ...chaos }: PlanOptions): Plan[] {
  const of = (full: number, least = 1): number => Math.max(least, Math.round(full * share));
  const engines: [string, string | undefined][] = [['PostgreSQL', undefined]];
  if (redisUrl) engines.push(['Redis', redisUrl]);
  const onEach = (id: string, work: (site: Site) => Promise<Outcome | Outcome[]>, what = id): Plan[] =>
    engines.map(([engine, url]) => ({
      id,
      key: `${what} ${engine}`,
      engine,
      run: () => onSite({ redisUrl: url }, work),
    }));
  const onOne = (id: string, work: (site: Site) => Promise<Outcome | Outcome[]>, what = id): Plan[] =>
    onEach(id, work, what).slice(0, 1);
  return [
    ...onOne('T-19', (site) => mandateRemoved(site, { awards: of(500, 20) })),
    ...onOne('T-01', (site) => repeatedRequests(site, { runs: of(200, 2), atOnce: 50, tell: chaos.tell })),
    ...onOne('T-04', (site) => failingStore(site, { awards: of(500, 60) })),
    ...onEach('T-05', (site) =>
      withBrood((brood) =>
        workerKilledAtPoints(site, {
          points: [...signingSteps],
          kills: of(50),
          atOnce: 2,
          atMostMinutes,
          brood,
          tell: chaos.tell,
        }),
      ),
    ),
    ...onEach(
      'T-05',
      (site) =>
        withBrood((brood) =>
          workerKilledAtPoints(site, {
            points: ['linted', 'signed', 'verified'],
            reach: 2,
            roomOf: 60,
            kills: of(20),
            atOnce: 2,
            atMostMinutes,
            brood,
            tell: chaos.tell,
          }),
        ),
      'T-05 second part',
    ),
    ...onEach('T-06', (site) => apiKilledBeforeEnqueue(site, { deaths: of(20), people: 50 })),
    ...onEach('T-07', (site) => emptiedQueue(site, { jobs: of(5_000, 100) })),
    ...(redisUrl
      ? [
          {
            id: 'T-08',
            key: 'T-08 Redis',
            engine: 'Redis',
            run: () =>
              withOwnRedis((redis) =>
                onSite({ redisUrl: redis.url }, (site) => redisAway(site, redis, { seconds: of(600, 10) })),
              ),
          },
        ]
      : []),
    ...onEach('T-10', (site) =>
      stalledWorkers(site, { stalls: of(20), point: 'verified', atOnce: 4, tell: chaos.tell }),
    ),
    ...onOne('T-10', (site) => doubledJobs(site, { jobs: of(1_000, 50) }), 'T-10 twice'),
    ...onEach('T-11', (site) => repeatedJobs(site, { jobs: of(100, 5), times: 10 })),
    {
      id: 'T-13',
      key: 'T-13 PostgreSQL',
      engine: 'PostgreSQL',
      run: () =>
        withOwnPostgres((postgres) =>
          onSite({ database: postgres.database }, (site) =>
            restartedPostgres(site, postgres, { restarts: of(20, 2), betweenMs: 5_000, tell: chaos.tell }),
          ),
        ),
    },
    ...onEach('T-21', (site) => roomsAtOnce(site, { structures: of(250, 5) })),
    ...onOne('T-40', (site) => revokedBadges(site, { badges: of(20, 2) })),
    ...onOne('T-15', (site) => nothingCanBeWritten(site, { requests: of(50, 3) })),
    ...onEach('T-16', (site) => wrongClock(site, { awards: of(100, 8), hours: [2, -2], watchMs: 15_000 })),
    ...onEach('T-17', (site) => drainedDeployment(site, { awards: of(2_000, 200), restarts: of(5, 2) })),
    ...onOne('T-18', (site) => rollingUpdate(site, { sessions: of(100, 3) })),
    ...onEach('T-20', (site) => cancelledWhileQueued(site, { awards: of(2_000, 200) })),
    ...onEach('T-20', (site) => cancelledWhileAnotherRuns(site, { awards: of(1_000, 40) }), 'T-20 waiting'),
    ...onEach('T-12', (site) => poisonedJob(site, { jobs: of(1_000, 50) })),
    ...onEach(
      'T-12',
      (site) => delayByPoison(site, { jobs: of(1_000, 50), rounds: of(15), tell: chaos.tell }),
      'T-12 delay',
    ),
    ...engines.map(([engine, url]) => ({
      id: 'T-80',
      key: `T-80 ${engine}`,
      engine,
      run: () =>
        withOwnPostgres((postgres) => {
          const work = (redis?: OwnRedis): Promise<Outcome[]> =>
            onSite({ database: postgres.database, redisUrl: redis?.url }, (site) =>
              randomKills(site, { postgres, redis }, chaos),
            );
          return url ? withOwnRedis(work) : work();
        }),
    })),
  ];
}
