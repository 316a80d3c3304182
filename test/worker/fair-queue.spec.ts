import { AsyncLocalStorage } from 'node:async_hooks';
import { SignPromised } from '#badges';
import { RoomsFirst } from '../../apps/worker/src/rooms-first.js';
import { describeWith } from '../support/describe-with.js';
import type { IssuanceWorld } from '../support/issuance-world.js';
import { QueueBench } from '../support/queue-bench.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually } from '../support/service-process.js';

// The smallest batch that is no room: turns are about batches, however many badges one holds.
const inBatch = 13;
// Batches that the worker asks for at the same time, and may be given out of order.
const atOnce = 3;
const passedBy = 2 * atOnce;

/**
 * Outbox rows in the order in which the worker took them from the queue. When they are done depends on the machine:
 * in a worker that has just started, an organisation's first batch takes as long as several others.
 */
const taken: string[] = [];
const turn = new AsyncLocalStorage<number>();
const { run: begin } = RoomsFirst.prototype;
const { run: sign } = SignPromised.prototype;
beforeAll(() => {
  let turns = 0;
  RoomsFirst.prototype.run = function <T>(isRoom: boolean, work: () => Promise<T>): Promise<T> {
    const at = turns;
    turns += 1;
    return begin.call(this, isRoom, () => turn.run(at, work)) as Promise<T>;
  };
  SignPromised.prototype.run = function (outboxId) {
    taken[turn.getStore()!] = outboxId;
    return sign.call(this, outboxId);
  };
});
afterAll(() => {
  RoomsFirst.prototype.run = begin;
  SignPromised.prototype.run = sign;
});

