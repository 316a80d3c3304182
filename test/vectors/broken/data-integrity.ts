import { createPublicKey } from 'node:crypto';
import { type JsonObject, multikeyOf } from '#signing';
import { aBadge, edMethod, issuerDid, keys, otherDid, signed } from '../world.js';
import { changed, type Family, type Fault, type Handed, plain } from './family.js';

const wrongKey = { privateKey: keys.otherEd };
const proofOf = (document: JsonObject): JsonObject => (document.proof as JsonObject[])[0]!;

/** The original, signed, then changed. */
const tampered = (path: string, value: unknown) => async (): Promise<Handed> => ({
  input: changed(await signed(), path, value),
});
/** Changed first and signed then: what the signature cannot show. */
const signedWith = (path: string, value: unknown) => async (): Promise<Handed> => ({
  input: await signed(changed(aBadge(), path, value)),
});
const proofWith = (change: JsonObject) => async (): Promise<Handed> => {
  const document = plain(await signed());
  return { input: plain({ ...document, proof: [{ ...proofOf(document), ...change }] }) };
};

const wrong = 'proof failed signature_wrong';
const tamperings: Fault[] = (
  [
    ['the name', 'name', 'Autre'],
    ['the issuer’s name', 'issuer.name', 'Autre structure'],
    ['the learner', 'credentialSubject.id', 'urn:uuid:00000000-0000-4000-8000-000000000000'],
    ['the hash of the name', 'credentialSubject.identifier.0.identityHash', `sha256$${'ab'.repeat(32)}`],
    ['the salt', 'credentialSubject.identifier.0.salt', 'other'],
    ['the criteria', 'credentialSubject.achievement.criteria.narrative', 'Rien.'],
    ['the achievement’s id', 'credentialSubject.achievement.id', 'https://badges.example/achievements/other'],
    ['the alignment', 'credentialSubject.achievement.alignment.0.targetCode', '5.4'],
    ['its id', 'id', 'https://badges.example/b/0000000000000000000000000z'],
    ['the date it counts from', 'validFrom', '2026-11-19T09:30:00Z'],
    ['an end that it had not', 'validUntil', '2036-11-19T09:30:00Z'],
    ['the date of the award', 'awardedDate', '2020-01-01T00:00:00Z'],
    ['the status entry', 'credentialStatus.statusListIndex', '1'],
    ['no status entry', 'credentialStatus', undefined],
    ['one more type', 'credentialSubject.achievement.achievementType', 'Degree'],
    ['a description', 'credentialSubject.achievement.description', ' Écrire et envoyer un message.'],
    ['the language', 'credentialSubject.achievement.inLanguage', 'en'],
  ] as [string, string, unknown][]
).map(([what, path, value]) => [`signed, then changed: ${what}`, wrong, tampered(path, value)]);

