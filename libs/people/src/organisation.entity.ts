import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Text } from '#platform';

export type OrganisationKind = 'programme' | 'region' | 'structure';

/** A node of the tree programme → region → structure. A structure issues badges. */
@Entity('organisation')
@Unique('organisation_slug_is_unique', ['slug'])
export class Organisation {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'organisation_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'parent_id', nullable: true })
  parentId!: string | null;

  @Column({ type: 'text' })
  kind!: OrganisationKind;

  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text', name: 'legal_name' })
  legalName!: string;

  /** The neutral name strangers see: a structure's legal name can stigmatise. */
  @Column({ type: 'text', name: 'public_name' })
  publicName!: string;

  @Column({ type: 'text', nullable: true })
  siret!: string | null;

  @Column({ type: 'text', nullable: true })
  url!: string | null;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  description!: Text | null;

  /** YYYY-MM-DD; its badges stay verifiable after it. */
  @Column({ type: 'date', name: 'closed_on', nullable: true })
  closedOn!: string | null;

  /** When it came back from the archive with its public facts only, until somebody registers it again. */
  @Column({ type: 'timestamptz', name: 'restored_at', nullable: true })
  restoredAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
