import { DataSource } from 'typeorm';
import {
  allEntities,
  CorrectRegister,
  IssuanceQueue,
  RetryIssuance,
  type TakingBack,
  WithdrawSession,
} from '#badges';
import { grantRole } from '#people';
import { dataSourceOptions, FixedClock, queueEngine, useQueueEngine, uuid } from '#platform';
import { aFile } from '../../libs/workshops/src/campaign/world.spec-support.js';
import { BadgeHolders } from '../support/badge-holders.js';
import { anIssuanceWorld, aSession, type IssuanceWorld, origin, plan } from '../support/issuance-world.js';

const by = 'client:test';
const pathway = ['CE-1', 'CE-2', 'CE-3', 'CE-4'];

let world: IssuanceWorld;
let queue: IssuanceQueue;
let owner: DataSource;
let correcting: CorrectRegister;
let withdrawing: WithdrawSession;
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
  correcting = new CorrectRegister(
    world.api,
    queue,
    origin,
    new FixedClock(new Date('2026-11-30T09:00:00Z')),
  );
  withdrawing = new WithdrawSession(world.api, queue, origin);
}, 180_000);
afterAll(async () => {
  await queue?.close();
  await owner?.destroy();
  await world?.close();
});

type Correction = Pick<Parameters<CorrectRegister['analyseSession']>[0], 'attendances' | 'assessments'>;
const ofSession = (sessionId: string, correction: Partial<Correction>) => ({
  organisationId: world.structure.id,
  sessionId,
  attendances: [],
  assessments: [],
  ...correction,
});
const absent = (...people: string[]): Partial<Correction> => ({
  attendances: people.map((personId) => ({ personId, status: 'absent' })),
});
const judged = (
  personId: string,
  outcome: 'acquired' | 'not_yet',
  assessorPersonId = world.assessorId,
  competency = '5.2',
): Partial<Correction> => ({ assessments: [{ personId, competency, outcome, assessorPersonId }] });
const analyse = (sessionId: string, correction: Partial<Correction>) =>
  correcting.analyseSession(ofSession(sessionId, correction));
const confirm = (sessionId: string, correction: Partial<Correction>, { digest }: TakingBack) =>
  correcting.runSession({ ...ofSession(sessionId, correction), expectedDigest: digest, by });
const told = ({ effects }: TakingBack): string[] =>
  effects.map(({ badge, effect, how }) => `${badge} ${effect} ${how}`).sort();

interface Award {
  badge: string;
  sessionId: string | null;
  reasons: { sessionId?: string; assessorPersonId?: string }[];
}
/** The awards that stand. */
const awardsOf = (person: string): Promise<Award[]> =>
  world.api.query(
    `select badge_code as badge, session_id as "sessionId", reasons from award
     where person_id = $1 and state <> 'cancelled' order by badge_code`,
    [person],
  );
const badgesOf = async (person: string): Promise<string[]> =>
  (await awardsOf(person)).map(({ badge }) => badge);

type Rule = { all: Record<string, unknown>[] };
/** From now on the badge is given under this rule; what was given before keeps its own. */
async function ruleInForce(badge: string, rule: Rule): Promise<Rule> {
  const [{ rule: before }]: [{ rule: Rule }] = await owner.query(
    'select rule from achievement where code = $1 and superseded_at is null',
    [badge],
  );
  await owner.query(
    `with old as (update achievement set superseded_at = now() where code = $1 and superseded_at is null returning *)
     insert into achievement (id, organisation_id, code, version, kind, public_id, workshop_code, name, description,
                              easy_text, criteria, alignments, picture, rule, content_hash)
     select gen_random_uuid(), organisation_id, code, version + 1, kind, $3, workshop_code, name, description,
            easy_text, criteria, alignments, picture, $2::jsonb, $3 from old`,
    [badge, JSON.stringify(rule), uuid().replaceAll('-', '').slice(0, 22)],
  );
  return before;
}
const present = (workshop: string, sessions: number): Rule => ({
  all: [{ presence: { workshop, sessions } }, { acquired: { workshop } }],
});

