import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A file of the archive whose content this database knew when a process started. An older backup remembers only what it
 * had been compared with itself, so that all that came after it is read again.
 */
@Entity('archive_file_known')
export class ArchiveFileKnown {
  /** Its name without the folder and without `.gz`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'archive_file_known_pkey' })
  file!: string;
  /** Its size then, not compressed. */
  @Column({ type: 'bigint' })
  bytes!: string;
  @Column({ type: 'timestamptz', name: 'known_at', default: () => 'now()' })
  knownAt!: Date;
}
