import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { type JsonObject, prepare, RehearsalKey, signPreparedVcJwt } from '#signing';
import { aBadge, edMethod, keys, now, rsaKid, signed, signedJwt } from '../../../test/vectors/world.js';
import { formatReport } from './format-report.js';
import { ownJwtFits } from './own-jwt.js';
import { type IssuedCredential, verifyIssued } from './verify-issued.js';

const publicKeys = {
  proof: { verificationMethod: edMethod, publicKey: createPublicKey(keys.ed) },
  jwt: { kid: rsaKid, publicKey: createPublicKey(keys.rsa) },
};
const issued = async (change: Partial<IssuedCredential> = {}): Promise<IssuedCredential> => ({
  document: await signed(),
  jwt: signedJwt(),
  keys: publicKeys,
  now,
  ...change,
});

describe('a credential checked right after signing', () => {
  // The schema is compiled once, which takes a while on a busy machine.
  beforeAll(async () => void (await verifyIssued(await issued())), 60_000);

  it('is authentic, with or without its canonical hash given', async () => {
    expect((await verifyIssued(await issued())).verdict).toBe('authentic');
    expect((await verifyIssued(await issued({ prepared: await prepare(aBadge()) }))).verdict).toBe(
      'authentic',
    );
  });

  const refused: [string, () => Promise<Partial<IssuedCredential>>][] = [
    [
      'its proof is of another document',
      async () => ({ document: { ...aBadge({ name: 'x' }), proof: (await signed()).proof } }),
    ],
    [
      'the hash given is of another document',
      async () => {
        const other = aBadge({ name: 'x' });
        return { document: { ...other, proof: (await signed()).proof }, prepared: await prepare(aBadge()) };
      },
    ],
    ['its JWT is of another document', async () => ({ jwt: signedJwt(aBadge({ name: 'x' })) })],
    ['its JWT is signed with another key', async () => ({ jwt: signedJwt(aBadge(), rsaKid, keys.otherRsa) })],
    ['its JWT names another key', async () => ({ jwt: signedJwt(aBadge(), `${rsaKid}2`) })],
    ['its JWT is no JWT', async () => ({ jwt: JSON.stringify(await signed()) })],
    ['its JWT is rubbish', async () => ({ jwt: 'a.b' })],
    ['it has no proof', async () => ({ document: aBadge() })],
    [
      'it has two proofs',
      async () => ({
        document: {
          ...aBadge(),
          proof: [...((await signed()).proof as []), ...((await signed()).proof as [])],
        },
      }),
    ],
    [
      'it was signed with another key',
      async () => ({ document: await signed(aBadge(), { privateKey: keys.otherEd }) }),
    ],
    [
      'its key is not the issuer’s',
      async () => {
        const verificationMethod = 'did:web:evil.example#ed-1';
        return {
          document: await signed(aBadge(), { verificationMethod }),
          keys: { ...publicKeys, proof: { ...publicKeys.proof, verificationMethod } },
        };
      },
    ],
    ['its date lies ahead', async () => ({ now: new Date('2026-11-01T00:00:00Z') })],
    [
      'it breaks the schema',
      async () => {
        const broken = aBadge({ credentialSubject: { id: 'urn:uuid:1', type: ['AchievementSubject'] } });
        return { document: await signed(broken), jwt: signedJwt(broken) };
      },
    ],
  ];

  it.each(refused)('is refused when %s', async (_what, change) => {
    expect((await verifyIssued(await issued(await change()))).verdict).toBe('not_authentic');
  });
});

