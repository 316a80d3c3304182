import { OperationsReader, RetryIssuance, SettleSigningFailure } from '#badges';
import { DomainError } from '#platform';
import { describeWith } from '../support/describe-with.js';
import { QueueBench, states } from '../support/queue-bench.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually } from '../support/service-process.js';

class KeyAway extends DomainError {
  readonly code = 'signing_key_unavailable';
}

const letters = 'select count(*)::int as number from outbox where failed_at is not null and done_at is null';

function promises(redisUrl: () => string | undefined, jobs: number): void {
  let bench: QueueBench;
  let retry: RetryIssuance;
  let reader: OperationsReader;
  beforeAll(async () => {
    bench = await QueueBench.open(redisUrl());
    retry = new RetryIssuance(bench.world.api, bench.queue);
    reader = new OperationsReader(bench.world.api);
    await bench.owner.query(`
      create table poison (credential_id uuid);
      grant select on poison to insigne_worker;
      create function refuse_poison() returns trigger language plpgsql as $$
        begin
          if exists (select from poison where credential_id = new.id) then raise exception 'poison'; end if;
          return new;
        end $$;
      create trigger refuse_poison before update on credential for each row when (new.state = 'signed')
        execute function refuse_poison()`);
  }, 120_000);
  afterAll(() => bench?.close());
  afterEach(async () => {
    await bench?.stopWorker();
    await bench?.loseJobs();
    await bench?.owner.query('delete from poison');
    await bench?.owner.query(`update outbox set done_at = now() where done_at is null`);
    await bench?.owner.query(`update credential set state = 'void' where state in ('planned', 'refused')`);
  });

  const poison = async (awardId: string): Promise<string> => {
    const { rows } = await bench.owner.query<{ id: string }>(
      'insert into poison select id from credential where award_id = $1 returning credential_id as id',
      [awardId],
    );
    return rows[0]!.id;
  };
  const actions = async (action: string): Promise<number> => {
    const { rows } = await bench.owner.query<{ number: number }>(
      'select count(*)::int as number from audit_event where action = $1',
      [action],
    );
    return rows[0]!.number;
  };
  const letterOf = async (awardId: string): Promise<{ id: string; failures: number }> => {
    const [row] = await bench.world.api.query(
      `select o.id, o.failures from outbox o join credential c on c.outbox_id = o.id
       where c.award_id = $1 and o.failed_at is not null`,
      [awardId],
    );
    return row;
  };

  it(`give up on one poisonous job of ${jobs} after five attempts, and sign all the others`, async () => {
    const { awardIds, outboxIds } = await bench.planned(jobs);
    await eachInItsOwnRow(outboxIds);
    const poisoned = awardIds[117]!;
    await poison(poisoned);
    const rows = await bench.owner.query<{ id: string }>('select id from outbox where done_at is null');
    await bench.queue.enqueue(rows.rows.map((row) => row.id));
    await bench.startWorker();
    const settled = await bench.settled(awardIds, 200_000);
    expect(states(settled)).toEqual({ 'signed issued': jobs - 1, 'planned planned': 1 });
    const letter = await letterOf(poisoned);
    expect(letter.failures).toBe(5);
    expect(await bench.signaturesOf(awardIds)).toBe(jobs - 1);

    const told = await reader.letter(letter.id);
    expect(told).toMatchObject({ kind: 'failed', code: 'signing_failed', attempts: 5, credentials: 1 });
    expect(told!.detail.fr).toMatch(/relancez/);
    expect(told!.detail.en).toMatch(/retry/);
    // What PostgreSQL said of the row could name somebody.
    expect(told!.lastError).toMatch(/^QueryFailedError P0001$/);
  }, 240_000);

  it('hold up none of the 99 others of a batch', async () => {
    const { awardIds, outboxIds } = await bench.planned(100);
    await poison(awardIds[60]!);
    await bench.queue.enqueue(outboxIds);
    await bench.startWorker();
    await eventually(
      () => bench.count(`select count(*)::int as number from outbox where done_at is null and failures = 0`),
      (open) => open === 0,
    );
    const settled = await bench.settled(awardIds);
    expect(states(settled)).toEqual({ 'signed issued': 99, 'planned planned': 1 });
    expect((await letterOf(awardIds[60]!)).failures).toBe(5);
    expect(await bench.signaturesOf(awardIds)).toBe(99);
  }, 120_000);

  it('stay where they are, whatever sweeps and enqueues, until a person puts them back, once', async () => {
    const { awardIds, outboxIds } = await bench.planned(1);
    await poison(awardIds[0]!);
    await deadAfterFive(outboxIds[0]!);
    const before = await actions('signing.failed');
    await bench.world.api.query(
      `update outbox set created_at = now() - interval '1 hour', enqueued_at = now() - interval '1 hour' where id = any($1)`,
      [outboxIds],
    );
    await bench.startWorker();
    // The worker may be sweeping at this very moment.
    const swept = await eventually(
      () => bench.sweeper.sweep(),
      (one) => one !== undefined,
    );
    expect(swept).toMatchObject({ forgotten: 0, repeated: 0, promoted: 0 });
    await bench.queue.enqueue(outboxIds);
    expect(await bench.count(letters)).toBe(1);
    expect(await actions('signing.failed')).toBe(before);

    await bench.owner.query('delete from poison');
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => retry.run({ ids: [outboxIds[0]!] }, 'cli')),
    );
    expect(asked.reduce((sum, { batches }) => sum + batches, 0)).toBe(1);
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 1 });
    expect(await bench.signaturesOf(awardIds)).toBe(1);
    expect(await actions('signing.retried')).toBe(1);
  });

  it('can fail again after a retry, and be put back again', async () => {
    const { awardIds, outboxIds } = await bench.planned(1);
    await poison(awardIds[0]!);
    await deadAfterFive(outboxIds[0]!);
    await retry.run('all', 'cli');
    await deadAfterFive(outboxIds[0]!);
    await bench.owner.query('delete from poison');
    await bench.startWorker();
    expect(await retry.run('all', 'cli')).toEqual({ batches: 1, credentials: 0 });
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 1 });
  });

  it('are whole batches when nothing of the issuer can be signed', async () => {
    const { outboxIds } = await bench.planned(20);
    const settle = new SettleSigningFailure(bench.world.worker, bench.queue);
    const outcomes: string[] = [];
    for (let i = 0; i < 6; i += 1) outcomes.push(await settle.run(outboxIds[0]!, new KeyAway('key k1')));
    expect(outcomes).toEqual(['again', 'again', 'again', 'again', 'dead', 'over']);
    expect(await reader.letter(outboxIds[0]!)).toMatchObject({
      code: 'signing_key_unavailable',
      credentials: 20,
    });
  });

  it('are never made of what passes by itself', async () => {
    const { outboxIds } = await bench.planned(2);
    const settle = new SettleSigningFailure(bench.world.worker, bench.queue);
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    for (let i = 0; i < 20; i += 1) expect(await settle.run(outboxIds[0]!, away)).toBe('again');
    expect(await bench.count(letters)).toBe(0);
    const { organisations } = await reader.read();
    expect(organisations).toMatchObject([
      { batches: 1, lastError: expect.stringMatching(/^\w+ ECONNREFUSED$/) },
    ]);
  });

  it('have company: a refusal is told with its reason, and heals by a retry once the mandate is confirmed', async () => {
    const { awardIds, outboxIds } = await bench.planned(3);
    const mandate = { organisationId: bench.world.structure.id, personId: bench.world.assessorId };
    await bench.owner.query(
      `update credential set created_at = now() - interval '1 hour' where award_id = any($1)`,
      [awardIds],
    );
    const [{ before }] = await bench.world.api.query('select now() as before');
    await withoutMandate(async () => {
      await bench.queue.enqueue(outboxIds);
      await bench.startWorker();
      expect(states(await bench.settled(awardIds))).toEqual({ 'refused refused': 3 });
    });
    const payloads = await payloadsOf(awardIds);
    const refused = (await reader.read()).letters.filter((letter) => letter.code === 'assessor_not_mandated');
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ kind: 'refused', canRetry: true, badges: ['B-CE-1'] });
    expect(refused[0]!.detail.fr).toContain('Confirmez son mandat');
    for (const { since } of refused) expect(Date.parse(since)).toBeGreaterThanOrEqual(before.getTime());
    const asked = await Promise.all([
      retry.run({ organisationId: mandate.organisationId }, 'cli'),
      retry.run({ organisationId: mandate.organisationId }, 'cli'),
    ]);
    expect(asked[0]!.credentials + asked[1]!.credentials).toBe(3);
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 3 });
    expect(await payloadsOf(awardIds)).toEqual(payloads);
    expect(await actions('credential.retried')).toBe(3);
  });

  it('never come back when the award is gone or the planned bytes were changed', async () => {
    const { awardIds, outboxIds } = await bench.planned(3);
    await withoutMandate(async () => {
      await bench.queue.enqueue(outboxIds);
      await bench.startWorker();
      await bench.settled(awardIds);
    });
    await bench.owner.query(`update award set state = 'cancelled' where id = $1`, [awardIds[0]]);
    await bench.owner.query(`set session_replication_role = replica`);
    await bench.owner.query(`update credential set payload = payload || ' ' where award_id = $1`, [
      awardIds[1],
    ]);
    await bench.owner.query(`set session_replication_role = origin`);
    const shown = (await reader.read()).letters.map(({ canRetry, code }) => ({ canRetry, code }));
    expect(shown).toEqual([
      { canRetry: true, code: 'assessor_not_mandated' },
      { canRetry: true, code: 'assessor_not_mandated' },
    ]);
    expect(await retry.run('all', 'cli')).toEqual({ batches: 0, credentials: 1 });
    expect(states(await bench.settled(awardIds))).toEqual({
      'refused cancelled': 1,
      'refused refused': 1,
      'signed issued': 1,
    });
  });

  it('belong to their organisation: a retry of one leaves those of another', async () => {
    const other = await bench.anotherStructure('autre');
    const own = await bench.planned(1);
    const foreign = await bench.planned(1, 1, other);
    for (const awardId of [own.awardIds[0]!, foreign.awardIds[0]!]) await poison(awardId);
    for (const id of [own.outboxIds[0]!, foreign.outboxIds[0]!]) await deadAfterFive(id);
    expect(await retry.run({ organisationId: other.structure.id }, 'cli')).toMatchObject({ batches: 1 });
    expect(await letterOf(own.awardIds[0]!)).toBeDefined();
    expect(await letterOf(foreign.awardIds[0]!)).toBeUndefined();
  });

  async function eachInItsOwnRow(outboxIds: string[]): Promise<void> {
    await bench.owner.query(
      `with rows as (
         insert into outbox (id, topic, organisation_id, priority)
         select c.id, o.topic, o.organisation_id, o.priority from credential c join outbox o on o.id = c.outbox_id
         where o.id = any($1) returning id)
       update credential set outbox_id = id where id in (select id from rows)`,
      [outboxIds],
    );
    await bench.owner.query('update outbox set done_at = now() where id = any($1)', [outboxIds]);
  }

  async function deadAfterFive(outboxId: string): Promise<void> {
    const settle = new SettleSigningFailure(bench.world.worker, bench.queue);
    for (let i = 0; i < 5; i += 1) await settle.run(outboxId, new Error('poison'));
  }

  async function withoutMandate(work: () => Promise<void>): Promise<void> {
    const { structure, assessorId, api } = bench.world;
    const [membership] = await api.query(
      `select id from membership where organisation_id = $1 and person_id = $2 and role = 'assessor' and valid_until is null`,
      [structure.id, assessorId],
    );
    await bench.owner.query(`update membership set valid_until = '2026-09-02' where id = $1`, [
      membership.id,
    ]);
    try {
      await work();
    } finally {
      await bench.owner.query('update membership set valid_until = null where id = $1', [membership.id]);
    }
  }

  const payloadsOf = async (awardIds: string[]): Promise<string[]> => {
    const rows: { payload: string }[] = await bench.world.api.query(
      'select payload from credential where award_id = any($1) order by id',
      [awardIds],
    );
    return rows.map((row) => row.payload);
  };
}

// One of a thousand, and by how much it delays them, is T-12 of `npm run test:chaos`.
describe('dead letters on PostgreSQL', () => promises(() => undefined, 150));
describeWith('redis', 'dead letters on Redis', () => promises(testRedisUrl, 150));