describe('a rule that is another one since a badge was given', () => {
  it('keeps the badge of whoever meets it, told as changed, where the earlier rule is met no more', async () => {
    const usual = await ruleInForce('B-CE-1', present('CE-1', 2));
    const person = await holders.aLearner();
    const first = await aSession(world, { people: [person], heldOn: '2026-10-05' });
    const second = await aSession(world, { people: [person], heldOn: '2026-10-20' });
    await plan(world, [person]);
    await ruleInForce('B-CE-1', usual);
    const correction = absent(person);
    const preview = await analyse(first, correction);
    expect(told(preview)).toEqual(['B-CE-1 changes replaced']);
    expect(told(await confirm(first, correction, preview))).toEqual(told(preview));
    expect(await awardsOf(person)).toMatchObject([{ badge: 'B-CE-1', sessionId: second }]);
  });

  it('lets it fall, with what is missing, where neither rule is met', async () => {
    const usual = await ruleInForce('B-CE-1', present('CE-1', 3));
    const person = await holders.aLearner();
    const sessions: string[] = [];
    for (const heldOn of ['2026-10-05', '2026-10-12', '2026-10-19'])
      sessions.push(await aSession(world, { people: [person], heldOn }));
    await plan(world, [person]);
    await ruleInForce('B-CE-1', present('CE-1', 2));
    const [first, second] = sessions as [string, string];
    await confirm(first, absent(person), await analyse(first, absent(person)));
    expect(await badgesOf(person)).toEqual(['B-CE-1']);
    const preview = await analyse(second, absent(person));
    expect(told(preview)).toEqual(['B-CE-1 falls withdrawn']);
    expect(preview.effects[0]!.reasons.map(({ code }) => code)).toEqual(['presence_missing']);
    await confirm(second, absent(person), preview);
    expect(await badgesOf(person)).toEqual([]);
    await ruleInForce('B-CE-1', usual);
  });

  it('holds for a withdrawn session as well', async () => {
    const usual = await ruleInForce('B-CE-1', present('CE-1', 2));
    const person = await holders.aLearner();
    const first = await aSession(world, { people: [person], heldOn: '2026-10-05' });
    const second = await aSession(world, { people: [person], heldOn: '2026-10-20' });
    await plan(world, [person]);
    await ruleInForce('B-CE-1', usual);
    const session = { organisationId: world.structure.id, sessionId: first };
    const preview = await withdrawing.analyse(session);
    expect(told(preview)).toEqual(['B-CE-1 changes replaced']);
    await withdrawing.run({ ...session, expectedDigest: preview.digest, reasonClass: 'issued_in_error', by });
    expect(await awardsOf(person)).toMatchObject([{ badge: 'B-CE-1', sessionId: second }]);
  });

  it('leaves the pathway badge where a stone is given anew, and takes it along where the stone falls', async () => {
    const dayOf = (workshop: string) => (workshop === 'CE-2' ? '2026-10-05' : '2026-10-20');
    const learner = async () => {
      const person = await holders.aLearner();
      const sessions = new Map<string, string>();
      for (const workshop of pathway)
        sessions.set(
          workshop,
          await aSession(world, { people: [person], workshop, heldOn: dayOf(workshop) }),
        );
      await aSession(world, { people: [person], workshop: 'CE-2', heldOn: '2026-10-12' });
      await plan(world, [person]);
      expect(await badgesOf(person)).toHaveLength(5);
      return { person, wrong: sessions.get('CE-2')! };
    };
    const [eased, tightened] = [await learner(), await learner()];
    const kept = await analyse(eased.wrong, absent(eased.person));
    expect(told(kept)).toEqual(['B-CE-2 changes replaced']);
    await confirm(eased.wrong, absent(eased.person), kept);
    expect(await badgesOf(eased.person)).toHaveLength(5);

    const usual = await ruleInForce('B-CE-2', present('CE-2', 3));
    const falls = await analyse(tightened.wrong, absent(tightened.person));
    expect(told(falls)).toEqual(['B-CE-2 falls withdrawn', 'B-CLIC falls withdrawn']);
    await confirm(tightened.wrong, absent(tightened.person), falls);
    expect(await badgesOf(tightened.person)).toEqual(['B-CE-1', 'B-CE-3', 'B-CE-4']);
    await ruleInForce('B-CE-2', usual);
  });

  it('that changes in the very moment of confirming asks to look again, and nothing is written', async () => {
    const person = await holders.aLearner();
    const first = await aSession(world, { people: [person], heldOn: '2026-10-05' });
    await aSession(world, { people: [person], heldOn: '2026-10-20' });
    await plan(world, [person]);
    const preview = await analyse(first, absent(person));
    await owner.query(`create function tighten() returns trigger language plpgsql security definer as $$
      begin
        update achievement set rule = '${JSON.stringify(present('CE-1', 9))}'
        where code = 'B-CE-1' and superseded_at is null;
        return null;
      end $$`);
    await owner.query(`create trigger tighten after update on award for each row
      when (new.state = 'cancelled' and new.person_id = '${person}') execute function tighten()`);
    const before = await awardsOf(person);
    await expect(confirm(first, absent(person), preview)).rejects.toMatchObject({ code: 'analysis_changed' });
    await owner.query('drop function tighten cascade');
    // The rule was rolled back with everything else.
    expect(await awardsOf(person)).toEqual(before);
    await confirm(first, absent(person), await analyse(first, absent(person)));
    expect(await awardsOf(person)).not.toEqual(before);
  });
});