const proofs: Fault[] = [
  ['no proof', 'proof failed proof_missing', tampered('proof', undefined)],
  ['an empty list of proofs', 'proof failed proof_missing', tampered('proof', [])],
  ['a signature of another key', wrong, async () => ({ input: await signed(aBadge(), wrongKey) })],
  [
    'the neighbour’s proof',
    'issuer failed key_of_another_issuer',
    async () => ({
      input: await signed(aBadge(), { ...wrongKey, verificationMethod: `${otherDid}#ed-other` }),
    }),
  ],
  [
    'a proof copied from another badge',
    wrong,
    async () => {
      const other = await signed(aBadge({ id: 'urn:uuid:11111111-1111-4111-8111-111111111111' }));
      return { input: { ...aBadge(), proof: other.proof } };
    },
  ],
  ['a signature of 63 bytes', wrong, proofWith({ proofValue: `z${'2'.repeat(86)}` })],
  ['a signature in base64url', wrong, proofWith({ proofValue: `u${'A'.repeat(86)}` })],
  ['a signature of zeros', wrong, proofWith({ proofValue: `z${'1'.repeat(64)}` })],
  ['no signature in the proof', 'schema failed schema_broken', proofWith({ type: undefined })],
  ['no proofValue', 'proof failed proof_malformed', proofWith({ proofValue: undefined })],
  ['another purpose', 'proof failed proof_purpose_wrong', proofWith({ proofPurpose: 'authentication' })],
  ['no purpose', 'proof failed proof_malformed', proofWith({ proofPurpose: undefined })],
  ['another date of the proof', wrong, proofWith({ created: '2026-11-20T09:30:01Z' })],
  ['a proof dated tomorrow', 'proof failed proof_in_future', proofWith({ created: '2026-11-24T00:00:00Z' })],
  ['a proof that ran out', 'proof failed proof_expired', proofWith({ expires: '2026-11-21T00:00:00Z' })],
  ['a proof date without zone', 'schema failed schema_broken', proofWith({ created: '2026-11-20T09:30:00' })],
  [
    'a vocabulary hidden in the proof',
    'proof failed proof_malformed',
    proofWith({ url: { '@context': {} } }),
  ],
  [
    'a kind of proof nobody knows',
    'proof unknown cryptosuite_not_supported',
    proofWith({ cryptosuite: 'x-2099' }),
  ],
  [
    'a context inside the proof',
    'proof failed proof_malformed',
    proofWith({ '@context': 'https://x.example' }),
  ],
  [
    'a key nobody lists',
    'issuer failed key_not_listed',
    proofWith({ verificationMethod: `${issuerDid}#none` }),
  ],
  ['a key of another kind', wrong, proofWith({ verificationMethod: `${issuerDid}#rsa-issuer` })],
  [
    'six proofs',
    'proof failed proof_too_many',
    async () => {
      const document = await signed();
      return { input: { ...document, proof: Array.from({ length: 6 }, () => proofOf(document)) } };
    },
  ],
  [
    'a bad proof beside the good one',
    wrong,
    async () => {
      const [good, bad] = [await signed(), await signed(aBadge(), wrongKey)];
      return { input: { ...good, proof: [proofOf(good), proofOf(bad)] } };
    },
  ],
  [
    'a key by another did:key',
    'issuer failed key_of_another_issuer',
    async () => {
      const value = multikeyOf(createPublicKey(keys.ed));
      return { input: await signed(aBadge(), { verificationMethod: `did:key:${value}#${value}` }) };
    },
  ],
];

const contents: Fault[] = [
  ['no issuer', 'schema failed schema_broken', signedWith('issuer', undefined)],
  ['an issuer without id', 'schema failed schema_broken', signedWith('issuer.id', undefined)],
  ['no subject', 'schema failed schema_broken', signedWith('credentialSubject', undefined)],
  ['no achievement', 'schema failed schema_broken', signedWith('credentialSubject.achievement', undefined)],
  [
    'no criteria',
    'schema failed schema_broken',
    signedWith('credentialSubject.achievement.criteria', undefined),
  ],
  ['no date', 'schema failed schema_broken', signedWith('validFrom', undefined)],
  ['a date without time', 'schema failed schema_broken', signedWith('validFrom', '2026-11-20')],
  ['31 February', 'schema failed schema_broken', signedWith('validFrom', '2026-02-31T00:00:00Z')],
  ['a beginning in a year', 'dates failed not_yet_valid', signedWith('validFrom', '2027-11-20T00:00:00Z')],
  ['an end that is over', 'dates failed expired', signedWith('validUntil', '2026-11-21T00:00:00Z')],
  [
    'an end before its beginning',
    'dates failed dates_malformed',
    signedWith('validUntil', '2026-11-01T00:00:00Z'),
  ],
  [
    'a subject nobody can be',
    'links failed subject_unidentified',
    async () => {
      const { id: _id, identifier: _identifier, ...subject } = aBadge().credentialSubject as JsonObject;
      return { input: await signed(plain(aBadge({ credentialSubject: subject }))) };
    },
  ],
  [
    'a result of nothing',
    'links failed result_without_description',
    signedWith('credentialSubject.result.0.resultDescription', 'urn:x:none'),
  ],
  [
    'a level of nothing',
    'links failed level_unknown',
    signedWith('credentialSubject.result.0.achievedLevel', 'urn:x:none'),
  ],
  ['types of no badge', 'schema failed type_unknown', signedWith('type', ['VerifiableCredential'])],
  [
    'a picture as bare text',
    'schema failed schema_broken',
    signedWith('credentialSubject.achievement.image', 'https://badges.example/i.png'),
  ],
  [
    'a second subject',
    'schema failed schema_broken',
    signedWith('credentialSubject', [aBadge().credentialSubject, aBadge().credentialSubject]),
  ],
  [
    'an identity of its own kind',
    'schema failed schema_broken',
    signedWith('credentialSubject.identifier.0.identityType', 'nickname'),
  ],
];

export const dataIntegrity: Family = {
  form: 'JSON-LD with eddsa-rdfc-2022',
  original: async () => ({ input: await signed(aBadge(), { verificationMethod: edMethod }) }),
  faults: [...tamperings, ...proofs, ...contents],
};
