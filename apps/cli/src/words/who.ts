import { say } from '../terminal.js';
import type { Words } from './command-words.js';

const personId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const code = /^(?=.{2,20}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const mostDigits = 6;

/** A name has no digit; a telephone number, a day of birth and a social security number have more than six. */
const isCode = (text: string): boolean => {
  const digits = text.replace(/\D/g, '').length;
  return personId.test(text) || (code.test(text) && digits > 0 && digits <= mostDigits);
};

/**
 * Who acts, for the history of a badge and the audit: `cli:adm-2` with `--by ADM-2`, one spelling for one person.
 * @param unknown when nobody says, or says a name
 */
export function actorIn({ values: { by } }: Pick<Words, 'values'>, unknown = 'cli'): string {
  const given = typeof by === 'string' ? by.trim().toLowerCase() : '';
  return isCode(given) ? `cli:${given}` : unknown;
}

/** Why `--by` is refused; undefined when it may stand in the audit, or is not given. */
export function refuseActor({ values: { by } }: Pick<Words, 'values'>): string | undefined {
  if (by === undefined || isCode(String(by).trim().toLowerCase())) return undefined;
  return say(
    `--by : un code court de 2 à 20 lettres sans accent, chiffres et tirets, dont un à six chiffres (adm-2), ou l’identifiant d’une personne, pas « ${String(by)} ». Le journal d’audit ne garde ni nom, ni adresse, ni téléphone.`,
    `--by: a short code of 2 to 20 letters without accents, digits and hyphens, one to six of them digits (adm-2), or a person's id, not "${String(by)}". The audit chain keeps no name, address or telephone number.`,
  );
}
