import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../support/service-process.js';
import { somePeople } from '../support/synthetic-campaign.js';
import { type Outcome, outcomeOf } from './outcome.js';
import type { OwnPostgres, OwnRedis } from './own-services.js';
import { Revocations } from './revocations.js';
import { Client } from './scenarios/requests.js';
import type { Site } from './site.js';
import { Watch } from './watch.js';

export interface ChaosOptions {
  minutes: number;
  /** Awards asked for each second. */
  perSecond: number;
  /** Seconds between two kills, on average. */
  everySeconds: number;
  seed: number;
  tell(words: string): void;
}

/** Numbers between 0 and 1 that a seed repeats (mulberry32). */
function drawnBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const aSeed = (): number => randomInt(2 ** 31);

const roomOf = 8;
/** Between two readings of the whole database. */
const checkEveryMs = 120_000;
/** Of the signed credentials, one in so many is given to a verifier that is not ours. */
const outsideOneIn = 20;

/** Of the awards told, one in so many is revoked. */
const revokeOneIn = 50;

/** What a program that records sessions has been told. */
class Requests {
  readonly statuses = new Map<string, number>();
  readonly awardIds: string[] = [];
  sent = 0;
  private readonly open = new Set<Promise<void>>();

  constructor(
    private readonly site: Site,
    private readonly client: Client,
    private readonly revocations: Revocations,
  ) {}

  /** Sends one session and, like a careful client, sends it again with its key until it is answered. */
  send(people: string[], until: () => boolean): void {
    this.sent += 1;
    const code = `X-${this.sent}`;
    const work = this.insist(this.client.session(code, people), code, until).finally(() =>
      this.open.delete(work),
    );
    this.open.add(work);
  }

