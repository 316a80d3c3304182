import { type AwardView, badgeUrl, type Credential, type Reason } from '#badges';
import { idSchema, instantSchema, objectOf, oneOf, orNull, textSchema, titled } from './schemas.js';

const text = { type: 'string' } as const;

export const awardReasonSchema = objectOf(
  {
    code: text,
    text: textSchema,
    sessionId: idSchema,
    badge: text,
    assessorPersonId: idSchema,
    on: text,
  },
  ['sessionId', 'badge', 'assessorPersonId', 'on'],
);

/** JSON Schema of `awardView`. */
export const awardSchema = titled(
  'Award',
  objectOf({
    id: idSchema,
    badge: { type: 'string', description: 'Code of the badge.' },
    achievementVersion: { type: 'integer' },
    name: textSchema,
    personId: idSchema,
    sessionId: orNull(idSchema),
    awardedAt: instantSchema,
    established: oneOf(['declared', 'attended', 'observed-by-one', 'observed-by-two', 'tested']),
    state: {
      ...oneOf(['planned', 'issued', 'refused', 'cancelled', 'revoked']),
      description: 'cancelled: the facts no longer carry it. revoked: taken back for good.',
    },
    reasons: {
      type: 'array',
      description: 'The facts that made it so.',
      items: awardReasonSchema,
    },
    credential: {
      anyOf: [
        objectOf({
          state: oneOf(['planned', 'signed', 'refused']),
          signedAt: orNull(instantSchema),
          refusal: { type: ['object', 'null'], description: 'Why the credential was not signed.' },
        }),
        { type: 'null' },
      ],
    },
    publication: {
      ...orNull({ type: 'string', format: 'uri' }),
      description: 'Address of the badge while the learner shows it.',
    },
  }),
);

/** An award as `BadgeReader` lists it. */
export type ShownAward = Omit<AwardView, 'credential'> & {
  credential:
    | (Pick<Credential, 'publicId' | 'state' | 'refusal'> & { signedAt: Date | string | null })
    | null;
};

// The public id is told only while the badge is shown: whoever knows it can ask whether the badge is public.
export const awardView = (one: ShownAward, origin: string) => ({
  id: one.id,
  badge: one.badge,
  achievementVersion: one.achievementVersion,
  name: one.name,
  personId: one.personId,
  sessionId: one.sessionId,
  awardedAt: one.awardedAt,
  established: one.established,
  state: one.state,
  reasons: (one.reasons as Reason[]).map((reason) => ({
    code: reason.code,
    text: reason.text,
    sessionId: reason.sessionId,
    badge: reason.badge,
    assessorPersonId: reason.assessorPersonId,
    on: reason.on,
  })),
  credential: one.credential && {
    state: one.credential.state,
    signedAt: one.credential.signedAt,
    refusal: one.credential.refusal,
  },
  publication: one.credential && one.published ? badgeUrl(origin, one.credential.publicId) : null,
});
