import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { programVersion, publicId, sha256, type Text, uuid } from '#platform';
import { didWebFor } from '#signing';
import { loadFacts } from '#workshops';
import { Achievement } from './achievement.js';
import { allocateStatus } from './allocate-status.js';
import { openBadgeEdition } from './credential.js';
import { type CredentialFacts, credentialFor, statusListUrl } from './credential-for.js';
import { assertInstallation } from './installation.js';
import { badgePictureAlt } from './picture/badge-picture.js';
import { type Evaluation, evaluateRule, type Facts, type Reason } from './rule.js';

/** Awards in one job at most. */
const batchSize = 100;
// A room of eight goes before a campaign of thousands.
const roomSize = 12;

export interface PlannedAwards {
  /** Number of awards planned now, by badge code. */
  planned: Record<string, number>;
  awardIds: string[];
  /** Outbox rows to put in the queue once the transaction is committed. */
  outboxIds: string[];
  /** Badges whose only lack is a confirmed assessor. */
  waitingForStaff: { personId: string; badgeCode: string }[];
}

type Met = Extract<Evaluation, { met: true }>;

interface NewAward {
  id: string;
  personId: string;
  achievement: Achievement;
  evaluation: Met;
}

/**
 * Evaluates every rule of the structure's catalogue for these people and plans what they have earned: award,
 * credential id, status index, exact payload bytes and outbox row, in the caller's transaction (ARCHITECTURE,
 * order of issuance, step 1). Evaluating twice plans once: the database holds one award per learner and badge.
 * @param input.origin the service's public origin, without a slash at the end
 * @throws OriginChanged (`origin_changed`) when this data issues under another origin
 */
export async function planAwards(
  tx: EntityManager,
  input: { organisationId: string; personIds: string[]; origin: string },
): Promise<PlannedAwards> {
  const result: PlannedAwards = { planned: {}, awardIds: [], outboxIds: [], waitingForStaff: [] };
  if (input.personIds.length === 0) return result;
  const achievements = await currentAchievements(tx, input.organisationId);
  const mandated = await assessorMandates(tx, input.organisationId);
  const held = await heldBadges(tx, input.organisationId, input.personIds);
  const found: NewAward[] = [];
  for (const facts of (await loadFacts(tx, input.organisationId, input.personIds)) as Facts[]) {
    const badges = held.get(facts.personId) ?? new Map<string, string>();
    const { earned, waiting } = evaluateAll(achievements, facts, badges, mandated);
    for (const { achievement, evaluation } of earned)
      found.push({ id: uuid(), personId: facts.personId, achievement, evaluation });
    for (const badgeCode of waiting) result.waitingForStaff.push({ personId: facts.personId, badgeCode });
  }
  const awards = await insertAwards(tx, input.organisationId, found);
  if (awards.length === 0) return result;
  result.outboxIds = await planCredentials(tx, input, awards);
  for (const award of awards) {
    const code = award.achievement.code;
    result.planned[code] = (result.planned[code] ?? 0) + 1;
    result.awardIds.push(award.id);
  }
  return result;
}

function evaluateAll(
  achievements: Achievement[],
  facts: Facts,
  alreadyHeld: ReadonlyMap<string, string>,
  mandated: (personId: string, date: string) => boolean,
): { earned: { achievement: Achievement; evaluation: Met }[]; waiting: string[] } {
  const held = new Map(alreadyHeld);
  const earned: { achievement: Achievement; evaluation: Met }[] = [];
  let open = achievements.filter((a) => !held.has(a.code));
  let waiting: string[] = [];
  // A pathway badge stands on badges of the same round, so rounds go on until one brings nothing new.
  for (let before = -1; before !== earned.length; ) {
    before = earned.length;
    waiting = [];
    for (const achievement of open) {
      const evaluation = evaluateRule(achievement.rule, facts, { mandated, held });
      if (evaluation.met && isJudged(achievement, evaluation)) {
        earned.push({ achievement, evaluation });
        held.set(achievement.code, evaluation.on);
      } else if (
        !evaluation.met &&
        evaluation.missing.every((m: Reason) => m.code === 'assessor_not_mandated')
      )
        waiting.push(achievement.code);
    }
    open = open.filter((a) => !held.has(a.code));
  }
  return { earned, waiting };
}

/** I6: somebody with a mandate assessed it, or it stands on badges for which somebody did. */
const isJudged = (achievement: Achievement, evaluation: Met): boolean =>
  evaluation.assessorPersonId !== null || achievement.rule.all.every((condition) => 'badge' in condition);

