import { type AwardEffect, CorrectRegister, isStatusReason, type TakingBack, WithdrawSession } from '#badges';
import { textIn } from '#platform';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { terminalLanguage } from './terminal.js';
import { Usage } from './usage.js';

const usage =
  'insigne session withdraw NUMBER [--organisation SLUG] [--reason CODE] [--dry-run] [--expect DIGEST] [--json]';

const words = {
  fr: {
    appears: 'apparaît',
    changes: 'change',
    falls: 'tombe',
    planned: 'sera délivré',
    withdrawn: 'retiré sans trace',
    revoked: 'retiré, la page le dit',
    replaced: 'remplacé sans trace',
    superseded: 'remplacé, la page le dit',
    shownSince: 'montré depuis le',
    wasShown: 'a été montré',
    nothing: 'Aucun badge n’apparaît, ne change ou ne tombe.',
    dryRun: 'Essai : rien n’a été changé. Pour faire exactement cela : --expect',
    done: 'C’est fait.',
    incomplete: 'Lignes illisibles : personne n’y est compté absent :',
  },
  en: {
    appears: 'appears',
    changes: 'changes',
    falls: 'falls',
    planned: 'will be issued',
    withdrawn: 'taken back without trace',
    revoked: 'taken back, the page says so',
    replaced: 'replaced without trace',
    superseded: 'replaced, the page says so',
    shownSince: 'shown since',
    wasShown: 'was shown',
    nothing: 'No badge appears, changes or falls.',
    dryRun: 'Dry run: nothing was changed. To do exactly this: --expect',
    done: 'Done.',
    incomplete: 'Rows that cannot be read; nobody is taken for absent in:',
  },
};

/** What becomes of each award, one line each, with who has shown what. */
export function formatTakingBack({ effects }: TakingBack, language: 'fr' | 'en'): string {
  const say = words[language];
  const line = (one: AwardEffect): string =>
    [
      one.badge,
      one.personId,
      `${say[one.effect]} (${say[one.how]})`,
      one.shown
        ? `${say.shownSince} ${one.shown.since.toISOString().slice(0, 10)}`
        : one.wasShown
          ? say.wasShown
          : '',
      one.effect === 'falls' ? one.reasons.map(({ text }) => textIn(text, language)).join(' ') : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  return effects.length === 0 ? say.nothing : effects.map(line).join('\n');
}

interface Work<T extends TakingBack> {
  analyse(): Promise<T>;
  run(expectedDigest: string): Promise<unknown>;
}

/** Tells, then unless --dry-run does exactly that; with --expect, only when it is what was told before. */
async function tellThenDo<T extends TakingBack>(
  { values }: Pick<CommandContext, 'values'>,
  work: Work<T>,
): Promise<number> {
  const language = values.lang === 'fr' || values.lang === 'en' ? values.lang : terminalLanguage();
  const expected = typeof values.expect === 'string' ? values.expect : undefined;
  const told = await work.analyse();
  const isDryRun = values['dry-run'] === true;
  if (!values.json) console.log(formatTakingBack(told, language));
  if (!isDryRun) await work.run(expected ?? told.digest);
  if (values.json) console.log(JSON.stringify({ dryRun: isDryRun, ...told }, null, 2));
  else console.log(isDryRun ? `${words[language].dryRun} ${told.digest}` : words[language].done);
  return 0;
}

/** `insigne import campaign FILE --correct`. @returns the exit code */
export function correctCampaign(
  { service, values }: Pick<CommandContext, 'service' | 'values'>,
  file: { organisationId: string; bytes: Buffer; fileName: string },
): Promise<number> {
  const corrections = new CorrectRegister(service.database, service.queue, service.origin);
  return tellThenDo(
    { values },
    {
      analyse: async () => {
        const told = await corrections.analyseFile(file);
        const { incompleteSessions } = told.correction;
        if (incompleteSessions.length > 0)
          console.error(`${words[terminalLanguage()].incomplete} ${incompleteSessions.join(', ')}`);
        const { correction: _plan, ...rest } = told;
        return { ...rest, incompleteSessions };
      },
      run: (expectedDigest) => corrections.runFile({ ...file, expectedDigest, by: 'cli' }),
    },
  );
}

/** `insigne session withdraw NUMBER`: takes back a whole session. @returns the exit code */
export const sessionCommand = ([verb, ...args]: string[]): Promise<number> => {
  if (verb !== 'withdraw') throw new Usage(usage);
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { organisation: text, reason: text, expect: text, 'dry-run': flag, json: flag, lang: text };
  return onInstance(args, options, async ({ service, values, positionals: [code] }) => {
    const reasonClass = values.reason ?? 'issued_in_error';
    if (!code || typeof reasonClass !== 'string' || !isStatusReason(reasonClass)) throw new Usage(usage);
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const [session]: { id: string }[] = await service.database.query(
      'select id from session where organisation_id = $1 and code = $2',
      [organisationId, code],
    );
    if (!session) throw new Usage(`${usage}\n${code} ?`);
    const target = { organisationId, sessionId: session.id };
    const withdrawing = new WithdrawSession(service.database, service.queue, service.origin);
    return tellThenDo(
      { values },
      {
        analyse: () => withdrawing.analyse(target),
        run: (expectedDigest) => withdrawing.run({ ...target, expectedDigest, reasonClass, by: 'cli' }),
      },
    );
  });
};
