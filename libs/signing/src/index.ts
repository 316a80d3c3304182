import { SigningKey1700000004000 } from './migrations/1700000004000-signing-key.js';
import { SigningKey } from './signing-key.js';

export { canonicalHash, canonize, type JsonObject } from './canonical.js';
export {
  bundledContexts,
  ContextStore,
  openBadgesContext,
  openBadgesExtensions,
  vcContext,
} from './contexts.js';
export {
  checkProof,
  type DataIntegrityProof,
  type PreparedDocument,
  type ProofRequest,
  prepare,
  proofFor,
  signWithDataIntegrity,
} from './data-integrity.js';
export { bareJwk, didDocument, didWebFor, didWebUrl, jwks, type PublicKeyRecord } from './did.js';
export {
  ContextInline,
  ContextUnknown,
  DocumentUnsafe,
  JwtUnfit,
  KeyMalformed,
  MasterKeyRefused,
  SealedKeyUnreadable,
  SigningKeyUnavailable,
  StatusListInvalid,
} from './errors.js';
export { KeyStore, type Signer } from './key-store.js';
export {
  generateKey,
  jwkOf,
  type NewKey,
  type PublicJwk,
  publicKeyOfJwk,
  type SigningAlgorithm,
} from './keys.js';
export { multibase, multibaseBytes, multikeyOf, publicKeyOfMultikey } from './multikey.js';
export { PublicKeys } from './public-keys.js';
export { createMasterKey, openPrivateKey, readMasterKey, sealPrivateKey } from './sealing.js';
export { SigningKey } from './signing-key.js';
export { Bitstring, buildStatusListCredential, minimumEntries, statusEntry } from './status-list.js';
export { signVcJwt, type VcJwtClaims, vcJwtClaims } from './vc-jwt.js';

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const signingEntities: Function[] = [SigningKey];
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const signingMigrations: Function[] = [SigningKey1700000004000];
