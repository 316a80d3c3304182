import type { DataSource } from 'typeorm';
import { staffKey } from '#people';
import { Clock, DomainError, dateIn, type Fault, SystemClock } from '#platform';
import { lockCampaigns, type OnFacts } from './campaign/import-campaign.js';
import { loadCampaignWorld } from './campaign/load-world.js';
import type { CampaignFacts, PlannedSession } from './campaign/plan.js';
import { readSessionCode, sessionCodesIn } from './campaign/session-code.js';
import type { CampaignWorld, WorldPerson, WorldWorkshop } from './campaign/world.js';
import { writeFacts } from './campaign/write-facts.js';
import type { AttendanceStatus, Outcome, StaffRole } from './session.entity.js';

/** One criterion of the workshop or one competency (CRCN or DigComp 2.2 code), as an assessor saw it. */
export type NewAssessment = {
  personId: string;
  outcome: Outcome;
  assessorPersonId: string;
} & ({ criterion: string } | { competency: string });

/** A session that was held, with everything seen in it. People are named by the ids the structure gave them. */
export interface NewSession {
  organisationId: string;
  /** The session's number in the structure. */
  code: string;
  /** Code of a workshop that the structure may give. */
  workshop: string;
  /** YYYY-MM-DD. */
  heldOn: string;
  /** HH:MM in Europe/Paris. */
  time?: string;
  /** The workshop's own when left out. */
  durationMinutes?: number;
  place?: string;
  staff: { personId: string; role: StaffRole }[];
  attendances: { personId: string; status: AttendanceStatus }[];
  /** Walk-ins without a name, who were present. */
  anonymous: number;
  assessments: NewAssessment[];
}

