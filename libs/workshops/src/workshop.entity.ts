import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Text } from '#platform';

/** Something one can watch a learner do. */
export interface Criterion {
  code: string;
  text: Text;
}

/** A competency that the workshop works on, by framework code (`crcn`, `digcomp-2.2`) and competency code. */
export interface Alignment {
  framework: string;
  version?: string;
  code: string;
  /** Code of a level of the framework, where the catalogue states one. */
  level?: string;
  /** The level in plain words, as the catalogue puts it. */
  gloss?: Text;
  /** Take along what a crosswalk says is the same. */
  exactMatches?: true;
}

/** One version of a workshop template of a programme's catalogue. A changed text is a new version. */
@Entity('workshop')
@Unique('workshop_once_per_code_and_version', ['organisationId', 'code', 'version'])
export class Workshop {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'workshop_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'jsonb' })
  title!: Text;

  @Column({ type: 'jsonb' })
  aim!: Text;

  @Column({ type: 'jsonb', name: 'easy_text' })
  easyText!: Text;

  @Column({ type: 'int', name: 'duration_minutes' })
  durationMinutes!: number;

  @Column({ type: 'int', name: 'max_participants' })
  maxParticipants!: number;

  @Column({ type: 'jsonb' })
  criteria!: Criterion[];

  @Column({ type: 'jsonb' })
  alignments!: Alignment[];

  @Column({ type: 'text', name: 'lesson_url', nullable: true })
  lessonUrl!: string | null;

  /** Hex SHA-256 of everything that is said above. */
  @Column({ type: 'text', name: 'content_hash' })
  contentHash!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
