import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Text } from '#platform';

export interface CodeListEntry {
  code: string;
  ordinal?: number;
  label: Text;
}

/** Values offered in forms (start scales, themes). Not competencies: they never reach a badge. */
@Entity('code_list')
@Unique('code_list_code_is_unique', ['code'])
export class CodeList {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'code_list_pkey' })
  id!: string;

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'jsonb' })
  title!: Text;

  @Column({ type: 'jsonb' })
  entries!: CodeListEntry[];

  /** Sources of the list; `sensitive: true` when its values tell of a person's difficulty. */
  @Column({ type: 'jsonb' })
  provenance!: Record<string, unknown>;

  @Column({ name: 'content_hash', type: 'text' })
  contentHash!: string;
}
