import { generateKeyPairSync } from 'node:crypto';
import { prepare, proofFor, signVcJwt } from '#signing';
import { someCredentialFacts } from '../builders.spec-support.js';
import type { CredentialFacts, Json } from '../credential-facts.js';
import { credentialFor } from '../credential-for.js';
import type { ArchivedCredential, ArchivedKey } from './archived-credential.js';

const ed25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A credential that was really planned, signed and secured as a JWT. */
export async function anArchivedCredential(
  given: Partial<ArchivedCredential> = {},
  facts: Partial<CredentialFacts> = {},
): Promise<ArchivedCredential> {
  const payload = JSON.stringify(credentialFor(someCredentialFacts(facts)));
  const credential = JSON.parse(payload) as Json;
  const prepared = await prepare(credential);
  const proof = await proofFor(prepared, {
    privateKey: ed25519.privateKey,
    verificationMethod: 'did:web:badges.example:issuers:chantier-exemple#ed-0000000000000000',
    created: new Date('2026-11-22T03:00:00Z'),
  });
  return {
    id: '00000000-0000-7000-8000-000000000001',
    organisationId: '00000000-0000-7000-8000-000000000002',
    edition: 'open-badge-3',
    publicId: '1abcdefghjkmnpqrstvwxyz012',
    statusListId: '00000000-0000-7000-8000-000000000003',
    statusListPublicId: '2abcdefghjkmnpqrstvwxyz012',
    statusIndex: 42,
    ed25519KeyId: 'ed-0000000000000000',
    rs256KeyId: 'rsa-0000000000000000',
    issuerDid: 'did:web:badges.example:issuers:chantier-exemple',
    signedAt: '2026-11-22T03:00:05.000Z',
    payload,
    document: JSON.stringify({ ...prepared.document, proof: [proof] }),
    jwt: signVcJwt({
      credential,
      privateKey: rsa.privateKey,
      kid: 'https://badges.example/issuers/chantier-exemple/keys/rsa-0000000000000000',
    }),
    award: {
      id: '00000000-0000-7000-8000-000000000004',
      achievementId: '00000000-0000-7000-8000-000000000005',
      badgeCode: 'B-CE-1',
      personId: '00000000-0000-7000-8000-000000000006',
      sessionId: null,
      assessorPersonId: null,
      assessedOn: null,
      awardedAt: '2026-10-05T07:30:00.000Z',
      established: 'observed-by-one',
      reasons: [],
    },
    ...given,
  };
}

export const anArchivedKey = (id: string): ArchivedKey => ({
  id,
  issuerId: '00000000-0000-7000-8000-000000000002',
  algorithm: id.startsWith('ed') ? 'Ed25519' : 'RS256',
  publicJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' },
  publicMultibase: null,
  createdAt: '2026-11-01T00:00:00.000Z',
});
