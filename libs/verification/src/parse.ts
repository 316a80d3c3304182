import { DomainError } from '#platform';
import type { JsonObject } from '#signing';
import { envelopeAround } from './envelope.js';
import { credentialOf, isInVcClaim } from './jwt-payload.js';
import { isKnownText, noteRead } from './known-texts.js';
import type { MessageCode } from './messages.js';
import { type Answer, failed, unknown } from './report.js';

/** Largest credential that is read, in bytes: pictures written out inside are usual. */
const largestCredential = 1024 * 1024;
/** Of these, what may stand outside of long strings: what costs is the number of values, not their length. */
const mostStructure = 256 * 1024;
const longString = 4096;
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

/** Where this program's own limits end, nothing is said of the badge; any other text that cannot be read is none. */
export const answerOfUnreadable = ({ code, remark }: Unreadable): Answer =>
  (ownLimits.includes(code) ? unknown : failed)(code, remark);

const ownLimits: MessageCode[] = [
  'too_large',
  'too_deep',
  'picture_too_large',
  'address_unreachable',
  'envelope_not_supported',
];

/** A credential as it came: a JSON document with its proof inside, or a JWT around it. */
export type Secured =
  | { form: 'embedded'; credential: JsonObject }
  | { form: 'jwt'; credential: JsonObject; token: string; header: JsonObject; claims: JsonObject };

/** A JWT that was copied with the quotes of the JSON it stood in. */
const unquoted = (text: string): string => (/^"[\w.-]+"$/.test(text) ? text.slice(1, -1) : text);

const compactJwt = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/**
 * Reads a credential: JSON text, a parsed object, a compact JWT, or an EnvelopedVerifiableCredential around one.
 * @throws Unreadable with codes `too_large`, `too_deep`, `duplicate_key`, `forbidden_key`, `not_json`,
 *   `not_a_credential`, `jwt_malformed`, `envelope_not_supported`
 */
export function readCredential(input: string | object, limit: number = largestCredential): Secured {
  const text = unquoted((typeof input === 'string' ? input.replace(/^\uFEFF/, '') : textOf(input)).trim());
  if (Buffer.byteLength(text) > limit) throw new Unreadable('too_large');
  if (compactJwt.test(text)) return readJwt(text, limit);
  if (!/^[{["]/.test(text)) throw new Unreadable('not_a_credential');
  const isKnown = isKnownText(text, 'document');
  const document = isKnown ? parsed(text) : readJson(text, limit, mostStructure);
  const isEnvelope = [document.type].flat().includes('EnvelopedVerifiableCredential');
  if (isEnvelope && typeof document.id === 'string') {
    const { mediaType, token } = envelopeAround(document.id);
    if (mediaType !== undefined && token === undefined)
      throw new Unreadable('envelope_not_supported', mediaType);
    if (token === undefined || !compactJwt.test(token)) throw new Unreadable('not_a_credential');
    return readJwt(token, limit);
  }
  noteRead(document, { text, document, form: 'document', isKnown });
  return { form: 'embedded', credential: document };
}

/**
 * A JSON object, read strictly: no name twice, no `__proto__`, limited depth and size. Errors as `readCredential`.
 * @param structure characters that may stand outside of long strings
 */
export function readJson(
  text: string,
  limit: number = largestCredential,
  structure: number = limit,
): JsonObject {
  if (Buffer.byteLength(text) > limit) throw new Unreadable('too_large');
  refuseTricks(text, structure);
  return parsed(text);
}

function parsed(text: string): JsonObject {
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
  const [head, body, signature] = token.split('.') as [string, string, string];
  // Base64url has several spellings of the same bytes; only the one everybody writes is let in.
  if (!isOnlySpelling(body) || !isOnlySpelling(signature)) throw new Unreadable('jwt_malformed');
  const header = headerOf(head, limit);
  const text = decoded(body);
  const isKnown = isKnownText(text, 'payload');
  const claims = isKnown ? parsed(text) : readJson(text, limit, mostStructure);
  const credential = credentialOf(claims);
  if (!isInVcClaim(claims)) noteRead(credential, { text, document: claims, form: 'payload', isKnown });
  return { form: 'jwt', credential, token, header, claims };
}

// Most payloads are larger than the buffers that Node keeps ready; a new one for each is much of what reading costs.
const scratch = Buffer.allocUnsafeSlow(32 * 1024);

const decoded = (body: string): string =>
  body.length > scratch.length
    ? Buffer.from(body, 'base64url').toString('utf8')
    : scratch.toString('utf8', 0, scratch.write(body, 'base64url'));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Bits of the last character that belong to no byte, by the length of the text in groups of four. */
const unused = [0, undefined, 0b1111, 0b11];

/** Is a text of base64url's letters the one way to write its bytes (RFC 4648, 3.5 and 5)? */
function isOnlySpelling(part: string): boolean {
  const bits = unused[part.length % 4];
  return bits !== undefined && (alphabet.indexOf(part.at(-1) ?? 'A') & bits) === 0;
}

// All badges of an issuer have one header.
const headers = new Map<string, JsonObject>();
const mostHeaders = 200;
const longestHeader = 4096;

/**
 * The header of a JWT, read strictly; one object, not to be changed, for all JWTs that have it.
 * @throws Unreadable as `readCredential`
 */
export function headerOf(encoded: string, limit: number = largestCredential): JsonObject {
  const known = headers.get(encoded);
  if (known) return known;
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) throw new Unreadable('jwt_malformed');
  const header = readJson(bytes.toString('utf8'), limit);
  if (encoded.length > longestHeader) return header;
  if (headers.size >= mostHeaders) headers.clear();
  headers.set(encoded, Object.freeze(header));
  return header;
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
function refuseTricks(text: string, structure: number): void {
  let long = 0;
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
      if (end - i > longString) long += end - i;
      i = end;
    }
  }
  if (text.length - long > structure) throw new Unreadable('too_large');
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
