import { readArchive } from '#badges';
import { sha256 } from '#platform';
import type { Site } from './site.js';

/** Every signing of a credential by a worker process, stored or not: the archive has its bytes before the database. */
export interface Signings {
  signings: number;
  /** Credentials that were signed more than once, because storing failed or a worker died. */
  signedAgain: number;
  /** Of them, those whose bytes (document and VC-JWT) were the same each time, and are those in the database. */
  same: number;
  /** What is wrong, in sentences. */
  faults: string[];
}

const digestOf = (document: string, jwt: string): string => sha256(`${document}\n${jwt}`).toString('base64');

/** Compares what was signed, whenever and by whom, with what is stored. */
export async function readSignings(site: Site): Promise<Signings> {
  const stored = new Map<string, string>();
  const { rows } = await site.owner.query<{ id: string; digest: string }>(
    `select id, encode(sha256(convert_to(signed_document(c) || E'\\n' || signed_jwt(c), 'UTF8')), 'base64') as digest
     from credential c where document_sha256 is not null`,
  );
  for (const { id, digest } of rows) stored.set(id, digest);
  const signed = new Map<string, { times: number; digests: Set<string> }>();
  const found: Signings = { signings: 0, signedAgain: 0, same: 0, faults: [] };
  for await (const line of readArchive(site.archiveFolder)) {
    if (line.kind !== 'credential') continue;
    const { id, document, jwt } = line.credential;
    const one = signed.get(id) ?? { times: 0, digests: new Set() };
    one.times += 1;
    one.digests.add(digestOf(document, jwt));
    signed.set(id, one);
    found.signings += 1;
  }
  for (const [id, { times, digests }] of signed) {
    const kept = stored.get(id);
    if (kept !== undefined) digests.add(kept);
    if (times > 1) found.signedAgain += 1;
    if (times > 1 && digests.size === 1) found.same += 1;
    if (digests.size > 1) found.faults.push(`${id} was signed to ${digests.size} different texts`);
  }
  return found;
}
