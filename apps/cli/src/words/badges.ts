import { say } from '../terminal.js';
import { type CommandWords, flag, type Words, word } from './command-words.js';
import { decisions } from './held-decisions.js';
import { isDay } from './instants.js';

const badgeVerbs = 'insigne badge list|publish|withdraw|bind|unbind|revoke|replace|suspend|reinstate|history';
const organisation = word;
const taking = { organisation, reason: word, expect: word, 'dry-run': flag, json: flag, lang: word };
const many = Number.POSITIVE_INFINITY;

const badge = (name: 'list' | 'publish' | 'withdraw' | 'bind') => async () =>
  (await import('../badge-command.js'))[name];
const status = (name: 'suspend' | 'reinstate') => async () => {
  const { changeBadgeStatus } = await import('../badge-status-command.js');
  return (words: Words) => changeBadgeStatus(name, words);
};

const statusUsage =
  'insigne badge suspend|reinstate PUBLIC_ID… [--reason CODE] [--by CODE] [--organisation SLUG] [--dry-run] [--json]\n' +
  'insigne badge history PUBLIC_ID [--json]';
const changing = { organisation, reason: word, 'dry-run': flag, json: flag };

const heldUsage =
  'insigne held list | insigne held resolve CASE --decision same_person|different_people|discard [--keep-row N] [--by CODE]';
const importUsage = 'insigne import frameworks|catalogue|campaign';

