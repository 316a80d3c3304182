import { AskEndorsement, DecideEndorsement, GiveEndorsement, SettleSigningFailure } from '#badges';
import { openOperatorSession, registerOrganisation } from '#people';
import { DomainError, uuid } from '#platform';
import { databaseEnvironment, runHere } from '../support/command-line.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { temporaryFolder } from '../support/program.js';

import.meta.jest.setTimeout(240_000);

class KeyAway extends DomainError {
  readonly code = 'signing_key_unavailable';
}

const french = 'fr_FR.UTF-8';

describe('the command line of whoever runs the service', () => {
  let world: IssuanceWorld;
  const { folder, remove } = temporaryFolder();
  beforeAll(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    await remove();
  });

  const insigne = async (args: string[], environment: Record<string, string> = {}) => {
    const { code, out, output } = await runHere(args, {
      ...databaseEnvironment(world.urls),
      INSIGNE_DATA: folder,
      INSIGNE_ORIGIN: origin,
      ...environment,
    });
    expect(output).not.toMatch(/^ +at /m);
    return { code, stdout: out, output };
  };
  const aDeadLetter = async (): Promise<string> => {
    const { outboxIds } = await aPlannedRoom(world, 3);
    const settle = new SettleSigningFailure(world.worker, { enqueue: async () => undefined } as never);
    for (let i = 0; i < 5; i += 1) await settle.run(outboxIds[0]!, new KeyAway('away'));
    return outboxIds[0]!;
  };

  const anEndorsementToSign = async (): Promise<void> => {
    const { api, structure } = world;
    const given = { kind: 'structure' as const, slug: 'partenaire', legalName: 'Partenaire' };
    const partner = await api.transaction((tx) => registerOrganisation(tx, given));
    const by = 'client:test';
    const asked = await new AskEndorsement(api, origin).run({
      organisationId: structure.id,
      target: 'issuer',
      validDays: 7,
      by,
    });
    const comment = 'Nos équipes retrouvent ce savoir-faire chez les personnes qui ont ce badge.';
    await new GiveEndorsement(api).asOrganisation(asked.token, { organisationId: partner.id, comment, by });
    const quiet = { enqueue: async () => undefined } as never;
    await new DecideEndorsement(api, quiet, origin).accept({
      endorsementId: asked.id,
      organisationIds: [structure.id],
      by,
    });
  };

  it('shows an empty queue as one, for people and for programs', async () => {
    const told = await insigne(['queue']);
    expect([told.code, told.stdout]).toEqual([0, expect.stringContaining('waiting 0 badges (0 batches)')]);
    const { stdout } = await insigne(['queue', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      waitingCredentials: 0,
      oldestWaitingSeconds: 0,
      letters: [],
      jobs: { active: 0 },
    });
  });

  it('shows what waits and for how long, and what failed with its reason in both languages', async () => {
    const id = await aDeadLetter();
    const { outboxIds } = await aPlannedRoom(world, 2);
    const plannedHoursAgo = (outboxId: string, hours: number): Promise<unknown> =>
      world.api.query('update outbox set created_at = now() - make_interval(hours => $2) where id = $1', [
        outboxId,
        hours,
      ]);
    await plannedHoursAgo(outboxIds[0]!, 1);
    await plannedHoursAgo(id, 5);
    await anEndorsementToSign();
    const queue = JSON.parse((await insigne(['queue', '--json'])).stdout);
    expect(queue).toMatchObject({
      waitingCredentials: 2,
      waitingStatements: { endorsement: 1, record: 0, credential: 0 },
      waitingBatches: 2,
      deadLetterCount: 1,
    });
    expect(queue.organisations).toMatchObject([
      { credentials: 2, statements: 0 },
      { slug: 'partenaire', credentials: 0, statements: 1, batches: 1 },
    ]);
    expect(queue.oldestWaitingSeconds).toBeGreaterThanOrEqual(3_600);
    expect(queue.letters).toMatchObject([
      { id, code: 'signing_key_unavailable', credentials: 3, attempts: 5 },
    ]);
    const [inFrench, inEnglish] = [
      await insigne(['queue'], { LC_ALL: french }),
      await insigne(['queue', 'show', id]),
    ];
    expect(inFrench.stdout).toContain('en attente 2 badges, 1 recommandation (2 lots)');
    expect(inFrench.stdout).toContain('à décider 1 lot, 0 refus');
    expect(inFrench.stdout).toContain('partenaire\t0 badge en attente, 1 d’une autre sorte');
    expect(inFrench.stdout).toContain("La clé de signature de la structure ne s'ouvre pas");
    expect(inEnglish.stdout).toContain("The structure's signing key does not open");

    expect(await insigne(['queue', 'retry', id, '--by', 'adm-1'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Put back: 1 batch and 0 refusals.'),
    });
    expect((await insigne(['queue', 'retry', id])).code).toBe(1);
    // It waits since then, not since it was planned.
    const afterwards = JSON.parse((await insigne(['queue', '--json'])).stdout);
    expect(afterwards).toMatchObject({ waitingBatches: 3, letters: [] });
    expect(afterwards.oldestWaitingSeconds).toBeGreaterThanOrEqual(3_600);
    expect(afterwards.oldestWaitingSeconds).toBeLessThan(2 * 3_600);
    await world.api.query('update outbox set done_at = now()');
  });

  it('refuses an id that is none, and one that waits for nobody, and changes nothing', async () => {
    expect((await insigne(['queue', 'retry', 'B-CE-1'])).code).toBe(64);
    expect((await insigne(['queue', 'retry'])).code).toBe(64);
    const unknown = await insigne(['queue', 'show', uuid()], { LC_ALL: french });
    expect([unknown.code, unknown.output]).toEqual([1, expect.stringContaining("Rien n'attend de décision")]);
  });

  it('says in a sentence that the database is away', async () => {
    const away = 'postgres://nobody:nothing@127.0.0.1:1/none';
    const told = await insigne(['queue'], {
      DATABASE_URL: away,
      INSIGNE_API_DATABASE_URL: away,
      INSIGNE_WORKER_DATABASE_URL: away,
    });
    expect([told.code, told.stdout]).toEqual([1, '']);
    expect(told.output).toMatch(/127\.0\.0\.1:1.*does not answer/);
    expect(told.output).not.toContain('nothing');
  });

  it('gives a link that lets one person in, once, and takes every access back', async () => {
    const { code, stdout } = await insigne(['admin-link']);
    const [, token = ''] = /^http:\/\/localhost:4180\/operations\/enter\/(\S+)$/.exec(stdout.trim()) ?? [];
    expect([code, token.length]).toEqual([0, 43]);
    const stranger = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    expect(await openOperatorSession(world.api, stranger)).toBeUndefined();
    expect(await openOperatorSession(world.api, token)).toBeDefined();
    expect(await openOperatorSession(world.api, token)).toBeUndefined();
    const revoked = await insigne(['admin-link', '--revoke-all', '--by', 'adm-2']);
    expect([revoked.code, revoked.output]).toEqual([0, expect.stringContaining('1 session(s)')]);
    const acts: { told: string }[] = await world.worker.query(
      `select action || ' ' || actor as told from audit_event where action in ('signing.retried', 'operator.link_created', 'operator.all_revoked') order by at, id`,
    );
    expect(acts.map(({ told }) => told)).toEqual([
      'signing.retried cli:adm-1',
      'operator.link_created cli',
      'operator.all_revoked cli:adm-2',
    ]);
  });
});
