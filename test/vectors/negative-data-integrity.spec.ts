import { createPublicKey } from 'node:crypto';
import {
  didDocument,
  type JsonObject,
  jwkOf,
  multikeyOf,
  prepare,
  proofFor,
  signWithDataIntegrity,
} from '#signing';
import {
  aBadge,
  anAchievement,
  answer,
  aSubject,
  edMethod,
  issuedAt,
  issuerDid,
  issuerKeys,
  keys,
  now,
  origin,
  otherDid,
  signed,
  verify,
} from './world.js';

type Proof = JsonObject & { proofValue: string };
const didUrl = `${origin}/issuers/north/did.json`;

/** The signed badge with its proof changed, not signed again. */
async function withProof(change: (proof: Proof) => unknown): Promise<JsonObject> {
  const badge = await signed();
  const proof = structuredClone((badge.proof as Proof[])[0]!);
  return { ...badge, proof: change(proof) };
}

/** A badge signed properly, but with these proof options instead of the usual ones. */
async function signedWithOptions(options: JsonObject, document = aBadge()): Promise<JsonObject> {
  const prepared = await prepare(document);
  const { canonicalProofConfiguration } = await import('../../libs/signing/src/data-integrity.js');
  const { sha256 } = await import('#platform');
  const { sign } = await import('node:crypto');
  const { multibase } = await import('#signing');
  const all = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-rdfc-2022',
    created: '2026-11-20T09:30:00Z',
    verificationMethod: edMethod,
    proofPurpose: 'assertionMethod',
    ...options,
  };
  const configuration = sha256(await canonicalProofConfiguration(all, document['@context']));
  const proofValue = multibase(sign(null, Buffer.concat([configuration, prepared.documentHash]), keys.ed));
  return { ...document, proof: [{ ...all, proofValue }] };
}

const tampered = async (change: (badge: JsonObject) => void): Promise<JsonObject> => {
  const badge = structuredClone(await signed());
  change(badge);
  return badge;
};
const subjectOf = (badge: JsonObject) => badge.credentialSubject as JsonObject;
const achievementOf = (badge: JsonObject) => subjectOf(badge).achievement as JsonObject;
const flip = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === '2' ? '3' : '2') + text.slice(at + 1);

describe('content changed after signing', () => {
  const changes: Record<string, (badge: JsonObject) => void> = {
    'the name': (badge) => {
      badge.name = 'Envoyer un Courriel';
    },
    'the date': (badge) => {
      badge.validFrom = '2026-11-20T09:30:01Z';
    },
    'the badge id': (badge) => {
      badge.id = `${badge.id}b`;
    },
    'the subject': (badge) => {
      subjectOf(badge).id = 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f02';
    },
    'the identity hash': (badge) => {
      (subjectOf(badge).identifier as JsonObject[])[0]!.identityHash = `sha256$${'5e'.repeat(32)}`;
    },
    'one space in the criteria': (badge) => {
      (achievementOf(badge).criteria as JsonObject).narrative = 'Envoie un message.\nJoint un fichier. ';
    },
    'an accent written otherwise': (badge) => {
      achievementOf(badge).description = 'Écrire et envoyer un message.'.normalize('NFD');
    },
    'the level reached': (badge) => {
      (subjectOf(badge).result as JsonObject[])[0]!.achievedLevel = `${origin}/achievements/mail#attended`;
    },
    'a removed alignment': (badge) => {
      delete achievementOf(badge).alignment;
    },
    'an added end of validity': (badge) => {
      badge.validUntil = '2030-01-01T00:00:00Z';
    },
    'another place in the status list': (badge) => {
      (badge.credentialStatus as JsonObject).statusListIndex = '4712';
    },
    'a removed status': (badge) => {
      delete badge.credentialStatus;
    },
    'the issuer name': (badge) => {
      (badge.issuer as JsonObject).name = 'Structure du Sud';
    },
  };

  it.each(Object.entries(changes))('refuses %s', async (_what, change) => {
    const report = await verify(await tampered(change));
    expect(answer(report, 'proof')).toBe('failed signature_wrong');
    expect(report.verdict).toBe('not_authentic');
  });

  it('accepts what only looks changed: members in another order', async () => {
    const badge = await signed();
    const report = await verify(Object.fromEntries(Object.entries(badge).reverse()));
    expect(report.verdict).toBe('authentic');
  });
});

