import type { Role } from '#people';
import type { Text } from '#platform';
import type { AttendanceStatus, Outcome } from '../session.entity.js';

export interface WorldWorkshop {
  id: string;
  code: string;
  title: Text;
  durationMinutes: number;
  maxParticipants: number;
  criteria: string[];
}

export interface WorldPerson {
  id: string;
  givenName: string;
  familyName: string;
  birthYear: number | null;
  nameKey: string;
  phone: string | null;
  email: string | null;
}

/** A session that the structure has recorded, with what is recorded of it. */
export interface WorldSession {
  id: string;
  code: string;
  heldOn: string;
  workshopCode: string;
  workshopTitle: Text;
  /** Since when nothing of it counts; null while it counts. */
  withdrawnAt: Date | null;
  anonymousCount: number;
  attendances: { personId: string; status: AttendanceStatus }[];
  assessments: {
    personId: string;
    targetCode: string;
    outcome: Outcome;
    /** Null while nobody is confirmed under the name. */
    assessorPersonId: string | null;
    assessorName: string;
  }[];
}

export interface Mandate {
  personId: string;
  role: Role;
  validFrom: string;
  validUntil: string | null;
}

/** What a campaign file is read against: all that the structure knows, and nothing of another structure. */
export interface CampaignWorld {
  organisation: { id: string; slug: string };
  /** Newest version of each workshop the structure may give. */
  workshops: WorldWorkshop[];
  /** Assessable competency codes by framework code, as `crcn` and `digcomp-2.2`. */
  competencies: Record<string, string[]>;
  sessions: WorldSession[];
  persons: WorldPerson[];
  /** Spellings that a human has said to be a known person. */
  aliases: { nameKey: string; birthYear: number | null; personId: string }[];
  mandates: Mandate[];
  otherSlugs: string[];
  /** Fingerprints of the cases that were held or decided before. */
  decidedCases: string[];
}

export const hasMandate = (world: CampaignWorld, personId: string, role: Role, day: string): boolean =>
  world.mandates.some(
    (mandate) =>
      mandate.personId === personId &&
      mandate.role === role &&
      mandate.validFrom <= day &&
      (mandate.validUntil === null || day <= mandate.validUntil),
  );
