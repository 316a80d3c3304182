import fc from 'fast-check';
import { DataSource } from 'typeorm';
import {
  AwardCampaign,
  allEntities,
  BadgeReader,
  ChangeStatus,
  CorrectRegister,
  IssuanceQueue,
  PublishBadge,
  ReplaceBadge,
  WithdrawSession,
} from '#badges';
import { dataSourceOptions, FixedClock, queueEngine, useQueueEngine, uuid } from '#platform';
import { ImportCampaign, listHeldCases, ResolveHeldCase } from '#workshops';
import { aFile } from '../../libs/workshops/src/campaign/world.spec-support.js';
import { BadgeHolders } from '../support/badge-holders.js';
import {
  anIssuanceWorld,
  aPlannedCrowd,
  aSession,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';
import { eventually } from '../support/service-process.js';

const clock = new FixedClock(new Date('2026-11-30T09:00:00Z'));
const pathway = ['CE-1', 'CE-2', 'CE-3', 'CE-4'];

let world: IssuanceWorld;
let queue: IssuanceQueue;
let owner: DataSource;
let withdrawing: WithdrawSession;
let correcting: CorrectRegister;
let holders: BadgeHolders;

beforeAll(async () => {
  world = await anIssuanceWorld();
  holders = new BadgeHolders(world);
  const engine = queueEngine({ databaseUrl: world.urls.url });
  useQueueEngine(engine);
  queue = new IssuanceQueue(world.api, engine);
  owner = await new DataSource(
    dataSourceOptions({ url: world.urls.ownerUrl, entities: allEntities, poolSize: 2 }),
  ).initialize();
  withdrawing = new WithdrawSession(world.api, queue, origin);
  correcting = new CorrectRegister(world.api, queue, origin, clock);
}, 180_000);
afterAll(async () => {
  await queue?.close();
  await owner?.destroy();
  await world?.close();
});

const organisationId = () => world.structure.id;
const by = 'client:test';
const confirm = (digest: string) => ({ expectedDigest: digest, by });

interface AwardRow {
  id: string;
  badge_code: string;
  person_id: string;
  state: string;
  session_id: string | null;
  credential: string | null;
  status: string | null;
  public_id: string | null;
}
const awardsOf = (people: string[]): Promise<AwardRow[]> =>
  world.api.query(
    `select a.id, a.badge_code, a.person_id, a.state, a.session_id, c.state as credential, e.state as status, c.public_id
     from award a left join credential c on c.award_id = a.id left join status_entry e on e.credential_id = c.id
     where a.person_id = any($1) order by a.created_at, a.id`,
    [people],
  );
/** Everything of these people that a taking back may touch, as one text: equal texts, nothing written. */
const picture = async (people: string[]): Promise<string> =>
  JSON.stringify(
    await Promise.all(
      [
        'select * from award where person_id = any($1) order by id',
        'select c.* from credential c join award a on a.id = c.award_id where a.person_id = any($1) order by c.id',
        'select * from attendance where person_id = any($1) order by id',
        'select * from assessment where person_id = any($1) order by id',
        `select e.* from status_entry e join credential c on c.id = e.credential_id join award a on a.id = c.award_id
         where a.person_id = any($1) order by e.credential_id`,
        'select (select count(*) from register_correction), (select count(*) from outbox), $1::uuid[]',
        'select id, withdrawn_at from session where $1::uuid[] is not null order by id',
      ].map((query) => world.api.query(query, [people])),
    ),
  );
const told = (effects: { badge: string; effect: string; how: string }[]) =>
  effects.map(({ badge, effect, how }) => `${badge} ${effect} ${how}`).sort();

describe('withdrawing a session', () => {
  const reasonClass = 'issued_in_error' as const;

  it('leaves no trace for the public while nobody has seen a badge', async () => {
    const people = [await holders.aLearner(), await holders.aLearner()];
    const sessionId = await aSession(world, { people });
    await plan(world, people);
    await holders.signAll();
    const before = await picture(people);
    const preview = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    expect(await picture(people)).toBe(before);
    expect([preview.mode, ...told(preview.effects)]).toEqual([
      'withdrawal',
      'B-CE-1 falls withdrawn',
      'B-CE-1 falls withdrawn',
    ]);
    await withdrawing.run({
      organisationId: organisationId(),
      sessionId,
      reasonClass,
      ...confirm(preview.digest),
    });
    for (const award of await awardsOf(people)) {
      expect(award).toMatchObject({ state: 'cancelled', credential: 'void', status: 'revoked' });
      expect(await new BadgeReader(world.api).published(award.public_id!)).toBeNull();
      await expect(
        new PublishBadge(world.api).publish(award.id, { withName: false, by: 'test' }),
      ).rejects.toMatchObject({ code: 'award_not_issued' });
    }
  });

  it('shows no badge that is taken back in the very moment in which its learner shows it', async () => {
    const people = [await holders.aLearner()];
    await aSession(world, { people });
    const [awardId] = (await plan(world, people)).awardIds as [string];
    await holders.signAll();
    let publishing: Promise<unknown> | undefined;
    await owner.transaction(async (tx) => {
      await tx.query('select from credential where award_id = $1 for update', [awardId]);
      publishing = new PublishBadge(world.api).publish(awardId, { withName: false, by: 'test' });
      publishing.catch(() => undefined);
      await eventually(
        async () =>
          (
            await owner.query(
              "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
          ).length,
        (waiting: number) => waiting === 1,
      );
      await tx.query(`update award set state = 'cancelled' where id = $1`, [awardId]);
    });
    await expect(publishing).rejects.toMatchObject({ code: 'award_not_issued' });
    const shown =
      'select from publication p join credential c on c.id = p.credential_id where c.award_id = $1';
    expect(await world.api.query(shown, [awardId])).toEqual([]);
  });

  it('does not come back with the next import: the register counts no more', async () => {
    const people = [await holders.aLearner()];
    const sessionId = await aSession(world, { people });
    await plan(world, people);
    const { digest } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    await withdrawing.run({ organisationId: organisationId(), sessionId, reasonClass, ...confirm(digest) });
    expect((await plan(world, people)).awardIds).toEqual([]);
    await expect(withdrawing.analyse({ organisationId: organisationId(), sessionId })).rejects.toMatchObject({
      code: 'session_already_withdrawn',
    });
  });

  it('tells who has shown what since when, and then revokes all of it in the open', async () => {
    const people = [await holders.aLearner(), await holders.aLearner()];
    const sessionId = await aSession(world, { people });
    const { awardIds } = await plan(world, people);
    await holders.signAll();
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: true, by: 'test' });
    const preview = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    expect(preview.mode).toBe('revocation');
    const shown = preview.effects.find(({ awardId }) => awardId === awardIds[0])!;
    expect(shown).toMatchObject({ how: 'revoked', wasShown: true, shown: { withName: true } });
    expect(shown.shown!.since).toBeInstanceOf(Date);
    expect(preview.effects.find(({ awardId }) => awardId === awardIds[1])).toMatchObject({
      how: 'revoked',
      shown: null,
      wasShown: false,
    });
    await withdrawing.run({
      organisationId: organisationId(),
      sessionId,
      reasonClass,
      ...confirm(preview.digest),
    });
    const awards = await awardsOf(people);
    expect(awards.map(({ credential, status }) => [credential, status])).toEqual([
      ['signed', 'revoked'],
      ['signed', 'revoked'],
    ]);
    const page = await new BadgeReader(world.api).published(
      awards.find(({ id }) => id === awardIds[0])!.public_id!,
    );
    expect(page).toMatchObject({ status: 'revoked', statusReason: 'issued_in_error' });
  });

  it('is in the open too when a badge was shown once and hidden again, or is older than 24 hours', async () => {
    for (const age of ['shown', 'old'] as const) {
      const people = [await holders.aLearner()];
      const sessionId = await aSession(world, { people });
      const { awardIds } = await plan(world, people);
      await holders.signAll();
      if (age === 'shown') {
        await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
        await new PublishBadge(world.api).withdraw(awardIds[0]!, by);
      } else
        await owner.query(`update award set created_at = created_at - interval '25 hours' where id = $1`, [
          awardIds[0],
        ]);
      const { mode } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
      expect([age, mode]).toEqual([age, 'revocation']);
    }
  });

  it('does nothing when somebody shows a badge after it was told', async () => {
    const people = [await holders.aLearner()];
    const sessionId = await aSession(world, { people });
    const { awardIds } = await plan(world, people);
    await holders.signAll();
    const { digest } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const before = await picture(people);
    await expect(
      withdrawing.run({ organisationId: organisationId(), sessionId, reasonClass, ...confirm(digest) }),
    ).rejects.toMatchObject({ code: 'analysis_changed' });
    expect(await picture(people)).toBe(before);
  });

  it('takes the badges along that stood on a fallen one', async () => {
    const person = await holders.aLearner();
    const sessions: string[] = [];
    for (const workshop of pathway) sessions.push(await aSession(world, { people: [person], workshop }));
    await plan(world, [person]);
    await holders.signAll();
    const held = (await awardsOf([person])).map(({ badge_code }) => badge_code);
    expect(held).toHaveLength(5);
    const preview = await withdrawing.analyse({ organisationId: organisationId(), sessionId: sessions[1]! });
    const fallen = preview.effects.filter(({ effect }) => effect === 'falls').map(({ badge }) => badge);
    expect(fallen).toHaveLength(2);
    expect(fallen).toContain('B-CE-2');
    const dependent = preview.effects.find(({ badge }) => badge !== 'B-CE-2')!;
    expect(dependent.reasons.map(({ code }) => code)).toEqual(['badge_missing']);
    await withdrawing.run({
      organisationId: organisationId(),
      sessionId: sessions[1]!,
      reasonClass,
      ...confirm(preview.digest),
    });
    expect(
      (await awardsOf([person]))
        .filter(({ state }) => state !== 'cancelled')
        .map(({ badge_code }) => badge_code)
        .sort(),
    ).toEqual(['B-CE-1', 'B-CE-3', 'B-CE-4']);
  });

  it('keeps what another session carries too, on that one', async () => {
    const person = await holders.aLearner();
    const first = await aSession(world, { people: [person], heldOn: '2026-10-05' });
    await plan(world, [person]);
    await holders.signAll();
    const second = await aSession(world, { people: [person], heldOn: '2026-10-12' });
    const preview = await withdrawing.analyse({ organisationId: organisationId(), sessionId: first });
    expect(told(preview.effects)).toEqual(['B-CE-1 changes replaced']);
    await withdrawing.run({
      organisationId: organisationId(),
      sessionId: first,
      reasonClass,
      ...confirm(preview.digest),
    });
    const [old, now] = await awardsOf([person]);
    expect(old).toMatchObject({ state: 'cancelled', credential: 'void' });
    expect(now).toMatchObject({ state: 'planned', session_id: second });
  });

  it('of another organisation is not found', async () => {
    const sessionId = await aSession(world, { people: [await holders.aLearner()] });
    await expect(withdrawing.analyse({ organisationId: uuid(), sessionId })).rejects.toMatchObject({
      code: 'session_not_found',
    });
  });

  it('lets none of 1,000 queued awards be signed, also those a worker holds at that moment (T-20)', async () => {
    const crowd = await aPlannedCrowd(world, 1_000);
    const { sessionId } = crowd;
    const { digest } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    // The worker signs while the session is withdrawn; what it stored before is void all the same.
    const signing = Promise.all(crowd.outboxIds.slice(0, 3).map((id) => world.signCredentials.run(id)));
    const done = await withdrawing
      .run({ organisationId: organisationId(), sessionId, reasonClass, ...confirm(digest) })
      .catch(async (error: { code?: string }) => {
        if (error.code !== 'analysis_changed') throw error;
        const again = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
        return withdrawing.run({
          organisationId: organisationId(),
          sessionId,
          reasonClass,
          ...confirm(again.digest),
        });
      });
    await signing;
    for (const id of crowd.outboxIds) await world.signCredentials.run(id);
    expect([done.mode, done.effects.length]).toEqual(['withdrawal', 1_000]);
    const [counts] = await world.api.query(
      `select count(*) filter (where a.state = 'cancelled')::int as cancelled,
              count(*) filter (where c.state = 'void')::int as void,
              count(*) filter (where e.state = 'revoked')::int as bits
       from award a join credential c on c.award_id = a.id join status_entry e on e.credential_id = c.id
       where a.id = any($1)`,
      [crowd.awardIds],
    );
    expect(counts).toEqual({ cancelled: 1_000, void: 1_000, bits: 1_000 });
  }, 300_000);
});

