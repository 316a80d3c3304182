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

  const sessions = () => `GET /api/v1/organisations/${world.structure.slug}/sessions`;
  const register = (what: string, body: Buffer) =>
    world.call(`POST /api/v1/organisations/${world.structure.slug}/${what}`, { token, body });
  /** Hands in a register as its analysis tells it. */
  const correct = async (body: Buffer): Promise<void> => {
    const { digest } = (await register('register-correction-analyses', body)).body;
    expect((await register(`register-corrections?expectedDigest=${digest}`, body)).status).toBe(200);
  };
  const withdraw = async (session: string): Promise<string> => {
    const { digest, mode } = (await ofSession(session, 'withdrawal-analyses')).body;
    const confirmed = { expectedDigest: digest, reason: 'issued_in_error' };
    expect((await ofSession(session, 'withdrawals', confirmed)).status).toBe(200);
    return mode;
  };
  const told = async (session: string) => {
    const [{ body: one }, { body: all }] = await Promise.all([
      world.call(`${sessions()}/${session}`, { token }),
      world.call(`${sessions()}?limit=200`, { token }),
    ]);
    expect(all.items).toContainEqual(one);
    return one;
  };
  const aRegister = async (code: string, more: object = {}) => {
    const body = aFile([
      { 'N° séance': code, Nom: 'SPÉCIMEN', Prénom: 'Zoé', 'Année de naissance': '1977', ...more },
    ]);
    await correct(body);
    const [{ id }] = await world.api.query(
      'select id from session where organisation_id = $1 and code = $2',
      [world.structure.id, code],
    );
    return { body, session: id as string };
  };

  it('tells of each session, alone and in the list, that it is withdrawn, since when and how', async () => {
    const [quiet, open, stands] = [await aRoom(1), await aRoom(1), await aRoom(1)];
    await new PublishBadge(world.api).publish(open.awardIds[0]!, { withName: false, by: 'test' });
    const before = new Date().toISOString();
    expect([await withdraw(quiet.session), await withdraw(open.session)]).toEqual([
      'withdrawal',
      'revocation',
    ]);
    for (const [{ session }, mode] of [
      [quiet, 'withdrawal'],
      [open, 'revocation'],
    ] as const) {
      const { withdrawn, ...recorded } = await told(session);
      expect(withdrawn).toEqual({ at: expect.any(String), mode });
      expect(withdrawn.at > before && withdrawn.at <= new Date().toISOString()).toBe(true);
      expect(recorded).toMatchObject({ id: session, state: 'finalised', present: 1 });
    }
    expect(await told(stands.session)).toMatchObject({ withdrawn: null });
  });

  it('finds a single session in its own organisation alone', async () => {
    const { session } = await aRoom(1);
    const foreign = await world.token(world.otherStructure);
    const path = `GET /api/v1/organisations/${world.otherStructure.slug}/sessions`;
    for (const id of [session, uuid(), 'nonsense'])
      expect(await world.call(`${path}/${id}`, { token: foreign })).toMatchObject({
        status: 404,
        body: { code: 'session_not_found' },
      });
  });

  it('tells that a corrected register would make a withdrawn session count again, and that it does', async () => {
    const { body, session } = await aRegister('W1', { Atelier: 'CE-3' });
    const untouched = await aRegister('W2', { Atelier: 'CE-4' });
    await withdraw(session);
    const { withdrawn } = await told(session);
    const analysis = await register('register-correction-analyses', body);
    const again = {
      session: 'W1',
      person: null,
      target: 'withdrawn',
      from: withdrawn.at,
      to: 'counts',
      assessor: null,
    };
    expect(analysis.body).toMatchObject({ changes: [again], counts: { appear: 1, change: 0, fall: 0 } });
    expect(await told(session)).toMatchObject({ withdrawn });
    const done = await register(`register-corrections?expectedDigest=${analysis.body.digest}`, body);
    expect(done).toMatchObject({ status: 200, body: { changes: [again] } });
    expect(await told(session)).toMatchObject({ withdrawn: null });
    const after = await register('register-correction-analyses', untouched.body);
    expect(after.body).toMatchObject({ changes: [], effects: [] });
  });

  it('lets no session count again on a digest from before it was withdrawn', async () => {
    // Nobody earned a badge there: only the session itself is to be told.
    const absent = { Présence: 'Absente', Résultat: '', 'Compétence évaluée': '' };
    const { body, session } = await aRegister('W3', absent);
    const before = (await register('register-correction-analyses', body)).body;
    await withdraw(session);
    const now = (await register('register-correction-analyses', body)).body;
    expect([before.effects, now.effects, before.changes]).toEqual([[], [], []]);
    expect(now.changes).toEqual([expect.objectContaining({ session: 'W3', target: 'withdrawn' })]);
    expect(await register(`register-corrections?expectedDigest=${before.digest}`, body)).toMatchObject({
      status: 409,
      body: { code: 'analysis_changed' },
    });
    expect((await told(session)).withdrawn).not.toBeNull();
    await correct(body);
    await withdraw(session);
    const stale = await register(`register-corrections?expectedDigest=${now.digest}`, body);
    expect(stale).toMatchObject({ status: 409, body: { code: 'analysis_changed' } });
  });

  it('refuses to correct single facts of a withdrawn session, says the way out, and writes nothing', async () => {
    const { session, people } = await aRoom(1);
    const facts = { attendances: [{ personId: people[0], status: 'absent' }] };
    const expectedDigest = (await ofSession(session, 'correction-analyses', facts)).body.digest;
    await withdraw(session);
    const refused = {
      status: 409,
      body: { code: 'session_withdrawn', detail: expect.stringMatching(/withdrawn.*whole register/) },
    };
    expect(await ofSession(session, 'correction-analyses', facts)).toMatchObject(refused);
    expect(await ofSession(session, 'corrections', { ...facts, expectedDigest })).toMatchObject(refused);
    expect(await told(session)).toMatchObject({ present: 1 });
  });

  it('shows no badge that was taken back, and says so in other words than of one that is not signed yet', async () => {
    const publish = (id: string) =>
      world.call(`PUT /api/v1/awards/${id}/publication`, { token, body: { withName: false } });
    const refused = (detail: RegExp) => ({
      status: 409,
      body: { code: 'award_not_issued', detail: expect.stringMatching(detail) },
    });
    const { session, awardIds } = await aRoom(2);
    // One was seen by now: the session is revoked in the open, and its badges stay signed.
    const publishing = new PublishBadge(world.api);
    await publishing.publish(awardIds[0]!, { withName: false, by: 'test' });
    await publishing.withdraw(awardIds[0]!, 'test');
    await withdraw(session);
    for (const id of awardIds) expect(await publish(id)).toMatchObject(refused(/taken back/));
    const person = await aPerson(world.api, world.structure.id, `Personne EXEMPLE${uuid().slice(-8)}`);
    await aSession(world, { people: [person] });
    const [waiting] = (await plan(world, [person])).awardIds as [string];
    expect(await publish(waiting)).toMatchObject(refused(/not signed yet/));
    await world.signAll();
    expect((await publish(waiting)).status).toBe(200);
    const revoke = { token, body: { reason: 'fraud' } };
    await world.call(`POST /api/v1/awards/${waiting}/revocation`, revoke);
    expect(await publish(waiting)).toMatchObject(refused(/taken back/));
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
