import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Text } from '#platform';

/** An area, competence, module, statement or learning outcome of a framework. */
@Entity('competency')
@Unique('competency_once_per_code', ['frameworkId', 'code'])
@Index('competency_by_identifier', ['identifier'])
export class Competency {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'competency_pkey' })
  id!: string;

  @Column({ name: 'framework_id', type: 'uuid' })
  frameworkId!: string;

  @Column({ type: 'text' })
  code!: string;

  /** Of its CFItem (CASE). */
  @Column({ type: 'uuid' })
  identifier!: string;

  @Column({ type: 'text' })
  type!: string;

  @Column({ name: 'parent_code', type: 'text', nullable: true })
  parentCode!: string | null;

  /** Place in the framework's own order, from 1. */
  @Column({ type: 'integer' })
  ordinal!: number;

  @Column({ type: 'jsonb' })
  title!: Text;

  @Column({ type: 'jsonb', nullable: true })
  description!: Text | null;

  /** Address the publisher itself gives (ESCO concept), null when there is none. */
  @Column({ name: 'official_uri', type: 'text', nullable: true })
  officialUri!: string | null;

  @Column({ type: 'jsonb', default: () => "'{}'" })
  properties!: Record<string, unknown>;
}

/** A link from a competency to one of another framework, with a CASE 1.1 association type. */
@Entity('association')
@Unique('association_once_per_target', ['competencyId', 'kind', 'targetFramework', 'targetCode'])
export class Association {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'association_pkey' })
  id!: string;

  @Column({ name: 'competency_id', type: 'uuid' })
  competencyId!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ name: 'target_uri', type: 'text', nullable: true })
  targetUri!: string | null;

  @Column({ name: 'target_framework', type: 'text' })
  targetFramework!: string;

  @Column({ name: 'target_code', type: 'text' })
  targetCode!: string;

  @Column({ type: 'text', nullable: true })
  note!: string | null;
}
