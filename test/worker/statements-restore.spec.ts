import { DataSource } from 'typeorm';
import {
  AskEndorsement,
  DecideEndorsement,
  GiveEndorsement,
  type IssuanceQueue,
  isOlderThanArchive,
  MakeRecord,
  PublishBadge,
  ReconcileArchive,
  SignStatements,
  StatementReader,
} from '#badges';
import { registerOrganisation } from '#people';
import { chainAudit, dataSourceOptions } from '#platform';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { origin } from '../support/issuance-world.js';

const by = 'client:client-test';
const quiet = { enqueue: async () => {} } as unknown as IssuanceQueue;

describe('endorsements and records, archived', () => {
  let archived: ArchivedWorld;
  let kept: string;
  let withdrawn: string;
  beforeAll(async () => {
    archived = await anArchivedWorld();
    const { world, lists, archive } = archived;
    const { api, worker, structure } = world;
    const { people, credentialIds } = await archived.issueRoom(1);
    const partner = await api.transaction((tx) =>
      registerOrganisation(tx, { kind: 'structure', slug: 'partenaire', legalName: 'Partenaire Exemple' }),
    );
    const decide = new DecideEndorsement(api, quiet, origin);
    const endorse = async (): Promise<string> => {
      const asked = await new AskEndorsement(api, origin).run({
        organisationId: structure.id,
        target: 'issuer',
        validDays: 3,
        by,
      });
      const comment = 'Une structure sérieuse, que nous connaissons depuis longtemps.';
      await new GiveEndorsement(api).asOrganisation(asked.token, { organisationId: partner.id, comment, by });
      await decide.accept({ endorsementId: asked.id, organisationIds: [structure.id], by });
      return asked.id;
    };
    [kept, withdrawn] = [await endorse(), await endorse()];
    const [award]: { award_id: string }[] = await api.query(
      'select award_id from credential where id = $1',
      credentialIds,
    );
    await new PublishBadge(api).publish(award!.award_id, { withName: false, by: 'test' });
    await new MakeRecord(api, quiet, origin).run({
      organisationId: structure.id,
      personId: people[0]!,
      awardIds: [award!.award_id],
      consentedOn: '2026-11-20',
      consentHow: 'written',
      by,
    });
    const sign = new SignStatements(worker, world.keyStore, new CredentialGate(), lists, origin, archive);
    const rows: { id: string }[] = await api.query("select id from outbox where topic = 'statement'");
    for (const { id } of rows) await sign.run(id);
    await decide.withdraw({ endorsementId: withdrawn, organisationIds: [partner.id], by });
    await api
      .query("update status_list set signed_at = signed_at - interval '10 seconds'")
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await lists.publishDue();
    await chainAudit(worker);
  }, 180_000);
  afterAll(() => archived?.close());

  const check = async () =>
    (
      await checkIssued(archived.world.worker, {
        databaseUrl: archived.world.urls.workerUrl,
        origin,
        archiveFolder: archived.archiveFolder,
        scope: {},
      })
    ).faults;
  const reconcile = () => new ReconcileArchive(archived.world.worker, archived.archiveFolder).run();
  const asOwner = async (...statements: string[]): Promise<void> => {
    const owner = await new DataSource(
      dataSourceOptions({ url: archived.world.urls.ownerUrl, entities: [] }),
    ).initialize();
    for (const statement of statements) await owner.query(statement);
    await owner.destroy();
  };
  const rows = (): Promise<unknown[]> =>
    archived.world.worker.query(
      `select s.id, s.kind, s.state, s.document_sha256, s.jwt, e.state as endorsement, e.comment, r.consent_how, x.state as status
       from statement s join status_entry x on x.credential_id = s.id
       left join endorsement e on e.statement_id = s.id left join learner_record r on r.statement_id = s.id order by s.id`,
    );

  it('are sound by `insigne check`, and a changed document is found', async () => {
    expect(await check()).toEqual([]);
    await asOwner("update statement set document_sha256 = repeat('0', 64) where kind = 'record'");
    expect((await check()).map(({ code }) => code)).toEqual(['archive_differs']);
    await asOwner(
      "update statement set document_sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex') where kind = 'record'",
    );
    expect(await check()).toEqual([]);
  });

  it('come back after an older backup with their places, and what was withdrawn stays erased', async () => {
    const before = await rows();
    expect(before).toHaveLength(3);
    await asOwner(
      'alter table status_entry disable trigger user',
      'alter table status_list disable trigger user',
      'alter table status_change disable trigger user',
      'delete from endorsement',
      'delete from learner_record',
      'delete from status_entry where credential_id in (select id from statement)',
      'delete from status_change where credential_id in (select id from statement)',
      'update status_list set version = 0',
      'delete from statement',
      'alter table status_entry enable trigger user',
      'alter table status_list enable trigger user',
      'alter table status_change enable trigger user',
    );
    expect(await isOlderThanArchive(archived.world.worker, archived.archiveFolder)).toBe(true);
    const result = await reconcile();
    expect(result).toMatchObject({ putBack: 3, orphans: [], differing: [] });
    expect(await isOlderThanArchive(archived.world.worker, archived.archiveFolder)).toBe(false);
    expect(await rows()).toEqual(before);
    const reader = new StatementReader(archived.world.api);
    const parties = [archived.world.structure.id];
    expect(await reader.byId(kept, parties)).toMatchObject({ state: 'accepted', isShown: true });
    expect(await reader.byId(withdrawn, parties)).toMatchObject({
      state: 'withdrawn',
      comment: null,
      isShown: false,
    });
    expect(await reconcile()).toMatchObject({ putBack: 0, orphans: [], differing: [] });
  });
});
