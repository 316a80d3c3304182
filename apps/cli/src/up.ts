import { type Text, textIn } from '#platform';
import { makeAdminLink } from './admin-link-command.js';
import type { InstanceOptions } from './instance-settings.js';
import { tellOnStderr, terminalLanguage } from './terminal.js';
import { type Instance, startInstance } from './up-instance.js';
import type { Words } from './words/command-words.js';

export { type Instance, startInstance } from './up-instance.js';

/** Listens for Ctrl-C from the moment it is made. */
export class StopRequests {
  #lastAt = 0;
  readonly #first = new AbortController();
  /** What a second request does. */
  onSecond: () => void = () => undefined;

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(name, () => {
        // One Ctrl-C arrives several times: from the terminal and from npm, which passes it on.
        const isAnother = this.#first.signal.aborted && Date.now() - this.#lastAt > 700;
        this.#lastAt = Date.now();
        if (isAnother) this.onSecond();
        this.#first.abort();
      });
  }

  /** Aborted by the first request. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** Resolves with the first request. */
  get asked(): Promise<undefined> {
    const { signal } = this;
    return new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      else signal.addEventListener('abort', () => resolve(undefined));
    });
  }
}

/**
 * Runs until the first Ctrl-C, then stops in order; the second one ends everything at once.
 * @returns the process's exit code: 0, or 1 when the database failed for good
 */
export async function runUntilStopped(instance: Instance, requests: StopRequests): Promise<number> {
  requests.onSecond = instance.kill;
  // Nothing else keeps this process alive while its children work.
  const alive = setInterval(() => undefined, 60_000);
  const refusal = await Promise.race([requests.asked, instance.failed]);
  tellOnStderr(refusal?.text ?? stopping);
  await instance.stop();
  clearInterval(alive);
  if (!refusal) tellOnStderr(stopped);
  return refusal ? 1 : 0;
}

/**
 * `insigne up [--data DIR] [--port N] [--origin URL]`: the whole service until Ctrl-C.
 * @returns the process's exit code
 * @throws what startInstance throws
 */
export async function up({ values }: Words, environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const requests = new StopRequests();
  try {
    const instance = await startInstance(
      values as InstanceOptions,
      environment,
      tellOnStderr,
      requests.signal,
    );
    const language = terminalLanguage(environment);
    for (const line of greeting(instance)) console.log(textIn(line, language));
    if (instance.isEmpty) console.log(textIn(await firstLink(instance), language));
    return await runUntilStopped(instance, requests);
  } catch (error) {
    if (!requests.signal.aborted) throw error;
    tellOnStderr(stopped);
    return 130;
  }
}

const greeting = (instance: Instance): Text[] => [
  { fr: `Insigne est prêt : ${instance.origin}`, en: `Insigne is ready: ${instance.origin}` },
  { fr: `Données et journaux : ${instance.dataFolder}`, en: `Data and logs: ${instance.dataFolder}` },
  ...(instance.isEmpty ? [nextCommand] : []),
  { fr: 'Ctrl-C arrête tout', en: 'Ctrl-C stops everything' },
];

const firstLink = async (instance: Instance): Promise<Text> => {
  const link = await makeAdminLink(instance.apiUrl, instance.origin);
  return {
    fr: `Page d'exploitation, lien à usage unique, 15 minutes : ${link}`,
    en: `Operations page, one-time link, 15 minutes: ${link}`,
  };
};

const stopping = {
  fr: 'Arrêt en cours (Ctrl-C encore une fois : arrêt immédiat)',
  en: 'Stopping (Ctrl-C once more: at once)',
};

const stopped = { fr: 'Tout est arrêté', en: 'Everything has stopped' };

const nextCommand = {
  fr: 'La base est vide. À taper ensuite, dans un autre terminal : npm run insigne -- organisation create --kind structure --slug ma-structure --name "Ma structure"',
  en: 'The database is empty. Type next, in another terminal: npm run insigne -- organisation create --kind structure --slug my-structure --name "My structure"',
};
