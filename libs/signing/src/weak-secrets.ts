import { sha256 } from '#platform/basics';
import { KeyMalformed } from './errors.js';
import { multibaseBytes } from './multikey.js';

/** Why a secret must not protect anything. */
export type Weakness = 'empty' | 'short' | 'published' | 'default' | 'pattern';

/**
 * SHA-256 of secrets that stand in specifications, documentation or other programs' examples, so that everybody has
 * them; hashes, so that this file is not one more place to copy them from.
 */
const publishedSecrets = new Map([
  ['644d50ab64864c20a12b3c4656d46b4a48f69ef7c47ecdc8415cd28316b22ef5', 'RFC 8032, 7.1, test 1'],
  ['3d2d9682cdba529682a152f678e25c6c29847bf2588ca4e1b3023c1579f9958d', 'RFC 8032, 7.1, test 2'],
  ['d8eca0cca720d33bf6d9a3e8057053ff6a4d19a62a9874fa7f7004ea662fb2f9', 'RFC 8032, 7.1, test 3'],
  ['c8ecc9361a05e285f04c26f9572131a6deab07e9e2b865053c6f75a4d8bd2b32', 'RFC 7515, A.1'],
  [
    '17ed5248e5d0ecf1489d909183f7f4d532c678ef635b76efaa95abebb1fc7f45',
    'Data Integrity EdDSA Cryptosuites 1.0, B.1',
  ],
  [
    '47e2eecb5784afad854fece5c6cf25387bfe6ce669fb0369d382f4c3d8950f6d',
    'test tenant of a signing service for learner credentials',
  ],
  [
    'feec6e853e7c6b3efa15e5e1d94e2b83bc8580140c7378e7bea8265c09176f7d',
    'test/vectors of this project, issuerEd',
  ],
  [
    '3121b9fd2cd084dc5a9265d0ab3d248ea89c27524486ee186f84082813b0a89b',
    'test/vectors of this project, otherEd',
  ],
  ['630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd', 'FIPS 197, C.3'],
  ['b93c72b74bc8487d29827005f80d635918f91bc22b14d7ed05714d58f96702dd', 'NIST SP 800-38A, F.1.5'],
  ['c557eec878dfd852ba3f88087c4f350f09c55537ab5e549c3cd14320ec3cef38', 'BIP 39, first test vector'],
  ['f79cd64f9cea237897b8133e4b905b361c6f166faa5a1c64c32280938f5b707e', 'mnemonic of development networks'],
  ['c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a', 'comic strip on passwords'],
  ['f5b8d8128ff6f57fa574c6d0c3bb3a9bd5d6385436bc4cb001b271400b7a4c3f', 'trustee seed of distributed ledgers'],
  ['ddf27b73dd66c1c8dbe133a0a9373d0e626384555d19e29c67d8bc76d23f7f95', 'steward seed of distributed ledgers'],
  ['f7d838701b86c5dfb57bf95fbc5ce6df204cfc9f15ad6cdb39fd22f8776e47b6', 'jwt.io'],
  ['465d9ad5d5528ebe287b5dce4fb51620833d09b290e49ddcc70ca6c4a0aea01b', 'jwt.io, later'],
  ['78314b11be2e581549ac1c4f616563fad3fdf0c3b71678f6e2299182080e0598', 'example secret of AWS documentation'],
  [
    'e8a0614b6747a06ff9a2728dd2250bf13068310cd2550ebc3cecd4d287a4e259',
    'example secret of SigV4 test vectors',
  ],
]);

const defaultWords = [
  'changeme',
  'changethis',
  'changezmoi',
  'default',
  'defaut',
  'password',
  'passwort',
  'motdepasse',
  'passphrase',
  'phrasesecrete',
  'secret',
  'masterkey',
  'insigne',
  'example',
  'exemple',
  'test',
  'admin',
  'azerty',
  'qwerty',
  'please',
  'before',
  'production',
  'replace',
  'your',
  'key',
  'use',
  'me',
  'this',
];

/** Shortest passphrase that is taken, in characters. */
const shortestPassphrase = 20;

/**
 * What is wrong with a passphrase or typed secret; undefined when nothing is. It is published when its text, or the
 * bytes it spells in hex, base64, base64url or base58 multibase, are known to everybody.
 */
export function weaknessOf(secret: string, shortest = shortestPassphrase): Weakness | undefined {
  if (secret.trim() === '') return 'empty';
  if (isPublished(secret)) return 'published';
  if (isDefault(secret)) return 'default';
  if ([...secret].length < shortest) return 'short';
  return isPattern(Buffer.from(secret), 8) ? 'pattern' : undefined;
}

/** What is wrong with a key that should be 32 random bytes. */
export function weaknessOfKey(key: Buffer): Weakness | undefined {
  if (key.length === 0) return 'empty';
  if (publishedSecrets.has(sha256(key).toString('hex'))) return 'published';
  if (key.length < 32) return 'short';
  // Random bytes all but never repeat this much, count upwards or spell printable text; a typed key does.
  const isPrintable = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isPrintable || isPattern(key, 16) ? 'pattern' : undefined;
}

function isPublished(secret: string): boolean {
  const text = secret.trim();
  const readings: Buffer[] = [
    Buffer.from(text),
    Buffer.from(text.toLowerCase()),
    Buffer.from(text, 'base64'),
  ];
  if (/^([0-9a-f]{2})+$/i.test(text)) readings.push(Buffer.from(text, 'hex'));
  const decoded = multibaseOf(text);
  // Seeds travel as bare bytes or behind the two bytes of a multicodec or multihash.
  if (decoded) readings.push(decoded, decoded.subarray(2));
  return readings.some((bytes) => publishedSecrets.has(sha256(bytes).toString('hex')));
}

function multibaseOf(text: string): Buffer | undefined {
  try {
    return multibaseBytes(text);
  } catch (error) {
    if (error instanceof KeyMalformed) return undefined;
    throw error;
  }
}

/** Nothing but words that stand for "put a secret here", digits and punctuation. */
function isDefault(secret: string): boolean {
  let rest = secret
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
  if (rest === '') return secret.length < shortestPassphrase;
  for (const word of defaultWords.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, ' ');
  return rest.trim() === '';
}

function isPattern(bytes: Buffer, fewestDifferent: number): boolean {
  const steps = new Set(Array.from(bytes.subarray(1), (byte, i) => (byte - bytes[i]! + 256) % 256)).size;
  return new Set(bytes).size < fewestDifferent || steps < 8;
}
