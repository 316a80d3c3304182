import { compileSchema } from '#platform';

/** Settings of the worker process; each is explained in .env.example. */
export interface WorkerConfig {
  DATABASE_URL: string;
  INSIGNE_ORIGIN: string;
  INSIGNE_MASTER_KEY_FILE: string;
  REDIS_URL?: string;
  WORKER_PORT: number;
}

const check = compileSchema<Omit<WorkerConfig, 'WORKER_PORT'> & { WORKER_PORT: string }>(
  {
    type: 'object',
    required: ['DATABASE_URL', 'INSIGNE_ORIGIN', 'INSIGNE_MASTER_KEY_FILE', 'WORKER_PORT'],
    properties: {
      DATABASE_URL: { type: 'string', pattern: '^postgres(ql)?://' },
      INSIGNE_ORIGIN: { type: 'string', pattern: '^https?://[^/]+$' },
      INSIGNE_MASTER_KEY_FILE: { type: 'string', minLength: 1 },
      REDIS_URL: { type: 'string', pattern: '^rediss?://' },
      WORKER_PORT: { type: 'string', pattern: '^[0-9]{1,5}$' },
    },
  },
  'The environment of the worker',
);

/** @throws InvalidInput (`invalid_input`) naming each variable that is missing or malformed */
export function readWorkerConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const values = check({ WORKER_PORT: '9464', ...environment });
  return {
    DATABASE_URL: values.DATABASE_URL,
    INSIGNE_ORIGIN: values.INSIGNE_ORIGIN,
    INSIGNE_MASTER_KEY_FILE: values.INSIGNE_MASTER_KEY_FILE,
    REDIS_URL: values.REDIS_URL,
    WORKER_PORT: Number(values.WORKER_PORT),
  };
}
