import { ReplaceBadge, RetryIssuance, type SigningStep } from '#badges';
import { uuid } from '#platform';
import {
  anIssuanceWorld,
  aPerson,
  aSession,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';
import { QueueBench, states } from '../support/queue-bench.js';
import { eventually } from '../support/service-process.js';

const stones = ['CE-1', 'CE-2', 'CE-3', 'CE-4'];

interface Badge {
  id: string;
  code: string;
  public_id: string;
  award: string;
  state: string;
  award_state: string;
  outbox_id: string;
  refusal: { code: string; at: string; detail: { fr: string; en: string } } | null;
}

/** Somebody's badges by code. */
const badgesOf = async ({ api }: IssuanceWorld, person: string): Promise<Record<string, Badge>> =>
  Object.fromEntries(
    (
      await api.query(
        `select c.id, c.public_id, a.badge_code as code, a.id as award, c.state, a.state as award_state, c.outbox_id, c.refusal
         from award a join credential c on c.award_id = a.id where a.person_id = $1`,
        [person],
      )
    ).map((badge: Badge) => [badge.code, badge]),
  );

/** Somebody who earned four badges and the pathway badge that stands on them, all planned at once. */
async function aPathway(
  world: IssuanceWorld,
): Promise<{ person: string; assessor: string; outboxIds: string[]; awardIds: string[] }> {
  const { id: structure } = world.structure;
  const assessor = await anAssessor(world);
  const person = await aPerson(world.api, structure, `Chemin EXEMPLE${uuid().slice(-6)}`);
  for (const workshop of stones) await aSession(world, { people: [person], workshop, assessor });
  return { person, assessor, ...(await plan(world, [person])) };
}

async function anAssessor(world: IssuanceWorld): Promise<string> {
  const { id: structure } = world.structure;
  const assessor = await aPerson(world.api, structure, `Passage FICTIF${uuid().slice(-6)}`, null);
  await world.api.query(
    `insert into membership (id, organisation_id, person_id, role, valid_from, confirmed_by)
     values (gen_random_uuid(), $1, $2, 'assessor', '2026-09-01', 'test')`,
    [structure, assessor],
  );
  return assessor;
}

const endMandate = ({ api }: IssuanceWorld, person: string, on: string | null = '2026-09-30') =>
  api.query('update membership set valid_until = $2 where person_id = $1', [person, on]);

/** Puts badges in a batch of their own that no sweep enqueues yet. @returns its id */
async function inLaterBatch({ api, structure }: IssuanceWorld, badges: Badge[]): Promise<string> {
  const later = uuid();
  await api.query(
    `insert into outbox (id, topic, organisation_id, priority, created_at)
     values ($1, 'sign', $2, 10, now() + interval '1 hour')`,
    [later, structure.id],
  );
  await api.query('update credential set outbox_id = $1 where id = any($2)', [
    later,
    badges.map(({ id }) => id),
  ]);
  return later;
}

const outcomeOf = ({ state, award_state, refusal }: Badge): string =>
  [state, award_state, refusal?.code].filter(Boolean).join(' ');

describe('signing what stands on something else', () => {
  let world: IssuanceWorld;
  beforeAll(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterAll(() => world?.close());

  const sign = async (outboxIds: string[], by = world.signCredentials) => {
    const results = [];
    for (const id of outboxIds) results.push(await by.run(id));
    return results;
  };
  /** A signer in whose way something comes once, at a step. */
  const signerMeeting = (step: SigningStep, work: () => Promise<unknown>) => {
    let isMet = false;
    return world.signWith({
      reached: async (reached) => {
        if (isMet || reached !== step) return;
        isMet = true;
        await work();
      },
    });
  };

  it('signs a pathway badge with the badges that it stands on, in one batch', async () => {
    const { person, outboxIds } = await aPathway(world);
    expect(outboxIds).toHaveLength(1);
    expect(await sign(outboxIds)).toEqual([{ signed: 5, refused: 0 }]);
    const badges = await badgesOf(world, person);
    expect(Object.keys(badges).sort()).toEqual(['B-CE-1', 'B-CE-2', 'B-CE-3', 'B-CE-4', 'B-CLIC']);
  });

  it('refuses the pathway badge when its badges are refused, and a retry brings all of them', async () => {
    const { person, assessor, outboxIds } = await aPathway(world);
    await endMandate(world, assessor);
    expect(await sign(outboxIds)).toEqual([{ signed: 0, refused: 5 }]);
    const refused = await badgesOf(world, person);
    expect(outcomeOf(refused['B-CE-1']!)).toBe('refused refused assessor_not_mandated');
    expect(outcomeOf(refused['B-CLIC']!)).toBe('refused refused badge_missing');
    expect(refused['B-CLIC']!.refusal!.detail.fr).toMatch(/repose.*relancez/);

    await endMandate(world, assessor, null);
    const put: string[] = [];
    const queue = { enqueue: async (ids: string[]) => void put.push(...ids) };
    const ids = Object.values(refused).map(({ id }) => id);
    await new RetryIssuance(world.api, queue as never).run({ ids }, 'test');
    await sign(put);
    for (const badge of Object.values(await badgesOf(world, person)))
      expect(outcomeOf(badge)).toBe('signed issued');
  });

  it('refuses the pathway badge when a single badge under it is refused, for whatever reason', async () => {
    const { person, outboxIds } = await aPathway(world);
    await world.api.query(
      `update credential set payload = payload || ' ' where award_id = (select id from award where person_id = $1 and badge_code = 'B-CE-3')`,
      [person],
    );
    expect(await sign(outboxIds)).toEqual([{ signed: 3, refused: 2 }]);
    const badges = await badgesOf(world, person);
    expect(outcomeOf(badges['B-CE-3']!)).toBe('refused refused payload_changed');
    expect(outcomeOf(badges['B-CLIC']!)).toBe('refused refused badge_missing');
  });

  it.each(['revoked', 'refused', 'cancelled'])(
    'refuses the pathway badge when a badge under it, signed before, is %s by now',
    async (state) => {
      const { person, outboxIds } = await aPathway(world);
      const badges = await badgesOf(world, person);
      const later = await inLaterBatch(world, [badges['B-CLIC']!]);
      expect(await sign(outboxIds)).toEqual([{ signed: 4, refused: 0 }]);
      await world.api.query('update award set state = $2 where id = $1', [badges['B-CE-2']!.award, state]);
      expect(await sign([later])).toEqual([{ signed: 0, refused: 1 }]);
      expect(outcomeOf((await badgesOf(world, person))['B-CLIC']!)).toBe('refused refused badge_missing');
    },
  );

  it('refuses a badge that two assessed when either of them has lost the mandate', async () => {
    for (const lost of ['first', 'second']) {
      const [first, second] = [await anAssessor(world), await anAssessor(world)];
      const person = await aPerson(world.api, world.structure.id, `Deux EXEMPLE${uuid().slice(-6)}`);
      const session = await aSession(world, { people: [person], assessor: first });
      await world.api.query(
        `insert into assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id, assessor_name, assessed_on)
         values ($1, $2, $3, 'competency', '5.4', 'acquired', $4, 'Second FICTIF', '2026-10-05')`,
        [uuid(), session, person, second],
      );
      const { outboxIds } = await plan(world, [person]);
      await endMandate(world, lost === 'first' ? first : second);
      expect([lost, await sign(outboxIds)]).toEqual([lost, [{ signed: 0, refused: 1 }]]);
      expect(outcomeOf((await badgesOf(world, person))['B-CE-1']!)).toBe(
        'refused refused assessor_not_mandated',
      );
    }
  });

  it('refuses badge and pathway badge when the mandate ends after they were signed and before they are stored', async () => {
    const { person, assessor, outboxIds } = await aPathway(world);
    const signer = signerMeeting('archived', () => endMandate(world, assessor));
    expect(await sign(outboxIds, signer)).toEqual([{ signed: 0, refused: 5 }]);
    const badges = await badgesOf(world, person);
    expect(outcomeOf(badges['B-CE-4']!)).toBe('refused refused assessor_not_mandated');
    expect(outcomeOf(badges['B-CLIC']!)).toBe('refused refused badge_missing');
  });

  it('dates a refusal after every signature that was made before it, also of a worker that was slower', async () => {
    const { person, assessor, outboxIds } = await aPathway(world);
    let refusedBefore = new Date(0);
    const slower = signerMeeting('signed', async () => {
      await endMandate(world, assessor);
      await sign(outboxIds);
      refusedBefore = new Date();
    });
    await sign(outboxIds, slower);
    const badges = Object.values(await badgesOf(world, person));
    expect(badges).toHaveLength(5);
    for (const { state, refusal } of badges) {
      expect(state).toBe('refused');
      expect(new Date(refusal!.at).getTime()).toBeGreaterThanOrEqual(refusedBefore.getTime());
    }
  });

  it('refuses the pathway badge when a badge under it is cancelled before they are stored', async () => {
    const { person, outboxIds } = await aPathway(world);
    const { award } = (await badgesOf(world, person))['B-CE-1']!;
    const signer = signerMeeting('archived', () =>
      world.api.query(`update award set state = 'cancelled' where id = $1`, [award]),
    );
    expect(await sign(outboxIds, signer)).toEqual([{ signed: 3, refused: 2 }]);
    const badges = await badgesOf(world, person);
    expect(outcomeOf(badges['B-CE-1']!)).toBe('refused cancelled award_withdrawn');
    expect(outcomeOf(badges['B-CLIC']!)).toBe('refused refused badge_missing');
  });

  it('lets the pathway badge wait when a badge under it is replaced before it is stored, and signs it after', async () => {
    const { person, outboxIds } = await aPathway(world);
    const badges = await badgesOf(world, person);
    const later = await inLaterBatch(world, [badges['B-CLIC']!]);
    await sign(outboxIds);
    const put: string[] = [];
    const queue = { enqueue: async (ids: string[]) => void put.push(...ids) };
    const replacing = new ReplaceBadge(world.api, queue as never, origin);
    const signer = signerMeeting('archived', async () => {
      const asked = {
        organisationId: world.structure.id,
        publicId: badges['B-CE-2']!.public_id,
        by: 'test',
      };
      const { digest } = await replacing.analyse(asked);
      await replacing.run({ ...asked, expectedDigest: digest, reasonClass: 'issued_in_error' });
    });
    expect(await sign([later], signer)).toEqual([{ signed: 0, refused: 0, waiting: 1 }]);
    expect(outcomeOf((await badgesOf(world, person))['B-CLIC']!)).toBe('planned planned');
    expect(await sign([...put, later])).toEqual([
      { signed: 1, refused: 0 },
      { signed: 1, refused: 0 },
    ]);
  });

  it('lets the pathway badge wait when a badge under it was given other keys before it is stored', async () => {
    const { person, outboxIds } = await aPathway(world);
    const { id } = (await badgesOf(world, person))['B-CE-1']!;
    const keys = await world.api.query('select ed25519_key_id, rs256_key_id from credential where id = $1', [
      id,
    ]);
    expect(keys).toHaveLength(1);
    const signer = signerMeeting('archived', () =>
      world.api.query('update credential set ed25519_key_id = null, rs256_key_id = null where id = $1', [id]),
    );
    expect(await sign(outboxIds, signer)).toMatchObject([{ refused: 0, waiting: 1 }]);
    const meanwhile = await badgesOf(world, person);
    expect(['B-CE-1', 'B-CE-2', 'B-CLIC'].map((code) => meanwhile[code]!.state)).toEqual([
      'planned',
      'signed',
      'planned',
    ]);
    expect(await sign(outboxIds)).toEqual([{ signed: 2, refused: 0 }]);
    for (const badge of Object.values(await badgesOf(world, person)))
      expect(outcomeOf(badge)).toBe('signed issued');
  });

  it('plans what one person earned into one batch, however many people there are', async () => {
    const people: string[] = [];
    for (let i = 0; i < 41; i += 1)
      people.push(await aPerson(world.api, world.structure.id, `Foule${i} EXEMPLE${uuid().slice(-6)}`));
    // The first has three badges, so that no batch of a hundred ends between two people by chance.
    for (const workshop of stones)
      await aSession(world, { people: workshop === 'CE-4' ? people.slice(1) : people, workshop });
    const { outboxIds, awardIds } = await plan(world, people);
    expect(awardIds).toHaveLength(203);
    const sizes: { batches: number; most: number; split: number }[] = await world.api.query(
      `with held as (select c.outbox_id, a.person_id from credential c join award a on a.id = c.award_id where a.id = any($1))
       select count(distinct outbox_id)::int as batches,
              (select max(n)::int from (select count(*) as n from held group by outbox_id) s) as most,
              (select count(*)::int from (select from held group by person_id having count(distinct outbox_id) > 1) s) as split
       from held`,
      [awardIds],
    );
    expect(sizes).toEqual([{ batches: outboxIds.length, most: 100, split: 0 }]);
  });
});

describe('a pathway badge whose badges wait in another batch', () => {
  it('waits, says why, and is signed by itself after them', async () => {
    const bench = await QueueBench.open();
    try {
      const { world } = bench;
      const { person, outboxIds, awardIds } = await aPathway(world);
      const badges = await badgesOf(world, person);
      const later = await inLaterBatch(
        world,
        ['B-CE-1', 'B-CE-2'].map((code) => badges[code]!),
      );
      await bench.startWorker();
      await bench.queue.enqueue(outboxIds);
      const lastError = async (): Promise<string | null> =>
        (await bench.owner.query('select last_error, failed_at from outbox where id = $1', [outboxIds[0]]))
          .rows[0].last_error;
      expect(await eventually(lastError, (told) => told !== null, 30_000)).toBe('BadgeAwaited badge_awaited');
      const now = await badgesOf(world, person);
      expect(['B-CE-1', 'B-CE-3', 'B-CE-4', 'B-CLIC'].map((code) => now[code]!.state)).toEqual([
        'planned',
        'signed',
        'signed',
        'planned',
      ]);
      await bench.owner.query(`update outbox set created_at = now() - interval '1 minute' where id = $1`, [
        later,
      ]);
      expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 5 });
      expect(await bench.signaturesOf(awardIds)).toBe(5);
    } finally {
      await bench.close();
    }
  }, 300_000);
});
