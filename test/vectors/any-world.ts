import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { issue, signPresentation } from '@digitalbazaar/vc';
import { bundledContexts, type JsonObject, multikeyOf, vcContext } from '#signing';
import { type PresentationReport, verifyAnyCredential, verifyPresentation } from '#verification';
import { aWeb, now } from './world.js';

export const examplesContext = 'https://www.w3.org/ns/credentials/examples/v2';

/** Somebody with a key of their own, known by it (did:key). */
export function aParty(privateKey: KeyObject = generateKeyPairSync('ed25519').privateKey) {
  const multikey = multikeyOf(createPublicKey(privateKey));
  const did = `did:key:${multikey}`;
  const method = `${did}#${multikey}`;
  const signer = {
    id: method,
    algorithm: 'Ed25519',
    sign: async ({ data }: { data: Uint8Array }) => new Uint8Array(sign(null, data, privateKey)),
  };
  const suite = (created = '2026-11-20T09:30:00Z') =>
    new DataIntegrityProof({ cryptosuite, date: created, signer });
  return { did, method, suite, signer, privateKey };
}

export const issuer = aParty();
export const holder = aParty();

/** A credential that is no badge, as the W3C's suites send them. */
export const aCredential = (given: JsonObject = {}): JsonObject => ({
  '@context': [vcContext, examplesContext],
  type: ['VerifiableCredential', 'AlumniCredential'],
  issuer: issuer.did,
  credentialSubject: { id: holder.did, alumniOf: 'The School of Examples' },
  ...given,
});

/** Digital Bazaar's loader: our closed store, and nothing else. */
const { loader: documentLoader } = bundledContexts;

/** Signed by the library of Digital Bazaar, which refuses some faults itself. */
export const issued = (credential: JsonObject = aCredential(), by = issuer): Promise<JsonObject> =>
  issue({ credential, suite: by.suite(), documentLoader }) as Promise<JsonObject>;

export const aPresentation = async (given: JsonObject = {}): Promise<JsonObject> => ({
  '@context': [vcContext],
  type: ['VerifiablePresentation'],
  holder: holder.did,
  verifiableCredential: [await issued()],
  ...given,
});

export const challenge = 'd436f0c8-fbd9-4e48-bbb2-55fc5d0920a8';
export const domain = 'verifier.example';

/** Signed by the library of Digital Bazaar, purpose authentication. */
export const presented = async (
  presentation?: JsonObject,
  given: { by?: typeof holder; domain?: string } = {},
): Promise<JsonObject> =>
  signPresentation({
    presentation: presentation ?? (await aPresentation()),
    suite: (given.by ?? holder).suite(),
    challenge,
    domain: given.domain ?? domain,
    documentLoader,
  }) as Promise<JsonObject>;

/** A compact JWT with an EdDSA signature. */
export function jwtOf(payload: JsonObject, by = holder, header: JsonObject = {}): string {
  const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'EdDSA', kid: by.method, ...header })}.${part(payload)}`;
  return `${content}.${sign(null, Buffer.from(content), by.privateKey).toString('base64url')}`;
}

export const enveloped = (token: string, what: 'Credential' | 'Presentation' = 'Credential'): JsonObject => ({
  '@context': vcContext,
  type: `EnvelopedVerifiable${what}`,
  id: `data:application/v${what === 'Credential' ? 'c' : 'p'}+jwt,${token}`,
});

/** The same in base64 (RFC 2397). */
export const envelopedInBase64 = (
  token: string,
  what: 'Credential' | 'Presentation' = 'Credential',
): JsonObject => {
  const { id, ...others } = enveloped(token, what);
  const kind = (id as string).split(',')[0];
  return { ...others, id: `${kind};base64,${Buffer.from(token).toString('base64')}` };
};

export const verifyAny = async (given: object, when = now) =>
  verifyAnyCredential(given, { fetcher: await aWeb(), now: when });

export const verifyShown = async (
  given: object,
  options: { challenge?: string; domain?: string | string[]; mayBeUnsigned?: boolean } = {
    challenge,
    domain,
  },
): Promise<PresentationReport> => verifyPresentation(given, { fetcher: await aWeb(), now, ...options });

/** What did not pass, as 'name outcome code'. */
export const open = ({ checks }: { checks: { name: string; outcome: string; code: string }[] }): string[] =>
  checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, outcome, code }) => `${name} ${outcome} ${code}`);
