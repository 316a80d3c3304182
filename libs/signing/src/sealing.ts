import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { MasterKeyRefused, SealedKeyUnreadable } from './errors.js';

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const boxOverhead = nonceBytes + tagBytes;

/**
 * Seals a private key for the database: PKCS#8 under AES-256-GCM with a random data key, which is itself wrapped with
 * the master key. The key's id is associated data of both, so a sealed key cannot be moved to another row.
 * Layout: 1 byte format, 60 bytes wrapped data key, then nonce ‖ text ‖ tag.
 */
export function sealPrivateKey(privateKey: KeyObject, keyId: string, masterKey: KeyObject): Buffer {
  const dataKey = randomBytes(keyBytes);
  const plain = privateKey.export({ format: 'der', type: 'pkcs8' });
  try {
    return Buffer.concat([
      Buffer.of(format),
      encrypt(masterKey.export(), dataKey, associated('wrap', keyId)),
      encrypt(dataKey, plain, associated('key', keyId)),
    ]);
  } finally {
    dataKey.fill(0);
    plain.fill(0);
  }
}

/** Opens what `sealPrivateKey` made. @throws SealedKeyUnreadable (`sealed_key_unreadable`) */
export function openPrivateKey(sealed: Buffer, keyId: string, masterKey: KeyObject): KeyObject {
  const wrappedBytes = keyBytes + boxOverhead;
  if (sealed[0] !== format || sealed.length <= 1 + wrappedBytes + boxOverhead)
    throw new SealedKeyUnreadable(keyId);
  try {
    const dataKey = decrypt(
      masterKey.export(),
      sealed.subarray(1, 1 + wrappedBytes),
      associated('wrap', keyId),
    );
    const plain = decrypt(dataKey, sealed.subarray(1 + wrappedBytes), associated('key', keyId));
    const privateKey = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
    dataKey.fill(0);
    plain.fill(0);
    return privateKey;
  } catch (cause) {
    throw new SealedKeyUnreadable(keyId, { cause });
  }
}

/**
 * Reads the master key: a file of 32 random bytes in base64 (44 characters, newline allowed) that nobody but its owner
 * can read.
 * @throws MasterKeyRefused with code `master_key_missing`, `master_key_readable_by_others` (mode 0640, 0644…),
 *   `master_key_wrong_length` or `master_key_weak` (a pattern instead of random bytes)
 */
export function readMasterKey(file: string): KeyObject {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    throw new MasterKeyRefused(
      'master_key_missing',
      `The master key ${file} cannot be read. Restore it from your backup.`,
      { cause },
    );
  }
  try {
    const mode = fstatSync(descriptor).mode & 0o777;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new MasterKeyRefused(
        'master_key_readable_by_others',
        `The master key ${file} has mode 0${mode.toString(8)}: others can read it. Run: chmod 600 "${file}"`,
      );
    return masterKeyOf(readFileSync(descriptor, 'latin1').trim(), file);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a new random master key, readable by its owner only. Never overwrites.
 * @throws MasterKeyRefused (`master_key_exists`)
 */
export function createMasterKey(file: string): KeyObject {
  const key = randomBytes(keyBytes);
  try {
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new MasterKeyRefused('master_key_exists', `There is already a master key at ${file}`, { cause });
  }
  return createSecretKey(key);
}

function masterKeyOf(text: string, file: string): KeyObject {
  const key = /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (key.length !== keyBytes)
    throw new MasterKeyRefused(
      'master_key_wrong_length',
      `The master key ${file} must be 32 bytes in base64`,
    );
  // Random bytes all but never repeat this much, count upwards or spell printable text; a typed key does.
  const printable = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  const steps = new Set(key.subarray(1).map((byte, i) => byte - key[i]!)).size;
  if (new Set(key).size < 16 || steps < 8 || printable)
    throw new MasterKeyRefused(
      'master_key_weak',
      `The master key ${file} is not random. Make one with: openssl rand -base64 32`,
    );
  return createSecretKey(key);
}

const associated = (use: 'wrap' | 'key', keyId: string): Buffer =>
  Buffer.from(`insigne:${format}:${use}:${keyId}`);

function encrypt(key: Buffer, plain: Buffer, associatedData: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, box: Buffer, associatedData: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(associatedData).setAuthTag(box.subarray(box.length - tagBytes));
  return Buffer.concat([decipher.update(box.subarray(nonceBytes, box.length - tagBytes)), decipher.final()]);
}