describe('proofs that do not belong', () => {
  const refused: [string, string, () => Promise<JsonObject>][] = [
    ['no proof', 'failed proof_missing', async () => aBadge()],
    ['an empty list of proofs', 'failed proof_missing', async () => ({ ...aBadge(), proof: [] })],
    ['a text as proof', 'failed proof_malformed', async () => ({ ...aBadge(), proof: ['signed, trust me'] })],
    [
      'a proof copied from another badge',
      'failed signature_wrong',
      async () => ({
        ...aBadge({ name: 'Un autre badge' }),
        proof: (await signed()).proof,
      }),
    ],
    [
      'a signature with one digit changed',
      'failed signature_wrong',
      () => withProof((proof) => [{ ...proof, proofValue: flip(proof.proofValue, 40) }]),
    ],
    [
      'a truncated signature',
      'failed signature_wrong',
      () => withProof((proof) => [{ ...proof, proofValue: proof.proofValue.slice(0, -4) }]),
    ],
    [
      'a signature without its multibase letter',
      'failed signature_wrong',
      () => withProof((proof) => [{ ...proof, proofValue: proof.proofValue.slice(1) }]),
    ],
    [
      'an empty signature',
      'failed signature_wrong',
      () => withProof((proof) => [{ ...proof, proofValue: 'z' }]),
    ],
    [
      'a missing signature',
      'failed proof_malformed',
      () => withProof(({ proofValue: _value, ...proof }) => [proof]),
    ],
    [
      'a number as signature',
      'failed proof_malformed',
      () => withProof((proof) => [{ ...proof, proofValue: 7 }]),
    ],
    [
      'a purpose changed afterwards',
      'failed proof_purpose_wrong',
      () => withProof((proof) => [{ ...proof, proofPurpose: 'authentication' }]),
    ],
    [
      'a purpose that was wrong from the start',
      'failed proof_purpose_wrong',
      () => signedWithOptions({ proofPurpose: 'authentication' }),
    ],
    [
      'a missing purpose',
      'failed proof_malformed',
      () => withProof(({ proofPurpose: _purpose, ...proof }) => [proof]),
    ],
    [
      'a creation date changed afterwards',
      'failed signature_wrong',
      () => withProof((proof) => [{ ...proof, created: '2026-11-20T09:30:01Z' }]),
    ],
    [
      'a proof dated in the future',
      'failed proof_in_future',
      () => signedWithOptions({ created: '2027-01-01T00:00:00Z' }),
    ],
    [
      'a creation date without zone',
      'failed proof_malformed',
      () => withProof((proof) => [{ ...proof, created: '2026-11-20T09:30:00' }]),
    ],
    [
      'a proof that expired',
      'failed proof_expired',
      () => signedWithOptions({ expires: '2026-11-21T00:00:00Z' }),
    ],
    [
      'a proof with a word no context defines',
      'failed proof_malformed',
      () => withProof((proof) => [{ ...proof, blessedBy: 'the mayor' }]),
    ],
    [
      'a proof with a context of its own',
      'failed proof_malformed',
      () => withProof((proof) => [{ ...proof, '@context': 'https://www.w3.org/ns/credentials/v2' }]),
    ],
    [
      'one good and one bad proof',
      'failed signature_wrong',
      () => withProof((proof) => [proof, { ...proof, proofValue: flip(proof.proofValue, 30) }]),
    ],
    [
      'one bad and one good proof',
      'failed signature_wrong',
      () => withProof((proof) => [{ ...proof, proofValue: flip(proof.proofValue, 30) }, proof]),
    ],
    [
      'six proofs',
      'failed proof_too_many',
      () => withProof((proof) => Array.from({ length: 6 }, () => proof)),
    ],
    [
      'a downgrade to an unknown suite',
      'unknown cryptosuite_not_supported',
      () => withProof((proof) => [{ ...proof, cryptosuite: 'eddsa-2020-easy' }]),
    ],
    [
      'a proof of a chain without the one it follows',
      'failed proof_malformed',
      () => withProof((proof) => [{ ...proof, previousProof: 'urn:uuid:1' }]),
    ],
    [
      'another type of proof',
      'unknown cryptosuite_not_supported',
      () => withProof((proof) => [{ ...proof, type: 'Ed25519Signature2020' }]),
    ],
  ];

  it.each(refused)('refuses %s', async (_what, expected, badge) => {
    const report = await verify(await badge());
    expect(answer(report, 'proof')).toBe(expected);
    expect(report.verdict).toBe(expected.startsWith('unknown') ? 'cannot_check' : 'not_authentic');
  });
});

