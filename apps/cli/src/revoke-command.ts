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
import { formatTakingBack, languageOf, tellThenDo } from './taking-back-command.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const sentences = {
  fr: {
    along: 'Tombent avec, car ils en dépendent :',
    sum: (all: number, shown: number, were: number) =>
      `${all} badges nommés ; montrés maintenant : ${shown}, montrés avant, ou peut-être : ${were}, jamais montrés : ${all - shown - were}.`,
  },
  en: {
    along: 'Fall with it, because they stand on it:',
    sum: (all: number, shown: number, were: number) =>
      `${all} badges named; shown now: ${shown}, shown before, or perhaps: ${were}, never shown: ${all - shown - were}.`,
  },
};

/** `insigne badge revoke …`: all of them with those that stand on them, or none. @returns the exit code */
export const revokeCommand = async (words: Words): Promise<number> => {
  const reasonClass = reasonIn(words);
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
      inWords(service.origin),
    );
  });
};

const inWords =
  (origin: string) =>
  ({ revoked, ...told }: BadgeRevocation, language: 'fr' | 'en'): string =>
    [
      ...revoked.map((one) => tellNamed(one, origin, language)),
      ...(revoked.length > 1 ? [sumOf(revoked, language)] : []),
      ...(told.effects.length > 0 ? [sentences[language].along, formatTakingBack(told, language)] : []),
    ].join('\n');

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
        revoked.map(({ credentialId, isChanged }) => ({
          publicId: credentialId,
          state: 'revoked',
          isChanged,
          replacedBy: null,
        })),
        language,
      ),
    );
  return 0;
}
