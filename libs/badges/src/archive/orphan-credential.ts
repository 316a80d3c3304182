import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Why an archived credential could not be put back. */
export type OrphanReason =
  | 'organisation_unknown'
  | 'person_unknown'
  /** What it says was earned, or endorses: a badge or a structure. */
  | 'achievement_unknown'
  | 'key_unknown'
  | 'awarded_again'
  | 'index_given_again';

/** A signed credential without an award in the database: it was given out, so that its place is never given again; one of an unknown organisation has no list, and no place. */
@Entity('orphan_credential')
@Index('orphan_credential_by_organisation', ['organisationId'])
export class OrphanCredential {
  @PrimaryColumn({ type: 'uuid', name: 'credential_id', primaryKeyConstraintName: 'orphan_credential_pkey' })
  credentialId!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'uuid', name: 'award_id' })
  awardId!: string;
  @Column({ type: 'text', name: 'badge_code' })
  badgeCode!: string;
  @Column({ type: 'uuid', name: 'status_list_id' })
  statusListId!: string;
  @Column({ type: 'int', name: 'status_index' })
  statusIndex!: number;
  @Column({ type: 'text', name: 'document_sha256' })
  documentSha256!: string;
  @Column({ type: 'text' })
  why!: OrphanReason;
  @Column({ type: 'timestamptz', name: 'found_at', default: () => 'now()' })
  foundAt!: Date;
}
