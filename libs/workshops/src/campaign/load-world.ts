import type { EntityManager } from 'typeorm';
import { Organisation } from '#people';
import { workshopsFor } from '../import-catalogue.js';
import { CampaignNotReady } from './refusals.js';
import type { CampaignWorld, Mandate, WorldPerson, WorldSession } from './world.js';

/**
 * What a campaign file of a structure is read against.
 * @param sessionCodes sessions of which the recorded presences and assessments are needed
 * @param people when people are named by their ids: only these are read, and no other spelling of a name
 * @throws CampaignNotReady (`campaign_not_ready`) when the structure, its catalogue or the frameworks are missing
 */
export async function loadCampaignWorld(
  tx: EntityManager,
  organisationId: string,
  sessionCodes: string[],
  people?: readonly string[],
): Promise<CampaignWorld> {
  const organisation = await tx.findOneBy(Organisation, { id: organisationId });
  if (!organisation)
    throw new CampaignNotReady('There is no such organisation', { details: { organisationId } });
  const workshops = await workshopsFor(tx, organisationId);
  if (workshops.length === 0)
    throw new CampaignNotReady('No workshop is recorded: import a catalogue first', {
      details: { organisationId },
    });
  const competencies = await loadCompetencies(tx);
  if (Object.keys(competencies).length === 0)
    throw new CampaignNotReady('No competency is recorded: import the frameworks first', {
      details: { organisationId },
    });
  return {
    organisation: { id: organisation.id, slug: organisation.slug },
    workshops: workshops.map(({ id, code, title, durationMinutes, maxParticipants, criteria }) => ({
      id,
      code,
      title,
      durationMinutes,
      maxParticipants,
      criteria: criteria.map((criterion) => criterion.code),
    })),
    competencies,
    sessions: await loadSessions(tx, organisationId, sessionCodes),
    persons: await tx.query<WorldPerson[]>(
      `SELECT id, given_name AS "givenName", family_name AS "familyName", birth_year AS "birthYear",
         name_key AS "nameKey", phone, email FROM person
       WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) ORDER BY id`,
      [organisationId, people ?? null],
    ),
    aliases: await tx.query<CampaignWorld['aliases']>(
      `SELECT name_key AS "nameKey", birth_year AS "birthYear", person_id AS "personId"
       FROM person_alias WHERE organisation_id = $1 AND $2 ORDER BY id`,
      [organisationId, people === undefined],
    ),
    mandates: await tx.query<Mandate[]>(
      `SELECT person_id AS "personId", role, valid_from::text AS "validFrom", valid_until::text AS "validUntil"
       FROM membership
       WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR person_id = ANY ($2)) ORDER BY id`,
      [organisationId, people ?? null],
    ),
    otherSlugs: (
      await tx.query<{ slug: string }[]>('SELECT slug FROM organisation WHERE id <> $1', [organisationId])
    ).map(({ slug }) => slug),
    decidedCases: (
      await tx.query<{ fingerprint: string }[]>(
        'SELECT fingerprint FROM held_case WHERE organisation_id = $1',
        [organisationId],
      )
    ).map(({ fingerprint }) => fingerprint),
  };
}

/** Competences of the two frameworks that files name by bare code; a code may stand in both. */
async function loadCompetencies(tx: EntityManager): Promise<Record<string, string[]>> {
  const rows = await tx.query<{ framework: string; codes: string[] }[]>(
    `SELECT f.code AS framework, array_agg(DISTINCT c.code ORDER BY c.code) AS codes
     FROM competency c JOIN framework f ON f.id = c.framework_id
     WHERE f.code IN ('crcn', 'digcomp-2.2') AND c.type = 'competence' GROUP BY f.code ORDER BY f.code`,
  );
  return Object.fromEntries(rows.map(({ framework, codes }) => [framework, codes]));
}

async function loadSessions(
  tx: EntityManager,
  organisationId: string,
  codes: string[],
): Promise<WorldSession[]> {
  if (codes.length === 0) return [];
  const sessions = await tx.query<Omit<WorldSession, 'attendances' | 'assessments'>[]>(
    `SELECT s.id, s.code, s.held_on::text AS "heldOn", w.code AS "workshopCode", w.title AS "workshopTitle",
       s.withdrawn_at AS "withdrawnAt",
       (SELECT count(*)::int FROM attendance a WHERE a.session_id = s.id AND a.anonymous) AS "anonymousCount"
     FROM session s JOIN workshop w ON w.id = s.workshop_id
     WHERE s.organisation_id = $1 AND s.code = ANY ($2) ORDER BY s.code`,
    [organisationId, codes],
  );
  const byId = new Map<string, WorldSession>();
  for (const session of sessions) byId.set(session.id, { ...session, attendances: [], assessments: [] });
  const ids = [...byId.keys()];
  const attendances = await tx.query<({ sessionId: string } & WorldSession['attendances'][number])[]>(
    `SELECT session_id AS "sessionId", person_id AS "personId", status
     FROM attendance WHERE session_id = ANY ($1) AND person_id IS NOT NULL`,
    [ids],
  );
  for (const { sessionId, ...one } of attendances) byId.get(sessionId)!.attendances.push(one);
  const assessments = await tx.query<({ sessionId: string } & WorldSession['assessments'][number])[]>(
    `SELECT session_id AS "sessionId", person_id AS "personId", target_code AS "targetCode", outcome,
       assessor_person_id AS "assessorPersonId", assessor_name AS "assessorName"
     FROM assessment WHERE session_id = ANY ($1)`,
    [ids],
  );
  for (const { sessionId, ...one } of assessments) byId.get(sessionId)!.assessments.push(one);
  return [...byId.values()];
}
