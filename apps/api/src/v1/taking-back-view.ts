import {
  type AwardEffect,
  type BadgeRevocation,
  type NamedBadge,
  reasonsFor,
  type StatusReason,
  statusReasonCodes,
  type TakingBack,
} from '#badges';
import { querySchema } from '../http/json-schema.js';
import { awardReasonSchema } from './award-view.js';
import { idSchema, instantSchema, objectOf, oneOf, orNull, textSchema, titled } from './schemas.js';

const text = { type: 'string' } as const;

const showing = {
  shown: {
    anyOf: [objectOf({ since: instantSchema, withName: { type: 'boolean' } }), { type: 'null' }],
    description: 'Since when its learner shows it.',
  },
  wasShown: {
    type: 'boolean',
    description:
      'It is shown, or was, or may have been before a backup was restored: somebody may have a copy.',
  },
};

const effectSchema = titled(
  'AwardEffect',
  objectOf({
    effect: oneOf(['appears', 'changes', 'falls']),
    how: {
      ...oneOf(['planned', 'withdrawn', 'revoked', 'replaced', 'superseded']),
      description:
        'withdrawn: without trace for the public. revoked: kept and told as such. replaced: withdrawn, and planned ' +
        'anew. superseded: told as such, and planned anew.',
    },
    personId: idSchema,
    badge: { ...text, description: 'Code of the badge.' },
    awardId: { ...orNull(idSchema), description: 'The award there is now; null when it appears.' },
    reasons: { type: 'array', description: 'What carries it, or what is missing.', items: awardReasonSchema },
    ...showing,
  }),
);

const changeSchema = objectOf({
  session: { ...text, description: 'Number of the session.' },
  person: {
    ...orNull(text),
    description:
      'Id of the person; another text for somebody who is not recorded yet; null for the session as a whole.',
  },
  target: {
    ...orNull(text),
    description:
      'What was assessed; null for the presence; held_on for the day of the session; withdrawn for a session that ' +
      'was withdrawn (from: since when) and counts again (to: counts).',
  },
  from: orNull(text),
  to: text,
  assessor: {
    anyOf: [objectOf({ from: orNull(text), to: text }), { type: 'null' }],
    description:
      'Who assessed, where that is corrected: ids of people, or the name while nobody is confirmed under it.',
  },
});

export const takingBackProperties = {
  digest: { ...text, description: 'Names all of it: pass it as expectedDigest to do exactly this.' },
  changes: { type: 'array', description: 'Facts that differ from the record.', items: changeSchema },
  effects: {
    type: 'array',
    description: 'What becomes of awards, and of those that stood on them.',
    items: effectSchema,
  },
  counts: objectOf({
    appear: { type: 'integer' },
    change: { type: 'integer' },
    fall: { type: 'integer' },
    shown: { type: 'integer', description: 'Badges that end and that their learners show now.' },
    wereShown: { type: 'integer', description: 'Badges that end and of which somebody may have a copy.' },
  }),
};

/** Of what takes a reason: why, as the analysis or the act was given it. */
export const reasonProperties = {
  reason: {
    ...orNull(oneOf(statusReasonCodes)),
    enum: [...statusReasonCodes, null],
    description: 'The class that was given, and that the digest covers then; null for an analysis without.',
  },
  reasonText: {
    anyOf: [textSchema, { type: 'null' }],
    description: 'What the public page says of it.',
  },
};

/** Why, as `reasonProperties` describe it. */
export const reasonView = ({ reason, reasonText }: TakingBack) => ({
  reason: reason ?? null,
  reasonText: reasonText ? { fr: reasonText.fr, en: reasonText.en } : null,
});

/** The query of an analysis that may be told why: then the digest holds for this reason alone. */
export const reasonQuery = (act: keyof typeof reasonsFor) =>
  querySchema<{ reason?: StatusReason }>(objectOf({ reason: analysedReason(act) }, ['reason']));

/** A reason that an analysis may be given. */
export const analysedReason = (act: keyof typeof reasonsFor) => ({
  ...oneOf(reasonsFor[act]),
  description: 'Told too: the digest then confirms this reason alone. Without, it confirms any.',
});

export const takingBackSchema = titled('TakingBack', objectOf(takingBackProperties));

export const revocationAnalysisSchema = titled(
  'RevocationAnalysis',
  objectOf({
    ...takingBackProperties,
    ...reasonProperties,
    revoked: {
      type: 'array',
      description: 'The badge that was named; a newer one too that has taken its place meanwhile.',
      items: objectOf({
        awardId: idSchema,
        personId: idSchema,
        publicId: { ...text, description: 'The last part of its address.' },
        badge: { ...text, description: 'Code of the badge.' },
        isChanged: { type: 'boolean', description: 'False when it is revoked already.' },
        replacedBy: { ...orNull(text), description: 'Public id of the badge that stands in its place.' },
        ...showing,
      }),
    },
  }),
);

const effectView = (one: AwardEffect) => ({
  effect: one.effect,
  how: one.how,
  personId: one.personId,
  badge: one.badge,
  awardId: one.awardId,
  reasons: one.reasons.map(({ code, text, sessionId, badge, assessorPersonId, on }) => ({
    code,
    text,
    sessionId,
    badge,
    assessorPersonId,
    on,
  })),
  ...showingOf(one),
});

const showingOf = ({ shown, wasShown }: Pick<NamedBadge, 'shown' | 'wasShown'>) => ({
  shown: shown && { since: shown.since, withName: shown.withName },
  wasShown,
});

export const revocationView = (told: BadgeRevocation) => {
  const { counts, ...view } = takingBackView(told);
  const ended = told.revoked.filter(({ isChanged }) => isChanged);
  return {
    ...view,
    ...reasonView(told),
    revoked: told.revoked.map(({ awardId, personId, publicId, badge, isChanged, replacedBy, ...one }) => ({
      ...{ awardId, personId, publicId, badge, isChanged, replacedBy },
      ...showingOf(one),
    })),
    counts: {
      ...counts,
      shown: counts.shown + ended.filter(({ shown }) => shown !== null).length,
      wereShown: counts.wereShown + ended.filter(({ wasShown }) => wasShown).length,
    },
  };
};

export const takingBackView = ({ digest, changes, effects }: TakingBack) => {
  const of = (effect: AwardEffect['effect']) => effects.filter((one) => one.effect === effect).length;
  return {
    digest,
    changes: changes.map(({ session, person, target, from, to, assessor }) => ({
      ...{ session, person, target, from, to },
      assessor: assessor && { from: assessor.from, to: assessor.to },
    })),
    effects: effects.map(effectView),
    counts: {
      appear: of('appears'),
      change: of('changes'),
      fall: of('falls'),
      shown: effects.filter(({ shown }) => shown !== null).length,
      wereShown: effects.filter(({ wasShown }) => wasShown).length,
    },
  };
};
