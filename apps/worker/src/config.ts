import { compileSchema, readPort } from '#platform/basics';
import { keyServiceEnvironment } from '#signing/secrets';

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
    },
  },
  subject,
);

/** @throws InvalidInput (`invalid_input`) naming each variable that is missing or malformed */
export function readWorkerConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const values = check({ WORKER_PORT: '9464', INSIGNE_KEY_ROTATION_DAYS: '365', ...environment });
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
  };
}
