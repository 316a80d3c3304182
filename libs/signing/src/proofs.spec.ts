import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import jsonwebtoken from 'jsonwebtoken';
import { canonize, type JsonObject } from './canonical.js';
import { bundledContexts, vcContext } from './contexts.js';
import {
  canonicalProofConfiguration,
  checkProof,
  checkUsualProof,
  isPreparedOf,
  isSecuredText,
  type PreparedDocument,
  prepare,
  proofFor,
  securedText,
  signWithDataIntegrity,
  textOf,
} from './data-integrity.js';
import { ContextUnknown, JwtUnfit, KeyMalformed } from './errors.js';
import { securedBytes, signPreparedVcJwt, signVcJwt } from './vc-jwt.js';

const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const document: JsonObject = {
  '@context': [vcContext],
  id: 'https://badges.example/b/1',
  type: ['VerifiableCredential'],
  issuer: 'did:web:badges.example:issuers:north',
  validFrom: '2026-11-20T09:30:00Z',
  credentialSubject: { id: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01' },
};
const request = {
  privateKey: ed.privateKey,
  verificationMethod: 'did:web:badges.example:issuers:north#ed-1',
  created: new Date('2026-11-20T09:30:00.987Z'),
};

describe('an eddsa-rdfc-2022 proof', () => {
  it('is the same each time, in whole seconds, as a list of one', async () => {
    const one = await signWithDataIntegrity({ ...request, document });
    const two = await signWithDataIntegrity({ ...request, document });
    expect(one).toEqual(two);
    expect((one.proof as JsonObject[])[0]!.created).toBe('2026-11-20T09:30:00Z');
    expect(document).not.toHaveProperty('proof');
  });

  it('is checked with the hash that was computed once, by public or private key', async () => {
    const prepared = await prepare(document);
    const proof = await proofFor(prepared, request);
    expect(await checkProof(prepared, proof, ed.publicKey)).toBe(true);
    expect(await checkProof(prepared, proof, ed.privateKey)).toBe(true);
    expect(await checkProof(prepared, proof, generateKeyPairSync('ed25519').publicKey)).toBe(false);
    expect(await checkProof(prepared, proof, rsa.publicKey)).toBe(false);
  });

  it('is checked at once as it is in the thread pool, or left to it', async () => {
    const prepared = await prepare(document);
    const proof = await proofFor(prepared, request);
    expect(checkUsualProof(prepared, proof, ed.publicKey)).toBe(true);
    const characters = fc.constantFrom('', '1', 'z', 'A', ' ', '0', 'é', '-');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(proof)),
        fc.nat(100),
        characters,
        async (member, at, other) => {
          const text = String(proof[member]);
          const place = at % text.length;
          const changed = { ...proof, [member]: text.slice(0, place) + other + text.slice(place + 1) };
          const atOnce = checkUsualProof(prepared, changed, ed.publicKey);
          const general = await checkProof(prepared, changed, ed.publicKey).catch(() => 'refused');
          if (atOnce !== undefined) expect([member, atOnce]).toEqual([member, general]);
          else expect(member).not.toBe('proofValue');
        },
      ),
      { numRuns: 200 },
    );
    for (const key of [rsa.publicKey, ed.privateKey, generateKeyPairSync('ed25519').publicKey])
      expect(checkUsualProof(prepared, proof, key)).not.toBe(true);
    expect(checkUsualProof(prepared, { ...proof, challenge: 'x' }, ed.publicKey)).toBeUndefined();
    expect(checkUsualProof(prepared, { ...proof, proofValue: 7 }, ed.publicKey)).toBe(false);
  });

  it('is not made with another kind of key', async () => {
    const prepared = await prepare(document);
    await expect(proofFor(prepared, { ...request, privateKey: rsa.privateKey })).rejects.toThrow(
      KeyMalformed,
    );
    await expect(proofFor(prepared, { ...request, privateKey: ed.publicKey })).rejects.toThrow(KeyMalformed);
  });

  it('sets an earlier proof aside', async () => {
    const signed = await signWithDataIntegrity({ ...request, document });
    expect((await prepare(signed)).documentHash.equals((await prepare(document)).documentHash)).toBe(true);
  });

  it('has a configuration whose short cut equals the general canonical form', async () => {
    const second = fc
      .integer({ min: 0, max: 4e9 })
      .map((n) => new Date(n * 1000).toISOString().replace('.000Z', 'Z'));
    const method = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.stringMatching(/^did:web:[a-z0-9.]{1,20}(%3A4180)?:issuers:[a-z0-9-]{1,20}#ed-[a-z0-9]{16}$/),
    );
    await fc.assert(
      fc.asyncProperty(second, method, async (created, verificationMethod) => {
        const options = {
          type: 'DataIntegrityProof',
          cryptosuite: 'eddsa-rdfc-2022',
          created,
          verificationMethod,
          proofPurpose: 'assertionMethod',
        };
        const general = await canonize({ ...options, '@context': [vcContext] });
        expect(await canonicalProofConfiguration(options, [vcContext])).toBe(general);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused for a document with a context nobody bundled', async () => {
    const open = { ...document, '@context': [vcContext, 'https://example.org/context'] };
    await expect(prepare(open)).rejects.toThrow(ContextUnknown);
    await expect(prepare(open)).rejects.toMatchObject({
      code: 'context_unknown',
      url: 'https://example.org/context',
    });
  });
});

describe('a VC-JWT', () => {
  const kid = 'https://badges.example/issuers/north/keys/rsa-1';
  const token = signVcJwt({ credential: { ...document, proof: [{}] }, privateKey: rsa.privateKey, kid });

  it('has exactly alg, typ and kid in its header', () => {
    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid,
    });
  });

  it('carries the credential and its claims, no proof and no iat', () => {
    expect(jsonwebtoken.verify(token, rsa.publicKey, { algorithms: ['RS256'] })).toEqual({
      ...document,
      iss: document.issuer,
      jti: document.id,
      sub: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
      nbf: Date.parse('2026-11-20T09:30:00Z') / 1000,
    });
  });

  it('is the same each time', () => {
    expect(signVcJwt({ credential: document, privateKey: rsa.privateKey, kid })).toBe(token);
  });

  it('says when the credential ends', () => {
    const until = signVcJwt({
      credential: { ...document, validUntil: '2030-01-01T00:00:00+01:00' },
      privateKey: rsa.privateKey,
      kid,
    });
    expect(jsonwebtoken.decode(until)).toMatchObject({ exp: Date.parse('2029-12-31T23:00:00Z') / 1000 });
  });

  it.each([
    ['an issuer', { issuer: undefined }],
    ['an id', { id: undefined }],
    ['a subject id', { credentialSubject: { identifier: [] } }],
    ['a date', { validFrom: 'yesterday' }],
    ['whole seconds', { validFrom: '2026-11-20T09:30:00.5Z' }],
  ])('is refused without %s', (_what, change) => {
    expect(() =>
      signVcJwt({ credential: { ...document, ...change }, privateKey: rsa.privateKey, kid }),
    ).toThrow(JwtUnfit);
  });

  it('is not made with another kind of key', () => {
    expect(() => signVcJwt({ credential: document, privateKey: ed.privateKey, kid })).toThrow(KeyMalformed);
  });
});

