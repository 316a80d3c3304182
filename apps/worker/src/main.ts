import { DomainError, logger, programVersion } from '#platform/basics';
import { forgetKeySecrets } from '#signing/secrets';
import { readWorkerConfig } from './config.js';
import { keyServicesOf } from './key-services.js';

const log = logger('worker');

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  forgetKeySecrets(process.env);
  // A weak or readable secret is refused before the rest of the program is even loaded.
  const keyServices = keyServicesOf(config);
  await import('reflect-metadata');
  const { startWorker } = await import('./start-worker.js');
  await startWorker(config, keyServices, programVersion);
  log.info({ port: config.WORKER_PORT, engine: config.REDIS_URL ? 'redis' : 'postgres' }, 'worker ready');
}

main().catch((error: unknown) => {
  const code = error instanceof DomainError ? error.code : undefined;
  log.fatal({ code, err: (error as Error).message }, 'worker could not start');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100).unref();
});
