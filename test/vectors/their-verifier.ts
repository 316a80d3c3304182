import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential as theirVerify } from '@digitalbazaar/vc';
import { bundledContexts, didDocument, type JsonObject } from '#signing';
import { issuerDid, issuerKeys, now } from './world.js';

const did = didDocument({ did: issuerDid, keys: issuerKeys }) as JsonObject & {
  verificationMethod: JsonObject[];
};

/** Digital Bazaar's loader: our bundled contexts, and the issuer's documents. */
export const documentLoader = async (url: string) => {
  if (url === issuerDid) return { contextUrl: null, documentUrl: url, document: did };
  const method = did.verificationMethod.find(({ id }) => id === url);
  if (method)
    return {
      contextUrl: null,
      documentUrl: url,
      document: { '@context': 'https://w3id.org/security/multikey/v1', ...method },
    };
  return bundledContexts.loader(url);
};

/** Does the verifier of @digitalbazaar/vc accept it? Status is not asked of it. */
export async function accepted(credential: JsonObject): Promise<boolean> {
  const { verified } = await theirVerify({
    credential,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    now,
    checkStatus: async () => ({ verified: true }),
  });
  return verified;
}
