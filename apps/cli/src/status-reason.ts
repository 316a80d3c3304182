import { reasonsFor, type StatusReason } from '#badges';
import { say } from './terminal.js';
import { Usage, type Words } from './words/command-words.js';

/**
 * The class of reason that a command gives with --reason: one of those that fit what it does.
 * @param usual when none is given
 * @throws Usage (`usage`) naming those that may be given
 */
export function reasonIn(
  { values }: Pick<Words, 'values'>,
  act: keyof typeof reasonsFor,
  usual?: StatusReason,
): StatusReason {
  const given = values.reason ?? usual;
  const allowed: readonly StatusReason[] = reasonsFor[act];
  const reason = allowed.find((one) => one === given);
  if (reason !== undefined) return reason;
  const list = allowed.join(', ');
  throw new Usage(
    given === undefined
      ? say(`Il manque --reason ; au choix : ${list}.`, `--reason is missing; one of: ${list}.`)
      : say(
          `--reason ${String(given)} ne convient pas ici ; au choix : ${list}.`,
          `--reason ${String(given)} does not fit here; one of: ${list}.`,
        ),
  );
}
