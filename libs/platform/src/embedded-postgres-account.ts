import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { StartRefused, type Tell } from './process-refusal.js';

/** The system account PostgreSQL runs as; undefined means the one that runs this process. */
export type Account = { uid: number; gid: number } | undefined;

const isRoot = (): boolean => process.getuid?.() === 0;

function accountNamed(name: string): Account {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

const commands: [string, string[]][] = [
  ['groupadd', ['--system', 'postgres']],
  [
    'useradd',
    ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
  ],
  ['addgroup', ['-S', 'postgres']],
  ['adduser', ['-S', '-D', '-H', '-G', 'postgres', 'postgres']],
];

/**
 * The account for a cluster. PostgreSQL refuses to run as root, so root lends it the owner of the existing
 * folder, else the system user `postgres`, which is made when it is missing.
 * @throws StartRefused `postgres_account_missing`, `wrong_owner`
 */
export function accountFor(cluster: string, tell: Tell): Account {
  const existing = statSync(cluster, { throwIfNoEntry: false });
  if (!isRoot()) {
    const uid = process.getuid?.();
    if (existing && uid !== undefined && existing.uid !== uid)
      throw new StartRefused('wrong_owner', {
        fr: `Le dossier ${cluster} appartient à un autre utilisateur (numéro ${existing.uid}) : lancez la commande sous ce compte, ou choisissez un autre dossier avec --data.`,
        en: `The folder ${cluster} belongs to another user (number ${existing.uid}): run the command as that user, or choose another folder with --data.`,
      });
    return undefined;
  }
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  const known = accountNamed('postgres');
  if (known) return known;
  tell({
    fr: 'Création de l’utilisateur système « postgres », car PostgreSQL ne tourne pas sous root',
    en: 'Making the system user "postgres", because PostgreSQL does not run as root',
  });
  for (const [command, args] of commands) spawnSync(command, args, { stdio: 'ignore' });
  const made = accountNamed('postgres');
  if (made) return made;
  throw new StartRefused('postgres_account_missing', {
    fr: 'PostgreSQL ne tourne pas sous root et l’utilisateur système « postgres » n’a pas pu être créé : créez-le, lancez la commande sous un compte ordinaire, ou donnez DATABASE_URL.',
    en: 'PostgreSQL does not run as root and the system user "postgres" could not be made: make it, run the command as an ordinary user, or give DATABASE_URL.',
  });
}

/** May this account enter the folder? Asked of the system itself, so that every parent folder counts. */
export const mayEnter = (folder: string, account: Account): boolean =>
  account === undefined ||
  spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status ===
    0;

/** May this account run the program? */
export function mayRun(program: string, account: Account): boolean {
  try {
    execFileSync(program, ['-V'], { ...account, cwd: '/', stdio: 'ignore', env: {} });
    return true;
  } catch {
    return false;
  }
}
