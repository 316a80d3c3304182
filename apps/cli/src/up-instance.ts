import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { allEntities, assertInstallation } from '#badges';
import { dataSourceOptions, programVersion, projectFile } from '#platform';
import { forgetKeySecrets, keyServiceEnvironment, openKeyServices, readTokenSecret } from '#signing/secrets';
import {
  freePort,
  portIsFree,
  StartRefused,
  Supervised,
  type Tell,
  takeLock,
  workerNodeOptions,
  workerThreads,
} from '../../../libs/platform/src/processes.js';
import { readFacts } from './instance.js';
import { type DatabaseUrls, type OpenDatabase, openDatabase } from './instance-database.js';
import {
  makeSecrets,
  removeRunningInstance,
  runningInstance,
  writeRunningInstance,
} from './instance-folder.js';
import { type InstanceOptions, type InstanceSettings, instanceSettings } from './instance-settings.js';
import { migrate } from './migrate.js';
import { refuseOlderThanArchive } from './refuse-older-data.js';

export interface Instance extends DatabaseUrls {
  /** Public address. */
  origin: string;
  port: number;
  dataFolder: string;
  /** No organisation is registered yet. */
  isEmpty: boolean;
  /** Resolves with a refusal when the database has gone for good and everything was stopped. */
  failed: Promise<StartRefused>;
  /** Stops the api, lets the worker finish its jobs (at most 30 s), then stops PostgreSQL. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends api and worker at once; call `stop` too. */
  kill(): void;
}

const apiGraceMs = 10_000;
const workerGraceMs = 30_000;

/**
 * Starts the whole service on a data folder and waits until api and worker are ready. Both are restarted when they
 * crash, and end by themselves should this process be killed.
 * @param signal gives the start up: what runs already is stopped, and the signal's reason is thrown
 * @throws StartRefused, DataIsNewer (`data_is_newer`), OriginChanged (`origin_changed`), InvalidInput, SecretRefused
 */
export async function startInstance(
  options: InstanceOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
  tell?: Tell,
  signal?: AbortSignal,
): Promise<Instance> {
  const settings = instanceSettings(options, environment);
  forgetKeySecrets(process.env);
  const undo: (() => unknown)[] = [];
  try {
    return await startEverything(settings, tell, undo, signal);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function startEverything(
  settings: InstanceSettings,
  tell: Tell | undefined,
  undo: (() => unknown)[],
  signal?: AbortSignal,
): Promise<Instance> {
  const { dataFolder, port } = settings;
  const programs = builtPrograms();
  const release = await lockData(settings);
  undo.push(release);
  if (!((await portIsFree(port)) && (await portIsFree(port, '127.0.0.1')))) throw portTaken(port);

  tell?.({ fr: 'Démarrage de la base de données', en: 'Starting the database' });
  const database = await openDatabase(settings, tell);
  undo.push(() => database.stop());
  signal?.throwIfAborted();
  await migrate(database.ownerUrl);
  const origin = settings.origin ?? `http://localhost:${port}`;
  await recordOrigin(database.ownerUrl, origin);
  await refuseOlderThanArchive(database.ownerUrl, settings.archiveFolder);
  const facts = await readFacts(database.ownerUrl);
  const secrets = makeSecrets(dataFolder, facts.hasSigningKeys, settings.keyService);
  // Told here in a sentence; api and worker would refuse them too, in their logs.
  readTokenSecret(secrets.tokenSecretFile);
  openKeyServices(settings.keyService ?? `file:${secrets.masterKeyFile}`, settings.keyServiceEnvironment);

  const workerPort = await freePort();
  const shared = {
    INSIGNE_ORIGIN: origin,
    REDIS_URL: settings.redisUrl,
    INSIGNE_LOG_LEVEL: settings.logLevel,
  };
  const [api, worker] = [
    new Supervised({
      name: 'api',
      program: programs.api,
      environment: {
        ...shared,
        DATABASE_URL: database.apiUrl,
        PORT: String(port),
        // An address that only this machine understands is answered to this machine alone.
        HOST: new URL(origin).hostname === 'localhost' ? '127.0.0.1' : undefined,
        INSIGNE_TOKEN_SECRET_FILE: secrets.tokenSecretFile,
        INSIGNE_METRICS_TOKEN: settings.metricsToken,
      },
      logFile: join(dataFolder, 'api.log'),
      readyUrl: `http://127.0.0.1:${port}/ready`,
      tell,
    }),
    new Supervised({
      name: 'worker',
      program: programs.worker,
      nodeOptions: workerNodeOptions,
      environment: {
        ...shared,
        DATABASE_URL: database.workerUrl,
        ...(settings.keyService === undefined
          ? { INSIGNE_MASTER_KEY_FILE: secrets.masterKeyFile }
          : {
              ...keyServiceEnvironment(settings.keyService, settings.keyServiceEnvironment),
              INSIGNE_KEY_SERVICE: settings.keyService,
            }),
        INSIGNE_KEY_ROTATION_DAYS: settings.keyRotationDays,
        INSIGNE_ARCHIVE_FOLDER: settings.archiveFolder,
        WORKER_PORT: String(workerPort),
        UV_THREADPOOL_SIZE: settings.signingThreads ?? workerThreads(),
      },
      logFile: join(dataFolder, 'worker.log'),
      readyUrl: `http://127.0.0.1:${workerPort}/ready`,
      tell,
    }),
  ];
  const giveUp = (): unknown => Promise.all([api.stop(2_000), worker.stop(2_000)]);
  undo.push(giveUp);
  tell?.({ fr: 'Démarrage de l’api et du worker', en: 'Starting api and worker' });
  signal?.throwIfAborted();
  signal?.addEventListener('abort', giveUp);
  await Promise.all([api.start(), worker.start()]).finally(() =>
    signal?.removeEventListener('abort', giveUp),
  );
  signal?.throwIfAborted();
  writeRunningInstance(dataFolder, {
    version: programVersion,
    origin,
    port,
    workerPort,
    postgresPort: database.port,
  });

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await api.stop(apiGraceMs);
      await worker.stop(workerGraceMs);
      await keeper.stop();
      removeRunningInstance(dataFolder);
      release();
    })();
    return stopping;
  };
  const keeper = keepDatabase(database, settings, tell, stop);
  const kill = (): void => {
    api.kill();
    worker.kill();
  };
  const { ownerUrl, apiUrl, workerUrl } = database;
  const { failed } = keeper;
  return {
    origin,
    port,
    dataFolder,
    ownerUrl,
    apiUrl,
    workerUrl,
    isEmpty: facts.isEmpty,
    failed,
    stop,
    kill,
  };
}

