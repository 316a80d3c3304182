import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Text } from '#platform';

/** Work that was promised in the same transaction as the facts it is about. The queue is only a nudge. */
@Entity('outbox')
export class Outbox {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'outbox_pkey' })
  id!: string;
  @Column({ type: 'text' })
  topic!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  /** 1 for a room, 10 for a campaign. */
  @Column({ type: 'int' })
  priority!: number;
  /** Place among the campaigns of all organisations (docs/adr/0013); null for a room and before the first enqueueing. */
  @Column({ type: 'int', nullable: true })
  turn!: number | null;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'enqueued_at', nullable: true })
  enqueuedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'done_at', nullable: true })
  doneAt!: Date | null;
  @Column({ type: 'int', default: 0 })
  failures!: number;
  @Column({ type: 'text', name: 'last_error', nullable: true })
  lastError!: string | null;
  /** Since when this work waits for a person instead of the queue: a dead letter. */
  @Column({ type: 'timestamptz', name: 'failed_at', nullable: true })
  failedAt!: Date | null;
  @Column({ type: 'jsonb', nullable: true })
  failure!: { code: string; detail: Required<Text> } | null;
  /** How often a person has put it back. */
  @Column({ type: 'int', default: 0 })
  retries!: number;
  /** When a person put it back last: since then it waits, not since it was planned. */
  @Column({ type: 'timestamptz', name: 'put_back_at', nullable: true })
  putBackAt!: Date | null;
}
