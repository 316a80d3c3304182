import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as ecdsaKeys from '@digitalbazaar/ecdsa-multikey';
import { createDiscloseCryptosuite, createSignCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { derive, issue } from '@digitalbazaar/vc';
import { sha256Hex } from '#platform';
import { bundledContexts, didDocument, type JsonObject, jwkOf, multikeyOf } from '#signing';
import { type BadgeOptions, verifyBadge } from '#verification';
import { aJwt, claimsOf } from './jwts.js';
import {
  aKey,
  anAssertion,
  anIdentity,
  aProfile,
  aRevocationList,
  aSignedAssertion,
  assertionUrl,
  badgeUrl,
  host,
  keyUrl,
  ob2Web,
  profileUrl,
  revocationsUrl,
  verifyOb2,
} from './ob2-world.js';
import {
  aBadge,
  aList,
  anAchievement,
  answer,
  aSubject,
  aWeb,
  issuerDid,
  issuerKeys,
  keys,
  listUrl,
  now,
  origin,
  otherDid,
  rsaKid,
  signed,
  statusIndex,
} from './world.js';

const proofOf = ({ proof }: JsonObject): JsonObject => [proof].flat()[0] as JsonObject;
const { credentialStatus: _status, ...lasting } = aBadge();
const badgeOf = (id: string): JsonObject => ({
  ...lasting,
  issuer: { id, type: ['Profile'], name: 'École' },
});

async function judged(
  given: object | string,
  changes: Record<string, unknown> = {},
  options: Partial<BadgeOptions> = {},
) {
  return verifyBadge(given, { fetcher: await aWeb(changes), now, ...options });
}
const told = async (...given: Parameters<typeof judged>) => {
  const report = await judged(...given);
  return [report.verdict, answer(report, 'issuer')];
};

const didUrl = `${origin}/issuers/north/did.json`;
const document = didDocument({ did: issuerDid, keys: issuerKeys }) as {
  id: string;
  verificationMethod: JsonObject[];
  assertionMethod: string[];
};
const methods = document.verificationMethod;
const withMethods = (change: (method: JsonObject) => JsonObject) => ({
  [didUrl]: { ...document, verificationMethod: methods.map(change) },
});

describe('a document of keys that is written otherwise', () => {
  it('may write a method twice with the same words, and not with others', async () => {
    const badge = await signed();
    const good = ['authentic', 'passed issuer_key_found'];
    expect(await told(badge, { [didUrl]: { ...document, assertionMethod: methods } })).toEqual(good);
    expect(
      await told(badge, { [didUrl]: { ...document, verificationMethod: [...methods, ...methods] } }),
    ).toEqual(good);
    const other = multikeyOf(createPublicKey(keys.otherEd));
    const second = { ...methods[0], publicKeyMultibase: other };
    expect(
      await told(badge, { [didUrl]: { ...document, verificationMethod: [...methods, second] } }),
    ).toEqual(['not_authentic', 'failed key_not_listed']);
  });

  it('says nothing by a null, and leaves open whose a key without a controller is', async () => {
    const badge = await signed();
    expect(
      (
        await told(
          badge,
          withMethods((one) => ({ ...one, revoked: null })),
        )
      )[0],
    ).toBe('authentic');
    for (const controller of [undefined, null])
      expect(
        await told(
          badge,
          withMethods((one) => ({ ...one, controller })),
        ),
      ).toEqual(['cannot_check', 'unknown key_not_bound']);
  });

  it('ends what a key may sign: what was signed before its end counts, what was signed after does not', async () => {
    const badge = await signed();
    const until = (expires: string) => withMethods((one) => ({ ...one, expires }));
    expect((await told(badge, until('2026-11-21T00:00:00Z')))[0]).toBe('authentic');
    expect(await told(badge, until('2026-11-19T00:00:00Z'))).toEqual([
      'not_authentic',
      'failed key_not_for_assertion',
    ]);
  });
});

describe('a key that is named in fewer words', () => {
  const jwt = (kid: string, badge: JsonObject = aBadge(), key = keys.rsa) =>
    aJwt(claimsOf(badge), { alg: 'RS256', kid }, key);

  it('is found by its name in the document of its issuer, and nowhere else', async () => {
    expect(await told(jwt('rsa-issuer'))).toEqual(['authentic', 'passed issuer_key_found']);
    const thumbprint = withMethods((one) =>
      one.id === `${issuerDid}#rsa-issuer`
        ? { ...one, publicKeyJwk: { ...(one.publicKeyJwk as object), kid: 'Nz-bG' } }
        : one,
    );
    expect((await told(jwt('Nz-bG'), thumbprint))[0]).toBe('authentic');
    expect((await told(jwt('rsa-issuer', aBadge(), keys.otherRsa)))[0]).toBe('not_authentic');
    for (const kid of ['nobody', issuerDid])
      expect(await told(jwt(kid))).toEqual(['cannot_check', 'unknown key_not_bound']);
  });

  it('is the DID itself where that is a key, in a JWT and in a proof', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const multikey = multikeyOf(publicKey);
    const did = `did:key:${multikey}`;
    const known = { knownIssuers: async () => ({ name: 'École' }) };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (kid: string, by = privateKey): string => {
      const content = `${part({ alg: 'EdDSA', kid })}.${part(claimsOf(badgeOf(did)))}`;
      return `${content}.${sign(null, Buffer.from(content), by).toString('base64url')}`;
    };
    for (const kid of [did, multikey, 'key-1']) {
      expect((await told(token(kid), {}, known))[0]).toBe('authentic');
      expect((await told(token(kid, keys.otherEd), {}, known))[0]).toBe('not_authentic');
    }
    const proven = (of: JsonObject) => signed(of, { privateKey, verificationMethod: did });
    expect((await told(await proven(badgeOf(did)), {}, known))[0]).toBe('authentic');
    expect((await told(await proven(aBadge())))[0]).toBe('not_authentic');
  });

  it('is not said to be false where an https issuer lists no keys at all', async () => {
    const issuer = 'https://school.example/issuer';
    const elsewhere = 'https://keys.example/1';
    const inHeader = aJwt(claimsOf(badgeOf(issuer)), { alg: 'RS256', jwk: jwkOf(keys.rsa) });
    const byAddress = jwt(elsewhere, badgeOf(issuer));
    const listing = (id: string, key = keys.rsa) => ({
      id: issuer,
      verificationMethod: [{ id, type: 'JsonWebKey', controller: issuer, publicKeyJwk: jwkOf(key) }],
      assertionMethod: [id],
    });
    for (const given of [inHeader, byAddress]) {
      for (const home of [{ id: issuer, type: 'Profile' }, '<!doctype html>', undefined])
        expect((await told(given, { [issuer]: home }))[0]).toBe('cannot_check');
      expect((await told(given, { [issuer]: listing(elsewhere) }))[0]).toBe('authentic');
      expect((await told(given, { [issuer]: listing(`${issuer}#1`, keys.otherRsa) }))[0]).toBe(
        'not_authentic',
      );
    }
  });

  it('stands in a header with the whole media type, beside seconds with a fraction', async () => {
    const badge = aBadge({ validFrom: '2026-11-20T09:30:00.250Z' });
    const header = (typ: string) => ({ alg: 'RS256', kid: rsaKid, typ });
    expect((await told(aJwt(claimsOf(badge), header('application/vc+jwt'))))[0]).toBe('authentic');
    expect((await told(aJwt(claimsOf(badge), header('application/at+jwt'))))[0]).toBe('not_authentic');
    const late = { ...claimsOf(badge), nbf: Number(claimsOf(badge).nbf) + 1 };
    expect((await told(aJwt(late, header('vc+jwt'))))[0]).toBe('not_authentic');
  });
});

