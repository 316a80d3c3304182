import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** What a structure noted to choose a workshop. Never leaves the schema "private", never reaches a badge. */
@Entity({ schema: 'private', name: 'diagnostic' })
@Unique('diagnostic_once_per_person_and_content', ['personId', 'contentHash'])
export class Diagnostic {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'diagnostic_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;

  @Column({ type: 'date', name: 'done_on', nullable: true })
  doneOn!: string | null;

  @Column({ type: 'text', name: 'starting_level', nullable: true })
  startingLevel!: string | null;

  @Column({ type: 'text', array: true })
  equipment!: string[];

  @Column({ type: 'text', nullable: true })
  language!: string | null;

  @Column({ type: 'text', nullable: true })
  gender!: string | null;

  @Column({ type: 'text', nullable: true })
  municipality!: string | null;

  /** Hex SHA-256: the same diagnostic read again adds nothing. */
  @Column({ type: 'text', name: 'content_hash' })
  contentHash!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

/** The animator's free note on one attendance. */
@Entity({ schema: 'private', name: 'observation' })
@Index('observation_by_attendance', ['attendanceId'])
export class Observation {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'observation_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'attendance_id' })
  attendanceId!: string;

  @Column({ type: 'text' })
  note!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

/** A row of a held case as it was read, with its private cells, until a human has decided. */
@Entity({ schema: 'private', name: 'held_row' })
@Unique('held_row_once_per_case', ['heldCaseId', 'rowNumber'])
export class HeldRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'held_row_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'held_case_id' })
  heldCaseId!: string;

  @Column({ type: 'int', name: 'row_number' })
  rowNumber!: number;

  @Column({ type: 'jsonb' })
  content!: Record<string, unknown>;
}

/** What the learner told the structure about showing badges. It pre-fills a choice and publishes nothing. */
@Entity({ schema: 'private', name: 'publication_wish' })
export class PublicationWish {
  @PrimaryColumn({ type: 'uuid', name: 'person_id', primaryKeyConstraintName: 'publication_wish_pkey' })
  personId!: string;

  @Column({ type: 'text' })
  wish!: 'yes' | 'no' | 'ask';

  @Column({ type: 'timestamptz', name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
