import { isIP } from 'node:net';
import { compileSchema, readPort } from '#platform/basics';
import { keyServiceEnvironment, readMetricsToken, SecretRefused } from '#signing/secrets';

/** Settings of the worker process; each is explained in .env.example. */
export interface WorkerConfig {
  DATABASE_URL: string;
  INSIGNE_ORIGIN: string;
  /** Short for INSIGNE_KEY_SERVICE=file:…; one of the two is needed. */
  INSIGNE_MASTER_KEY_FILE?: string;
  /** See `openKeyServices`. */
  INSIGNE_KEY_SERVICE?: string;
  /** What the named key services read of the environment, nothing else of it. */
  keyServiceEnvironment?: Record<string, string | undefined>;
  /** Days after which a key is replaced by the timer, parts of a day too, 0 for never; 365 when absent. */
  INSIGNE_KEY_ROTATION_DAYS?: number;
  INSIGNE_ARCHIVE_FOLDER: string;
  REDIS_URL?: string;
  WORKER_PORT: number;
  /** Address to listen on; 127.0.0.1 when absent. Any other than this machine's own needs `metricsToken`. */
  WORKER_HOST?: string;
  /** Without it, /metrics is for whoever reaches the address. */
  metricsToken?: string;
}

const subject = 'The environment of the worker';

const check = compileSchema<Record<string, string>>(
  {
    type: 'object',
    required: ['DATABASE_URL', 'INSIGNE_ORIGIN', 'INSIGNE_ARCHIVE_FOLDER', 'WORKER_PORT'],
    properties: {
      DATABASE_URL: { type: 'string', pattern: '^postgres(ql)?://' },
      INSIGNE_ORIGIN: { type: 'string', pattern: '^https?://[^/?#@\\s]+$' },
      INSIGNE_MASTER_KEY_FILE: { type: 'string', minLength: 1 },
      INSIGNE_KEY_SERVICE: { type: 'string', minLength: 1 },
      INSIGNE_KEY_ROTATION_DAYS: { type: 'string', pattern: '^[0-9]{1,5}(\\.[0-9]{1,6})?$' },
      INSIGNE_ARCHIVE_FOLDER: { type: 'string', minLength: 1 },
      REDIS_URL: { type: 'string', pattern: '^rediss?://' },
      WORKER_PORT: { type: 'string' },
      WORKER_HOST: { type: 'string', minLength: 1 },
      INSIGNE_METRICS_TOKEN: { type: 'string', minLength: 1 },
    },
  },
  subject,
);

/**
 * @throws InvalidInput (`invalid_input`) naming each variable that is missing or malformed, SecretRefused for a weak
 *   token (`token_secret_…`) and for none where other machines could read the metrics (`metrics_token_missing`)
 */
export function readWorkerConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const values = check({ WORKER_PORT: '9464', INSIGNE_KEY_ROTATION_DAYS: '365', ...environment });
  const metricsToken = readMetricsToken(values.INSIGNE_METRICS_TOKEN);
  return {
    DATABASE_URL: values.DATABASE_URL!,
    INSIGNE_ORIGIN: values.INSIGNE_ORIGIN!,
    INSIGNE_MASTER_KEY_FILE: values.INSIGNE_MASTER_KEY_FILE,
    INSIGNE_KEY_SERVICE: values.INSIGNE_KEY_SERVICE,
    keyServiceEnvironment: keyServiceEnvironment(values.INSIGNE_KEY_SERVICE ?? '', environment),
    INSIGNE_KEY_ROTATION_DAYS: Number(values.INSIGNE_KEY_ROTATION_DAYS),
    INSIGNE_ARCHIVE_FOLDER: values.INSIGNE_ARCHIVE_FOLDER!,
    REDIS_URL: values.REDIS_URL,
    WORKER_PORT: readPort('WORKER_PORT', values.WORKER_PORT!, subject),
    WORKER_HOST: guardedHost(values.WORKER_HOST ?? '127.0.0.1', metricsToken),
    metricsToken,
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function guardedHost(host: string, metricsToken: string | undefined): string {
  if (metricsToken !== undefined || isLoopback(host)) return host;
  throw new SecretRefused('metrics_token_missing', {
    fr:
      `WORKER_HOST=${host} ouvre le worker aux autres machines : donnez aussi INSIGNE_METRICS_TOKEN ` +
      '(créez-le avec : openssl rand -base64 32), ou retirez WORKER_HOST.',
    en:
      `WORKER_HOST=${host} opens the worker to other machines: give INSIGNE_METRICS_TOKEN as well ` +
      '(make one with: openssl rand -base64 32), or leave WORKER_HOST out.',
  });
}
