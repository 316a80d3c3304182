import { DomainError, logger, programVersion } from '#platform/basics';
import { readApiConfig } from './config.js';

const log = logger('api');

async function main(): Promise<void> {
  // A weak or readable secret is refused before the rest of the program is even loaded.
  const config = readApiConfig(process.env);
  await import('reflect-metadata');
  const { startApi } = await import('./start-api.js');
  await startApi(config, programVersion);
  log.info({ port: config.PORT, engine: config.REDIS_URL ? 'redis' : 'postgres' }, 'api ready');
}

main().catch((error: unknown) => {
  const code = error instanceof DomainError ? error.code : undefined;
  log.fatal({ code, err: (error as Error).message }, 'api could not start');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100).unref();
});
