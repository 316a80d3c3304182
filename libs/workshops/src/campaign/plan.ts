import type { AttendanceStatus, Outcome, StaffRole } from '../session.entity.js';
import type { Issue } from './issue.js';
import type { RowContent } from './row.js';

export type Verdict = 'accepted' | 'accepted_with_warning' | 'no_award' | 'held' | 'rejected' | 'duplicate';

/** A person of the file (`p:key#year`) or of the structure (`id:uuid`). */
export type PersonRef = string;

export interface PlannedRow {
  row: number;
  line: number;
  verdict: Verdict;
  issues: Issue[];
}

export interface PlannedPerson {
  ref: PersonRef;
  /** Null for somebody the structure does not know yet. */
  knownId: string | null;
  givenName: string;
  familyName: string;
  birthYear: number | null;
  nameKey: string;
  phone: string | null;
  email: string | null;
}

export interface PlannedStaff {
  name: string;
  role: StaffRole;
  /** Null while nobody has said who it is. */
  person: PersonRef | null;
}

export interface PlannedSession {
  code: string;
  knownId: string | null;
  workshopId: string;
  workshopCode: string;
  /** YYYY-MM-DD. */
  heldOn: string;
  /** HH:MM in Europe/Paris. */
  time: string | null;
  durationMinutes: number;
  place: string | null;
  staff: PlannedStaff[];
}

export interface PlannedAttendance {
  session: string;
  person: PersonRef;
  status: AttendanceStatus;
}

export interface PlannedAssessment {
  session: string;
  person: PersonRef;
  targetKind: 'competency' | 'criterion';
  targetCode: string;
  outcome: Outcome;
  assessorName: string;
  /** Set when a member with the assessor's mandate on that day has this name. */
  assessor: PersonRef | null;
}

/** Facts for the schema "private". */
export interface PlannedPrivateFacts {
  diagnostics: {
    person: PersonRef;
    doneOn: string | null;
    startingLevel: string | null;
    equipment: string[];
    language: string | null;
    gender: string | null;
    municipality: string | null;
  }[];
  observations: { session: string; person: PersonRef; note: string }[];
  wishes: { person: PersonRef; wish: 'yes' | 'no' | 'ask' }[];
}

/** Everything a confirmation writes, sorted: the order of the file's rows does not show in it. */
export interface CampaignFacts {
  people: PlannedPerson[];
  sessions: PlannedSession[];
  attendances: PlannedAttendance[];
  /** Walk-ins not yet counted, with what was noted about each. */
  anonymous: { session: string; note: string | null }[];
  assessments: PlannedAssessment[];
  private: PlannedPrivateFacts;
}

export interface UnknownStaff {
  name: string;
  /** `unknown`: nobody has this name; `no_mandate`: known, not an assessor then; `ambiguous`: several have it. */
  reason: 'unknown' | 'no_mandate' | 'ambiguous';
  /** Who it would be, when exactly one person has this name. */
  person: PersonRef | null;
  asAssessor: boolean;
  asLead: boolean;
  asCoAnimator: boolean;
  sessions: string[];
  /** YYYY-MM-DD of the first session where the name stands. */
  firstDate: string;
}

export interface HeldPerson {
  ref: PersonRef;
  name: string;
  birthYear: number | null;
  known: boolean;
}

export interface PlannedCase {
  kind: 'probable_duplicate' | 'contradiction' | 'contradicts_record';
  sessionCodes: string[];
  /** Who the rows may be about; the first is the person who stays when they are one. */
  people: HeldPerson[];
  rows: { row: number; person: PersonRef; content: RowContent }[];
  /** Hex SHA-256 of the rows' content, whatever their order or file. */
  fingerprint: string;
}

export interface CampaignCounts {
  rows: number;
  accepted: number;
  acceptedWithWarning: number;
  noAward: number;
  held: number;
  rejected: number;
  duplicates: number;
  people: number;
  peopleNew: number;
  peopleKnown: number;
  sessions: number;
  sessionsNew: number;
  attendances: number;
  anonymous: number;
  assessments: number;
  heldCases: number;
  minors: number;
  publicationWishes: number;
}

export interface SessionNotice {
  session: string;
  issues: Issue[];
}

/** What an import of a file would do. Nothing is written to make it. */
export interface CampaignPlan {
  fileName: string;
  /** Hex. */
  fileSha256: string;
  /** Hex SHA-256 of everything that would be written: a confirmation that names it does exactly this. */
  digest: string;
  /** Set when the form of the file is broken: rows are told, nothing may be written. */
  refusal: Issue | null;
  /** Column titles that were not read, and optional ones that are not there. */
  columns: { unknown: string[]; absent: string[] };
  rows: PlannedRow[];
  sessionNotices: SessionNotice[];
  unknownStaff: UnknownStaff[];
  /** Known people or learners of the file who animate sessions. */
  peerAnimators: { name: string; person: PersonRef; sessions: string[]; firstDate: string }[];
  heldCases: PlannedCase[];
  facts: CampaignFacts;
  counts: CampaignCounts;
}
