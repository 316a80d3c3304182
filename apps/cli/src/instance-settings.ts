import { join, resolve } from 'node:path';
import { InvalidInput, projectFile } from '#platform';
import { keyServiceVariables } from '#signing';

/** Which instance a command means and how it runs. Each variable is explained in .env.example. */
export interface InstanceSettings {
  /** Absolute path of the folder with everything that must be kept. */
  dataFolder: string;
  /** Absolute path of the folder where signed bytes are kept beside the database. */
  archiveFolder: string;
  /** Port of the api. */
  port: number;
  /** Public address, when one was given: http(s)://host[:port] without a path. */
  origin?: string;
  /** A PostgreSQL of the operator's; without it the embedded one is used. */
  databaseUrl?: string;
  apiDatabaseUrl?: string;
  workerDatabaseUrl?: string;
  redisUrl?: string;
  logLevel?: string;
  metricsToken?: string;
  /** What wraps the signing keys (see `openKeyServices`); without it the master key file of the data folder. */
  keyService?: string;
  /** What any such service reads of the environment: a command may name another one. */
  keyServiceEnvironment: Record<string, string | undefined>;
  /** Days after which the worker replaces a key, as text. */
  keyRotationDays?: string;
  /** Threads in which the worker signs, as text (`UV_THREADPOOL_SIZE`). */
  signingThreads?: string;
}

/** What the command line may say instead of the environment. */
export interface InstanceOptions {
  data?: string;
  port?: string | number;
  origin?: string;
}

/**
 * Settings from options, else from the environment, else the defaults (`<checkout>/data`, port 4180).
 * @throws InvalidInput (`invalid_input`) for a port or an origin of another form
 */
export function instanceSettings(
  options: InstanceOptions,
  environment: NodeJS.ProcessEnv = process.env,
): InstanceSettings {
  const given = (option: string | number | undefined, name: string): string | undefined =>
    option === undefined ? environment[name] || undefined : String(option);
  const port = given(options.port, 'INSIGNE_PORT') ?? '4180';
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw new InvalidInput(
      [{ path: '/port', message: `must be a number from 1 to 65535, not "${port}"` }],
      'Port',
    );
  const dataFolder = resolve(given(options.data, 'INSIGNE_DATA') ?? projectFile('data'));
  return {
    dataFolder,
    archiveFolder: resolve(environment.INSIGNE_ARCHIVE_FOLDER || join(dataFolder, 'archive')),
    port: Number(port),
    origin: originOf(given(options.origin, 'INSIGNE_ORIGIN')),
    databaseUrl: environment.DATABASE_URL || undefined,
    apiDatabaseUrl: environment.INSIGNE_API_DATABASE_URL || undefined,
    workerDatabaseUrl: environment.INSIGNE_WORKER_DATABASE_URL || undefined,
    redisUrl: environment.REDIS_URL || undefined,
    logLevel: environment.INSIGNE_LOG_LEVEL || undefined,
    metricsToken: environment.INSIGNE_METRICS_TOKEN || undefined,
    keyService: environment.INSIGNE_KEY_SERVICE || undefined,
    keyServiceEnvironment: Object.fromEntries(keyServiceVariables.map((name) => [name, environment[name]])),
    keyRotationDays: environment.INSIGNE_KEY_ROTATION_DAYS || undefined,
    signingThreads: environment.UV_THREADPOOL_SIZE || undefined,
  };
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && /^https?:\/\/[^/?#@]+\/?$/i.test(text)) return url.origin;
  const message = `must be http(s)://host or http(s)://host:port without a path, not "${text}"`;
  throw new InvalidInput([{ path: '/origin', message }], 'Origin');
}
