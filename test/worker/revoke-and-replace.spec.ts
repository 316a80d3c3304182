import { DataSource } from 'typeorm';
import {
  allEntities,
  BadgeReader,
  BindRecipient,
  ChangeStatus,
  type CurrentBadge,
  CurrentBadgeReader,
  IssuanceQueue,
  PublishBadge,
  ReplaceBadge,
  RevokeBadges,
  type StatusReason,
} from '#badges';
import { dataSourceOptions, FixedClock, queueEngine, useQueueEngine, uuid } from '#platform';
import { verifyCredential } from '#verification';
import { BadgeHolders, type HeldBadge } from '../support/badge-holders.js';
import { anIssuanceWorld, aSession, type IssuanceWorld, origin, plan } from '../support/issuance-world.js';

const pathway = ['CE-1', 'CE-2', 'CE-3', 'CE-4'];
const by = 'client:test';

let world: IssuanceWorld;
let queue: IssuanceQueue;
let owner: DataSource;
let revoking: RevokeBadges;
let replacing: ReplaceBadge;
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
  revoking = new RevokeBadges(world.api);
  replacing = new ReplaceBadge(world.api, queue, origin, new FixedClock(new Date('2026-11-30T09:00:00Z')));
}, 180_000);
afterAll(async () => {
  await queue?.close();
  await owner?.destroy();
  await world?.close();
});

const published = ({ address }: { address: string }) => new BadgeReader(world.api).published(address);
/** What its refresh address answers. */
const currentFormOf = async ({ credential, address }: HeldBadge) => {
  const [{ payload }] = await world.api.query('select payload from credential where id = $1', [credential]);
  const { refreshService } = JSON.parse(payload) as { refreshService: { id: string } };
  return new CurrentBadgeReader(world.api).at(address, refreshService.id.slice(-32));
};
const revocation = (badge: HeldBadge, reasonClass: StatusReason = 'issued_in_error') => ({
  organisationId: world.structure.id,
  publicIds: [badge.address],
  reasonClass,
  by,
});

