import type { KeyObject } from 'node:crypto';
import { canonicalJson, DomainError } from '#platform';
import { didWebUrl, type JsonObject, publicKeyOfJwk, publicKeyOfMultikey } from '#signing';
import { despiteTheft, type SignatureClaim } from './compromised-key.js';
import { timeOf } from './dates.js';
import { isKeyDid, type KeyAnswer, keyOfKeyDid } from './did-keys.js';
import { type Fetcher, FetchFailed, fetchJson, fetchOwnWord } from './fetcher.js';
import { type Answer, failed, passed, unknown } from './report.js';

export type { KeyAnswer } from './did-keys.js';

import { said } from './said.js';

/** Where keys are looked for. `origin` is the operator's own service, reachable on loopback over http. */
export interface KeyRequest {
  issuer: string;
  fetcher: Fetcher;
  origin?: string;
  /** What the key must be for, as its owner's document says; `assertionMethod` when absent. */
  purpose?: 'assertionMethod' | 'authentication';
  /** What the signature says of itself, should its key turn out to be stolen. */
  claim?: SignatureClaim;
}

/**
 * The key a Data Integrity proof or a JWT names by URL, if the issuer vouches for it: did:key, did:jwk, did:web
 * (Controlled Identifiers 1.0, 3.3), an https document below the issuer's own https address, or one that the issuer's
 * document lists. A key file at a place of its own counts only if the issuer's document lists that key, or none. The key's
 * controller must be the issuer and the issuer's `assertionMethod` (or the purpose asked for)
 * must list it.
 */
export async function keyOfMethod(name: string, request: KeyRequest): Promise<KeyAnswer> {
  const method = name.startsWith('#') ? `${request.issuer}${name}` : name;
  const [identifier] = method.split('#') as [string];
  if (method.startsWith('did:')) {
    if (identifier !== request.issuer) return failed('key_of_another_issuer', method);
    // Some name a DID that is a key without repeating the key.
    if (isKeyDid(method)) return keyOfKeyDid(method);
    if (!method.startsWith('did:web:')) return unknown('issuer_method_not_supported', method);
    return method.includes('#') ? inDocument(method, request) : unknown('key_not_bound', method);
  }
  if (bareName.test(method)) return keyOfName(method, request);
  const foreign = outsideIssuer(method, request);
  if (foreign?.code === 'key_of_another_issuer' && request.issuer.startsWith('https:'))
    return listedOutside(method, request, foreign);
  if (foreign?.code === 'key_not_bound') return (await inOwnDocument(method, request)) ?? foreign;
  if (foreign) return foreign;
  if (request.issuer.startsWith('did:')) return bareJwk(method, request);
  return boundKey(method, await keyDocument(method, request), request);
}

// Neither an address nor a path.
const bareName = /^[\w.~=-]+$/;

/** A key named by no more than a name of the issuer's own (VC-JOSE-COSE 1.0, 4.1.1): a hint, for its document to answer. */
async function keyOfName(name: string, request: KeyRequest): Promise<KeyAnswer> {
  const { issuer } = request;
  if (isKeyDid(issuer)) return keyOfKeyDid(issuer);
  const { document, answer } = await issuerDocument(request);
  if (!document) return answer;
  const named = methodsOf(document).find(
    ({ id, publicKeyJwk }) =>
      [`#${name}`, `${issuer}#${name}`].includes(said(id)) ||
      (publicKeyJwk as JsonObject | null)?.kid === name,
  );
  return named ? listed(document, said(named.id), request) : unknown('key_not_bound', name);
}

/** A key on another host than its https issuer's: only what the issuer's document lists. Without a list nobody knows. */
async function listedOutside(method: string, request: KeyRequest, refused: Answer): Promise<KeyAnswer> {
  const { document } = await issuerDocument(request);
  if (!document || methodsOf(document).length === 0) return unknown('key_not_bound', method);
  return methodsOf(document).some(({ id }) => id === method) ? listed(document, method, request) : refused;
}

