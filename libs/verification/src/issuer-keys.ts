import type { KeyObject } from 'node:crypto';
import { DomainError } from '#platform';
import { didWebUrl, type JsonObject, publicKeyOfJwk, publicKeyOfMultikey } from '#signing';
import { despiteTheft, type SignatureClaim } from './compromised-key.js';
import { type Fetcher, FetchFailed, fetchJson } from './fetcher.js';
import { type Answer, failed, passed, unknown } from './report.js';

/** The answer to "is this the issuer's key?", with the key when it is. */
export type KeyAnswer = Answer & { key?: KeyObject };

/** Where keys are looked for. `origin` is the operator's own service, reachable on loopback over http. */
export interface KeyRequest {
  issuer: string;
  fetcher: Fetcher;
  origin?: string;
  /** What the signature says of itself, should its key turn out to be stolen. */
  claim?: SignatureClaim;
}

/**
 * The key a Data Integrity proof or a JWT names by URL, if the issuer vouches for it: did:key, did:web (Controlled
 * Identifiers 1.0, 3.3), or an https document below the issuer's own https address. The key's controller must be the
 * issuer and the issuer's `assertionMethod` must list it.
 */
export async function keyOfMethod(method: string, request: KeyRequest): Promise<KeyAnswer> {
  const [identifier] = method.split('#') as [string];
  if (method.startsWith('did:')) {
    if (identifier !== request.issuer) return failed('key_of_another_issuer', method);
    if (method.startsWith('did:key:')) return keyOfDidKey(method);
    if (!method.startsWith('did:web:')) return unknown('issuer_method_not_supported', method);
    return inDocument(method, request);
  }
  const foreign = outsideIssuer(method, request);
  if (foreign) return foreign;
  return request.issuer.startsWith('did:') ? bareJwk(method, request) : keyDocument(method, request);
}

/** The key a JWT carries in its header, believed only if the issuer's DID document lists the same key. */
export async function keyByValue(jwk: unknown, request: KeyRequest): Promise<KeyAnswer> {
  let wanted: KeyObject;
  try {
    wanted = publicKeyOfJwk(jwk);
  } catch (error) {
    return refusal(error, failed('key_unusable'));
  }
  if (!request.issuer.startsWith('did:web:')) return unknown('key_not_bound');
  const { document, answer } = await didDocument(request);
  if (!document) return answer;
  const method = methodsOf(document).find((item) => keyOf(item)?.equals(wanted));
  return method ? listed(document, String(method.id), request) : failed('key_not_listed');
}

function keyOfDidKey(method: string): KeyAnswer {
  const [did, fragment] = method.split('#') as [string, string | undefined];
  const value = did.slice('did:key:'.length);
  if (fragment !== value) return failed('key_not_listed', method);
  try {
    return { ...passed('issuer_key_found'), key: publicKeyOfMultikey(value) };
  } catch (error) {
    return refusal(error, unknown('issuer_method_not_supported', method));
  }
}

async function inDocument(method: string, request: KeyRequest): Promise<KeyAnswer> {
  const { document, answer } = await didDocument(request);
  return document ? listed(document, method, request) : answer;
}

type DidLookup = { document: JsonObject; answer?: undefined } | { document?: undefined; answer: Answer };

/** The issuer's did:web document, or why there is none. */
async function didDocument(request: KeyRequest): Promise<DidLookup> {
  const url = didWebUrl(request.issuer);
  if (!url) return { answer: failed('issuer_document_unusable', request.issuer) };
  try {
    const document = await fetchJson(request.fetcher, url);
    if (document.id === request.issuer) return { document };
    return { answer: failed('issuer_document_unusable', `${url} is about ${String(document.id)}`) };
  } catch (error) {
    if (error instanceof FetchFailed) return { answer: unknown('issuer_unreachable', error.message) };
    return { answer: refusal(error, unknown('issuer_document_unusable', url)) };
  }
}

const methodsOf = (document: JsonObject): JsonObject[] =>
  [document.verificationMethod ?? []]
    .flat()
    .filter((item): item is JsonObject => item !== null && typeof item === 'object');

