import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import {
  ChangeStatus,
  IssuanceQueue,
  OperationsReader,
  PublishStatusLists,
  ReplaceBadge,
  RevokeBadges,
  recordHeartbeat,
  SettleSigningFailure,
} from '#badges';
import { createOperatorLink } from '#people';
import { uuid } from '#platform';
import { operationsWords } from '../../apps/api/src/operations/operations-texts.js';
import { badgeWords } from '../../apps/cli/src/words/badges.js';
import { keysWords } from '../../apps/cli/src/words/keys.js';
import { serviceWords } from '../../apps/cli/src/words/service.js';
import { statementWords } from '../../apps/cli/src/words/statements.js';
import { Heartbeat } from '../../apps/worker/src/heartbeat.js';
import { anApiApp } from '../support/api-app.js';
import { databaseEnvironment, runHere } from '../support/command-line.js';
import {
  anIssuanceWorld,
  aPlannedRoom,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';
import { temporaryFolder } from '../support/program.js';
import { eventually } from '../support/service-process.js';

import.meta.jest.setTimeout(240_000);

/** Every write of the table that sets this column fails as on a full disk. */
const fullDisk = (table: string, column: string): string =>
  `create or replace function full_disk() returns trigger language plpgsql as $$
     begin raise exception 'no space left' using errcode = '53100'; end $$;
   create trigger full_disk before update of ${column} on ${table} for each row execute function full_disk()`;

describe('what stands on top of the operations page', () => {
  let world: IssuanceWorld;
  let app: NestFastifyApplication;
  let owner: pg.Client;
  let queue: IssuanceQueue;
  let lists: PublishStatusLists;
  let cookie: string;
  const workerId = uuid();
  const { folder, remove } = temporaryFolder();

  beforeAll(async () => {
    world = await anIssuanceWorld();
    app = await anApiApp(world);
    owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    queue = new IssuanceQueue(world.worker, { kind: 'postgres', url: world.urls.workerUrl });
    lists = new PublishStatusLists(world.worker, world.keyStore, origin);
    const { token } = await createOperatorLink(world.api);
    const entered = await app.inject({
      method: 'POST',
      url: '/operations/enter',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `token=${token}`,
    });
    cookie = String(entered.headers['set-cookie']).split(';')[0]!;
  }, 120_000);
  afterAll(async () => {
    await queue?.close();
    await owner?.end();
    await app?.close();
    await world?.close();
    await remove();
  });
  beforeEach(() => isAlive(null));

  const isAlive = (warning: string | null): Promise<void> =>
    recordHeartbeat(world.worker, {
      id: workerId,
      version: '0.1.0',
      engine: 'postgres',
      signed: 0,
      warning,
      isStopping: false,
    });
  const onTop = async (lang = 'fr'): Promise<string> => {
    const { body } = await app.inject({
      url: `/operations?lang=${lang}`,
      headers: { accept: 'text/html', cookie },
    });
    const top = /<p class="ops-state [^"]*">(.*?)<\/p>/.exec(body)![1]!;
    return top
      .replace(/<[^>]*>/g, '')
      .replaceAll('\u00a0', ' ')
      .replaceAll('&#39;', "'");
  };
  const insigneQueue = async (...args: string[]): Promise<string> => {
    const { code, out, output } = await runHere(['queue', ...args], {
      ...databaseEnvironment(world.urls),
      INSIGNE_DATA: folder,
      INSIGNE_ORIGIN: origin,
      INSIGNE_KEY_SERVICE: `file:${join(folder, 'unused.key')}`,
    });
    expect(`${code} ${output}`).toMatch(/^0 /);
    return out.replaceAll('\u00a0', ' ');
  };
  const aSignedBadge = async (): Promise<{ id: string }> => {
    const { outboxIds, awardIds } = await aPlannedRoom(world, 1);
    await world.signCredentials.run(outboxIds[0]!);
    const [badge] = await world.api.query('select id from credential where award_id = any($1)', [awardIds]);
    return badge;
  };

  it('is not well while badges cannot be signed, says why, and is well again once they are', async () => {
    expect(await onTop()).toBe("Tout va bien : rien n'attend.");
    const { outboxIds } = await aPlannedRoom(world, 7);
    expect(await onTop()).toMatch(/^En cours : 7 badges en attente/);
    await owner.query(fullDisk('credential', 'state'));
    const failure = await world.signCredentials.run(outboxIds[0]!).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(await new SettleSigningFailure(world.worker, queue).run(outboxIds[0]!, failure)).toBe('again');
    expect(await onTop()).toMatch(/^En cours/);
    await owner.query(`update outbox set created_at = now() - interval '2 minutes'`);
    expect(await onTop()).toMatch(
      /^7 badges en attente, et rien n'a été signé depuis 2 min\. Le disque est plein/,
    );
    expect(await onTop('en')).toMatch(
      /^7 badges waiting, and nothing has been signed for 2 min\. A disk is full/,
    );
    await owner.query('drop trigger full_disk on credential');
    await world.signCredentials.run(outboxIds[0]!);
    expect(await onTop()).toBe("Tout va bien : rien n'attend.");
  });

  it('tells a small batch that is late although others are signed', async () => {
    const { outboxIds } = await aPlannedRoom(world, 2);
    await owner.query(`update outbox set created_at = now() - interval '2 minutes' where done_at is null`);
    await aSignedBadge();
    expect(await onTop('en')).toMatch(/^A small batch has been waiting for its signature for 2 min;/);
    // What waits for another badge of its person is not late: it follows that one.
    await owner.query(`update outbox set last_error = 'BadgeAwaited badge_awaited' where id = $1`, [
      outboxIds[0],
    ]);
    expect(await onTop('en')).toMatch(/^Under way: 2 badges waiting, for 2 min/);
    await world.signCredentials.run(outboxIds[0]!);
    expect(await onTop('en')).toMatch(/^All is well/);
  });

  it('is not well while a revocation cannot be signed, nor is the command line, until it is signed', async () => {
    const badge = await aSignedBadge();
    await owner.query(fullDisk('status_list', 'document'));
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [badge.id],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'client:test',
    });
    await eventually(
      async () => {
        await lists.publishDue();
        return lists.standingFailure(0);
      },
      (failure) => failure === 'QueryFailedError 53100',
      60_000,
    );
    expect(await onTop()).toMatch(/^En cours : 1 changement d'état en attente/);

    await owner.query('alter table status_change disable trigger user');
    await owner.query(`update status_change set changed_at = now() - interval '2 minutes'`);
    await owner.query('alter table status_change enable trigger user');
    const late =
      'A change of status (revocation, suspension) has not been signed for 2 min: whoever verifies that badge still reads its earlier state.';
    expect(await onTop()).toMatch(
      /^Un changement d'état \(retrait, suspension\) n'est pas signé depuis 2 min/,
    );
    expect(await onTop('en')).toContain(late);
    expect(await insigneQueue()).toContain(`! ${late}`);
    expect(JSON.parse(await insigneQueue('--json')).judgement).toMatchObject({
      state: 'attention',
      sentence: { en: late },
      causes: [{ code: 'list_late' }],
    });

    const heart = new Heartbeat(
      world.worker,
      { kind: 'postgres', url: world.urls.workerUrl },
      { signed: 0, warning: null },
      100,
      { standingFailure: () => lists.standingFailure(0) },
    );
    heart.onApplicationBootstrap();
    try {
      await eventually(
        () => onTop(),
        (top) => top.includes('Le disque est plein'),
        60_000,
      );
    } finally {
      await heart.onApplicationShutdown();
    }

    await owner.query('drop trigger full_disk on status_list');
    const another = new PublishStatusLists(world.worker, world.keyStore, origin);
    await eventually(
      async () => {
        await another.publishDue();
        return (await new OperationsReader(world.api).read()).statusChangesWaiting;
      },
      (changes) => changes === 0,
      60_000,
    );
    expect(await onTop()).toBe("Tout va bien : rien n'attend.");
    expect(await insigneQueue()).toMatch(/^All is well: nothing waits\.\n/);
    expect(JSON.parse(await insigneQueue('--json')).judgement).toMatchObject({ state: 'well', causes: [] });
    // What another worker has signed troubles this one no more.
    await eventually(
      async () => {
        await lists.publishDue();
        return lists.standingFailure(0);
      },
      (failure) => failure === null,
      60_000,
    );
  });

  it('names no command that does not exist', () => {
    const commands = Object.keys({ ...badgeWords, ...keysWords, ...serviceWords, ...statementWords });
    const texts = (['fr', 'en'] as const).flatMap((language) => {
      const { final, finalStatement, finalSuccessor } = operationsWords(language);
      return [final, finalStatement, finalSuccessor];
    });
    const named = texts.flatMap((text) =>
      [...text.matchAll(/insigne ([a-z]+ [a-z]+)/g)].map(([, one]) => one!),
    );
    expect(named.length).toBeGreaterThanOrEqual(12);
    for (const one of named) expect(commands).toContain(one);
  });

  it('tells one decision, and what no retry heals is settled by the command that the page names', async () => {
    const { awardIds, people } = await aRefusedBadge();
    expect(await onTop()).toMatch(/^1 décision vous attend\./);
    const [{ publicId }] = await world.api.query(
      `select public_id as "publicId" from credential where award_id = any($1)`,
      [awardIds],
    );
    await new RevokeBadges(world.api).run({
      organisationId: world.structure.id,
      publicIds: [publicId],
      reasonClass: 'register_corrected',
      by: 'cli',
    });
    await eventually(
      async () => {
        await lists.publishDue();
        return onTop();
      },
      (top) => top === "Tout va bien : rien n'attend.",
      60_000,
    );
    // For good, as the page says: what is due is not settled by revoking it.
    expect((await plan(world, people)).awardIds).toEqual([]);
  });

  it('names what gives a badge that no retry heals and that is due, and takes none of its neighbours back', async () => {
    const { awardIds } = await aRefusedBadge(2);
    const [{ publicId, personId }] = await world.api.query(
      `select c.public_id as "publicId", a.person_id as "personId" from credential c join award a on a.id = c.award_id
       where a.id = any($1) and c.state = 'refused'`,
      [awardIds],
    );
    const page = await app.inject({ url: '/operations?lang=en', headers: { cookie } });
    expect(page.body).toContain('insigne badge replace');
    expect(page.body).not.toContain('insigne session withdraw');
    const replacing = new ReplaceBadge(world.api, queue, origin);
    const request = { organisationId: world.structure.id, publicId, by: 'cli' };
    const { digest } = await replacing.analyse(request);
    await replacing.run({ ...request, expectedDigest: digest, reasonClass: 'issued_in_error' });
    const waiting = await world.api.query(
      'select id from outbox where done_at is null and failed_at is null',
    );
    for (const { id } of waiting) await world.signPromised.run(id);
    const stands = await world.api.query(
      `select person_id = $2 as again from award where person_id in
         (select person_id from award where id = any($1)) and state = 'issued' order by 1`,
      [awardIds, personId],
    );
    expect(stands).toEqual([{ again: false }, { again: true }]);
    expect(await onTop()).not.toContain('décision');
  });

  const aRefusedBadge = async (size = 1): Promise<{ awardIds: string[]; people: string[] }> => {
    const { awardIds, outboxIds, people } = await aPlannedRoom(world, size);
    await owner.query(`update credential set payload = replace(payload, 'a', 'b') where award_id = $1`, [
      awardIds[0],
    ]);
    await world.signCredentials.run(outboxIds[0]!);
    return { awardIds, people };
  };
});
