import { type KeyObject, sign } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as ecdsaKeys from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createDiscloseCryptosuite, createSignCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as ed25519Keys from '@digitalbazaar/ed25519-multikey';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { Ed25519VerificationKey2020 } from '@digitalbazaar/ed25519-verification-key-2020';
import { createSignCryptosuite as jcsSuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { derive, issue } from '@digitalbazaar/vc';
import { sha256 } from '#platform';
import { bundledContexts, canonize, type JsonObject, multibase, multibaseBytes } from '#signing';
import { type Check, verifyBadge, verifyCredential } from '#verification';
import { aBadge, aSubject, aWeb, edMethod, FakeWeb, keys, now } from './world.js';

const date = '2026-11-20T09:30:00Z';
const ed25519Context = 'https://w3id.org/security/suites/ed25519-2020/v1';
const vc11Context = 'https://www.w3.org/2018/credentials/v1';

interface Signer {
  did: string;
  method: string;
  suite: object;
}

/** Digital Bazaar's loader: our closed store, and nothing else but the empty documents of did:key issuers. */
const documentLoader = bundledContexts.loader;

async function named<T extends { id: string; publicKeyMultibase: string }>(
  key: T,
): Promise<[T, string, string]> {
  const did = `did:key:${key.publicKeyMultibase}`;
  key.id = `${did}#${key.publicKeyMultibase}`;
  return [key, did, key.id];
}

const ecdsa = async (curve: 'P-256' | 'P-384', cryptosuite: object = ecdsaRdfc): Promise<Signer> => {
  const [key, did, method] = await named(await ecdsaKeys.generate({ curve }));
  return { did, method, suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite, date }) };
};

const jcs = async (): Promise<Signer> => {
  const [key, did, method] = await named(await ed25519Keys.generate({ controller: 'did:key:x' }));
  return {
    did,
    method,
    suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite: jcsSuite(), date }),
  };
};

const signature2020 = async (): Promise<Signer> => {
  const [key, did, method] = await named(await Ed25519VerificationKey2020.generate());
  key.controller = did;
  return { did, method, suite: new Ed25519Signature2020({ key, date }) };
};

const selective = (): Promise<Signer> =>
  ecdsa(
    'P-256',
    createSignCryptosuite({ mandatoryPointers: ['/issuer', '/validFrom', '/credentialSubject/achievement'] }),
  );

/** A badge of a did:key issuer, unsigned. */
const aStranger = (did: string, given: JsonObject = {}): JsonObject => {
  const { credentialStatus: _status, ...badge } = aBadge();
  return { ...badge, issuer: { id: did, type: ['Profile'], name: 'Une structure d’ailleurs' }, ...given };
};

const withContexts = (badge: JsonObject, ...more: string[]): JsonObject => ({
  ...badge,
  '@context': [...(badge['@context'] as string[]), ...more],
});

/** The same badge in the older shape. */
function older(badge: JsonObject): JsonObject {
  const { validFrom, '@context': contexts, ...rest } = badge;
  const [, ...others] = contexts as string[];
  return { ...rest, '@context': [vc11Context, ...others], issuanceDate: validFrom };
}

const made = async ({ suite }: Signer, credential: JsonObject): Promise<JsonObject> =>
  (await issue({ credential, suite, documentLoader })) as JsonObject;

const shown = async (credential: JsonObject, selectivePointers: string[]): Promise<JsonObject> =>
  (await derive({
    verifiableCredential: credential,
    suite: new DataIntegrityProof({ cryptosuite: createDiscloseCryptosuite({ selectivePointers }) }),
    documentLoader,
  })) as JsonObject;

const web = new FakeWeb(new Map());
const verify = (credential: JsonObject) => verifyCredential(credential, { fetcher: web, now });
const proofOf = (credential: JsonObject): JsonObject => [credential.proof].flat()[0] as JsonObject;

/** Verdict, and the first check that failed, or what the check of the proof says. */
async function answer(credential: JsonObject): Promise<[string, string | undefined]> {
  const { verdict, checks } = await verify(credential);
  const wrong =
    checks.find(({ outcome }: Check) => outcome === 'failed') ??
    checks.find(({ name, outcome }: Check) => name === 'proof' && outcome !== 'passed');
  return [verdict, wrong?.code ?? 'all passed'];
}

const disclosable = [
  '/id',
  '/type',
  '/name',
  '/awardedDate',
  '/credentialSubject/id',
  '/credentialSubject/type',
  '/credentialSubject/result',
  '/credentialSubject/identifier',
  '/credentialSchema',
];

