import { createPublicKey } from 'node:crypto';
import { type JsonObject, prepare } from '#signing';
import { aBadge, edMethod, keys, now, rsaKid, signed, signedJwt } from '../../../test/vectors/world.js';
import { formatReport } from './format-report.js';
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
