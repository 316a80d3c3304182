import pg from 'pg';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import type { Fault } from '../../apps/cli/src/check/faults.js';
import type { ArchivedWorld } from './archived-world.js';
import { origin } from './issuance-world.js';

/** What `insigne check` finds in a world. @param scope all of it when left out */
export async function faultsIn({ world, archiveFolder }: ArchivedWorld, scope = {}): Promise<Fault[]> {
  const databaseUrl = world.urls.workerUrl;
  const { faults } = await checkIssued(world.worker, { databaseUrl, origin, archiveFolder, scope });
  return faults;
}

/** A connection of somebody who has every right on a world's database: to be ended before the world is closed. */
export async function anAttackerOf({ world }: ArchivedWorld): Promise<pg.Client> {
  const attacker = new pg.Client({ connectionString: world.urls.ownerUrl });
  await attacker.connect();
  // No trigger and no foreign key holds a superuser up who asks for this.
  await attacker.query('set session_replication_role = replica');
  return attacker;
}
