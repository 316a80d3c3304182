import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type Secret, SecretRefused } from './errors.js';

/**
 * Reads a file that holds a secret and that nobody else can read; white space at both ends is left out. Nobody else is
 * everybody but the owner; where the file belongs to another account (a secret that a container platform hands over as
 * root), this process may be let in by its group.
 * @throws SecretRefused with code `…_missing`, or `…_readable_by_others` (mode 0640, 0644…)
 */
export function readSecretFile(file: string, what: Secret = 'master_key'): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const stats = fstatSync(descriptor);
    const mode = stats.mode & 0o777;
    if ((mode & forbiddenBits(stats)) !== 0)
      throw new SecretRefused(`${what}_readable_by_others`, {
        fr: `Le fichier secret ${file} a les droits 0${mode.toString(8)} : d’autres peuvent le lire. Lancez : chmod 600 "${file}"`,
        en: `The secret file ${file} has mode 0${mode.toString(8)}: others can read it. Run: chmod 600 "${file}"`,
      });
    return readFileSync(descriptor, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof SecretRefused) throw cause;
    throw new SecretRefused(
      `${what}_missing`,
      {
        fr: `Le fichier secret ${file} ne peut pas être lu (${reasonOf(cause)}) : remettez-le depuis votre sauvegarde, corrigez son chemin, ou donnez-le au compte du programme (chown).`,
        en: `The secret file ${file} cannot be read (${reasonOf(cause)}). Restore it from your backup, correct its path, or give it to the program's account (chown).`,
      },
      { cause },
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const reasonOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'error';

/** Bits of the mode that let somebody in who is neither the owner nor, for another's file, in this process's group. */
function forbiddenBits({ uid, gid }: Stats): number {
  if (process.platform === 'win32') return 0;
  const isAnothers = uid !== process.geteuid?.();
  const isInGroup = gid === process.getegid?.() || process.getgroups?.().includes(gid) === true;
  return isAnothers && isInGroup ? 0o037 : 0o077;
}
