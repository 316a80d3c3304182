import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Work that was promised in the same transaction as the facts it is about. The queue is only a nudge. */
@Entity('outbox')
export class Outbox {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'outbox_pkey' })
  id!: string;
  @Column({ type: 'text' })
  topic!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'int' })
  priority!: number;
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
}
