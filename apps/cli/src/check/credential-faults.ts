import { type KeyObject, verify } from 'node:crypto';
import { badgeUrl, credentialSlots, issuerUrl, type Json, type Reason, statusListUrl } from '#badges';
import { canonicalJson, sha256 } from '#platform';
import { CanonicalTemplates, checkProof, type PreparedDocument, vcJwtClaims } from '#signing';
import { SchemaOfShapes } from '#verification';
import type { FaultCode } from './faults.js';

/** A signed credential with all that is said about it elsewhere. */
export interface IssuedRow {
  id: string;
  award_id: string;
  organisation_id: string;
  /** Null when the organisation is not there. */
  slug: string | null;
  public_id: string;
  issuer_did: string;
  payload: string;
  payload_sha256: string;
  ed25519_key_id: string;
  rs256_key_id: string;
  document: string;
  document_sha256: string;
  jwt: string;
  signed_at: Date;
  created_at: Date;
  status_list_id: string;
  status_index: number;
  list_public_id: string | null;
  entry_list_id: string | null;
  entry_position: number | null;
  entry_state: 'active' | 'suspended' | 'revoked' | null;
  /** Null, with what follows, when the award is not there. */
  award_state: string | null;
  person_id: string;
  assessor_person_id: string | null;
  assessed_on: string | null;
  reasons: Reason[] | null;
}

export interface CheckedKey {
  issuerId: string;
  publicKey: KeyObject;
  createdAt: Date;
  retiredAt: Date | null;
  compromisedSince: Date | null;
}

/** What is recorded about the people of some awards. */
export interface Facts {
  mandated(organisationId: string, personId: string, date: string): boolean;
  wasPresent(personId: string, sessionId: string): boolean;
  /** Assessed "acquired" in this session by this assessor. */
  hasAcquired(personId: string, sessionId: string, assessorId: string): boolean;
  /** Holds an issued award of this badge. */
  holds(personId: string, badgeCode: string): boolean;
}

/** Re-reads issued credentials, one after the other; keeps canonical forms of shapes it has met. */
export class CredentialCheck {
  private readonly templates = new CanonicalTemplates(credentialSlots);
  private readonly schema = new SchemaOfShapes();
  /** The header that was last found right for each key's address. */
  private readonly headers = new Map<string, string>();

  /** @param keys every signing key by id */
  constructor(
    private readonly origin: string,
    private readonly keys: ReadonlyMap<string, CheckedKey>,
  ) {}

  /** Every fault of one credential; none when it is as it was issued and should have been. */
  async faults(row: IssuedRow, facts: Facts): Promise<FaultCode[]> {
    return [
      ...(await this.contentFaults(row)),
      ...keyFaults(row, this.keys),
      ...statusFaults(row),
      ...awardFaults(row, facts),
    ];
  }

  private async contentFaults(row: IssuedRow): Promise<FaultCode[]> {
    const found: FaultCode[] = [];
    if (sha256(row.payload).toString('hex') !== row.payload_sha256) found.push('payload_digest');
    if (sha256(row.document).toString('hex') !== row.document_sha256) found.push('document_digest');
    const document = parsed(row.document);
    if (!document) return [...found, 'document_unreadable'];
    const { proof, ...content } = document;
    const isAsWritten = row.document === `${row.payload.slice(0, -1)},"proof":${JSON.stringify(proof)}}`;
    if (!isAsWritten && JSON.stringify(content) !== row.payload) found.push('document_not_payload');
    const prepared = await this.templates.prepare(content).catch(() => undefined);
    if (this.schema.faults(document, prepared?.shape).length > 0) found.push('schema_invalid');
    if (!(await this.proofFits(row, prepared, proof))) found.push('proof_invalid');
    const body = this.jwtBody(row);
    if (body === undefined) found.push('jwt_invalid');
    else if (!saysTheSame(body, content, isAsWritten ? row.payload : undefined)) found.push('jwt_content');
    if (content.id !== badgeUrl(this.origin, row.public_id)) found.push('public_id_differs');
    if ((content.issuer as Json | undefined)?.id !== row.issuer_did) found.push('issuer_differs');
    const status = content.credentialStatus as Json | undefined;
    if (
      status?.statusListIndex !== String(row.status_index) ||
      status?.statusListCredential !== statusListUrl(this.origin, row.list_public_id ?? '')
    )
      found.push('status_differs');
    return found;
  }

  private async proofFits(
    row: IssuedRow,
    prepared: PreparedDocument | undefined,
    proofs: unknown,
  ): Promise<boolean> {
    const [proof, ...more] = [proofs ?? []].flat() as Json[];
    const key = this.keys.get(row.ed25519_key_id);
    // Another fault tells of an unknown key.
    if (!key) return true;
    if (!proof || more.length > 0 || proof.proofPurpose !== 'assertionMethod') return false;
    if (proof.verificationMethod !== `${row.issuer_did}#${row.ed25519_key_id}`) return false;
    return prepared !== undefined && (await checkProof(prepared, proof, key.publicKey).catch(() => false));
  }

