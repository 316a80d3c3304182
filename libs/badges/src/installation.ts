import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { DomainError } from '#platform';

/** Under which origin this data issues. Changing it would kill every badge, so it is written once. */
@Entity('installation')
export class Installation {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'installation_pkey' })
  id!: number;
  @Column({ type: 'text' })
  origin!: string;
  @Column({ type: 'text', name: 'schema_version' })
  schemaVersion!: string;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

/** The data was made under another origin (`origin_changed`). */
export class OriginChanged extends DomainError {
  readonly code = 'origin_changed';
  constructor(recorded: string, wanted: string) {
    super(
      `Ces données ont été créées sous l'adresse ${recorded} ; les badges déjà délivrés mourraient sous ${wanted}. ` +
        `Démarrez avec INSIGNE_ORIGIN=${recorded}, ou choisissez un autre dossier de données. / ` +
        `This data was made under ${recorded}; badges already issued would die under ${wanted}. ` +
        `Start with INSIGNE_ORIGIN=${recorded}, or choose another data folder.`,
    );
  }
}

/** Records the origin on first use and refuses another one afterwards. @throws OriginChanged (`origin_changed`) */
export async function assertInstallation(
  manager: EntityManager,
  origin: string,
  version: string,
): Promise<void> {
  await manager.query(
    'insert into installation (id, origin, schema_version) values (1, $1, $2) on conflict do nothing',
    [origin, version],
  );
  const row = await manager.findOneByOrFail(Installation, { id: 1 });
  if (row.origin !== origin) throw new OriginChanged(row.origin, origin);
}
