import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Text } from '#platform';
import type { BadgePicture } from './picture/badge-picture.js';
import type { AwardRule } from './rule.js';

export type AchievementKind = 'workshop' | 'pathway' | 'peer-animator' | 'professional';

export interface Criterion {
  code: string;
  text: Text;
}

/** OB 3.0 Alignment with the text of its target in the languages the framework has. */
export interface AchievementAlignment {
  framework: string;
  frameworkVersion: string;
  frameworkName: Text;
  code: string;
  name: Text;
  /** The official URI, or null: then the service's own stable address stands for it. */
  officialUri: string | null;
  /** Left out where the catalogue states no level. */
  level?: AlignmentLevel;
}

/** The level of a competency that a badge stands for. */
export interface AlignmentLevel {
  /** Code of the level in its framework. */
  code: string;
  name: Text;
  /** As the framework words it. */
  description?: Text;
  /** In plain words, as the catalogue puts it. */
  gloss?: Text;
}

/** One version of a badge (OB 3.0 Achievement). A version is never edited: other content makes the next version. */
@Entity('achievement')
@Unique('achievement_version_is_unique', ['organisationId', 'code', 'version'])
@Unique('achievement_public_id_is_unique', ['publicId'])
export class Achievement {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'achievement_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'text' })
  code!: string;
  @Column({ type: 'int' })
  version!: number;
  @Column({ type: 'text' })
  kind!: AchievementKind;
  @Column({ type: 'text', name: 'public_id' })
  publicId!: string;
  @Column({ type: 'text', name: 'workshop_code', nullable: true })
  workshopCode!: string | null;
  @Column({ type: 'jsonb' })
  name!: Text;
  @Column({ type: 'jsonb' })
  description!: Text;
  @Column({ type: 'jsonb', name: 'easy_text' })
  easyText!: Text;
  @Column({ type: 'jsonb' })
  criteria!: Criterion[];
  @Column({ type: 'jsonb' })
  alignments!: AchievementAlignment[];
  @Column({ type: 'jsonb' })
  picture!: BadgePicture;
  @Column({ type: 'jsonb' })
  rule!: AwardRule;
  @Column({ type: 'text', name: 'content_hash' })
  contentHash!: string;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'superseded_at', nullable: true })
  supersededAt!: Date | null;
}