async function currentAchievements(tx: EntityManager, organisationId: string): Promise<Achievement[]> {
  return tx
    .createQueryBuilder(Achievement, 'a')
    .where('a.superseded_at is null')
    .andWhere(
      `a.organisation_id in (with recursive above as (
         select id, parent_id from organisation where id = :organisationId
         union all select o.id, o.parent_id from organisation o join above on o.id = above.parent_id)
       select id from above)`,
      { organisationId },
    )
    .orderBy('a.code')
    .getMany();
}

/** Who had the assessor's mandate in the structure, and when. */
export async function assessorMandates(
  tx: EntityManager,
  organisationId: string,
): Promise<(personId: string, date: string) => boolean> {
  const rows: { person_id: string; valid_from: string; valid_until: string | null }[] = await tx.query(
    `select person_id, valid_from::text, valid_until::text from membership where organisation_id = $1 and role = 'assessor'`,
    [organisationId],
  );
  const byPerson = new Map<string, { from: string; until: string | null }[]>();
  for (const row of rows)
    byPerson.set(row.person_id, [
      ...(byPerson.get(row.person_id) ?? []),
      { from: row.valid_from, until: row.valid_until },
    ]);
  return (personId, date) =>
    (byPerson.get(personId) ?? []).some((m) => m.from <= date && (m.until === null || date <= m.until));
}

async function heldBadges(
  tx: EntityManager,
  organisationId: string,
  personIds: string[],
): Promise<Map<string, Map<string, string>>> {
  const rows: { person_id: string; badge_code: string; on: string }[] = await tx.query(
    `select person_id, badge_code, awarded_at::date::text as on from award
     where organisation_id = $1 and person_id = any($2) and state <> 'cancelled'`,
    [organisationId, personIds],
  );
  const held = new Map<string, Map<string, string>>();
  for (const row of rows) {
    if (!held.has(row.person_id)) held.set(row.person_id, new Map());
    held.get(row.person_id)!.set(row.badge_code, row.on);
  }
  return held;
}

async function insertAwards(
  tx: EntityManager,
  organisationId: string,
  awards: NewAward[],
): Promise<NewAward[]> {
  if (awards.length === 0) return [];
  const rows: { id: string }[] = await tx.query(
    `insert into award (id, organisation_id, achievement_id, badge_code, person_id, session_id, assessor_person_id,
                        assessed_on, awarded_at, established, state, reasons)
     select t.id, $1, t.achievement, t.code, t.person, t.session, t.assessor, t.assessed_on,
            coalesce(s.starts_at, t.earned_on::timestamptz + interval '12 hours'), t.established, 'planned', t.reasons
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::date[], $9::date[], $10::text[], $11::jsonb[])
       as t (id, achievement, code, person, session, assessor, assessed_on, earned_on, established, reasons)
     left join session s on s.id = t.session
     on conflict (organisation_id, badge_code, person_id) where state <> 'cancelled' do nothing
     returning id`,
    [
      organisationId,
      awards.map((a) => a.id),
      awards.map((a) => a.achievement.id),
      awards.map((a) => a.achievement.code),
      awards.map((a) => a.personId),
      awards.map((a) => a.evaluation.sessionId),
      awards.map((a) => a.evaluation.assessorPersonId),
      awards.map((a) => a.evaluation.assessedOn),
      awards.map((a) => a.evaluation.on),
      awards.map((a) => a.evaluation.established),
      awards.map((a) => JSON.stringify(a.evaluation.reasons)),
    ],
  );
  const inserted = new Set(rows.map((r) => r.id));
  return awards.filter((a) => inserted.has(a.id));
}

interface Frame {
  issuer: CredentialFacts['issuer'];
  organisations: Map<string, { slug: string; public_name: string }>;
  names: Map<string, string>;
  sessions: Map<string, NonNullable<CredentialFacts['session']>>;
  awardedAt: Map<string, Date>;
  now: Date;
}

