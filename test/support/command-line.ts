import { format } from 'node:util';
import { insigne } from '../../apps/cli/src/insigne.js';

/** What a command answered. */
export interface Ran {
  code: number;
  /** stdout, stderr, and both in the order in which they were written. */
  out: string;
  err: string;
  output: string;
}

let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line as `main.ts` does, but in this process: loading the program anew costs seconds for each
 * command. One command at a time, since each has the environment and the console for itself.
 * @param environment all of it: nothing of the test's own is seen
 */
export function runHere(words: string[], environment: Record<string, string>): Promise<Ran> {
  const ran = previous.then(() => runAlone(words, environment));
  previous = ran.catch(() => undefined);
  return ran;
}

async function runAlone(words: string[], environment: Record<string, string>): Promise<Ran> {
  const ran: Ran = { code: 0, out: '', err: '', output: '' };
  const into =
    (stream: 'out' | 'err') =>
    (...parts: unknown[]): void => {
      const line = `${format(...parts)}\n`;
      ran[stream] += line;
      ran.output += line;
    };
  const { env } = process;
  const { log, error } = console;
  const { PATH = '', HOME = '' } = env;
  process.env = { PATH, HOME, ...environment };
  Object.assign(console, { log: into('out'), error: into('err') });
  try {
    ran.code = await insigne(words);
    return ran;
  } finally {
    Object.assign(console, { log, error });
    process.env = env;
  }
}

/** The environment of a command on a database of its own, without its data folder. */
export const databaseEnvironment = (urls: {
  ownerUrl: string;
  url: string;
  workerUrl: string;
}): Record<string, string> => ({
  DATABASE_URL: urls.ownerUrl,
  INSIGNE_API_DATABASE_URL: urls.url,
  INSIGNE_WORKER_DATABASE_URL: urls.workerUrl,
  LANG: 'C',
});
