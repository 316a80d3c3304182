import type { Text } from '#platform';

// There may be thousands, and what to do is the same for each.
const told = 20;
/** Where people see all of them: it writes nothing, so that it can be asked at any time. */
export const howToSeeAll: Required<Text> = {
  fr: 'la même commande avec --dry-run --json les donne tous, sans rien écrire',
  en: 'the same command with --dry-run --json gives them all, and writes nothing',
};

/** Twenty of them in words, a line each, and how many more there are. @param what they are, as in « 3 more … » */
export function firstOf<T>(
  items: readonly T[],
  inWords: (item: T) => Required<Text>,
  what: Required<Text>,
): Required<Text>[] {
  // Never « 1 more »: the line that would say so names it as well.
  const named = items.length === told + 1 ? items.length : told;
  const more = items.length - named;
  return [
    ...items.slice(0, named).map(inWords),
    ...(more > 0
      ? [
          {
            fr: `  … et ${more} autres ${what.fr} (${howToSeeAll.fr}).`,
            en: `  … and ${more} more ${what.en} (${howToSeeAll.en}).`,
          },
        ]
      : []),
  ];
}
