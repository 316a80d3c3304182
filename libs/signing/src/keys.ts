import { createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { KeyMalformed } from './errors.js';
import { multikeyOf } from './multikey.js';

const generate = promisify(generateKeyPair);

export type SigningAlgorithm = 'Ed25519' | 'RS256';
export type PublicJwk = JsonWebKey & { kty: string };

export interface NewKey {
  /** Fragment of the key's DID URL, random: 'ed-…' or 'rsa-…' and 16 characters. */
  id: string;
  algorithm: SigningAlgorithm;
  publicKey: KeyObject;
  privateKey: KeyObject;
  publicJwk: PublicJwk;
  /** z6Mk…, for Ed25519 only. */
  publicMultibase: string | null;
}

/** A new key pair with a random id: Ed25519, or RSA of 2048 bits for RS256. */
export async function generateKey(algorithm: SigningAlgorithm): Promise<NewKey> {
  const { publicKey, privateKey } =
    algorithm === 'Ed25519' ? await generate('ed25519') : await generate('rsa', { modulusLength: 2048 });
  return {
    id: `${algorithm === 'Ed25519' ? 'ed' : 'rsa'}-${randomName()}`,
    algorithm,
    publicKey,
    privateKey,
    publicJwk: jwkOf(publicKey),
    publicMultibase: algorithm === 'Ed25519' ? multikeyOf(publicKey) : null,
  };
}

/** The public JWK (RFC 7517) of a public or private key: never a private member. */
export function jwkOf(key: KeyObject): PublicJwk {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  return publicKey.export({ format: 'jwk' }) as PublicJwk;
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const publicMembers: Record<string, string[]> = { OKP: ['crv', 'x'], EC: ['crv', 'x', 'y'], RSA: ['n', 'e'] };

/**
 * The key of a public JWK from anywhere. RSA keys under 2048 bits are refused (NIST SP 800-131A).
 * @throws KeyMalformed (`key_malformed`), also for a JWK that carries private or symmetric material
 */
export function publicKeyOfJwk(jwk: unknown): KeyObject {
  if (jwk === null || typeof jwk !== 'object' || Array.isArray(jwk))
    throw new KeyMalformed('A JWK is a JSON object');
  const given = jwk as Record<string, unknown>;
  if (privateMembers.some((member) => member in given))
    throw new KeyMalformed('The JWK holds private material');
  const members = publicMembers[String(given.kty)];
  if (!members) throw new KeyMalformed(`JWK of type ${String(given.kty)} is not supported`);
  const clean: JsonWebKey = { kty: String(given.kty) };
  for (const member of members) clean[member] = given[member];
  let key: KeyObject;
  try {
    key = createPublicKey({ key: clean, format: 'jwk' });
  } catch (cause) {
    throw new KeyMalformed('The JWK is not a key', { cause });
  }
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new KeyMalformed('The RSA key is shorter than 2048 bits');
  return key;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const randomName = (): string => Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
