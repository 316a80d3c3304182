import { competencyUrl } from '#frameworks';
import { sha256Hex, type Text, textIn } from '#platform';
import type { AchievementAlignment, AchievementKind, Criterion } from './achievement.js';
import type { Established } from './award.js';
import { bilingual, levelDescriptions, levelResults } from './level-results.js';

/** Everything a credential says, gathered in the planning transaction. Times are UTC, whole seconds. */
export interface CredentialFacts {
  origin: string;
  publicId: string;
  subjectId: string;
  salt: string;
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

const credentialContexts = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
] as const;

const achievementSchema =
  'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';

/**
 * JSON Pointers of what differs between two credentials of one badge, established in the same way. All the rest is
 * their common shape, whose canonical form is computed once.
 */
export const credentialSlots = [
  '/id',
  '/validFrom',
  '/awardedDate',
  '/credentialSubject/id',
  '/credentialSubject/identifier/*/identityHash',
  '/credentialSubject/identifier/*/salt',
  '/credentialSubject/activityStartDate',
  '/credentialSubject/activityEndDate',
  '/evidence/*/id',
  '/evidence/*/narrative',
  '/credentialStatus/id',
  '/credentialStatus/statusListIndex',
  '/credentialStatus/statusListCredential',
] as const;

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

/** What somebody was while earning a badge, where that is not a learner. */
const roles: Partial<Record<AchievementKind, Text>> = {
  'peer-animator': { fr: "Animation d'ateliers entre pairs", en: 'Animation of workshops among peers' },
};

export const badgeUrl = (origin: string, publicId: string): string => `${origin}/b/${publicId}`;
export const achievementUrl = (origin: string, publicId: string): string =>
  `${origin}/achievements/${publicId}`;
export const issuerUrl = (origin: string, slug: string): string => `${origin}/issuers/${slug}`;
export const statusListUrl = (origin: string, publicId: string): string => `${origin}/status/${publicId}`;

/** ISO 8601 in UTC without fractions, so that `nbf` of the VC-JWT can equal it (OB 3.0, VC-JWT). */
export const wholeSeconds = (instant: Date): string =>
  `${new Date(Math.floor(instant.getTime() / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** `sha256$` + hex(SHA-256(UTF-8 name followed by the salt)): OB 3.0 IdentityObject, identityHash. */
export const identityHash = (name: string, salt: string): string => `sha256$${sha256Hex(name + salt)}`;

// Making one takes longer than a whole credential.
const longDates = {
  fr: new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
};
const numbers = { fr: new Intl.NumberFormat('fr-FR'), en: new Intl.NumberFormat('en-GB') };

const longDate = (date: string, language: 'fr' | 'en'): string =>
  longDates[language].format(new Date(`${date}T12:00:00Z`));

function criteriaTexts(criteria: Criterion[], description: Text): Text {
  if (criteria.length === 0) return description;
  const list = (language: 'fr' | 'en') => criteria.map((c) => `- ${textIn(c.text, language)}`).join('\n');
  return { fr: list('fr'), en: list('en') };
}

/** OB 3.0 Image of one version of a badge: always an object. */
const achievementImage = (achievementId: string, alt: Text, language: 'fr' | 'en'): Json => ({
  id: `${achievementId}/image.png`,
  type: 'Image',
  caption: textIn(alt, language),
});

/** How it was established, in plain words and without naming anybody. */
export function evidenceText(session: CredentialFacts['session'], established: Established): Text {
  const level = establishedLevels.find((l) => l.key === established)!.name;
  if (session === null) return { fr: `${level.fr}.`, en: `${level.en}.` };
  const hours = session.durationMinutes / 60;
  return {
    fr: `${level.fr}, pendant l'atelier « ${textIn(session.workshop, 'fr')} » du ${longDate(session.heldOn, 'fr')} (${numbers.fr.format(hours)} h).`,
    en: `${level.en}, during the workshop "${textIn(session.workshop, 'en')}" of ${longDate(session.heldOn, 'en')} (${numbers.en.format(hours)} h).`,
  };
}

