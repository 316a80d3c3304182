import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type Secret, SecretRefused } from './errors.js';
import { readSecretFile } from './secret-file.js';
import { type Weakness, weaknessOf, weaknessOfKey } from './weak-secrets.js';

const keyBytes = 32;

/**
 * Reads the master key: a file of 32 random bytes in base64 (44 characters, newline allowed) that nobody but its owner
 * can read.
 * @throws SecretRefused with code `master_key_missing`, `master_key_readable_by_others`,
 *   `master_key_wrong_length`, `master_key_weak` (a pattern instead of random bytes) or `master_key_published`
 */
export const readMasterKey = (file: string): KeyObject => masterKeyOf(readSecretFile(file), file);

/**
 * The master key in a text: 32 random bytes in base64.
 * @param where the file or variable it comes from, for the message
 * @throws SecretRefused (`master_key_wrong_length`, `master_key_weak`, `master_key_published`)
 */
export function masterKeyOf(text: string, where: string): KeyObject {
  const key = /^[A-Za-z0-9+/]{43}=$/.test(text.trim()) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  const typed = weaknessOf(text);
  if (key.length !== keyBytes && (typed === 'published' || typed === 'default'))
    throw weak(typed, where, 'openssl rand -base64 32');
  if (key.length !== keyBytes)
    throw new SecretRefused('master_key_wrong_length', {
      fr: `La clé maîtresse ${where} doit faire 32 octets aléatoires en base64. Créez-la avec : openssl rand -base64 32`,
      en: `The master key ${where} must be 32 random bytes in base64. Make one with: openssl rand -base64 32`,
    });
  const weakness = weaknessOfKey(key);
  if (weakness) throw weak(weakness, where, 'openssl rand -base64 32');
  return createSecretKey(key);
}

/**
 * Reads a passphrase: a file that only its owner can read, at least 20 characters, neither a default nor published.
 * @throws SecretRefused with code `master_key_missing`, `master_key_readable_by_others`, `master_key_wrong_length`
 *   (empty or short), `master_key_weak` (a default, a pattern) or `master_key_published`
 */
export function readPassphrase(file: string): Buffer {
  const text = readSecretFile(file);
  const weakness = weaknessOf(text);
  if (weakness) throw weak(weakness, file, 'openssl rand -base64 24');
  return Buffer.from(text.normalize('NFC'));
}

/**
 * Writes a new random master key, readable by its owner only. Never overwrites.
 * @throws SecretRefused (`master_key_exists`)
 */
export function createMasterKey(file: string): KeyObject {
  const key = randomBytes(keyBytes);
  try {
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new SecretRefused(
      'master_key_exists',
      {
        fr: `Il y a déjà une clé maîtresse à ${file} ; elle n’est pas écrasée.`,
        en: `There is already a master key at ${file}; it is not overwritten.`,
      },
      { cause },
    );
  }
  return createSecretKey(key);
}

const reasons: Record<Weakness, { fr: string; en: string }> = {
  empty: { fr: 'est vide', en: 'is empty' },
  short: { fr: 'est trop court', en: 'is too short' },
  published: {
    fr: 'figure dans une documentation publique, donc tout le monde le connaît',
    en: 'stands in public documentation, so everybody knows it',
  },
  default: { fr: 'est une valeur par défaut', en: 'is a default value' },
  pattern: { fr: 'n’est pas aléatoire (motif répété)', en: 'is not random (a repeated pattern)' },
};

/** The refusal of a weak secret, with how to make a good one. */
export function weak(
  weakness: Weakness,
  where: string,
  remedy: string,
  what: Secret = 'master_key',
): SecretRefused {
  const why =
    weakness === 'published'
      ? 'published'
      : weakness === 'empty' || weakness === 'short'
        ? 'wrong_length'
        : 'weak';
  const { fr, en } = reasons[weakness];
  return new SecretRefused(`${what}_${why}`, {
    fr: `Le secret ${where} ${fr}. Créez-en un autre avec : ${remedy}`,
    en: `The secret ${where} ${en}. Make another one with: ${remedy}`,
  });
}
