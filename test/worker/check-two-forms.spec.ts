import pg from 'pg';
import { ReportCompromise, SignCredentials } from '#badges';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { faultsIn } from '../support/check-faults.js';
import { aPlannedRoom, origin } from '../support/issuance-world.js';

describe('the check of a badge that was signed twice and stored once', () => {
  let archived: ArchivedWorld;
  beforeAll(async () => {
    archived = await anArchivedWorld();
  }, 120_000);
  afterAll(() => archived?.close());

  const check = async () => (await faultsIn(archived)).map(({ code }) => code);

  it('finds nothing when its worker died after archiving it and its keys were stolen then, and still finds other bytes', async () => {
    const { worker, keyStore, structure } = archived.world;
    await archived.issueRoom(2);
    const { outboxIds, awardIds } = await aPlannedRoom(archived.world, 1);
    const dying = new SignCredentials(
      worker,
      keyStore,
      new CredentialGate(),
      archived.lists,
      origin,
      {
        reached: (step) => {
          if (step === 'archived') throw new Error('the worker died');
        },
      },
      archived.archive,
    );
    await expect(dying.run(outboxIds[0]!)).rejects.toThrow('the worker died');
    const keysNamed = async (): Promise<{ ed: string; rs: string; id: string }> =>
      (
        await worker.query(
          'select id, ed25519_key_id as ed, rs256_key_id as rs from credential where award_id = any($1)',
          [awardIds],
        )
      )[0];
    const first = await keysNamed();
    await new ReportCompromise(worker).run({
      organisationId: structure.id,
      keyIds: [first.ed, first.rs],
      since: new Date(Date.now() - 1_000),
      by: 'test',
    });
    await archived.sign.run(outboxIds[0]!);
    const second = await keysNamed();
    expect(second.ed).not.toBe(first.ed);
    // Those of the room were signed with the stolen keys, and await their re-issue.
    expect((await check()).filter((code) => code.startsWith('archive'))).toEqual([]);

    const owner = new pg.Client({ connectionString: archived.world.urls.ownerUrl });
    await owner.connect();
    await owner.query(
      `update credential set jwt_signature = left(jwt_signature, -8) || 'AAAAAAAA' where id = $1`,
      [second.id],
    );
    await owner.end();
    expect(await check()).toEqual(expect.arrayContaining(['archive_differs', 'jwt_invalid']));
  });
});
