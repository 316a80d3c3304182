import { alignmentTargetType, competencyUrl } from '#frameworks';
import { type Text, textIn } from '#platform';
import type { AchievementAlignment, AchievementKind, Criterion } from './achievement.js';
import { achievementUrl, issuerUrl } from './addresses.js';
import type { Established } from './award.js';
import type { CredentialFacts, Json } from './credential-facts.js';
import { bilingual, levelDescriptions } from './level-results.js';

/** The five ways something was established, in rising order, with the words people read. */
export const establishedLevels: { key: Established; name: Text }[] = [
  { key: 'declared', name: { fr: 'Déclaré par la personne', en: 'Declared by the person' } },
  { key: 'attended', name: { fr: 'Présence constatée', en: 'Attendance recorded' } },
  {
    key: 'observed-by-one',
    name: { fr: 'Observé par une personne habilitée', en: 'Observed by one authorised person' },
  },
  {
    key: 'observed-by-two',
    name: { fr: 'Observé par deux personnes habilitées', en: 'Observed by two authorised persons' },
  },
  { key: 'tested', name: { fr: 'Vérifié par une épreuve', en: 'Verified by a test' } },
];

const achievementTypes: Record<AchievementKind, string> = {
  workshop: 'Badge',
  pathway: 'CertificateOfCompletion',
  'peer-animator': 'Badge',
  professional: 'Badge',
};

function criteriaTexts(criteria: Criterion[], description: Text): Text {
  if (criteria.length === 0) return description;
  const list = (language: 'fr' | 'en') => criteria.map((c) => `- ${textIn(c.text, language)}`).join('\n');
  return { fr: list('fr'), en: list('en') };
}

/** OB 3.0 Image of one version of a badge: always an object. */
export const achievementImage = (achievementId: string, alt: Text, language: 'fr' | 'en'): Json => ({
  id: `${achievementId}/image.png`,
  type: 'Image',
  caption: textIn(alt, language),
});

/** OB 3.0 Achievement, one version: what stands in the credential and behind the achievement's address. */
export function achievementJson({
  origin,
  achievement,
}: Pick<CredentialFacts, 'origin' | 'achievement'>): Json {
  const id = achievementUrl(origin, achievement.publicId);
  const established = `${id}#established`;
  return {
    id,
    type: ['Achievement'],
    achievementType: achievementTypes[achievement.kind],
    name: textIn(achievement.name, 'fr'),
    description: bilingual(achievement.description),
    criteria: {
      id: `${id}#criteria`,
      narrative: bilingual(criteriaTexts(achievement.criteria, achievement.description)),
    },
    image: achievementImage(id, achievement.pictureAlt, 'fr'),
    creator: {
      id: issuerUrl(origin, achievement.creator.slug),
      type: ['Profile'],
      name: achievement.creator.name,
      url: issuerUrl(origin, achievement.creator.slug),
    },
    ...(achievement.alignments.length > 0 && {
      alignment: achievement.alignments.map((alignment) => alignmentJson(origin, alignment)),
    }),
    humanCode: achievement.code,
    inLanguage: 'fr',
    version: String(achievement.version),
    ...relatedOf(origin, achievement),
    resultDescription: [
      {
        id: established,
        type: ['ResultDescription'],
        name: 'Comment cela a été établi / How it was established',
        resultType: 'RubricCriterionLevel',
        rubricCriterionLevel: establishedLevels.map((level, index) => ({
          id: `${established}-${level.key}`,
          type: ['RubricCriterionLevel'],
          name: bilingual(level.name).replace('\n\nEnglish: ', ' / '),
          level: String(index + 1),
        })),
      },
      ...levelDescriptions(id, achievement.alignments),
    ],
  };
}

/** Translations and earlier versions of an achievement (OB 3.0, Related), nothing when there are none. */
function relatedOf(
  origin: string,
  { publicId, version, name, earlier = [] }: CredentialFacts['achievement'],
) {
  const related = [
    ...(name.en === undefined
      ? []
      : [{ id: `${achievementUrl(origin, publicId)}?lang=en`, inLanguage: 'en', version: String(version) }]),
    ...earlier.map((one) => ({
      id: achievementUrl(origin, one.publicId),
      inLanguage: 'fr',
      version: String(one.version),
    })),
  ];
  return related.length === 0
    ? {}
    : { related: related.map(({ id, ...one }) => ({ id, type: ['Related'], ...one })) };
}

/**
 * The same achievement in English alone: what stands behind the address that `related` gives for the translation.
 * Undefined when there is no English.
 */
export function translatedAchievementJson(
  facts: Pick<CredentialFacts, 'origin' | 'achievement'>,
): Json | undefined {
  const { origin, achievement } = facts;
  if (achievement.name.en === undefined) return undefined;
  const id = achievementUrl(origin, achievement.publicId);
  const criteria = criteriaTexts(achievement.criteria, achievement.description);
  return {
    ...achievementJson(facts),
    id: `${id}?lang=en`,
    name: achievement.name.en,
    description: textIn(achievement.description, 'en'),
    criteria: { id: `${id}#criteria`, narrative: textIn(criteria, 'en') },
    image: achievementImage(id, achievement.pictureAlt, 'en'),
    inLanguage: 'en',
    related: [{ id, type: ['Related'], inLanguage: 'fr', version: String(achievement.version) }],
  };
}

function alignmentJson(origin: string, alignment: AchievementAlignment): Json {
  const framework = { code: alignment.framework, version: alignment.frameworkVersion };
  const targetType = alignmentTargetType(alignment.officialUri);
  return {
    type: ['Alignment'],
    targetName: textIn(alignment.name, 'fr'),
    targetUrl: alignment.officialUri ?? competencyUrl(origin, framework, alignment.code),
    targetCode: alignment.code,
    targetFramework: `${textIn(alignment.frameworkName, 'fr')} (${alignment.frameworkVersion})`,
    ...(targetType && { targetType }),
  };
}