describe('who assessed, corrected', () => {
  const anAssessor = async (): Promise<string> => {
    const id = await holders.aLearner();
    await grantRole(world.api.manager, {
      organisationId: world.structure.id,
      personId: id,
      role: 'assessor',
      validFrom: '2026-09-01',
      confirmedBy: 'test',
    });
    return id;
  };
  /** A learner whose first competency one person assessed, and a second one another. */
  const assessedByTwo = async () => {
    const [person, second, other] = [await holders.aLearner(), await anAssessor(), await anAssessor()];
    const session = await aSession(world, { people: [person] });
    await world.api.query(
      `insert into assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id,
                               assessor_name, assessed_on)
       values ($1, $2, $3, 'competency', '5.4', 'acquired', $4, 'Deuxième FICTIVE', '2026-10-05')`,
      [uuid(), session, person, second],
    );
    const { outboxIds } = await plan(world, [person]);
    return { person, session, second, other, outboxIds };
  };
  const assessorsOf = async (person: string): Promise<unknown[]> =>
    (await awardsOf(person)).map(({ reasons }) =>
      reasons.flatMap(({ assessorPersonId: id }) => (id === undefined ? [] : [id])),
    );

  it('is told also of a second assessor, and the badge is given anew on the judgement of the right one', async () => {
    const { person, session, second, other, outboxIds } = await assessedByTwo();
    const correction = judged(person, 'acquired', other, '5.4');
    const preview = await analyse(session, correction);
    expect(preview.changes).toEqual([
      {
        session: expect.any(String),
        person,
        target: '5.4',
        from: 'acquired',
        to: 'acquired',
        assessor: { from: second, to: other },
      },
    ]);
    expect(told(preview)).toEqual(['B-CE-1 changes replaced']);
    await confirm(session, correction, preview);
    expect(await assessorsOf(person)).toEqual([[world.assessorId, other]]);
    // The mandate of whoever did not assess is nothing to this badge any more.
    await world.api.query(`update membership set valid_until = '2026-09-30' where person_id = $1`, [second]);
    for (const id of outboxIds) await world.signCredentials.run(id);
    await holders.signAll();
    const states: unknown[] = await world.api.query(
      `select a.state, c.state as credential from award a join credential c on c.award_id = a.id
       where a.person_id = $1 order by a.created_at, a.id`,
      [person],
    );
    expect(states).toEqual([
      { state: 'cancelled', credential: 'void' },
      { state: 'issued', credential: 'signed' },
    ]);
  });

  it('to who is recorded already changes nothing', async () => {
    const { person, session, second } = await assessedByTwo();
    const preview = await analyse(session, judged(person, 'acquired', second, '5.4'));
    expect([preview.changes, preview.effects]).toEqual([[], []]);
  });

  it('takes a badge away that nobody with a mandate assessed whole', async () => {
    const { person, session } = await assessedByTwo();
    const stranger = await holders.aLearner();
    const correction = judged(person, 'acquired', stranger, '5.4');
    const preview = await analyse(session, correction);
    expect(told(preview)).toEqual(['B-CE-1 falls withdrawn']);
    expect(preview.effects[0]!.reasons.map(({ code }) => code)).toEqual(['assessor_not_mandated']);
    await confirm(session, correction, preview);
    expect(await badgesOf(person)).toEqual([]);
  });

  it('is told where one of two judgements is taken back; one that comes besides changes no badge', async () => {
    const { person, session, second } = await assessedByTwo();
    for (const competency of ['5.1', '5.3']) {
      const besides = await analyse(session, judged(person, 'acquired', second, competency));
      expect([besides.changes, besides.effects]).toEqual([
        [expect.objectContaining({ target: competency, from: null, assessor: { from: null, to: second } })],
        [],
      ]);
    }
    const gone = {
      assessments: [
        { personId: person, competency: '5.4', outcome: 'not_assessed' as const, assessorPersonId: second },
      ],
    };
    expect(told(await analyse(session, gone))).toEqual(['B-CE-1 changes replaced']);
  });

  it('is told of a corrected file as well, with a name where nobody is confirmed under it, and the record keeps no name', async () => {
    const zoe = { Nom: 'SPÉCIMEN', Prénom: 'Zoé', 'Année de naissance': '1977' };
    const file = (assessor: string) => ({
      organisationId: world.structure.id,
      bytes: aFile([{ 'N° séance': 'E1', ...zoe, 'Évalué par': assessor }]),
      fileName: 'corrected.csv',
    });
    const run = async (assessor: string, preview: TakingBack) =>
      correcting.runFile({ ...file(assessor), expectedDigest: preview.digest, by });
    const first = await correcting.analyseFile(file('Odile FICTIVE'));
    expect(first.changes).toContainEqual(
      expect.objectContaining({ target: '5.2', from: null, assessor: { from: null, to: world.assessorId } }),
    );
    await run('Odile FICTIVE', first);
    expect((await correcting.analyseFile(file('Odile FICTIVE'))).changes).toEqual([]);

    const wrong = await correcting.analyseFile(file('Basile INVENTÉ'));
    expect(wrong.changes).toEqual([
      expect.objectContaining({
        from: 'acquired',
        to: 'acquired',
        assessor: { from: world.assessorId, to: 'Basile INVENTÉ' },
      }),
    ]);
    expect(told(wrong)).toEqual(['B-CE-1 falls withdrawn']);
    await run('Basile INVENTÉ', wrong);
    expect((await correcting.analyseFile(file('Basile INVENTÉ'))).changes).toEqual([]);
    const [{ changes }]: [{ changes: unknown[] }] = await world.api.query(
      'select changes from register_correction where digest = $1',
      [wrong.digest],
    );
    expect(changes).toEqual([expect.objectContaining({ assessor: { from: world.assessorId, to: null } })]);

    const right = await correcting.analyseFile(file('Odile FICTIVE'));
    expect(right.changes).toEqual([
      expect.objectContaining({ assessor: { from: 'Basile INVENTÉ', to: world.assessorId } }),
    ]);
    expect(told(right)).toEqual(['B-CE-1 appears planned']);
  });
});

