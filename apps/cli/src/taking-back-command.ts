import {
  type AwardEffect,
  CorrectRegister,
  type FileCorrection,
  type TakingBack,
  WithdrawSession,
} from '#badges';
import { textIn } from '#platform';
import { SessionNotFound } from '#workshops';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { factChanges } from './fact-changes.js';
import { reasonIn } from './status-reason.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const sentences = {
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
    withName: 'avec le nom',
    wasShown: 'a été montré, ou a pu l’être',
    neverShown: 'jamais montré',
    nothing: 'Aucun badge n’apparaît, ne change ou ne tombe.',
    reason: 'Raison : ',
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
    withName: 'with the name',
    wasShown: 'was shown, or may have been',
    neverShown: 'never shown',
    nothing: 'No badge appears, changes or falls.',
    reason: 'Reason: ',
    dryRun: 'Dry run: nothing was changed. To do exactly this: --expect',
    done: 'Done.',
    incomplete: 'Rows that cannot be read; nobody is taken for absent in:',
  },
};

/** What is corrected, and what becomes of each award, one line each, with who has shown what, and why. */
export function formatTakingBack(told: TakingBack, language: 'fr' | 'en'): string {
  const { changes, effects } = told;
  const say = sentences[language];
  const line = (one: AwardEffect): string =>
    [
      one.badge,
      one.personId,
      `${say[one.effect]} (${say[one.how]})`,
      one.shown || one.wasShown ? showingInWords(one, language) : '',
      one.effect === 'falls' ? one.reasons.map(({ text }) => textIn(text, language)).join(' ') : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  return [
    ...factChanges(changes, language),
    ...(effects.length === 0 ? [say.nothing] : effects.map(line)),
    ...reasonInWords(told, language),
  ].join('\n');
}

/** Why, where a reason was given: as the page says it. */
export const reasonInWords = ({ reasonText }: TakingBack, language: 'fr' | 'en'): string[] =>
  reasonText === undefined ? [] : [`${sentences[language].reason}${textIn(reasonText, language)}`];

/** Since when a badge is shown and in which way, that it was, or that nobody can have seen it. */
export function showingInWords(
  { shown, wasShown }: Pick<AwardEffect, 'shown' | 'wasShown'>,
  language: 'fr' | 'en',
): string {
  const say = sentences[language];
  if (!shown) return wasShown ? say.wasShown : say.neverShown;
  const since = `${say.shownSince} ${shown.since.toISOString().slice(0, 10)}`;
  return shown.withName ? `${since}, ${say.withName}` : since;
}

/** The language asked for with --lang, else the terminal's. */
export const languageOf = (values: CommandContext['values']): 'fr' | 'en' =>
  values.lang === 'fr' || values.lang === 'en' ? values.lang : terminalLanguage();

interface Work<T extends TakingBack> {
  analyse(): Promise<T>;
  run(expectedDigest: string): Promise<T>;
}

/**
 * Tells, then unless --dry-run does exactly that; with --expect, only when it is what was told before.
 * @param doneWords what people are told once it is done; `usual` says that it is
 * @returns the exit code
 */
export async function tellThenDo<T extends TakingBack>(
  { values }: Pick<CommandContext, 'values'>,
  work: Work<T>,
  inWords: (told: T, language: 'fr' | 'en') => string = formatTakingBack,
  doneWords: (done: T, usual: string) => string[] = (_done, usual) => [usual],
): Promise<number> {
  const language = languageOf(values);
  const expected = typeof values.expect === 'string' ? values.expect : undefined;
  const told = await work.analyse();
  const isDryRun = values['dry-run'] === true;
  if (!values.json) console.log(inWords(told, language));
  const done = isDryRun ? told : await work.run(expected ?? told.digest);
  if (values.json) console.log(JSON.stringify({ dryRun: isDryRun, ...done }, null, 2));
  else if (isDryRun) console.log(`${sentences[language].dryRun} ${told.digest}`);
  else for (const line of doneWords(done, sentences[language].done)) console.log(line);
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
        const told = toldOf(await corrections.analyseFile(file));
        if (told.incompleteSessions.length > 0)
          console.error(`${sentences[languageOf(values)].incomplete} ${told.incompleteSessions.join(', ')}`);
        return told;
      },
      run: async (expectedDigest) =>
        toldOf(await corrections.runFile({ ...file, expectedDigest, by: actorIn({ values }) })),
    },
  );
}

/** Without the plan, which holds names. */
const toldOf = ({ correction: { incompleteSessions }, ...told }: FileCorrection) => ({
  ...told,
  incompleteSessions,
});

/** `insigne session withdraw NUMBER`: takes back a whole session. @returns the exit code */
export const withdrawSession = async (words: Words): Promise<number> => {
  const reasonClass = reasonIn(words, 'withdraw', 'issued_in_error');
  return onInstance(words, async ({ service, values, positionals }) => {
    const code = positionals[0]!;
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const [session]: { id: string }[] = await service.database.query(
      'select id from session where organisation_id = $1 and code = $2',
      [organisationId, code],
    );
    if (!session) throw new SessionNotFound(code);
    const target = { organisationId, sessionId: session.id, reasonClass };
    const withdrawing = new WithdrawSession(service.database, service.queue, service.origin);
    return tellThenDo(
      { values },
      {
        analyse: () => withdrawing.analyse(target),
        run: (expectedDigest) => withdrawing.run({ ...target, expectedDigest, by: actorIn({ values }) }),
      },
    );
  });
};
