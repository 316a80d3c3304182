import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { Audit1700000000500 } from './migrations/1700000000500-audit.js';
import { AuditMilliseconds1796200100000 } from './migrations/1796200100000-audit-milliseconds.js';

/** Who did what, when: written once, in the transaction of the act itself. */
@Entity('audit_event')
class AuditEventRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'audit_event_pkey' })
  id!: string;
  /** The database's clock, whole milliseconds. */
  @Column({ type: 'timestamptz', default: () => "date_trunc('milliseconds', now())" })
  at!: Date;
  @Column({ type: 'text' })
  actor!: string;
  @Column({ type: 'text' })
  action!: string;
  @Column({ type: 'jsonb' })
  subject!: Record<string, string | number | boolean | null>;
}

/** An event that is not in the chain yet. */
@Entity('audit_waiting')
class AuditWaiting {
  @PrimaryColumn({ type: 'uuid', name: 'event_id', primaryKeyConstraintName: 'audit_waiting_pkey' })
  eventId!: string;
}

/** One link of the chain: the event of that number, bound to the line before. */
@Entity('audit_line')
@Unique('audit_line_once_per_event', ['eventId'])
class AuditLine {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'audit_line_pkey' })
  seq!: string;
  @Column({ type: 'uuid', name: 'event_id' })
  eventId!: string;
  @Column({ type: 'bytea', name: 'previous_hash' })
  previousHash!: Buffer;
  @Column({ type: 'bytea' })
  hash!: Buffer;
}

/** The last line of one day (UTC), published so that others can hold us to it. */
@Entity('audit_head')
class AuditHead {
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'audit_head_pkey' })
  day!: string;
  @Column({ type: 'bigint' })
  seq!: string;
  @Column({ type: 'bigint' })
  lines!: string;
  @Column({ type: 'bytea' })
  hash!: Buffer;
  @Column({ type: 'timestamptz', name: 'written_at', default: () => 'now()' })
  writtenAt!: Date;
}

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const platformEntities: Function[] = [AuditEventRow, AuditWaiting, AuditLine, AuditHead];
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const platformMigrations: Function[] = [Audit1700000000500, AuditMilliseconds1796200100000];
