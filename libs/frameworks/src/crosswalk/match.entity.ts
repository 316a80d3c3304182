import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One end of a match: a competency that is here, or one elsewhere by its address. */
export interface MatchEnd {
  /** Code and version of a framework of this service, and the competency's code; all three or none. */
  framework?: string;
  version?: string;
  code?: string;
  /** Address of a competency that is not here. */
  uri?: string;
  /** What it says, for people. */
  title?: string;
}

/** What somebody says of two competencies. Never changed: who says something else says it at a later date. */
@Entity('framework_match')
@Index('framework_match_by_origin', ['originKey'])
@Index('framework_match_by_destination', ['destinationKey'])
export class FrameworkMatch {
  /** UUIDv5 of the statement, so that it is here once; also the identifier of its CFAssociation. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'framework_match_pkey' })
  id!: string;

  /** An association type of CASE 1.1, or `ext:broader`, `ext:narrower`. */
  @Column({ type: 'text' })
  kind!: string;

  /** `code/version/competency` of the end, or its address. */
  @Column({ name: 'origin_key', type: 'text' })
  originKey!: string;

  @Column({ type: 'jsonb' })
  origin!: MatchEnd;

  @Column({ name: 'destination_key', type: 'text' })
  destinationKey!: string;

  @Column({ type: 'jsonb' })
  destination!: MatchEnd;

  @Column({ name: 'stated_by', type: 'text' })
  statedBy!: string;

  /** YYYY-MM-DD. */
  @Column({ name: 'stated_on', type: 'text' })
  statedOn!: string;

  /** Name of the document that says so. */
  @Column({ type: 'text' })
  source!: string;

  @Column({ name: 'source_uri', type: 'text', nullable: true })
  sourceUri!: string | null;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  /** The imported CASE package that it came in. */
  @Column({ name: 'framework_id', type: 'uuid', nullable: true })
  frameworkId!: string | null;

  @Column({ name: 'imported_at', type: 'timestamptz', default: () => 'now()' })
  importedAt!: Date;
}
