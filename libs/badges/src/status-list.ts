import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { StatusReason } from './status-reasons.js';

/** Entries of one Bitstring status list: the least the recommendation allows, so that one entry hides among many. */
export const statusListSize = 131_072;

@Entity('status_list')
@Index('status_list_by_organisation', ['organisationId'])
@Unique('status_list_public_id_is_unique', ['publicId'])
export class StatusList {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'status_list_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'text', name: 'public_id' })
  publicId!: string;
  @Column({ type: 'int' })
  size!: number;
  @Column({ type: 'int', default: 0 })
  taken!: number;
  @Column({ type: 'int', default: 0 })
  version!: number;
  @Column({ type: 'text', nullable: true })
  document!: string | null;
  /** Hex SHA-256 of `document`. */
  @Column({ type: 'text', name: 'document_sha256', nullable: true })
  documentSha256!: string | null;
  /** The document's validFrom, in whole seconds. */
  @Column({ type: 'timestamptz', name: 'signed_at', nullable: true })
  signedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'valid_until', nullable: true })
  validUntil!: Date | null;
  @Column({ type: 'text', name: 'key_id', nullable: true })
  keyId!: string | null;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

export type StatusState = 'active' | 'suspended' | 'revoked';

/** The place of one credential in a list, for ever (I4). The bit in the list is set unless `state` is 'active'. */
@Entity('status_entry')
@Unique('status_entry_once_per_credential', ['credentialId'])
export class StatusEntry {
  @PrimaryColumn({ type: 'uuid', name: 'status_list_id', primaryKeyConstraintName: 'status_entry_pkey' })
  statusListId!: string;
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'status_entry_pkey' })
  position!: number;
  @Column({ type: 'uuid', name: 'credential_id' })
  credentialId!: string;
  @Column({ type: 'text', default: 'active' })
  state!: StatusState;
  /** Since when the bit is set, by a suspension or a revocation; null while active. */
  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
  @Column({ type: 'text', nullable: true })
  reason!: StatusReason | null;
  /** Number of changes so far. */
  @Column({ type: 'int', default: 0 })
  version!: number;
  /** The version that a signed list tells; another one than `version` waits to be listed. */
  @Column({ type: 'int', name: 'listed_version', default: 0 })
  listedVersion!: number;
  /** The credential that stands in its place. */
  @Column({ type: 'uuid', name: 'superseded_by', nullable: true })
  supersededBy!: string | null;
}

export type StatusChangeKind = 'revoke' | 'suspend' | 'reinstate' | 'supersede';

/** One change of a status: never edited, never removed. */
@Entity('status_change')
@Unique('status_change_once_per_version', ['credentialId', 'version'])
export class StatusChange {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'status_change_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'uuid', name: 'credential_id' })
  credentialId!: string;
  /** 1 for the first change of a credential. */
  @Column({ type: 'int' })
  version!: number;
  @Column({ type: 'text' })
  change!: StatusChangeKind;
  @Column({ type: 'text', name: 'from_state' })
  fromState!: StatusState;
  @Column({ type: 'text', name: 'to_state' })
  toState!: StatusState;
  @Column({ type: 'text' })
  reason!: StatusReason;
  @Column({ type: 'uuid', name: 'superseded_by', nullable: true })
  supersededBy!: string | null;
  /** Who did it, as an id. */
  @Column({ type: 'text' })
  by!: string;
  @Column({ type: 'timestamptz', name: 'changed_at', default: () => 'clock_timestamp()' })
  changedAt!: Date;
}
