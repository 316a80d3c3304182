import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

export const professionalFactKinds = [
  'animator-training',
  'animator-observation',
  'diagnostic-training',
] as const;
export type ProfessionalFactKind = (typeof professionalFactKinds)[number];

/** A training or an observation that the badges of animators and professionals rest on. */
@Entity('professional_fact')
@Unique('professional_fact_once_per_day', ['organisationId', 'personId', 'kind', 'occurredOn'])
@Index('professional_fact_by_person', ['personId'])
export class ProfessionalFact {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'professional_fact_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;

  @Column({ type: 'text' })
  kind!: ProfessionalFactKind;

  @Column({ type: 'date', name: 'occurred_on' })
  occurredOn!: string;

  @Column({ type: 'uuid', name: 'recorded_by_person_id' })
  recordedByPersonId!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
