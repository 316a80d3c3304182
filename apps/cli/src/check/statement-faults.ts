import { verify } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { endorsementUrl, issuerUrl, type Json, recordUrl, type StatementKind, statusListUrl } from '#badges';
import { canonicalJson, sha256Hex } from '#platform';
import { checkProof, prepare, vcJwtClaims } from '#signing';
import { schemaFaults } from '#verification';
import type { CheckedKey } from './credential-faults.js';
import type { Fault, FaultCode } from './faults.js';
import { keysOf, type Scope } from './issued-range.js';
import { JwtHeaders, parsed } from './jwt-headers.js';

interface StatementRow {
  id: string;
  kind: StatementKind;
  organisation_id: string;
  /** Null when the organisation is not there. */
  slug: string | null;
  public_id: string;
  issuer_did: string;
  payload: string;
  payload_sha256: string;
  document: string;
  document_sha256: string;
  jwt: string;
  ed25519_key_id: string;
  rs256_key_id: string;
  signed_at: Date;
  created_at: Date;
  status_list_id: string;
  status_index: number;
  list_public_id: string | null;
  entry_list_id: string | null;
  entry_position: number | null;
  /** Words and target of the endorsement that it signs, when that stands. */
  comment: string | null;
  subject_id: string | null;
}

/** What everything signed is compared with. */
interface Ground {
  origin: string;
  keys: ReadonlyMap<string, CheckedKey>;
  headers: JwtHeaders;
}

const pageSize = 100;
// After a restore the signature has the worker's time, and the key the database's.
const clocksApart = 60_000;
const signedRows = `
  select s.id, s.kind, s.organisation_id, o.slug, s.public_id, s.issuer_did, s.payload, s.payload_sha256,
         coalesce(s.document, '') as document, s.document_sha256, coalesce(s.jwt, '') as jwt, s.ed25519_key_id, s.rs256_key_id, s.signed_at, s.created_at, s.status_list_id,
         s.status_index, l.public_id as list_public_id, x.status_list_id as entry_list_id,
         x.position as entry_position, e.comment, e.subject_id
  from statement s left join organisation o on o.id = s.organisation_id
  left join status_list l on l.id = s.status_list_id left join status_entry x on x.credential_id = s.id
  left join endorsement e on e.statement_id = s.id and e.state = 'accepted'
  where s.state = 'signed' and s.id > $1 and ($2::uuid is null or s.organisation_id = $2)
    and ($3::timestamptz is null or s.signed_at >= $3) order by s.id limit ${pageSize}`;

/**
 * Every signed endorsement, record and credential of the VC-API: digests, both signatures, schema, keys, place.
 * @param onFaults told after each page
 * @param isOver asked before each page: true reads nothing more
 */
export async function statementFaults(
  database: DataSource,
  { origin, scope }: { origin: string; scope: Scope },
  onFaults: (faults: Fault[]) => void,
  isOver: () => boolean = () => false,
): Promise<void> {
  const headers = new JwtHeaders();
  let last = '00000000-0000-0000-0000-000000000000';
  while (!isOver()) {
    const rows: StatementRow[] = await database.query(signedRows, [
      last,
      scope.organisationId ?? null,
      scope.since ?? null,
    ]);
    if (rows.length === 0) return;
    // After the rows: a key may have been made meanwhile.
    const ground = { origin, headers, keys: await keysOf(database) };
    for (const row of rows) {
      const found = [...(await contentFaults(row, ground)), ...keyFaults(row, ground), ...placeFaults(row)];
      onFaults(found.map((code) => ({ code, ids: { statement: row.id } })));
    }
    if (rows.length < pageSize) return;
    last = rows.at(-1)!.id;
  }
}

