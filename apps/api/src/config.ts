import { isIP } from 'node:net';
import { compileSchema, InvalidInput, readPort } from '#platform/basics';
import { readMetricsToken, readTokenSecret } from '#signing/secrets';

/** Settings of the api process; each is explained in .env.example. It holds no private key and nothing to open one. */
export interface ApiConfig {
  DATABASE_URL: string;
  INSIGNE_ORIGIN: string;
  PORT: number;
  HOST: string;
  REDIS_URL?: string;
  tokenSecret: string;
  metricsToken?: string;
  /** Whose `X-Forwarded-For` is believed: addresses, networks, or `loopback`, `linklocal`, `uniquelocal`. */
  trustedProxies?: string[];
}

const subject = 'The environment of the api';

const check = compileSchema<Record<string, string>>(
  {
    type: 'object',
    required: ['DATABASE_URL', 'INSIGNE_ORIGIN', 'INSIGNE_TOKEN_SECRET_FILE', 'PORT'],
    properties: {
      DATABASE_URL: { type: 'string', pattern: '^postgres(ql)?://' },
      INSIGNE_ORIGIN: { type: 'string', pattern: '^https?://[^/?#@\\s]+$' },
      INSIGNE_TOKEN_SECRET_FILE: { type: 'string', minLength: 1 },
      INSIGNE_METRICS_TOKEN: { type: 'string', minLength: 1 },
      INSIGNE_TRUSTED_PROXIES: { type: 'string', minLength: 1 },
      REDIS_URL: { type: 'string', pattern: '^rediss?://' },
      PORT: { type: 'string' },
      HOST: { type: 'string', minLength: 1 },
    },
  },
  subject,
);

/**
 * @throws InvalidInput (`invalid_input`) naming each variable that is missing or malformed, SecretRefused
 *   (`token_secret_…`) for a weak, published or readable secret
 */
export function readApiConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  const values = check({ PORT: '4180', ...environment });
  const metricsToken = readMetricsToken(values.INSIGNE_METRICS_TOKEN);
  return {
    DATABASE_URL: values.DATABASE_URL!,
    INSIGNE_ORIGIN: values.INSIGNE_ORIGIN!,
    PORT: readPort('PORT', values.PORT!, subject),
    HOST: values.HOST ?? '0.0.0.0',
    REDIS_URL: values.REDIS_URL,
    tokenSecret: readTokenSecret(values.INSIGNE_TOKEN_SECRET_FILE!),
    metricsToken,
    trustedProxies: readProxies(values.INSIGNE_TRUSTED_PROXIES ?? 'loopback'),
  };
}

function readProxies(text: string): string[] {
  const proxies = text.split(/[\s,]+/).filter(Boolean);
  const wrong = proxies.find((one) => !isProxy(one));
  if (wrong !== undefined)
    throw new InvalidInput(
      [
        {
          path: '/INSIGNE_TRUSTED_PROXIES',
          message: `must name addresses, networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal; not "${wrong}"`,
        },
      ],
      subject,
    );
  return proxies;
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) > 0 &&
    more.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}
