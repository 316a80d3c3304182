import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A confirmed correction: which facts it changed and what became of the awards; ids and codes only. */
@Entity('register_correction')
@Index('register_correction_by_organisation', ['organisationId'])
export class RegisterCorrection {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'register_correction_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'text' })
  kind!: 'file' | 'session' | 'withdrawal' | 'replacement';
  @Column({ type: 'text' })
  digest!: string;
  @Column({ type: 'jsonb' })
  changes!: unknown;
  @Column({ type: 'jsonb' })
  effects!: unknown;
  @Column({ type: 'text' })
  by!: string;
  @Column({ type: 'timestamptz', name: 'confirmed_at', default: () => 'now()' })
  confirmedAt!: Date;
}