const kinds: [string, () => Promise<[Signer, JsonObject]>][] = [
  [
    'ecdsa-rdfc-2019 with P-256',
    async () => {
      const signer = await ecdsa('P-256');
      return [signer, await made(signer, aStranger(signer.did))];
    },
  ],
  [
    'ecdsa-rdfc-2019 with P-384',
    async () => {
      const signer = await ecdsa('P-384');
      return [signer, await made(signer, aStranger(signer.did))];
    },
  ],
  [
    'eddsa-jcs-2022',
    async () => {
      const signer = await jcs();
      return [signer, await made(signer, aStranger(signer.did))];
    },
  ],
  [
    'Ed25519Signature2020',
    async () => {
      const signer = await signature2020();
      return [signer, await made(signer, withContexts(aStranger(signer.did), ed25519Context))];
    },
  ],
  [
    'Ed25519Signature2020 in the older shape',
    async () => {
      const signer = await signature2020();
      return [signer, await made(signer, older(withContexts(aStranger(signer.did), ed25519Context)))];
    },
  ],
  [
    'derived ecdsa-sd-2023',
    async () => {
      const signer = await selective();
      return [signer, await shown(await made(signer, aStranger(signer.did)), disclosable)];
    },
  ],
];

/** One character of a multibase value changed, its length kept. */
const flipped = (value: unknown): string => {
  const text = String(value);
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
};

describe.each(kinds)('a badge signed by others: %s', (_kind, make) => {
  let signer: Signer;
  let badge: JsonObject;
  beforeAll(async () => {
    [signer, badge] = await make();
  });

  const changedProof = (given: JsonObject): JsonObject => ({
    ...badge,
    proof: { ...proofOf(badge), ...given },
  });

  it('holds: it is authentic where nothing of it can have been kept back', async () => {
    expect(proofOf(badge).verificationMethod).toBe(signer.method);
    // This issuer gave no status; of a derived badge nobody can see that.
    const verdict = proofOf(badge).cryptosuite === 'ecdsa-sd-2023' ? 'cannot_check' : 'authentic';
    expect(await answer(badge)).toEqual([verdict, 'all passed']);
  });

  it('is not, once a word, a date, the signature or its frame was changed', async () => {
    const proof = proofOf(badge);
    for (const changed of [
      { ...badge, credentialSubject: { ...(badge.credentialSubject as JsonObject), narrative: 'x' } },
      { ...badge, name: 'Un autre nom' },
      changedProof({ proofValue: flipped(proof.proofValue) }),
      changedProof({ created: '2026-11-20T09:30:01Z' }),
    ])
      expect((await verify(changed)).verdict).toBe('not_authentic');
  });

  it('is refused by name for a purpose, a date, a value or contexts that do not fit', async () => {
    const other = (await jcs()).method;
    // What the schema refuses as well is found there first.
    const refused: [JsonObject, string][] = [
      [{ created: 'yesterday' }, 'schema_broken'],
      [{ proofValue: 7 }, 'schema_broken'],
      [{ proofPurpose: 'authentication' }, 'proof_purpose_wrong'],
      [{ created: '2026-11-22T12:05:00Z' }, 'proof_in_future'],
      [{ expires: '2026-11-21T00:00:00Z' }, 'proof_expired'],
      [{ proofValue: '' }, 'signature_wrong'],
      [{ proofValue: 'z0OIl' }, 'signature_wrong'],
      [{ proofValue: 'uAAAA' }, 'signature_wrong'],
      [{ proofValue: `z${'z'.repeat(120)}` }, 'signature_wrong'],
      [{ '@context': [ed25519Context] }, 'proof_malformed'],
      [{ verificationMethod: other }, 'key_of_another_issuer'],
      [{ previousProof: 'urn:uuid:1' }, 'proof_malformed'],
    ];
    for (const [given, code] of refused)
      expect([given, await answer(changedProof(given))]).toEqual([given, ['not_authentic', code]]);
  });

  it('does not hold under the key of somebody else, nor of another kind', async () => {
    for (const other of [await jcs(), await ecdsa('P-256'), await ecdsa('P-384')]) {
      const stolen = {
        ...badge,
        issuer: { ...(badge.issuer as JsonObject), id: other.did },
        proof: { ...proofOf(badge), verificationMethod: other.method },
      };
      expect(await answer(stolen)).toEqual(['not_authentic', 'signature_wrong']);
    }
  });
});

describe('a badge with several proofs', () => {
  it('is authentic when all hold, or when the one beside a good one is of an unknown kind', async () => {
    const signer = await jcs();
    const badge = await made(signer, aStranger(signer.did));
    const proof = proofOf(badge);
    expect(await answer({ ...badge, proof: [proof, proof] })).toEqual(['authentic', 'all passed']);
    const unheardOf = { ...proof, cryptosuite: 'eddsa-2099' };
    expect(await answer({ ...badge, proof: [unheardOf, proof] })).toEqual(['authentic', 'all passed']);
    expect(await answer({ ...badge, proof: unheardOf })).toEqual([
      'cannot_check',
      'cryptosuite_not_supported',
    ]);
  });

  it('is not authentic when one of them does not hold', async () => {
    const signer = await jcs();
    const badge = await made(signer, aStranger(signer.did));
    const proof = proofOf(badge);
    const wrong = { ...proof, proofValue: flipped(proof.proofValue) };
    expect(await answer({ ...badge, proof: [proof, wrong] })).toEqual(['not_authentic', 'signature_wrong']);
  });
});

