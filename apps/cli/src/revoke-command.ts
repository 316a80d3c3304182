import {
  type BadgeRevocation,
  type NamedBadge,
  RevokeBadges,
  RevokeOrphans,
  type StatusReason,
} from '#badges';
import { publicIdIn, tellNamed, tellStates } from './badge-status-command.js';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { reasonIn } from './status-reason.js';
import { formatTakingBack, languageOf, reasonInWords, tellThenDo } from './taking-back-command.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const sentences = {
  fr: {
    nothing: 'Rien n’a changé.',
    along: 'Tombent avec, car ils en dépendent :',
    sum: (all: number, shown: number, were: number) =>
      `${all} badges nommés ; montrés maintenant : ${shown}, montrés avant, ou peut-être : ${were}, jamais montrés : ${all - shown - were}.`,
  },
  en: {
    nothing: 'Nothing has changed.',
    along: 'Fall with it, because they stand on it:',
    sum: (all: number, shown: number, were: number) =>
      `${all} badges named; shown now: ${shown}, shown before, or perhaps: ${were}, never shown: ${all - shown - were}.`,
  },
};

/** `insigne badge revoke …`: all of them with those that stand on them, or none. @returns the exit code */
export const revokeCommand = async (words: Words): Promise<number> => {
  const reasonClass = reasonIn(words, 'revoke');
  return onInstance(words, async (context) => {
    const { values, positionals, service } = context;
    const isOrphans = values.orphan === true || values['all-orphans'] === true;
    const { id: organisationId } = await organisationOf(service, values.organisation);
    if (isOrphans) return revokeOrphans(context, organisationId, reasonClass);
    const revoking = new RevokeBadges(service.database);
    const publicIds = positionals.map(publicIdIn);
    const request = { organisationId, publicIds, reasonClass, by: actorIn({ values }) };
    return tellThenDo(
      { values },
      {
        analyse: () => revoking.analyse(request),
        run: (expectedDigest) => revoking.run({ ...request, expectedDigest }),
      },
      inWords(service.origin, reasonClass),
      (done, usual) => [isNothing(done) ? sentences[languageOf(values)].nothing : usual],
    );
  });
};

/** They are revoked already, for the reason that was given then. */
const isNothing = ({ revoked, effects }: BadgeRevocation): boolean =>
  effects.length === 0 && revoked.every(({ isChanged }) => !isChanged);

const inWords =
  (origin: string, reasonClass: StatusReason) =>
  (told: BadgeRevocation, language: 'fr' | 'en'): string => {
    const { revoked, effects } = told;
    const along = [sentences[language].along, formatTakingBack(told, language)];
    const why = isNothing(told) ? [] : reasonInWords(told, language);
    return [
      ...revoked.map((one) => tellNamed(one, origin, language, reasonClass)),
      ...(revoked.length > 1 ? [sumOf(revoked, language)] : []),
      ...(effects.length > 0 ? along : why),
    ].join('\n');
  };

function sumOf(revoked: NamedBadge[], language: 'fr' | 'en'): string {
  const shown = revoked.filter((one) => one.shown !== null).length;
  return sentences[language].sum(revoked.length, shown, revoked.filter((one) => one.wasShown).length - shown);
}

/** Badges that were given out and that a restored database has no award for. */
async function revokeOrphans(
  { service, values, positionals }: CommandContext,
  organisationId: string,
  reasonClass: StatusReason,
): Promise<number> {
  const revoked = await new RevokeOrphans(service.database).run({
    organisationId,
    ...(values['all-orphans'] !== true && { credentialIds: positionals }),
    reasonClass,
    by: actorIn({ values }),
  });
  const language = languageOf(values);
  if (values.json) console.log(JSON.stringify({ revoked }, null, 2));
  else
    console.log(
      tellStates(
        revoked.map(({ credentialId, isChanged, reason }) => ({
          publicId: credentialId,
          state: 'revoked',
          isChanged,
          reason,
          replacedBy: null,
        })),
        language,
        reasonClass,
      ),
    );
  return 0;
}
