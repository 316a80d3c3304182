import type { Quad } from 'jsonld';
import { DocumentUnsafe } from './errors.js';

// Words of these vocabularies have terms; by those, and by nothing else, a badge is read.
const withTerms =
  /^https?:\/\/(www\.w3\.org|w3id\.org|purl\.imsglobal\.org|schema\.org|openbadgespec\.org)(\/|$)/i;
const address = /^([a-z][a-z0-9+.-]*:\/\/|urn:|did:|tag:)/i;

/**
 * Does this member name say in other letters what a term says? The embedded proofs of RDF suites sign statements and not
 * names: written as an address or with a prefix, a word keeps its signature and is no longer read, and a badge that was
 * withdrawn would have no status.
 */
export const isDisguised = (name: string): boolean =>
  name.includes(':') && (!address.test(name) || withTerms.test(name));

const vc = 'https://www.w3.org/2018/credentials#';
const read: [term: string, predicate: string][] = [
  'credentialStatus',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'issuer',
  'refreshService',
  'relatedResource',
].map((term) => [term, vc + term]);

/**
 * Refuses a document of which the statements say more than its own members do: the status or an end may stand at another
 * node of the same id, or under a name of another context, where nobody looks.
 * @throws DocumentUnsafe (`jsonld_unsafe`)
 */
export function refuseHidden(document: { [name: string]: unknown }, dataset: Quad[]): void {
  const said = new Map<string, number>();
  for (const { subject, predicate, graph } of dataset) {
    if (graph.termType !== 'DefaultGraph' || !predicate.value.startsWith(vc)) continue;
    if (typeof document.id === 'string' && subject.value !== document.id) continue;
    said.set(predicate.value, (said.get(predicate.value) ?? 0) + 1);
  }
  for (const [term, predicate] of read) {
    const members =
      typeof document.id === 'string' ? valuesOf(document[term]) : valuesAnywhere(document, term);
    if ((said.get(predicate) ?? 0) > members)
      throw new DocumentUnsafe(`${term} is said where it is not read`);
  }
}

const valuesOf = (value: unknown): number =>
  [value ?? []].flat().filter((one) => one !== null && one !== undefined).length;

/** How often a term is used. Without an id nothing can be said of a node but where it stands. */
function valuesAnywhere(value: unknown, term: string): number {
  if (value === null || typeof value !== 'object') return 0;
  let number = Array.isArray(value) ? 0 : valuesOf((value as { [name: string]: unknown })[term]);
  for (const inner of Object.values(value)) number += valuesAnywhere(inner, term);
  return number;
}
