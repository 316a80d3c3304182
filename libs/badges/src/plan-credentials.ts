import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { appendAudit, programVersion, publicId, sha256Hex, type Text, textArray, uuid } from '#platform';
import { didWebFor, PublicKeys } from '#signing';
import type { Achievement } from './achievement.js';
import { statusListUrl } from './addresses.js';
import { allocateStatus } from './allocate-status.js';
import { openBadgeEdition } from './credential.js';
import type { CredentialFacts } from './credential-facts.js';
import { CredentialTexts } from './credential-texts.js';
import { earlierVersions } from './earlier-versions.js';
import { assertInstallation } from './installation.js';
import { badgePictureAlt } from './picture/badge-picture.js';
import type { Evaluation } from './rule.js';

/** Awards in one job at most. */
const batchSize = 100;
// A room of eight goes before a campaign of thousands.
const roomSize = 12;
const secretBytes = 16;

/** An award that was inserted in this transaction, with why. */
export interface NewAward {
  id: string;
  personId: string;
  achievement: Achievement;
  evaluation: Extract<Evaluation, { met: true }>;
}

interface Frame {
  issuer: CredentialFacts['issuer'];
  organisations: Map<string, { slug: string; public_name: string }>;
  names: Map<string, string>;
  sessions: Map<string, NonNullable<CredentialFacts['session']>>;
  awardedAt: Map<string, Date>;
  earlier: Map<string, { publicId: string; version: number }[]>;
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
    earlier: await earlierVersions(tx, [...new Set(awards.map((a) => a.achievement.id))]),
    awardedAt: new Map(awarded.map((a) => [a.id, a.awarded_at])),
    now,
  };
}

/** What a credential says of an achievement, put together once for everybody who is awarded it now. */
function achievementFacts(frame: Frame): (achievement: Achievement) => CredentialFacts['achievement'] {
  const known = new Map<Achievement, CredentialFacts['achievement']>();
  return (achievement) => {
    const facts = known.get(achievement) ?? {
      ...achievement,
      creator: creatorOf(achievement, frame),
      earlier: frame.earlier.get(achievement.id) ?? [],
      pictureAlt: badgePictureAlt(achievement.picture),
    };
    known.set(achievement, facts);
    return facts;
  };
}

function creatorOf({ organisationId }: Achievement, frame: Frame): { slug: string; name: string } {
  const { slug, public_name: name } = frame.organisations.get(organisationId)!;
  return { slug, name };
}

/** The keys that will sign (I2), so that the worker has nothing to write before it does; nulls when it must make them. */
async function activeKeys(
  tx: EntityManager,
  organisationId: string,
): Promise<[string, string] | [null, null]> {
  const { Ed25519, RS256 } = await new PublicKeys(tx.connection).active(organisationId, tx);
  return Ed25519 && RS256 ? [Ed25519.id, RS256.id] : [null, null];
}

/**
 * The number of the batch that each award goes into, from 0. What one person earns goes together, since a pathway badge
 * waits for the badges that it stands on.
 */
function batchesOf(awards: NewAward[]): number[] {
  const batches: number[] = [];
  let batch = 0;
  let size = 0;
  for (const [at, { personId }] of awards.entries()) {
    if (awards[at - 1]?.personId !== personId) {
      let own = 1;
      while (awards[at + own]?.personId === personId) own += 1;
      if (size > 0 && size + own > batchSize) size = batchSize;
    }
    if (size === batchSize) {
      batch += 1;
      size = 0;
    }
    batches.push(batch);
    size += 1;
  }
  return batches;
}

/**
 * Fixes everything a signature will cover: credential id, status index and the exact payload bytes, and promises the
 * signing in the outbox, in the caller's transaction.
 * @returns outbox rows to put in the queue once the transaction is committed
 * @throws OriginChanged (`origin_changed`) when this data issues under another origin
 */
export async function planCredentials(
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
  const batches = batchesOf(awards);
  const outboxIds = Array.from({ length: Math.max(0, ...batches) + 1 }, () => uuid());
  const priority = credentials.length <= roomSize ? 1 : 10;
  await tx.query(
    `insert into outbox (id, topic, organisation_id, priority) select id, 'sign', $1, $2 from unnest($3::uuid[]) as t (id)`,
    [input.organisationId, priority, outboxIds],
  );
  const achievementOf = achievementFacts(frame);
  const texts = new CredentialTexts(frame.issuer);
  // A salt and a refresh secret for each.
  const random = randomBytes(2 * secretBytes * credentials.length);
  const secret = (place: number): string =>
    random.toString('hex', secretBytes * place, secretBytes * (place + 1));
  const payloads = credentials.map(({ id, publicId: address, award }, index) => {
    const slot = slots.get(id)!;
    return texts.textOf({
      origin: input.origin,
      publicId: address,
      subjectId: `urn:uuid:${randomUUID()}`,
      evidenceId: `urn:uuid:${randomUUID()}`,
      salt: secret(2 * index),
      refreshSecret: secret(2 * index + 1),
      recipientName: frame.names.get(award.personId)!,
      validFrom: frame.now,
      awardedAt: frame.awardedAt.get(award.id)!,
      established: award.evaluation.established,
      issuer: frame.issuer,
      achievement: achievementOf(award.achievement),
      session:
        award.evaluation.sessionId === null ? null : (frame.sessions.get(award.evaluation.sessionId) ?? null),
      status: { listUrl: statusListUrl(input.origin, slot.statusListPublicId), index: slot.index },
    });
  });
  const digests = payloads.map((p) => sha256Hex(p));
  const [ed25519KeyId, rs256KeyId] = await activeKeys(tx, input.organisationId);
  await tx.query(
    `insert into credential (id, award_id, organisation_id, edition, public_id, state, outbox_id, status_list_id,
                             status_index, issuer_did, payload, payload_sha256, ed25519_key_id, rs256_key_id)
     select id, award, $1, $2, address, 'planned', outbox, list, index, $3, payload, digest, $12, $13
     from unnest($4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::int[], $10::text[], $11::text[])
       as t (id, award, address, outbox, list, index, payload, digest)`,
    [
      input.organisationId,
      openBadgeEdition,
      frame.issuer.did,
      credentials.map((c) => c.id),
      credentials.map((c) => c.award.id),
      textArray(credentials.map((c) => c.publicId)),
      batches.map((batch) => outboxIds[batch]),
      credentials.map((c) => slots.get(c.id)!.statusListId),
      credentials.map((c) => slots.get(c.id)!.index),
      textArray(payloads),
      textArray(digests),
      ed25519KeyId,
      rs256KeyId,
    ],
  );
  await appendAudit(
    tx,
    credentials.map(({ id, award }, index) => ({
      actor: 'rules',
      action: 'credential.planned',
      subject: { credentialId: id, awardId: award.id, payloadSha256: digests[index]! },
    })),
  );
  return outboxIds;
}
