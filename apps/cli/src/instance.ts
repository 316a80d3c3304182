import pg from 'pg';
import { OriginChanged } from '#badges';
import { keptPort, passwordsOf, type Tell, urlsOf } from '../../../libs/platform/src/processes.js';
import { type DatabaseUrls, type OpenDatabase, openDatabase } from './instance-database.js';
import { makeSecrets, runningInstance, type SecretFiles } from './instance-folder.js';
import { type InstanceOptions, type InstanceSettings, instanceSettings } from './instance-settings.js';
import { migrate } from './migrate.js';

export interface ConnectedInstance extends DatabaseUrls, SecretFiles {
  /** The origin this data issues under, else the one that was given, else http://localhost:<port>. */
  origin: string;
  /** Does an `insigne up` serve this data now? Then its worker signs what a command plans. */
  isServed: boolean;
  redisUrl?: string;
  /** What wraps the signing keys, as `openKeyServices` reads it, and what it needs of the environment. */
  keyService: string;
  keyServiceEnvironment: Record<string, string | undefined>;
  dataFolder: string;
  /** Where signed bytes are kept beside the database. */
  archiveFolder: string;
  /** Stops the embedded PostgreSQL if it was started for this command. */
  close(): Promise<void>;
}

/**
 * The database of an instance for the time of one command: DATABASE_URL, else that of the running `insigne up` of
 * the data folder, else the embedded PostgreSQL, started for this command and migrated.
 * @throws StartRefused, DataIsNewer (`data_is_newer`), OriginChanged (`origin_changed`)
 */
export async function connectInstance(
  options: InstanceOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
  tell?: Tell,
): Promise<ConnectedInstance> {
  const settings = instanceSettings(options, environment);
  const isServed = (): boolean => runningInstance(settings.dataFolder) !== undefined;
  const database = await reach(settings, isServed, tell);
  try {
    if (!isServed()) await migrate(database.ownerUrl);
    const facts = await readFacts(database.ownerUrl);
    const origin = originFor(settings, facts.origin);
    const secrets = makeSecrets(settings.dataFolder, facts.hasSigningKeys, settings.keyService);
    const { ownerUrl, apiUrl, workerUrl, stop: close } = database;
    const { redisUrl, archiveFolder, dataFolder, keyServiceEnvironment } = settings;
    return {
      ownerUrl,
      apiUrl,
      workerUrl,
      ...secrets,
      origin,
      isServed: isServed(),
      redisUrl,
      keyService: settings.keyService ?? `file:${secrets.masterKeyFile}`,
      keyServiceEnvironment,
      dataFolder,
      archiveFolder,
      close,
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function reach(
  settings: InstanceSettings,
  isServed: () => boolean,
  tell?: Tell,
): Promise<OpenDatabase> {
  const served = (): OpenDatabase => ({
    ...urlsOf(keptPort(settings.dataFolder), passwordsOf(settings.dataFolder)),
    port: keptPort(settings.dataFolder),
    ended: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  });
  if (!settings.databaseUrl && isServed()) return served();
  try {
    return await openDatabase(settings, tell, isServed);
  } catch (error) {
    // `insigne up` has become ready while this command waited for its turn.
    if (!settings.databaseUrl && isServed()) return served();
    throw error;
  }
}

/** What the data says about itself; undefined and false on an empty database. */
export async function readFacts(
  ownerUrl: string,
): Promise<{ origin?: string; hasSigningKeys: boolean; isEmpty: boolean }> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const facts = await client.query<{ origin: string | null; keys: boolean; empty: boolean }>(
      `select (select origin from installation where id = 1) as origin,
              exists (select from signing_key where octet_length(sealed_private_key) > 0) as keys,
              not exists (select from organisation) as empty`,
    );
    const row = facts.rows[0];
    return {
      origin: row?.origin ?? undefined,
      hasSigningKeys: row?.keys ?? false,
      isEmpty: row?.empty ?? true,
    };
  } finally {
    await client.end();
  }
}

/** @throws OriginChanged (`origin_changed`) when another origin was asked for than the data's own */
function originFor(settings: InstanceSettings, recorded: string | undefined): string {
  if (recorded && settings.origin && recorded !== settings.origin)
    throw new OriginChanged(recorded, settings.origin);
  return recorded ?? settings.origin ?? `http://localhost:${settings.port}`;
}
