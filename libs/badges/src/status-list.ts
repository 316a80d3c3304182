import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

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
  @Column({ type: 'timestamptz', name: 'signed_at', nullable: true })
  signedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

@Entity('status_entry')
@Unique('status_entry_once_per_credential', ['credentialId'])
export class StatusEntry {
  @PrimaryColumn({ type: 'uuid', name: 'status_list_id', primaryKeyConstraintName: 'status_entry_pkey' })
  statusListId!: string;
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'status_entry_pkey' })
  position!: number;
  @Column({ type: 'uuid', name: 'credential_id' })
  credentialId!: string;
  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