describe('keys that are not the issuer’s', () => {
  const document = didDocument({ did: issuerDid, keys: issuerKeys }) as {
    verificationMethod: JsonObject[];
  } & JsonObject;
  const changedMethod = (change: JsonObject): JsonObject => ({
    ...document,
    verificationMethod: document.verificationMethod.map((method) =>
      method.id === edMethod ? { ...method, ...change } : method,
    ),
  });
  const didKey = `did:key:${multikeyOf(createPublicKey(keys.ed))}`;

  const refused: [string, string, () => Promise<JsonObject>, Record<string, unknown>?][] = [
    [
      'a key of another issuer',
      'failed key_of_another_issuer',
      () => signed(aBadge(), { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` }),
    ],
    [
      'the right key under another issuer’s name',
      'failed key_of_another_issuer',
      () => signed(aBadge({ issuer: { id: otherDid, type: ['Profile'], name: 'Structure du Sud' } })),
    ],
    [
      'a did:key proof under a did:web issuer',
      'failed key_of_another_issuer',
      () => signed(aBadge(), { verificationMethod: `${didKey}#${didKey.slice(8)}` }),
    ],
    [
      'a key the issuer never listed',
      'failed key_not_listed',
      () => signed(aBadge(), { privateKey: keys.otherEd, verificationMethod: `${issuerDid}#ed-ghost` }),
    ],
    [
      'a DID without fragment as key',
      'unknown key_not_bound',
      () => signed(aBadge(), { verificationMethod: issuerDid }),
    ],
    [
      'a multibase key in the fragment',
      'failed key_not_listed',
      () =>
        signed(aBadge(), {
          privateKey: keys.otherEd,
          verificationMethod: `${issuerDid}#${multikeyOf(createPublicKey(keys.otherEd))}`,
        }),
    ],
    [
      'a key that may no longer sign',
      'failed key_not_for_assertion',
      () => signed(),
      { [didUrl]: { ...document, assertionMethod: [] } },
    ],
    [
      'a key with another controller',
      'failed key_of_another_issuer',
      () => signed(),
      { [didUrl]: changedMethod({ controller: otherDid }) },
    ],
    [
      'another key under the same name',
      'failed key_not_listed',
      () => signed(),
      {
        [didUrl]: {
          ...document,
          verificationMethod: [
            ...document.verificationMethod,
            ...document.verificationMethod.map((one) => ({ ...one, type: 'JsonWebKey' })),
          ],
        },
      },
    ],
    [
      'a key that is not a key',
      'unknown key_unusable',
      () => signed(),
      { [didUrl]: changedMethod({ publicKeyMultibase: 'z6Mknotakey' }) },
    ],
    [
      'a DID document about somebody else',
      'failed issuer_document_unusable',
      () => signed(),
      { [didUrl]: { ...document, id: otherDid } },
    ],
    [
      'a DID document that is no JSON',
      'unknown issuer_document_unusable',
      () => signed(),
      { [didUrl]: '<html>Moved</html>' },
    ],
    [
      'a DID document that does not answer',
      'unknown issuer_unreachable',
      () => signed(),
      { [didUrl]: undefined },
    ],
    [
      'an issuer of an unknown DID method',
      'unknown issuer_method_not_supported',
      () =>
        signed(aBadge({ issuer: { id: 'did:example:1', type: ['Profile'] } }), {
          verificationMethod: 'did:example:1#key',
        }),
    ],
  ];

  it.each(refused)('refuses %s', async (...[_what, expected, badge, web]) => {
    const report = await verify(await badge(), web);
    expect(answer(report, 'issuer')).toBe(expected);
    expect(answer(report, 'proof')).toBe('unknown key_not_available');
    expect(report.verdict).toBe(expected.startsWith('unknown') ? 'cannot_check' : 'not_authentic');
  });

  it('refuses the neighbour’s signature under our key’s address', async () => {
    const report = await verify(await signed(aBadge(), { privateKey: keys.otherEd }));
    expect(answer(report, 'proof')).toBe('failed signature_wrong');
  });

  it('refuses a proof checked against the issuer’s RSA key', async () => {
    const report = await verify(await signed(aBadge(), { verificationMethod: `${issuerDid}#rsa-issuer` }));
    expect(answer(report, 'proof')).toBe('failed signature_wrong');
  });

  it('accepts a did:key issuer and an https key document below an https issuer', async () => {
    const multikey = didKey.slice(8);
    const byDidKey = await signed(
      aBadge({ issuer: { id: didKey, type: ['Profile'] }, credentialStatus: undefined }),
      {
        verificationMethod: `${didKey}#${multikey}`,
      },
    );
    expect((await verify(JSON.parse(JSON.stringify(byDidKey)))).verdict).toBe('authentic');
    const issuer = 'https://school.example/issuers/1';
    const key = `${issuer}/keys/1`;
    const byHttps = await signed(
      aBadge({ issuer: { id: issuer, type: ['Profile'] }, credentialStatus: undefined }),
      {
        verificationMethod: key,
      },
    );
    const web = {
      [issuer]: { id: issuer, type: ['Profile'] },
      [key]: { id: key, type: 'Multikey', controller: issuer, publicKeyMultibase: multikey },
    };
    expect((await verify(JSON.parse(JSON.stringify(byHttps)), web)).verdict).toBe('authentic');
  });

  it('does not believe an https issuer whose key lies elsewhere on the web', async () => {
    const issuer = 'https://school.example/issuers/1';
    const elsewhere = 'https://evil.example/keys/1';
    const badge = await signed(aBadge({ issuer: { id: issuer, type: ['Profile'] } }), {
      verificationMethod: elsewhere,
    });
    const page = { controller: issuer, publicKeyMultibase: multikeyOf(createPublicKey(keys.ed)) };
    expect(answer(await verify(badge, { [elsewhere]: page }), 'issuer')).toBe('unknown key_not_bound');
    const own = { id: issuer, verificationMethod: [{ ...page, id: `${issuer}#1` }] };
    expect(answer(await verify(badge, { [elsewhere]: page, [issuer]: own }), 'issuer')).toBe(
      'failed key_of_another_issuer',
    );
    const neighbour = 'https://school.example/issuers/2/keys/1';
    const near = await signed(aBadge({ issuer: { id: issuer, type: ['Profile'] } }), {
      verificationMethod: neighbour,
    });
    expect((await verify(near, { [neighbour]: page })).verdict).toBe('cannot_check');
  });
});

describe('dates', () => {
  it.each([
    ['expired', 'expired', { validUntil: '2026-11-21T00:00:00Z' }],
    ['not yet valid', 'not_authentic', { validFrom: '2027-01-01T00:00:00Z' }],
    ['with its end before its beginning', 'not_authentic', { validUntil: '2020-01-01T00:00:00Z' }],
    ['dated 31 February', 'not_authentic', { validFrom: '2026-02-31T00:00:00Z' }],
  ])('tells a badge %s', async (_what, verdict, dates) => {
    expect((await verify(await signed(aBadge(dates)))).verdict).toBe(verdict);
  });

  it('still calls a withdrawn badge withdrawn after it expired, and an untouched one valid to the last second', async () => {
    const badge = await signed(aBadge({ validUntil: '2026-11-22T12:00:00Z' }));
    expect((await verify(badge)).verdict).toBe('authentic');
    expect((await verify(badge, {}, new Date(now.getTime() + 1000))).verdict).toBe('expired');
  });
});

describe('form', () => {
  const refused: [string, string, string, JsonObject][] = [
    ['a type that is no badge', 'schema', 'failed type_unknown', { type: ['VerifiableCredential'] }],
    [
      'a subject without achievement',
      'schema',
      'failed schema_broken',
      { credentialSubject: { id: 'urn:uuid:1', type: ['AchievementSubject'] } },
    ],
    [
      'an image as text',
      'schema',
      'failed schema_broken',
      {
        credentialSubject: aSubject({
          achievement: anAchievement({ image: 'https://badges.example/i.png' }),
        }),
      },
    ],
    [
      'a result of no description',
      'links',
      'failed result_without_description',
      {
        credentialSubject: aSubject({
          result: [{ type: ['Result'], resultDescription: `${origin}/nowhere`, value: '1' }],
        }),
      },
    ],
    [
      'a level of no description',
      'links',
      'failed level_unknown',
      {
        credentialSubject: aSubject({
          result: [
            {
              type: ['Result'],
              resultDescription: `${origin}/achievements/mail#how`,
              achievedLevel: `${origin}/x`,
            },
          ],
        }),
      },
    ],
    [
      'a subject that is nobody',
      'links',
      'failed subject_unidentified',
      {
        credentialSubject: { type: ['AchievementSubject'], achievement: anAchievement() },
      },
    ],
  ];

  it.each(refused)('refuses %s even when properly signed', async (_what, check, expected, change) => {
    const badge = await signWithDataIntegrity({
      document: aBadge(change),
      privateKey: keys.ed,
      verificationMethod: edMethod,
      created: issuedAt,
    });
    const report = await verify(badge);
    expect(answer(report, check)).toBe(expected);
    expect(report.verdict).toBe('not_authentic');
  });

  it('never asks the network for a status list named by an unsigned document', async () => {
    const { aWeb } = await import('./world.js');
    const { verifyCredential } = await import('#verification');
    const web = await aWeb();
    await verifyCredential(
      await tampered((badge) => {
        badge.name = 'x';
      }),
      { fetcher: web, now },
    );
    expect(web.asked).toEqual([didUrl]);
  });

  it('keeps a good proof good beside one of an unknown kind', async () => {
    const proof = await proofFor(await prepare(aBadge()), {
      privateKey: keys.ed,
      verificationMethod: edMethod,
      created: issuedAt,
    });
    const badge = { ...aBadge(), proof: [{ ...proof, cryptosuite: 'ecdsa-sd-2099' }, proof] };
    expect((await verify(badge)).verdict).toBe('authentic');
    expect(jwkOf(keys.ed)).not.toHaveProperty('d');
  });
});
