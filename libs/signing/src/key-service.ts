import type { KeyObject } from 'node:crypto';

/** Which private key a data key belongs to; every wrapping is bound to it. */
export interface KeyContext {
  keyId: string;
  /** The organisation that issues with the key. */
  issuerId: string;
}

/** How a key service is called in lists, transcripts and errors. Never a secret, nor what would help to guess one. */
export interface KeyServiceDescription {
  kind: 'file' | 'passphrase' | 'environment' | 'aws-kms' | 'pkcs11';
  /** Stored beside each key it wrapped, so that the right service is asked to open it. */
  id: string;
}

/**
 * What holds the master key. It wraps the data keys under which private keys are sealed (envelope encryption), and
 * nothing else: no private key ever reaches it.
 */
export abstract class KeyService {
  abstract describe(): KeyServiceDescription;

  /**
   * Encrypts a data key of 32 bytes for this context alone.
   * @throws KeyServiceUnavailable (`key_service_unavailable`) when the service does not answer
   */
  abstract wrap(dataKey: Buffer, context: KeyContext): Promise<Buffer>;

  /**
   * The data key again, 32 bytes.
   * @throws KeyServiceUnavailable (`key_service_unavailable`), or any other error when it was wrapped by another master
   *   key, for another context, or changed
   */
  abstract unwrap(wrapped: Buffer, context: KeyContext): Promise<Buffer>;

  /** The raw master key where this process holds it: opens rows of the first sealing format, which named no service. */
  oldFormatKey(): KeyObject | undefined {
    return undefined;
  }
}
