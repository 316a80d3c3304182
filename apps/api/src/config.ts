import { readFileSync } from 'node:fs';
import { compileSchema, InvalidInput } from '#platform';

/** Settings of the api process; each is explained in .env.example. It holds no private key and nothing to open one. */
export interface ApiConfig {
  DATABASE_URL: string;
  INSIGNE_ORIGIN: string;
  PORT: number;
  HOST: string;
  REDIS_URL?: string;
  tokenSecret: string;
  metricsToken?: string;
}

const check = compileSchema<Record<string, string>>(
  {
    type: 'object',
    required: ['DATABASE_URL', 'INSIGNE_ORIGIN', 'INSIGNE_TOKEN_SECRET_FILE', 'PORT'],
    properties: {
      DATABASE_URL: { type: 'string', pattern: '^postgres(ql)?://' },
      INSIGNE_ORIGIN: { type: 'string', pattern: '^https?://[^/]+$' },
      INSIGNE_TOKEN_SECRET_FILE: { type: 'string', minLength: 1 },
      INSIGNE_METRICS_TOKEN: { type: 'string', minLength: 16 },
      REDIS_URL: { type: 'string', pattern: '^rediss?://' },
      PORT: { type: 'string', pattern: '^[0-9]{1,5}$' },
      HOST: { type: 'string', minLength: 1 },
    },
  },
  'The environment of the api',
);

/** @throws InvalidInput (`invalid_input`) naming each variable that is missing or malformed */
export function readApiConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  const values = check({ PORT: '4180', ...environment });
  const tokenSecret = readFileSync(values.INSIGNE_TOKEN_SECRET_FILE!, 'utf8').trim();
  if (tokenSecret.length < 32)
    throw new InvalidInput(
      [{ path: '/INSIGNE_TOKEN_SECRET_FILE', message: 'must hold at least 32 characters' }],
      'The environment of the api',
    );
  return {
    DATABASE_URL: values.DATABASE_URL!,
    INSIGNE_ORIGIN: values.INSIGNE_ORIGIN!,
    PORT: Number(values.PORT),
    HOST: values.HOST ?? '0.0.0.0',
    REDIS_URL: values.REDIS_URL,
    tokenSecret,
    metricsToken: values.INSIGNE_METRICS_TOKEN,
  };
}
