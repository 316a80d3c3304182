import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readProjectJson } from '#platform';
import {
  Bitstring,
  buildStatusListCredential,
  didDocument,
  didWebFor,
  type JsonObject,
  jwkOf,
  multikeyOf,
  openBadgesContext,
  openBadgesExtensions,
  type PublicKeyRecord,
  signVcJwt,
  signWithDataIntegrity,
  statusEntry,
  vcContext,
} from '#signing';
import { type Fetched, Fetcher, FetchFailed, type VerificationReport, verifyCredential } from '#verification';

const jwks = readProjectJson<Record<string, never>>('test/vectors/published/published-test-keys.json');
const privateKey = (name: string): KeyObject => createPrivateKey({ key: jwks[name]!, format: 'jwk' });
export const keys = {
  ed: privateKey('issuerEd'),
  rsa: privateKey('issuerRsa'),
  ec: privateKey('issuerEc'),
  otherEd: privateKey('otherEd'),
  otherRsa: privateKey('otherRsa'),
};

export const origin = 'https://badges.example';
export const issuerDid = didWebFor(origin, 'north');
export const otherDid = didWebFor(origin, 'south');
export const now = new Date('2026-11-22T12:00:00Z');
export const issuedAt = new Date('2026-11-20T09:30:00Z');
export const listUrl = `${origin}/status/list1`;
export const edMethod = `${issuerDid}#ed-issuer`;
export const rsaKid = `${origin}/issuers/north/keys/rsa-issuer`;
export const ecKid = `${origin}/issuers/north/keys/ec-issuer`;
export const statusIndex = 4711;

const record = (id: string, key: KeyObject, algorithm: string): PublicKeyRecord => ({
  id,
  algorithm,
  publicJwk: jwkOf(key),
  publicMultibase: algorithm === 'Ed25519' ? multikeyOf(createPublicKey(key)) : null,
  compromisedSince: null,
});
export const issuerKeys = [
  record('ed-issuer', keys.ed, 'Ed25519'),
  record('rsa-issuer', keys.rsa, 'RS256'),
  record('ec-issuer', keys.ec, 'ES256'),
];
const otherKeys = [record('ed-other', keys.otherEd, 'Ed25519'), record('rsa-other', keys.otherRsa, 'RS256')];

/** An unsigned badge of the shape Insigne issues. */
export const aBadge = (given: JsonObject = {}): JsonObject => ({
  '@context': [vcContext, openBadgesContext, openBadgesExtensions],
  id: `${origin}/b/0000000000000000000000000a`,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Envoyer un courriel',
  issuer: { id: issuerDid, type: ['Profile'], name: 'Structure du Nord', url: origin },
  validFrom: '2026-11-20T09:30:00Z',
  awardedDate: '2026-11-20T09:30:00Z',
  credentialSubject: aSubject(),
  credentialStatus: statusEntry({ list: listUrl, index: statusIndex }),
  credentialSchema: [
    {
      id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
      type: '1EdTechJsonSchemaValidator2019',
    },
  ],
  ...given,
});

export const aSubject = (given: JsonObject = {}): JsonObject => ({
  id: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
  type: ['AchievementSubject'],
  identifier: [
    {
      type: 'IdentityObject',
      hashed: true,
      identityHash: `sha256$${'5f'.repeat(32)}`,
      identityType: 'name',
      salt: 'k3n9w2',
    },
  ],
  achievement: anAchievement(),
  result: [
    {
      type: ['Result'],
      resultDescription: `${origin}/achievements/mail#how`,
      achievedLevel: `${origin}/achievements/mail#observed`,
    },
  ],
  ...given,
});