function keyOf(method: JsonObject): KeyObject | undefined {
  try {
    if (typeof method.publicKeyMultibase === 'string') return publicKeyOfMultikey(method.publicKeyMultibase);
    return method.publicKeyJwk === undefined ? undefined : publicKeyOfJwk(method.publicKeyJwk);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

async function listed(document: JsonObject, id: string, request: KeyRequest): Promise<KeyAnswer> {
  const { issuer } = request;
  const absolute = (value: unknown): string =>
    String(value).startsWith('#') ? `${issuer}${String(value)}` : String(value);
  const found = methodsOf(document).filter((item) => absolute(item.id) === id);
  const method = found[0];
  if (found.length !== 1 || !method) return failed('key_not_listed', id);
  if (method.controller !== issuer)
    return failed('key_of_another_issuer', `controller is ${String(method.controller)}`);
  if (method.revoked !== undefined) {
    const answer = await despiteTheft(document, method, request, (url) => !outsideIssuer(url, request));
    const key = keyOf(method);
    return answer.outcome === 'passed' && key ? { ...answer, key } : answer;
  }
  const assertion = [document.assertionMethod ?? []].flat().map(absolute);
  if (!assertion.includes(id)) return failed('key_not_for_assertion', id);
  const key = keyOf(method);
  return key ? { ...passed('issuer_key_found'), key } : unknown('key_unusable', id);
}

/** Is an http(s) key address below the issuer's own? If not, why that is no good; the own origin counts as https. */
function outsideIssuer(address: string, request: KeyRequest): Answer | undefined {
  const did = request.issuer.startsWith('did:');
  const home = did ? didWebUrl(request.issuer)?.replace(/did\.json$/, '') : request.issuer;
  if (!home || !/^https?:\/\//.test(home)) return unknown('issuer_method_not_supported', request.issuer);
  const own = (url: string): string =>
    request.origin && url.startsWith(`${request.origin}/`) ? url.replace(/^http:/, 'https:') : url;
  if (!URL.canParse(own(address)) || !URL.canParse(own(home))) return failed('key_unusable', address);
  const key = new URL(own(address));
  const root = new URL(own(home));
  if (key.protocol !== 'https:' || root.protocol !== 'https:') return unknown('key_unreachable', 'not https');
  if (key.origin !== root.origin) return failed('key_of_another_issuer', address);
  const folder = root.pathname.replace(/\/(\.well-known\/)?$/, '');
  const inside = key.pathname === folder || key.pathname.startsWith(`${folder}/`);
  if (inside && !/%2e|%2f|%5c/i.test(key.pathname)) return undefined;
  return did ? failed('key_of_another_issuer', address) : unknown('key_not_bound', address);
}

// A JWT's kid: the address of one bare JWK. If the DID document lists the same key it must still allow it to sign.
async function bareJwk(address: string, request: KeyRequest): Promise<KeyAnswer> {
  const { document, answer } = await didDocument(request);
  if (!document) return answer;
  // A stolen key is no longer served at its address; the document tells what became of it, under the same name.
  const name = `${request.issuer}#${address.split('/').at(-1)}`;
  const stolen = methodsOf(document).find((item) => item.id === name && item.revoked !== undefined);
  if (stolen) return listed(document, name, request);
  let key: KeyObject;
  try {
    key = publicKeyOfJwk(await fetchJson(request.fetcher, address));
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('key_unreachable', error.message);
    return refusal(error, unknown('key_unusable', address));
  }
  const method = methodsOf(document).find((item) => keyOf(item)?.equals(key));
  return method ? listed(document, String(method.id), request) : { ...passed('issuer_key_found'), key };
}

// An https issuer: the address answers with the key itself, or with a document that lists it.
async function keyDocument(address: string, request: KeyRequest): Promise<KeyAnswer> {
  try {
    const document = await fetchJson(request.fetcher, address.split('#')[0]!);
    if (document.verificationMethod) return await listed(document, address, request);
    if (document.kty) return { ...passed('issuer_key_found'), key: publicKeyOfJwk(document) };
    if (document.controller !== request.issuer) return failed('key_of_another_issuer', address);
    const key = keyOf(document);
    return key ? { ...passed('issuer_key_found'), key } : unknown('key_unusable', address);
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('key_unreachable', error.message);
    return refusal(error, unknown('key_unusable', address));
  }
}

function refusal(error: unknown, answer: Answer): Answer {
  if (error instanceof DomainError) return answer;
  throw error;
}
