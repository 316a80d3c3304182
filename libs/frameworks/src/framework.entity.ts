import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Text } from '#platform';

/** Licence of a framework's texts. `spdx` is null where only facts are cited. */
export interface Licence {
  spdx: string | null;
  attribution: string;
}

/** One version of a competency framework. Never changed after import: a new text is a new version. */
@Entity('framework')
@Unique('framework_once_per_code_and_version', ['code', 'version'])
export class Framework {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'framework_pkey' })
  id!: string;

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  version!: string;

  /** Of its CFDocument (CASE). A newer version of a document that others publish keeps it. */
  @Column({ type: 'uuid' })
  identifier!: string;

  @Column({ type: 'jsonb' })
  title!: Text;

  @Column({ type: 'text' })
  publisher!: string;

  @Column({ type: 'jsonb' })
  licence!: Licence;

  /** Sources, legal basis and what is not verified, as the file says it. */
  @Column({ type: 'jsonb' })
  provenance!: Record<string, unknown>;

  /** Date of publication as precise as it is known: YYYY, YYYY-MM or YYYY-MM-DD. */
  @Column({ type: 'text', nullable: true })
  issued!: string | null;

  /** SHA-256 (hex) of the imported document in canonical JSON. */
  @Column({ name: 'content_hash', type: 'text' })
  contentHash!: string;

  /** The same for the document of its statements and learning outcomes, once imported. */
  @Column({ name: 'outcomes_hash', type: 'text', nullable: true })
  outcomesHash!: string | null;

  @Column({ name: 'imported_at', type: 'timestamptz', default: () => 'now()' })
  importedAt!: Date;
}

/** A proficiency level of a framework. */
@Entity('framework_level')
@Unique('framework_level_once_per_code', ['frameworkId', 'code'])
export class FrameworkLevel {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'framework_level_pkey' })
  id!: string;

  @Column({ name: 'framework_id', type: 'uuid' })
  frameworkId!: string;

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'integer' })
  ordinal!: number;

  @Column({ type: 'jsonb' })
  name!: Text;

  @Column({ type: 'jsonb', nullable: true })
  description!: Text | null;

  /** What else the framework says of the level (complexity, autonomy, sixLevel…). */
  @Column({ type: 'jsonb', default: () => "'{}'" })
  properties!: Record<string, unknown>;
}
