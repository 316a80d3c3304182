import 'reflect-metadata';
import type { Text } from '#platform';
import { help } from './help.js';
import { terminalLanguage } from './terminal.js';

type Command = (args: string[]) => Promise<number>;

/** Each command loads what it needs and nothing else: most of the starting time is reading libraries. */
const commands: Record<string, () => Promise<Command>> = {
  up: async () => (await import('./up.js')).up,
  demo: async () => (await import('./demo.js')).demo,
  migrate: async () => (await import('./migrate-command.js')).migrateCommand,
  import: async () => (await import('./import-command.js')).importCommand,
  organisation: async () => (await import('./organisation-command.js')).organisationCommand,
  client: async () => (await import('./client-command.js')).clientCommand,
  badge: async () => (await import('./badge-command.js')).badgeCommand,
  restore: async () => (await import('./restore-command.js')).restoreCommand,
  check: async () => (await import('./check-command.js')).checkCommand,
  audit: async () => (await import('./audit-command.js')).auditCommand,
  session: async () => (await import('./taking-back-command.js')).sessionCommand,
  held: async () => (await import('./held-command.js')).heldCommand,
  keys: async () => (await import('./keys-command.js')).keysCommand,
  queue: async () => (await import('./queue-command.js')).queueCommand,
  'admin-link': async () => (await import('./admin-link-command.js')).adminLinkCommand,
  verify: async () => {
    const { runVerify } = await import('./verify-command.js');
    return (args) => runVerify(args, process);
  },
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help[terminalLanguage()]);
    return name === undefined ? 64 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) return misunderstood(name);
  const command = await load();
  return command(args);
}

const misunderstood = (words: string): number => {
  console.error(`${words}\n\n${help[terminalLanguage()]}`);
  return 64;
};

/** @returns the exit code of a command that failed */
async function tellFailure(error: unknown): Promise<number> {
  const [{ DomainError, textIn }, { Usage }] = await Promise.all([import('#platform'), import('./usage.js')]);
  if (error instanceof Usage) return misunderstood(error.message);
  if (!(error instanceof DomainError)) {
    console.error(error);
    return 70;
  }
  // A refusal is a sentence that says what to do; a stack would hide it.
  const { refusalTexts } = await import('./refusal-texts.js');
  const text = (error as { text?: Text }).text ?? refusalTexts.get(error.code);
  console.error(text ? textIn(text, terminalLanguage()) : error.message);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(tellFailure);
