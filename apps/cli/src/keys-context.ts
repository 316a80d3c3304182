import type { ParseArgsConfig } from 'node:util';
import { DataSource } from 'typeorm';
import { allEntities } from '#badges';
import type { Organisation } from '#people';
import { dataSourceOptions, textIn } from '#platform';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { terminalLanguage } from './terminal.js';
import { Usage } from './usage.js';

/** Who acts, in the audit. */
export const actor = 'cli';

export const usage = `insigne keys list|create|rotate|retire|compromise|reissue|rewrap [--organisation SLUG] [--dry-run] [--json]
  create --by NAME [--witness NAME]… [--transcript FILE]
  rotate [--older-than DAYS]
  retire --key ID
  compromise --since INSTANT (--key ID… | --every-key)
  reissue [--all]
  rewrap --to SERVICE`;

export const word = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
export const words = { type: 'string', multiple: true } as const;

export interface KeysContext extends CommandContext {
  worker: DataSource;
  isDryRun: boolean;
  /** Prints the result: as JSON when asked, else as text. */
  say(result: object, text: () => string): void;
}

/** Runs a key command on the database of an instance, with the worker's role beside the api's. */
export async function onKeys(
  args: string[],
  options: NonNullable<ParseArgsConfig['options']>,
  run: (context: KeysContext) => Promise<number>,
): Promise<number> {
  const all = { organisation: word, json: flag, 'dry-run': flag, ...options };
  return onInstance(args, all, async (context) => {
    const { instance, values, positionals } = context;
    if (positionals.length > 0)
      throw new Usage(
        say(
          `« ${positionals.join(' ')} » n’est pas compris : un mot s’écrit après son option.\n${usage}`,
          `"${positionals.join(' ')}" is not understood: a word goes behind its option.\n${usage}`,
        ),
      );
    const worker = await new DataSource(
      dataSourceOptions({ url: instance.workerUrl, entities: allEntities, poolSize: 2 }),
    ).initialize();
    const print = (result: object, text: () => string): void =>
      console.log(values.json ? JSON.stringify(result, null, 2) : text());
    try {
      return await run({ ...context, worker, isDryRun: values['dry-run'] === true, say: print });
    } finally {
      await worker.destroy();
    }
  });
}

export const organisationIn = ({ service, values }: KeysContext): Promise<Organisation> =>
  organisationOf(service, values.organisation);

export const say = (fr: string, en: string): string => textIn({ fr, en }, terminalLanguage());

/** The refusal of a command without an option that it needs. @param form as one types it, `--key ID` */
export const missing = (form: string): Usage =>
  new Usage(say(`Il manque ${form}.\n${usage}`, `${form} is missing.\n${usage}`));
