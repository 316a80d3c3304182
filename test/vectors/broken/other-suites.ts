import { createPublicKey } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as ecdsaKeys from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createDiscloseCryptosuite, createSignCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as ed25519Keys from '@digitalbazaar/ed25519-multikey';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { Ed25519VerificationKey2020 } from '@digitalbazaar/ed25519-verification-key-2020';
import { createSignCryptosuite as jcsSuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { derive, issue } from '@digitalbazaar/vc';
import { bundledContexts, type JsonObject, multikeyOf } from '#signing';
import { aBadge, aList, keys, listUrl, statusIndex } from '../world.js';
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

const selective = 'ecdsa-sd-2023, derived';
const mandatoryPointers = ['/issuer', '/validFrom', '/credentialSubject/achievement', '/credentialStatus'];
/** What an issuer makes its holders show that thought of neither withdrawal nor end. */
const carelessPointers = mandatoryPointers.slice(0, 3);
/** What the holder shows beside that. */
const shown = ['id', 'type', 'name', 'validUntil', 'credentialSubject', 'credentialSchema'];
const { loader: documentLoader } = bundledContexts;

const signers: Record<string, () => Promise<Signer>> = {
  'ecdsa-rdfc-2019 with P-256': async () => ecdsa('P-256'),
  'ecdsa-rdfc-2019 with P-384': async () => ecdsa('P-384'),
  [selective]: async () => ecdsa('P-256', createSignCryptosuite({ mandatoryPointers })),
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

async function ecdsa(curve: 'P-256' | 'P-384', cryptosuite: object = ecdsaRdfc): Promise<Signer> {
  const key = await ecdsaKeys.generate({ curve });
  key.id = method;
  const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite, date });
  return { suite, multibase: key.publicKeyMultibase };
}

const ofLists = `${did}#lists`;
const listKey = multikeyOf(createPublicKey(keys.ed));
const ownList = (revoked: number[] = [], statusPurpose = 'revocation'): Promise<JsonObject> =>
  aList({
    revoked,
    change: (list) => ({
      ...list,
      issuer: did,
      credentialSubject: { ...(list.credentialSubject as JsonObject), statusPurpose },
    }),
    sign: { verificationMethod: ofLists },
  });

/** A badge of another program under one of its suites, and the web of its issuer. */
async function handed(name: string, given: JsonObject = {}, keyOf?: Signer, by?: Signer): Promise<Handed> {
  const signer = by ?? (await signers[name]!());
  const { credentialStatus, ...badge } = aBadge();
  const contexts = badge['@context'] as string[];
  const credential = plain({
    ...badge,
    ...(name === 'Ed25519Signature2020' ? { '@context': [...contexts, ed25519Context] } : {}),
    issuer: { id: did, type: ['Profile'], name: 'Une structure d’ailleurs' },
    // A derived badge without one leaves open whether it was withdrawn.
    ...(name === selective ? { credentialStatus } : {}),
    ...given,
  });
  const issued = await issue({ credential, suite: signer.suite, documentLoader });
  const input = plain(name === selective ? await derived(issued as JsonObject) : issued);
  const { multibase } = keyOf ?? signer;
  const document = {
    id: did,
    verificationMethod: [
      { id: method, type: 'Multikey', controller: did, publicKeyMultibase: multibase },
      { id: ofLists, type: 'Multikey', controller: did, publicKeyMultibase: listKey },
    ],
    assertionMethod: [method, ofLists],
  };
  return {
    input,
    web: { [didUrl]: document, ...(name === selective ? { [listUrl]: await ownList() } : {}) },
  };
}

/** What the holder shows of a badge with a base proof. */
async function derived(verifiableCredential: JsonObject, names = shown): Promise<JsonObject> {
  const selectivePointers = names.filter((name) => name in verifiableCredential).map((name) => `/${name}`);
  const cryptosuite = createDiscloseCryptosuite({ selectivePointers });
  const suite = new DataIntegrityProof({ cryptosuite });
  return (await derive({ verifiableCredential, suite, documentLoader })) as JsonObject;
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
  return {
    form: `JSON-LD with ${name}`,
    original: () => handed(name),
    faults: name === selective ? [...faults, ...ofDerivedProofs(after, proofWith)] : faults,
  };
};

