import { createHash, hkdfSync, type KeyObject } from 'node:crypto';
import { decryptBox, encryptBox } from './box.js';
import { type KeyContext, KeyService, type KeyServiceDescription } from './key-service.js';
import { masterKeyOf, readMasterKey } from './master-key.js';

/** A master key of 32 random bytes in this process's memory, from a file or an environment variable. */
export class SecretKeyService extends KeyService {
  private readonly id: string;

  constructor(
    private readonly masterKey: KeyObject,
    private readonly kind: 'file' | 'environment' = 'file',
  ) {
    super();
    // A name for the key that is derived from it one way: 32 random bytes cannot be guessed from it.
    const name = hkdfSync('sha256', masterKey, '', 'insigne key service name', 32);
    this.id = `secret:${createHash('sha256').update(Buffer.from(name)).digest('hex').slice(0, 16)}`;
  }

  /** @throws SecretRefused (see `readMasterKey`) */
  static fromFile(file: string): SecretKeyService {
    return new SecretKeyService(readMasterKey(file), 'file');
  }

  /** @param name of the variable, for the message. @throws SecretRefused (see `masterKeyOf`) */
  static fromEnvironment(name: string, value: string | undefined): SecretKeyService {
    return new SecretKeyService(masterKeyOf(value ?? '', name), 'environment');
  }

  describe(): KeyServiceDescription {
    return { kind: this.kind, id: this.id };
  }

  async wrap(dataKey: Buffer, context: KeyContext): Promise<Buffer> {
    return encryptBox(this.masterKey.export(), dataKey, boundTo(context));
  }

  async unwrap(wrapped: Buffer, context: KeyContext): Promise<Buffer> {
    return decryptBox(this.masterKey.export(), wrapped, boundTo(context));
  }

  override oldFormatKey(): KeyObject {
    return this.masterKey;
  }
}

const boundTo = ({ issuerId, keyId }: KeyContext): string => `insigne:2:wrap:${issuerId}:${keyId}`;
