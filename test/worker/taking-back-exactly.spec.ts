import { DataSource } from 'typeorm';
import { allEntities, CorrectRegister, IssuanceQueue, type TakingBack, WithdrawSession } from '#badges';
import { dataSourceOptions, queueEngine, useQueueEngine, uuid } from '#platform';
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
  correcting = new CorrectRegister(world.api, queue, origin);
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