/** The key a JWT carries in its header, believed only if it is the issuer's DID, or the issuer's document lists it. */
export async function keyByValue(jwk: unknown, request: KeyRequest): Promise<KeyAnswer> {
  let wanted: KeyObject;
  try {
    wanted = publicKeyOfJwk(jwk);
  } catch (error) {
    return refusal(error, failed('key_unusable'));
  }
  if (isKeyDid(request.issuer)) {
    const answer = keyOfKeyDid(request.issuer);
    return answer.key && !answer.key.equals(wanted) ? failed('key_not_listed') : answer;
  }
  const { document, answer } = await issuerDocument(request);
  if (!document) return answer;
  const method = methodsOf(document).find((item) => keyOf(item)?.equals(wanted));
  if (method) return listed(document, said(method.id), request);
  return methodsOf(document).length > 0 ? failed('key_not_listed') : unknown('key_not_bound');
}

async function inDocument(method: string, request: KeyRequest): Promise<KeyAnswer> {
  const { document, answer } = await issuerDocument(request);
  return document ? listed(document, method, request) : answer;
}

type DidLookup = { document: JsonObject; answer?: undefined } | { document?: undefined; answer: Answer };

/** The issuer's own document, at its https address or its did:web's, or why there is none. */
async function issuerDocument(request: KeyRequest): Promise<DidLookup> {
  const { issuer } = request;
  if (!/^(did:web:|https:)/.test(issuer)) return { answer: unknown('key_not_bound', issuer) };
  const url = issuer.startsWith('did:') ? didWebUrl(issuer) : issuer;
  if (!url) return { answer: failed('issuer_document_unusable', issuer) };
  try {
    const document = await fetchJson(request.fetcher, url);
    if (document.id === issuer) return { document };
    return { answer: failed('issuer_document_unusable', `${url} is about ${said(document.id)}`) };
  } catch (error) {
    if (error instanceof FetchFailed) return { answer: unknown('issuer_unreachable', error.message) };
    return { answer: refusal(error, unknown('issuer_document_unusable', url)) };
  }
}

/** A key elsewhere on the web, if the document of an https issuer lists it. */
async function inOwnDocument(method: string, request: KeyRequest): Promise<KeyAnswer | undefined> {
  const { document } = await issuerDocument(request);
  const isListed = document && methodsOf(document).some((item) => item.id === method);
  return isListed ? listed(document, method, request) : undefined;
}

/** The keys written in a document, be it in `verificationMethod` or where it says what they are for. */
const methodsOf = (document: JsonObject): JsonObject[] =>
  [document.verificationMethod ?? [], document.assertionMethod ?? [], document.authentication ?? []]
    .flat()
    .filter((item): item is JsonObject => item !== null && typeof item === 'object' && !Array.isArray(item));

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
    said(value).startsWith('#') ? `${issuer}${said(value)}` : said(value);
  const known = methodsOf(document).filter((item) => absolute(item.id) === absolute(id));
  // https://issuer#z6Mk…: the fragment is the key, whatever the issuer's document calls it.
  const [, fragment] = id.split('#');
  const isKey = (item: JsonObject): boolean => item.publicKeyMultibase === fragment;
  const named = known.length > 0 || !fragment ? known : methodsOf(document).filter(isKey);
  // Some documents write a method where it is listed and again where they say what it is for.
  const texts = named.map((item) => canonicalJson(item));
  const found = named.filter((_item, i) => texts.indexOf(texts[i]!) === i);
  const method = found[0];
  if (found.length !== 1 || !method) return failed('key_not_listed', id);
  const { controller, revoked, expires } = method;
  if (controller === undefined || controller === null)
    return unknown('key_not_bound', `${id} has no controller`);
  if (controller !== issuer) return failed('key_of_another_issuer', `controller is ${said(controller)}`);
  if (revoked !== undefined && revoked !== null) {
    const answer = await despiteTheft(document, method, request, (url) => !outsideIssuer(url, request));
    const key = keyOf(method);
    return answer.outcome === 'passed' && key ? { ...answer, key } : answer;
  }
  const [end, at] = [timeOf(expires), request.claim?.at];
  if (end !== undefined && at !== undefined && at >= end)
    return failed('key_not_for_assertion', `it expired on ${said(expires)}`);
  const purpose = request.purpose ?? 'assertionMethod';
  const allowed = [document[purpose] ?? []]
    .flat()
    .map((item: unknown) => absolute((item as JsonObject | null)?.id ?? item));
  if (!allowed.includes(absolute(method.id)))
    return failed(purpose === 'assertionMethod' ? 'key_not_for_assertion' : 'key_not_for_authentication', id);
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

