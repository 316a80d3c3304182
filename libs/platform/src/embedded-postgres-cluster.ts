import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Account, mayEnter } from './embedded-postgres-account.js';
import type { Binaries } from './embedded-postgres-binaries.js';
import { StartRefused, type Tell } from './process-refusal.js';

/** Passwords of the three database roles. */
export type Passwords = Record<'owner' | 'api' | 'worker', string>;

/** What PostgreSQL's programs get from our environment: nothing of it, and plain English messages. */
export const plainEnvironment = { LC_ALL: 'C', PATH: '/usr/bin:/bin' };

/**
 * Where the cluster of a data folder lies: `<data>/postgres`, or the folder that `<data>/postgres-folder` names
 * when PostgreSQL's account may not enter the data folder.
 */
export function clusterOf(dataFolder: string): string {
  const pointer = join(dataFolder, 'postgres-folder');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(dataFolder, 'postgres');
}

/** The cluster's folder, moved to /var/lib/insigne (and the move noted) when the account can't reach it. */
export function reachableCluster(dataFolder: string, account: Account, tell: Tell): string {
  const cluster = clusterOf(dataFolder);
  if (existsSync(cluster) || mayEnter(dataFolder, account)) return cluster;
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16);
  const elsewhere = join('/var/lib/insigne', name, 'postgres');
  mkdirSync(dirname(elsewhere), { recursive: true, mode: 0o755 });
  writeFileSync(join(dataFolder, 'postgres-folder'), `${elsewhere}\n`);
  tell({
    fr: `La base est dans ${elsewhere}, car l’utilisateur système de PostgreSQL ne peut pas entrer dans ${dataFolder}`,
    en: `The database lies in ${elsewhere}, because PostgreSQL's system user may not enter ${dataFolder}`,
  });
  return elsewhere;
}

/**
 * The roles' passwords, kept in `<data>/secrets/postgres.json` (mode 0600); random ones are made for a new cluster.
 * @throws StartRefused `passwords_missing` when the cluster exists without them
 */
export function passwordsOf(dataFolder: string): Passwords {
  const file = join(dataFolder, 'secrets', 'postgres.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  if (existsSync(clusterOf(dataFolder)))
    throw new StartRefused('passwords_missing', {
      fr: `Les mots de passe de la base (${file}) manquent : remettez ce fichier depuis une sauvegarde.`,
      en: `The database's passwords (${file}) are missing: put that file back from a backup.`,
    });
  const password = (): string => randomBytes(24).toString('base64url');
  const passwords: Passwords = { owner: password(), api: password(), worker: password() };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const making = `${file}.${process.pid}`;
  writeFileSync(making, JSON.stringify(passwords), { mode: 0o600 });
  renameSync(making, file);
  return passwords;
}

const own = (path: string, account: Account): void => {
  if (account) chownSync(path, account.uid, account.gid);
};

const accessRules = `# Written by Insigne: only this machine, only with a password.
local all all reject
host all all 127.0.0.1/32 scram-sha-256
`;

/**
 * Makes a cluster: UTF-8, sorted by code point with Unicode's upper and lower case, checksums, scram passwords.
 * It is made beside its place and renamed at the end, so that an interrupted try leaves no half cluster.
 * @throws StartRefused `disk_full`, `postgres_not_startable`
 */
export function makeCluster(cluster: string, binaries: Binaries, account: Account, password: string): void {
  const making = `${cluster}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  own(making, account);
  const passwordFile = join(making, 'password');
  const folder = join(making, 'cluster');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  own(passwordFile, account);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=insigne_owner', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const made = spawnSync(binaries.initdb, [`--pgdata=${folder}`, ...locale, ...access, '--no-instructions'], {
    ...account,
    cwd: making,
    env: plainEnvironment,
    encoding: 'utf8',
  });
  rmSync(passwordFile);
  if (made.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    throw refusalFor(made.stderr || made.error?.message || '');
  }
  writeFileSync(join(folder, 'pg_hba.conf'), accessRules);
  chmodSync(folder, 0o700);
  renameSync(folder, cluster);
  rmSync(making, { recursive: true, force: true });
}

/**
 * Refuses a cluster that this PostgreSQL can't read.
 * @throws StartRefused `postgres_data_newer`, `postgres_data_older`
 */
export function checkVersion(cluster: string, major: number): void {
  const made = Number(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'));
  if (made > major)
    throw new StartRefused('postgres_data_newer', {
      fr: `Les données de ${cluster} ont été faites par PostgreSQL ${made}, plus récent que celui d’ici (${major}) : mettez le programme à jour (npm ci), ou choisissez un autre dossier avec --data.`,
      en: `The data in ${cluster} was made by PostgreSQL ${made}, newer than the one here (${major}): update the program (npm ci), or choose another folder with --data.`,
    });
  if (made < major)
    throw new StartRefused('postgres_data_older', {
      fr: `Les données de ${cluster} ont été faites par PostgreSQL ${made} et celui d’ici est le ${major} : exportez-les (pg_dumpall) avec la version ${made}, puis chargez-les dans un nouveau dossier.`,
      en: `The data in ${cluster} was made by PostgreSQL ${made} and the one here is ${major}: dump it (pg_dumpall) with version ${made}, then load it into a new folder.`,
    });
}

/** The refusal that PostgreSQL's own last words stand for. */
export function refusalFor(log: string): StartRefused {
  const last = log
    .trim()
    .split('\n')
    .filter((line) => /FATAL|PANIC|error:/.test(line));
  const words = (last.at(-1) ?? log.trim().split('\n').at(-1) ?? '').replace(
    /^.*?(FATAL|PANIC|error): +/,
    '',
  );
  const details = { log: words };
  if (/No space left on device/.test(log))
    return new StartRefused(
      'disk_full',
      {
        fr: 'Le disque est plein : libérez de la place, puis relancez la commande. Rien n’est perdu.',
        en: 'The disk is full: free some space, then run the command again. Nothing is lost.',
      },
      { details },
    );
  return new StartRefused(
    'postgres_not_startable',
    {
      fr: `PostgreSQL ne démarre pas : ${words}. Corrigez ce qui est dit là, choisissez un autre dossier avec --data, ou donnez DATABASE_URL.`,
      en: `PostgreSQL does not start: ${words}. Mend what it says, choose another folder with --data, or give DATABASE_URL.`,
    },
    { details },
  );
}
