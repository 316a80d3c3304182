import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as ecdsaKeys from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ed25519Keys from '@digitalbazaar/ed25519-multikey';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { Ed25519VerificationKey2020 } from '@digitalbazaar/ed25519-verification-key-2020';
import { createSignCryptosuite as jcsSuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { issue } from '@digitalbazaar/vc';
import { bundledContexts, type JsonObject } from '#signing';
import { aBadge } from '../world.js';
import { changed, type Family, type Fault, type Handed, plain } from './family.js';

const did = 'did:web:elsewhere.example';
const method = `${did}#k`;
const didUrl = 'https://elsewhere.example/.well-known/did.json';
const date = '2026-11-20T09:30:00Z';
const ed25519Context = 'https://w3id.org/security/suites/ed25519-2020/v1';

interface Signer {
  suite: object;
  multibase: string;
}

const signers: Record<string, () => Promise<Signer>> = {
  'ecdsa-rdfc-2019 with P-256': async () => ecdsa('P-256'),
  'ecdsa-rdfc-2019 with P-384': async () => ecdsa('P-384'),
  'eddsa-jcs-2022': async () => {
    const key = await ed25519Keys.generate({ controller: did });
    key.id = method;
    const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite: jcsSuite(), date });
    return { suite, multibase: key.publicKeyMultibase };
  },
  Ed25519Signature2020: async () => {
    const key = await Ed25519VerificationKey2020.generate();
    key.id = method;
    key.controller = did;
    return { suite: new Ed25519Signature2020({ key, date }), multibase: key.publicKeyMultibase };
  },
};

async function ecdsa(curve: 'P-256' | 'P-384'): Promise<Signer> {
  const key = await ecdsaKeys.generate({ curve });
  key.id = method;
  const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite: ecdsaRdfc, date });
  return { suite, multibase: key.publicKeyMultibase };
}

/** A badge of another program under one of its suites, and the web of its issuer. */
async function handed(name: string, given: JsonObject = {}, keyOf?: Signer): Promise<Handed> {
  const signer = await signers[name]!();
  const { credentialStatus: _status, ...badge } = aBadge();
  const contexts = badge['@context'] as string[];
  const credential = plain({
    ...badge,
    ...(name === 'Ed25519Signature2020' ? { '@context': [...contexts, ed25519Context] } : {}),
    issuer: { id: did, type: ['Profile'], name: 'Une structure d’ailleurs' },
    ...given,
  });
  const input = plain(
    await issue({ credential, suite: signer.suite, documentLoader: bundledContexts.loader }),
  );
  const { multibase } = keyOf ?? signer;
  const document = {
    id: did,
    verificationMethod: [{ id: method, type: 'Multikey', controller: did, publicKeyMultibase: multibase }],
    assertionMethod: [method],
  };
  return { input, web: { [didUrl]: document } };
}

const wrong = 'proof failed signature_wrong';

const familyOf = (name: string): Family => {
  const after = (path: string, value: unknown) => async (): Promise<Handed> => {
    const { input, web } = await handed(name);
    return { input: changed(input as JsonObject, path, value), web };
  };
  const proofWith = (change: JsonObject) => async (): Promise<Handed> => {
    const { input, web } = await handed(name);
    const document = input as JsonObject;
    const proof = [document.proof].flat()[0] as JsonObject;
    return { input: plain({ ...document, proof: { ...proof, ...change } }), web };
  };
  const faults: Fault[] = [
    ['the name changed', wrong, after('name', 'Autre')],
    [
      'the learner changed',
      wrong,
      after('credentialSubject.id', 'urn:uuid:00000000-0000-4000-8000-000000000000'),
    ],
    ['the criteria changed', wrong, after('credentialSubject.achievement.criteria.narrative', 'Rien.')],
    ['an end added', wrong, after('validUntil', '2036-01-01T00:00:00Z')],
    ['another date of the proof', wrong, proofWith({ created: '2026-11-20T09:30:01Z' })],
    ['another purpose', 'proof failed proof_purpose_wrong', proofWith({ proofPurpose: 'authentication' })],
    ['a key nobody lists', 'issuer failed key_not_listed', proofWith({ verificationMethod: `${did}#other` })],
    ['another key under its name', wrong, async () => handed(name, {}, await signers[name]!())],
    [
      'an end that is over',
      'dates failed expired',
      () => handed(name, { validUntil: '2026-11-21T00:00:00Z' }),
    ],
    [
      'its issuer away',
      'issuer unknown issuer_unreachable',
      async () => ({
        ...(await handed(name)),
        web: { [didUrl]: undefined },
      }),
    ],
  ];
  return { form: `JSON-LD with ${name}`, original: () => handed(name), faults };
};

export const otherSuites: Family[] = Object.keys(signers).map(familyOf);
