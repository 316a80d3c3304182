import { say } from '../terminal.js';
import {
  type Command,
  type CommandWords,
  flag,
  isMissing,
  type Words,
  word,
  words,
} from './command-words.js';
import { instantOf } from './instants.js';

const usage = `insigne keys list|create|rotate|retire|compromise|reissue|rewrap [--organisation SLUG] [--dry-run] [--json]
  create --by NAME|CODE [--witness NAME]… [--transcript FILE]
  rotate [--older-than DAYS] [--by CODE]
  retire --key ID [--by CODE]
  compromise --since INSTANT (--key ID… | --every-key) [--by CODE]
  reissue [--all] [--by CODE]
  rewrap --to SERVICE [--by CODE]`;

type Commands = Record<'list' | 'create' | 'rotate' | 'retire' | 'rewrap', Command>;
const keys = (name: keyof Commands) => async () => ((await import('../keys-command.js')) as Commands)[name];

const command = (
  load: CommandWords['load'],
  options: CommandWords['options'] = {},
  refuse?: CommandWords['refuse'],
  changesKeys = true,
): CommandWords => ({
  usage,
  options: { organisation: word, json: flag, 'dry-run': flag, ...options },
  // A ceremony has its own --by, which also takes a name: for the transcript alone.
  hasActor: changesKeys && options?.by === undefined,
  refuse,
  load,
});

/** `insigne keys …`: how each is written. */
export const keysWords: Record<string, CommandWords> = {
  keys: { usage },
  'keys list': command(keys('list'), {}, undefined, false),
  'keys create': command(keys('create'), { by: word, witness: words, transcript: word }, ({ values }) =>
    typeof values.by === 'string' && values.by.trim() !== '' ? undefined : isMissing('--by NAME'),
  ),
  'keys rotate': command(
    keys('rotate'),
    { 'older-than': word },
    ({ values: { 'older-than': days = '0' } }) =>
      /^\d{1,5}$/.test(String(days))
        ? undefined
        : say(
            `--older-than : un nombre entier de jours, pas « ${String(days)} ».`,
            `--older-than: a whole number of days, not "${String(days)}".`,
          ),
  ),
  'keys retire': command(keys('retire'), { key: word }, ({ values }) =>
    typeof values.key === 'string' ? undefined : isMissing('--key ID'),
  ),
  'keys compromise': command(
    async () => (await import('../stolen-keys-command.js')).compromise,
    { since: word, key: words, 'every-key': flag },
    refuseCompromise,
  ),
  'keys reissue': command(async () => (await import('../stolen-keys-command.js')).reissue, { all: flag }),
  'keys rewrap': command(keys('rewrap'), { to: word }, ({ values }) =>
    typeof values.to === 'string' ? undefined : isMissing('--to SERVICE'),
  ),
};

function refuseCompromise({
  values: { since, key = [], 'every-key': isEvery = false },
}: Words): string | undefined {
  if (typeof since !== 'string') return isMissing('--since 2026-11-22T08:00:00Z');
  if (instantOf(since) === undefined)
    return say(
      `--since : un instant avec son fuseau (2026-11-22T08:00:00Z) ou une date qui existe (2026-11-22), pas « ${since} ».`,
      `--since: an instant with its zone (2026-11-22T08:00:00Z) or a date that exists (2026-11-22), not "${since}".`,
    );
  return isEvery === (key as string[]).length > 0
    ? isMissing(say('--key ID… ou --every-key', '--key ID… or --every-key'))
    : undefined;
}
