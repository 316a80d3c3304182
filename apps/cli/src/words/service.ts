import { type CommandWords, flag, isMissing, word, words } from './command-words.js';
import { isDay } from './instants.js';

const queueUsage =
  'insigne queue [--json] [--watch] | insigne queue show ID | insigne queue retry ID… | --organisation SLUG | --all [--by CODE]';
const organisationUsage =
  'insigne organisation create --kind programme|region|structure --slug SLUG --name NAME [--public-name NAME] [--parent SLUG] [--siret SIRET] [--url URL] [--email ADDRESS] [--by CODE] | insigne organisation change [--organisation SLUG] --email ADDRESS [--by CODE]';
const clientUsage = 'insigne client create --organisation SLUG --name NAME [--scope SCOPE …] [--by CODE]';
const auditUsage = 'insigne audit export [--until YYYY-MM-DD]';
const restoreUsage =
  'insigne restore reconcile [--dry-run] [--damaged-lost] [--archive-lost] [--json] [--by CODE]';
const checkUsage = 'insigne check [--json] [--organisation SLUG] [--since YYYY-MM-DD] [--heads FILE]';

const organisation = word;
const many = Number.POSITIVE_INFINITY;
const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const up = async () => (await import('../up.js')).up;
const organisationCommand = (name: 'create' | 'change') => async () =>
  (await import('../organisation-command.js'))[name];
const client = async () => (await import('../client-command.js')).clientCommand;
const restore = async () => (await import('../restore-command.js')).restoreCommand;
const audit = async () => (await import('../audit-command.js')).auditCommand;
const queue = (name: 'overview' | 'show' | 'retry') => async () =>
  (await import('../queue-command.js'))[name];

/** What runs, sets up and checks the service: how each command is written. */
export const serviceWords: Record<string, CommandWords> = {
  up: { usage: 'insigne up [--data FOLDER] [--port N] [--origin URL]', load: up },
  demo: {
    usage: 'insigne demo [--once] [--json] [--data FOLDER] [--port N]',
    options: { once: flag, json: flag },
    load: async () => (await import('../demo.js')).demo,
  },
  migrate: {
    usage: 'insigne migrate',
    load: async () => (await import('../migrate-command.js')).migrateCommand,
  },
  organisation: { usage: organisationUsage },
  'organisation create': {
    usage: organisationUsage,
    options: {
      kind: word,
      slug: word,
      name: word,
      'public-name': word,
      parent: word,
      siret: word,
      url: word,
      email: word,
    },
    hasActor: true,
    refuse: ({ values: { kind, slug, name } }) =>
      slug && name && /^(programme|region|structure)$/.test(String(kind)) ? undefined : '',
    load: organisationCommand('create'),
  },
  'organisation change': {
    usage: organisationUsage,
    options: { organisation, email: word },
    hasActor: true,
    refuse: ({ values: { email } }) => (email === undefined ? isMissing('--email') : undefined),
    load: organisationCommand('change'),
  },
  client: { usage: clientUsage },
  'client create': {
    usage: clientUsage,
    options: { organisation, name: word, scope: words },
    hasActor: true,
    load: client,
  },
  queue: { usage: queueUsage, options: { json: flag, watch: flag }, load: queue('overview') },
  'queue show': {
    usage: queueUsage,
    options: { json: flag },
    least: 1,
    most: 1,
    refuse: ({ positionals }) => (isUuid(positionals[0]!) ? undefined : ''),
    load: queue('show'),
  },
  'queue retry': {
    usage: queueUsage,
    options: { all: flag, organisation },
    most: many,
    hasActor: true,
    refuse: ({ values, positionals: ids }) => {
      const asked = [ids.length > 0, values.all === true, values.organisation !== undefined];
      return asked.filter(Boolean).length === 1 && ids.every(isUuid) ? undefined : '';
    },
    load: queue('retry'),
  },
  'admin-link': {
    usage: 'insigne admin-link [--revoke-all] [--by CODE]',
    options: { 'revoke-all': flag },
    hasActor: true,
    load: async () => (await import('../admin-link-command.js')).adminLinkCommand,
  },
  restore: { usage: restoreUsage },
  'restore reconcile': {
    usage: restoreUsage,
    options: { 'dry-run': flag, 'damaged-lost': flag, 'archive-lost': flag, json: flag },
    hasActor: true,
    load: restore,
  },
  check: {
    usage: checkUsage,
    options: { organisation, since: word, heads: word, json: flag },
    refuse: ({ values: { since } }) =>
      since === undefined || isDay(since) ? undefined : `--since ${String(since)}`,
    load: async () => (await import('../check-command.js')).checkCommand,
  },
  audit: { usage: auditUsage },
  'audit export': {
    usage: auditUsage,
    options: { until: word },
    refuse: ({ values: { until } }) =>
      until === undefined || isDay(until) ? undefined : `--until ${String(until)}`,
    load: audit,
  },
};
