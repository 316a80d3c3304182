import { SigningKey1700000004000 } from './migrations/1700000004000-signing-key.js';
import { KeyCustody1700000008000 } from './migrations/1700000008000-key-custody.js';
import { KeyKeepsItsWord1795600200000 } from './migrations/1795600200000-key-keeps-its-word.js';
import { SigningKey } from './signing-key.js';

export { canonicalHash, canonize, canonizeByLibrary, type JsonObject } from './canonical.js';
export { CanonicalTemplates, type TemplateCounts } from './canonical-templates.js';
export {
  bundledContexts,
  ContextStore,
  openBadgesContext,
  openBadgesExtensions,
  recordContext,
  vcContext,
} from './contexts.js';
export { checkAnyProof, jcs, type Suite, suiteOf } from './cryptosuites.js';
export {
  assertMeaning,
  checkProof,
  checkUsualProof,
  type DataIntegrityProof,
  isPreparedOf,
  isSecuredText,
  type PreparedDocument,
  type ProofRequest,
  prepare,
  proofFor,
  securedText,
  signWithDataIntegrity,
  textOf,
  withProofs,
} from './data-integrity.js';
export { bareJwk, didDocument, didWebFor, didWebUrl, jwks, type PublicKeyRecord } from './did.js';
export {
  ContextInline,
  ContextUnknown,
  DocumentUnsafe,
  JwtUnfit,
  KeyMalformed,
  KeyServiceUnavailable,
  KeyServiceUnknown,
  ProofUnfit,
  SealedKeyUnreadable,
  SecretRefused,
  SigningKeyOfAnotherIssuer,
  SigningKeyUnavailable,
  StatusListInvalid,
} from './errors.js';
export { signJws } from './jws.js';
export { KeyLifecycle, type RotatedKey, SigningKeysExist } from './key-lifecycle.js';
export { type KeyContext, KeyService, type KeyServiceDescription } from './key-service.js';
export { assertKeysMaySign, insertKey, KeyStore, type PreparedKey, type Signer } from './key-store.js';
export {
  generateKey,
  jwkOf,
  type NewKey,
  type PublicJwk,
  publicKeyOfJwk,
  type SigningAlgorithm,
} from './keys.js';
export { createMasterKey, readMasterKey } from './master-key.js';
export { multibase, multibaseBytes, multikeyOf, publicKeyOfMultikey } from './multikey.js';
export {
  keyServiceVariables,
  openKeyService,
  openKeyServices,
} from './open-key-service.js';
export { PublicKeys } from './public-keys.js';
export { RehearsalKey } from './rehearsal-key.js';
export { openPrivateKey, rewrapPrivateKey, type SealedKey, sealPrivateKey } from './sealing.js';
export { SecretKeyService } from './secret-key-service.js';
export { type DisclosureData, disclosureFits } from './selective-disclosure.js';
export { SigningKey } from './signing-key.js';
export { type Shape, Slots } from './slots.js';
export { Bitstring, buildStatusListCredential, minimumEntries, statusEntry } from './status-list.js';
export type { MayStand, StringUses } from './string-uses.js';
export { TextForm } from './text-forms.js';
export {
  bytesOf,
  type EncodedText,
  encodedTextOf,
  securedBytes,
  signPreparedVcJwt,
  signVcJwt,
  type VcJwtClaims,
  vcJwtClaims,
} from './vc-jwt.js';
export { weaknessOf } from './weak-secrets.js';

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const signingEntities: Function[] = [SigningKey];
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const signingMigrations: Function[] = [
  SigningKey1700000004000,
  KeyCustody1700000008000,
  KeyKeepsItsWord1795600200000,
];
