import type { Text } from '#platform';
import type { AchievementAlignment, AchievementKind, Criterion } from './achievement.js';
import type { Established } from './award.js';

/** Everything a credential says, gathered in the planning transaction. Times are UTC, whole seconds. */
export interface CredentialFacts {
  origin: string;
  publicId: string;
  subjectId: string;
  salt: string;
  /** What only the badge says: the last part of its refresh address. 32 hexadecimal digits. */
  refreshSecret: string;
  recipientName: string;
  validFrom: Date;
  awardedAt: Date;
  established: Established;
  issuer: {
    did: string;
    slug: string;
    name: string;
    url: string | null;
    description: Text;
    siret: string | null;
    parent: { slug: string; name: string } | null;
  };
  achievement: {
    publicId: string;
    code: string;
    version: number;
    kind: AchievementKind;
    name: Text;
    description: Text;
    criteria: Criterion[];
    alignments: AchievementAlignment[];
    creator: { slug: string; name: string };
    pictureAlt: Text;
    /** Versions of the same badge before this one, newest first. */
    earlier?: { publicId: string; version: number }[];
  };
  session: { heldOn: string; startsAt: Date; durationMinutes: number; workshop: Text } | null;
  evidenceId: string;
  status: { listUrl: string; index: number };
}

export type Json = Record<string, unknown>;
