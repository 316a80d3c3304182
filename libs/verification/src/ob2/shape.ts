import { compileSchema, InvalidInput, readProjectJson } from '#platform';
import type { JsonObject } from '#signing';
import { said } from '../said.js';
import { isNotice } from './withdrawal-notice.js';

/** The kinds of documents of Open Badges 2.0 that a verifier reads. */
export type Ob2Kind = 'assertion' | 'endorsement' | 'badgeClass' | 'profile' | 'key';

const ob2Context = 'https://w3id.org/openbadges/v2';

const checks = new Map<Ob2Kind, (value: unknown) => JsonObject>();

function checkOf(kind: Ob2Kind): (value: unknown) => JsonObject {
  const known = checks.get(kind);
  if (known) return known;
  const { $defs } = readProjectJson<{ $defs: object }>('schemas/ob-v2p0.schema.json');
  const check = compileSchema<JsonObject>({ $defs, $ref: `#/$defs/${kind}` }, kind);
  checks.set(kind, check);
  return check;
}

/**
 * What a document lacks of what Open Badges 2.0 requires, as JSON Pointer and reason; undefined when it lacks nothing. A
 * member that is null counts as absent, as in all JSON-LD.
 */
export function ob2Fault(kind: Ob2Kind, document: JsonObject): string | undefined {
  try {
    checkOf(kind)(Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null)));
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const [fault] = error.faults;
    return `${kind} ${fault?.path || '/'} ${fault?.message ?? ''}`;
  }
}

/** Is this a document of Open Badges 2.0, by its context or by what it is made of? */
export function isOb2(document: JsonObject): boolean {
  if ([document['@context']].flat().includes(ob2Context)) return true;
  const isAssertion = [document.type].flat().includes('Assertion');
  if (isNotice(document)) return true;
  return isAssertion && document.badge !== undefined && document.credentialSubject === undefined;
}

/**
 * Why the words of a document could mean something else than Open Badges 2.0 says: only its own context, and in
 * extensions those that they declare (they are not read).
 */
export function ob2ContextFault(
  document: JsonObject,
): { code: 'context_inline' | 'context_unknown' | 'ob2_context_missing'; remark: string } | undefined {
  const contexts = [document['@context']].flat();
  if (!contexts.includes(ob2Context))
    return {
      code: 'ob2_context_missing',
      remark: contexts[0] === undefined ? 'no @context' : said(contexts[0]),
    };
  const other = contexts.find((one) => one !== ob2Context);
  if (other !== undefined)
    return typeof other === 'string'
      ? { code: 'context_unknown', remark: other }
      : { code: 'context_inline', remark: '/@context' };
  const path = innerContext(document, '');
  return path === undefined ? undefined : { code: 'context_inline', remark: path };
}

function innerContext(value: unknown, path: string): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  for (const [name, item] of Object.entries(value)) {
    if (isExtension(name) || (name === '@context' && path === '')) continue;
    // A BadgeClass or Profile written out inside repeats the context of the whole.
    if (name === '@context' && item !== ob2Context) return `${path}/@context`;
    if (name.startsWith('@') && !['@context', '@id', '@type', '@language', '@value'].includes(name))
      return `${path}/${name}`;
    const inner = innerContext(item, `${path}/${name}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

const isExtension = (name: string): boolean => /^(extensions?:|https?:\/\/)/.test(name);

/** Names of the extensions that a document carries. */
export const extensionsOf = (document: JsonObject): string[] => Object.keys(document).filter(isExtension);

/** The id of something that is linked or written out. */
export function idOf(value: unknown): string | undefined {
  const id = value !== null && typeof value === 'object' ? (value as JsonObject).id : value;
  return typeof id === 'string' ? id : undefined;
}

/** `verification` of an assertion or profile, also under its older name `verify`. */
export const verificationOf = (document: JsonObject): JsonObject | undefined => {
  const [given] = [document.verification ?? document.verify].flat() as unknown[];
  return given !== null && typeof given === 'object' ? (given as JsonObject) : undefined;
};
