import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Reason } from './rule.js';

/** How what the badge says was established; travels as OB 3.0 `result` with these levels. */
export type Established = 'declared' | 'attended' | 'observed-by-one' | 'observed-by-two' | 'tested';

/** `cancelled`: the facts no longer carry it. `revoked`: taken back for good, and not given again for the same facts. */
export type AwardState = 'planned' | 'issued' | 'refused' | 'cancelled' | 'revoked';

/** What a structure decided to recognise: one badge for one person, with the facts that made it so. */
@Entity('award')
@Index('award_by_person', ['personId'])
@Index('award_by_session', ['sessionId'])
export class Award {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'award_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'uuid', name: 'achievement_id' })
  achievementId!: string;
  @Column({ type: 'text', name: 'badge_code' })
  badgeCode!: string;
  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;
  @Column({ type: 'uuid', name: 'session_id', nullable: true })
  sessionId!: string | null;
  @Column({ type: 'uuid', name: 'assessor_person_id', nullable: true })
  assessorPersonId!: string | null;
  @Column({ type: 'date', name: 'assessed_on', nullable: true })
  assessedOn!: string | null;
  @Column({ type: 'timestamptz', name: 'awarded_at' })
  awardedAt!: Date;
  @Column({ type: 'text' })
  established!: Established;
  @Column({ type: 'text' })
  state!: AwardState;
  @Column({ type: 'jsonb' })
  reasons!: Reason[];
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
