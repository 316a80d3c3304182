import { type KeyObject, verify } from 'node:crypto';
import { assessedTarget, badgeUrl, credentialSlots, issuerUrl, type Json, statusListUrl } from '#badges';
import { canonicalJson, sha256Hex } from '#platform';
import { CanonicalTemplates, checkProof, type PreparedDocument, vcJwtClaims } from '#signing';
import { SchemaOfShapes } from '#verification';
import type { FaultCode } from './faults.js';
import type { IssuedRow } from './issued-row.js';
import { JwtHeaders, parsed } from './jwt-headers.js';
import { refreshesAt, type SoundContent, SoundContents } from './sound-content.js';

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
  wasPresent(personId: string, { organisationId, sessionId, on }: Held): boolean;
  /** Assessed "acquired" in this session by this assessor: in anything, or in this target. */
  hasAcquired(personId: string, held: Held, assessorId: string, target?: string): boolean;
  /** Holds an issued award of this badge. */
  holds(personId: string, badgeCode: string): boolean;
}

/** A session as a reason names it; `on` is the day of what was recorded, YYYY-MM-DD. */
export interface Held {
  organisationId: string;
  sessionId: string;
  on: string;
}

/** Re-reads issued credentials, one after the other; keeps forms and canonical forms of shapes it has met. */
export class CredentialCheck {
  private readonly templates = new CanonicalTemplates(credentialSlots);
  private readonly schema = new SchemaOfShapes();
  private readonly headers = new JwtHeaders();
  private readonly contents: SoundContents;

  /** @param keys every signing key by id */
  constructor(
    private readonly origin: string,
    private readonly keys: ReadonlyMap<string, CheckedKey>,
  ) {
    const { templates, schema, headers } = this;
    this.contents = new SoundContents(origin, keys, { templates, schema, headers });
  }

  /** The parts of a content without fault whose form is known; for any other `contentFaults` has to be asked. */
  soundContent(row: IssuedRow): SoundContent | undefined {
    return this.contents.of(row);
  }

  /** What is wrong with keys, place and award; the content is not looked at. */
  recordedFaults(row: IssuedRow, facts: Facts): FaultCode[] {
    return [...keyFaults(row, this.keys), ...statusFaults(row), ...awardFaults(row, facts)];
  }

  /** What is wrong with the content and its signatures, by reading all of it. */
  async contentFaults(row: IssuedRow): Promise<FaultCode[]> {
    const found: FaultCode[] = [];
    if (sha256Hex(row.payload) !== row.payload_sha256) found.push('payload_digest');
    if (sha256Hex(row.document) !== row.document_sha256) found.push('document_digest');
    const [payload, text] = [row.payload.toString(), row.document.toString()];
    const document = parsed(text);
    if (!document) return [...found, 'document_unreadable'];
    const { proof, ...content } = document;
    const isAsWritten = text === `${payload.slice(0, -1)},"proof":${JSON.stringify(proof)}}`;
    const isPayload = isAsWritten || JSON.stringify(content) === payload;
    if (!isPayload) found.push('document_not_payload');
    // Read as a text its form is kept, for those that follow.
    const prepared = await (isPayload
      ? this.templates.prepareText(payload).then((read) => read.prepared)
      : this.templates.prepare(content)
    ).catch(() => undefined);
    if (this.schema.faults(document, prepared?.shape).length > 0) found.push('schema_invalid');
    if (!(await this.proofFits(row, prepared, proof))) found.push('proof_invalid');
    const body = this.jwtBody(row);
    if (body === undefined) found.push('jwt_invalid');
    else if (!saysTheSame(body, content, isAsWritten ? payload : undefined)) found.push('jwt_content');
    if (
      content.id !== badgeUrl(this.origin, row.public_id) ||
      !refreshesAt(content, this.origin, row.public_id)
    )
      found.push('public_id_differs');
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
    const jwt = row.jwt.toString();
    const [head, body, signature, ...more] = jwt.split('.');
    if (!head || !body || !signature || more.length > 0) return undefined;
    if (!this.headers.isOf(head, `${issuerUrl(this.origin, row.slug ?? '')}/keys/${row.rs256_key_id}`))
      return undefined;
    // A JWT is ASCII; anything else does not survive this and does not fit its signature.
    const signed = Buffer.from(jwt.slice(0, head.length + 1 + body.length), 'latin1');
    const bytes = Buffer.from(signature, 'base64url');
    if (bytes.toString('base64url') !== signature) return undefined;
    return key && !verify('sha256', signed, key.publicKey, bytes) ? undefined : body;
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
    const held = { organisationId: organisation, sessionId: reason.sessionId!, on: reason.on! };
    if (reason.code === 'present' && !facts.wasPresent(learner, held)) found.add('attendance_missing');
    if (reason.code === 'acquired') {
      const assessor = reason.assessorPersonId!;
      if (!facts.hasAcquired(learner, held, assessor)) found.add('assessment_missing');
      else if (!facts.hasAcquired(learner, held, assessor, assessedTarget(reason)))
        found.add('assessment_differs');
    }
    if (reason.code === 'badge' && !facts.holds(learner, reason.badge!)) found.add('badge_missing');
  }
  if (assessed.length === 0 && !row.reasons.some((reason) => reason.code === 'badge'))
    found.add('assessment_missing');
  return [...found];
}