/** What can be wrong with a derived proof alone: its value is a tagged CBOR of signatures, one for each statement. */
function ofDerivedProofs(
  after: (path: string, value: unknown) => () => Promise<Handed>,
  proofWith: (change: JsonObject) => () => Promise<Handed>,
): Fault[] {
  const proofOf = ({ input }: Handed): JsonObject => [(input as JsonObject).proof].flat()[0] as JsonObject;
  const bytesOf = (handedIn: Handed): Buffer =>
    Buffer.from(String(proofOf(handedIn).proofValue).slice(1), 'base64url');
  const valueAs = (change: (value: Buffer) => Buffer) => async (): Promise<Handed> => {
    const one = await handed(selective);
    const proofValue = `u${change(bytesOf(one)).toString('base64url')}`;
    return { ...one, input: plain({ ...(one.input as JsonObject), proof: { ...proofOf(one), proofValue } }) };
  };
  const flipped = (at: number) =>
    valueAs((value) => {
      const copy = Buffer.from(value);
      copy[at < 0 ? copy.length + at : at]! ^= 1;
      return copy;
    });
  const careless = async (credentialStatus: unknown): Promise<Handed> => {
    const signer = await ecdsa('P-256', createSignCryptosuite({ mandatoryPointers: carelessPointers }));
    return handed(selective, { credentialStatus }, undefined, signer);
  };
  const { credentialStatus: entry } = aBadge();
  return [
    [
      'withdrawn',
      'status failed revoked',
      async () => {
        const one = await handed(selective);
        return { ...one, web: { ...one.web, [listUrl]: await ownList([statusIndex]) } };
      },
    ],
    ['its status not shown', 'status unknown status_withheld', () => careless(entry)],
    [
      'of its statuses the one about suspension alone',
      'status unknown status_withheld',
      async () => {
        const suspension = { ...(entry as JsonObject), statusPurpose: 'suspension' };
        const one = await handed(selective, { credentialStatus: suspension });
        return { ...one, web: { ...one.web, [listUrl]: await ownList([], 'suspension') } };
      },
    ],
    [
      'the base proof, which is its holder’s alone',
      'proof failed proof_base',
      async () => {
        const signer = await signers[selective]!();
        const whole = await handed(selective, {}, signer);
        const { proof: _proof, ...credential } = whole.input as JsonObject;
        return { ...whole, input: plain(await issue({ credential, suite: signer.suite, documentLoader })) };
      },
    ],
    ['a statement taken away that was shown', wrong, after('name', undefined)],
    [
      'a statement taken away that must be shown',
      wrong,
      after('credentialSubject.achievement.inLanguage', undefined),
    ],
    ['a statement added', wrong, after('description', 'Et plus encore.')],
    ['a statement put where another was signed', wrong, after('credentialSubject.achievement.name', 'Autre')],
    ['another issuer’s name', wrong, after('issuer.name', 'Une autre structure')],
    ['the first bit of the issuer’s signature turned', wrong, flipped(8)],
    ['the last bit of its value turned', wrong, flipped(-1)],
    ['a value cut short', wrong, valueAs((value) => value.subarray(0, -20))],
    ['a value of nothing', wrong, valueAs((value) => value.subarray(0, 3))],
    [
      'the value of another badge',
      wrong,
      async () => {
        const [one, other] = [await handed(selective), await handed(selective, { name: 'Autre' })];
        return { ...one, input: plain({ ...(one.input as JsonObject), proof: proofOf(other) }) };
      },
    ],
    ['a value in base58', wrong, proofWith({ proofValue: 'z3FXQjecWufY46yg5abdVZsXqLhxhueuSoZgNSARiKBk' })],
    [
      'a suite of another name',
      'proof unknown cryptosuite_not_supported',
      proofWith({ cryptosuite: 'ecdsa-sd-2099' }),
    ],
    ['a suite that signs the whole', wrong, proofWith({ cryptosuite: 'ecdsa-rdfc-2019' })],
  ];
}

export const otherSuites: Family[] = Object.keys(signers).map(familyOf);
