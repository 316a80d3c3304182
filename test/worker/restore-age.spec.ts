import pg from 'pg';
import { type IssuanceQueue, PublishBadge, ReconcileArchive, WithdrawSession } from '#badges';
import { chainAudit } from '#platform';
import { anEndorsement, signStatement } from '../support/an-endorsement.js';
import { aPerson, aSession, origin, plan } from '../support/issuance-world.js';
import { aRestorableWorld, type RestorableWorld } from '../support/restorable-world.js';

const queue = { enqueue: async () => {} } as unknown as IssuanceQueue;

interface Session {
  sessionId: string;
  awardId: string;
  outboxIds: string[];
}

describe('what a restored database does not know of having been shown', () => {
  let archived: RestorableWorld;
  beforeEach(async () => {
    archived = await aRestorableWorld();
  }, 120_000);
  afterEach(() => archived?.close());

  const held = async (name: string): Promise<{ sessionId: string; person: string }> => {
    const person = await aPerson(archived.world.api, archived.world.structure.id, name);
    return { sessionId: await aSession(archived.world, { people: [person] }), person };
  };
  const planned = async ({ sessionId, person }: { sessionId: string; person: string }): Promise<Session> => {
    const { outboxIds, awardIds } = await plan(archived.world, [person]);
    return { sessionId, awardId: awardIds[0]!, outboxIds };
  };
  const sign = async ({ outboxIds }: Session): Promise<void> => {
    for (const id of outboxIds) await archived.sign.run(id);
    await chainAudit(archived.world.worker);
    await archived.marks.run();
  };
  const show = async ({ awardId }: Session): Promise<void> => {
    await new PublishBadge(archived.world.api).publish(awardId, { withName: true, by: 'test' });
    await chainAudit(archived.world.worker);
    await archived.marks.run();
  };
  const reconcile = () => new ReconcileArchive(archived.world.worker, archived.archiveFolder).run({});
  const withdrawing = () => new WithdrawSession(archived.world.api, queue, origin);
  const modeOf = async ({ sessionId }: Session): Promise<string> => {
    const organisationId = archived.world.structure.id;
    return (await withdrawing().analyse({ organisationId, sessionId })).mode;
  };
  /** The award's age in whole seconds of its instant, and the state of its badge. */
  const awardOf = async ({ awardId }: Session) => {
    const [row]: { created: string; award: string; credential: string; seen: boolean }[] =
      await archived.world.api.query(
        `select date_trunc('second', a.created_at)::text as created, a.state as award, c.state as credential,
                c.first_shown_at is not null as seen
         from award a join credential c on c.award_id = a.id where a.id = $1`,
        [awardId],
      );
    return row!;
  };
  const asOwner = async (statement: string, parameters: unknown[]): Promise<void> => {
    const owner = new pg.Client({ connectionString: archived.world.urls.ownerUrl });
    await owner.connect();
    await owner.query(statement, parameters);
    await owner.end();
  };

  it('keeps the age of a badge that comes back, and its trace: of one that was shown and of one that was not', async () => {
    const [old, young] = [await held('Vieux EXEMPLE'), await held('Jeune EXEMPLE')];
    await archived.backUp();
    const shown = await planned(old);
    const unseen = await planned(young);
    for (const session of [shown, unseen]) await sign(session);
    await show(shown);
    await asOwner(`update award set created_at = now() - interval '3 days' where id = $1`, [shown.awardId]);
    const before = await awardOf(unseen);
    expect([await modeOf(shown), await modeOf(unseen)]).toEqual(['revocation', 'withdrawal']);
    await archived.world.worker.query('select pg_sleep(1.1)');

    await archived.restore();
    expect(await reconcile()).toMatchObject({ putBack: 2 });
    expect([await modeOf(shown), await modeOf(unseen)]).toEqual(['revocation', 'revocation']);
    expect(await awardOf(unseen)).toEqual({ ...before, seen: true });

    const { digest } = await withdrawing().analyse({
      organisationId: archived.world.structure.id,
      sessionId: unseen.sessionId,
    });
    await withdrawing().run({
      organisationId: archived.world.structure.id,
      sessionId: unseen.sessionId,
      expectedDigest: digest,
      reasonClass: 'register_corrected',
      by: 'client:test',
    });
    expect(await awardOf(unseen)).toMatchObject({ award: 'cancelled', credential: 'signed' });
  }, 180_000);

  it('keeps the trace of a badge that the backup has, unshown, and that may have been shown since', async () => {
    const session = await planned(await held('Montré EXEMPLE'));
    await sign(session);
    await archived.backUp();
    await show(session);

    await archived.restore();
    expect(await modeOf(session)).toBe('withdrawal');
    expect(await reconcile()).toMatchObject({ putBack: 0, alreadyThere: 1, auditLinesLost: 1 });
    expect(await modeOf(session)).toBe('revocation');
  }, 180_000);

  it('keeps the age of an endorsement that comes back', async () => {
    const { worker } = archived.world;
    await archived.backUp();
    await signStatement(archived, await anEndorsement(archived));
    const ages = (): Promise<unknown[]> =>
      worker.query(`select id, date_trunc('second', created_at)::text as created from statement`);
    const before = await ages();
    await worker.query('select pg_sleep(1.1)');
    await archived.restore();
    expect(await reconcile()).toMatchObject({ putBack: 1 });
    expect(await ages()).toEqual(before);
  }, 120_000);

  it('lets vanish what was never signed, what was issued after the reconciliation, and what was never restored', async () => {
    const first = await planned(await held('Jamais EXEMPLE'));
    await sign(first);
    expect(await reconcile()).toMatchObject({ putBack: 0, alreadyThere: 1 });
    expect(await modeOf(first)).toBe('withdrawal');
    const waiting = await planned(await held('Attend EXEMPLE'));
    const late = await held('Perdu EXEMPLE');
    await archived.backUp();
    await sign(await planned(late));

    await archived.restore();
    expect(await reconcile()).toMatchObject({ putBack: 1 });
    expect(await awardOf(waiting)).toMatchObject({ credential: 'planned', seen: false });
    expect(await modeOf(waiting)).toBe('withdrawal');
    const next = await planned(await held('Nouveau EXEMPLE'));
    await sign(next);
    expect(await modeOf(next)).toBe('withdrawal');
    expect(await reconcile()).toMatchObject({ putBack: 0, auditLinesLost: 0 });
    expect(await modeOf(next)).toBe('withdrawal');
  }, 180_000);
});
