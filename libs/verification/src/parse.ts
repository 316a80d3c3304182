import { DomainError } from '#platform';
import type { JsonObject } from '#signing';
import { credentialOf } from './jwt-payload.js';
import type { MessageCode } from './messages.js';

/** Largest credential that is read, in bytes. */
const largestCredential = 256 * 1024;
/** Deepest nesting of objects and arrays. */
export const deepest = 32;

/** A text that will not be read further; `code` is one of the 'parse' codes of the messages. */
export class Unreadable extends DomainError {
  constructor(
    readonly code: MessageCode,
    readonly remark?: string,
  ) {
    super(`Not readable: ${code}`);
  }
}

/** A credential as it came: a JSON document with its proof inside, or a JWT around it. */
export type Secured =
  | { form: 'embedded'; credential: JsonObject }
  | { form: 'jwt'; credential: JsonObject; token: string; header: JsonObject; claims: JsonObject };

const compactJwt = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/**
 * Reads a credential: JSON text, a parsed object, a compact JWT, or an EnvelopedVerifiableCredential around one.
 * @throws Unreadable with codes `too_large`, `too_deep`, `duplicate_key`, `forbidden_key`, `not_json`,
 *   `not_a_credential`, `jwt_malformed`
 */
export function readCredential(input: string | object, limit: number = largestCredential): Secured {
  const text = (typeof input === 'string' ? input.replace(/^\uFEFF/, '') : textOf(input)).trim();
  if (Buffer.byteLength(text) > limit) throw new Unreadable('too_large');
  if (compactJwt.test(text)) return readJwt(text, limit);
  if (!/^[{["]/.test(text)) throw new Unreadable('not_a_credential');
  const document = readJson(text, limit);
  if (document.type === 'EnvelopedVerifiableCredential' && typeof document.id === 'string') {
    const enveloped = /^data:application\/(?:vc\+)?(?:ld\+)?jwt(?:;[^,]*)?,(.+)$/.exec(document.id)?.[1];
    if (!enveloped || !compactJwt.test(enveloped)) throw new Unreadable('not_a_credential');
    return readJwt(enveloped, limit);
  }
  return { form: 'embedded', credential: document };
}

/** A JSON object, read strictly: no name twice, no `__proto__`, limited depth and size. Errors as `readCredential`. */
export function readJson(text: string, limit: number = largestCredential): JsonObject {
  if (Buffer.byteLength(text) > limit) throw new Unreadable('too_large');
  refuseTricks(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable('not_json');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Unreadable('not_a_credential');
  return value as JsonObject;
}

function readJwt(token: string, limit: number): Secured {
  const [head, body] = token.split('.') as [string, string, string];
  // Base64url has several spellings of the same bytes; only the one everybody writes is let in.
  for (const part of token.split('.'))
    if (Buffer.from(part, 'base64url').toString('base64url') !== part) throw new Unreadable('jwt_malformed');
  const header = readJson(Buffer.from(head, 'base64url').toString('utf8'), limit);
  const payload = readJson(Buffer.from(body, 'base64url').toString('utf8'), limit);
  return { form: 'jwt', credential: credentialOf(payload), token, header, claims: payload };
}

/** JSON text of a parsed value. @throws Unreadable (`too_deep`) */
export function textOf(value: object): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    throw new Unreadable('too_deep');
  }
}

// JSON.parse keeps the last of two equal names, other parsers the first: they would see different badges.
function refuseTricks(text: string): void {
  const names: (Set<string> | undefined)[] = [];
  let nameNext = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === '{' || character === '[') {
      names.push(character === '{' ? new Set() : undefined);
      if (names.length > deepest) throw new Unreadable('too_deep');
      nameNext = character === '{';
    } else if (character === '}' || character === ']') {
      names.pop();
      nameNext = false;
    } else if (character === ',') nameNext = names.at(-1) !== undefined;
    else if (character === '"') {
      const end = endOfString(text, i);
      if (nameNext) checkName(text.slice(i, end + 1), names.at(-1)!);
      nameNext = false;
      i = end;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i;
  }
  throw new Unreadable('not_json');
}

function checkName(quoted: string, seen: Set<string>): void {
  let name: string;
  try {
    name = JSON.parse(quoted) as string;
  } catch {
    throw new Unreadable('not_json');
  }
  if (name === '__proto__') throw new Unreadable('forbidden_key', name);
  if (seen.has(name)) throw new Unreadable('duplicate_key', name);
  seen.add(name);
}
