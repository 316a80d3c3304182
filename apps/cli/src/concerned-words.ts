import type { ConcernedBadge } from '#badges';
import { type Language, type Text, textIn } from '#platform';
import { firstOf } from './first-of.js';

/** A badge that a stolen key signed, with the address of its page. */
export type AddressedBadge = ConcernedBadge & { address: string };

const kinds = [
  {
    isRejected: true,
    heading: { fr: 'Ne sont plus authentiques :', en: 'No longer authentic:' },
    what: { fr: 'qui ne sont plus authentiques', en: 'that are no longer authentic' },
  },
  {
    isRejected: false,
    heading: { fr: 'Restent authentiques, avec une note :', en: 'Stay authentic, with a note:' },
    what: { fr: 'qui restent authentiques', en: 'that stay authentic' },
  },
];

/**
 * Names the badges that a stolen key signed: first those signed since the theft, then those signed before. Of each kind
 * at most twenty, those first that are shown or were: somebody may have to be told.
 */
export function concernedInWords(badges: readonly AddressedBadge[], language: Language): string[] {
  return kinds.flatMap(({ isRejected, heading, what }) => {
    const ofKind = badges.filter((one) => one.isRejected === isRejected);
    if (ofKind.length === 0) return [];
    const seen = ({ isShared, wasShared }: AddressedBadge): number => Number(isShared) + Number(wasShared);
    const sorted = ofKind.toSorted((a, b) => seen(b) - seen(a));
    return [heading, ...firstOf(sorted, lineOf, what)].map((line) => textIn(line, language));
  });
}

function lineOf({ address, badge, signedAt, awardId, isShared, wasShared }: AddressedBadge): Required<Text> {
  const line = (showing: string): string =>
    `  ${[address, badge, signedAt.toISOString(), showing, awardId].join('\t')}`;
  if (isShared) return { fr: line('montré'), en: line('shown') };
  return wasShared
    ? { fr: line('a été montré, ou a pu l’être'), en: line('was shown, or may have been') }
    : { fr: line('jamais montré'), en: line('never shown') };
}
