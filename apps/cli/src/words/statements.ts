import { say } from '../terminal.js';
import { type CommandWords, flag, isMissing, type Words, word } from './command-words.js';
import { isDay } from './instants.js';

const askUsage =
  'insigne endorse ask [--target issuer|achievement|badge] [--achievement ID] [--award AWARD] [--days 30] [--by CODE] [--organisation SLUG] [--json]';
const decideUsage =
  'insigne endorse accept|refuse|withdraw ID [--learner-agreed] [--by CODE] [--organisation SLUG]';
const giveUsage = 'insigne endorse give LINK --comment TEXT [--by CODE] [--organisation SLUG]';
const endorseUsage = [
  askUsage,
  'insigne endorse list [--organisation SLUG] [--json]',
  decideUsage,
  giveUsage,
].join('\n');
const makeUsage =
  'insigne record make AWARD… --consented-on YYYY-MM-DD --consent said|written [--by CODE] [--organisation SLUG] [--json]';
const recordUsage = `${makeUsage}\ninsigne record list [--organisation SLUG] [--json]\ninsigne record withdraw ID [--by CODE] [--organisation SLUG]`;

const organisation = word;
const mostAwards = 25;
const isUuid = (text: unknown): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(text));
const unlessUuids = ({ positionals }: Words): string | undefined =>
  positionals.every(isUuid)
    ? undefined
    : say('Donnez l’identifiant tel que « list » le montre.', 'Give the id as "list" shows it.');

const endorse = (name: 'ask' | 'list' | 'accept' | 'refuse' | 'withdraw' | 'give') => async () =>
  (await import('../endorse-command.js'))[name];
const record = (name: 'make' | 'list' | 'withdraw') => async () =>
  (await import('../record-command.js'))[name];

const decide = (name: 'accept' | 'refuse' | 'withdraw'): CommandWords => ({
  usage: decideUsage,
  options: { organisation, ...(name === 'accept' && { 'learner-agreed': flag }) },
  least: 1,
  most: 1,
  hasActor: true,
  refuse: unlessUuids,
  load: endorse(name),
});

/** What others say of badges, and badges gathered into a record: how each command is written. */
export const statementWords: Record<string, CommandWords> = {
  endorse: { usage: endorseUsage },
  'endorse ask': {
    usage: askUsage,
    options: { organisation, target: word, achievement: word, award: word, days: word, json: flag },
    hasActor: true,
    refuse: refuseQuestion,
    load: endorse('ask'),
  },
  'endorse list': { usage: endorseUsage, options: { organisation, json: flag }, load: endorse('list') },
  'endorse accept': decide('accept'),
  'endorse refuse': decide('refuse'),
  'endorse withdraw': decide('withdraw'),
  'endorse give': {
    usage: giveUsage,
    options: { organisation, comment: word },
    hasActor: true,
    least: 1,
    most: 1,
    refuse: ({ values: { comment } }) => (comment === undefined ? isMissing('--comment TEXT') : undefined),
    load: endorse('give'),
  },
  record: { usage: recordUsage },
  'record make': {
    usage: makeUsage,
    options: { organisation, 'consented-on': word, consent: word, json: flag },
    hasActor: true,
    least: 1,
    most: mostAwards,
    refuse: refuseRecord,
    load: record('make'),
  },
  'record list': { usage: recordUsage, options: { organisation, json: flag }, load: record('list') },
  'record withdraw': {
    usage: recordUsage,
    options: { organisation },
    hasActor: true,
    least: 1,
    most: 1,
    refuse: unlessUuids,
    load: record('withdraw'),
  },
};

function refuseQuestion({
  values: { target = 'issuer', achievement, award, days },
}: Words): string | undefined {
  if (!['issuer', 'achievement', 'badge'].includes(String(target))) return `--target ${String(target)}`;
  if (target === 'achievement' && achievement === undefined) return isMissing('--achievement ID');
  if (target === 'badge' && !isUuid(award)) return isMissing('--award AWARD');
  if ((achievement !== undefined && target !== 'achievement') || (award !== undefined && target !== 'badge'))
    return `--target ${target === 'badge' ? 'achievement' : 'badge'} ?`;
  const isDays =
    days === undefined || (/^\d{1,2}$/.test(String(days)) && Number(days) >= 1 && Number(days) <= 90);
  return isDays ? undefined : say('--days : 1 à 90 jours.', '--days: 1 to 90 days.');
}

function refuseRecord(given: Words): string | undefined {
  const { consent, 'consented-on': day } = given.values;
  if (typeof day !== 'string') return isMissing('--consented-on YYYY-MM-DD');
  if (!isDay(day)) return `--consented-on ${day}`;
  if (consent !== 'said' && consent !== 'written') return isMissing('--consent said|written');
  return unlessUuids(given);
}
