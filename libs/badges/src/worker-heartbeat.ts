import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';

/** A worker process as it says of itself every ten seconds. No address, no host name: an id made at its start. */
@Entity('worker_heartbeat')
export class WorkerHeartbeat {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'worker_heartbeat_pkey' })
  id!: string;
  @Column({ type: 'text' })
  version!: string;
  @Column({ type: 'text' })
  engine!: 'redis' | 'postgres';
  @Column({ type: 'timestamptz', name: 'started_at', default: () => 'now()' })
  startedAt!: Date;
  @Column({ type: 'timestamptz', name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
  @Column({ type: 'timestamptz', name: 'stopped_at', nullable: true })
  stoppedAt!: Date | null;
  /** Credentials signed since the start. */
  @Column({ type: 'int', default: 0 })
  signed!: number;
  /** Code of what an operator should mend, for example `queue_may_forget`; after `list_not_signed` an error's name and code. */
  @Column({ type: 'text', nullable: true })
  warning!: string | null;
}

/** When forgotten work was last looked for, by whichever worker came first; one row. */
@Entity('queue_sweep')
export class QueueSweep {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'queue_sweep_pkey' })
  id!: number;
  @Column({ type: 'timestamptz', name: 'swept_at', default: () => 'now()' })
  sweptAt!: Date;
  /** Batches put in the queue by that sweep. */
  @Column({ type: 'int', default: 0 })
  enqueued!: number;
}

/** Writes that a worker is alive; rows of workers that have been silent for a day go. */
export async function recordHeartbeat(
  database: DataSource,
  worker: {
    id: string;
    version: string;
    engine: 'redis' | 'postgres';
    signed: number;
    warning: string | null;
    isStopping: boolean;
  },
): Promise<void> {
  await database.query(
    `insert into worker_heartbeat (id, version, engine, signed, warning) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set seen_at = now(), signed = excluded.signed, warning = excluded.warning,
                                    stopped_at = case when $6 then now() end`,
    [worker.id, worker.version, worker.engine, worker.signed, worker.warning, worker.isStopping],
  );
  await database.query("delete from worker_heartbeat where seen_at < now() - interval '1 day'");
}

/**
 * Has a worker told within the last 45 seconds, by the database's clock, that it lives? One that was cut off counts for
 * that long, one that stopped does not.
 */
export async function someWorkerBeats(database: DataSource): Promise<boolean> {
  const [{ beats }]: [{ beats: boolean }] = await database.query(
    `select exists (select from worker_heartbeat where stopped_at is null
                    and seen_at between now() - interval '45 seconds' and now()) as beats`,
  );
  return beats;
}
