import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export const roles = ['administrator', 'issuer', 'assessor', 'animator', 'coordinator'] as const;
export type Role = (typeof roles)[number];

/** What a person may do in an organisation, and between which days (both included). */
@Entity('membership')
@Index('membership_by_person', ['personId'])
@Index('membership_by_organisation', ['organisationId', 'role'])
export class Membership {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'membership_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ type: 'date', name: 'valid_from' })
  validFrom!: string;

  @Column({ type: 'date', name: 'valid_until', nullable: true })
  validUntil!: string | null;

  @Column({ type: 'text', name: 'confirmed_by' })
  confirmedBy!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** Does this membership cover the day (YYYY-MM-DD)? */
  covers(day: string): boolean {
    return this.validFrom <= day && (this.validUntil === null || day <= this.validUntil);
  }
}
