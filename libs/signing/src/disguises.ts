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

const inRecord = 'https://purl.imsglobal.org/spec/vc/clr/vocab.html#verifiableCredential';
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
  'holder',
  'verifiableCredential',
].map((term) => [term, vc + term]);

interface Members {
  [name: string]: unknown;
}

/**
 * Refuses a document of which the statements say more than its own members do: the status, an end, the holder of a
 * presentation or what a record holds may stand at another node of the same id, or under a name of another context,
 * where nobody looks.
 * @throws DocumentUnsafe (`jsonld_unsafe`)
 */
export function refuseHidden(document: Members, dataset: Quad[]): void {
  const said = new Map<string, number>();
  const held = new Map<string, number>();
  const count = (of: Map<string, number>, name: string): unknown => of.set(name, (of.get(name) ?? 0) + 1);
  for (const { subject, predicate, graph } of dataset) {
    if (graph.termType !== 'DefaultGraph') continue;
    if (predicate.value === inRecord) count(held, subject.value);
    if (!predicate.value.startsWith(vc)) continue;
    if (typeof document.id === 'string' && subject.value !== document.id) continue;
    count(said, predicate.value);
  }
  for (const [term, predicate] of read) {
    const members = typeof document.id === 'string' ? valuesOf(document[term]) : valuesWithin(document, term);
    if ((said.get(predicate) ?? 0) > members)
      throw new DocumentUnsafe(`${term} is said where it is not read`);
  }
  for (const { id } of subjectsOf(document))
    if (typeof id === 'string' && (held.get(id) ?? 0) > heldBy(document, id))
      throw new DocumentUnsafe('verifiableCredential is said where it is not read');
}

const listed = (value: unknown): unknown[] =>
  [value ?? []].flat().filter((one) => one !== null && one !== undefined);
const valuesOf = (value: unknown): number => listed(value).length;

const subjectsOf = ({ credentialSubject }: Members): Members[] =>
  listed(credentialSubject).filter((one): one is Members => typeof one === 'object');

/** How many credentials the subject of this id holds (CLR 2.0, ClrSubject), in a record and in the records in it. */
function heldBy(document: Members, id: string): number {
  let number = 0;
  for (const subject of subjectsOf(document)) {
    const inside = listed(subject.verifiableCredential);
    if (subject.id === id) number += inside.length;
    for (const one of inside) if (typeof one === 'object') number += heldBy(one as Members, id);
  }
  return number;
}

/** As `valuesAnywhere`, but for what a presentation holds: that is said in graphs of its own. */
function valuesWithin({ verifiableCredential, ...rest }: Members, term: string): number {
  return valuesAnywhere(rest, term) + (term === 'verifiableCredential' ? valuesOf(verifiableCredential) : 0);
}

/** How often a term is used. Without an id nothing can be said of a node but where it stands. */
function valuesAnywhere(value: unknown, term: string): number {
  if (value === null || typeof value !== 'object') return 0;
  let number = Array.isArray(value) ? 0 : valuesOf((value as Members)[term]);
  for (const inner of Object.values(value)) number += valuesAnywhere(inner, term);
  return number;
}
