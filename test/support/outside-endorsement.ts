import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type JsonObject, multikeyOf, openBadgesContext, signWithDataIntegrity, vcContext } from '#signing';

/** Signed by a key of its own, as somebody else's program would. */
export async function anOutsideEndorsement(subjectId: string, words: string): Promise<JsonObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = multikeyOf(createPublicKey(privateKey));
  const issuer = `did:key:${key}`;
  return signWithDataIntegrity({
    document: {
      '@context': [vcContext, openBadgesContext],
      id: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f09',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      name: 'Endorsement',
      issuer: { id: issuer, type: ['Profile'], name: 'Chambre Exemple' },
      validFrom: '2026-11-20T09:30:00Z',
      credentialSubject: { id: subjectId, type: ['EndorsementSubject'], endorsementComment: words },
    },
    privateKey,
    verificationMethod: `${issuer}#${key}`,
    created: new Date('2026-11-20T09:30:00Z'),
  });
}