  async settled(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  private async insist(body: object, key: string, until: () => boolean): Promise<void> {
    for (;;) {
      const answer = await this.client.post(body, key).catch(() => ({ status: 0, text: '' }));
      const name = answer.status === 0 ? 'no answer' : String(answer.status);
      this.statuses.set(name, (this.statuses.get(name) ?? 0) + 1);
      if (answer.status === 201) {
        const { awards } = JSON.parse(answer.text) as { awards: { awardIds: string[] } };
        for (const id of awards.awardIds) {
          this.site.promised.add(id);
          this.awardIds.push(id);
          if (this.awardIds.length % revokeOneIn === 0) this.revocations.ask(id);
        }
        return;
      }
      // Recorded by an api that died before it could answer.
      if (answer.text.includes('session_code_taken') || until()) return;
      await sleep(1_000);
    }
  }
}

/**
 * T-80: awards are asked for over HTTP at a steady rate while, at random, a worker, the api, Redis or PostgreSQL is
 * killed and started again, and every two minutes the whole database is read. One badge in fifty is revoked. Afterwards everything is left alone, and
 * what was promised must be there, each credential verified.
 */
export async function randomKills(
  site: Site,
  services: { postgres: OwnPostgres; redis?: OwnRedis },
  options: ChaosOptions,
): Promise<Outcome> {
  const draw = drawnBy(options.seed);
  const workers: ServiceProcess[] = [await site.worker(), await site.worker()];
  let api = await site.api();
  const revocations = new Revocations(site, await Client.of(site));
  const requests = new Requests(site, await Client.of(site), revocations);
  const kills = new Map<string, number>();
  const kill = async (): Promise<void> => {
    const pause = (): Promise<void> => sleep(200 + draw() * 2_000);
    const targets: [string, () => Promise<void>][] = [
      [
        'worker',
        async () => {
          const at = Math.floor(draw() * workers.length);
          await workers[at]!.stop('SIGKILL');
          await pause();
          workers[at] = await site.worker();
        },
      ],
      [
        'api',
        async () => {
          await api.stop('SIGKILL');
          await pause();
          api = await site.api();
        },
      ],
      [
        'PostgreSQL',
        async () => {
          await services.postgres.kill();
          await pause();
          await services.postgres.start();
          if (api.isOver) api = await site.api();
          for (const [at, worker] of workers.entries()) if (worker.isOver) workers[at] = await site.worker();
        },
      ],
    ];
    if (services.redis) {
      const { redis } = services;
      targets.push([
        'Redis',
        async () => {
          await redis.kill();
          await pause();
          await redis.start();
        },
      ]);
    }
    const [name, strike] = targets[Math.floor(draw() * targets.length)]!;
    kills.set(name, (kills.get(name) ?? 0) + 1);
    await strike();
  };
  const load = new Load(site, requests, options);
  load.begin();
  const watch = new Watch(site, Math.min(checkEveryMs, options.minutes * 15_000), () =>
    revocations.read(),
  ).begin();
  const end = Date.now() + options.minutes * 60_000;
  while (Date.now() < end) {
    await sleep(Math.min(end - Date.now(), options.everySeconds * 1000 * (0.5 + draw())));
    if (Date.now() >= end) break;
    await kill();
    options.tell(
      `T-80 on ${site.engine}: ${[...kills].map(([name, number]) => `${name} ${number}`).join(', ')}; ${requests.sent} sent, ${requests.awardIds.length} awards told; ${watch.checks} checks, ${watch.broken.length} faults`,
    );
  }
  await load.end();
  const caughtUp = await site.drained(900_000);
  await revocations.settled();
  await watch.end();
  const revoked = await revocations.lastReading();
  const recorded = await site.promiseRecorded();
  options.tell(`T-80 on ${site.engine}: ${recorded} awards; each is verified`);
  if (api.isOver) api = await site.api();
  const told = (counts: Map<string, number>, sign: string): string =>
    [...counts].map(([name, number]) => `${number} ${sign} ${name}`).join(', ');
  const rate = recorded / (options.minutes * 60);
  const outcome = await outcomeOf(
    site,
    {
      id: 'T-80',
      fault: `random kills for ${options.minutes} min at ${options.perSecond} awards a second (seed ${options.seed})`,
      happened: `killed: ${told(kills, '×')}; ${requests.sent} requests answered ${told(requests.statuses, '×')}; ${recorded} awards recorded (${rate.toFixed(1)} a second), the last issued ${caughtUp.toFixed(0)} s after the end; ${revocations.confirmed.length} of ${revocations.askedFor} badges revoked over HTTP, ${revoked.lost.length} of them not told; the database read ${watch.checks} times meanwhile, and ${revocations.seen} times a revocation that had to be told`,
      count: recorded,
    },
    { sample: Number.POSITIVE_INFINITY, outsideOneIn },
  );
  await site.killAll();
  outcome.findings.broken.push(...watch.broken, ...revoked.broken);
  outcome.findings.lost += revoked.lost.length;
  if (revocations.confirmed.length === 0) outcome.findings.broken.push('nobody revoked a badge meanwhile');
  if (watch.checks === 0) outcome.findings.broken.push('nobody read the database meanwhile');
  return outcome;
}

/** Asks for awards at a steady rate, whatever becomes of the answers. */
class Load {
  private isOver = false;
  private running?: Promise<void>;
  private readonly people: string[] = [];

  constructor(
    private readonly site: Site,
    private readonly requests: Requests,
    private readonly options: ChaosOptions,
  ) {}

  begin(): void {
    this.running = this.run();
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.running;
    await this.requests.settled();
  }

  private async run(): Promise<void> {
    const everyMs = (1000 * roomOf) / this.options.perSecond;
    for (let next = performance.now(); !this.isOver; next += everyMs) {
      while (this.people.length < roomOf && !this.isOver) await this.newPeople();
      const giveUpAt = Date.now() + 120_000;
      if (!this.isOver) this.requests.send(this.people.splice(0, roomOf), () => Date.now() > giveUpAt);
      await sleep(Math.max(0, next + everyMs - performance.now()));
    }
  }

  private async newPeople(): Promise<void> {
    await somePeople(this.site.world, 80).then(
      (people) => void this.people.push(...people),
      () => sleep(200),
    );
  }
}
