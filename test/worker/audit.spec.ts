import { DataSource } from 'typeorm';
import { allEntities } from '#badges';
import { appendAudit, chainAudit, dataSourceOptions } from '#platform';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const open = (url: string): Promise<DataSource> =>
  new DataSource(dataSourceOptions({ url, entities: allEntities, poolSize: 6 })).initialize();

const event = (number: number) => ({ actor: 'worker', action: 'test.happened', subject: { number } });

describe('the audit chain', () => {
  let urls: TestDatabase;
  let api: DataSource;
  let worker: DataSource;
  let owner: DataSource;
  beforeEach(async () => {
    urls = await createTestDatabase();
    [api, worker, owner] = [await open(urls.url), await open(urls.workerUrl), await open(urls.ownerUrl)];
  });
  afterEach(async () => {
    for (const each of [api, worker, owner]) await each?.destroy();
    await urls?.drop();
  });

  const numbers = async (): Promise<number[]> =>
    (
      await owner.query(
        `select (e.subject->>'number')::int as number from audit_line l join audit_event e on e.id = l.event_id order by l.seq`,
      )
    ).map((row: { number: number }) => row.number);

  it('gives each committed event one line, and an event of a rolled back act none', async () => {
    await api.transaction((tx) => appendAudit(tx, [event(1), event(2)]));
    await expect(
      api.transaction(async (tx) => {
        await appendAudit(tx, [event(3)]);
        throw new Error('the act failed');
      }),
    ).rejects.toThrow('the act failed');
    expect(await chainAudit(worker)).toBe(2);
    expect(await chainAudit(worker)).toBe(0);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('appends an older event that commits late', async () => {
    const late = api.createQueryRunner();
    await late.startTransaction();
    await appendAudit(late.manager, [event(1)]);
    await appendAudit(worker.manager, [event(2)]);
    await chainAudit(worker);
    await late.commitTransaction();
    await late.release();
    await chainAudit(worker);
    expect(await numbers()).toEqual([2, 1]);
  });

  it('refuses to change, delete or empty what was written, whoever asks', async () => {
    await appendAudit(api.manager, [event(1)]);
    await chainAudit(worker);
    for (const table of ['audit_event', 'audit_line', 'audit_head'])
      for (const attempt of [
        `update ${table} set ${table === 'audit_event' ? "actor = 'cli'" : 'seq = 9'}`,
        `delete from ${table}`,
        `truncate ${table}`,
      ])
        await expect(owner.query(attempt)).rejects.toThrow(/written once/);
  });
});