describe('a good signature of the issuer', () => {
  it('is left open, and not false, while that of another beside it cannot be looked up', async () => {
    const other = { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` };
    const proof = [proofOf(await signed()), proofOf(await signed(aBadge(), other))];
    const away = { [`${origin}/issuers/south/did.json`]: undefined };
    expect(await told({ ...aBadge(), proof })).toEqual(['authentic', 'passed issuer_key_found']);
    expect(await told({ ...aBadge(), proof }, away)).toEqual(['cannot_check', 'unknown issuer_unreachable']);
    const unheardOf = [proof[0], { ...proof[1], verificationMethod: 'did:ion:abc#1' }];
    expect((await told({ ...aBadge(), proof: unheardOf }))[0]).toBe('cannot_check');
  });
});

describe('a name whose accents the issuer hashed apart', () => {
  it('is found as people write it', async () => {
    const identifier = {
      type: 'IdentityObject',
      hashed: true,
      identityHash: `sha256$${sha256Hex(`${'Zoé Müller'.normalize('NFD')}k3`)}`,
      identityType: 'name',
      salt: 'k3',
    };
    const badge = await signed(aBadge({ credentialSubject: aSubject({ identifier: [identifier] }) }));
    const asked = async (name: string) =>
      answer(await judged(badge, {}, { recipient: { name } }), 'recipient');
    expect(await asked('Zoé Müller')).toBe('passed recipient_matches');
    expect(await asked('Zoe Muller')).toBe('failed recipient_other');
  });
});

describe('a part of a badge that its holder chose to show', () => {
  const did = 'did:web:elsewhere.example';
  const method = `${did}#k`;
  const { loader: documentLoader } = bundledContexts;

  it('is left open, and not false, where it shows too little', async () => {
    const key = await ecdsaKeys.generate({ curve: 'P-256' });
    key.id = method;
    // Each statement is signed for itself.
    const { alignment: _alignment, image: _image, ...told } = anAchievement();
    const { identifier: _identifier, ...small } = aSubject({ achievement: told });
    const base = (await issue({
      credential: { ...badgeOf(did), credentialSubject: small },
      suite: new DataIntegrityProof({
        signer: key.signer(),
        cryptosuite: createSignCryptosuite({ mandatoryPointers: ['/id', '/issuer'] }),
        date: '2026-11-20T09:30:00Z',
      }),
      documentLoader,
    })) as JsonObject;
    const shown = async (selectivePointers: string[]) =>
      (await derive({
        verifiableCredential: base,
        suite: new DataIntegrityProof({ cryptosuite: createDiscloseCryptosuite({ selectivePointers }) }),
        documentLoader,
      })) as JsonObject;
    const web = {
      'https://elsewhere.example/.well-known/did.json': {
        id: did,
        verificationMethod: [
          { id: method, type: 'Multikey', controller: did, publicKeyMultibase: key.publicKeyMultibase },
        ],
        assertionMethod: [method],
      },
    };
    const subject = '/credentialSubject';
    const achievement = `${subject}/achievement`;
    const named = [`${achievement}/name`, `${achievement}/description`, `${achievement}/criteria`];
    const pointers = ['/id', '/type', '/issuer', '/validFrom', subject];
    const cases: [string, string[]][] = [
      ['schema', pointers.filter((one) => one !== subject).concat(named.slice(1), `${subject}/id`)],
      [
        'links',
        pointers.filter((one) => one !== subject).concat(named, `${subject}/id`, `${subject}/result`),
      ],
      ['dates', pointers.filter((one) => one !== '/validFrom')],
    ];
    for (const [check, chosen] of cases) {
      const badge = await shown(chosen);
      const report = await judged(badge, web);
      expect([check, report.verdict, answer(report, check)]).toEqual([
        check,
        'cannot_check',
        'unknown not_shown',
      ]);
      const forged = await judged({ ...badge, name: 'Piloter un avion' }, web);
      expect(forged.verdict).toBe('not_authentic');
    }
  });
});

describe('an Open Badge 2.0 that was taken back', () => {
  const notice = { '@context': 'https://w3id.org/openbadges/v2', type: 'Assertion', revoked: true };
  const gone = (changes: Record<string, unknown>) => {
    const web = ob2Web({ ...changes, [assertionUrl]: { ...notice, id: assertionUrl } });
    web.statuses.set(assertionUrl, 410);
    return { fetcher: web };
  };

  it.each([badgeUrl, profileUrl])('is withdrawn although %s does not answer at this moment', async (away) => {
    for (const page of [undefined, 503]) {
      const report = await verifyOb2(anAssertion(), {}, gone({ [away]: page }));
      expect([report.verdict, answer(report, 'status')]).toEqual(['withdrawn', 'failed revoked']);
      const standing = await verifyOb2(anAssertion(), { [away]: page });
      expect(standing.verdict).toBe('cannot_check');
    }
  });

  it('stands in the list of its issuer in small letters or capitals, or says so itself', async () => {
    const id = 'urn:uuid:6F0C6A52-7D0E-4A3A-9A1E-2B1A5B0C7D01';
    const list = { [revocationsUrl]: aRevocationList({ revokedAssertions: [id] }) };
    expect((await verifyOb2(aSignedAssertion(), list)).verdict).toBe('withdrawn');
    expect((await verifyOb2(aSignedAssertion({ revoked: true }))).verdict).toBe('withdrawn');
    expect((await verifyOb2(aSignedAssertion({ revoked: false }))).verdict).toBe('authentic');
  });
});

describe('a document of Open Badges 2.0', () => {
  it('says nothing by a null', async () => {
    const assertion = anAssertion({ expires: null, evidence: null });
    expect((await verifyOb2(assertion, { [assertionUrl]: assertion })).verdict).toBe('authentic');
    expect((await verifyOb2(assertion)).verdict).toBe('authentic');
    expect((await verifyOb2(aSignedAssertion(), { [keyUrl]: aKey({ revoked: null }) })).verdict).toBe(
      'authentic',
    );
    const nameless = anAssertion({ recipient: anIdentity({ identity: null }) });
    expect((await verifyOb2(nameless, { [assertionUrl]: nameless })).verdict).toBe('not_authentic');
  });

  it('may name an origin with its scheme, and then only that one', async () => {
    const at = (allowedOrigins: string) => ({
      [profileUrl]: aProfile({ verification: { allowedOrigins } }),
    });
    expect((await verifyOb2(anAssertion(), at(host))).verdict).toBe('authentic');
    for (const other of ['http://passport.example', `${host}.evil.example`, `${host}:8443`])
      expect((await verifyOb2(anAssertion(), at(other))).verdict).toBe('not_authentic');
  });
});

describe('the operator’s own register', () => {
  const asked: [string, number][] = [];
  const saying = (state: 'suspended' | 'revoked' | undefined) => ({
    register: async (list: string, index: number) => {
      asked.push([list, index]);
      return state;
    },
  });

  it('takes away what a signed list still lets stand, and gives nothing back', async () => {
    const badge = await signed();
    const status = async (...given: Parameters<typeof judged>) => {
      const report = await judged(...given);
      return [report.verdict, answer(report, 'status')];
    };
    expect(await status(badge, {}, saying('revoked'))).toEqual(['withdrawn', 'failed revoked']);
    expect(await status(badge, {}, saying('suspended'))).toEqual(['withdrawn', 'failed suspended']);
    expect(await status(badge, {}, saying(undefined))).toEqual(['authentic', 'passed status_active']);
    expect(asked).toEqual(Array(3).fill([listUrl, statusIndex]));
    const revoked = { [listUrl]: await aList({ revoked: [statusIndex] }) };
    expect(await status(badge, revoked, saying(undefined))).toEqual(['withdrawn', 'failed revoked']);
    expect(await status(badge, { [listUrl]: undefined }, saying(undefined))).toEqual([
      'cannot_check',
      'unknown status_retrieval_error',
    ]);
    expect(asked).toHaveLength(3);
  });
});
