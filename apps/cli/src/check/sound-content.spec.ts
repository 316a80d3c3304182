import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { type Json, statusListUrl } from '#badges';
import { sha256Hex } from '#platform';
import { prepare, proofFor, signVcJwt } from '#signing';
import { someCredentialFacts } from '../../../../libs/badges/src/builders.spec-support.js';
import { credentialFor } from '../../../../libs/badges/src/credential-for.js';
import { type CheckedKey, CredentialCheck } from './credential-faults.js';
import type { IssuedRow } from './issued-row.js';

const origin = 'https://badges.example';
const did = 'did:web:badges.example:issuers:chantier-exemple';
const listId = '1abcdefghjkmnpqrstvwxyz013';
const [ed25519, rsa, otherEd25519, otherRsa] = [
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
];
const kid = `${origin}/issuers/chantier-exemple/keys/rsa-1`;
const aKey = (publicKey: KeyObject): CheckedKey => ({
  issuerId: 'structure',
  publicKey,
  createdAt: new Date(0),
  retiredAt: null,
  compromisedSince: null,
});
const keys = new Map([
  ['ed-1', aKey(ed25519.publicKey)],
  ['rsa-1', aKey(rsa.publicKey)],
  ['ed-2', aKey(otherEd25519.publicKey)],
  ['rsa-2', aKey(otherRsa.publicKey)],
]);

/** A credential that was really signed, as a row of the database. */
async function aRow(person: number, changes: Json = {}): Promise<IssuedRow> {
  const publicId = `1abcdefghjkmnpqrstvwxyz${String(person).padStart(3, '0')}`;
  const credential = credentialFor(
    someCredentialFacts({
      origin,
      publicId,
      recipientName: `Personne ${person}`,
      salt: String(person).padStart(32, '0'),
      refreshSecret: String(person).padStart(32, 'a'),
      subjectId: `urn:uuid:2b0c1f0a-6f6e-4b52-9d0c-${String(person).padStart(12, '0')}`,
      status: { listUrl: statusListUrl(origin, listId), index: person },
    }),
  );
  const payload = JSON.stringify({ ...credential, ...changes });
  const content = JSON.parse(payload) as Json;
  const proof = await proofFor(await prepare(content), {
    privateKey: ed25519.privateKey,
    verificationMethod: `${did}#ed-1`,
    created: new Date('2026-11-22T03:00:00Z'),
  });
  const document = `${payload.slice(0, -1)},"proof":${JSON.stringify([proof])}}`;
  return {
    id: String(person),
    slug: 'chantier-exemple',
    public_id: publicId,
    issuer_did: did,
    payload: Buffer.from(payload),
    payload_sha256: sha256Hex(payload),
    document: Buffer.from(document),
    document_sha256: sha256Hex(document),
    jwt: Buffer.from(signVcJwt({ credential: content, privateKey: rsa.privateKey, kid })),
    ed25519_key_id: 'ed-1',
    rs256_key_id: 'rsa-1',
    list_public_id: listId,
    status_index: person,
  } as IssuedRow;
}

type Column = 'payload' | 'document' | 'jwt';

/** With some bytes of a text other, and perhaps the digest to fit. */
function changed(row: IssuedRow, column: Column, at: number, other: string, hasDigest: boolean): IssuedRow {
  const text = row[column].toString();
  const place = at % text.length;
  const bytes = Buffer.from(text.slice(0, place) + other + text.slice(place + Math.max(1, at % 3)));
  const digest = column === 'jwt' || !hasDigest ? {} : { [`${column}_sha256`]: sha256Hex(bytes) };
  return { ...row, [column]: bytes, ...digest };
}

