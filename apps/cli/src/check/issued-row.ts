import type { Reason } from '#badges';
import type { CopiedColumns } from '#platform';

/** A signed credential with all that is said about it elsewhere. Its texts are bytes in UTF-8. */
export interface IssuedRow {
  id: string;
  award_id: string;
  organisation_id: string;
  /** Null when the organisation is not there. */
  slug: string | null;
  edition: string;
  public_id: string;
  issuer_did: string;
  payload: Buffer;
  payload_sha256: string;
  ed25519_key_id: string;
  rs256_key_id: string;
  document: Buffer;
  document_sha256: string;
  jwt: Buffer;
  signed_at: Date;
  created_at: Date;
  supersedes: string | null;
  status_list_id: string;
  status_index: number;
  list_public_id: string | null;
  entry_list_id: string | null;
  entry_position: number | null;
  entry_state: 'active' | 'suspended' | 'revoked' | null;
  /** Null, with what follows, when the award is not there; reasons also when they are none. */
  award_state: string | null;
  person_id: string;
  assessor_person_id: string | null;
  assessed_on: string | null;
  reasons: Reason[] | null;
  achievement_id: string;
  badge_code: string;
  session_id: string | null;
  awarded_at: Date;
  established: string;
  /** The database's time when the row was read. */
  read_at: Date;
}

/** @param where what the credentials `c` are */
export const issuedRows = (where: string): string =>
  `select c.id::text, c.award_id::text, c.organisation_id::text, o.slug::text, c.edition::text, c.public_id::text,
          c.issuer_did::text, c.payload::text, c.document::text, c.proof::text, c.jwt::text, c.jwt_header::text,
          c.jwt_claims::text, c.jwt_signature::text, c.payload_sha256::text, c.document_sha256::text,
          c.ed25519_key_id::text, c.rs256_key_id::text, c.signed_at, c.created_at, c.supersedes::text,
          c.status_list_id::text, c.status_index, l.public_id::text, e.status_list_id::text, e.position, e.state::text,
          a.state::text, a.person_id::text, a.assessor_person_id::text, a.assessed_on::text, a.reasons::text,
          a.achievement_id::text, a.badge_code::text, a.session_id::text, a.awarded_at, a.established::text, now()
   from credential c left join award a on a.id = c.award_id left join organisation o on o.id = c.organisation_id
   left join status_list l on l.id = c.status_list_id
   left join status_entry e on e.credential_id = c.id
   where ${where} order by c.id`;

/** Reads the columns of `issuedRows`. Reasons that were read before are the same object. */
export function issuedRowReader(): (columns: CopiedColumns) => IssuedRow {
  const reasons = new Map<string, Reason[]>();
  const reasonsOf = (text: string | null): Reason[] | null => {
    if (text === null) return null;
    const known = reasons.get(text);
    if (known) return known;
    const read: unknown = JSON.parse(text);
    // Somebody with every right may have written anything.
    if (!isReasons(read)) return null;
    if (reasons.size >= mostReasons) reasons.clear();
    reasons.set(text, read);
    return read;
  };
  return (columns) => ({
    id: columns.text()!,
    award_id: columns.text()!,
    organisation_id: columns.text()!,
    slug: columns.text(),
    edition: columns.text()!,
    public_id: columns.text()!,
    issuer_did: columns.text()!,
    ...textsOf(columns),
    payload_sha256: columns.text()!,
    document_sha256: columns.text()!,
    ed25519_key_id: columns.text()!,
    rs256_key_id: columns.text()!,
    signed_at: columns.instant()!,
    created_at: columns.instant()!,
    supersedes: columns.text(),
    status_list_id: columns.text()!,
    status_index: columns.integer()!,
    list_public_id: columns.text(),
    entry_list_id: columns.text(),
    entry_position: columns.integer(),
    entry_state: columns.text() as IssuedRow['entry_state'],
    award_state: columns.text(),
    person_id: columns.text()!,
    assessor_person_id: columns.text(),
    assessed_on: columns.text(),
    reasons: reasonsOf(columns.text()),
    achievement_id: columns.text()!,
    badge_code: columns.text()!,
    session_id: columns.text(),
    awarded_at: columns.instant()!,
    established: columns.text()!,
    read_at: columns.instant()!,
  });
}

/** As `signed_document` and `signed_jwt` make them, which costs PostgreSQL as much as all the rest of its work here. */
function textsOf(columns: CopiedColumns): Pick<IssuedRow, 'payload' | 'document' | 'jwt'> {
  const payload = columns.binary()!;
  const [document, proof] = [columns.binary(), columns.binary()];
  const [jwt, header, claims, signature] = [0, 1, 2, 3].map(() => columns.binary());
  const content = payload.subarray(0, -1);
  return {
    payload,
    document: document ?? Buffer.concat([content, proofMember, proof ?? nothing, brace]),
    jwt:
      jwt ??
      Buffer.from(
        `${header}.${Buffer.concat([content, claims ?? nothing]).toString('base64url')}.${signature}`,
      ),
  };
}

const isReasons = (value: unknown): value is Reason[] =>
  Array.isArray(value) &&
  value.every((one: Reason | null) => typeof one?.code === 'string' && typeof one.text === 'object');

const proofMember = Buffer.from(',"proof":');
const brace = Buffer.from('}');
const nothing = Buffer.alloc(0);
const mostReasons = 500;
