import { readFileSync } from 'node:fs';
import type { RemoteDocument } from 'jsonld';
import { projectFile } from '#platform';
import { ContextUnknown } from './errors.js';

export const vcContext = 'https://www.w3.org/ns/credentials/v2';
export const openBadgesContext = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
export const openBadgesExtensions = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';
export const recordContext = 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json';

const files: Record<string, string> = {
  [vcContext]: 'w3c-credentials-v2.jsonld',
  'https://www.w3.org/ns/credentials/examples/v2': 'w3c-credentials-examples-v2.jsonld',
  'https://www.w3.org/2018/credentials/v1': 'w3c-2018-credentials-v1.jsonld',
  [openBadgesContext]: 'ob-v3p0-context-3.0.3.2026-07.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json': 'ob-v3p0-context-3.0.2.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json': 'ob-v3p0-context-3.0.1.json',
  [openBadgesExtensions]: 'ob-v3p0-extensions.json',
  [recordContext]: 'clr-v2p0-context-2.0.1.json',
  'https://w3id.org/openbadges/v2': 'ob-v2p0-context.json',
  'https://w3id.org/security/data-integrity/v2': 'security-data-integrity-v2.jsonld',
  'https://w3id.org/security/multikey/v1': 'security-multikey-v1.jsonld',
  'https://w3id.org/security/suites/ed25519-2020/v1': 'security-suites-ed25519-2020-v1.jsonld',
  'https://www.w3.org/ns/did/v1': 'did-v1.jsonld',
  'https://w3id.org/vc/status-list/2021/v1': 'vc-status-list-v1.jsonld',
};

/**
 * A closed set of JSON-LD contexts. What is not in it does not exist: no address is ever fetched, so nobody who
 * controls a web server can change what a credential says.
 */
export class ContextStore {
  private readonly documents = new Map<string, object>();

  /** @param extra contexts by address beside the bundled ones; only tests have a reason to give any */
  constructor(private readonly extra: Record<string, object> = {}) {}

  has(url: string): boolean {
    return Object.hasOwn(this.extra, url) || Object.hasOwn(files, url);
  }

  /** The bytes of a bundled context, as published. @throws ContextUnknown (`context_unknown`) */
  bytes(url: string): Buffer {
    const file = Object.hasOwn(files, url) ? files[url] : undefined;
    if (!file) throw new ContextUnknown(url);
    return readFileSync(projectFile('schemas', 'standards', 'contexts', file));
  }

  /** The context document of an address. @throws ContextUnknown (`context_unknown`) */
  get(url: string): object {
    const kept = this.documents.get(url);
    if (kept) return kept;
    const file = Object.hasOwn(files, url) ? files[url] : undefined;
    const document = Object.hasOwn(this.extra, url)
      ? this.extra[url]
      : file &&
        (JSON.parse(readFileSync(projectFile('schemas', 'standards', 'contexts', file), 'utf8')) as object);
    if (!document) throw new ContextUnknown(url);
    this.documents.set(url, document);
    return document;
  }

  /** The loader that JSON-LD processors ask for, bound to this store. */
  readonly loader = async (url: string): Promise<RemoteDocument> => ({
    contextUrl: null,
    documentUrl: url,
    document: this.get(url),
  });
}

/** The contexts that Insigne ships; every address in it is in `schemas/standards/README.md`. */
export const bundledContexts = new ContextStore();