describe('an award, since another session was recorded that would carry it too', () => {
  const withALateSession = async () => {
    const person = await holders.aLearner();
    const session = await aSession(world, { people: [person], heldOn: '2026-10-20' });
    await plan(world, [person]);
    return { person, session, late: await aSession(world, { people: [person], heldOn: '2026-10-12' }) };
  };

  it('is told as changed when the session falls that it was given for', async () => {
    const { person, session, late } = await withALateSession();
    const preview = await analyse(session, absent(person));
    expect(told(preview)).toEqual(['B-CE-1 changes replaced']);
    await confirm(session, absent(person), preview);
    expect(await awardsOf(person)).toMatchObject([{ sessionId: late }]);
  });

  it('stays as it is when the other session falls', async () => {
    const { person, session, late } = await withALateSession();
    const preview = await analyse(late, absent(person));
    expect(preview.effects).toEqual([]);
    await confirm(late, absent(person), preview);
    expect(await awardsOf(person)).toMatchObject([{ sessionId: session }]);
  });
});

describe('what is confirmed', () => {
  const refused = async (
    person: string,
    session: string,
    correction: Partial<Correction>,
    preview: TakingBack,
  ) => {
    const before = await awardsOf(person);
    await expect(confirm(session, correction, preview)).rejects.toMatchObject({ code: 'analysis_changed' });
    expect(await awardsOf(person)).toEqual(before);
  };
  /** A learner with three sessions of CE-1; the badge stands on the first, and nothing was acquired in the last. */
  const withThreeSessions = async () => {
    const person = await holders.aLearner();
    const [first, second, last] = [
      await aSession(world, { people: [person], heldOn: '2026-10-05' }),
      await aSession(world, { people: [person], heldOn: '2026-10-20' }),
      await aSession(world, { people: [person], heldOn: '2026-10-12' }),
    ];
    await world.api.query(`update assessment set outcome = 'not_yet' where session_id = $1`, [last]);
    await plan(world, [person]);
    return { person, first, second, last };
  };

  it('is the session that was told: not another one that somebody corrected since', async () => {
    const { person, first, second, last } = await withThreeSessions();
    const correction = judged(person, 'not_yet');
    const preview = await analyse(first, correction);
    const acquired = ({ effects }: TakingBack) => effects[0]!.reasons.find(({ code }) => code === 'acquired');
    expect(acquired(preview)).toMatchObject({ sessionId: second, on: '2026-10-20' });
    const other = judged(person, 'acquired');
    const besides = await analyse(last, other);
    expect(besides.effects).toEqual([]);
    await confirm(last, other, besides);
    await refused(person, first, correction, preview);
    const again = await analyse(first, correction);
    expect(acquired(again)).toMatchObject({ sessionId: last, on: '2026-10-12' });
    await confirm(first, correction, again);
    expect(await awardsOf(person)).toMatchObject([{ sessionId: last }]);
  });

  it('is who assessed, as it was told', async () => {
    const { person, first, second } = await withThreeSessions();
    const other = await holders.aLearner();
    await grantRole(world.api.manager, {
      organisationId: world.structure.id,
      personId: other,
      role: 'assessor',
      validFrom: '2026-09-01',
      confirmedBy: 'test',
    });
    const preview = await analyse(first, absent(person));
    const correction = judged(person, 'acquired', other);
    await confirm(second, correction, await analyse(second, correction));
    await refused(person, first, absent(person), preview);
  });

  it('is the version of the badge that was told', async () => {
    const { person, first } = await withThreeSessions();
    const preview = await analyse(first, absent(person));
    const [{ rule }] = await owner.query(
      `select rule from achievement where code = 'B-CE-1' and superseded_at is null`,
    );
    await ruleInForce('B-CE-1', rule);
    await refused(person, first, absent(person), preview);
  });

  it('is the badges that a pathway badge was told to stand on, with their days', async () => {
    const person = await holders.aLearner();
    const sessions: string[] = [];
    for (const workshop of pathway)
      sessions.push(await aSession(world, { people: [person], workshop, heldOn: '2026-10-20' }));
    const [stone, , , last] = sessions as [string, string, string, string];
    await world.api.query(`update assessment set outcome = 'not_yet' where session_id = $1`, [last]);
    await plan(world, [person]);
    const correction = judged(person, 'acquired');
    const preview = await analyse(last, correction);
    expect(told(preview)).toEqual(['B-CE-4 appears planned', 'B-CLIC appears planned']);
    const later = await aSession(world, { people: [person], heldOn: '2026-10-25' });
    await confirm(stone, absent(person), await analyse(stone, absent(person)));
    expect(await awardsOf(person)).toContainEqual(
      expect.objectContaining({ badge: 'B-CE-1', sessionId: later }),
    );
    await refused(person, last, correction, preview);
  });

  it('stays good when somebody corrects what has nothing to do with it', async () => {
    const [one, other] = [await withThreeSessions(), await withThreeSessions()];
    const preview = await analyse(one.first, absent(one.person));
    await confirm(other.first, absent(other.person), await analyse(other.first, absent(other.person)));
    await confirm(one.first, absent(one.person), preview);
    expect(await awardsOf(one.person)).toMatchObject([{ sessionId: one.second }]);
  });
});

