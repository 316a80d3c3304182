import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { allEntities, PublishBadge, planAwards } from '#badges';
import { appendAudit, chainAudit, dataSourceOptions, projectFile, verifyChain } from '#platform';
import { ImportCampaign, listHeldCases, ResolveHeldCase } from '#workshops';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { anIssuanceWorld, origin } from '../support/issuance-world.js';

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

  it('takes an instant in milliseconds and refuses a finer one, which no hash would cover', async () => {
    const written = (at: string) =>
      owner.query(
        `insert into audit_event (id, at, actor, action, subject) values (gen_random_uuid(), $1, 'cli', 'a.b', '{}')`,
        [at],
      );
    await written('2026-09-01T08:00:00.123Z');
    await expect(written('2026-09-01T08:00:00.123001Z')).rejects.toThrow('audit_event_at_is_in_milliseconds');
  });

  it('refuses an event that could tell about a person', async () => {
    for (const value of ['Amina TESTARD', 'amina@example.org', '0612345678', '+33612345678', 'Amélie'])
      await expect(
        appendAudit(api.manager, [{ actor: 'cli', action: 'test.happened', subject: { value } }]),
      ).rejects.toMatchObject({ code: 'audit_event_refused' });
    await expect(
      appendAudit(api.manager, [{ actor: 'Odile FICTIVE', action: 'test.happened', subject: {} }]),
    ).rejects.toMatchObject({ code: 'audit_event_refused' });
    expect(await chainAudit(worker)).toBe(0);
  });

  it('writes one head for each day that is over, before any line of a later day, and never again', async () => {
    await owner.query('alter table audit_head disable trigger user');
    await owner.query(`update audit_head set day = (now() at time zone 'UTC')::date - 4`);
    await owner.query('alter table audit_head enable trigger user');
    await appendAudit(api.manager, [event(1)]);
    const heads = () => owner.query('select seq, lines, hash from audit_head order by day');
    await Promise.all([chainAudit(worker), chainAudit(owner), chainAudit(worker)]);
    const first = await heads();
    expect(first).toEqual(Array(4).fill({ seq: '0', lines: '0', hash: Buffer.alloc(32) }));
    await chainAudit(worker);
    expect(await heads()).toEqual(first);
    expect(await verifyChain(worker)).toEqual({ lines: 1 });
  });

  it('chains each event once when several workers try at the same time', async () => {
    const batches = Array.from({ length: 20 }, (_, batch) => [event(batch * 2), event(batch * 2 + 1)]);
    await Promise.all([
      ...batches.map((batch) => api.transaction((tx) => appendAudit(tx, batch))),
      ...Array.from({ length: 8 }, () => chainAudit(worker)),
    ]);
    await chainAudit(worker);
    expect((await numbers()).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await verifyChain(worker)).toEqual({ lines: 40 });
  });

  it('lets the api read no event and write no line', async () => {
    for (const attempt of [
      'select * from audit_event',
      'select * from audit_line',
      `insert into audit_head (day, seq, lines, hash) values ('2026-01-01', 0, 0, '')`,
      'delete from audit_waiting',
    ])
      await expect(api.query(attempt)).rejects.toThrow(/permission denied/);
  });
});

describe('a whole campaign', () => {
  it('leaves its acts in the audit, and no name, year of birth, telephone or address', async () => {
    const world = await anIssuanceWorld();
    try {
      const bytes = readFileSync(projectFile('test', 'vectors', 'campaign', 'campagne-2026-automne.csv'));
      const planned: string[] = [];
      const { personIds } = await new ImportCampaign(world.api).run(
        {
          organisationId: world.structure.id,
          bytes,
          fileName: 'campagne-2026-automne.csv',
          confirmStaff: true,
          by: 'client-test',
        },
        async (tx, { personIds: ids }) => {
          const { outboxIds } = await planAwards(tx, {
            organisationId: world.structure.id,
            personIds: ids,
            origin,
          });
          planned.push(...outboxIds);
        },
      );
      for (const outboxId of planned) await world.signCredentials.run(outboxId);
      const [held] = await listHeldCases(world.api.manager, world.structure.id, 'open');
      await new ResolveHeldCase(world.api).run({
        organisationId: world.structure.id,
        caseId: held!.id,
        by: 'command-line',
        decision: 'discard',
      });
      const [award]: { id: string }[] = await world.api.query(
        `select a.id from award a join person p on p.id = a.person_id where a.state = 'issued' and p.birth_year < 2000 limit 1`,
      );
      const publishing = new PublishBadge(world.api);
      await publishing.publish(award!.id, { withName: true, by: 'client-test' });
      await publishing.withdraw(award!.id, 'client-test');
      await chainAudit(world.worker);
      expect(personIds.length).toBeGreaterThan(10);

      const rows: { actor: string; action: string; subject: object }[] = await world.worker.query(
        'select actor, action, subject from audit_event',
      );
      const actions = new Set(rows.map(({ action }) => action));
      for (const action of [
        'campaign.imported',
        'staff.confirmed',
        'membership.granted',
        'organisation.registered',
        'credential.planned',
        'credential.signed',
        'key.created',
        'held_case.resolved',
        'publication.made',
        'publication.withdrawn',
      ])
        expect(actions).toContain(action);
      const text = JSON.stringify(rows).toLowerCase();
      const people: {
        given_name: string;
        family_name: string;
        email: string | null;
        phone: string | null;
      }[] = await world.api.query('select given_name, family_name, email, phone from person');
      const tokens = people.flatMap((one) => Object.values(one)).filter((one) => one !== null);
      expect(tokens.length).toBeGreaterThan(30);
      const words = text.split(/[^\p{L}\p{N}@+.-]+/u);
      for (const token of tokens) {
        expect(words).not.toContain(token.toLowerCase());
        if (/[ @+]/.test(token)) expect(text).not.toContain(token.toLowerCase());
      }
      expect(text).not.toContain(world.structure.publicName.toLowerCase());
    } finally {
      await world.close();
    }
  }, 180_000);
});