function promises(redisUrl: () => string | undefined): void {
  let bench: QueueBench;
  let regional: IssuanceWorld;
  let local: IssuanceWorld;
  beforeAll(async () => {
    bench = await QueueBench.open(redisUrl());
    regional = await bench.anotherStructure('regionale');
    local = await bench.anotherStructure('locale');
  }, 120_000);
  afterAll(() => bench?.close());
  afterEach(async () => {
    await bench?.stopWorker();
    await bench?.loseJobs();
    // Long ago, so that nobody counts as just served.
    await bench?.owner.query(`update outbox set done_at = now() - interval '1 hour'`);
  });

  const enqueued = async (size: number, world = bench.world, room = size): Promise<string[]> => {
    const { outboxIds } = await bench.planned(size, room, world);
    await bench.queue.enqueue(outboxIds);
    return outboxIds;
  };
  const campaign = (batches: number, world = bench.world): Promise<string[]> =>
    enqueued(batches * inBatch, world, inBatch);
  const places = (outboxIds: string[][]): number[][] => {
    const order = [...new Set(taken.filter((id) => outboxIds.flat().includes(id)))];
    expect(order.sort((a, b) => taken.indexOf(a) - taken.indexOf(b))).toHaveLength(outboxIds.flat().length);
    return outboxIds.map((ids) => ids.map((id) => order.indexOf(id)));
  };
  const allDone = () =>
    eventually(
      () => bench.count('select count(*)::int as number from outbox where done_at is null'),
      (open) => open === 0,
      180_000,
    );
  const someDone = (number: number) =>
    eventually(
      () =>
        bench.count(
          `select count(*)::int as number from outbox where done_at > now() - interval '10 minutes'`,
        ),
      (done) => done >= number,
    );
  const turnsOf = async (outboxIds: string[]): Promise<(number | null)[]> => {
    const rows: { turn: number | null }[] = await bench.world.api.query(
      'select turn from outbox where id = any($1) order by turn nulls first',
      [outboxIds],
    );
    return rows.map((row) => row.turn);
  };

  it('serves three organisations in turn, however much one of them has, also over a restart of the worker', async () => {
    const big = await campaign(18);
    const middle = await campaign(5, regional);
    const small = await campaign(3, local);
    const room = await enqueued(8, regional);
    expect([big.length, middle.length, small.length, room.length]).toEqual([18, 5, 3, 1]);
    await bench.startWorker();
    // A restart in the middle of it changes nobody's place.
    await someDone(4);
    await bench.stopWorker();
    await bench.startWorker();
    await allDone();
    const [bigAt, middleAt, smallAt, roomAt] = places([big, middle, small, room]);
    // The room came last and goes first.
    expect(roomAt![0]).toBeLessThan(atOnce);
    // Three organisations, so the n-th batch of each is among the first 3 n.
    for (const [n, at] of middleAt!.entries()) expect(at).toBeLessThanOrEqual(3 * (n + 1) + passedBy);
    for (const [n, at] of smallAt!.entries()) expect(at).toBeLessThanOrEqual(3 * (n + 1) + passedBy);
    // And the big one is not held up either: its first batch is among the first.
    expect(Math.min(...bigAt!)).toBeLessThanOrEqual(passedBy);
  }, 240_000);

  it('lets a room overtake a campaign that is running', async () => {
    const big = await campaign(30);
    await bench.startWorker();
    await someDone(1);
    const room = await enqueued(8, local);
    const before = taken.filter((id) => big.includes(id)).length;
    await allDone();
    const [, roomAt] = places([big, room]);
    expect(roomAt![0]! - before).toBeLessThan(2 * atOnce);
  }, 240_000);

  it('starts a newcomer at the turn being served, not before everybody and not behind', async () => {
    const big = await campaign(5);
    expect(await turnsOf(big)).toEqual([11, 12, 13, 14, 15]);
    await bench.world.api.query('update outbox set done_at = now() where id = any($1) and turn < 14', [big]);
    expect(await turnsOf(await campaign(2, local))).toEqual([14, 15]);
    expect(await turnsOf(await campaign(2))).toEqual([16, 17]);
  });

  it('is not held back by a batch that fails again and again', async () => {
    const stuck = await campaign(1);
    await bench.world.api.query('update outbox set failures = 1 where id = any($1)', [stuck]);
    const big = await enqueued(300, regional);
    await bench.world.api.query('update outbox set done_at = now() where id = any($1) and turn < 13', [big]);
    expect(await turnsOf(await campaign(1, local))).toEqual([13]);
  });

  it('takes eight rooms of one organisation at once; the next ones wait their turn with the campaigns', async () => {
    const rooms = await enqueued(80, local, 8);
    expect(await turnsOf(rooms)).toEqual([...Array.from({ length: 8 }, () => null), 11, 12]);
    expect(await turnsOf(await enqueued(8, regional))).toEqual([null]);
  });

  it('lets no endless stream of rooms starve a campaign', async () => {
    const waiting = await campaign(1);
    const left = await campaign(1, regional);
    const roomsBefore = [...(await enqueued(24, local, 8)), ...(await enqueued(24, bench.world, 8))];
    await bench.world.api.query(
      `update outbox set created_at = now() - interval '3 minutes' where id = any($1)`,
      [waiting],
    );
    expect(await bench.sweeper.sweep({ patienceSeconds: 120 })).toMatchObject({ promoted: 1 });
    const roomsAfter = await enqueued(32, local, 8);
    await bench.startWorker();
    await allDone();
    const [waitingAt, leftAt, , afterAt] = places([waiting, left, roomsBefore, roomsAfter]);
    expect(waitingAt![0]! - roomsBefore.length).toBeLessThanOrEqual(atOnce);
    expect(Math.max(...afterAt!)).toBeGreaterThan(waitingAt![0]!);
    // Whoever has not waited that long stays behind the rooms.
    expect(leftAt![0]!).toBeGreaterThanOrEqual(Math.max(...afterAt!) - atOnce);
  }, 240_000);

  it('moves one batch of an organisation forward, not its whole campaign, and the next one later', async () => {
    const big = await campaign(3);
    await bench.world.api.query(
      `update outbox set created_at = now() - interval '3 minutes' where id = any($1)`,
      [big],
    );
    expect(await bench.sweeper.sweep({ patienceSeconds: 120 })).toMatchObject({ promoted: 1 });
    expect(await bench.sweeper.sweep({ patienceSeconds: 120 })).toMatchObject({ promoted: 0 });
    expect(await turnsOf(big)).toEqual([1, 12, 13]);
    await bench.world.api.query(
      `update outbox set done_at = now() - interval '121 seconds' where id = any($1) and turn = 1`,
      [big],
    );
    expect(await bench.sweeper.sweep({ patienceSeconds: 120 })).toMatchObject({ promoted: 1 });
  });

  it('is swept by one worker at a time', async () => {
    await bench.sweeper.sweep();
    expect(await bench.sweeper.sweep({ everySeconds: 60 })).toBeUndefined();
    expect(await bench.sweeper.sweep({ everySeconds: 0 })).toBeDefined();
  });
}

describe('the fair queue on PostgreSQL', () => promises(() => undefined));
describeWith('redis', 'the fair queue on Redis', () => promises(testRedisUrl));
