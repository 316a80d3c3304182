import { register } from 'prom-client';
import { ChangeStatus, IssuanceQueue, signQueueName } from '#badges';
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

  const ofQueue = async <T>(work: (queue: Queue) => Promise<T>): Promise<T> => {
    const connection = queueConnection(bench.engine, 1);
    const queue = new Queue(signQueueName, { connection });
    const answer = await work(queue);
    await queue.close();
    endQueueConnection(connection);
    return answer;
  };
  const forge = (data: object): Promise<unknown> => ofQueue((queue) => queue.add('sign', data as never));
  /** What waits, in the order in which it will be taken. */
  const jobs = (): Promise<string[]> =>
    ofQueue(async (queue) => (await queue.getPrioritized(0, -1)).map(({ id }) => id!));
  /** Rows that stand for work: a sweep reads nothing else. @param age since they were written */
  const promisedRows = async (size: number, rooms: number, age = '0 seconds'): Promise<string[]> => {
    const { rows } = await bench.owner.query<{ id: string }>(
      `insert into outbox (id, topic, organisation_id, priority, created_at)
       select gen_random_uuid(), 'sign', $1, case when n <= $3 then 1 else 10 end, now() - $4::interval
       from generate_series(1, $2::int) n returning id`,
      [bench.world.structure.id, size, rooms, age],
    );
    return rows.map(({ id }) => id);
  };
  const forgetRows = async (): Promise<void> => {
    await bench.loseJobs();
    await bench.owner.query('update outbox set done_at = now() where done_at is null');
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

  it('is asked once for what hundreds of requests put in at the same moment, and once more for what came meanwhile', async () => {
    const outboxIds = await promisedRows(300, 300);
    const [statements, calls] = [
      import.meta.jest.spyOn(bench.world.api, 'query'),
      import.meta.jest.spyOn(Queue.prototype, 'addBulk'),
    ];
    try {
      const first = outboxIds.slice(0, 250).map((id) => bench.queue.enqueue([id]));
      await eventually(
        async () => statements.mock.calls.length,
        (number) => number > 0,
      );
      await Promise.all([...first, ...outboxIds.slice(250).map((id) => bench.queue.enqueue([id]))]);
      // A turn, what to put in, and that it is in: the same for one row and for hundreds.
      expect([calls.mock.calls.length, statements.mock.calls.length]).toEqual([2, 6]);
    } finally {
      for (const spy of [statements, calls]) spy.mockRestore();
    }
    expect((await jobs()).sort()).toEqual(outboxIds.map((id) => `sign-${id}`).sort());
    expect(await bench.sweeper.sweep()).toEqual({ forgotten: 0, repeated: 0, promoted: 0 });
    await forgetRows();
  });

  it('takes what comes next also while a statement of those before hangs', async () => {
    const [held, next] = await promisedRows(2, 0);
    const queue = new IssuanceQueue(bench.world.api, bench.engine);
    await bench.owner.query('begin');
    try {
      await bench.owner.query('select from outbox where id = $1 for update', [held]);
      const hangs = queue.enqueue([held!]);
      await eventually(
        async () => (await bench.owner.query('select from pg_locks where not granted')).rowCount,
        (waiting) => waiting! > 0,
      );
      await queue.enqueue([next!]);
      expect(await jobs()).toEqual([`sign-${next}`]);
      await bench.owner.query('commit');
      await hangs;
      expect((await jobs()).sort()).toEqual([`sign-${held}`, `sign-${next}`].sort());
    } finally {
      await bench.owner.query('rollback');
      await queue.close();
    }
    await forgetRows();
  });

  it('is asked by each request when they come one after the other, and by nobody who waits while it is away', async () => {
    const [first, second, third, ...others] = await promisedRows(6, 6);
    const queue = new IssuanceQueue(bench.world.api, bench.engine);
    const calls = import.meta.jest.spyOn(Queue.prototype, 'addBulk');
    try {
      await queue.enqueue([first!]);
      await queue.enqueue([second!]);
      expect(calls).toHaveBeenCalledTimes(2);
      calls.mockRejectedValueOnce(new Error('away'));
      const failing = queue.enqueue([third!]);
      await eventually(
        async () => calls.mock.calls.length,
        (number) => number === 3,
      );
      await Promise.all([failing, ...others.map((id) => queue.enqueue([id]))]);
      expect(calls).toHaveBeenCalledTimes(3);
    } finally {
      calls.mockRestore();
      await queue.close();
    }
    expect((await jobs()).sort()).toEqual([first!, second!].map((id) => `sign-${id}`).sort());
    await forgetRows();
  });

  it('finds again at once every job that the queue lost', async () => {
    const { awardIds, outboxIds } = await bench.planned(24, 4);
    await bench.queue.enqueue(outboxIds);
    await bench.loseJobs();
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 24 });
    expect(await bench.signaturesOf(awardIds)).toBe(24);
  });

  it('is filled again by one sweep in the order it had, more than a thousand jobs, none twice', async () => {
    const outboxIds = await promisedRows(1_100, 20);
    await bench.queue.enqueue(outboxIds);
    const before = await jobs();
    expect(before).toHaveLength(1_100);
    await bench.loseJobs();
    expect(await bench.sweeper.sweep()).toEqual({ forgotten: 0, repeated: 1_100, promoted: 0 });
    expect(await jobs()).toEqual(before);
    expect(await bench.sweeper.sweep({ everySeconds: 60 })).toBeUndefined();
    expect(await bench.sweeper.sweep()).toEqual({ forgotten: 0, repeated: 0, promoted: 0 });
    await forgetRows();
  });

  it('ends its sweep when the clock of the database goes back meanwhile', async () => {
    const outboxIds = await promisedRows(1_100, 0);
    await bench.queue.enqueue(outboxIds);
    await bench.loseJobs();
    await bench.owner.query(`
      create function clock_back() returns trigger language plpgsql as $$
        begin new.enqueued_at := new.enqueued_at - interval '1 day'; return new; end $$;
      create trigger clock_back before update of enqueued_at on outbox for each row execute function clock_back()`);
    try {
      const swept = await bench.sweeper.sweep();
      expect(swept!.repeated).toBeGreaterThanOrEqual(1_000);
      expect(await jobs()).toHaveLength(swept!.repeated);
    } finally {
      await bench.owner.query('drop trigger clock_back on outbox; drop function clock_back()');
    }
    await forgetRows();
  });

  it('puts back what it gave up while the disk was full, and nothing else with it', async () => {
    const { awardIds, outboxIds } = await bench.planned(2);
    await bench.owner.query(`
      create function disk_full() returns trigger language plpgsql as $$
        begin raise exception 'no space left' using errcode = '53100'; end $$;
      create trigger disk_full before update on credential for each row when (new.state = 'signed')
        execute function disk_full();
      update outbox set created_at = created_at - interval '3 seconds', enqueued_at = now() where done_at is null`);
    try {
      await ofQueue((queue) =>
        queue.add('sign', { outboxId: outboxIds[0] } as never, {
          jobId: `sign-${outboxIds[0]}`,
          attempts: 1,
          removeOnFail: true,
        }),
      );
      await bench.startWorker();
      await eventually(
        () =>
          bench.count(
            'select count(*)::int as number from outbox where done_at is null and enqueued_at is null',
          ),
        (givenUp) => givenUp === 1,
      );
      await bench.stopWorker();
      const others = await promisedRows(30, 0);
      await bench.queue.enqueue(others);
      expect(await bench.sweeper.sweep()).toEqual({ forgotten: 1, repeated: 0, promoted: 0 });
      expect(await jobs()).toHaveLength(31);
      await bench.owner.query('update outbox set done_at = now() where id = any($1)', [others]);
    } finally {
      await bench.owner.query('drop trigger disk_full on credential; drop function disk_full()');
    }
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 2 });
    expect(await bench.signaturesOf(awardIds)).toBe(2);
    await bench.stopWorker();
    await forgetRows();
  });

  it('is filled again when it lost some of its jobs, and when it never had them', async () => {
    const [first, second, ...others] = await promisedRows(40, 2);
    await bench.queue.enqueue([first!, second!, ...others]);
    const before = await jobs();
    for (const id of [first, others[7]]) await ofQueue((queue) => queue.remove(`sign-${id}`));
    expect(await jobs()).toHaveLength(38);
    expect(await bench.sweeper.sweep()).toMatchObject({ repeated: 40 });
    expect((await jobs()).sort()).toEqual(before.sort());
    expect(await bench.sweeper.sweep()).toMatchObject({ repeated: 0 });
    await promisedRows(1_010, 0, '3 seconds');
    expect(await bench.sweeper.sweep()).toMatchObject({ forgotten: 1_010, repeated: 0 });
    expect(await jobs()).toHaveLength(1_050);
    await forgetRows();
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

  /** Forged jobs that a worker of this process has counted, by what was wrong with them. */
  const forgedJobs = async (): Promise<Record<string, number>> => {
    const { values } = await register.getSingleMetric('insigne_forged_jobs_total')!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.reason, value]));
  };

  it('signs nothing for forged jobs, counts each once and goes on with the next real one', async () => {
    await bench.startWorker();
    const counted = await forgedJobs();
    const before = await bench.count(`select count(*)::int as number from credential where state = 'signed'`);
    const content = {
      credential: { id: 'https://evil.example/b/1' },
      organisationId: bench.world.structure.id,
    };
    for (const outboxId of [uuid(), "x' or 1=1 --", null, 7, ['a']]) await forge({ outboxId, ...content });
    await forge({});
    // Of our form, with an id that nothing promised: in a job of five tries, as ours have.
    const tried = { attempts: 5, backoff: { type: 'fixed', delay: 1 } };
    for (let i = 0; i < 3; i += 1) await ofQueue((queue) => queue.add('sign', { outboxId: uuid() }, tried));
    const { awardIds, outboxIds } = await bench.planned(2);
    await bench.queue.enqueue(outboxIds);
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 2 });
    await eventually(
      () => ofQueue((queue) => queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed')),
      (held) => held === 0,
    );
    expect(await ofQueue((queue) => queue.getFailedCount())).toBe(0);
    expect(await forgedJobs()).toEqual({
      form: counted.form! + 6,
      unknown_row: counted.unknown_row! + 3,
    });
    expect(await bench.count(`select count(*)::int as number from credential where state = 'signed'`)).toBe(
      before + 2,
    );
    await bench.stopWorker();
    await bench.loseJobs();
  });

  it('takes a job for no forged one whose award was cancelled, or signed already, while it waited', async () => {
    const counted = await forgedJobs();
    const [cancelled, signed] = [await bench.planned(1), await bench.planned(1)];
    await bench.queue.enqueue([...cancelled.outboxIds, ...signed.outboxIds]);
    const taken: { id: string }[] = await bench.world.api.query(
      'select id from credential where award_id = any($1)',
      [cancelled.awardIds],
    );
    await new ChangeStatus(bench.world.api).run({
      organisationId: bench.world.structure.id,
      credentialIds: taken.map(({ id }) => id),
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'client:test',
    });
    await bench.startWorker();
    expect(states(await bench.settled(signed.awardIds))).toEqual({ 'signed issued': 1 });
    expect(states(await bench.settled(cancelled.awardIds))).toEqual({ 'void revoked': 1 });
    await forge({ outboxId: signed.outboxIds[0] });
    await eventually(
      () => ofQueue((queue) => queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed')),
      (held) => held === 0,
    );
    expect(await forgedJobs()).toEqual(counted);
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

  it('keeps its promise when Redis cannot be reached, which is no reason to believe that jobs are lost', async () => {
    const bench = await QueueBench.open(testRedisUrl());
    const nowhere = { kind: 'redis', url: 'redis://127.0.0.1:9' } as const;
    const elsewhere = new IssuanceQueue(bench.world.api, nowhere);
    const away = new IssuanceQueue(bench.world.worker, nowhere);
    try {
      const { awardIds, outboxIds } = await bench.planned(3);
      await elsewhere.enqueue(outboxIds);
      const enqueued = 'update outbox set enqueued_at = ';
      await bench.owner.query(`${enqueued} now()`);
      expect(await away.sweep()).toMatchObject({ forgotten: 0, repeated: 0 });
      await bench.owner.query(`${enqueued} null`);
      await bench.world.api.query(`update outbox set created_at = created_at - interval '3 seconds'`);
      await bench.startWorker();
      expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 3 });
    } finally {
      await elsewhere.close();
      await away.close();
      await bench.close();
    }
  });
});
