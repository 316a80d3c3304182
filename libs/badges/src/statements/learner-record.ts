import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** Badges that a learner chose to show together, as one signed record, with the consent that was given for it. */
@Entity('learner_record')
@Unique('learner_record_public_id_is_unique', ['publicId'])
@Index('learner_record_by_person', ['personId'])
export class LearnerRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'learner_record_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;
  @Column({ type: 'text', name: 'public_id' })
  publicId!: string;
  /** The awards whose badges it gathers, in the order chosen. */
  @Column({ type: 'uuid', array: true, name: 'award_ids' })
  awardIds!: string[];
  /** Day on which the learner agreed, YYYY-MM-DD. */
  @Column({ type: 'date', name: 'consented_on' })
  consentedOn!: string;
  @Column({ type: 'text', name: 'consent_how' })
  consentHow!: 'said' | 'written';
  @Column({ type: 'text', name: 'made_by' })
  madeBy!: string;
  @Column({ type: 'timestamptz', name: 'made_at', default: () => 'now()' })
  madeAt!: Date;
  @Column({ type: 'text', name: 'withdrawn_by', nullable: true })
  withdrawnBy!: string | null;
  @Column({ type: 'timestamptz', name: 'withdrawn_at', nullable: true })
  withdrawnAt!: Date | null;
  @Column({ type: 'uuid', name: 'statement_id' })
  statementId!: string;
}
