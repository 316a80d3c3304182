import { sha256Hex, type Text, textIn } from '#platform';
import type { AchievementKind } from './achievement.js';
import { achievementImage, achievementJson, establishedLevels } from './achievement-json.js';
import { achievementUrl, badgeUrl, issuerUrl, refreshUrl } from './addresses.js';
import type { Established } from './award.js';
import type { CredentialFacts, Json } from './credential-facts.js';
import { bilingual, levelResults } from './level-results.js';

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
  '/refreshService/id',
] as const;

/** What somebody was while earning a badge, where that is not a learner. */
const roles: Partial<Record<AchievementKind, Text>> = {
  'peer-animator': { fr: "Animation d'ateliers entre pairs", en: 'Animation of workshops among peers' },
};

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
    refreshService: {
      id: refreshUrl(origin, facts.publicId, facts.refreshSecret),
      type: '1EdTechCredentialRefresh',
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
