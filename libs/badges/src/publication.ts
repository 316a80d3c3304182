import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The learner shows this badge. No row: private, and to a stranger the same as unknown (I9). */
@Entity('publication')
export class Publication {
  @PrimaryColumn({ type: 'uuid', name: 'credential_id', primaryKeyConstraintName: 'publication_pkey' })
  credentialId!: string;
  @Column({ type: 'boolean', name: 'with_name' })
  withName!: boolean;
  @Column({ type: 'text' })
  by!: string;
  @Column({ type: 'timestamptz', name: 'published_at', default: () => 'now()' })
  publishedAt!: Date;
}
