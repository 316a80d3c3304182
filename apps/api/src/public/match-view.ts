import { type AssociationView, competencyPath, crosswalkNote } from '#frameworks';
import type { Text } from '#platform';
import type { MatchKind, MatchView } from '../pages/framework-views.js';

/** Words for an association as its origin (`to`) and its destination (`from`) see it. */
const kinds: Record<string, { to: MatchKind; from: MatchKind }> = {
  exactMatchOf: { to: 'same', from: 'same' },
  isRelatedTo: { to: 'close', from: 'close' },
  isPeerOf: { to: 'peer', from: 'peer' },
  isPartOf: { to: 'part', from: 'whole' },
  isChildOf: { to: 'part', from: 'whole' },
  precedes: { to: 'before', from: 'after' },
  replacedBy: { to: 'replacedBy', from: 'replaces' },
  isTranslationOf: { to: 'translates', from: 'translated' },
  'ext:broader': { to: 'broader', from: 'narrower' },
  'ext:narrower': { to: 'narrower', from: 'broader' },
};

/** Our own remark stands in the database in one language; what others noted is shown as it is. */
const noteText = (note: string): Text =>
  note === crosswalkNote ? { fr: 'Proposé par ce projet, non officiel.', en: note } : { fr: note, en: note };

const isAddress = (text: string | null): text is string => /^https?:\/\//.test(text ?? '');

/**
 * A match for the page of a competency.
 * @param titles of the frameworks that are here, by code
 */
export function matchView(match: AssociationView, titles: Map<string, Text>): MatchView {
  const { framework, version, code, source, sourceUri } = match;
  const isHere = framework !== null && version !== null && code !== null;
  const known = Object.hasOwn(kinds, match.kind) ? kinds[match.kind] : undefined;
  return {
    kind: known?.[match.direction] ?? 'other',
    ...(framework !== null && { framework: titles.get(framework) ?? { fr: framework, en: framework } }),
    ...(code !== null && { code }),
    ...(match.title !== null && { title: match.title }),
    ...(isHere && { href: competencyPath({ code: framework, version }, code) }),
    ...(!isHere && isAddress(match.targetUri) && { href: match.targetUri, isElsewhere: true }),
    ...(match.note !== null && { note: noteText(match.note) }),
    ...(match.statedBy !== null &&
      match.statedOn !== null && {
        said: {
          by: match.statedBy,
          on: match.statedOn,
          source: source ?? '',
          ...(isAddress(sourceUri) && { sourceHref: sourceUri }),
        },
      }),
  };
}