/**
 * Starts PostgreSQL again, at the same address, when it ends by itself (the system's out-of-memory killer, an
 * operator's mistake); gives up in a sentence and stops everything when that can't be done.
 */
function keepDatabase(
  first: OpenDatabase,
  settings: InstanceSettings,
  tell: Tell | undefined,
  stopAll: () => Promise<void>,
): { stop: () => Promise<void>; failed: Promise<StartRefused> } {
  let current = first;
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await current.stop();
  };
  const failed = (async (): Promise<StartRefused> => {
    for (;;) {
      await current.ended;
      if (isStopping) return await new Promise<never>(() => undefined);
      tell?.({
        fr: 'PostgreSQL s’est arrêté ; nouveau démarrage',
        en: 'PostgreSQL ended; starting it again',
      });
      try {
        await current.stop();
        current = await openDatabase(settings, tell);
        if (current.port !== first.port) throw portTaken(first.port ?? 0);
      } catch (error) {
        await stopAll();
        if (error instanceof StartRefused) return error;
        throw error;
      }
    }
  })();
  return { stop, failed };
}

function builtPrograms(): { api: string; worker: string } {
  const programs = {
    api: projectFile('dist', 'apps', 'api', 'src', 'main.js'),
    worker: projectFile('dist', 'apps', 'worker', 'src', 'main.js'),
  };
  if (Object.values(programs).every((file) => existsSync(file))) return programs;
  throw new StartRefused('not_built', {
    fr: 'Le programme n’est pas construit : lancez « npm run build », ou « npm start » qui s’en charge.',
    en: 'The program is not built: run "npm run build", or "npm start", which sees to it.',
  });
}

async function lockData({ dataFolder }: InstanceSettings): Promise<() => void> {
  try {
    mkdirSync(dataFolder, { recursive: true });
    const lock = await takeLock(join(dataFolder, 'instance.lock'), 'up');
    if ('release' in lock) return lock.release;
    const origin = runningInstance(dataFolder)?.origin;
    throw new StartRefused('data_folder_in_use', {
      fr: `Insigne tourne déjà sur ${dataFolder} (processus ${lock.holder.pid}${origin ? `, ${origin}` : ''}) : arrêtez-le, ou choisissez un autre dossier avec --data et un autre port avec --port.`,
      en: `Insigne already runs on ${dataFolder} (process ${lock.holder.pid}${origin ? `, ${origin}` : ''}): stop it, or choose another folder with --data and another port with --port.`,
    });
  } catch (cause) {
    if (cause instanceof StartRefused) throw cause;
    const why = (cause as Error).message;
    throw new StartRefused(
      'data_folder_not_writable',
      {
        fr: `Le dossier ${dataFolder} ne peut pas être créé ou écrit (${why}) : choisissez-en un autre avec --data.`,
        en: `The folder ${dataFolder} can't be made or written (${why}): choose another with --data.`,
      },
      { cause },
    );
  }
}

const portTaken = (port: number): StartRefused =>
  new StartRefused('port_taken', {
    fr: `Le port ${port} est pris par un autre programme (ou interdit à ce compte) : arrêtez-le, ou choisissez un autre port avec --port.`,
    en: `Port ${port} is taken by another program (or forbidden to this user): stop it, or choose another port with --port.`,
  });

async function recordOrigin(url: string, origin: string): Promise<void> {
  const database = new DataSource(dataSourceOptions({ url, entities: allEntities, poolSize: 1 }));
  await database.initialize();
  try {
    await assertInstallation(database.manager, origin, programVersion);
  } finally {
    await database.destroy();
  }
}
