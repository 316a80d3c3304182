import { type EndorsementView, endorsementUrl } from '#badges';
import { idSchema, instantSchema, objectOf, oneOf, orNull, titled } from './schemas.js';

const text = { type: 'string' } as const;

export const endorsementSchema = titled(
  'Endorsement',
  objectOf({
    id: idSchema,
    target: oneOf(['achievement', 'issuer', 'badge']),
    subjectId: { ...text, description: 'Id of what is endorsed.' },
    state: {
      ...oneOf(['asked', 'given', 'accepted', 'refused', 'withdrawn', 'cancelled']),
      description: 'Given: waits for the endorsed party. Words of what was refused or withdrawn are erased.',
    },
    form: {
      ...orNull(text),
      enum: ['own-key', 'received', 'brought', null],
      description:
        'Who stands behind it: an organisation of this service with its own key; words from outside, whose author nobody checked; a credential signed elsewhere.',
    },
    endorserName: orNull(text),
    endorserUrl: orNull(text),
    comment: orNull(text),
    askedAt: instantSchema,
    expiresAt: { ...instantSchema, description: 'Until when the link can be used.' },
    givenAt: orNull(instantSchema),
    decidedAt: orNull(instantSchema),
    endedAt: orNull(instantSchema),
    isShown: { type: 'boolean', description: 'It is signed, and anybody may read it.' },
    address: { ...text, description: 'Where anybody reads it: a page, JSON-LD or a JWT.' },
  }),
);

/** An endorsement as its parties see it. */
export const endorsementView = ({ publicId, ...view }: EndorsementView, origin: string) => ({
  ...view,
  address: endorsementUrl(origin, publicId),
});
