import { isStatusReason, peoplesReasonCodes, type StatusReason } from '#badges';
import { Usage, type Words } from './words/command-words.js';

/**
 * The class of reason that a command gives with --reason.
 * @param usual when none is given
 * @param allowed the classes that fit the command (default: all that people give)
 * @throws Usage (`usage`) naming those that may be given
 */
export function reasonIn(
  { values }: Pick<Words, 'values'>,
  usual?: StatusReason,
  allowed: readonly StatusReason[] = peoplesReasonCodes,
): StatusReason {
  const reason = values.reason ?? usual;
  if (typeof reason === 'string' && isStatusReason(reason) && allowed.includes(reason)) return reason;
  throw new Usage(`--reason ${String(reason ?? '')}: ${allowed.join(' ')}`);
}