describe('correcting one session', () => {
  const correct = async (
    sessionId: string,
    correction: Pick<Parameters<CorrectRegister['analyseSession']>[0], 'attendances' | 'assessments'>,
  ) => {
    const request = { organisationId: organisationId(), sessionId, ...correction };
    const preview = await correcting.analyseSession(request);
    return { preview, run: () => correcting.runSession({ ...request, ...confirm(preview.digest) }) };
  };

  it('lets an award fall, with what is missing, when somebody was not there', async () => {
    const people = [await holders.aLearner(), await holders.aLearner()];
    const sessionId = await aSession(world, { people });
    await plan(world, people);
    await holders.signAll();
    const before = await picture(people);
    const { preview, run } = await correct(sessionId, {
      attendances: [{ personId: people[0]!, status: 'absent' }],
      assessments: [],
    });
    expect(await picture(people)).toBe(before);
    expect(preview.changes).toEqual([
      expect.objectContaining({ person: people[0], target: null, from: 'present', to: 'absent' }),
    ]);
    expect(told(preview.effects)).toEqual(['B-CE-1 falls withdrawn']);
    expect(preview.effects[0]!.reasons.map(({ code }) => code)).toContain('presence_missing');
    await run();
    const [fallen] = await awardsOf([people[0]!]);
    expect(fallen).toMatchObject({ state: 'cancelled', credential: 'void', status: 'revoked' });
    expect((await awardsOf([people[1]!]))[0]).toMatchObject({ state: 'issued', status: 'active' });
  });

  it('plans what the corrected facts earn, as it told', async () => {
    const person = await holders.aLearner();
    const sessionId = await aSession(world, { people: [] });
    const { preview, run } = await correct(sessionId, {
      attendances: [{ personId: person, status: 'present' }],
      assessments: [
        { personId: person, competency: '5.2', outcome: 'acquired', assessorPersonId: world.assessorId },
      ],
    });
    expect(told(preview.effects)).toEqual(['B-CE-1 appears planned']);
    expect(await awardsOf([person])).toEqual([]);
    await run();
    await holders.signAll();
    expect((await awardsOf([person]))[0]).toMatchObject({ badge_code: 'B-CE-1', state: 'issued' });
  });

  it('gives a badge that was shown a successor, shown in the same way', async () => {
    const person = await holders.aLearner();
    const sessionId = await aSession(world, { people: [person], heldOn: '2026-10-05' });
    const other = await aSession(world, { people: [person], heldOn: '2026-10-12' });
    const { awardIds } = await plan(world, [person]);
    await holders.signAll();
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: true, by: 'test' });
    const { preview, run } = await correct(sessionId, {
      attendances: [{ personId: person, status: 'excused' }],
      assessments: [],
    });
    expect(told(preview.effects)).toEqual(['B-CE-1 changes superseded']);
    await run();
    await holders.signAll();
    const [old, newer] = await awardsOf([person]);
    expect([old!.state, old!.credential, old!.status]).toEqual(['cancelled', 'signed', 'revoked']);
    expect([newer!.state, newer!.session_id, newer!.status]).toEqual(['issued', other, 'active']);
    const reader = new BadgeReader(world.api);
    expect(await reader.published(old!.public_id!)).toMatchObject({
      statusReason: 'superseded',
      supersededBy: newer!.public_id,
    });
    expect((await reader.published(newer!.public_id!))?.recipientName).toMatch(/^Personne EXEMPLE/);
  });

  it('never lifts a suspension: what would be given anew is decided first, what stays or falls is not held up', async () => {
    const [person, neighbour] = [await holders.aLearner(), await holders.aLearner()];
    const people = [person, neighbour];
    const sessionId = await aSession(world, { people, heldOn: '2026-10-05' });
    await aSession(world, { people: [person], heldOn: '2026-10-12' });
    const { awardIds } = await plan(world, people);
    await holders.signAll();
    const [own] = await awardsOf([person]);
    for (const id of awardIds) await new PublishBadge(world.api).publish(id, { withName: true, by: 'test' });
    const status = new ChangeStatus(world.api);
    const request = { organisationId: organisationId(), publicIds: [own!.public_id!], by };
    await status.run({ ...request, change: 'suspend', reasonClass: 'under_review' });
    const absent = (personId: string) => ({
      attendances: [{ personId, status: 'excused' as const }],
      assessments: [],
    });
    const suspended = { code: 'credential_suspended', details: { badges: [own!.public_id] } };
    const before = await picture(people);
    await expect(correct(sessionId, absent(person))).rejects.toMatchObject(suspended);
    const target = { organisationId: organisationId(), sessionId };
    await expect(withdrawing.analyse(target)).rejects.toMatchObject(suspended);
    const other = (await awardsOf([neighbour]))[0]!.public_id!;
    const replaced = {
      organisationId: organisationId(),
      publicId: other,
      fault: { heldOn: '2026-10-06' },
      by,
    };
    await expect(new ReplaceBadge(world.api, queue, origin, clock).analyse(replaced)).rejects.toMatchObject(
      suspended,
    );
    expect(await picture(people)).toBe(before);
    const { preview, run } = await correct(sessionId, absent(neighbour));
    expect(told(preview.effects)).toEqual(['B-CE-1 falls revoked']);
    await run();
    expect((await awardsOf([person]))[0]).toMatchObject({ state: 'issued', status: 'suspended' });
    await status.run({ ...request, change: 'reinstate', reasonClass: 'review_closed' });
    expect(told((await correct(sessionId, absent(person))).preview.effects)).toEqual([
      'B-CE-1 changes superseded',
    ]);
  });

  it('lets a suspended badge fall', async () => {
    const person = await holders.aLearner();
    const sessionId = await aSession(world, { people: [person] });
    await plan(world, [person]);
    await holders.signAll();
    const publicIds = (await awardsOf([person])).map(({ public_id: id }) => id!);
    const request = { organisationId: organisationId(), publicIds, by };
    await new ChangeStatus(world.api).run({ ...request, change: 'suspend', reasonClass: 'under_review' });
    const { preview, run } = await correct(sessionId, {
      attendances: [{ personId: person, status: 'absent' }],
      assessments: [],
    });
    expect(told(preview.effects)).toEqual(['B-CE-1 falls withdrawn']);
    await run();
    expect((await awardsOf([person]))[0]).toMatchObject({ state: 'cancelled', status: 'revoked' });
  });

  it('revokes a fallen badge that somebody may have a copy of, and gives it anew when it is earned again', async () => {
    const person = await holders.aLearner();
    const sessionId = await aSession(world, { people: [person] });
    const { awardIds } = await plan(world, [person]);
    await holders.signAll();
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const wrong = await correct(sessionId, {
      attendances: [],
      assessments: [
        { personId: person, competency: '5.2', outcome: 'not_yet', assessorPersonId: world.assessorId },
      ],
    });
    expect(told(wrong.preview.effects)).toEqual(['B-CE-1 falls revoked']);
    await wrong.run();
    const [revoked] = await awardsOf([person]);
    expect(revoked).toMatchObject({ state: 'cancelled', credential: 'signed', status: 'revoked' });
    const right = await correct(sessionId, {
      attendances: [],
      assessments: [
        { personId: person, competency: '5.2', outcome: 'acquired', assessorPersonId: world.assessorId },
      ],
    });
    expect(told(right.preview.effects)).toEqual(['B-CE-1 appears planned']);
    await right.run();
    expect((await awardsOf([person])).map(({ status }) => status)).toEqual(['revoked', 'active']);
  });

  it('does not give back by itself what was revoked for good, nor what stands on it', async () => {
    const person = await holders.aLearner();
    for (const workshop of pathway.slice(0, 3)) await aSession(world, { people: [person], workshop });
    await plan(world, [person]);
    await holders.signAll();

    const [first] = await awardsOf([person]);
    await new ChangeStatus(world.api).run({
      organisationId: organisationId(),
      publicIds: [first!.public_id!],
      change: 'revoke',
      reasonClass: 'fraud',
      by,
    });
    await aSession(world, { people: [person], workshop: 'CE-4' });
    const { planned } = await plan(world, [person]);
    expect(planned).toEqual({ 'B-CE-4': 1 });
  });

  it('refuses what cannot be, naming each place, and changes nothing', async () => {
    const [person, stranger] = [await holders.aLearner(), uuid()];
    const sessionId = await aSession(world, { people: [person] });
    const before = await picture([person]);
    await expect(
      correct(sessionId, {
        attendances: [{ personId: stranger, status: 'present' }],
        assessments: [{ personId: person, competency: '9.9', outcome: 'acquired', assessorPersonId: person }],
      }),
    ).rejects.toMatchObject({
      code: 'session_refused',
      faults: [
        { path: '/attendances/0/personId', message: 'is not a person of this structure' },
        { path: '/assessments/0/assessorPersonId', message: 'is the learner' },
        { path: '/assessments/0/competency', message: 'is not a competency of CRCN or DigComp 2.2' },
      ],
    });
    expect(await picture([person])).toBe(before);
  });

  it('does what it told, and holds what stands, for any sequence of corrections', async () => {
    const step = fc.record({
      at: fc.integer({ min: 0, max: 4 }),
      status: fc.constantFrom('present' as const, 'absent' as const),
      outcome: fc.constantFrom('acquired' as const, 'not_yet' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const person = await holders.aLearner();
        const sessions: string[] = [];
        for (const workshop of [...pathway, 'CE-1'])
          sessions.push(
            await aSession(world, { people: [person], workshop, heldOn: `2026-10-${10 + sessions.length}` }),
          );
        await plan(world, [person]);
        const facts = sessions.map(() => ({ status: 'present', outcome: 'acquired' }));
        for (const { at, status, outcome } of steps) {
          facts[at] = { status, outcome };
          const { run, preview } = await correct(sessions[at]!, {
            attendances: [{ personId: person, status }],
            assessments:
              status === 'present'
                ? [{ personId: person, competency: '5.2', outcome, assessorPersonId: world.assessorId }]
                : [],
          });
          if (status === 'absent') facts[at]!.outcome = 'absent';
          await run();
          expect(
            (await correct(sessions[at]!, { attendances: [{ personId: person, status }], assessments: [] }))
              .preview.effects,
          ).toEqual([]);
          const earned = (i: number) => facts[i]!.status === 'present' && facts[i]!.outcome === 'acquired';
          const wanted = [
            ...(earned(0) || earned(4) ? ['B-CE-1'] : []),
            ...[1, 2, 3].filter(earned).map((i) => `B-${pathway[i]}`),
          ];
          const live = (await awardsOf([person])).filter(({ state }) => state !== 'cancelled');
          const single = live
            .map(({ badge_code }) => badge_code)
            .filter((code) => pathway.includes(code.slice(2)));
          expect(single.sort()).toEqual(wanted.sort());
          expect(live.length - single.length).toBe(wanted.length === 4 ? 1 : 0);
          expect(new Set(live.map(({ badge_code }) => badge_code)).size).toBe(live.length);
          expect(preview.effects.every(({ personId }) => personId === person)).toBe(true);
        }
      }),
      { numRuns: 6 },
    );
  }, 240_000);
});

