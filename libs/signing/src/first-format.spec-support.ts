import { createCipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { SealedKey } from './sealing.js';

/** A row as the first release wrote it: everything in one column, bound to the key's id alone. */
export function firstFormat(keyId: string, masterKey: KeyObject, privateKey: KeyObject): SealedKey {
  const box = (key: Buffer, plain: Buffer, use: string): Buffer => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`insigne:1:${use}:${keyId}`));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const dataKey = randomBytes(32);
  const sealed = Buffer.concat([
    Buffer.of(1),
    box(masterKey.export(), dataKey, 'wrap'),
    box(dataKey, privateKey.export({ format: 'der', type: 'pkcs8' }), 'key'),
  ]);
  return { sealed, wrappedDataKey: null, keyService: null };
}
