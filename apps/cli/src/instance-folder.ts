import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMasterKey } from '#signing';
import { beginningOf, isRunning, StartRefused } from '../../../libs/platform/src/processes.js';

/** `<data>/instance.json`: the running `insigne up` of a data folder. No secret stands in it. */
export interface RunningInstance {
  pid: number;
  /** When that process began, in the system's words: tells it from a later one with the same id. */
  began: string;
  version: string;
  origin: string;
  port: number;
  workerPort: number;
  /** Port of the embedded PostgreSQL, null when DATABASE_URL was given. */
  postgresPort: number | null;
  startedAt: string;
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'instance.json');

export function writeRunningInstance(
  dataFolder: string,
  instance: Omit<RunningInstance, 'pid' | 'began' | 'startedAt'>,
): void {
  const own = { pid: process.pid, began: beginningOf(process.pid), startedAt: new Date().toISOString() };
  const making = `${fileOf(dataFolder)}.${process.pid}`;
  writeFileSync(making, `${JSON.stringify({ ...own, ...instance }, null, 2)}\n`);
  renameSync(making, fileOf(dataFolder));
}

export const removeRunningInstance = (dataFolder: string): void =>
  rmSync(fileOf(dataFolder), { force: true });

/** The instance that runs on this data folder now, or undefined. */
export function runningInstance(dataFolder: string): RunningInstance | undefined {
  if (!existsSync(fileOf(dataFolder))) return undefined;
  try {
    const instance = JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')) as RunningInstance;
    return isRunning(instance.pid) && beginningOf(instance.pid) === instance.began ? instance : undefined;
  } catch {
    return undefined;
  }
}

export interface SecretFiles {
  /** Opens the private signing keys: for the worker alone. */
  masterKeyFile: string;
  /** Signs access tokens: for the api alone. */
  tokenSecretFile: string;
}

/** Paths of the secrets of a data folder; the files need not exist. */
const secretFiles = (dataFolder: string): SecretFiles => ({
  masterKeyFile: join(dataFolder, 'secrets', 'master.key'),
  tokenSecretFile: join(dataFolder, 'secrets', 'token.secret'),
});

/**
 * Makes the secrets that are missing (mode 0600, in a folder of mode 0700).
 * @param hasSigningKeys the database holds keys that were sealed with a master key
 * @param keyService what wraps the keys instead, if anything: then no master key is made
 * @throws StartRefused `master_key_missing` when such keys exist and their master key does not
 */
export function makeSecrets(dataFolder: string, hasSigningKeys: boolean, keyService?: string): SecretFiles {
  const files = secretFiles(dataFolder);
  mkdirSync(join(dataFolder, 'secrets'), { recursive: true, mode: 0o700 });
  if (keyService === undefined && !existsSync(files.masterKeyFile)) {
    if (hasSigningKeys)
      throw new StartRefused('master_key_missing', {
        fr: `La clé ${files.masterKeyFile} manque et les clés de signature de la base ne s’ouvrent qu’avec elle : remettez-la depuis une sauvegarde.`,
        en: `The key ${files.masterKeyFile} is missing and the signing keys in the database open only with it: put it back from a backup.`,
      });
    createMasterKey(files.masterKeyFile);
  }
  if (!existsSync(files.tokenSecretFile))
    writeFileSync(files.tokenSecretFile, `${randomBytes(32).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  return files;
}
