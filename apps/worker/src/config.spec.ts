import { readWorkerConfig } from './config.js';

const environment = {
  DATABASE_URL: 'postgres://insigne_worker@localhost/insigne',
  INSIGNE_ORIGIN: 'https://badges.example.org',
  INSIGNE_ARCHIVE_FOLDER: '/var/lib/insigne/archive',
};

describe('the environment of the worker', () => {
  it('is read with a port and a yearly rotation unless others are given', () => {
    expect(readWorkerConfig(environment)).toMatchObject({
      ...environment,
      WORKER_PORT: 9464,
      WORKER_HOST: '127.0.0.1',
      INSIGNE_KEY_ROTATION_DAYS: 365,
    });
    expect(
      readWorkerConfig({ ...environment, WORKER_PORT: '0', INSIGNE_KEY_ROTATION_DAYS: '0.5' }),
    ).toMatchObject({ WORKER_PORT: 0, INSIGNE_KEY_ROTATION_DAYS: 0.5 });
  });

  it.each([
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', 'mysql://localhost/insigne'],
    ['INSIGNE_ORIGIN', undefined],
    ['INSIGNE_ORIGIN', 'https://badges.example.org/'],
    ['INSIGNE_ORIGIN', 'https://badges.example.org?a'],
    ['INSIGNE_ORIGIN', 'https://me@badges.example.org'],
    ['INSIGNE_ARCHIVE_FOLDER', undefined],
    ['INSIGNE_ARCHIVE_FOLDER', ''],
    ['INSIGNE_MASTER_KEY_FILE', ''],
    ['INSIGNE_KEY_SERVICE', ''],
    ['INSIGNE_KEY_ROTATION_DAYS', '-1'],
    ['INSIGNE_KEY_ROTATION_DAYS', 'a year'],
    ['REDIS_URL', 'http://localhost'],
    ['WORKER_PORT', '65536'],
    ['WORKER_PORT', '94x'],
    ['WORKER_HOST', ''],
    ['INSIGNE_METRICS_TOKEN', ''],
    ['INSIGNE_METRICS_TOKEN', 'changeme-changeme'],
  ])('is refused where %s is %j, and the error names it', (name, value) => {
    const given: NodeJS.ProcessEnv = { ...environment, [name]: value };
    if (value === undefined) delete given[name];
    expect(() => readWorkerConfig(given)).toThrow(name);
  });

  const token = '0f9c1d7ab3e2486591cd70fe';

  it.each(['0.0.0.0', '::', '192.0.2.7', 'worker.example', '127.example'])(
    'opens the worker to other machines (%s) only with a token for the metrics, and says so in both languages',
    (WORKER_HOST) => {
      expect(readWorkerConfig({ ...environment, WORKER_HOST, INSIGNE_METRICS_TOKEN: token })).toMatchObject({
        WORKER_HOST,
        metricsToken: token,
      });
      expect(() => readWorkerConfig({ ...environment, WORKER_HOST })).toThrow(
        /donnez aussi INSIGNE_METRICS_TOKEN .* \/ .* give INSIGNE_METRICS_TOKEN as well/,
      );
    },
  );

  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])(
    'asks for no token on an address of this machine alone: %s',
    (WORKER_HOST) => {
      expect(readWorkerConfig({ ...environment, WORKER_HOST })).toMatchObject({
        WORKER_HOST,
        metricsToken: undefined,
      });
    },
  );

  it('hands the named key service what it reads, and nothing else of the environment', () => {
    const given = {
      ...environment,
      PATH: '/usr/bin',
      HOME: '/root',
      INSIGNE_TOKEN_SECRET_FILE: '/secret',
      INSIGNE_MASTER_SECRET: 'master',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      SOFTHSM2_CONF: '/conf',
    };
    const { INSIGNE_MASTER_SECRET, PATH, HOME, SOFTHSM2_CONF } = given;
    const aws = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    for (const [service, read] of [
      [undefined, {}],
      ['file:/key', {}],
      ['passphrase:/words', {}],
      ['env:INSIGNE_MASTER_SECRET', { INSIGNE_MASTER_SECRET }],
      ['arn:aws:kms:eu-west-3:000000000000:key/x', aws],
      ['pkcs11:token=t;object=o', { PATH, HOME, SOFTHSM2_CONF }],
      ['file:/key | env:INSIGNE_MASTER_SECRET|arn:aws:kms:x', { INSIGNE_MASTER_SECRET, ...aws }],
    ] as const)
      expect(readWorkerConfig({ ...given, INSIGNE_KEY_SERVICE: service }).keyServiceEnvironment).toEqual(
        read,
      );
  });
});
