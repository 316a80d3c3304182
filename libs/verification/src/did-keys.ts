import type { KeyObject } from 'node:crypto';
import { DomainError } from '#platform';
import { publicKeyOfJwk, publicKeyOfMultikey } from '#signing';
import { readJson } from './parse.js';
import { type Answer, failed, passed, unknown } from './report.js';

/** The answer to "is this the issuer's key?", with the key when it is. */
export type KeyAnswer = Answer & { key?: KeyObject };

const longestJwk = 4096;

/** Is it a DID that is itself a key, so that no document has to be asked? */
export const isKeyDid = (did: string): boolean => /^did:(key|jwk):/.test(did);

/**
 * The key of a did:key (Ed25519, P-256, P-384, secp256k1) or did:jwk, named by its only method: `did:key:z…#z…`,
 * `did:jwk:…#0`.
 * @param method the DID URL; without a fragment the DID itself, as a key carried along is compared with it
 */
export function keyOfKeyDid(method: string): KeyAnswer {
  const known = answers.get(method);
  if (known) return known;
  const answer = readKey(method);
  if (!answer.key || method.length > longestKept) return answer;
  if (answers.size >= mostAnswers) answers.clear();
  answers.set(method, answer);
  return answer;
}

// The name is the key: whoever asks again gets the same answer.
const answers = new Map<string, KeyAnswer>();
const mostAnswers = 500;
const longestKept = 2_000;

function readKey(method: string): KeyAnswer {
  const [did, fragment] = method.split('#') as [string, string | undefined];
  const value = did.slice(did.indexOf(':', 4) + 1);
  const isJwk = did.startsWith('did:jwk:');
  if (fragment !== undefined && fragment !== (isJwk ? '0' : value)) return failed('key_not_listed', method);
  try {
    return { ...passed('issuer_key_found'), key: isJwk ? keyOfDidJwk(value) : publicKeyOfMultikey(value) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return isJwk ? failed('key_unusable', error.message) : unknown('issuer_method_not_supported', method);
  }
}

function keyOfDidJwk(value: string): KeyObject {
  const text = Buffer.from(value, 'base64url').toString('utf8');
  return publicKeyOfJwk(readJson(text, longestJwk));
}