/**
 * The unsigned Open Badges 3.0 credential (VC 2.0 shape; OB 3.0 section 8, AchievementCredential). Pure: the same
 * facts give the same JSON. Every multi-valued field is an array and nothing is null (OB 3.0 JSON serialisation).
 */
export function credentialFor(facts: CredentialFacts): Json {
  const { origin, achievement, issuer } = facts;
  const achievementId = achievementUrl(origin, achievement.publicId);
  const established = `${achievementId}#established`;
  return {
    '@context': [...credentialContexts],
    id: badgeUrl(origin, facts.publicId),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: textIn(achievement.name, 'fr'),
    description: bilingual(achievement.description),
    image: achievementImage(achievementId, achievement.pictureAlt, 'fr'),
    issuer: issuerProfile(origin, issuer),
    validFrom: wholeSeconds(facts.validFrom),
    awardedDate: wholeSeconds(facts.awardedAt),
    credentialSubject: {
      id: facts.subjectId,
      type: ['AchievementSubject'],
      identifier: [
        {
          type: 'IdentityObject',
          hashed: true,
          identityHash: identityHash(facts.recipientName, facts.salt),
          identityType: 'name',
          salt: facts.salt,
        },
      ],
      ...(facts.session && {
        activityStartDate: wholeSeconds(facts.session.startsAt),
        activityEndDate: wholeSeconds(
          new Date(facts.session.startsAt.getTime() + facts.session.durationMinutes * 60_000),
        ),
      }),
      ...(roles[achievement.kind] && { role: bilingual(roles[achievement.kind]!) }),
      achievement: achievementJson(facts),
      result: [
        {
          type: ['Result'],
          resultDescription: established,
          achievedLevel: `${established}-${facts.established}`,
          value: textIn(establishedLevels.find((l) => l.key === facts.established)!.name, 'fr'),
        },
        ...levelResults(achievementId, achievement.alignments),
      ],
    },
    evidence: [
      {
        id: facts.evidenceId,
        type: ['Evidence'],
        name: 'Constat / Statement',
        narrative: bilingual(evidenceText(facts.session, facts.established)),
        genre: 'Statement',
      },
    ],
    credentialSchema: [{ id: achievementSchema, type: '1EdTechJsonSchemaValidator2019' }],
    credentialStatus: {
      id: `${facts.status.listUrl}#${facts.status.index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(facts.status.index),
      statusListCredential: facts.status.listUrl,
    },
  };
}

/** OB 3.0 Profile of the structure that issues. */
export function issuerProfile(origin: string, issuer: CredentialFacts['issuer']): Json {
  const description = bilingual(issuer.description);
  return {
    id: issuer.did,
    type: ['Profile'],
    name: issuer.name,
    url: issuer.url ?? issuerUrl(origin, issuer.slug),
    ...(description !== '' && { description }),
    ...(issuer.siret !== null && {
      otherIdentifier: [{ type: 'IdentifierEntry', identifier: issuer.siret, identifierType: 'ext:SIRET' }],
    }),
    ...(issuer.parent !== null && {
      parentOrg: { id: issuerUrl(origin, issuer.parent.slug), type: ['Profile'], name: issuer.parent.name },
    }),
  };
}

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

/** Address of a CFItem at any provider of CASE. */
const isCaseItem = /\/ims\/case\/v1p[01]\/CFItems\//;

function alignmentJson(origin: string, alignment: AchievementAlignment): Json {
  const framework = { code: alignment.framework, version: alignment.frameworkVersion };
  return {
    type: ['Alignment'],
    targetName: textIn(alignment.name, 'fr'),
    targetUrl: alignment.officialUri ?? competencyUrl(origin, framework, alignment.code),
    targetCode: alignment.code,
    targetFramework: `${textIn(alignment.frameworkName, 'fr')} (${alignment.frameworkVersion})`,
    ...((alignment.officialUri === null || isCaseItem.test(alignment.officialUri)) && {
      targetType: 'CFItem',
    }),
  };
}