async function contentFaults(row: StatementRow, ground: Ground): Promise<FaultCode[]> {
  const found: FaultCode[] = [];
  if (sha256Hex(row.payload) !== row.payload_sha256) found.push('payload_digest');
  if (sha256Hex(row.document) !== row.document_sha256) found.push('document_digest');
  const document = parsed(row.document);
  if (!document) return [...found, 'document_unreadable'];
  const { proof, ...content } = document;
  if (JSON.stringify(content) !== row.payload) found.push('document_not_payload');
  if (row.kind !== 'credential' && schemaFaults(document, row.kind).length > 0) found.push('schema_invalid');
  if (!(await proofFits(row, content, proof, ground))) found.push('proof_invalid');
  const body = jwtBody(row, ground);
  if (body === undefined) found.push('jwt_invalid');
  else if (!saysTheSame(parsed(body), content, row.kind)) found.push('jwt_content');
  const statuses = [content.credentialStatus ?? []].flat() as Json[];
  const listUrl = statusListUrl(ground.origin, row.list_public_id ?? '');
  const isItsOwn = ({ statusListIndex, statusListCredential }: Json): boolean =>
    statusListIndex === String(row.status_index) && statusListCredential === listUrl;
  if (!statuses.some(isItsOwn)) found.push('status_differs');
  // What a client had issued names itself, and its issuer, as the client likes.
  if (row.kind === 'credential') return found;
  const address = row.kind === 'record' ? recordUrl : endorsementUrl;
  if (content.id !== address(ground.origin, row.public_id)) found.push('public_id_differs');
  if ((content.issuer as Json | undefined)?.id !== row.issuer_did) found.push('issuer_differs');
  if (!saysTheWords(row, content)) found.push('statement_words_differ');
  return found;
}

async function proofFits(
  row: StatementRow,
  content: Json,
  proofs: unknown,
  { keys }: Ground,
): Promise<boolean> {
  const key = keys.get(row.ed25519_key_id);
  // Another fault tells of an unknown key.
  if (!key) return true;
  const [proof, ...more] = [proofs ?? []].flat() as Json[];
  if (!proof || more.length > 0 || proof.proofPurpose !== 'assertionMethod') return false;
  if (proof.verificationMethod !== `${row.issuer_did}#${row.ed25519_key_id}`) return false;
  const prepared = await prepare(content).catch(() => undefined);
  return prepared !== undefined && (await checkProof(prepared, proof, key.publicKey).catch(() => false));
}

/** The middle part of the JWT as text, once its header and its signature fit. */
function jwtBody(row: StatementRow, { origin, keys, headers }: Ground): string | undefined {
  const [head, body, signature, ...more] = row.jwt.split('.');
  if (!head || !body || !signature || more.length > 0) return undefined;
  const kid = `${issuerUrl(origin, row.slug ?? '')}/keys/${row.rs256_key_id}`;
  const bytes = Buffer.from(signature, 'base64url');
  if (!headers.isOf(head, kid) || bytes.toString('base64url') !== signature) return undefined;
  const key = keys.get(row.rs256_key_id);
  const isSigned = !key || verify('sha256', Buffer.from(`${head}.${body}`), key.publicKey, bytes);
  return isSigned ? Buffer.from(body, 'base64url').toString() : undefined;
}

const claimNames = new Set(['iss', 'jti', 'sub', 'nbf', 'exp']);

/** Does the JWT's body carry this content with its claims? */
function saysTheSame(body: Json | undefined, content: Json, kind: StatementKind): boolean {
  if (!body) return false;
  try {
    if (kind !== 'credential')
      return canonicalJson(body) === canonicalJson({ ...content, ...vcJwtClaims(content) });
    // Any other credential has the claims that it has a value for.
    const withoutClaims = (all: Json): Json =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !claimNames.has(name)));
    return canonicalJson(withoutClaims(body)) === canonicalJson(withoutClaims(content));
  } catch {
    return false;
  }
}

/** Pages show the words from the endorsement: they must be the signed ones, about what was signed. */
function saysTheWords({ comment, subject_id: about }: StatementRow, content: Json): boolean {
  if (comment === null) return true;
  const subject = content.credentialSubject as Json | undefined;
  return subject?.id === about && String(subject?.endorsementComment).endsWith(comment);
}

/** A stolen key is none: what it signed is not shown, and a client issues its own credentials again. */
function keyFaults(row: StatementRow, { keys }: Ground): FaultCode[] {
  const found = new Set<FaultCode>();
  // An earlier version put back what it found in the archive as if it had been planned at that moment.
  const planned = row.created_at < row.signed_at ? row.created_at : row.signed_at;
  for (const id of [row.ed25519_key_id, row.rs256_key_id]) {
    const key = keys.get(id);
    if (!key) found.add('key_unknown');
    else {
      if (key.issuerId !== row.organisation_id) found.add('key_of_another_issuer');
      if (key.createdAt.getTime() > row.signed_at.getTime() + clocksApart)
        found.add('key_younger_than_signature');
      if (key.retiredAt && key.retiredAt < planned) found.add('key_retired_before');
    }
  }
  return [...found];
}

function placeFaults(row: StatementRow): FaultCode[] {
  if (row.entry_list_id === null) return ['status_entry_missing'];
  return row.entry_list_id === row.status_list_id && row.entry_position === row.status_index
    ? []
    : ['status_differs'];
}
