import { PublishBadge, reasonsFor } from '#badges';
import { uuid } from '#platform';
import { aFile } from '../../../libs/workshops/src/campaign/world.spec-support.js';
import { aPerson, aSession, plan } from '../../support/issuance-world.js';
import { type ApiWorld, anApiWorld } from './api-world.js';

describe('taking back through the API', () => {
  let world: ApiWorld;
  let token: string;

  beforeAll(async () => {
    world = await anApiWorld();
    token = await world.token(world.structure);
  }, 180_000);
  afterAll(() => world?.close());

  const ofSession = (session: string, what: string, body?: unknown, as = token) =>
    world.call(`POST /api/v1/organisations/${world.structure.slug}/sessions/${session}/${what}`, {
      token: as,
      body,
    });
  const aRoom = async (size = 2) => {
    const people: string[] = [];
    for (let i = 0; i < size; i += 1)
      people.push(await aPerson(world.api, world.structure.id, `Personne EXEMPLE${uuid().slice(-8)}`));
    const session = await aSession(world, { people });
    const { awardIds } = await plan(world, people);
    await world.signAll();
    return { people, session, awardIds };
  };

  it('tells who has shown a badge of the session, and takes all of it back on confirmation', async () => {
    const { session, awardIds } = await aRoom();
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const told = await ofSession(session, 'withdrawal-analyses');
    expect(told).toMatchObject({
      status: 200,
      body: { mode: 'revocation', counts: { fall: 2, shown: 1, wereShown: 1 } },
    });
    const { digest } = told.body;
    expect(
      await ofSession(session, 'withdrawals', { expectedDigest: '0'.repeat(64), reason: 'issued_in_error' }),
    ).toMatchObject({ status: 409, body: { code: 'analysis_changed' } });
    const done = await ofSession(session, 'withdrawals', {
      expectedDigest: digest,
      reason: 'issued_in_error',
    });
    expect(done).toMatchObject({ status: 200, body: { digest, counts: told.body.counts } });
    for (const id of awardIds)
      expect((await world.call(`GET /api/v1/awards/${id}`, { token })).body.state).toBe('cancelled');
    expect(await ofSession(session, 'withdrawal-analyses')).toMatchObject({
      status: 409,
      body: { code: 'session_already_withdrawn' },
    });
  });

  it('tells of the badge that would be revoked whether it is shown, was shown, or never was', async () => {
    const { people, awardIds } = await aRoom(3);
    const publishing = new PublishBadge(world.api);
    const publicIds: string[] = [];
    for (const id of awardIds.slice(0, 2))
      publicIds.push(await publishing.publish(id, { withName: true, by: 'test' }));
    await publishing.withdraw(awardIds[1]!, 'test');
    const [shown, hidden, kept] = await Promise.all(
      awardIds.map((id) => world.call(`POST /api/v1/awards/${id}/revocation-analyses`, { token })),
    );
    expect(shown).toMatchObject({
      status: 200,
      body: {
        effects: [],
        revoked: [
          {
            awardId: awardIds[0],
            publicId: publicIds[0],
            isChanged: true,
            shown: { since: expect.any(String), withName: true },
            wasShown: true,
          },
        ],
        counts: { fall: 0, shown: 1, wereShown: 1 },
      },
    });
    expect(hidden!.body).toMatchObject({
      revoked: [{ awardId: awardIds[1], publicId: publicIds[1], shown: null, wasShown: true }],
      counts: { shown: 0, wereShown: 1 },
    });
    expect(kept!.body).toMatchObject({
      revoked: [{ awardId: awardIds[2], shown: null, wasShown: false }],
      counts: { shown: 0, wereShown: 0 },
    });
    const named = [shown, hidden, kept].map((one) => one!.body.revoked[0].personId);
    expect(named.sort()).toEqual([...people].sort());
    for (const id of awardIds)
      expect((await world.call(`GET /api/v1/awards/${id}`, { token })).body.state).toBe('issued');
  });

  it('counts no badge as ending that is revoked already, and confirms nothing that was shown since', async () => {
    const [id] = (await aRoom(1)).awardIds as [string];
    const analysis = () => world.call(`POST /api/v1/awards/${id}/revocation-analyses`, { token });
    const { digest: expectedDigest } = (await analysis()).body;
    await new PublishBadge(world.api).publish(id, { withName: false, by: 'test' });
    const revoke = (body: object) => world.call(`POST /api/v1/awards/${id}/revocation`, { token, body });
    expect(await revoke({ reason: 'fraud', expectedDigest })).toMatchObject({
      status: 409,
      body: { code: 'analysis_changed' },
    });
    expect(await revoke({ reason: 'fraud', expectedDigest: (await analysis()).body.digest })).toMatchObject({
      status: 200,
      body: { state: 'revoked' },
    });
    expect((await analysis()).body).toMatchObject({
      revoked: [{ isChanged: false, wasShown: true }],
      counts: { shown: 0, wereShown: 0 },
    });
  });

  it('confirms the reason that was told alone, where the analysis was given one', async () => {
    const { session, awardIds } = await aRoom(2);
    const [one, two] = awardIds as [string, string];
    const changed = { status: 409, body: { code: 'analysis_changed' } };
    const why = { reason: 'fraud', reasonText: { fr: 'conditions non remplies', en: 'conditions not met' } };
    const none = { reason: null, reasonText: null };
    const ofAward = (what: string, body?: unknown) =>
      world.call(`POST /api/v1/awards/${one}/${what}`, { token, body });

    expect((await ofAward('revocation-analyses')).body).toMatchObject(none);
    const revocation = await ofAward('revocation-analyses?reason=fraud');
    expect(revocation).toMatchObject({ status: 200, body: why });
    let expectedDigest = revocation.body.digest;
    expect(await ofAward('revocation', { reason: 'issued_in_error', expectedDigest })).toMatchObject(changed);

    const fault = { familyName: `EXEMPLE${uuid().slice(-8)}` };
    expect((await ofAward('replacement-analyses', fault)).body).toMatchObject(none);
    const asked = { ...fault, reason: 'superseded' };
    const replacement = await ofAward('replacement-analyses', asked);
    expect(replacement).toMatchObject({ status: 200, body: { reason: 'superseded' } });
    expectedDigest = replacement.body.digest;
    const otherwise = { ...asked, reason: 'learner_request', expectedDigest };
    expect(await ofAward('replacements', otherwise)).toMatchObject(changed);
    expect(await ofAward('replacements', { ...asked, expectedDigest })).toMatchObject({
      status: 200,
      body: { digest: expectedDigest, reason: 'superseded', replacedBy: expect.any(String) },
    });

    const withdrawal = await ofSession(session, 'withdrawal-analyses?reason=fraud');
    expect(withdrawal).toMatchObject({ status: 200, body: why });
    expectedDigest = withdrawal.body.digest;
    expect(
      await ofSession(session, 'withdrawals', { expectedDigest, reason: 'issued_in_error' }),
    ).toMatchObject(changed);
    expect((await world.call(`GET /api/v1/awards/${two}`, { token })).body.state).toBe('issued');
    expect(await ofSession(session, 'withdrawals', { expectedDigest, reason: 'fraud' })).toMatchObject({
      status: 200,
      body: { digest: expectedDigest, ...why },
    });
  });

  it('takes no reason of another act, in an analysis or in the act', async () => {
    const { session, awardIds } = await aRoom(1);
    const allowed = JSON.stringify(reasonsFor.withdraw);
    const refusal = {
      status: 400,
      body: { faults: [{ path: '/reason', message: `must be one of ${allowed}` }] },
    };
    const path = `POST /api/v1/awards/${awardIds[0]}/revocation-analyses`;
    expect(await world.call(`${path}?reason=review_closed`, { token })).toMatchObject(refusal);
    expect(await ofSession(session, 'withdrawal-analyses?reason=superseded')).toMatchObject(refusal);
    const body = { expectedDigest: '0'.repeat(64), reason: 'under_review' };
    expect(await ofSession(session, 'withdrawals', body)).toMatchObject(refusal);
  });

  it('corrects one presence, exactly as told', async () => {
    const { session, people, awardIds } = await aRoom();
    const attendances = [{ personId: people[0], status: 'excused' }];
    const told = await ofSession(session, 'correction-analyses', { attendances });
    expect(told).toMatchObject({
      status: 200,
      body: {
        counts: { appear: 0, change: 0, fall: 1 },
        effects: [{ effect: 'falls', how: 'withdrawn', awardId: awardIds[0], shown: null }],
      },
    });
    const expectedDigest = told.body.digest;
    expect(await ofSession(session, 'corrections', { attendances, expectedDigest })).toMatchObject({
      status: 200,
    });
    const states = await Promise.all(
      awardIds.map(async (id) => (await world.call(`GET /api/v1/awards/${id}`, { token })).body.state),
    );
    expect(states).toEqual(['cancelled', 'issued']);
  });

  it('tells who assessed, before and now, where that is corrected, and null where it stays', async () => {
    const { session, people } = await aRoom(1);
    const other = await aPerson(world.api, world.structure.id, `Autre FICTIVE${uuid().slice(-8)}`);
    const judged = (assessorPersonId: string, outcome: string) => ({
      assessments: [{ personId: people[0], competency: '5.2', outcome, assessorPersonId }],
    });
    const changes = async (body: object) =>
      (await ofSession(session, 'correction-analyses', body)).body.changes;
    const change = { session: expect.any(String), person: people[0], target: '5.2', from: 'acquired' };
    expect(await changes(judged(other, 'acquired'))).toEqual([
      { ...change, to: 'acquired', assessor: { from: world.assessorId, to: other } },
    ]);
    expect(await changes(judged(world.assessorId, 'not_yet'))).toEqual([
      { ...change, to: 'not_yet', assessor: null },
    ]);
    expect(await changes(judged(world.assessorId, 'acquired'))).toEqual([]);
  });

  it('corrects the register of a session from a file', async () => {
    const path = `POST /api/v1/organisations/${world.structure.slug}`;
    const row = {
      'N° séance': 'A1',
      Atelier: 'CE-2',
      Nom: 'SPÉCIMEN',
      Prénom: 'Zoé',
      'Année de naissance': '1977',
    };
    const body = aFile([row]);
    const told = await world.call(`${path}/register-correction-analyses`, { token, body });
    expect(told).toMatchObject({
      status: 200,
      body: { counts: { appear: 1, change: 0, fall: 0 }, incompleteSessions: [] },
    });
    const digest = told.body.digest;
    const done = await world.call(`${path}/register-corrections?expectedDigest=${digest}`, { token, body });
    expect(done).toMatchObject({ status: 200, body: { digest } });
    const wrong = aFile([{ ...row, Présence: 'Absente', Résultat: '', 'Compétence évaluée': '' }]);
    const falls = await world.call(`${path}/register-correction-analyses`, { token, body: wrong });
    expect(falls.body.effects).toEqual([
      expect.objectContaining({ badge: 'B-CE-2', effect: 'falls', how: 'withdrawn' }),
    ]);
  });

  it('finds nothing of another organisation', async () => {
    const { session } = await aRoom(1);
    const foreign = await world.token(world.otherStructure);
    expect(await ofSession(session, 'withdrawal-analyses', undefined, foreign)).toMatchObject({
      status: 404,
      body: { code: 'organisation_not_found' },
    });
    expect(
      await world.call(
        `POST /api/v1/organisations/${world.otherStructure.slug}/sessions/${session}/withdrawal-analyses`,
        { token: foreign },
      ),
    ).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    for (const id of [uuid(), 'nonsense'])
      expect(await ofSession(id, 'withdrawal-analyses')).toMatchObject({
        status: 404,
        body: { code: 'session_not_found' },
      });
  });
});