describe('a corrected file', () => {
  const session = (number: string) => ({ 'N° séance': number });
  const paul = { Nom: 'TÉMOIN', Prénom: 'Paul', 'Année de naissance': '1990' };
  const lea = { Nom: 'MODÈLE', Prénom: 'Léa', 'Année de naissance': '1985' };
  const zoe = { Nom: 'SPÉCIMEN', Prénom: 'Zoé', 'Année de naissance': '1977' };
  const file = (rows: Parameters<typeof aFile>[0]) => ({
    organisationId: organisationId(),
    bytes: aFile(rows),
    fileName: 'corrected.csv',
  });
  const imported = async (rows: Parameters<typeof aFile>[0]): Promise<string[]> => {
    const campaigns = new ImportCampaign(world.api, clock);
    const { campaign } = await new AwardCampaign(world.api, campaigns, queue, origin).run({
      ...file(rows),
      confirmStaff: false,
      by: 'test',
    });
    await holders.signAll();
    return campaign.personIds;
  };

  it('tells exactly what appears and falls, and the confirmation does exactly that', async () => {
    const code = session('C1');
    await imported([
      { ...code, ...paul },
      { ...code, ...lea },
    ]);
    // Paul was not there, Zoé was: she had been forgotten.
    const corrected = file([
      { ...code, ...lea },
      { ...code, ...zoe },
    ]);
    const preview = await correcting.analyseFile(corrected);
    expect(told(preview.effects)).toEqual(['B-CE-1 appears planned', 'B-CE-1 falls withdrawn']);
    expect(preview.changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ session: 'C1', target: null, from: 'present', to: 'absent' }),
        expect.objectContaining({ session: 'C1', target: '5.2', from: 'acquired', to: 'not_assessed' }),
        expect.objectContaining({ session: 'C1', target: '5.2', from: null, to: 'acquired' }),
      ]),
    );
    const zoes = () =>
      world.api.query(`select id from person where organisation_id = $1 and family_name = 'SPÉCIMEN'`, [
        organisationId(),
      ]);
    expect(await zoes()).toEqual([]);
    expect((await correcting.analyseFile(corrected)).digest).toBe(preview.digest);
    await correcting.runFile({ ...corrected, ...confirm(preview.digest) });
    await holders.signAll();
    const [{ id }] = await zoes();
    expect((await awardsOf([id]))[0]).toMatchObject({ badge_code: 'B-CE-1', state: 'issued' });
    const again = await correcting.analyseFile(corrected);
    expect([again.changes, again.effects]).toEqual([[], []]);
  });

  it('leaves alone whoever stands in a row that cannot be read', async () => {
    const code = session('C2');
    const people = await imported([
      { ...code, ...paul },
      { ...code, ...lea },
    ]);
    const preview = await correcting.analyseFile(
      file([
        { ...code, ...lea },
        { ...code, ...zoe, Présence: 'peut-être' },
      ]),
    );
    expect(preview.correction.incompleteSessions).toEqual(['C2']);
    expect([preview.changes, preview.effects]).toEqual([[], []]);
    expect(people).toHaveLength(2);
  });

  it('makes a withdrawn session count again', async () => {
    const code = session('C3');
    const rows = [{ ...code, ...zoe, Atelier: 'CE-3' }];
    await imported(rows);
    const [{ id: sessionId }] = await world.api.query(`select id from session where code = 'C3'`);
    const withdrawal = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    await withdrawing.run({
      organisationId: organisationId(),
      sessionId,
      reasonClass: 'issued_in_error',
      ...confirm(withdrawal.digest),
    });
    const preview = await correcting.analyseFile(file(rows));
    expect(told(preview.effects)).toEqual(['B-CE-3 appears planned']);
    await correcting.runFile({ ...file(rows), ...confirm(preview.digest) });
    const [{ withdrawn_at }] = await world.api.query(`select withdrawn_at from session where code = 'C3'`);
    expect(withdrawn_at).toBeNull();
  });

  it('alone writes into a withdrawn session: a plain import and a decided case leave it as it is, and say so', async () => {
    const [gone, stands] = [session('C7'), session('C8')];
    const fatou = { ...gone, Nom: 'BIDON', Prénom: 'Fatou', 'Année de naissance': '1978', Atelier: 'CE-3' };
    await imported([{ ...gone, ...zoe, Atelier: 'CE-3' }, fatou, { ...fatou, Prénom: 'Fatoumata' }]);
    const [held] = await listHeldCases(world.api.manager, organisationId(), 'open');
    const [{ id: sessionId }] = await world.api.query(`select id from session where code = 'C7'`);
    const { digest } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    const request = { organisationId: organisationId(), sessionId, ...confirm(digest) };
    await withdrawing.run({ ...request, reasonClass: 'issued_in_error' });
    const recorded = () =>
      world.api.query(
        `select person_id::text as fact, status as value from attendance where session_id = $1
         union all select person_id || target_code, outcome from assessment where session_id = $1 order by 1, 2`,
        [sessionId],
      );
    const before = await recorded();
    const campaigns = new ImportCampaign(world.api, clock);
    const { campaign } = await new AwardCampaign(world.api, campaigns, queue, origin).run({
      ...file([
        { ...gone, ...lea, Atelier: 'CE-3' },
        { ...stands, ...paul, Atelier: 'CE-3' },
      ]),
      confirmStaff: false,
      by: 'test',
    });
    expect(campaign.plan.rows.map(({ verdict }) => verdict)).toEqual(['rejected', 'accepted']);
    expect(campaign.plan.rows[0]!.issues.map(({ code }) => code)).toEqual(['session_withdrawn']);
    const decision = { organisationId: organisationId(), caseId: held!.id, by: 'test' };
    const deciding = new ResolveHeldCase(world.api);
    await expect(deciding.run({ ...decision, decision: 'different_people' })).rejects.toMatchObject({
      code: 'session_withdrawn',
    });
    expect(await recorded()).toEqual(before);
    expect(await listHeldCases(world.api.manager, organisationId(), 'open')).toHaveLength(1);
    // Either way out leads out: the session counts again, or the rows are dropped.
    const corrected = file([{ ...gone, ...zoe, Atelier: 'CE-3' }]);
    const preview = await correcting.analyseFile(corrected);
    await correcting.runFile({ ...corrected, ...confirm(preview.digest) });
    expect((await deciding.run({ ...decision, decision: 'different_people' })).personIds).toHaveLength(2);
  });

  it('leaves a held case of a withdrawn session to be dropped', async () => {
    const fatou = { ...session('C9'), Nom: 'BIDON', Prénom: 'Aminata', 'Année de naissance': '1979' };
    await imported([{ ...session('C9'), ...zoe }, fatou, { ...fatou, Prénom: 'Amina' }]);
    const [held] = await listHeldCases(world.api.manager, organisationId(), 'open');
    const [{ id: sessionId }] = await world.api.query(`select id from session where code = 'C9'`);
    const { digest } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
    const request = { organisationId: organisationId(), sessionId, ...confirm(digest) };
    await withdrawing.run({ ...request, reasonClass: 'issued_in_error' });
    const decision = { organisationId: organisationId(), caseId: held!.id, by: 'test' };
    await new ResolveHeldCase(world.api).run({ ...decision, decision: 'discard' });
    expect(await listHeldCases(world.api.manager, organisationId(), 'open')).toEqual([]);
  });

  it('tells which withdrawn sessions it makes count again: those that it has a register of, and no other', async () => {
    const [read, unread] = [session('C5'), session('C6')];
    await imported([
      { ...read, ...zoe, Atelier: 'CE-3' },
      { ...unread, ...lea, Atelier: 'CE-3' },
    ]);
    const sessions = (): Promise<{ code: string; id: string; withdrawn_at: Date | null }[]> =>
      world.api.query(`select code, id, withdrawn_at from session where code in ('C5', 'C6') order by code`);
    for (const { id: sessionId } of await sessions()) {
      const { digest } = await withdrawing.analyse({ organisationId: organisationId(), sessionId });
      const request = { organisationId: organisationId(), sessionId, ...confirm(digest) };
      await withdrawing.run({ ...request, reasonClass: 'issued_in_error' });
    }
    const [since] = (await sessions()).map((one) => one.withdrawn_at!.toISOString());
    const corrected = file([
      { ...read, ...zoe, Atelier: 'CE-3' },
      { ...unread, ...lea, Atelier: 'CE-3', Présence: 'peut-être' },
    ]);
    const preview = await correcting.analyseFile(corrected);
    expect(preview.changes).toEqual([
      { session: 'C5', person: null, target: 'withdrawn', from: since, to: 'counts', assessor: null },
    ]);
    await correcting.runFile({ ...corrected, ...confirm(preview.digest) });
    expect((await sessions()).map((one) => one.withdrawn_at !== null)).toEqual([false, true]);
    const [{ changes }] = await world.api.query('select changes from register_correction where digest = $1', [
      preview.digest,
    ]);
    expect(changes).toEqual(preview.changes);
  });

  it('that is no campaign file is refused whole', async () => {
    await expect(
      correcting.analyseFile({ ...file([]), bytes: Buffer.from([0xff, 0xfe, 0x00]) }),
    ).rejects.toMatchObject({ code: 'campaign_refused' });
  });

  it('is kept with who confirmed it, without a name', async () => {
    const code = session('C4');
    await imported([{ ...code, ...paul, Atelier: 'CE-2' }]);
    const corrected = file([
      { ...code, ...paul, Atelier: 'CE-2', Résultat: 'Non acquis' },
      { ...code, Atelier: 'CE-2', Nom: 'ÉTALON', Prénom: 'Noé', 'Année de naissance': '1960' },
    ]);
    const { digest } = await correcting.analyseFile(corrected);
    await correcting.runFile({ ...corrected, ...confirm(digest) });
    const [row] = await world.api.query('select * from register_correction where digest = $1', [digest]);
    expect(row).toMatchObject({ kind: 'file', by });
    expect(JSON.stringify(row).toLowerCase()).not.toMatch(/etalon|étalon|témoin|temoin/);
    const events = await world.worker.query(
      `select actor from audit_event where action = 'register.corrected' and subject->>'digest' = $1`,
      [digest],
    );
    expect(events).toEqual([{ actor: by }]);
    for (const role of [world.api, world.worker])
      await expect(role.query('delete from register_correction')).rejects.toThrow();
  });
});