export const anAchievement = (given: JsonObject = {}): JsonObject => ({
  id: `${origin}/achievements/mail`,
  type: ['Achievement'],
  name: 'Envoyer un courriel',
  description: 'Écrire et envoyer un message.',
  achievementType: 'Badge',
  inLanguage: 'fr',
  criteria: {
    id: `${origin}/achievements/mail#criteria`,
    narrative: 'Envoie un message.\nJoint un fichier.',
  },
  image: {
    id: `${origin}/achievements/mail/image.png`,
    type: 'Image',
    caption: 'Badge « Envoyer un courriel »',
  },
  alignment: [
    {
      type: ['Alignment'],
      targetName: 'Interagir grâce aux technologies numériques',
      targetUrl: 'https://example.org/competences/2.1',
      targetFramework: 'DigComp',
      targetCode: '2.1',
    },
  ],
  resultDescription: [
    {
      id: `${origin}/achievements/mail#how`,
      type: ['ResultDescription'],
      name: 'Comment la compétence a été établie',
      resultType: 'RubricCriterionLevel',
      rubricCriterionLevel: [
        { id: `${origin}/achievements/mail#attended`, type: ['RubricCriterionLevel'], name: 'Présence' },
        { id: `${origin}/achievements/mail#observed`, type: ['RubricCriterionLevel'], name: 'Observation' },
      ],
    },
  ],
  ...given,
});

export const signed = (
  document: JsonObject = aBadge(),
  given: Partial<Parameters<typeof signWithDataIntegrity>[0]> = {},
) =>
  signWithDataIntegrity({
    document,
    privateKey: keys.ed,
    verificationMethod: edMethod,
    created: issuedAt,
    ...given,
  });

export const signedJwt = (credential: JsonObject = aBadge(), kid = rsaKid, key = keys.rsa): string =>
  signVcJwt({ credential, privateKey: key, kid });

/** A signed status list of the issuer. */
export async function aList(
  given: {
    revoked?: number[];
    change?: (list: JsonObject) => JsonObject;
    sign?: Parameters<typeof signed>[1];
  } = {},
): Promise<JsonObject> {
  const bits = Bitstring.ofLength();
  for (const index of given.revoked ?? []) bits.set(index);
  const list = buildStatusListCredential({ id: listUrl, issuer: issuerDid, bits, validFrom: issuedAt });
  return signed(given.change ? given.change(list) : list, given.sign);
}

/** A web of a few documents; whatever is not in it does not answer. */
export class FakeWeb extends Fetcher {
  readonly asked: string[] = [];
  /** @param statuses of pages that answer with another one than 200 */
  constructor(
    readonly pages: Map<string, string>,
    readonly statuses: Map<string, number> = new Map(),
  ) {
    super();
  }
  async fetch(url: string): Promise<Fetched> {
    this.asked.push(url);
    const body = this.pages.get(url);
    if (body === undefined) throw new FetchFailed('fetch_failed', `${url} does not answer`);
    return { status: this.statuses.get(url) ?? 200, contentType: 'application/json', body };
  }
}

/** The issuer's and a neighbour's documents, with the pages a test replaces, adds or (undefined) takes away. */
export async function aWeb(changes: Record<string, unknown> = {}): Promise<FakeWeb> {
  const pages: Record<string, unknown> = {
    [`${origin}/issuers/north/did.json`]: didDocument({ did: issuerDid, keys: issuerKeys }),
    [`${origin}/issuers/south/did.json`]: didDocument({ did: otherDid, keys: otherKeys }),
    [rsaKid]: jwkOf(keys.rsa),
    [ecKid]: jwkOf(keys.ec),
    [`${origin}/issuers/south/keys/rsa-other`]: jwkOf(keys.otherRsa),
    [listUrl]: changes[listUrl] ?? (await aList()),
    ...changes,
  };
  const texts = Object.entries(pages).filter(([, page]) => page !== undefined);
  return new FakeWeb(
    new Map(texts.map(([url, page]) => [url, typeof page === 'string' ? page : JSON.stringify(page)])),
  );
}

/** Verifies against that web. */
export const verify = async (
  input: string | object,
  changes: Record<string, unknown> = {},
  when: Date = now,
): Promise<VerificationReport> => verifyCredential(input, { fetcher: await aWeb(changes), now: when });

/** The outcome and code of one check, as 'outcome code'. */
export const answer = (report: VerificationReport, name: string): string | undefined => {
  const check = report.checks.find((one) => one.name === name);
  return check && `${check.outcome} ${check.code}`;
};

// The schema is compiled once for each test file, which takes a while on a busy machine. The fuzz program has no Jest.
if (typeof beforeAll === 'function') beforeAll(async () => void (await verify(await signed())), 60_000);