async function loadFrame(
  tx: EntityManager,
  input: { organisationId: string; origin: string },
  awards: NewAward[],
): Promise<Frame> {
  const ids = [input.organisationId, ...new Set(awards.map((a) => a.achievement.organisationId))];
  const organisations: {
    id: string;
    slug: string;
    public_name: string;
    siret: string | null;
    url: string | null;
    description: Text | null;
    parent_slug: string | null;
    parent_name: string | null;
  }[] = await tx.query(
    `select o.id, o.slug, o.public_name, o.siret, o.url, o.description, p.slug as parent_slug, p.public_name as parent_name
     from organisation o left join organisation p on p.id = o.parent_id where o.id = any($1)`,
    [ids],
  );
  const own = organisations.find((o) => o.id === input.organisationId)!;
  const people: { id: string; given_name: string; family_name: string }[] = await tx.query(
    'select id, given_name, family_name from person where id = any($1)',
    [[...new Set(awards.map((a) => a.personId))]],
  );
  const sessions: {
    id: string;
    held_on: string;
    starts_at: Date | null;
    duration_minutes: number;
    title: Text;
  }[] = await tx.query(
    `select s.id, s.held_on::text, s.starts_at, s.duration_minutes, w.title
     from session s join workshop w on w.id = s.workshop_id where s.id = any($1)`,
    [[...new Set(awards.map((a) => a.evaluation.sessionId).filter((id) => id !== null))]],
  );
  const awarded: { id: string; awarded_at: Date }[] = await tx.query(
    'select id, awarded_at from award where id = any($1)',
    [awards.map((a) => a.id)],
  );
  const [{ now }]: [{ now: Date }] = await tx.query("select date_trunc('second', now()) as now");
  return {
    issuer: {
      did: didWebFor(input.origin, own.slug),
      slug: own.slug,
      name: own.public_name,
      url: own.url,
      description: own.description ?? {},
      siret: own.siret,
      parent: own.parent_slug === null ? null : { slug: own.parent_slug, name: own.parent_name! },
    },
    organisations: new Map(organisations.map((o) => [o.id, o])),
    names: new Map(people.map((p) => [p.id, `${p.given_name} ${p.family_name}`])),
    sessions: new Map(
      sessions.map((s) => [
        s.id,
        {
          heldOn: s.held_on,
          startsAt: s.starts_at ?? new Date(`${s.held_on}T12:00:00Z`),
          durationMinutes: s.duration_minutes,
          workshop: s.title,
        },
      ]),
    ),
    awardedAt: new Map(awarded.map((a) => [a.id, a.awarded_at])),
    now,
  };
}

async function planCredentials(
  tx: EntityManager,
  input: { organisationId: string; origin: string },
  awards: NewAward[],
): Promise<string[]> {
  // Whatever plans first fixes the origin that every badge of this data carries.
  await assertInstallation(tx, input.origin, programVersion);
  const frame = await loadFrame(tx, input, awards);
  const credentials = awards.map((award) => ({ id: uuid(), publicId: publicId(), award }));
  const slots = await allocateStatus(
    tx,
    input.organisationId,
    credentials.map((c) => c.id),
  );
  const outboxIds = Array.from({ length: Math.ceil(credentials.length / batchSize) }, () => uuid());
  const priority = credentials.length <= roomSize ? 1 : 10;
  await tx.query(
    `insert into outbox (id, topic, organisation_id, priority) select id, 'sign', $1, $2 from unnest($3::uuid[]) as t (id)`,
    [input.organisationId, priority, outboxIds],
  );
  const payloads = credentials.map(({ id, publicId: address, award }) => {
    const slot = slots.get(id)!;
    const creator = frame.organisations.get(award.achievement.organisationId)!;
    return JSON.stringify(
      credentialFor({
        origin: input.origin,
        publicId: address,
        subjectId: `urn:uuid:${randomUUID()}`,
        evidenceId: `urn:uuid:${randomUUID()}`,
        salt: randomBytes(16).toString('hex'),
        recipientName: frame.names.get(award.personId)!,
        validFrom: frame.now,
        awardedAt: frame.awardedAt.get(award.id)!,
        established: award.evaluation.established,
        issuer: frame.issuer,
        achievement: {
          ...award.achievement,
          creator: { slug: creator.slug, name: creator.public_name },
          pictureAlt: badgePictureAlt(award.achievement.picture),
        },
        session:
          award.evaluation.sessionId === null
            ? null
            : (frame.sessions.get(award.evaluation.sessionId) ?? null),
        status: { listUrl: statusListUrl(input.origin, slot.statusListPublicId), index: slot.index },
      }),
    );
  });
  await tx.query(
    `insert into credential (id, award_id, organisation_id, edition, public_id, state, outbox_id, status_list_id,
                             status_index, issuer_did, payload, payload_sha256)
     select id, award, $1, $2, address, 'planned', outbox, list, index, $3, payload, digest
     from unnest($4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::int[], $10::text[], $11::text[])
       as t (id, award, address, outbox, list, index, payload, digest)`,
    [
      input.organisationId,
      openBadgeEdition,
      frame.issuer.did,
      credentials.map((c) => c.id),
      credentials.map((c) => c.award.id),
      credentials.map((c) => c.publicId),
      credentials.map((_, index) => outboxIds[Math.floor(index / batchSize)]),
      credentials.map((c) => slots.get(c.id)!.statusListId),
      credentials.map((c) => slots.get(c.id)!.index),
      payloads,
      payloads.map((p) => sha256(p).toString('hex')),
    ],
  );
  return outboxIds;
}
