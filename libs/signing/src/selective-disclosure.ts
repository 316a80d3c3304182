import { type KeyObject, verify } from 'node:crypto';
import { createVerifyCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { DomainError } from '#platform';
import type { JsonObject } from './canonical.js';
import { canonicalProofConfiguration, type PreparedDocument } from './data-integrity.js';
import { ProofUnfit } from './errors.js';
import { multibase, publicKeyOfMultikey } from './multikey.js';

const suite = createVerifyCryptosuite();

/**
 * Does a derived ecdsa-sd-2023 proof fit what was shown of the document and the issuer's P-256 key (Data Integrity ECDSA
 * Cryptosuites 1.0, 3.6.6 and 3.6.7)? Each statement is either among those the issuer made mandatory, or signed with the
 * key of this one credential that the issuer's signature covers.
 * @throws ProofUnfit (`base_proof`): what the issuer gives the holder, who has to derive from it what others may see
 */
export async function checkDerivedProof(
  { document, contexts }: PreparedDocument,
  proof: JsonObject,
  key: KeyObject,
): Promise<boolean> {
  const { proofValue, ...options } = proof;
  if (typeof proofValue !== 'string' || !/^u[A-Za-z0-9_-]+$/.test(proofValue)) return false;
  const tag = Buffer.from(proofValue.slice(1, 5), 'base64url');
  if (tag.equals(Buffer.from([0xd9, 0x5d, 0x00])))
    throw new ProofUnfit('base_proof', 'a base proof is not for others to see');
  // The same refusals as everywhere: the suite's own way to the canonical form has fewer.
  await canonicalProofConfiguration(options, document['@context'], contexts);
  let data: DisclosureData;
  try {
    data = await suite.createVerifyData({
      cryptosuite: suite,
      document,
      proof,
      documentLoader: contexts.loader,
    });
  } catch {
    return false;
  }
  return disclosureFits(data, key);
}

/** What a derived proof and the document it is in come to (ECDSA Cryptosuites 1.0, 3.6.6). */
export interface DisclosureData {
  baseSignature: Uint8Array;
  /** SHA-256 of the canonical proof configuration. */
  proofHash: Uint8Array;
  /** Multikey bytes of the key that signed the statements one by one. */
  publicKey: Uint8Array;
  signatures: Uint8Array[];
  /** Statements that the holder chose to show, in canonical order. */
  nonMandatory: string[];
  /** SHA-256 of the statements that the issuer wants shown. */
  mandatoryHash: Uint8Array;
}

/** Do all its signatures fit: the issuer's over the base, and that key's over each statement? */
export function disclosureFits(data: DisclosureData, key: KeyObject): boolean {
  const { baseSignature, proofHash, publicKey, mandatoryHash, signatures, nonMandatory } = data;
  if (signatures.length !== nonMandatory.length) return false;
  if (!fits(Buffer.concat([proofHash, publicKey, mandatoryHash]), key, baseSignature)) return false;
  let own: KeyObject;
  try {
    own = publicKeyOfMultikey(multibase(publicKey));
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
  return nonMandatory.every((statement, at) => fits(Buffer.from(statement), own, signatures[at]!));
}

const fits = (data: Buffer, key: KeyObject, signature: Uint8Array): boolean =>
  key.asymmetricKeyDetails?.namedCurve === 'prime256v1' &&
  signature.length === 64 &&
  verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
