import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Refusal } from '../credential-check.js';

/**
 * What is signed beside badges: what somebody says of something, a record that gathers a learner's badges, or any
 * credential that an API client had issued.
 */
export type StatementKind = 'endorsement' | 'record' | 'credential';

/** Topic of the outbox rows that promise to sign a statement. */
export const statementTopic = 'statement';

/** A signed credential that is no award. `payload` is fixed before anything is signed (I2); it is erased with `void`. */
@Entity('statement')
@Index('statement_public_id_is_unique', ['publicId'], { unique: true, where: 'supersedes IS NULL' })
@Index('statement_public_id_is_signed_once', ['publicId'], { unique: true, where: "state = 'signed'" })
@Index('statement_superseded_once', ['supersedes'], { unique: true, where: "state IN ('planned', 'signed')" })
@Unique('statement_status_index_is_used_once', ['statusListId', 'statusIndex'])
@Index('statement_by_outbox', ['outboxId'])
export class Statement {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'statement_pkey' })
  id!: string;
  @Column({ type: 'text' })
  kind!: StatementKind;
  /** The organisation whose keys sign. */
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'text', name: 'public_id' })
  publicId!: string;
  @Column({ type: 'text' })
  state!: 'planned' | 'signed' | 'refused' | 'void';
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
  @Column({ type: 'text', nullable: true })
  document!: string | null;
  @Column({ type: 'text', name: 'document_sha256', nullable: true })
  documentSha256!: string | null;
  @Column({ type: 'text', nullable: true })
  jwt!: string | null;
  @Column({ type: 'timestamptz', name: 'signed_at', nullable: true })
  signedAt!: Date | null;
  @Column({ type: 'jsonb', nullable: true })
  refusal!: Refusal | null;
  /** The one in whose place it stands, at the same address, since that one's key was stolen. */
  @Column({ type: 'uuid', nullable: true })
  supersedes!: string | null;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
