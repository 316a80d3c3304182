import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One workshop given by a structure on one day. */
@Entity('session')
@Unique('session_once_per_code', ['organisationId', 'code'])
@Index('session_by_workshop', ['workshopId'])
export class Session {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'session_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'uuid', name: 'workshop_id' })
  workshopId!: string;

  @Column({ type: 'text' })
  code!: string;

  /** YYYY-MM-DD, the day where the workshop took place. */
  @Column({ type: 'date', name: 'held_on' })
  heldOn!: string;

  @Column({ type: 'timestamptz', name: 'starts_at', nullable: true })
  startsAt!: Date | null;

  @Column({ type: 'int', name: 'duration_minutes' })
  durationMinutes!: number;

  @Column({ type: 'text', nullable: true })
  place!: string | null;

  @Column({ type: 'text' })
  state!: 'open' | 'finalised';

  /** Since when its register does not count; a corrected register makes it count again. */
  @Column({ type: 'timestamptz', name: 'withdrawn_at', nullable: true })
  withdrawnAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

export type StaffRole = 'lead' | 'co_animator' | 'observer';

/** Who animated; `personId` is null until a human has said who it is. */
@Entity('session_staff')
@Unique('session_staff_once_per_name', ['sessionId', 'displayName', 'role'])
@Index('session_staff_by_person', ['personId'])
export class SessionStaff {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'session_staff_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'session_id' })
  sessionId!: string;

  @Column({ type: 'uuid', name: 'person_id', nullable: true })
  personId!: string | null;

  @Column({ type: 'text', name: 'display_name' })
  displayName!: string;

  @Column({ type: 'text' })
  role!: StaffRole;
}

export type AttendanceStatus = 'present' | 'absent' | 'excused';

/** Who came. A walk-in without a name counts too, and never gets a badge. */
@Entity('attendance')
@Unique('attendance_once_per_session_and_person', ['sessionId', 'personId'])
@Index('attendance_by_person', ['personId'])
export class Attendance {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'attendance_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'session_id' })
  sessionId!: string;

  @Column({ type: 'uuid', name: 'person_id', nullable: true })
  personId!: string | null;

  @Column({ type: 'boolean' })
  anonymous!: boolean;

  @Column({ type: 'text' })
  status!: AttendanceStatus;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

export type Outcome = 'acquired' | 'almost' | 'not_yet' | 'not_assessed';

/** What an assessor saw of one competency or criterion in one session. */
@Entity('assessment')
@Unique('assessment_once_per_session_person_and_target', ['sessionId', 'personId', 'targetCode'])
@Index('assessment_by_person', ['personId'])
export class Assessment {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'assessment_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'session_id' })
  sessionId!: string;

  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;

  @Column({ type: 'text', name: 'target_kind' })
  targetKind!: 'competency' | 'criterion';

  @Column({ type: 'text', name: 'target_code' })
  targetCode!: string;

  @Column({ type: 'text' })
  outcome!: Outcome;

  /** Null while nobody has confirmed who the named assessor is: no award can rest on it. */
  @Column({ type: 'uuid', name: 'assessor_person_id', nullable: true })
  assessorPersonId!: string | null;

  @Column({ type: 'text', name: 'assessor_name' })
  assessorName!: string;

  @Column({ type: 'date', name: 'assessed_on' })
  assessedOn!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