describe('revoking a badge that others stand on', () => {
  it('tells that the pathway badge would fall, and changes nothing by telling', async () => {
    const { stones, sum } = await holders.aPathway();
    const before = await holders.everything();
    const told = await revoking.analyse(revocation(stones[0]!));
    expect(told.effects).toEqual([
      expect.objectContaining({ badge: sum.code, effect: 'falls', how: 'withdrawn', awardId: sum.award }),
    ]);
    expect(told.effects[0]!.reasons.map(({ badge, code }) => [code, badge])).toEqual([
      ['badge_missing', undefined],
    ]);
    expect(await holders.everything()).toBe(before);
  });

  it('is refused while nobody has looked at what falls, and changes nothing then', async () => {
    const { stones } = await holders.aPathway();
    const before = await holders.everything();
    await expect(revoking.run(revocation(stones[0]!))).rejects.toMatchObject({ code: 'others_would_fall' });
    await expect(
      revoking.run({ ...revocation(stones[0]!), expectedDigest: '0'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'analysis_changed' });
    expect(await holders.everything()).toBe(before);
  });

  it('takes the pathway badge along on confirmation, and leaves the other stones', async () => {
    const { person, stones } = await holders.aPathway();
    const { digest } = await revoking.analyse(revocation(stones[1]!));
    await revoking.run({ ...revocation(stones[1]!), expectedDigest: digest });
    expect((await holders.badgesOf(person)).map(({ code, state, status }) => [code, state, status])).toEqual(
      expect.arrayContaining([
        ['B-CE-1', 'issued', 'active'],
        ['B-CE-2', 'revoked', 'revoked'],
        ['B-CE-3', 'issued', 'active'],
        ['B-CE-4', 'issued', 'active'],
      ]),
    );
    expect(
      (await holders.badgesOf(person)).find(({ code }) => !pathway.includes(code.slice(2))),
    ).toMatchObject({
      state: 'cancelled',
      status: 'revoked',
      credentialState: 'void',
    });
    expect((await plan(world, [person])).awardIds).toEqual([]);
  });

  it('revokes a pathway badge in the open when somebody has seen it, or it is older than a day', async () => {
    for (const how of ['shown', 'old'] as const) {
      const { person, stones, sum } = await holders.aPathway();
      if (how === 'shown') await holders.show(sum);
      else
        await owner.query(`update award set created_at = created_at - interval '25 hours' where id = $1`, [
          sum.award,
        ]);
      const { digest, effects } = await revoking.analyse(revocation(stones[0]!, 'fraud'));
      expect(effects[0]).toMatchObject({ how: 'revoked', wasShown: how === 'shown' });
      await revoking.run({ ...revocation(stones[0]!, 'fraud'), expectedDigest: digest });
      const fallen = (await holders.badgesOf(person)).find(({ award }) => award === sum.award)!;
      expect(fallen).toMatchObject({ state: 'cancelled', status: 'revoked', credentialState: 'signed' });
      if (how === 'shown')
        expect(await published(sum)).toMatchObject({ status: 'revoked', statusReason: 'fraud' });
    }
  });

  it('does nothing when the pathway badge was shown after it was told', async () => {
    const { stones, sum } = await holders.aPathway();
    const { digest } = await revoking.analyse(revocation(stones[0]!));
    await holders.show(sum);
    await expect(revoking.run({ ...revocation(stones[0]!), expectedDigest: digest })).rejects.toMatchObject({
      code: 'analysis_changed',
    });
  });

  it('takes nothing along when another badge is revoked, or the sum itself', async () => {
    const { sum } = await holders.aPathway();
    expect((await revoking.analyse(revocation(sum))).effects).toEqual([]);
    const { badge } = await holders.aBadge();
    const done = await revoking.run(revocation(badge));
    expect([done.effects, done.revoked[0]]).toEqual([
      [],
      expect.objectContaining({ state: 'revoked', isChanged: true }),
    ]);
  });

  it('names each badge once when stones and sum are revoked together, and again changes nothing', async () => {
    const { person, stones, sum } = await holders.aPathway();
    const all = { ...revocation(sum), publicIds: [...stones, sum].map(({ address }) => address) };
    const told = await revoking.analyse(all);
    expect([told.revoked.length, told.effects]).toEqual([5, []]);
    await revoking.run(all);
    expect(new Set((await holders.badgesOf(person)).map(({ state }) => state))).toEqual(new Set(['revoked']));
    const before = await holders.everything();
    expect((await revoking.run(all)).revoked.every(({ isChanged }) => !isChanged)).toBe(true);
    expect(await holders.everything()).toBe(before);
  });

  it('never lets a pathway badge stand on a revoked stone, whoever comes first', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => holders.aLearner()));
    for (const workshop of pathway.slice(0, 3)) await aSession(world, { people, workshop });
    await plan(world, people);
    await holders.signAll();
    await aSession(world, { people, workshop: 'CE-4' });
    const firsts = await Promise.all(people.map(async (person) => (await holders.badgesOf(person))[0]!));
    const revokeAll = async (badge: HeldBadge): Promise<unknown> => {
      const { digest } = await revoking.analyse(revocation(badge));
      return revoking
        .run({ ...revocation(badge), expectedDigest: digest })
        .catch(async (error: { code: string }) => {
          expect(error.code).toBe('analysis_changed');
          return revokeAll(badge);
        });
    };
    await Promise.all([
      ...firsts.map((badge) => revokeAll(badge)),
      ...people.map((person) => plan(world, [person])),
    ]);
    const standing: { count: number }[] = await world.api.query(
      `select count(*)::int from award where person_id = any($1) and state not in ('cancelled', 'revoked')
       and badge_code not like 'B-CE-%'`,
      [people],
    );
    expect(standing).toEqual([{ count: 0 }]);
  }, 240_000);

  it('leaves the pathway badge as it is while a stone is only suspended, and after it is reinstated', async () => {
    const { person, stones, sum } = await holders.aPathway();
    const changing = new ChangeStatus(world.api);
    await changing.run({ ...revocation(stones[0]!, 'under_review'), change: 'suspend' });
    const find = async () => (await holders.badgesOf(person)).find(({ award }) => award === sum.award)!;
    expect(await find()).toMatchObject({ state: 'issued', status: 'active' });
    expect((await revoking.analyse(revocation(stones[0]!))).effects).toHaveLength(1);
    await changing.run({ ...revocation(stones[0]!, 'review_closed'), change: 'reinstate' });
    expect(await find()).toMatchObject({ state: 'issued', status: 'active' });
  });
});