describe('a content that is called sound without being read', () => {
  const check = new CredentialCheck(origin, keys);
  let rows: IssuedRow[];
  beforeAll(async () => {
    rows = await Promise.all([1, 2, 3].map((person) => aRow(person)));
    expect(check.soundContent(rows[0]!)).toBeUndefined();
    expect(await check.contentFaults(rows[0]!)).toEqual([]);
  });

  it('is told from the second of a form on, with the parts that the archive keeps', () => {
    for (const row of rows) {
      const [header, , signature] = row.jwt.toString().split('.');
      const { proof } = JSON.parse(row.document.toString());
      expect(check.soundContent(row)).toEqual({
        header,
        signature,
        proof: Buffer.from(JSON.stringify(proof)),
        claims: expect.stringMatching(/^,"iss":"did:web:.*"nbf":\d+\}$/),
        payloadEnd: expect.any(Function),
      });
      const inString = Buffer.from(`>${JSON.stringify(row.payload.toString())}`);
      expect(check.soundContent(row)?.payloadEnd?.(inString, 2)).toBe(inString.length - 1);
      expect(check.soundContent(rows[0]!)?.payloadEnd?.(inString, 2)).toBe(
        row === rows[0] ? inString.length - 1 : undefined,
      );
    }
  });

  it('has no fault by the general check either, whatever byte of whatever text was changed', async () => {
    let [sound, faulty] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        fc.constantFrom<Column>('payload', 'document', 'jwt'),
        fc.nat(20_000),
        fc.constantFrom('', '"', '\\', 'A', '0', ' ', '.', '}', 'é', '\n', '=', ',"id":"x"'),
        fc.boolean(),
        async (which, column, at, other, hasDigest) => {
          const row = changed(rows[which]!, column, at, other, hasDigest);
          const faults = await check.contentFaults(row);
          faulty += faults.length > 0 ? 1 : 0;
          if (!check.soundContent(row)) return;
          sound += 1;
          expect([column, at, other, faults]).toEqual([column, at, other, []]);
        },
      ),
      { numRuns: 400 },
    );
    expect(faulty).toBeGreaterThan(300);
    expect(sound).toBeLessThan(100);
  }, 60_000);

  it.each<[string, string]>([
    ['elsewhere', `https://elsewhere.example/refresh/1abcdefghjkmnpqrstvwxyz002/${'a'.repeat(32)}`],
    ['of another badge', `${origin}/refresh/1abcdefghjkmnpqrstvwxyz003/${'a'.repeat(32)}`],
    ['without a secret', `${origin}/refresh/1abcdefghjkmnpqrstvwxyz002/`],
  ])('is never one whose refresh address is %s, though everything was signed so', async (_name, id) => {
    const row = await aRow(2, { refreshService: { id, type: '1EdTechCredentialRefresh' } });
    expect(await check.contentFaults(row)).toEqual(['public_id_differs']);
    expect(check.soundContent(row)).toBeUndefined();
  });

  it('may be one of before there were refresh addresses', async () => {
    const [first, second] = [await aRow(2, { refreshService: undefined }), rows[1]!];
    expect(await check.contentFaults(first)).toEqual([]);
    expect([check.soundContent(first), check.soundContent(second)]).not.toContain(undefined);
  });

  it.each<[string, (row: IssuedRow) => Partial<IssuedRow>]>([
    ['another public id', () => ({ public_id: 'x' })],
    ['another issuer', () => ({ issuer_did: 'did:web:elsewhere.example' })],
    ['another slug', () => ({ slug: 'autre' })],
    ['no organisation', () => ({ slug: null })],
    ['another place in its list', ({ status_index: index }) => ({ status_index: index + 1 })],
    ['another list', () => ({ list_public_id: 'x' })],
    ['no list', () => ({ list_public_id: null })],
    ['another Ed25519 key', () => ({ ed25519_key_id: 'ed-2' })],
    ['another RSA key', () => ({ rs256_key_id: 'rsa-2' })],
    ['keys of the wrong kind', () => ({ ed25519_key_id: 'rsa-1', rs256_key_id: 'ed-1' })],
    ['the JWT of another badge', () => ({ jwt: rows[2]!.jwt })],
    ['a JWT in four parts', ({ jwt }) => ({ jwt: Buffer.concat([jwt, Buffer.from('.')]) })],
    ['a JWT of nothing', () => ({ jwt: Buffer.alloc(0) })],
    ['a document of nothing', () => ({ document: Buffer.alloc(0) })],
    ['a payload of nothing', () => ({ payload: Buffer.alloc(0), payload_sha256: sha256Hex('') })],
    [
      'two proofs',
      ({ document }) => {
        const { proof, ...content } = JSON.parse(document.toString());
        const text = JSON.stringify({ ...content, proof: [...proof, ...proof] });
        return { document: Buffer.from(text), document_sha256: sha256Hex(text) };
      },
    ],
  ])('is never one with %s', async (_name, change) => {
    const row = { ...rows[1]!, ...change(rows[1]!) };
    expect((await check.contentFaults(row)).length).toBeGreaterThan(0);
    expect(check.soundContent(row)).toBeUndefined();
  });
});
