import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * A key that signs for nobody: a keyed hash, made and asked within one process. It stands in for both real keys when a
 * credential is rehearsed, so that every form is made and read by the same code as with them. It is no `KeyObject`:
 * whatever looks up the keys of a document, a DID or a JWK cannot give one, and the secret never leaves the object.
 */
export class RehearsalKey {
  readonly #secret = randomBytes(32).toString('hex');

  /** 64 bytes, as many as an Ed25519 signature has, that only this key gives for these bytes. */
  sign(bytes: Buffer | string): Buffer {
    return hash('sha512', this.#secret + hash('sha256', bytes, 'hex'), 'buffer');
  }

  /** Did this key sign these bytes? */
  verify(bytes: Buffer | string, signature: Buffer): boolean {
    return signature.length === 64 && timingSafeEqual(this.sign(bytes), signature);
  }
}