describe('replacing a badge', () => {
  const request = (badge: { address: string }, fault = {}) => ({
    organisationId: world.structure.id,
    publicId: badge.address,
    fault,
    by,
  });
  const replace = async (badge: HeldBadge, fault = {}, reasonClass: StatusReason = 'issued_in_error') => {
    const { digest } = await replacing.analyse(request(badge, fault));
    return replacing.run({ ...request(badge, fault), expectedDigest: digest, reasonClass });
  };
  const documentOf = async (address: string): Promise<Record<string, never>> => {
    const [{ document }] = await world.api.query(
      `select signed_document(credential) as document from credential where public_id = $1 and state = 'signed'`,
      [address],
    );
    return JSON.parse(document);
  };

  it('gives a shown badge a successor, shown in the same way, and says by what and why on the old page', async () => {
    const { person, badge } = await holders.aBadge();
    await holders.show(badge, true);
    const told = await replacing.analyse(request(badge));
    expect(told.effects).toEqual([
      expect.objectContaining({ effect: 'changes', how: 'superseded', awardId: badge.award, wasShown: true }),
    ]);
    const { replacedBy } = await replace(badge, {}, 'learner_request');
    await holders.signAll();
    const [old, newer] = await holders.badgesOf(person);
    expect(old).toMatchObject({ status: 'revoked', credentialState: 'signed', newer: replacedBy });
    expect(newer).toMatchObject({ address: replacedBy, status: 'active', state: 'issued' });
    expect(await published(badge)).toMatchObject({
      status: 'revoked',
      isReplaced: true,
      supersededBy: replacedBy,
      statusReason: 'learner_request',
    });
    expect(await published(newer!)).toMatchObject({ isReplaced: false, statusReason: null });
    // Its successor has an id of its own: whoever holds the old one gets that, and is shown the way while it is open.
    const { id } = JSON.parse((await published(badge))!.document);
    expect(await currentFormOf(badge)).toMatchObject({ supersededBy: replacedBy });
    await new PublishBadge(world.api).withdraw(newer!.award, 'test');
    const alone = await currentFormOf(badge);
    expect(alone).toMatchObject({ supersededBy: null });
    expect(JSON.parse((alone as CurrentBadge).document)).toMatchObject({ id });
    await holders.show(newer!, true);
    expect((await published(newer!))!.recipientName).not.toBeNull();
  });

  it('keeps the e-mail address that the learner had bound, shown or not, and binds none that was not', async () => {
    const bound = async (): Promise<{ award: string; hash: string | null }[]> =>
      world.api.query(
        `select award_id as award, email_hash as hash from ob2_edition where superseded_at is null order by created_at`,
      );
    for (const isShown of [true, false]) {
      const { person, badge } = await holders.aBadge();
      if (isShown) await holders.show(badge);
      await new BindRecipient(world.api).run(badge.award, 'lou@example.org', 'test');
      await replace(badge);
      const newer = (await holders.badgesOf(person)).at(-1)!;
      const [old, kept] = (await bound()).slice(-2);
      expect([old!.award, kept!.award]).toEqual([badge.award, newer.award]);
      expect(kept!.hash).toBe(old!.hash);
    }
    const { person, badge } = await holders.aBadge();
    await replace(badge);
    const all = (await bound()).map(({ award }) => award);
    for (const { award } of await holders.badgesOf(person)) expect(all).not.toContain(award);
  });

  it('leaves no trace of a badge of today that nobody has seen', async () => {
    const { person, badge } = await holders.aBadge();
    const { replacedBy } = await replace(badge);
    expect(
      (await holders.badgesOf(person)).map((one) => [one.credentialState, one.status, one.newer]),
    ).toEqual([
      ['void', 'revoked', replacedBy],
      ['planned', 'active', null],
    ]);
    expect(await currentFormOf(badge)).toBe('gone');
    expect(await currentFormOf((await holders.badgesOf(person))[1]!)).toBeNull();
  });

  it('corrects a misspelt name on every badge of the person, and keeps the old spelling as theirs', async () => {
    const { person, stones, sum } = await holders.aPathway();
    await holders.show(stones[0]!, true);
    const fault = { givenName: 'Amélie' };
    const told = await replacing.analyse(request(stones[0]!, fault));
    expect(told.effects.map(({ effect }) => effect)).toEqual(Array(5).fill('changes'));
    const { replacedBy } = await replace(stones[0]!, fault);
    await holders.signAll();
    const [{ given_name: given, family_name: family }] = await world.api.query(
      'select * from person where id = $1',
      [person],
    );
    expect(given).toBe('Amélie');
    expect((await published({ address: replacedBy! }))!.recipientName).toBe(`Amélie ${family}`);
    const now = (await holders.badgesOf(person)).filter(({ status }) => status === 'active');
    expect(now.map(({ code }) => code).sort()).toEqual([...stones, sum].map(({ code }) => code).sort());
    const aliases = await world.api.query('select name_key from person_alias where person_id = $1', [person]);
    expect(aliases).toHaveLength(1);
  });

  it('corrects the day of a session on every badge that stands on it', async () => {
    const people = [await holders.aLearner(), await holders.aLearner()];
    await aSession(world, { people, heldOn: '2026-10-05' });
    await plan(world, people);
    await holders.signAll();
    const [badge] = await holders.badgesOf(people[0]!);
    await holders.show(badge!);
    const told = await replacing.analyse(request(badge!, { heldOn: '2026-10-06' }));
    expect(told.changes).toEqual([expect.objectContaining({ from: '2026-10-05', to: '2026-10-06' })]);
    expect(told.effects.map(({ personId, how }) => [personId, how]).sort()).toEqual(
      [
        [people[0], 'superseded'],
        [people[1], 'replaced'],
      ].sort(),
    );
    const { replacedBy } = await replace(badge!, { heldOn: '2026-10-06' });
    await holders.signAll();
    expect(JSON.stringify(await documentOf(replacedBy!))).toContain('2026-10-06');
    expect(JSON.stringify(await documentOf(badge!.address))).toContain('2026-10-05');
    expect(JSON.stringify(await documentOf(replacedBy!))).not.toContain('2026-10-05');
  });

  it('signs a successor of the right form, while the bit of the old one waits for the next list', async () => {
    const { badge } = await holders.aBadge();
    await holders.show(badge);
    const { replacedBy } = await replace(badge);
    await holders.signAll();
    const document = await documentOf(replacedBy!);
    const report = await verifyCredential(document, {
      fetcher: { fetch: async () => ({ status: 404, contentType: 'text/plain', body: '' }) } as never,
      now: new Date(),
      origin,
    });
    expect(report.checks.find(({ name }) => name === 'schema')?.outcome).toBe('passed');
    const bits: { state: string; version: number; listed_version: number }[] = await world.api.query(
      'select state, version, listed_version from status_entry where credential_id = $1',
      [badge.credential],
    );
    expect(bits).toEqual([{ state: 'revoked', version: 1, listed_version: 0 }]);
  });

  it('happens once: again names the same successor and writes nothing', async () => {
    const { person, badge } = await holders.aBadge();
    await holders.show(badge);
    const first = await replace(badge);
    const before = await holders.everything();
    const again = await replacing.run({
      ...request(badge),
      expectedDigest: '0'.repeat(64),
      reasonClass: 'superseded',
    });
    expect([again.replacedBy, again.effects]).toEqual([first.replacedBy, []]);
    expect(await holders.everything()).toBe(before);
    expect(await holders.badgesOf(person)).toHaveLength(2);
  });

  it('happens once when ten ask at the same moment', async () => {
    const { person, badge } = await holders.aBadge();
    await holders.show(badge);
    const { digest } = await replacing.analyse(request(badge));
    const done = await Promise.all(
      Array.from({ length: 10 }, () =>
        replacing.run({ ...request(badge), expectedDigest: digest, reasonClass: 'issued_in_error' }),
      ),
    );
    expect(new Set(done.map(({ replacedBy }) => replacedBy)).size).toBe(1);
    expect(await holders.badgesOf(person)).toHaveLength(2);
  });

  it('and revoking at the same moment: one of them wins, and never both badges count', async () => {
    for (let run = 0; run < 6; run += 1) {
      const { person, badge } = await holders.aBadge();
      await holders.show(badge);
      const { digest } = await replacing.analyse(request(badge));
      const [replaced, revoked] = await Promise.allSettled([
        replacing.run({ ...request(badge), expectedDigest: digest, reasonClass: 'issued_in_error' }),
        revoking.run(revocation(badge)),
      ]);
      const badges = await holders.badgesOf(person);
      expect(revoked.status).toBe('fulfilled');
      expect(badges[0]).toMatchObject({ status: 'revoked' });
      if (replaced.status === 'fulfilled')
        expect(badges.map(({ status, newer }) => [status, newer])).toEqual([
          ['revoked', replaced.value.replacedBy],
          ['active', null],
        ]);
      else {
        expect(replaced.reason).toMatchObject({ code: 'credential_revoked' });
        expect(badges).toHaveLength(1);
      }
    }
  });

  it('is kept with reason class and who, in the history, the corrections and the audit', async () => {
    const { badge } = await holders.aBadge();
    await holders.show(badge);
    await replace(badge, {}, 'register_corrected');
    const changes = await world.api.query(
      'select change, from_state, to_state, reason, by, superseded_by is not null as has_newer from status_change where credential_id = $1',
      [badge.credential],
    );
    expect(changes).toEqual([
      {
        change: 'supersede',
        from_state: 'active',
        to_state: 'revoked',
        reason: 'register_corrected',
        by,
        has_newer: true,
      },
    ]);
    const kept = await world.api.query(
      `select by from register_correction where kind = 'replacement' and effects::text like '%' || $1 || '%'`,
      [badge.award],
    );
    expect(kept).toEqual([{ by }]);
    const events: { action: string }[] = await world.worker.query(
      `select action from audit_event where subject->>'credentialId' = $1 and actor = $2`,
      [badge.credential, by],
    );
    expect(events.map(({ action }) => action)).toEqual(['credential.superseded']);
  });

  it('leaves the pathway badge that stands on it', async () => {
    const { person, stones, sum } = await holders.aPathway();
    await holders.show(stones[0]!);
    await replace(stones[0]!);
    expect((await holders.badgesOf(person)).find(({ award }) => award === sum.award)).toMatchObject({
      state: 'issued',
      status: 'active',
    });
  });

  it('corrects no name while a badge that says it is suspended, and names that badge', async () => {
    const { stones } = await holders.aPathway();
    const [suspended, other] = stones as [HeldBadge, HeldBadge];
    const status = new ChangeStatus(world.api);
    await status.run({ ...revocation(suspended, 'under_review'), change: 'suspend' });
    const wrong = request(other, { familyName: `JUSTE${uuid().slice(-8)}` });
    const before = await holders.everything();
    await expect(replacing.analyse(wrong)).rejects.toMatchObject({
      code: 'credential_suspended',
      details: { badges: [suspended.address] },
    });
    expect(await holders.everything()).toBe(before);
    await status.run({ ...revocation(suspended, 'review_closed'), change: 'reinstate' });
    const { effects } = await replacing.analyse(wrong);
    expect(effects.map(({ badge, effect }) => [badge, effect])).toContainEqual([suspended.code, 'changes']);
  });

  it('corrects a name also on a badge that was refused, so that no retry signs the misspelt one', async () => {
    const { person, badge } = await holders.aBadge();
    await aSession(world, { people: [person], workshop: 'CE-2' });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await owner.query(`update credential set payload = payload || ' ' where award_id = any($1)`, [awardIds]);
    for (const id of outboxIds) await world.signCredentials.run(id);
    const waits = (await holders.badgesOf(person)).map(({ code, state }) => `${code} ${state}`);
    expect(waits).toEqual(['B-CE-1 issued', 'B-CE-2 refused']);
    const told = await replacing.analyse(request(badge, { familyName: `JUSTE${uuid().slice(-8)}` }));
    expect(told.effects.map(({ badge, how }) => `${badge} ${how}`)).toEqual([
      'B-CE-1 replaced',
      'B-CE-2 replaced',
    ]);
  });

  it('corrects a name where a refused badge is not carried: that one falls, as it was told', async () => {
    const { person, badge } = await holders.aBadge();
    const second = await aSession(world, { people: [person], workshop: 'CE-2' });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await owner.query(`update credential set payload = payload || ' ' where award_id = any($1)`, [awardIds]);
    for (const id of outboxIds) await world.signCredentials.run(id);
    await world.api.query(`update attendance set status = 'absent' where session_id = $1`, [second]);
    const wrong = request(badge, { familyName: `JUSTE${uuid().slice(-8)}` });
    const told = await replacing.analyse(wrong);
    expect(told.effects.map(({ badge, how }) => `${badge} ${how}`)).toEqual([
      'B-CE-1 replaced',
      'B-CE-2 withdrawn',
    ]);
    await replacing.run({ ...wrong, expectedDigest: told.digest, reasonClass: 'issued_in_error' });
    await holders.signAll();
    const stands = (await holders.badgesOf(person)).filter(({ state }) => state !== 'cancelled');
    expect(stands.map(({ code, state }) => `${code} ${state}`)).toEqual(['B-CE-1 issued']);
  });

  it('is refused with a stable code, and changes nothing, when it cannot be', async () => {
    const revoked = await holders.aBadge();
    await revoking.run(revocation(revoked.badge));
    const suspended = await holders.aBadge();
    await new ChangeStatus(world.api).run({
      ...revocation(suspended.badge, 'under_review'),
      change: 'suspend',
    });
    const { badge } = await holders.aBadge();
    const twin = await holders.aLearner();
    const [{ family_name: taken }] = await world.api.query('select family_name from person where id = $1', [
      twin,
    ]);
    const { sum } = await holders.aPathway();
    const uncarried = await holders.aBadge();
    await world.api.query(`update attendance set status = 'absent' where session_id = $1`, [
      uncarried.session,
    ]);
    const before = await holders.everything();
    const cases: [string, { address: string }, object][] = [
      ['credential_revoked', revoked.badge, {}],
      ['credential_suspended', suspended.badge, {}],
      ['credential_not_found', { address: '0'.repeat(26) }, {}],
      ['person_name_taken', badge, { familyName: taken }],
      ['person_refused', badge, { familyName: ' \u200b ' }],
      ['session_refused', badge, { heldOn: '2027-01-01' }],
      ['badge_without_session', sum, { heldOn: '2026-10-06' }],
      ['badge_not_carried', uncarried.badge, {}],
    ];
    for (const [code, one, fault] of cases)
      await expect(replacing.analyse(request(one, fault))).rejects.toMatchObject({ code });
    await expect(replacing.analyse({ ...request(badge), organisationId: uuid() })).rejects.toMatchObject({
      code: 'credential_not_found',
    });
    await expect(
      replacing.run({ ...request(badge), expectedDigest: '0'.repeat(64), reasonClass: 'superseded' }),
    ).rejects.toMatchObject({ code: 'analysis_changed' });
    expect(await holders.everything()).toBe(before);
  });
});
