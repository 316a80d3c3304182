import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** Length that encryption adds: nonce before, tag after. */
export const boxOverhead = nonceBytes + tagBytes;

/** AES-256-GCM with a random nonce: nonce ‖ text ‖ tag. @param key 32 bytes */
export function encryptBox(key: Buffer, plain: Buffer, associatedData: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associatedData));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens `encryptBox`. @throws Error when key, bytes or associated data are others */
export function decryptBox(key: Buffer, box: Buffer, associatedData: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(associatedData)).setAuthTag(box.subarray(box.length - tagBytes));
  return Buffer.concat([decipher.update(box.subarray(nonceBytes, box.length - tagBytes)), decipher.final()]);
}
