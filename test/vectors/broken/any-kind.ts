import { type JsonObject, statusEntry } from '#signing';
import { verifyAnyCredential, verifyPresentation } from '#verification';
import {
  aCredential,
  aParty,
  aPresentation,
  challenge,
  domain,
  enveloped,
  holder,
  issued,
  issuer,
  jwtOf,
  presented,
} from '../any-world.js';
import { aRecord } from '../statements.js';
import { aBadge, aList, listUrl, now, origin, otherDid, signed } from '../world.js';
import { changed, corpusWeb, type Family, type Fault, type Handed, plain, type Told } from './family.js';

const second = (given: JsonObject = {}): JsonObject =>
  aBadge({
    id: `${origin}/b/0000000000000000000000000b`,
    credentialStatus: statusEntry({ list: listUrl, index: 12 }),
    ...given,
  });
const record = (given: JsonObject = {}, ...badges: unknown[]): JsonObject =>
  aRecord({
    credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: badges },
    ...given,
  });
const holding = (badge: () => unknown) => async (): Promise<Handed> => ({
  input: await signed(record({}, await signed(), plain(await badge()))),
});
const wrong = 'proof failed signature_wrong';

/** A learner's record: its own proof, and each badge in it by its own. */
export const records: Family = {
  form: 'record (ClrCredential)',
  original: holding(() => signed(second())),
  faults: [
    [
      'its name changed after signing',
      wrong,
      async () => ({ input: changed(await signed(record({}, await signed())), 'name', 'Autre') }),
    ],
    [
      'a badge taken out after signing',
      wrong,
      async () => ({
        input: changed(
          await signed(record({}, await signed(), await signed(second()))),
          'credentialSubject.verifiableCredential',
          [await signed()],
        ),
      }),
    ],
    ['not signed', 'proof failed proof_missing', async () => ({ input: record({}, await signed()) })],
    [
      'signed by another organisation',
      'issuer failed key_of_another_issuer',
      async () => ({
        input: await signed(record({ issuer: { id: otherDid, type: ['Profile'] } }, await signed())),
      }),
    ],
    [
      'over',
      'dates failed expired',
      async () => ({
        input: await signed(record({ validUntil: '2026-11-21T00:00:00Z' }, await signed())),
      }),
    ],
    [
      'without a subject',
      'schema failed schema_broken',
      async () => ({ input: await signed(changed(record({}, await signed()), 'credentialSubject', {})) }),
    ],
    [
      'a forged badge in it',
      'badges failed inside_broken',
      holding(async () => ({ ...(await signed(second())), name: 'Autre' })),
    ],
    ['an unsigned badge in it', 'badges unknown inside_cannot_check', holding(() => second())],
    [
      'a badge of an issuer that does not answer in it',
      'badges unknown inside_cannot_check',
      holding(() =>
        signed(second({ issuer: { id: 'did:web:away.example', type: ['Profile'], name: 'Ailleurs' } }), {
          verificationMethod: 'did:web:away.example#k',
        }),
      ),
    ],
  ],
};

/** A credential that is no badge, as the VC-API takes it. */
const asked = async ({ input, web }: Handed): Promise<Told> =>
  verifyAnyCredential(input as object, { fetcher: await corpusWeb(web), now });
const made =
  (given: JsonObject, by = issuer) =>
  async (): Promise<Handed> => ({
    input: await issued(aCredential(given), by),
  });
const after = (change: (credential: JsonObject) => JsonObject) => async (): Promise<Handed> => ({
  input: change(plain(await issued())),
});
const envelope =
  (given: JsonObject = {}, header: JsonObject = {}, by = issuer) =>
  (): Handed => ({
    input: enveloped(jwtOf(aCredential(given), by, header)),
  });

