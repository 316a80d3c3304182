import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase58, encodeBase58 } from './base58.js';
import { KeyMalformed } from './errors.js';

// Multicodec prefixes (varint) of Controlled Identifiers 1.0, 2.2.2, and the fixed head of the matching DER SPKI.
const ed25519Codec = Buffer.from([0xed, 0x01]);
const p256Codec = Buffer.from([0x80, 0x24]);
const p384Codec = Buffer.from([0x81, 0x24]);
const secp256k1Codec = Buffer.from([0xe7, 0x01]);
const ed25519Spki = Buffer.from('302a300506032b6570032100', 'hex');
const p256CompressedSpki = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
const p384CompressedSpki = Buffer.from('3046301006072a8648ce3d020106052b81040022033200', 'hex');
const secp256k1CompressedSpki = Buffer.from('3036301006072a8648ce3d020106052b8104000a032200', 'hex');

/** Bytes as a multibase base58-btc text: 'z' and the digits. */
export const multibase = (bytes: Uint8Array): string => `z${encodeBase58(bytes)}`;

/** Bytes of a multibase base58-btc text. @throws KeyMalformed (`key_malformed`) */
export function multibaseBytes(text: string): Buffer {
  const bytes =
    text[0] === 'z' && text.length > 1 && text.length <= 401 ? decodeBase58(text.slice(1)) : undefined;
  if (!bytes) throw new KeyMalformed('Not a base58-btc multibase value');
  return bytes;
}

/** The Multikey text (z6Mk…) of an Ed25519 public key. @throws KeyMalformed (`key_malformed`) for any other key */
export function multikeyOf(publicKey: KeyObject): string {
  if (publicKey.type !== 'public' || publicKey.asymmetricKeyType !== 'ed25519')
    throw new KeyMalformed('Only an Ed25519 public key has a z6Mk Multikey');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return multibase(Buffer.concat([ed25519Codec, spki.subarray(ed25519Spki.length)]));
}

/**
 * The public key of a Multikey text: Ed25519 (z6Mk…), P-256 (zDna…) or P-384 (z82L…), as in Controlled Identifiers 1.0,
 * 2.2.2, or secp256k1 (zQ3s…), as in the did:key method, 3.1.
 * @throws KeyMalformed (`key_malformed`)
 */
export function publicKeyOfMultikey(text: string): KeyObject {
  const known = keys.get(text);
  if (known) return known;
  const key = keyOfBytes(text, multibaseBytes(text));
  if (keys.size >= mostKeys) keys.clear();
  keys.set(text, key);
  return key;
}

// OpenSSL prepares a key at its first use, which takes longer than the verification itself.
const keys = new Map<string, KeyObject>();
const mostKeys = 500;

function keyOfBytes(text: string, bytes: Buffer): KeyObject {
  const codec = bytes.subarray(0, 2);
  const key = bytes.subarray(2);
  try {
    if (codec.equals(ed25519Codec) && key.length === 32) return spkiKey(ed25519Spki, key);
    if (codec.equals(p256Codec) && key.length === 33) return spkiKey(p256CompressedSpki, key);
    if (codec.equals(p384Codec) && key.length === 49) return spkiKey(p384CompressedSpki, key);
    if (codec.equals(secp256k1Codec) && key.length === 33) return spkiKey(secp256k1CompressedSpki, key);
  } catch (cause) {
    throw new KeyMalformed(`${text} is not a point on its curve`, { cause });
  }
  throw new KeyMalformed(`${text} is not an Ed25519, P-256, P-384 or secp256k1 Multikey`);
}

const spkiKey = (head: Buffer, key: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([head, key]), format: 'der', type: 'spki' });