describe('the text of a credential that will be stored', () => {
  const withText = async (change: (text: string) => string): Promise<string> => {
    const prepared = await prepare(aBadge());
    const { proof } = await signed();
    const document: JsonObject = { ...prepared.document, proof };
    const text = change(JSON.stringify(document));
    return (await verifyIssued(await issued({ document, text, prepared }))).verdict;
  };

  it('is authentic as it is written, and as another program would write it', async () => {
    expect(await withText((text) => text)).toBe('authentic');
    expect(await withText((text) => JSON.stringify(JSON.parse(text), null, 2))).toBe('authentic');
  });

  it.each<[string, (text: string) => string]>([
    ['one letter of the content differs', (text) => text.replace('Envoyer', 'Renvoyer')],
    ['one letter of the proof differs', (text) => text.replace(/"proofValue":"z../, '"proofValue":"zAA')],
    ['the proof is missing', (text) => text.replace(/,"proof".*$/, '}')],
    ['a name stands twice', (text) => text.replace('{', '{"name":"Autre",')],
    ['something is added', (text) => text.replace('{', '{"description":"Autre",')],
    ['something stands behind the proof', (text) => text.replace(/}$/, ',"description":"Autre"}')],
    ['it is cut', (text) => text.slice(0, -1)],
    ['it is empty', () => ''],
  ])('is refused when %s, although the document is authentic', async (_what, change) => {
    expect(await withText(change)).toBe('not_authentic');
  });
});

describe('a VC-JWT checked right after signing', () => {
  const key = publicKeys.jwt;
  const fits = async (token: string): Promise<string> =>
    (await ownJwtFits(await prepare(aBadge()), token, key)).code;
  const made = async (): Promise<string> =>
    signPreparedVcJwt(await prepare(aBadge()), { privateKey: keys.rsa, kid: rsaKid });
  const withPart = async (part: number, change: (text: string) => string): Promise<string> => {
    const parts = (await made()).split('.');
    const text = Buffer.from(parts[part]!, 'base64url').toString('latin1');
    parts[part] = Buffer.from(change(text), 'latin1').toString('base64url');
    return parts.join('.');
  };
  /** Signed with the right key over a changed payload. */
  const signedPayload = (
    payload: JsonObject,
    header: JsonObject = { alg: 'RS256', typ: 'JWT', kid: rsaKid },
  ): string => {
    const content = [header, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${content}.${sign('sha256', Buffer.from(content), keys.rsa).toString('base64url')}`;
  };
  const claims = jsonwebtoken.decode(signedJwt()) as JsonObject;

  it('fits as we make it, and as jsonwebtoken does with its members in another order', async () => {
    expect(await fits(await made())).toBe('signature_fits');
    expect(await fits(signedJwt())).toBe('signature_fits');
    const { iss, ...rest } = claims;
    expect(await fits(signedPayload({ iss, ...rest }))).toBe('signature_fits');
  });

  it.each<[string, string, () => Promise<string> | string]>([
    ['a changed header', 'signature_wrong', () => withPart(0, (text) => text.replace('JWT', 'jwt'))],
    [
      'a changed payload',
      'jwt_claims_differ',
      () => withPart(1, (text) => text.replace('Envoyer', 'Renvoye')),
    ],
    ['a changed claim', 'signature_wrong', () => withPart(1, (text) => text.replace(/"nbf":\d/, '"nbf":2'))],
    ['a changed signature', 'signature_wrong', () => withPart(2, (text) => `\u0001${text.slice(1)}`)],
    ['no signature', 'signature_wrong', async () => (await made()).replace(/[^.]*$/, '')],
    [
      'base64 of another spelling',
      'jwt_malformed',
      async () => (await made()).replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
    ],
    ['four parts', 'not_a_credential', async () => `${await made()}.x`],
    [
      'a claim of another issuer, well signed',
      'jwt_claims_differ',
      () => signedPayload({ ...claims, iss: 'did:web:x' }),
    ],
    ['no subject, well signed', 'jwt_claims_differ', () => signedPayload({ ...claims, sub: undefined })],
    ['a member more, well signed', 'jwt_claims_differ', () => signedPayload({ ...claims, more: 1 })],
    [
      'the content of another, well signed',
      'jwt_claims_differ',
      () => signedPayload({ ...claims, name: 'x' }),
    ],
    [
      'another kid, well signed',
      'key_of_another_issuer',
      () => signedPayload(claims, { alg: 'RS256', kid: 'x' }),
    ],
    ['another algorithm', 'signature_wrong', () => signedPayload(claims, { alg: 'ES256', kid: rsaKid })],
    ['no algorithm', 'jwt_algorithm_refused', () => signedPayload(claims, { alg: 'none', kid: rsaKid })],
    [
      'a key of its own',
      'jwt_header_refused',
      () => signedPayload(claims, { alg: 'RS256', kid: rsaKid, jku: 'x' }),
    ],
  ])('is refused with %s', async (_what, code, token) => {
    expect(await fits(await token())).toBe(code);
  });

  it('is refused with any one character changed, into one whose low byte is the same too', async () => {
    const prepared = await prepare(aBadge());
    const rehearsed = new RehearsalKey();
    const kinds: { kid: string; publicKey: KeyObject | RehearsalKey; token: string }[] = [
      { ...key, token: await signPreparedVcJwt(prepared, { privateKey: keys.rsa, kid: rsaKid }) },
      {
        kid: rsaKid,
        publicKey: rehearsed,
        token: await signPreparedVcJwt(prepared, { privateKey: rehearsed, kid: rsaKid }),
      },
    ];
    for (const { token, ...own } of kinds) {
      expect((await ownJwtFits(prepared, token, own)).outcome).toBe('passed');
      const passing: number[] = [];
      for (let at = 0; at < token.length; at += 1)
        for (const other of [token.charCodeAt(at) ^ 1, token.charCodeAt(at) + 256]) {
          const changed = token.slice(0, at) + String.fromCharCode(other) + token.slice(at + 1);
          if ((await ownJwtFits(prepared, changed, own)).outcome === 'passed') passing.push(at);
        }
      expect(passing).toEqual([]);
    }
  });
});

describe('a report for people', () => {
  it('gives verdict, issuer and each check with sign and word, in both languages', async () => {
    const report = await verifyIssued(await issued());
    const french = formatReport(report, 'fr');
    expect(french).toContain('✓ Badge authentique');
    expect(french).toContain('Émetteur annoncé : Structure du Nord (did:web:badges.example:issuers:north)');
    expect(french.match(/✓ réussi/g)).toHaveLength(8);
    expect(formatReport(report, 'en')).toContain('Signature    ✓ passed');
  });

  it('lets no badge steer the terminal', async () => {
    const evil = aBadge({
      name: '\u001b[2J✓ Authentic badge\n✓',
      issuer: { id: 'did:web:x.example', type: ['Profile'], name: 'a\u202eb\u0007' },
    });
    const report = await verifyIssued(await issued({ document: { ...evil, proof: [] } as JsonObject }));
    const text = formatReport(report, 'en');
    expect(text.startsWith('✗ Not an authentic badge\n')).toBe(true);
    for (const character of '\u001b\u202e\u0007') expect(text).not.toContain(character);
    expect(text.split('\n').filter((line) => line.startsWith('✓'))).toEqual([]);
  });
});
