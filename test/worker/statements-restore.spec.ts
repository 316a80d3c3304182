import { DataSource } from 'typeorm';
import {
  AskEndorsement,
  DecideEndorsement,
  GiveEndorsement,
  type IssuanceQueue,
  IssueCredential,
  isOlderThanArchive,
  MakeRecord,
  PublishBadge,
  ReconcileArchive,
  RecordReader,
  ReissueCredentials,
  ReissueStatements,
  ReportCompromise,
  SignStatements,
  StatementReader,
} from '#badges';
import { registerOrganisation } from '#people';
import { chainAudit, dataSourceOptions } from '#platform';
import { PublicKeys, vcContext } from '#signing';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { origin } from '../support/issuance-world.js';

const by = 'client:client-test';
const quiet = { enqueue: async () => {} } as unknown as IssuanceQueue;

const keyOf = (document: string): string =>
  (JSON.parse(document) as { proof: { verificationMethod: string }[] }).proof[0]!.verificationMethod;
const subjectOf = (document: string) =>
  (JSON.parse(document) as { credentialSubject: { id: string; verifiableCredential: unknown[] } })
    .credentialSubject;

describe('endorsements and records, archived', () => {
  let archived: ArchivedWorld;
  let kept: string;
  let withdrawn: string;
  let partnerId: string;
  let record: string;
  let signing: SignStatements;
  beforeAll(async () => {
    archived = await anArchivedWorld();
    const { world, lists, archive } = archived;
    const { api, worker, structure } = world;
    const { people, credentialIds } = await archived.issueRoom(1);
    const partner = await api.transaction((tx) =>
      registerOrganisation(tx, { kind: 'structure', slug: 'partenaire', legalName: 'Partenaire Exemple' }),
    );
    partnerId = partner.id;
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
    const made = await new MakeRecord(api, quiet, origin).run({
      organisationId: structure.id,
      personId: people[0]!,
      awardIds: [award!.award_id],
      consentedOn: '2026-11-20',
      consentHow: 'written',
      by,
    });
    record = made.publicId;
    signing = new SignStatements(worker, world.keyStore, new CredentialGate(), lists, origin, archive);
    await sign();
    await decide.withdraw({ endorsementId: withdrawn, organisationIds: [partner.id], by });
    await publishLists();
  }, 180_000);
  afterAll(() => archived?.close());

  const sign = async (): Promise<void> => {
    const rows: { id: string }[] = await archived.world.api.query(
      "select id from outbox where topic = 'statement' and done_at is null",
    );
    for (const { id } of rows) await signing.run(id);
  };
  const publishLists = async (): Promise<void> => {
    await archived.world.api
      .query("update status_list set signed_at = signed_at - interval '10 seconds'")
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await archived.lists.publishDue();
    await chainAudit(archived.world.worker);
  };

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
    expect((await check()).map(({ code }) => code)).toEqual(['audit_digest_differs', 'document_digest']);
    await asOwner(
      "update statement set document_sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex') where kind = 'record'",
    );
    expect(await check()).toEqual([]);
  });

  it('are signed again with new keys after a theft, at the same address, a record once its badges are', async () => {
    const { world } = archived;
    const [endorsements, records] = [new StatementReader(world.api), new RecordReader(world.api)];
    const { publicId } = (await endorsements.byId(kept, [partnerId]))!;
    const before = {
      said: (await endorsements.endorsement(publicId))!,
      record: (await records.published(record))!,
    };
    const organisationIds = [world.structure.id, partnerId];
    for (const organisationId of organisationIds) {
      const keyIds = (await new PublicKeys(world.worker).all(organisationId)).map(({ id }) => id);
      const report = { organisationId, keyIds, since: new Date(0), by: 'cli' };
      expect(await new ReportCompromise(world.worker).run(report)).toMatchObject({
        statements: { rejected: 1, kept: 0 },
      });
    }
    expect([await endorsements.endorsement(publicId), await records.published(record)]).toEqual([null, null]);
    const reissue = (organisationId: string, isDryRun = false) =>
      new ReissueStatements(world.api).run({ organisationId, origin, all: false, by: 'cli', isDryRun });
    const counts = (planned: number, waiting: number) => ({ planned, left: 0, waiting });
    const [structureId] = organisationIds as [string, string];
    expect(await reissue(structureId)).toMatchObject(counts(0, 1));
    const badges = await new ReissueCredentials(world.api).run({
      organisationId: structureId,
      origin,
      all: false,
      by: 'cli',
    });
    expect(await reissue(structureId)).toMatchObject(counts(0, 1));
    for (const id of badges.outboxIds) await archived.sign.run(id);
    for (const organisationId of organisationIds) {
      expect(await reissue(organisationId, true)).toMatchObject({ ...counts(1, 0), outboxIds: [] });
      expect(await reissue(organisationId)).toMatchObject(counts(1, 0));
      expect(await reissue(organisationId)).toMatchObject(counts(0, 1));
    }
    await sign();
    for (const organisationId of organisationIds)
      expect(await reissue(organisationId)).toMatchObject(counts(0, 0));

    const said = (await endorsements.endorsement(publicId))!;
    expect({ ...said, document: null, jwt: null }).toEqual({ ...before.said, document: null, jwt: null });
    expect(keyOf(said.document!)).not.toBe(keyOf(before.said.document!));
    const together = (await records.published(record))!;
    expect(keyOf(together.document)).not.toBe(keyOf(before.record.document));
    const [{ document }]: [{ document: string }] = await world.api.query(
      "select signed_document(credential) as document from credential where state = 'signed'",
    );
    expect(subjectOf(together.document).verifiableCredential).toEqual([JSON.parse(document)]);
    expect(subjectOf(together.document).id).toBe(subjectOf(before.record.document).id);
    const old: unknown[] = await world.worker.query(
      `select s.state, s.payload, x.state as status, x.reason from statement n join statement s on s.id = n.supersedes
       join status_entry x on x.credential_id = s.id where n.state = 'signed'`,
    );
    const replaced = { state: 'void', payload: '', status: 'revoked', reason: 'key_compromised' };
    expect(old).toEqual([replaced, replaced]);
    await publishLists();
    expect(await check()).toEqual([]);
  });

  it('come back after an older backup with their places, and what was withdrawn stays erased', async () => {
    const issuing = new IssueCredential(archived.world.api, quiet, origin);
    const order = await issuing.run({
      organisationId: archived.world.structure.id,
      credential: {
        '@context': [vcContext],
        id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
        type: ['VerifiableCredential'],
        credentialSubject: { name: 'Member' },
      },
      isEnveloped: false,
      by,
    });
    await sign();
    await publishLists();
    const issued = await issuing.signed(order);
    const before = await rows();
    expect(before).toHaveLength(6);
    await asOwner(
      'alter table status_entry disable trigger user',
      'alter table status_list disable trigger user',
      'alter table status_change disable trigger user',
      'delete from endorsement',
      'delete from learner_record',
      'delete from issued_credential',
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
    expect(result).toMatchObject({ putBack: 6, orphans: [], differing: [] });
    expect(await isOlderThanArchive(archived.world.worker, archived.archiveFolder)).toBe(false);
    expect(await rows()).toEqual(before);
    expect(await issuing.signed(order)).toEqual(issued);
    expect(issued).toMatchObject({ credentialSubject: { name: 'Member' } });
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