/** Badges, sessions, imports and held cases: how each command is written. */
export const badgeWords: Record<string, CommandWords> = {
  badge: { usage: badgeVerbs },
  'badge list': { usage: badgeVerbs, options: { organisation, json: flag }, load: badge('list') },
  'badge publish': {
    usage: 'insigne badge publish AWARD [--with-name] [--by CODE]',
    options: { 'with-name': flag },
    hasActor: true,
    least: 1,
    most: 1,
    refuse: ({ positionals }) => refuseAward(positionals),
    load: badge('publish'),
  },
  'badge withdraw': {
    usage: 'insigne badge withdraw AWARD [--by CODE]',
    least: 1,
    most: 1,
    hasActor: true,
    refuse: ({ positionals }) => refuseAward(positionals),
    load: badge('withdraw'),
  },
  'badge bind': {
    usage: 'insigne badge bind AWARD --email ADDRESS [--by CODE] [--organisation SLUG]',
    options: { organisation, email: word },
    hasActor: true,
    least: 1,
    most: 1,
    refuse: ({ values: { email }, positionals }) =>
      email === undefined ? say('--email manque.', '--email is missing.') : refuseAward(positionals),
    load: badge('bind'),
  },
  'badge unbind': {
    usage: 'insigne badge unbind AWARD [--by CODE] [--organisation SLUG]',
    options: { organisation },
    hasActor: true,
    least: 1,
    most: 1,
    refuse: ({ positionals }) => refuseAward(positionals),
    load: badge('bind'),
  },
  'badge revoke': {
    usage:
      'insigne badge revoke PUBLIC_ID… --reason CODE [--by CODE] [--organisation SLUG] [--dry-run] [--expect DIGEST] [--json]\n' +
      'insigne badge revoke --orphan CREDENTIAL_ID…|--all-orphans --reason CODE [--by CODE] [--organisation SLUG] [--json]',
    options: { ...taking, orphan: flag, 'all-orphans': flag },
    most: many,
    hasActor: true,
    refuse: refuseRevoke,
    load: async () => (await import('../revoke-command.js')).revokeCommand,
  },
  'badge replace': {
    usage:
      'insigne badge replace PUBLIC_ID [--given-name NAME] [--family-name NAME] [--held-on YYYY-MM-DD] [--reason CODE]\n' +
      '  [--by CODE] [--organisation SLUG] [--dry-run] [--expect DIGEST] [--json]',
    options: { ...taking, 'given-name': word, 'family-name': word, 'held-on': word },
    least: 1,
    most: 1,
    hasActor: true,
    refuse: ({ values: { 'held-on': heldOn } }) =>
      heldOn === undefined || isDay(heldOn) ? undefined : `--held-on ${String(heldOn)}`,
    load: async () => (await import('../replace-command.js')).replaceCommand,
  },
  'badge suspend': {
    usage: statusUsage,
    options: changing,
    least: 1,
    most: many,
    hasActor: true,
    load: status('suspend'),
  },
  'badge reinstate': {
    usage: statusUsage,
    options: changing,
    least: 1,
    most: many,
    hasActor: true,
    load: status('reinstate'),
  },
  'badge history': {
    usage: statusUsage,
    options: { organisation, json: flag },
    least: 1,
    most: 1,
    load: async () => (await import('../badge-status-command.js')).badgeHistory,
  },
  session: { usage: 'insigne session list\ninsigne session withdraw NUMBER' },
  'session list': {
    usage: 'insigne session list [--organisation SLUG] [--json]',
    options: { organisation, json: flag },
    load: async () => (await import('../session-list-command.js')).listSessions,
  },
  'session withdraw': {
    usage:
      'insigne session withdraw NUMBER [--organisation SLUG] [--reason CODE] [--by CODE] [--dry-run] [--expect DIGEST] [--json]',
    options: taking,
    least: 1,
    most: 1,
    hasActor: true,
    load: async () => (await import('../taking-back-command.js')).withdrawSession,
  },
  held: { usage: heldUsage },
  'held list': {
    usage: heldUsage,
    options: { organisation },
    load: async () => (await import('../held-command.js')).list,
  },
  'held resolve': {
    usage: heldUsage,
    options: { organisation, decision: word, 'keep-row': word },
    least: 1,
    most: 1,
    hasActor: true,
    refuse: ({ values: { decision, 'keep-row': row } }) =>
      decisions.some((one) => one === decision) && (row === undefined || /^\d{1,7}$/.test(String(row)))
        ? undefined
        : '',
    load: async () => (await import('../held-command.js')).resolve,
  },
  import: { usage: importUsage },
  'import frameworks': {
    usage: `${importUsage}\ninsigne import frameworks FILE --code CODE`,
    options: { code: word },
    most: many,
    refuse: ({ values, positionals }) =>
      values.code !== undefined && positionals.length !== 1
        ? say('--code demande un fichier et un seul.', '--code needs one file and one only.')
        : undefined,
    load: async () => (await import('../import-command.js')).frameworks,
  },
  'import catalogue': {
    usage: 'insigne import catalogue [FILE] [--organisation SLUG]',
    options: { organisation },
    most: 1,
    load: async () => (await import('../import-command.js')).catalogue,
  },
  'import campaign': {
    usage:
      'insigne import campaign FILE [--organisation SLUG] [--dry-run] [--json] [--confirm-staff | --correct [--expect DIGEST]] [--by CODE]',
    options: {
      organisation,
      'dry-run': flag,
      json: flag,
      'confirm-staff': flag,
      correct: flag,
      expect: word,
      lang: word,
    },
    least: 1,
    most: 1,
    hasActor: true,
    load: async () => (await import('../import-command.js')).campaign,
  },
};

function refuseRevoke({ values, positionals }: Words): string | undefined {
  const isAll = values['all-orphans'] === true;
  const isOrphans = values.orphan === true || isAll;
  const isUnderstood =
    typeof values.reason === 'string' &&
    (positionals.length === 0) === isAll &&
    !(isOrphans && (values['dry-run'] === true || values.expect !== undefined));
  return isUnderstood ? undefined : '';
}

const refuseAward = ([award]: string[]): string | undefined =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(award!)
    ? undefined
    : say(
        `« ${award} » n’est pas l’identifiant d’une attribution : « insigne badge list » les donne.`,
        `"${award}" is not the id of an award: "insigne badge list" gives them.`,
      );
