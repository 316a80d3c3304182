import { IssuanceQueue, signQueueName } from '#badges';
import { endQueueConnection, Queue, queueConnection, sha256, uuid } from '#platform';
import { describeWith } from '../support/describe-with.js';
import { QueueBench, states } from '../support/queue-bench.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually } from '../support/service-process.js';

function promises(redisUrl: () => string | undefined): void {
  let bench: QueueBench;
  beforeAll(async () => {
    bench = await QueueBench.open(redisUrl());
  }, 120_000);
  afterAll(() => bench?.close());
  afterEach(() => bench?.stopWorker());

  const forge = async (data: object): Promise<void> => {
    const connection = queueConnection(bench.engine, 1);
    const queue = new Queue(signQueueName, { connection });
    await queue.add('sign', data as never);
    await queue.close();
    endQueueConnection(connection);
  };

  it('signs each of 60 enqueued awards, once', async () => {
    const { awardIds, outboxIds } = await bench.planned(60, 8);
    await bench.queue.enqueue(outboxIds);
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 60 });
    expect(await bench.signaturesOf(awardIds)).toBe(60);
  });

  it('signs once what was enqueued ten times', async () => {
    const { awardIds, outboxIds } = await bench.planned(8);
    await bench.startWorker();
    await Promise.all(Array.from({ length: 5 }, () => bench.queue.enqueue(outboxIds)));
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 8 });
    for (let i = 0; i < 5; i += 1) {
      await bench.queue.enqueue(outboxIds);
      await forge({ outboxId: outboxIds[0] });
    }
    await eventually(
      () => bench.queue.counts(),
      (counts) => Object.values(counts).every((number) => number === 0),
    );
    expect(await bench.signaturesOf(awardIds)).toBe(8);
  });

  it('finds again, a minute later, every job that the queue lost', async () => {
    const { awardIds, outboxIds } = await bench.planned(24, 4);
    await bench.queue.enqueue(outboxIds);
    await bench.loseJobs();
    await bench.world.api.query(
      `update outbox set enqueued_at = enqueued_at - interval '61 seconds' where id = any($1)`,
      [outboxIds],
    );
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 24 });
    expect(await bench.signaturesOf(awardIds)).toBe(24);
  });

  it('finds what was committed but never enqueued', async () => {
    const { awardIds, outboxIds } = await bench.planned(6);
    await bench.world.api.query(
      `update outbox set created_at = created_at - interval '3 seconds' where id = any($1)`,
      [outboxIds],
    );
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 6 });
  });

  it('signs nothing for forged jobs and goes on with the next real one', async () => {
    await bench.startWorker();
    const before = await bench.count(`select count(*)::int as number from credential where state = 'signed'`);
    const content = {
      credential: { id: 'https://evil.example/b/1' },
      organisationId: bench.world.structure.id,
    };
    for (const outboxId of [uuid(), "x' or 1=1 --", null, 7, ['a']]) await forge({ outboxId, ...content });
    await forge({});
    const { awardIds, outboxIds } = await bench.planned(2);
    await bench.queue.enqueue(outboxIds);
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 2 });
    expect(await bench.count(`select count(*)::int as number from credential where state = 'signed'`)).toBe(
      before + 2,
    );
    await bench.stopWorker();
    await bench.loseJobs();
  });

  it('ignores content that a job brings along: the planned bytes are signed', async () => {
    const { awardIds, outboxIds } = await bench.planned(2);
    await forge({ outboxId: outboxIds[0], payload: '{"forged":true}', credentials: [{ forged: true }] });
    await bench.startWorker();
    for (const { document, payload } of await bench.settled(awardIds)) {
      const { proof: _proof, ...signed } = JSON.parse(document!) as Record<string, unknown>;
      expect(JSON.stringify(signed)).toBe(payload);
      expect(document).not.toContain('forged');
    }
  });

  it('refuses what the linter finds faulty, says why in French, and signs the rest of the batch', async () => {
    const { awardIds, outboxIds } = await bench.planned(5);
    await spoil(awardIds[0]!, (credential) => ({ ...credential, credentialStatus: undefined }));
    await spoil(awardIds[1]!, (credential) => ({ ...credential, name: 'Badge \u202Efaux' }));
    await bench.queue.enqueue(outboxIds);
    await bench.startWorker();
    const rows = await bench.settled(awardIds);
    expect(states(rows)).toEqual({ 'signed issued': 3, 'refused refused': 2 });
    for (const { refusal, document } of rows.filter((row) => row.state === 'refused')) {
      expect(refusal!.code).toMatch(/^[a-z_]+$/);
      expect(refusal!.detail.fr).toMatch(/[a-zé]{3}/);
      expect(refusal!.detail.fr).not.toBe(refusal!.detail.en);
      expect(document).toBeNull();
    }
  });

  const spoil = async (
    awardId: string,
    change: (credential: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<void> => {
    const [row]: [{ payload: string }] = await bench.world.api.query(
      'select payload from credential where award_id = $1',
      [awardId],
    );
    const payload = JSON.stringify(change(JSON.parse(row.payload) as Record<string, unknown>));
    await bench.world.api.query(
      'update credential set payload = $2, payload_sha256 = $3 where award_id = $1',
      [awardId, payload, sha256(payload).toString('hex')],
    );
  };
}

describe('the signing queue on PostgreSQL', () => promises(() => undefined));

describeWith('redis', 'the signing queue on Redis', () => {
  promises(testRedisUrl);

  it('keeps its promise when Redis cannot be reached', async () => {
    const bench = await QueueBench.open(testRedisUrl());
    const elsewhere = new IssuanceQueue(bench.world.api, { kind: 'redis', url: 'redis://127.0.0.1:9' });
    try {
      const { awardIds, outboxIds } = await bench.planned(3);
      await elsewhere.enqueue(outboxIds);
      await bench.world.api.query(`update outbox set created_at = created_at - interval '3 seconds'`);
      await bench.startWorker();
      expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 3 });
    } finally {
      await elsewhere.close();
      await bench.close();
    }
  });
});
