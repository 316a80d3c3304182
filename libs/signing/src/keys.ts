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

const curves = ['prime256v1', 'secp384r1', 'secp521r1', 'secp256k1'];

/**
 * The key of a public JWK from anywhere: RSA of 2048 to 8192 bits (NIST SP 800-131A), P-256, P-384, P-521,
 * secp256k1 (RFC 8812), Ed25519.
 * @throws KeyMalformed (`key_malformed`), also for a JWK that carries private or symmetric material
 */
export function publicKeyOfJwk(jwk: unknown): KeyObject {
  if (jwk === null || typeof jwk !== 'object' || Array.isArray(jwk))
    throw new KeyMalformed('A JWK is a JSON object');
  const given = jwk as Record<string, unknown>;
  if (privateMembers.some((member) => member in given))
    throw new KeyMalformed('The JWK holds private material');
  const kty = String(given.kty);
  const members = Object.hasOwn(publicMembers, kty) ? publicMembers[kty] : undefined;
  if (!members) throw new KeyMalformed(`JWK of type ${String(given.kty)} is not supported`);
  if (given.use !== undefined && given.use !== 'sig') throw new KeyMalformed('The JWK is not for signatures');
  const clean: JsonWebKey = { kty: String(given.kty) };
  for (const member of members) clean[member] = given[member];
  const text = JSON.stringify(clean);
  const known = keptKeys.get(text) ?? checkedKey(clean);
  if (keptKeys.size >= mostKeys) keptKeys.clear();
  keptKeys.set(text, known);
  return known;
}

// OpenSSL prepares a key at its first use, which takes longer than the verification itself.
const keptKeys = new Map<string, KeyObject>();
const mostKeys = 500;

function checkedKey(clean: JsonWebKey): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: clean, format: 'jwk' });
  } catch (cause) {
    throw new KeyMalformed('The JWK is not a key', { cause });
  }
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength < 2048)
    throw new KeyMalformed('The RSA key is shorter than 2048 bits');
  if (
    key.asymmetricKeyType === 'rsa' &&
    (modulusLength > 8192 || publicExponent < 3n || publicExponent % 2n === 0n)
  )
    throw new KeyMalformed('The RSA key is not one that anybody should have');
  if (clean.kty === 'OKP' && key.asymmetricKeyType !== 'ed25519')
    throw new KeyMalformed(`${String(clean.crv)} keys do not sign badges`);
  if (clean.kty === 'EC' && !curves.includes(String(namedCurve)))
    throw new KeyMalformed(`The curve ${String(clean.crv)} is not supported`);
  return key;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const randomName = (): string => Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
