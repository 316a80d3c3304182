import { DataSource } from 'typeorm';
import { allEntities } from '#badges';
import type { Organisation } from '#people';
import { dataSourceOptions } from '#platform';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

export interface KeysContext extends CommandContext {
  worker: DataSource;
  isDryRun: boolean;
  /** Who acts, in the audit. */
  actor: string;
  /** Prints the result: as JSON when asked, else as text. */
  say(result: object, text: () => string): void;
}

/** Runs a key command on the database of an instance, with the worker's role beside the api's. */
export async function onKeys(words: Words, run: (context: KeysContext) => Promise<number>): Promise<number> {
  return onInstance(words, async (context) => {
    const { instance, values } = context;
    const worker = await new DataSource(
      dataSourceOptions({ url: instance.workerUrl, entities: allEntities, poolSize: 2 }),
    ).initialize();
    const print = (result: object, text: () => string): void =>
      console.log(values.json ? JSON.stringify(result, null, 2) : text());
    try {
      return await run({
        ...context,
        worker,
        isDryRun: values['dry-run'] === true,
        actor: actorIn({ values }),
        say: print,
      });
    } finally {
      await worker.destroy();
    }
  });
}

export const organisationIn = ({ service, values }: KeysContext): Promise<Organisation> =>
  organisationOf(service, values.organisation);
