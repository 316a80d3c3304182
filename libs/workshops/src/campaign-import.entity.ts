import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One file that was imported, with the report that was shown. The same bytes are imported once. */
@Entity('campaign_import')
@Unique('campaign_import_once_per_file', ['organisationId', 'fileSha256'])
export class CampaignImport {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'campaign_import_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'text', name: 'file_name' })
  fileName!: string;

  /** Hex. */
  @Column({ type: 'text', name: 'file_sha256' })
  fileSha256!: string;

  @Column({ type: 'int', name: 'row_count' })
  rowCount!: number;

  @Column({ type: 'text', name: 'plan_digest' })
  planDigest!: string;

  @Column({ type: 'jsonb' })
  report!: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'imported_at', default: () => 'now()' })
  importedAt!: Date;

  @Column({ type: 'text', name: 'imported_by' })
  importedBy!: string;
}

/** Rows that only a human can decide on. Nothing of them is recorded before. */
@Entity('held_case')
@Unique('held_case_once_per_content', ['organisationId', 'fingerprint'])
@Index('held_case_by_import', ['importId'])
export class HeldCase {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'held_case_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'uuid', name: 'import_id' })
  importId!: string;

  /** `probable_duplicate` | `contradiction` */
  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text', name: 'session_code' })
  sessionCode!: string;

  /** Hex SHA-256 of the rows' content: the same rows in another file are the same case. */
  @Column({ type: 'text' })
  fingerprint!: string;

  @Column({ type: 'jsonb' })
  detail!: Record<string, unknown>;

  @Column({ type: 'text' })
  state!: 'open' | 'resolved';

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

  @Column({ type: 'jsonb', nullable: true })
  resolution!: Record<string, unknown> | null;
}
