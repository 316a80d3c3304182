import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

export const openBadgeEdition = 'open-badge-3';

/** The signed form of an award. `payload` is fixed before anything is signed (I2). */
@Entity('credential')
@Unique('credential_status_index_is_used_once', ['statusListId', 'statusIndex'])
@Index('credential_by_outbox', ['outboxId'])
@Index('credential_by_ed25519_key', ['ed25519KeyId'])
@Index('credential_by_rs256_key', ['rs256KeyId'])
export class Credential {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'credential_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'award_id' })
  awardId!: string;
  /** The credential of the same award and address in whose place it stands, or will when it is signed. */
  @Column({ type: 'uuid', nullable: true })
  supersedes!: string | null;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'text' })
  edition!: string;
  @Column({ type: 'text', name: 'public_id' })
  publicId!: string;
  @Column({ type: 'text' })
  state!: 'planned' | 'signed' | 'refused' | 'void' | 'superseded';
  @Column({ type: 'uuid', name: 'outbox_id' })
  outboxId!: string;
  @Column({ type: 'uuid', name: 'status_list_id' })
  statusListId!: string;
  @Column({ type: 'int', name: 'status_index' })
  statusIndex!: number;
  @Column({ type: 'text', name: 'issuer_did' })
  issuerDid!: string;
  @Column({ type: 'text' })
  payload!: string;
  @Column({ type: 'text', name: 'payload_sha256' })
  payloadSha256!: string;
  @Column({ type: 'text', name: 'ed25519_key_id', nullable: true })
  ed25519KeyId!: string | null;
  @Column({ type: 'text', name: 'rs256_key_id', nullable: true })
  rs256KeyId!: string | null;
  /** JSON text of the document's proof; the document is `signed_document(c)` (ADR 0033). */
  @Column({ type: 'text', nullable: true })
  proof!: string | null;
  /** The document, where it is not the payload with that proof. */
  @Column({ type: 'text', nullable: true })
  document!: string | null;
  @Column({ type: 'text', name: 'document_sha256', nullable: true })
  documentSha256!: string | null;
  /** What the JWT holds beyond the payload; the JWT is `signed_jwt(c)`. */
  @Column({ type: 'text', name: 'jwt_header', nullable: true })
  jwtHeader!: string | null;
  @Column({ type: 'text', name: 'jwt_claims', nullable: true })
  jwtClaims!: string | null;
  @Column({ type: 'text', name: 'jwt_signature', nullable: true })
  jwtSignature!: string | null;
  /** The JWT, where it is not made of these. */
  @Column({ type: 'text', nullable: true })
  jwt!: string | null;
  @Column({ type: 'timestamptz', name: 'signed_at', nullable: true })
  signedAt!: Date | null;
  /**
   * When the learner showed it for the first time: from then on somebody may have a copy. Of one that came back after a
   * restore when it was signed, since nobody knows whether it was shown.
   */
  @Column({ type: 'timestamptz', name: 'first_shown_at', nullable: true })
  firstShownAt!: Date | null;
  @Column({ type: 'jsonb', nullable: true })
  refusal!: { code: string; detail: { fr?: string; en?: string } } | null;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