/** What is said of a session cannot be so (`session_refused`); `faults` names each place by JSON Pointer. */
export class SessionRefused extends DomainError {
  readonly code = 'session_refused';
  constructor(readonly faults: Fault[]) {
    super(`The session is refused: ${faults.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
  }
}

/** The structure has recorded a session with this number (`session_code_taken`). */
export class SessionCodeTaken extends DomainError {
  readonly code = 'session_code_taken';
  constructor(session: string) {
    super(`The session ${session} is recorded already`, { details: { session } });
  }
}

const nameOf = ({ givenName, familyName }: WorldPerson): string => `${givenName} ${familyName}`.trim();
const targetOf = (one: NewAssessment): string => ('criterion' in one ? one.criterion : one.competency);

/** Records one session without a campaign file: who animated, who came, what was assessed. */
export class RecordSession {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  /**
   * Writes all of it in one transaction, or nothing.
   * @param onFacts plans awards in the same transaction
   * @returns the session's id and its number as recorded
   * @throws SessionRefused (`session_refused`), SessionCodeTaken (`session_code_taken`), CampaignNotReady
   *   (`campaign_not_ready`)
   */
  async run(given: NewSession, onFacts?: OnFacts): Promise<{ sessionId: string; code: string }> {
    return this.database.transaction(async (tx) => {
      const { organisationId } = given;
      await lockCampaigns(tx, organisationId);
      const world = await loadCampaignWorld(tx, organisationId, sessionCodesIn([given.code]), namedIn(given));
      const facts = factsOf(given, world, dateIn(this.clock.now()));
      const { code } = facts.sessions[0]!;
      if (world.sessions.some((session) => session.code === code)) throw new SessionCodeTaken(code);
      const { sessionIds } = await writeFacts(tx, organisationId, facts);
      if (onFacts) await onFacts(tx, { personIds: peopleIn(given), sessionIds });
      return { sessionId: sessionIds[0]!, code };
    });
  }
}

/** Everybody whose awards the session may change. */
const peopleIn = ({ staff, attendances }: NewSession): string[] => [
  ...new Set([...staff, ...attendances].map(({ personId }) => personId)),
];

/** Everybody that the session names, once each. */
const namedIn = (given: NewSession): string[] => [
  ...new Set([...peopleIn(given), ...given.assessments.map(({ assessorPersonId }) => assessorPersonId)]),
];

/** Pure: the facts to write. @throws SessionRefused with every fault at once */
function factsOf(given: NewSession, world: CampaignWorld, today: string): CampaignFacts {
  const faults: Fault[] = [];
  const refuse = (path: string, message: string) => faults.push({ path, message });
  const workshop = world.workshops.find(({ code }) => code === given.workshop);
  if (!workshop) refuse('/workshop', 'is not a workshop that this structure may give');
  const code = readSessionCode(given.code, world);
  if ('fault' in code) refuse('/code', code.fault.message.en);
  if (given.heldOn > today) refuse('/heldOn', 'is in the future');
  const people = new Map(world.persons.map((person) => [person.id, person]));
  refuseStaff(given, people, refuse);
  refuseAttendances(given, people, refuse);
  refuseAssessments(given, workshop, world, people, refuse);
  if (faults.length > 0 || !workshop || 'fault' in code) throw new SessionRefused(faults);
  return plannedFacts(given, plannedSession(given, code.value, workshop, people), people);
}

type Refuse = (path: string, message: string) => void;
type People = ReadonlyMap<string, WorldPerson>;
const unknownPerson = 'is not a person of this structure';

function refuseStaff({ staff }: NewSession, people: People, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [at, { personId, role }] of staff.entries()) {
    const person = people.get(personId);
    if (!person) refuse(`/staff/${at}/personId`, unknownPerson);
    // The session keeps names beside ids: two people of one name and role cannot be told apart in it.
    else if (seen.has(`${role} ${staffKey(nameOf(person))}`))
      refuse(`/staff/${at}`, 'is here twice, or has the name of another one with this role');
    else seen.add(`${role} ${staffKey(nameOf(person))}`);
  }
}

function refuseAttendances({ attendances }: NewSession, people: People, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [at, { personId }] of attendances.entries()) {
    if (!people.has(personId)) refuse(`/attendances/${at}/personId`, unknownPerson);
    if (seen.has(personId)) refuse(`/attendances/${at}/personId`, 'is here twice');
    seen.add(personId);
  }
}

function refuseAssessments(
  { assessments, attendances }: NewSession,
  workshop: WorldWorkshop | undefined,
  world: CampaignWorld,
  people: People,
  refuse: Refuse,
): void {
  const present = new Set(
    attendances.filter(({ status }) => status === 'present').map(({ personId }) => personId),
  );
  const competencies = new Set(Object.values(world.competencies).flat());
  const seen = new Set<string>();
  for (const [at, one] of assessments.entries()) {
    const path = `/assessments/${at}`;
    if (!present.has(one.personId)) refuse(`${path}/personId`, 'was not present at the session');
    if (!people.has(one.assessorPersonId)) refuse(`${path}/assessorPersonId`, unknownPerson);
    if (one.assessorPersonId === one.personId) refuse(`${path}/assessorPersonId`, 'is the learner');
    if ('criterion' in one && workshop && !workshop.criteria.includes(one.criterion))
      refuse(`${path}/criterion`, `is not a criterion of ${workshop.code}`);
    if ('competency' in one && !competencies.has(one.competency))
      refuse(`${path}/competency`, 'is not a competency of CRCN or DigComp 2.2');
    const place = `${one.personId} ${targetOf(one)}`;
    if (seen.has(place)) refuse(path, 'assesses the same thing of the same person again');
    seen.add(place);
  }
}

const plannedSession = (
  given: NewSession,
  code: string,
  workshop: WorldWorkshop,
  people: People,
): PlannedSession => ({
  code,
  knownId: null,
  workshopId: workshop.id,
  workshopCode: workshop.code,
  heldOn: given.heldOn,
  time: given.time ?? null,
  durationMinutes: given.durationMinutes ?? workshop.durationMinutes,
  place: given.place ?? null,
  staff: given.staff.map(({ personId, role }) => ({
    name: nameOf(people.get(personId)!),
    role,
    person: `id:${personId}`,
  })),
});

const plannedFacts = (
  { attendances, anonymous, assessments }: NewSession,
  session: PlannedSession,
  people: People,
): CampaignFacts => ({
  people: [],
  sessions: [session],
  attendances: attendances.map(({ personId, status }) => ({
    session: session.code,
    person: `id:${personId}`,
    status,
  })),
  anonymous: Array.from({ length: anonymous }, () => ({ session: session.code, note: null })),
  assessments: assessments.map((one) => ({
    session: session.code,
    person: `id:${one.personId}`,
    targetKind: 'criterion' in one ? 'criterion' : 'competency',
    targetCode: targetOf(one),
    outcome: one.outcome,
    assessorName: nameOf(people.get(one.assessorPersonId)!),
    assessor: `id:${one.assessorPersonId}`,
  })),
  private: { diagnostics: [], observations: [], wishes: [] },
});
