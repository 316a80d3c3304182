import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An answer kept for a client that may ask the same thing again (Idempotency-Key). */
@Entity('http_idempotency')
@Index('http_idempotency_by_age', ['createdAt'])
export class HttpIdempotency {
  @PrimaryColumn({ type: 'text', name: 'client_id', primaryKeyConstraintName: 'http_idempotency_pkey' })
  clientId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'http_idempotency_pkey' })
  key!: string;

  /** SHA-256 (hex) of method, address and body. */
  @Column({ type: 'text', name: 'request_hash' })
  requestHash!: string;

  @Column({ type: 'text' })
  state!: 'running' | 'done';

  @Column({ type: 'integer', nullable: true })
  status!: number | null;

  /** What the api sealed: an answer may hold a secret that is told once. */
  @Column({ type: 'json', nullable: true })
  response!: unknown;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