describe('a VC-JWT of a prepared document', () => {
  const kid = 'https://badges.example/issuers/north/keys/rsa-1';
  const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const preparedOf = (given: JsonObject = {}): PreparedDocument => ({
    document: { ...document, ...given },
    documentHash: Buffer.alloc(32),
    contexts: bundledContexts,
  });

  it('is byte for byte what jsonwebtoken makes, whatever the credential says', async () => {
    const text = fc.string({ unit: 'binary' });
    const given = fc.record(
      {
        name: text,
        id: text.filter((id) => id !== ''),
        iss: text,
        exp: fc.integer(),
        validUntil: fc.constant('2030-01-01T00:00:00+01:00'),
        extra: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(given, async (change) => {
        const { iss, exp, ...own } = change;
        const prepared = preparedOf({
          ...own,
          ...(iss !== undefined && { iss }),
          ...(exp !== undefined && { exp }),
        });
        expect(await signPreparedVcJwt(prepared, { privateKey: rsa.privateKey, kid })).toBe(
          signVcJwt({ credential: prepared.document, privateKey: rsa.privateKey, kid }),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('and the text with its proof are the same as bytes, whatever the credential says', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (name, proofValue) => {
        const prepared = preparedOf({ name });
        const proof = [{ proofValue }];
        expect(securedBytes(prepared, proof).equals(Buffer.from(securedText(prepared, proof)))).toBe(true);
      }),
    );
  });

  it('and the text with its proof are told from every other text', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (name, place, character) => {
        const prepared = preparedOf({ name });
        const proof = [{ proofValue: 'z1' }];
        const own = securedText(prepared, proof);
        const at = place % own.length;
        expect(isSecuredText(own, prepared, proof)).toBe(true);
        const changed = own.slice(0, at) + character + own.slice(at + 1);
        expect(isSecuredText(changed, prepared, proof)).toBe(changed === own);
        for (const other of [own.slice(0, at), own.slice(at + 1), `${own} `, ` ${own}`, ''])
          expect(isSecuredText(other, prepared, proof)).toBe(false);
        expect(isSecuredText(own, prepared, [{ proofValue: 'z2' }])).toBe(false);
      }),
    );
  });

  it('is verified by jsonwebtoken, by RS256 and by ES256', async () => {
    for (const [key, algorithm] of [
      [rsa, 'RS256'],
      [ec, 'ES256'],
    ] as const) {
      const token = await signPreparedVcJwt(preparedOf(), { privateKey: key.privateKey, kid });
      expect(jsonwebtoken.verify(token, key.publicKey, { algorithms: [algorithm] })).toMatchObject(document);
    }
  });

  it('is made by no other key', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    for (const privateKey of [ed.privateKey, rsa.publicKey, short.privateKey, other.privateKey])
      await expect(signPreparedVcJwt(preparedOf(), { privateKey, kid })).rejects.toThrow(KeyMalformed);
  });

  it('is refused where the claims are', async () => {
    await expect(
      signPreparedVcJwt(preparedOf({ id: undefined }), { privateKey: rsa.privateKey, kid }),
    ).rejects.toThrow(JwtUnfit);
  });
});

describe('a prepared document', () => {
  it('is of the document whose members it holds, whatever its proof', async () => {
    const whole = { ...document, issuer: { id: 'did:web:x.example' } };
    const prepared = await prepare(whole);
    expect(isPreparedOf(prepared, whole)).toBe(true);
    expect(isPreparedOf(prepared, { ...whole, proof: [] })).toBe(true);
    expect(isPreparedOf(prepared, { ...whole, id: 'urn:x' })).toBe(false);
    expect(isPreparedOf(prepared, { ...whole, more: 1 })).toBe(false);
    expect(isPreparedOf(prepared, document)).toBe(false);
    // Equal content is not looked at: that is for who has the time.
    expect(isPreparedOf(prepared, structuredClone(whole))).toBe(false);
    const { id: _id, ...less } = prepared.document;
    expect(isPreparedOf(prepared, less)).toBe(false);
  });

  it('has one text', async () => {
    const prepared = await prepare(document);
    expect(textOf(prepared)).toBe(JSON.stringify(document));
    expect(textOf(prepared)).toBe(textOf(prepared));
  });
});
