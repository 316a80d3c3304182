import { constants, type KeyObject, verify } from 'node:crypto';

interface Algorithm {
  /** Type of key, and its curve: no other key may be used with it (RFC 8725, 3.1 and 3.2). */
  key: 'rsa' | 'ec' | 'ed25519';
  curve?: string;
  hash: 'sha256' | 'sha384' | 'sha512' | null;
  isPss?: boolean;
  /** Of an elliptic curve's signature, in bytes. */
  length?: number;
}

const ed25519: Algorithm = { key: 'ed25519', hash: null, length: 64 };

/** What a VC-JWT may be signed with (RFC 7518, 3; RFC 8037; RFC 8812, 3.2; RFC 9864), and nothing else. */
const algorithms: Record<string, Algorithm> = {
  RS256: { key: 'rsa', hash: 'sha256' },
  RS384: { key: 'rsa', hash: 'sha384' },
  RS512: { key: 'rsa', hash: 'sha512' },
  PS256: { key: 'rsa', hash: 'sha256', isPss: true },
  PS384: { key: 'rsa', hash: 'sha384', isPss: true },
  PS512: { key: 'rsa', hash: 'sha512', isPss: true },
  ES256: { key: 'ec', curve: 'prime256v1', hash: 'sha256', length: 64 },
  ES384: { key: 'ec', curve: 'secp384r1', hash: 'sha384', length: 96 },
  ES512: { key: 'ec', curve: 'secp521r1', hash: 'sha512', length: 132 },
  ES256K: { key: 'ec', curve: 'secp256k1', hash: 'sha256', length: 64 },
  EdDSA: ed25519,
  Ed25519: ed25519,
};

/** Is this one of the algorithms that are checked? */
export const isSupported = (name: string): boolean => Object.hasOwn(algorithms, name);

/** Is the key of the type and curve that the algorithm asks for? */
export function isKeyFor(name: string, key: KeyObject): boolean {
  const algorithm = isSupported(name) ? algorithms[name] : undefined;
  return (
    algorithm !== undefined &&
    key.asymmetricKeyType === algorithm.key &&
    (algorithm.curve === undefined || key.asymmetricKeyDetails?.namedCurve === algorithm.curve)
  );
}

// One buffer for all: larger ones than Node keeps ready are dear, and nothing else runs before it has been read.
const scratch = Buffer.allocUnsafeSlow(32 * 1024);

const bytesOf = (text: string): Buffer =>
  text.length > scratch.length
    ? Buffer.from(text, 'latin1')
    : scratch.subarray(0, scratch.write(text, 'latin1'));

/**
 * Does the signature of a compact JWS fit its key, which must be one for the algorithm (RFC 7515, 5.2)?
 *
 * Of an elliptic curve's signature (r, s) the other half (r, n − s) fits as well, and is accepted: FIPS 186-5 calls both
 * valid, RFC 7518 and RFC 8812 ask for neither, and many programs sign with either. Nobody who makes one out of the other
 * changes what was signed or by whom. Nothing here knows a badge by its signature but the register of a stolen key,
 * which does not know the other half and so does not vouch for it.
 */
export function jwsFits(token: string, name: string, key: KeyObject): boolean {
  const algorithm = algorithms[name];
  if (!algorithm || !isKeyFor(name, key)) return false;
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  if (algorithm.length !== undefined && signature.length !== algorithm.length) return false;
  const content = bytesOf(token.slice(0, end));
  if (algorithm.key === 'ed25519') return verify(null, content, key, signature);
  if (algorithm.key === 'ec')
    return verify(algorithm.hash, content, { key, dsaEncoding: 'ieee-p1363' }, signature);
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify(algorithm.hash, content, algorithm.isPss ? { key, ...pss } : key, signature);
}