/** The one JWK a document is, or the one of a JWK Set (RFC 7517, 5) that has this address or its fragment as `kid`. */
function jwkAt(address: string, document: JsonObject): unknown {
  if (!Array.isArray(document.keys)) return document;
  const names = [address, address.split('#')[1]];
  const found = (document.keys as (JsonObject | null)[]).filter(
    (jwk) => typeof jwk?.kid === 'string' && names.includes(jwk.kid),
  );
  return found.length === 1 ? found[0] : undefined;
}

// A JWT's kid: the address of one bare JWK, or of a set with the key's name behind '#'. If the DID document lists the same key it must still allow it to sign.
async function bareJwk(address: string, request: KeyRequest): Promise<KeyAnswer> {
  const { document, answer } = await issuerDocument(request);
  if (!document) return answer;
  // A stolen key is no longer served at its address; the document tells what became of it, under the same name.
  const name = `${request.issuer}#${address.split('/').at(-1)}`;
  const stolen = methodsOf(document).find((item) => item.id === name && item.revoked !== undefined);
  if (stolen) return listed(document, name, request);
  let key: KeyObject;
  try {
    const [page] = address.split('#') as [string];
    key = publicKeyOfJwk(jwkAt(address, await fetchJson(request.fetcher, page)));
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('key_unreachable', error.message);
    return refusal(error, unknown('key_unusable', address));
  }
  const method = methodsOf(document).find((item) => keyOf(item)?.equals(key));
  if (method) return listed(document, said(method.id), request);
  if (request.purpose === 'authentication') return failed('key_not_for_authentication', address);
  // Whoever may put a file on the issuer's host is not thereby the issuer: a document that lists keys lists all of them.
  return methodsOf(document).length > 0
    ? unknown('key_not_bound', address)
    : { ...passed('issuer_key_found'), key };
}

// An https issuer: the address answers with the key itself, or with a document that lists it.
async function keyDocument(address: string, request: KeyRequest): Promise<KeyAnswer> {
  try {
    const document = await fetchJson(request.fetcher, address.split('#')[0]!);
    if (document.verificationMethod) return await listed(document, address, request);
    // Only a document with methods says what its keys are for.
    if (request.purpose === 'authentication') return failed('key_not_for_authentication', address);
    if (document.kty || document.keys)
      return { ...passed('issuer_key_found'), key: publicKeyOfJwk(jwkAt(address, document)) };
    if (document.controller !== request.issuer) return failed('key_of_another_issuer', address);
    const key = keyOf(document);
    return key ? { ...passed('issuer_key_found'), key } : unknown('key_unusable', address);
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('key_unreachable', error.message);
    return refusal(error, unknown('key_unusable', address));
  }
}

// Whoever may put a file on the issuer's host is not thereby the issuer, whatever the file says of itself.
async function boundKey(address: string, answer: KeyAnswer, request: KeyRequest): Promise<KeyAnswer> {
  const { key } = answer;
  const [page] = request.issuer.split('#') as [string];
  if (!key || address.split('#')[0] === page) return answer;
  let document: JsonObject | undefined;
  try {
    document = await fetchOwnWord(request.fetcher, page);
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('issuer_unreachable', error.message);
    return refusal(error, unknown('issuer_document_unusable', page));
  }
  if (!document) return answer;
  const method = methodsOf(document).find((item) => item.id === address || keyOf(item)?.equals(key));
  if (method) return listed(document, said(method.id), request);
  const named = (purpose: string): unknown[] => [document[purpose] ?? []].flat();
  if (named(request.purpose ?? 'assertionMethod').includes(address)) return answer;
  const all = ['verificationMethod', 'assertionMethod', 'authentication'].flatMap(named);
  return all.length > 0 ? unknown('key_not_bound', address) : answer;
}

function refusal(error: unknown, answer: Answer): Answer {
  if (error instanceof DomainError) return answer;
  throw error;
}
