import { readFileSync } from 'node:fs';
import pg from 'pg';
import { DataSource } from 'typeorm';
import {
  allEntities,
  ChangeStatus,
  CorrectRegister,
  IssuanceQueue,
  PublishBadge,
  planAwards,
  ReconcileArchive,
  ReissueCredentials,
  ReplaceBadge,
  ReportCompromise,
  WithdrawSession,
} from '#badges';
import {
  appendAudit,
  chainAudit,
  dataSourceOptions,
  projectFile,
  queueEngine,
  sha256Hex,
  useQueueEngine,
  uuid,
  verifyChain,
} from '#platform';
import { PublicKeys } from '#signing';
import { ImportCampaign, listHeldCases, ResolveHeldCase } from '#workshops';
import { anArchivedWorld } from '../support/archived-world.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';

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

  const refused = { code: 'audit_event_refused' };

  it('refuses an event that could tell about a person', async () => {
    for (const value of [
      'Amina TESTARD',
      'amina@example.org',
      '0612345678',
      '+33612345678',
      'Amélie',
      'Amina',
      'amina',
      'TESTARD',
      'amina-testard',
      '12/04/1990',
    ])
      for (const field of ['value', 'personId', 'since'])
        await expect(
          appendAudit(api.manager, [{ actor: 'cli', action: 'test.happened', subject: { [field]: value } }]),
        ).rejects.toMatchObject(refused);
    for (const value of ['Amina', 'TESTARD', 'Amina TESTARD', 'amina@example.org', '0612345678'])
      await expect(
        appendAudit(api.manager, [{ actor: 'cli', action: 'test.happened', subject: { reason: value } }]),
      ).rejects.toMatchObject(refused);
    await expect(
      appendAudit(api.manager, [{ actor: 'Odile FICTIVE', action: 'test.happened', subject: {} }]),
    ).rejects.toMatchObject(refused);
    expect(await chainAudit(worker)).toBe(0);
  });

  it('takes ids, hashes, days, instants and numbers anywhere, and codes where codes are written', async () => {
    const subject = {
      a: uuid(),
      b: sha256Hex('x'),
      c: 'ed-0123456789abcdef',
      d: 'client-aB3_-Zabcdef',
      e: '2026-09-01',
      f: '2026-09-01T08:00:00.123Z',
      g: 'RS256',
      h: null,
      i: 7,
      j: true,
      reason: 'issued_in_error',
      roles: 'assessor,facilitator',
      scopes: 'award:read,award:issue',
    };
    await appendAudit(api.manager, [{ actor: 'cli', action: 'test.happened', subject }]);
    const [row] = await worker.query('select subject from audit_event');
    expect(row).toEqual({ subject });
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

/** What tells about a person, of everybody in the database: names, year of birth, addresses, telephones. */
async function tellTales({ api }: IssuanceWorld): Promise<string[]> {
  const people: Record<string, string | null>[] = await api.query(
    `select given_name, family_name, email, phone, birth_year::text as birth_year from person
     union all select name_key, null, null, null, birth_year::text from person_alias`,
  );
  return [...new Set(people.flatMap((one) => Object.values(one)).filter((one) => one !== null))];
}

/** Which of them are in a text: as words, those with a space, an @ or a + anywhere. */
function told(text: string, tokens: string[]): string[] {
  const lower = text.toLowerCase();
  const words = new Set(lower.split(/[^\p{L}\p{N}@+.-]+/u));
  return tokens.filter((token) => {
    const one = token.toLowerCase();
    return words.has(one) || (/[ @+]/.test(one) && lower.includes(one));
  });
}

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
      const text = JSON.stringify(rows);
      const tokens = await tellTales(world);
      expect(tokens.length).toBeGreaterThan(30);
      expect(told(text, tokens)).toEqual([]);
      expect(text.toLowerCase()).not.toContain(world.structure.publicName.toLowerCase());
    } finally {
      await world.close();
    }
  }, 180_000);

  it('that is corrected, revoked, replaced, re-keyed and restored leaves nothing of that either', async () => {
    const archived = await anArchivedWorld();
    const { world, archiveFolder } = archived;
    const { api, worker } = world;
    let queue: IssuanceQueue | undefined;
    const organisationId = world.structure.id;
    const by = 'client:test';
    const tokens = new Set<string>();
    const chains: string[] = [];
    const seen = new Set<string>();
    const read = async (): Promise<void> => {
      await chainAudit(worker);
      const rows: { action: string }[] = await worker.query(
        'select e.actor, e.action, e.subject from audit_line l join audit_event e on e.id = l.event_id',
      );
      for (const { action } of rows) seen.add(action);
      chains.push(JSON.stringify(rows));
      for (const token of await tellTales(world)) tokens.add(token);
    };
    const signAll = async (): Promise<void> => {
      const rows: { id: string }[] = await worker.query('select id from outbox where done_at is null');
      for (const { id } of rows) await archived.sign.run(id);
    };
    try {
      const bytes = readFileSync(projectFile('test', 'vectors', 'campaign', 'campagne-2026-automne.csv'));
      await new ImportCampaign(api).run(
        { organisationId, bytes, fileName: 'campagne.csv', confirmStaff: true, by },
        async (tx, { personIds }) => {
          await planAwards(tx, { organisationId, personIds, origin });
        },
      );
      await signAll();
      await read();
      const database = new URL(world.urls.ownerUrl).pathname.slice(1);
      await copyDatabase(world, database, `${database}_backup`);
      const engine = queueEngine({ databaseUrl: world.urls.url });
      useQueueEngine(engine);
      queue = new IssuanceQueue(api, engine);
      const badges: { id: string; public_id: string; person_id: string; session_id: string }[] =
        await api.query(
          `select c.id, c.public_id, a.person_id, a.session_id from credential c join award a on a.id = c.award_id
           where c.state = 'signed' and a.badge_code = 'B-CE-1' order by a.person_id`,
        );
      const [revoked, suspended, replaced, corrected, stolen] = badges;
      expect(stolen).toBeDefined();

      const changing = new ChangeStatus(api);
      const change = (one: { id: string }, change: 'revoke' | 'suspend' | 'reinstate') =>
        changing.run({ organisationId, credentialIds: [one.id], change, reasonClass: 'learner_request', by });
      await change(revoked!, 'revoke');
      await change(suspended!, 'suspend');
      await change(suspended!, 'reinstate');

      const replacing = new ReplaceBadge(api, queue, origin);
      const fault = { givenName: 'Zélie', familyName: 'RECTIFIÉE' };
      const request = { organisationId, publicId: replaced!.public_id, fault, by };
      const { digest } = await replacing.analyse(request);
      await replacing.run({ ...request, expectedDigest: digest, reasonClass: 'issued_in_error' });
      await signAll();

      const correcting = new CorrectRegister(api, queue, origin);
      const correction = {
        organisationId,
        sessionId: corrected!.session_id,
        attendances: [{ personId: corrected!.person_id, status: 'absent' as const }],
        assessments: [],
      };
      const { digest: effects } = await correcting.analyseSession(correction);
      await correcting.runSession({ ...correction, expectedDigest: effects, by });

      const withdrawing = new WithdrawSession(api, queue, origin);
      const session = { organisationId, sessionId: corrected!.session_id };
      const { digest: withdrawal } = await withdrawing.analyse(session);
      await withdrawing.run({
        ...session,
        expectedDigest: withdrawal,
        reasonClass: 'organisation_request',
        by,
      });

      const keys = Object.values(await new PublicKeys(api).active(organisationId)).map(({ id }) => id);
      await new ReportCompromise(worker).run({ organisationId, keyIds: keys, since: new Date(0), by });
      await new ReissueCredentials(api).run({ organisationId, origin, all: false, by });
      await signAll();
      await archived.lists.publishDue();
      await read();
      await queue.close();
      queue = undefined;

      await copyDatabase(world, `${database}_backup`, database);
      const report = await new ReconcileArchive(worker, archiveFolder).run();
      expect(report.putBack).toBeGreaterThan(0);
      await read();

      for (const action of [
        'credential.signed',
        'credential.revoked',
        'credential.suspended',
        'credential.reinstated',
        'credential.superseded',
        'register.corrected',
        'session.withdrawn',
        'key.compromised',
        'credential.restored',
      ])
        expect(seen).toContain(action);
      expect([...tokens]).toEqual(expect.arrayContaining(['Zélie', 'RECTIFIÉE', 'Odile', 'FICTIVE']));
      expect(tokens.size).toBeGreaterThan(40);
      expect(chains.map((text) => told(text, [...tokens]))).toEqual([[], [], []]);
      // A name is found where there is one.
      expect(told(`{"note":"Zélie"}`, [...tokens])).toEqual(['Zélie']);
    } finally {
      await queue?.close();
      await onServer(
        world,
        `drop database if exists ${new URL(world.urls.ownerUrl).pathname.slice(1)}_backup with (force)`,
      );
      await archived.close();
    }
  }, 240_000);
});

async function onServer({ urls }: IssuanceWorld, ...statements: string[]): Promise<void> {
  const address = new URL(urls.ownerUrl);
  address.pathname = '/postgres';
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** Makes one database anew as another is, as a backup of the files does. */
async function copyDatabase(world: IssuanceWorld, from: string, to: string): Promise<void> {
  await Promise.all([world.api.destroy(), world.worker.destroy()]);
  await onServer(
    world,
    `drop database if exists ${to} with (force)`,
    `create database ${to} template ${from}`,
  );
  await Promise.all([world.api.initialize(), world.worker.initialize()]);
}