  /** The middle part of the JWT, once its header and its signature fit. */
  private jwtBody(row: IssuedRow): string | undefined {
    const key = this.keys.get(row.rs256_key_id);
    const [head, body, signature, ...more] = row.jwt.split('.');
    if (!head || !body || !signature || more.length > 0) return undefined;
    if (!this.isHeader(head, `${issuerUrl(this.origin, row.slug ?? '')}/keys/${row.rs256_key_id}`))
      return undefined;
    // A JWT is ASCII; anything else does not survive this and does not fit its signature.
    const signed = Buffer.from(row.jwt.slice(0, head.length + 1 + body.length), 'latin1');
    return key && !verify('sha256', signed, key.publicKey, Buffer.from(signature, 'base64url'))
      ? undefined
      : body;
  }

  private isHeader(head: string, kid: string): boolean {
    if (this.headers.get(kid) === head) return true;
    const header = parsed(Buffer.from(head, 'base64url').toString());
    if (header?.alg !== 'RS256' || header.kid !== kid) return false;
    this.headers.set(kid, head);
    return true;
  }
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Does the JWT's body carry this content with its claims? Written as we write it, the texts are equal; else key by key.
 * @param payload the content's text, when it is known to be just that
 */
function saysTheSame(body: string, content: Json, payload: string | undefined): boolean {
  try {
    const claims = vcJwtClaims(content);
    if (
      payload !== undefined &&
      body === Buffer.from(`${payload.slice(0, -1)},${JSON.stringify(claims).slice(1)}`).toString('base64url')
    )
      return true;
    const text = Buffer.from(body, 'base64url').toString();
    return canonicalJson(parsed(text)) === canonicalJson({ ...content, ...claims });
  } catch {
    return false;
  }
}

function keyFaults(row: IssuedRow, keys: ReadonlyMap<string, CheckedKey>): FaultCode[] {
  const found = new Set<FaultCode>();
  for (const id of [row.ed25519_key_id, row.rs256_key_id]) {
    const key = keys.get(id);
    if (!key) {
      found.add('key_unknown');
      continue;
    }
    if (key.issuerId !== row.organisation_id) found.add('key_of_another_issuer');
    if (key.createdAt > row.signed_at) found.add('key_younger_than_signature');
    // A key that is retired while a badge waits still signs it.
    if (key.retiredAt && key.retiredAt < row.created_at) found.add('key_retired_before');
    const isStanding = row.entry_state === 'active' || row.entry_state === 'suspended';
    if (key.compromisedSince && key.compromisedSince <= row.signed_at && isStanding)
      found.add('key_compromised');
  }
  return [...found];
}

function statusFaults(row: IssuedRow): FaultCode[] {
  if (row.entry_list_id === null) return ['status_entry_missing'];
  return row.entry_list_id === row.status_list_id && row.entry_position === row.status_index
    ? []
    : ['status_differs'];
}

/** I6, from what is recorded today: presence, an assessed criterion, an assessor with a mandate who is somebody else. */
function awardFaults(row: IssuedRow, facts: Facts): FaultCode[] {
  if (row.award_state === null || row.reasons === null) return ['award_missing'];
  const found = new Set<FaultCode>();
  const isRevoked = row.entry_state === 'revoked';
  if (!isRevoked && row.award_state !== 'issued') found.add('award_state_differs');
  if (row.award_state === 'planned' || row.award_state === 'refused') found.add('award_state_differs');
  // What was revoked needs nothing to stand on any more.
  if (isRevoked) return [...found];
  const { person_id: learner, organisation_id: organisation } = row;
  const assessed = [
    ...row.reasons.filter((r) => r.assessorPersonId).map((r) => ({ by: r.assessorPersonId!, on: r.on! })),
    ...(row.assessor_person_id ? [{ by: row.assessor_person_id, on: row.assessed_on! }] : []),
  ];
  for (const { by, on } of assessed) {
    if (by === learner) found.add('assessor_is_learner');
    if (!facts.mandated(organisation, by, on)) found.add('mandate_missing');
  }
  for (const reason of row.reasons) {
    if (reason.code === 'present' && !facts.wasPresent(learner, reason.sessionId!))
      found.add('attendance_missing');
    if (
      reason.code === 'acquired' &&
      !facts.hasAcquired(learner, reason.sessionId!, reason.assessorPersonId!)
    )
      found.add('assessment_missing');
    if (reason.code === 'badge' && !facts.holds(learner, reason.badge!)) found.add('badge_missing');
  }
  if (assessed.length === 0 && !row.reasons.some((reason) => reason.code === 'badge'))
    found.add('assessment_missing');
  return [...found];
}
