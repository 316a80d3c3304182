import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { bundledContexts, type JsonObject } from '#signing';
import { timed } from './figures.js';

/**
 * Digital Bazaar's way of issuing, as its manual shows it: one credential after the other, one key, one thread; a
 * signature alone, no second format, no check, nothing stored. Contexts come from memory, not from the network.
 */
export class StockSigner {
  private constructor(private readonly signer: object) {}

  static async make(issuer: string): Promise<StockSigner> {
    const key = await Ed25519Multikey.generate({ controller: issuer });
    key.id = `${issuer}#${key.publicKeyMultibase}`;
    return new StockSigner(key.signer());
  }

  /** @returns credentials a second */
  async rate(credentials: JsonObject[]): Promise<number> {
    const suite = (): object => new DataIntegrityProof({ signer: this.signer, cryptosuite });
    const milliseconds = await timed(async () => {
      for (const credential of credentials)
        await vc.issue({
          credential: structuredClone(credential),
          suite: suite(),
          documentLoader: bundledContexts.loader,
        });
    });
    return (credentials.length / milliseconds) * 1000;
  }
}

/** Signatures a second of one core: the limit that no issuer passes. */
export async function rawEd25519Rate(milliseconds = 300): Promise<number> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const bytes = randomBytes(64);
  let signatures = 0;
  const spent = await timed(() => {
    for (const end = performance.now() + milliseconds; performance.now() < end; signatures += 50)
      for (let i = 0; i < 50; i += 1) sign(null, bytes, privateKey);
  });
  return (signatures / spent) * 1000;
}
