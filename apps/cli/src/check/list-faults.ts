import type { DataSource } from 'typeorm';
import { type Json, statusListUrl } from '#badges';
import { sha256 } from '#platform';
import { Bitstring, checkProof, prepare } from '#signing';
import type { CheckedKey } from './credential-faults.js';
import type { Fault, FaultCode } from './faults.js';
import type { Scope } from './issued-range.js';

interface ListRow {
  id: string;
  public_id: string;
  organisation_id: string;
  document: string | null;
  document_sha256: string | null;
  is_out_of_date: boolean;
  has_signed: boolean;
}

// A change is in the published list within a minute; until then both say what they should.
const entriesSql = `select credential_id, position, state <> 'active' as is_set,
    version <> listed_version and revoked_at > now() - interval '2 minutes' as is_fresh
  from status_entry where status_list_id = $1`;

/** Every published status list: its digest, its signature, its dates, and each bit against the state it stands for. */
export async function listFaults(
  database: DataSource,
  origin: string,
  keys: ReadonlyMap<string, CheckedKey>,
  scope: Scope,
): Promise<Fault[]> {
  const lists: ListRow[] = await database.query(
    `select l.id, l.public_id, l.organisation_id, l.document, l.document_sha256, l.valid_until < now() as is_out_of_date,
            exists (select from credential c where c.status_list_id = l.id and c.state = 'signed') as has_signed
     from status_list l where $1::uuid is null or l.organisation_id = $1 order by l.id`,
    [scope.organisationId ?? null],
  );
  const faults: Fault[] = [];
  for (const list of lists) {
    if (list.document === null) {
      if (list.has_signed) faults.push({ code: 'list_unsigned', ids: { list: list.id } });
      continue;
    }
    const found = await documentFaults(list, list.document, origin, keys);
    faults.push(...found.map((code) => ({ code, ids: { list: list.id } })));
    faults.push(...(await bitFaults(database, list.id, list.document)));
  }
  return faults;
}

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

async function documentFaults(
  list: ListRow,
  text: string,
  origin: string,
  keys: ReadonlyMap<string, CheckedKey>,
): Promise<FaultCode[]> {
  const found: FaultCode[] = [];
  if (sha256(text).toString('hex') !== list.document_sha256) found.push('list_digest');
  if (list.is_out_of_date) found.push('list_out_of_date');
  const document = parsed(text);
  if (!document) return [...found, 'list_proof'];
  const [proof] = [document.proof ?? []].flat() as Json[];
  const key = keys.get(String(proof?.verificationMethod).split('#')[1] ?? '');
  const prepared = await prepare(document).catch(() => undefined);
  const fits =
    proof !== undefined &&
    key?.issuerId === list.organisation_id &&
    document.id === statusListUrl(origin, list.public_id) &&
    prepared !== undefined &&
    (await checkProof(prepared, proof, key.publicKey).catch(() => false));
  return fits ? found : [...found, 'list_proof'];
}

async function bitFaults(database: DataSource, list: string, text: string): Promise<Fault[]> {
  const subject = parsed(text)?.credentialSubject as { encodedList?: unknown } | undefined;
  let bits: Bitstring;
  try {
    bits = Bitstring.decode(String(subject?.encodedList));
  } catch {
    return [{ code: 'list_bit_differs', ids: { list } }];
  }
  const entries: { credential_id: string; position: number; is_set: boolean; is_fresh: boolean }[] =
    await database.query(entriesSql, [list]);
  const faults: Fault[] = [];
  const taken = new Set<number>();
  for (const { credential_id: credential, position, is_set, is_fresh } of entries) {
    taken.add(position);
    const isInside = position >= 0 && position < bits.length;
    if (!isInside || (!is_fresh && bits.get(position) !== is_set))
      faults.push({ code: 'list_bit_differs', ids: { list, index: position, credential } });
  }
  for (let index = 0; index < bits.length; index += 1)
    if (bits.get(index) && !taken.has(index)) faults.push({ code: 'list_bit_differs', ids: { list, index } });
  return faults;
}
