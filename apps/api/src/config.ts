import { compileSchema } from '#platform/basics';
import { assertStrongToken, readTokenSecret } from '#signing/secrets';

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
      INSIGNE_METRICS_TOKEN: { type: 'string', minLength: 1 },
      REDIS_URL: { type: 'string', pattern: '^rediss?://' },
      PORT: { type: 'string', pattern: '^[0-9]{1,5}$' },
      HOST: { type: 'string', minLength: 1 },
    },
  },
  'The environment of the api',
);

const shortestMetricsToken = 16;

/**
 * @throws InvalidInput (`invalid_input`) naming each variable that is missing or malformed, SecretRefused
 *   (`token_secret_…`) for a weak, published or readable secret
 */
export function readApiConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  const values = check({ PORT: '4180', ...environment });
  const { INSIGNE_METRICS_TOKEN: metricsToken } = values;
  if (metricsToken !== undefined)
    assertStrongToken(metricsToken, 'INSIGNE_METRICS_TOKEN', shortestMetricsToken);
  return {
    DATABASE_URL: values.DATABASE_URL!,
    INSIGNE_ORIGIN: values.INSIGNE_ORIGIN!,
    PORT: Number(values.PORT),
    HOST: values.HOST ?? '0.0.0.0',
    REDIS_URL: values.REDIS_URL,
    tokenSecret: readTokenSecret(values.INSIGNE_TOKEN_SECRET_FILE!),
    metricsToken,
  };
}
