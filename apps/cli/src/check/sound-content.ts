import { verify } from 'node:crypto';
import { badgeUrl, type CredentialBytes, isRefreshUrl, issuerUrl, type Json, statusListUrl } from '#badges';
import { sha256Hex } from '#platform';
import { type CanonicalTemplates, checkUsualProof, vcJwtClaims } from '#signing';
import type { SchemaOfShapes } from '#verification';
import type { CheckedKey } from './credential-faults.js';
import type { IssuedRow } from './issued-row.js';
import type { JwtHeaders } from './jwt-headers.js';

/** The parts of a credential in which nothing is wrong. */
export type SoundContent = Pick<CredentialBytes, 'proof' | 'claims' | 'header' | 'signature' | 'payloadEnd'>;

const proofMember = Buffer.from(',"proof":');
const [closingBrace, dot] = [0x7d, 0x2e];

/**
 * Looks at content and signatures of credentials as bytes, each thing once: nothing is parsed whose form is known, and
 * what the digest, the form or the signature of some bytes has shown is not shown again for their copies. It can only
 * say that all is well: about anything else the general check has to be asked.
 */
export class SoundContents {
  constructor(
    private readonly origin: string,
    private readonly keys: ReadonlyMap<string, CheckedKey>,
    private readonly known: { templates: CanonicalTemplates; schema: SchemaOfShapes; headers: JwtHeaders },
  ) {}

  /** The parts, when every check of the general one would pass; else nothing. */
  of(row: IssuedRow): SoundContent | undefined {
    const { payload, document } = row;
    if (sha256Hex(payload) !== row.payload_sha256 || sha256Hex(document) !== row.document_sha256)
      return undefined;
    const proof = proofOf(payload, document);
    const proofs = proof && asWritten(proof);
    const prepared = proofs && this.known.templates.prepareKnown(payload);
    if (!prepared) return undefined;
    const content = prepared.document;
    if (this.known.schema.faults({ ...content, proof: proofs }, prepared.shape).length > 0) return undefined;
    const [ed25519, rs256] = [this.keys.get(row.ed25519_key_id), this.keys.get(row.rs256_key_id)];
    const [only] = proofs;
    const isOurs =
      only?.proofPurpose === 'assertionMethod' &&
      only.verificationMethod === `${row.issuer_did}#${row.ed25519_key_id}`;
    if (!isOurs || !ed25519 || !rs256) return undefined;
    if (!checkUsualProof(prepared, only, ed25519.publicKey)) return undefined;
    const jwt = this.jwtOf(row, content, rs256);
    if (!jwt || !this.isWhereItBelongs(row, content)) return undefined;
    const { form, shape } = prepared;
    const payloadEnd = (line: Buffer, at: number): number | undefined =>
      form.endInString(line, at, shape.values);
    const { claims, header, signature } = jwt;
    return { proof: proof!, claims, header, signature, payloadEnd };
  }

  private jwtOf(
    { jwt, payload, slug, rs256_key_id: keyId }: IssuedRow,
    content: Json,
    key: CheckedKey,
  ): Omit<SoundContent, 'proof' | 'payloadEnd'> | undefined {
    const first = jwt.indexOf(dot);
    const second = jwt.indexOf(dot, first + 1);
    if (first < 0 || second < 0 || jwt.indexOf(dot, second + 1) >= 0) return undefined;
    const header = jwt.toString('latin1', 0, first);
    if (!this.known.headers.isOf(header, `${issuerUrl(this.origin, slug ?? '')}/keys/${keyId}`))
      return undefined;
    const claims = claimsOf(content);
    if (claims === undefined) return undefined;
    if (bodyOf(payload, claims) !== jwt.toString('latin1', first + 1, second)) return undefined;
    const signature = jwt.toString('latin1', second + 1);
    const bytes = Buffer.from(signature, 'base64url');
    // Read leniently, rubbish behind a signature would be no part of it.
    if (bytes.toString('base64url') !== signature) return undefined;
    const isSigned = verify('sha256', jwt.subarray(0, second), key.publicKey, bytes);
    return isSigned ? { claims, header, signature } : undefined;
  }

  private isWhereItBelongs(row: IssuedRow, content: Json): boolean {
    const status = content.credentialStatus as Json | undefined;
    return (
      content.id === badgeUrl(this.origin, row.public_id) &&
      refreshesAt(content, this.origin, row.public_id) &&
      (content.issuer as Json | undefined)?.id === row.issuer_did &&
      status?.statusListIndex === String(row.status_index) &&
      status?.statusListCredential === statusListUrl(this.origin, row.list_public_id ?? '')
    );
  }
}

/** Does a badge that names a refresh address name its own? Those signed before there were any name none. */
export function refreshesAt({ refreshService }: Json, origin: string, publicId: string): boolean {
  if (refreshService === undefined) return true;
  return isRefreshUrl((refreshService as Json | null)?.id, origin, publicId);
}

/** JSON text of the proof, when the document is the payload with the proof as its last member. */
function proofOf(payload: Buffer, document: Buffer): Buffer | undefined {
  const shared = payload.length - 1;
  const begin = shared + proofMember.length;
  const isSame =
    payload.at(-1) === closingBrace &&
    document.at(-1) === closingBrace &&
    document.length > begin &&
    document.compare(payload, 0, shared, 0, shared) === 0 &&
    proofMember.compare(document, shared, begin) === 0;
  return isSame ? document.subarray(begin, -1) : undefined;
}

/** The one proof of a list, when it is written as we write it. */
function asWritten(text: Buffer): Json[] | undefined {
  try {
    const written = text.toString();
    const proofs = JSON.parse(written) as Json[];
    return Array.isArray(proofs) && proofs.length === 1 && JSON.stringify(proofs) === written
      ? proofs
      : undefined;
  } catch {
    return undefined;
  }
}

// One for all: what is larger than some kilobytes is costly to come by.
let scratch = Buffer.allocUnsafe(1 << 16);

/** The payload with claims as its last members, in base64url. */
function bodyOf(payload: Buffer, claims: string): string {
  const most = payload.length + 3 * claims.length;
  if (scratch.length < most) scratch = Buffer.allocUnsafe(2 * most);
  const shared = payload.copy(scratch, 0, 0, payload.length - 1);
  return scratch.toString('base64url', 0, shared + scratch.write(claims, shared));
}

function claimsOf(content: Json): string | undefined {
  try {
    return `,${JSON.stringify(vcJwtClaims(content)).slice(1)}`;
  } catch {
    return undefined;
  }
}
