import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  archiveFiles,
  type IssuanceQueue,
  ReconcileArchive,
  ReportCompromise,
  RetryIssuance,
  readArchive,
  SignCredentials,
  takeOverArchive,
} from '#badges';
import { chainAudit } from '#platform';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { anEndorsement, signStatement } from '../support/an-endorsement.js';
import { aPlannedRoom, origin } from '../support/issuance-world.js';
import { aRestorableWorld, type RestorableWorld } from '../support/restorable-world.js';

const queue = { enqueue: async () => {} } as unknown as IssuanceQueue;

interface Signature {
  id: string;
  state: string;
  document: string | null;
  jwt: string | null;
}

describe('a backup from between planning and signing, when no mark of the chain tells of what came after it', () => {
  let archived: RestorableWorld;
  beforeEach(async () => {
    archived = await aRestorableWorld();
  }, 120_000);
  afterEach(() => archived?.close());

  const sign = async (outboxIds: string[]): Promise<void> => {
    for (const id of outboxIds) await archived.sign.run(id);
    await chainAudit(archived.world.worker);
  };
  const signatures = (): Promise<Signature[]> =>
    archived.world.worker.query(
      `select id, state, signed_document(c) as document, signed_jwt(c) as jwt from credential c order by id`,
    );
  /** What a worker does first. */
  const start = () => takeOverArchive(archived.world.worker, archived.archiveFolder);
  const reconcile = () => new ReconcileArchive(archived.world.worker, archived.archiveFolder).run({});
  /** Lets the next start read again what was compared before. */
  const forget = () => archived.world.worker.query('update archive_file_known set bytes = bytes - 1');
  const refused = { code: 'database_older_than_archive' };
  it('refuses to sign again with other keys, where the first keys came after the backup', async () => {
    const { outboxIds } = await aPlannedRoom(archived.world, 2);
    await archived.backUp();
    await sign(outboxIds);
    const wild = await signatures();
    await archived.restore();
    await expect(start()).rejects.toMatchObject(refused);
    await archived.archive.close();
    for (const file of await archiveFiles(archived.archiveFolder)) {
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
      rmSync(file);
    }
    await expect(start()).rejects.toMatchObject(refused);
    expect(await reconcile()).toMatchObject({ putBack: 2, orphans: [], differing: [] });
    await start();
    expect(await signatures()).toEqual(wild);
  }, 120_000);

  it('signs again to the byte what was planned with the same keys', async () => {
    await archived.issueRoom(1);
    const { outboxIds } = await aPlannedRoom(archived.world, 2);
    await archived.backUp();
    await sign(outboxIds);
    const wild = await signatures();
    await archived.restore();
    await start();
    await sign(outboxIds);
    expect(await signatures()).toEqual(wild);
    const written = new Map<string, Set<string>>();
    for await (const line of readArchive(archived.archiveFolder))
      if (line.kind === 'credential') {
        const { id, document, jwt } = line.credential;
        written.set(id, (written.get(id) ?? new Set()).add(document).add(jwt));
      }
    expect([...written.values()].map(({ size }) => size)).toEqual([2, 2, 2]);
  }, 120_000);

  it('refuses to start where the content planned is another one than was signed', async () => {
    await archived.issueRoom(1);
    const { outboxIds } = await aPlannedRoom(archived.world, 1);
    await archived.backUp();
    await sign(outboxIds);
    const wild = await signatures();
    await archived.restore();
    await archived.world.worker.query(
      `update credential set payload = t.text, payload_sha256 = encode(sha256(convert_to(t.text, 'UTF8')), 'hex')
       from (select id, replace(payload, 'prise en main', 'prise en mains') as text from credential) t
       where t.id = credential.id and state = 'planned'`,
    );
    await expect(start()).rejects.toMatchObject(refused);
    expect(await reconcile()).toMatchObject({ putBack: 1 });
    expect(await signatures()).toEqual(wild);
  }, 120_000);

  it('finds again what the backup knows as refused and what was signed once it was asked for again', async () => {
    const { world } = archived;
    await archived.issueRoom(1);
    const { outboxIds } = await aPlannedRoom(world, 1);
    const mandate = (until: string | null) =>
      world.api.query('update membership set valid_until = $2 where person_id = $1', [
        world.assessorId,
        until,
      ]);
    await mandate('2026-09-30');
    await sign(outboxIds);
    expect((await signatures()).map(({ state }) => state).sort()).toEqual(['refused', 'signed']);
    await start();
    await archived.backUp();
    await mandate(null);
    expect(await new RetryIssuance(world.api, queue).run('all', 'cli')).toMatchObject({ credentials: 1 });
    const open: { id: string }[] = await world.worker.query('select id from outbox where done_at is null');
    await sign(open.map(({ id }) => id));
    const wild = await signatures();
    expect(wild.map(({ state }) => state)).toEqual(['signed', 'signed']);

    await archived.restore();
    await expect(start()).rejects.toMatchObject(refused);
    expect(await reconcile()).toMatchObject({ putBack: 1, alreadyThere: 1 });
    await start();
    expect(await signatures()).toEqual(wild);
    expect(await world.worker.query('select distinct state from award')).toEqual([{ state: 'issued' }]);
  }, 120_000);

  const statements = (): Promise<{ id: string; state: string; refusal: object | null }[]> =>
    archived.world.worker.query('select id, state, refusal, document, jwt from statement order by id');

  it('holds for an endorsement: refused with other keys, found again, and refused no more', async () => {
    const { worker, api } = archived.world;
    const ofNew = await anEndorsement(archived);
    const ofRefused = await anEndorsement(archived);
    const refusal = `'{"code": "schema_invalid", "detail": {}}'::jsonb || jsonb_build_object('at', now())`;
    await worker.query(`update statement set state = 'refused', refusal = ${refusal} where outbox_id = $1`, [
      ofRefused,
    ]);
    await archived.backUp();
    await signStatement(archived, ofNew);
    const alone = (await statements()).filter(({ state }) => state === 'signed');
    expect(alone).toHaveLength(1);

    await archived.restore();
    await expect(start()).rejects.toMatchObject(refused);
    expect(await reconcile()).toMatchObject({ putBack: 1, orphans: [], differing: [] });
    expect((await statements()).filter(({ state }) => state === 'signed')).toEqual(alone);
    await start();

    expect(await new RetryIssuance(api, queue).run('all', 'cli')).toMatchObject({ credentials: 1 });
    const [again]: { id: string }[] = await worker.query(
      "select outbox_id as id from statement where state = 'planned'",
    );
    await signStatement(archived, again!.id);
    const both = await statements();
    expect(both.map(({ state }) => state)).toEqual(['signed', 'signed']);
    await archived.restore();
    await expect(start()).rejects.toMatchObject(refused);
    expect(await reconcile()).toMatchObject({ putBack: 2, orphans: [], differing: [] });
    expect(await statements()).toEqual(both);
    await start();
  }, 120_000);

  it('starts where a worker died before it stored what it had archived, also when the key was reported stolen since, or the badge refused', async () => {
    const { world, lists, archive } = archived;
    const dying = new SignCredentials(
      world.worker,
      world.keyStore,
      new CredentialGate(),
      lists,
      origin,
      {
        reached: (step) => {
          if (step === 'archived') throw new Error('died');
        },
      },
      archive,
    );
    const [stolen, fallen] = [await aPlannedRoom(world, 1), await aPlannedRoom(world, 1)];
    for (const { outboxIds } of [stolen, fallen])
      await expect(dying.run(outboxIds[0]!)).rejects.toThrow('died');
    await start();
    await forget();
    // A retried dead letter chooses its keys anew: they are the same.
    await world.worker.query('update credential set ed25519_key_id = null, rs256_key_id = null');
    await start();
    await world.api.query(`update membership set valid_until = '2026-09-30' where person_id = $1`, [
      world.assessorId,
    ]);
    await sign(fallen.outboxIds);
    await world.api.query('update membership set valid_until = null where person_id = $1', [
      world.assessorId,
    ]);
    await forget();
    const rows: { id: string }[] = await world.worker.query('select id from signing_key');
    const report = {
      organisationId: world.structure.id,
      keyIds: rows.map(({ id }) => id),
      since: new Date(0),
    };
    await new ReportCompromise(world.worker).run({ ...report, by: 'cli' });
    await start();
    await sign(stolen.outboxIds);
    expect((await signatures()).map(({ state }) => state)).toEqual(['signed', 'refused']);
    await forget();
    await start();
    expect(await reconcile()).toMatchObject({ putBack: 0 });
  }, 120_000);
});