describe('selective disclosure', () => {
  it('lets nobody take the holder’s original for a badge', async () => {
    const signer = await selective();
    const original = await made(signer, aStranger(signer.did));
    expect(await answer(original)).toEqual(['not_authentic', 'proof_base']);
  });

  it('says that it cannot know of a withdrawal or an end that the holder does not show', async () => {
    const signer = await selective();
    const badge = aStranger(signer.did, {
      credentialStatus: aBadge().credentialStatus,
      validUntil: '2026-11-21T00:00:00Z',
    });
    const original = await made(signer, badge);
    const told = async (pointers: string[]) => {
      const { verdict, checks, notChecked } = await verifyBadge(await shown(original, pointers), {
        fetcher: web,
        now,
        knownIssuers: async () => ({ name: 'Une structure d’ailleurs' }),
      });
      const code = (wanted: string) => checks.find(({ name }) => name === wanted)?.code;
      return [verdict, code('dates'), code('status'), notChecked.map(({ en }) => en).join()];
    };
    expect(await told(disclosable)).toEqual([
      'cannot_check',
      'dates_end_not_shown',
      'status_withheld',
      expect.stringContaining('its end date is not shown'),
    ]);
    expect(await told([...disclosable, '/validUntil'])).toEqual([
      'cannot_check',
      'expired',
      'status_withheld',
      expect.not.stringContaining('its end date is not shown'),
    ]);
  });

  it('does not let a holder leave out or add a statement after deriving', async () => {
    const signer = await selective();
    const badge = await shown(await made(signer, aStranger(signer.did)), disclosable);
    const { name: _name, ...less } = badge;
    expect(await answer(less)).toEqual(['not_authentic', 'signature_wrong']);
    const more = { ...badge, credentialSubject: { ...aSubject(), narrative: 'Très bien.' } };
    expect(await answer(more)).toEqual(['not_authentic', 'signature_wrong']);
  });
});

describe('signatures that mathematics allows and nobody should make', () => {
  it('refuses r and s of nothing', async () => {
    const signer = await ecdsa('P-256');
    const badge = await made(signer, aStranger(signer.did));
    for (const bytes of [Buffer.alloc(64), Buffer.alloc(64, 0xff)]) {
      const proof = { ...proofOf(badge), proofValue: multibase(bytes) };
      expect(await answer({ ...badge, proof })).toEqual(['not_authentic', 'signature_wrong']);
    }
  });

  it('refuses an Ed25519 signature whose s was raised by the order of the group', async () => {
    const signer = await jcs();
    const badge = await made(signer, aStranger(signer.did));
    const bytes = multibaseBytes(String(proofOf(badge).proofValue));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    const raised = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    const proof = {
      ...proofOf(badge),
      proofValue: multibase(Buffer.concat([bytes.subarray(0, 32), raised])),
    };
    expect(await answer({ ...badge, proof })).toEqual(['not_authentic', 'signature_wrong']);
  });
});

describe('a chain of proofs', () => {
  // Digital Bazaar's suites make none; the published chains are followed in vc-di-eddsa.spec.ts.
  const link = (document: JsonObject, earlier: JsonObject[], given: JsonObject): Promise<JsonObject> =>
    chainedProof(document, earlier, { privateKey: keys.ed, verificationMethod: edMethod, given });

  it('is authentic when every link holds, and not when one is left out, changed or put twice', async () => {
    const badge = aBadge();
    const first = await link(badge, [], { id: 'urn:uuid:11111111-1111-4111-8111-111111111111' });
    const second = await link(badge, [first], { previousProof: first.id });
    const web = await aWeb();
    const check = async (proof: JsonObject[]): Promise<string> =>
      (await verifyCredential({ ...badge, proof }, { fetcher: web, now })).verdict;
    expect(await check([first, second])).toBe('authentic');
    expect(await check([second, first])).toBe('authentic');
    expect(await check([second])).toBe('not_authentic');
    expect(await check([first, first, second])).toBe('not_authentic');
    expect(await check([{ ...first, created: '2026-11-20T09:30:01Z' }, second])).toBe('not_authentic');
    const { previousProof: _previous, ...alone } = second;
    expect(await check([first, alone])).toBe('not_authentic');
  });
});

/** An eddsa-rdfc-2022 proof over a document and earlier proofs, from the words of the standard. */
async function chainedProof(
  document: JsonObject,
  earlier: JsonObject[],
  {
    privateKey,
    verificationMethod,
    given,
  }: { privateKey: KeyObject; verificationMethod: string; given: JsonObject },
): Promise<JsonObject> {
  const options = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-rdfc-2022',
    created: date,
    verificationMethod,
    proofPurpose: 'assertionMethod',
    ...given,
  };
  const whole = earlier.length > 0 ? { ...document, proof: earlier } : document;
  const hashes = await Promise.all(
    [{ ...options, '@context': document['@context'] }, whole].map(async (one) => sha256(await canonize(one))),
  );
  return { ...options, proofValue: multibase(sign(null, Buffer.concat(hashes), privateKey)) };
}
