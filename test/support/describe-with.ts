import { spawnSync } from 'node:child_process';
import { chromiumPath } from './chromium.js';
import { hasNginx } from './nginx.js';
import { hasPoppler } from './poppler.js';
import { testRedisUrl } from './redis.js';
import { softHsmModule } from './soft-hsm.js';

const parts = {
  redis: {
    isThere: () => testRedisUrl() !== undefined,
    install:
      'Redis is not installed (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis)',
  },
  softhsm: {
    isThere: () => softHsmModule() !== undefined,
    install: 'SoftHSM and OpenSC are not installed (Debian, Ubuntu: apt-get install softhsm2 opensc)',
  },
  nginx: {
    isThere: hasNginx,
    install:
      'nginx is not installed (Debian, Ubuntu: apt-get install nginx-light; macOS: brew install nginx)',
  },
  psql: {
    isThere: () => !spawnSync('psql', ['--version']).error,
    install:
      'psql is not installed (Debian, Ubuntu: apt-get install postgresql-client; macOS: brew install libpq)',
  },
  poppler: {
    isThere: hasPoppler,
    install:
      'Poppler is not installed (Debian, Ubuntu: apt-get install poppler-utils; macOS: brew install poppler)',
  },
  chromium: {
    isThere: () => chromiumPath() !== undefined,
    install:
      'Chromium is not installed (Debian, Ubuntu: apt-get install chromium; or set INSIGNE_CHROMIUM to its path)',
  },
};

/**
 * `describe` for tests that need a program which may be missing on a developer's machine. Without it they are
 * skipped under a name that says so and how to install it; with CI=true that is a failure.
 */
export function describeWith(part: keyof typeof parts, name: string, tests: () => void): void {
  const { isThere, install } = parts[part];
  if (isThere()) describe(name, tests);
  else if (process.env.CI === 'true')
    describe(name, () => {
      it(`has what it needs: ${part}`, () => {
        throw new Error(install);
      });
    });
  else describe.skip(`NOT RUN, ${install}: ${name}`, tests);
}
