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
  ])('is refused where %s is %j, and the error names it', (name, value) => {
    const given: NodeJS.ProcessEnv = { ...environment, [name]: value };
    if (value === undefined) delete given[name];
    expect(() => readWorkerConfig(given)).toThrow(name);
  });

  it('hands the key service what it may read, and no other secret of the process', () => {
    const { keyServiceEnvironment } = readWorkerConfig({
      ...environment,
      PATH: '/usr/bin',
      INSIGNE_TOKEN_SECRET_FILE: '/secret',
    });
    expect(keyServiceEnvironment).toMatchObject({ PATH: '/usr/bin' });
    for (const name of ['INSIGNE_TOKEN_SECRET_FILE', 'DATABASE_URL'])
      expect(keyServiceEnvironment).not.toHaveProperty(name);
  });
});
