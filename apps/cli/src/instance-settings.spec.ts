import { isAbsolute, resolve } from 'node:path';
import fc from 'fast-check';
import { projectFile } from '#platform';
import { type InstanceOptions, instanceSettings } from './instance-settings.js';

const faultOf = (options: InstanceOptions, environment: NodeJS.ProcessEnv = {}): unknown => {
  try {
    instanceSettings(options, environment);
  } catch (error) {
    return (error as { faults: { path: string }[] }).faults[0]!.path;
  }
  return undefined;
};

describe('the settings of an instance', () => {
  it('are the checkout’s data folder and port 4180 when nothing is said', () => {
    expect(instanceSettings({}, {})).toEqual({
      dataFolder: projectFile('data'),
      archiveFolder: projectFile('data', 'archive'),
      port: 4180,
      // Nothing of the environment reaches a key service unless it was given.
      keyServiceEnvironment: {},
    });
  });

  it('come from the command line before the environment', () => {
    const environment = {
      INSIGNE_DATA: '/srv/insigne',
      INSIGNE_PORT: '8080',
      INSIGNE_ORIGIN: 'https://badges.example.org',
    };
    expect(instanceSettings({}, environment)).toMatchObject({
      dataFolder: '/srv/insigne',
      port: 8080,
      origin: 'https://badges.example.org',
    });
    expect(
      instanceSettings({ data: '/tmp/other', port: 9090, origin: 'http://localhost:9090/' }, environment),
    ).toMatchObject({ dataFolder: '/tmp/other', port: 9090, origin: 'http://localhost:9090' });
  });

  it('take an empty variable as none at all', () => {
    const names = ['INSIGNE_DATA', 'INSIGNE_PORT', 'INSIGNE_ORIGIN', 'DATABASE_URL', 'REDIS_URL'];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expect(instanceSettings({}, empty)).toEqual(instanceSettings({}, {}));
  });

  it('carry the addresses and the tokens that only the environment gives', () => {
    expect(
      instanceSettings(
        {},
        {
          DATABASE_URL: 'postgres://a',
          INSIGNE_API_DATABASE_URL: 'postgres://b',
          INSIGNE_WORKER_DATABASE_URL: 'postgres://c',
          REDIS_URL: 'redis://d',
          INSIGNE_LOG_LEVEL: 'debug',
          INSIGNE_METRICS_TOKEN: 'e',
          UV_THREADPOOL_SIZE: '6',
        },
      ),
    ).toMatchObject({
      databaseUrl: 'postgres://a',
      apiDatabaseUrl: 'postgres://b',
      workerDatabaseUrl: 'postgres://c',
      redisUrl: 'redis://d',
      logLevel: 'debug',
      metricsToken: 'e',
      signingThreads: '6',
    });
  });

  it('make the data folder absolute, from where the command is typed', () => {
    fc.assert(
      fc.property(fc.constantFrom('data', './a b', '../x', '/srv/é', 'a/../b'), (data) => {
        const { dataFolder } = instanceSettings({ data }, {});
        expect(isAbsolute(dataFolder)).toBe(true);
        expect(dataFolder).toBe(resolve(data));
      }),
    );
  });

  it('take every port there is and no other, wherever it is said', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 70_000 }), (port) => {
        const wanted = port >= 1 && port <= 65_535 ? undefined : '/port';
        expect(faultOf({ port })).toBe(wanted);
        expect(faultOf({}, { INSIGNE_PORT: String(port) })).toBe(wanted);
      }),
    );
    for (const port of ['', '80 ', '0x50', '8e1', '４１８０', 'http', '1;2'])
      expect(faultOf({ port })).toBe('/port');
  });

  it.each([
    'badges.example.org',
    'https://badges.example.org/path',
    'https://badges.example.org?x=1',
    'https://badges.example.org#x',
    'https://user:secret@badges.example.org',
    'ftp://badges.example.org',
    'javascript:alert(1)',
    'https://',
    'https://a b',
  ])('refuse the origin %j and say which form it has', (origin) => {
    expect(faultOf({ origin })).toBe('/origin');
    expect(() => instanceSettings({ origin }, {})).toThrow(/without a path/);
  });

  it.each([
    ['https://Badges.Example.org', 'https://badges.example.org'],
    ['https://badges.example.org:443/', 'https://badges.example.org'],
    ['http://localhost:4180', 'http://localhost:4180'],
  ])('write the origin %s as %s', (origin, written) => {
    expect(instanceSettings({ origin }, {}).origin).toBe(written);
  });
});