describe('a badge that was refused because its assessor had no mandate', () => {
  const target = (sessionId: string) => ({ organisationId: world.structure.id, sessionId });
  const refused = async () => {
    const [person, neighbour, assessor] = [
      await holders.aLearner(),
      await holders.aLearner(),
      await holders.aLearner(),
    ];
    const mandate = { organisationId: world.structure.id, personId: assessor, role: 'assessor' as const };
    await grantRole(world.api.manager, { ...mandate, validFrom: '2026-09-01', confirmedBy: 'test' });
    const session = await aSession(world, { people: [person, neighbour], assessor });
    const { outboxIds } = await plan(world, [person]);
    const until = (day: string | null): Promise<unknown> =>
      world.api.query('update membership set valid_until = $2 where person_id = $1', [assessor, day]);
    await until('2026-09-30');
    for (const id of outboxIds) await world.signCredentials.run(id);
    /** The mandate was ended by mistake: what it held up is signed. */
    const retried = async (): Promise<unknown> => {
      await until(null);
      await new RetryIssuance(world.api, queue).run('all', by);
      await holders.signAll();
      const states = await world.api.query(
        `select a.state, c.state as credential from award a join credential c on c.award_id = a.id where a.person_id = $1`,
        [person],
      );
      return states.map((one: { state: string; credential: string }) => `${one.state} ${one.credential}`);
    };
    return { person, neighbour, assessor, session, retried };
  };

  it('falls with its session and with its facts, and is not signed when the mandate is there again', async () => {
    const withdrawn = await refused();
    const preview = await withdrawing.analyse(target(withdrawn.session));
    expect(told(preview)).toEqual(['B-CE-1 falls withdrawn']);
    const confirmed = { ...target(withdrawn.session), expectedDigest: preview.digest, by };
    await withdrawing.run({ ...confirmed, reasonClass: 'issued_in_error' });
    expect(await withdrawn.retried()).toEqual(['cancelled void']);
    for (const correctionOf of [
      ({ person }: { person: string }) => absent(person),
      ({ person, assessor }: { person: string; assessor: string }) => judged(person, 'not_yet', assessor),
    ]) {
      const one = await refused();
      const correction = correctionOf(one);
      const effects = await analyse(one.session, correction);
      expect(told(effects)).toEqual(['B-CE-1 falls withdrawn']);
      await confirm(one.session, correction, effects);
      expect(await one.retried()).toEqual(['cancelled void']);
    }
  });

  it('is left alone, and signed when the mandate is there again, where its own facts stay', async () => {
    const { neighbour, session, retried } = await refused();
    const correction = absent(neighbour);
    const preview = await analyse(session, correction);
    expect(told(preview)).toEqual([]);
    await confirm(session, correction, preview);
    expect(await retried()).toEqual(['issued signed']);
  });

  it('is given anew on the judgement of somebody with a mandate', async () => {
    const { person, session } = await refused();
    expect(told(await analyse(session, judged(person, 'acquired')))).toEqual(['B-CE-1 changes replaced']);
  });
});