export const credentials: Family = {
  form: 'credential of VC 2.0 (VC-API)',
  verify: asked,
  original: made({}),
  faults: [
    ['a claim changed', wrong, after((one) => changed(one, 'credentialSubject.alumniOf', 'Another School'))],
    ['its proof taken away', 'proof failed proof_missing', after((one) => changed(one, 'proof', undefined))],
    [
      'a proof for something else',
      'proof failed proof_purpose_wrong',
      after((one) => changed(one, 'proof.proofPurpose', 'authentication')),
    ],
    [
      'a suite that nobody knows',
      'proof unknown cryptosuite_not_supported',
      after((one) => changed(one, 'proof.cryptosuite', 'example-2030')),
    ],
    [
      'in another’s name',
      'issuer failed key_of_another_issuer',
      made({ issuer: 'did:web:badges.example:issuers:north' }),
    ],
    ['over', 'dates failed expired', made({ validUntil: '2026-01-01T00:00:00Z' })],
    ['not begun', 'dates failed not_yet_valid', made({ validFrom: '2027-01-01T00:00:00Z' })],
    [
      'a status nobody knows',
      'status unknown status_type_not_supported',
      made({ credentialStatus: { type: 'ExampleStatus' } }),
    ],
    [
      'a context nobody holds',
      'context unknown context_unknown',
      after((one) =>
        changed(one, '@context', ['https://www.w3.org/ns/credentials/v2', 'https://example.org/words']),
      ),
    ],
    [
      'its contexts in another order',
      'context failed context_order',
      after((one) => changed(one, '@context', [...(one['@context'] as string[])].reverse())),
    ],
    ['no issuer', 'schema failed data_model_broken', after((one) => changed(one, 'issuer', undefined))],
    ['no claims', 'schema failed data_model_broken', after((one) => changed(one, 'credentialSubject', []))],
    [
      'an envelope with a signature of another',
      'issuer failed key_of_another_issuer',
      envelope({}, {}, aParty()),
    ],
    [
      'an envelope with nothing in it',
      'context failed context_order',
      () => ({ input: enveloped('e30.e30.') }),
    ],
    [
      'a record with a badge that is over',
      'badges failed inside_expired',
      holding(() => signed(second({ validUntil: '2026-11-21T00:00:00Z' }))),
    ],
    [
      'a record with a badge that was withdrawn',
      'badges failed inside_withdrawn',
      async () => ({
        ...(await holding(() => signed(second()))()),
        web: { [listUrl]: await aList({ revoked: [12] }) },
      }),
    ],
    [
      'an envelope of another kind',
      'parse unknown envelope_not_supported',
      () => ({ input: { ...enveloped('x'), id: 'data:application/vc+cose,AA' } }),
    ],
    ['an envelope that says alg none', 'proof failed jwt_algorithm_refused', envelope({}, { alg: 'none' })],
  ],
};

/** A presentation stands or does not: verified is authentic here, refused not_authentic. */
const shown = async ({ input, web }: Handed): Promise<Told> => {
  const { checks, isVerified } = await verifyPresentation(input as object, {
    fetcher: await corpusWeb(web),
    now,
    challenge,
    domain,
  });
  return { checks, verdict: isVerified ? 'authentic' : 'not_authentic' };
};
const presenting =
  (given: JsonObject, options?: Parameters<typeof presented>[1]) => async (): Promise<Handed> => ({
    input: await presented(await aPresentation(given), options),
  });
const afterShown = (change: (presentation: JsonObject) => JsonObject) => async (): Promise<Handed> => ({
  input: change(plain(await presented())),
});
const envelopeShown =
  (given: JsonObject, by = holder) =>
  async (): Promise<Handed> => ({
    input: enveloped(
      jwtOf({ ...(await aPresentation()), iss: holder.did, nonce: challenge, aud: [domain], ...given }, by, {
        typ: 'vp+jwt',
      }),
      'Presentation',
    ),
  });
const faultsOfPresentations: Fault[] = [
  [
    'changed after signing',
    wrong,
    afterShown((one) => changed(one, 'id', 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33')),
  ],
  ['a credential taken out', wrong, afterShown((one) => changed(one, 'verifiableCredential', []))],
  ['its proof taken away', 'proof failed proof_missing', afterShown((one) => changed(one, 'proof', []))],
  [
    'signed as a credential is',
    'proof failed proof_purpose_wrong',
    afterShown((one) => changed(one, 'proof.proofPurpose', 'assertionMethod')),
  ],
  ['signed by somebody else', 'holder failed key_of_another_issuer', presenting({}, { by: aParty() })],
  ['for another domain', 'proof failed domain_differs', presenting({}, { domain: 'other.example' })],
  [
    'with a changed challenge',
    'proof failed challenge_differs',
    afterShown((one) => changed(one, 'proof.challenge', 'other')),
  ],
  ['an envelope for another challenge', 'proof failed challenge_differs', envelopeShown({ nonce: 'other' })],
  ['an envelope for another domain', 'proof failed domain_differs', envelopeShown({ aud: 'other.example' })],
  ['an envelope that is over', 'proof failed proof_expired', envelopeShown({ exp: 1_700_000_000 })],
  ['an envelope signed by somebody else', 'holder failed key_of_another_issuer', envelopeShown({}, aParty())],
];

export const presentations: Family = {
  form: 'presentation',
  verify: shown,
  original: presenting({ verifiableCredential: [] }),
  faults: faultsOfPresentations,
};
