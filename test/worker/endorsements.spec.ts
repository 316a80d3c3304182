import {
  AskEndorsement,
  DecideEndorsement,
  digestOfSecret,
  GiveEndorsement,
  IssuanceQueue,
  NoArchive,
  OperationsReader,
  PublishBadge,
  ReissueStatements,
  ReportCompromise,
  RetryIssuance,
  SignStatements,
  StatementReader,
} from '#badges';
import { type Organisation, registerOrganisation } from '#people';
import { type JsonObject, PublicKeys } from '#signing';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, origin } from '../support/issuance-world.js';

const words = 'Nos équipes retrouvent ce savoir-faire chez les personnes qui ont ce badge.';
const by = 'client:client-test';
// Nothing listens to this queue: the test signs what it needs.
const quiet = { enqueue: async () => {} } as unknown as IssuanceQueue;

describe('endorsements', () => {
  let world: IssuanceWorld;
  let partner: Organisation;
  let ask: AskEndorsement;
  let give: GiveEndorsement;
  let decide: DecideEndorsement;
  let reader: StatementReader;
  let achievement: string;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    const { api, structure } = world;
    partner = await api.transaction((tx) =>
      registerOrganisation(tx, { kind: 'structure', slug: 'partenaire', legalName: 'Partenaire Exemple' }),
    );
    ask = new AskEndorsement(api, origin);
    give = new GiveEndorsement(api);
    decide = new DecideEndorsement(api, quiet, origin);
    reader = new StatementReader(api);
    await aPlannedRoom(world, 1);
    const [own]: [{ public_id: string }] = await api.query(
      `insert into achievement (id, organisation_id, code, version, kind, public_id, name, description, easy_text, criteria,
                                alignments, picture, rule, content_hash)
       select gen_random_uuid(), $1, 'OWN', 1, kind, 'ownachievement000000000000a', name, description, easy_text, criteria,
              alignments, picture, rule, 'own' from achievement limit 1 returning public_id`,
      [structure.id],
    );
    achievement = own.public_id;
  });
  afterAll(() => world?.close());

  const asked = (target: 'issuer' | 'achievement' | 'badge' = 'achievement', awardId?: string) =>
    ask.run({ organisationId: world.structure.id, target, achievement, awardId, validDays: 30, by });
  const own = (comment = words) => ({ organisationId: partner.id, comment, by });
  const act = (endorsementId: string, organisationId = world.structure.id) => ({
    endorsementId,
    organisationIds: [organisationId],
    by,
  });
  const sign = async () => {
    const rows: { id: string }[] = await world.api.query(
      "select id from outbox where done_at is null and topic = 'statement'",
    );
    for (const { id } of rows) await world.signPromised.run(id);
  };
  const accepted = async (comment = words) => {
    const { id, token } = await asked();
    await give.asOrganisation(token, own(comment));
    await decide.accept(act(id));
    return id;
  };

  it('of an organisation with an account are signed with its own key, both ways, and shown once accepted', async () => {
    const { id, token } = await asked();
    await give.asOrganisation(token, own());
    await sign();
    expect(await reader.byId(id, [world.structure.id])).toMatchObject({ state: 'given', isShown: false });
    await decide.accept(act(id));
    expect(await reader.byId(id, [world.structure.id])).toMatchObject({ state: 'accepted', isShown: false });
    await sign();
    const { publicId } = (await reader.byId(id, [partner.id]))!;
    const shown = (await reader.endorsement(publicId))!;
    expect(shown).toMatchObject({ form: 'own-key', endorserName: 'Partenaire Exemple', comment: words });
    const document = JSON.parse(shown.document!) as { issuer: JsonObject; credentialSubject: JsonObject };
    expect(document.issuer.id).toBe('did:web:localhost%3A4180:issuers:partenaire');
    expect(document.credentialSubject).toEqual({
      id: `${origin}/achievements/${achievement}`,
      type: ['EndorsementSubject'],
      endorsementComment: words,
    });
    expect(shown.jwt).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await reader.endorsementsOf(`${origin}/achievements/${achievement}`)).toHaveLength(1);
  });

  it('of somebody without account are signed by who received them and say first that nobody checked the name', async () => {
    const { id, token } = await asked('issuer');
    await give.fromOutside(token, { name: 'Ville Exemple', url: 'https://ville.example', comment: words });
    await decide.accept(act(id));
    await sign();
    const [shown] = await reader.endorsementsOf(
      'did:web:localhost%3A4180:issuers:'.concat(world.structure.slug),
    );
    expect(shown).toMatchObject({ form: 'received', endorserName: 'Ville Exemple', comment: words });
    const { document } = (await reader.endorsement(shown!.publicId))!;
    const { issuer, name, credentialSubject } = JSON.parse(document!) as Record<string, JsonObject>;
    expect(issuer!.id).toBe(`did:web:localhost%3A4180:issuers:${world.structure.slug}`);
    expect(name).toBe('Paroles reçues / Words received');
    expect(credentialSubject!.endorsementComment).toMatch(
      /^Paroles reçues par .*« Ville Exemple ».*not checked\./s,
    );
  });

  it('answer a link once: of ten answers at the same time one is kept', async () => {
    const { token } = await asked();
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () => give.asOrganisation(token, own())),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(give.question(token)).rejects.toMatchObject({ code: 'endorsement_link_invalid' });
  });

  it('refuse a link that is out of date, unknown or cancelled', async () => {
    const [late, gone] = [await asked(), await asked()];
    await world.api.query("update endorsement set expires_at = now() - interval '1 second' where id = $1", [
      late.id,
    ]);
    await decide.withdraw(act(gone.id));
    for (const token of [late.token, gone.token, 'x'.repeat(43), '', "' or 1=1"])
      await expect(give.asOrganisation(token, own())).rejects.toMatchObject({
        code: 'endorsement_link_invalid',
      });
  });

  it('are never of oneself, nor of a badge class, award or badge that is not there to be seen', async () => {
    const { token } = await asked();
    await expect(
      give.asOrganisation(token, { ...own(), organisationId: world.structure.id }),
    ).rejects.toMatchObject({ code: 'endorsement_refused', why: 'oneself' });
    const { awardIds, outboxIds } = await aPlannedRoom(world, 1);
    await world.signCredentials.run(outboxIds[0]!);
    await expect(asked('badge', awardIds[0])).rejects.toMatchObject({ field: 'target', why: 'not_shown' });
    await expect(asked('badge', partner.id)).rejects.toMatchObject({ field: 'target', why: 'unknown' });
  });

  it('of one badge need the learner’s agreement, and are hidden with the badge', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 1);
    await world.signCredentials.run(outboxIds[0]!);
    const publishing = new PublishBadge(world.api);
    const publicBadge = await publishing.publish(awardIds[0]!, { withName: false, by: 'test' });
    const { id, token } = await asked('badge', awardIds[0]);
    await give.asOrganisation(token, own());
    await expect(decide.accept(act(id))).rejects.toMatchObject({
      code: 'endorsement_refused',
      field: 'learnerAgreed',
    });
    await decide.accept(act(id), { learnerAgreed: true });
    await sign();
    const said = () => reader.endorsementsOf(`${origin}/b/${publicBadge}`);
    expect(await said()).toMatchObject([{ comment: words, target: 'badge' }]);
    await publishing.withdraw(awardIds[0]!, 'test');
    expect(await said()).toEqual([]);
  });

  it('that are refused or withdrawn are erased, never signed, and revoked when they were', async () => {
    const { id, token } = await asked();
    await give.asOrganisation(token, own());
    await decide.refuse(act(id));
    expect(await reader.byId(id, [partner.id])).toMatchObject({ state: 'refused', comment: null });
    await expect(decide.accept(act(id))).rejects.toMatchObject({ code: 'endorsement_state_conflict' });
    const planned = await accepted('Planifié puis retiré avant la signature, donc jamais signé.');
    await decide.withdraw(act(planned, partner.id));
    await sign();
    const signedThen = await accepted('Signé puis retiré par la structure qui l’avait donné.');
    await sign();
    await decide.withdraw(act(signedThen, partner.id));
    const rows: Record<string, unknown>[] = await world.api.query(
      `select s.state, s.payload, s.document, x.state as status, e.state as endorsement, e.comment
       from endorsement e join statement s on s.id = e.statement_id join status_entry x on x.credential_id = s.id
       where e.id = any($1)`,
      [[planned, signedThen]],
    );
    const ended = {
      state: 'void',
      payload: '',
      document: null,
      status: 'revoked',
      endorsement: 'withdrawn',
      comment: null,
    };
    expect(rows).toEqual([ended, ended]);
    const { publicId } = (await reader.byId(signedThen, [partner.id]))!;
    expect(await reader.endorsement(publicId)).toBeNull();
  });

  it('are taken back by somebody without account with the secret that was told once', async () => {
    const { id, token } = await asked();
    const secret = await give.fromOutside(token, { name: 'Ville Exemple', comment: words });
    expect(await decide.withdrawBySecret(digestOfSecret('another'))).toBe(false);
    expect(await decide.withdrawBySecret(digestOfSecret(secret))).toBe(true);
    expect(await decide.withdrawBySecret(digestOfSecret(secret))).toBe(false);
    expect(await reader.byId(id, [world.structure.id])).toMatchObject({
      state: 'withdrawn',
      endorserName: null,
    });
  });

  it('are nobody else’s to see, accept or withdraw', async () => {
    const id = await accepted();
    for (const step of [decide.accept(act(id, partner.id)), decide.refuse(act(id, partner.id))])
      await expect(step).rejects.toMatchObject({ code: 'endorsement_not_found' });
    const stranger = '019aa000-0000-7000-8000-000000000000';
    await expect(decide.withdraw(act(id, stranger))).rejects.toMatchObject({ code: 'endorsement_not_found' });
    expect(await reader.byId(id, [stranger])).toBeUndefined();
  });

  it('are not signed when somebody changed the words or the signer in the database after they were planned', async () => {
    const [changed, moved] = [await accepted(), await accepted()];
    await world.worker.query(
      `update statement set payload = replace(payload, 'Nos', 'Vos') where id =
      (select statement_id from endorsement where id = $1)`,
      [changed],
    );
    await world.api.query('update endorsement set endorser_organisation_id = $2 where id = $1', [
      moved,
      world.structure.id,
    ]);
    await sign();
    const rows: { code: string }[] = await world.api.query(
      `select s.refusal ->> 'code' as code from statement s join endorsement e on e.statement_id = s.id
       where e.id = any($1) and s.state = 'refused' order by e.id = $2`,
      [[changed, moved], moved],
    );
    expect(rows.map(({ code }) => code)).toEqual(['payload_changed', 'statement_withdrawn']);
  });

  it('leave an audit event for each act, without names or words', async () => {
    const id = await accepted();
    await sign();
    await decide.withdraw(act(id));
    const rows: { action: string; subject: unknown }[] = await world.worker.query(
      `select action, subject from audit_event where subject->>'endorsementId' = $1 or subject->>'statementId' =
         (select statement_id::text from endorsement where id = $1::uuid) order by id`,
      [id],
    );
    expect(rows.map(({ action }) => action).sort()).toEqual([
      'endorsement.accepted',
      'endorsement.asked',
      'endorsement.given',
      'endorsement.withdrawn',
      'statement.planned',
      'statement.signed',
      'statement.withdrawn',
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/équipes|Partenaire/);
  });

  /** Refuses as the worker's check does, for a reason that can be mended. */
  const refuseNext = async (): Promise<void> => {
    const detail = { fr: 'Caractère interdit.', en: 'Forbidden character.' };
    const check = { lint: async () => [{ code: 'lint_text', detail }], verify: async () => [] };
    const lists = { ensureSigned: async () => {} } as never;
    const refusing = new SignStatements(world.worker, world.keyStore, check as never, lists, origin);
    const rows: { id: string }[] = await world.api.query(
      "select id from outbox where done_at is null and topic = 'statement'",
    );
    for (const { id } of rows) await refusing.run(id);
  };
  const isShown = async (id: string) => (await reader.byId(id, [partner.id]))!.isShown;

  it('that were refused are seen by whoever runs the service, with the reason, and put back once', async () => {
    await sign();
    const [id, dropped] = [await accepted(), await accepted()];
    await refuseNext();
    const operations = new OperationsReader(world.api);
    const seen = async () => (await operations.read()).letters.filter(({ code }) => code === 'lint_text');
    expect(await seen()).toMatchObject(
      Array(2).fill({
        kind: 'refused',
        organisation: { slug: 'partenaire' },
        badges: [],
        statements: ['endorsement'],
        credentials: 1,
        detail: { fr: 'Caractère interdit.' },
        canRetry: true,
      }),
    );
    await decide.withdraw(act(dropped));
    const [letter, ...others] = await seen();
    expect(others).toEqual([]);
    expect(await operations.letter(letter!.id)).toMatchObject({ ...letter, credentialIds: [letter!.id] });
    const retry = () => new RetryIssuance(world.api, quiet).run({ ids: [letter!.id] }, 'cli');
    const both = await Promise.all([retry(), retry()]);
    expect(both.map(({ credentials }) => credentials).sort()).toEqual([0, 1]);
    expect(await seen()).toEqual([]);
    await sign();
    expect(await isShown(id)).toBe(true);
  });

  it('whose keys were named anew while others signed them are left alone, and signed by those later', async () => {
    await sign();
    const id = await accepted();
    const [planned]: { id: string; outbox_id: string }[] = await world.api.query(
      'select s.id, s.outbox_id from statement s join endorsement e on e.statement_id = s.id where e.id = $1',
      [id],
    );
    const { Ed25519: own } = await world.keyStore.ensureKeys(partner.id);
    const { Ed25519: another } = await world.keyStore.ensureKeys(world.structure.id);
    const name = (keyId: string) =>
      world.worker.query('update statement set ed25519_key_id = $2 where id = $1', [planned!.id, keyId]);
    class NamingAnew extends NoArchive {
      override async appendStatement(): Promise<void> {
        await name(another.id);
      }
    }
    const signer = new SignStatements(
      world.worker,
      world.keyStore,
      new CredentialGate(),
      { ensureSigned: async () => {} } as never,
      origin,
      new NamingAnew(),
    );
    await signer.run(planned!.outbox_id);
    expect(
      await world.api.query('select state, document, jwt from statement where id = $1', [planned!.id]),
    ).toEqual([{ state: 'planned', document: null, jwt: null }]);
    expect(await isShown(id)).toBe(false);
    await name(own.id);
    await sign();
    expect(await isShown(id)).toBe(true);
  });

  it('whose words were changed after they were planned are seen too, and no retry signs them', async () => {
    const refused = (await new OperationsReader(world.api).read()).letters.filter(
      ({ code }) => code === 'payload_changed',
    );
    expect(refused).toMatchObject([{ canRetry: false, statements: ['endorsement'] }]);
    const done = await new RetryIssuance(world.api, quiet).run({ ids: [refused[0]!.id] }, 'cli');
    expect(done).toEqual({ batches: 0, credentials: 0 });
  });

  it('signed with a stolen key are hidden until they are signed again; withdrawn meanwhile, they stay so', async () => {
    await sign();
    const [kept, withdrawn, first] = [await accepted(), await accepted(), await accepted()];
    await sign();
    const keyIds = (await new PublicKeys(world.worker).all(partner.id)).map(({ id }) => id);
    const theft = { organisationId: partner.id, keyIds, since: new Date(0), by: 'cli' };
    await new ReportCompromise(world.worker).run(theft);
    expect(await isShown(kept)).toBe(false);
    const reissue = () =>
      new ReissueStatements(world.api).run({ organisationId: partner.id, origin, all: false, by: 'cli' });
    const plans = await Promise.all([reissue(), reissue()]);
    const [none, all] = plans.sort((a, b) => a.planned - b.planned) as [(typeof plans)[0], (typeof plans)[0]];
    expect([none.planned, none.waiting]).toEqual([0, all.planned]);
    await decide.withdraw(act(withdrawn));
    const [{ outbox_id: outboxId }]: [{ outbox_id: string }] = await world.api.query(
      `select n.outbox_id from statement n join endorsement e on e.statement_id = n.supersedes where e.id = $1`,
      [first],
    );
    await world.signPromised.run(outboxId);
    await sign();
    expect([await isShown(kept), await isShown(withdrawn), await isShown(first)]).toEqual([
      true,
      false,
      true,
    ]);
    const left: unknown[] = await world.api.query(
      `select n.state, n.payload from statement n join endorsement e on e.statement_id = n.supersedes where e.id = $1`,
      [withdrawn],
    );
    expect(left).toEqual([{ state: 'void', payload: '' }]);
    expect(await reissue()).toMatchObject({ planned: 0, waiting: 0 });
    await decide.withdraw(act(kept));
    expect(await isShown(kept)).toBe(false);
  });
});
