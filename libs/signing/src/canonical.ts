import type { Quad, Term } from 'jsonld';
import { canonize as canonizeDataset } from 'rdf-canonize';
import { sha256 } from '#platform';
import { bundledContexts, type ContextStore } from './contexts.js';
import { isDisguised, refuseHidden } from './disguises.js';
import { ContextInline, ContextUnknown, DocumentUnsafe } from './errors.js';
import { heldDataset } from './held-dataset.js';
import type { StringUses } from './string-uses.js';

export type JsonObject = { [name: string]: unknown };

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what the IRIREF rule of N-Quads leaves out
const forbiddenInIri = /[\u0000-\u0020<>"{}|\\^`]/;
const languageTag = /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/;
const allowedKeywords = new Set(['@context', '@type', '@value', '@language', '@direction']);

/**
 * Canonical N-Quads of a JSON-LD document: RDFC-1.0 over an expansion in safe mode (RDF Dataset Canonicalization 1.0;
 * Data Integrity EdDSA Cryptosuites 1.0, 3.2.2). Ends with a newline.
 * @param hash what nodes without a name are put in order by; P-384 signatures of ECDSA suites ask for SHA-384
 * @throws ContextUnknown (`context_unknown`), ContextInline (`context_inline`),
 *   DocumentUnsafe (`jsonld_unsafe`: an undefined term, a relative address, a keyword or an IRI that could smuggle quads)
 */
export async function canonize(
  document: JsonObject,
  contexts: ContextStore = bundledContexts,
  hash: 'sha256' | 'sha384' = 'sha256',
): Promise<string> {
  return inOrder(await canonicalDataset(document, contexts), hash);
}

/** As `canonize`, everything but the order asked of the JSON-LD library: what the quicker way must equal. */
export const canonizeByLibrary = async (
  document: JsonObject,
  contexts: ContextStore = bundledContexts,
): Promise<string> => {
  refuseOpenContexts(document, contexts);
  return inOrder(await datasetByLibrary(document, contexts));
};

async function inOrder(dataset: Quad[], hash: 'sha256' | 'sha384' = 'sha256'): Promise<string> {
  try {
    return await canonizeDataset(dataset, {
      algorithm: 'RDFC-1.0',
      format: 'application/n-quads',
      maxWorkFactor: 1,
      messageDigestAlgorithm: hash,
    });
  } catch (error) {
    throw unsafe(error);
  }
}

/**
 * The statements of a JSON-LD document before they are put in order; refused as by `canonize`.
 * @param uses where to note which strings may be others
 */
export async function canonicalDataset(
  document: JsonObject,
  contexts: ContextStore,
  uses?: StringUses,
): Promise<Quad[]> {
  refuseOpenContexts(document, contexts);
  const dataset =
    (await heldDataset(document, contexts, uses)) ?? (await datasetByLibrary(document, contexts));
  refuseHidden(document, dataset);
  return dataset;
}

async function datasetByLibrary(document: JsonObject, contexts: ContextStore): Promise<Quad[]> {
  // Loaded at the first document: most processes of the program canonicalise none, and it brings an HTTP client.
  const { default: jsonld } = await import('jsonld');
  const options = {
    base: null,
    safe: true,
    rdfDirection: 'i18n-datatype',
    produceGeneralizedRdf: false,
    documentLoader: contexts.loader,
  } as const;
  let dataset: Quad[];
  try {
    const expanded = await jsonld.expand(document, options);
    refuseInherited(expanded);
    dataset = await jsonld.toRDF(expanded, { ...options, skipExpansion: true });
  } catch (error) {
    throw error instanceof DocumentUnsafe ? error : unsafe(error);
  }
  dataset.forEach(refuseSmuggling);
  return dataset;
}

// The library keeps nodes by their id in an ordinary object: one named like what every object inherits would be written
// into what all objects of this process share, and nothing would be read rightly any more.
function refuseInherited(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) refuseInherited(item);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [name, item] of Object.entries(value)) {
    if (name === '@id' && typeof item === 'string' && item in Object.prototype)
      throw new DocumentUnsafe(`${JSON.stringify(item)} is not an IRI`);
    refuseInherited(item);
  }
}

/** SHA-256 of the canonical form: 32 bytes. Errors as `canonize`. */
export const canonicalHash = async (document: JsonObject, contexts?: ContextStore): Promise<Buffer> =>
  sha256(await canonize(document, contexts));

/**
 * Contexts may only be addresses of the closed store, at any depth, nodes may not use the keywords that restructure a
 * graph, and words must be written by their terms: each could change the meaning of what stays the same to the eye, or
 * hide from the eye what stays the same in meaning.
 */
function refuseOpenContexts(value: unknown, contexts: ContextStore, path = ''): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) refuseOpenContexts(item, contexts, `${path}/${i}`);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const isValue = Object.hasOwn(value, '@value');
  for (const [name, item] of Object.entries(value)) {
    if (isDisguised(name))
      throw new DocumentUnsafe(`the name ${name} must be written as its term (${path}/${name})`);
    if (name === 'id' && typeof item === 'string' && item.startsWith('_:'))
      throw new DocumentUnsafe(`an id without meaning elsewhere is not allowed (${path}/id)`);
    if (name === '@context') {
      for (const entry of Array.isArray(item) ? item : [item]) {
        if (typeof entry !== 'string') throw new ContextInline(`${path}/@context`);
        if (!contexts.has(entry)) throw new ContextUnknown(entry);
      }
    } else if (name.startsWith('@') && (!allowedKeywords.has(name) || (name === '@type' && !isValue))) {
      throw new DocumentUnsafe(`the keyword ${name} is not allowed (${path}/${name})`);
    } else refuseOpenContexts(item, contexts, `${path}/${name}`);
  }
}

// N-Quads writes IRIs as they are: one that holds '>' and a newline would add statements nobody sees in the JSON.
function refuseSmuggling(quad: Quad): void {
  for (const term of [quad.subject, quad.predicate, quad.object, quad.graph]) refuseTerm(term);
}

function refuseTerm(term: Term): void {
  if (term.termType === 'NamedNode' && forbiddenInIri.test(term.value))
    throw new DocumentUnsafe(`${JSON.stringify(term.value)} is not an IRI`);
  if (term.termType !== 'Literal') return;
  if (term.language && !languageTag.test(term.language))
    throw new DocumentUnsafe(`${JSON.stringify(term.language)} is not a language tag`);
  if (term.datatype) refuseTerm(term.datatype);
}

function unsafe(error: unknown): Error {
  const cause = error as {
    details?: { event?: { message?: string; details?: object }; cause?: unknown };
    message: string;
  };
  if (cause.details?.cause instanceof ContextUnknown) return cause.details.cause;
  const event = cause.details?.event;
  const reason = event ? `${event.message} ${JSON.stringify(event.details)}` : cause.message;
  return new DocumentUnsafe(reason.slice(0, 500), { cause: error });
}
