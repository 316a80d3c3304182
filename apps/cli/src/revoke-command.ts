import { type BadgeRevocation, RevokeBadges, RevokeOrphans, type StatusReason } from '#badges';
import { publicIdIn, tellStates } from './badge-status-command.js';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { reasonIn } from './status-reason.js';
import { formatTakingBack, languageOf, tellThenDo } from './taking-back-command.js';
import type { Words } from './words/command-words.js';

const sentences = {
  fr: { along: 'Tombent avec, car ils en dépendent :', already: 'déjà' },
  en: { along: 'Fall with it, because they stand on it:', already: 'already' },
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
    const request = { organisationId, publicIds, reasonClass, by: 'cli' };
    return tellThenDo(
      { values },
      {
        analyse: () => revoking.analyse(request),
        run: (expectedDigest) => revoking.run({ ...request, expectedDigest }),
      },
      inWords,
    );
  });
};

const inWords = ({ revoked, ...told }: BadgeRevocation, language: 'fr' | 'en'): string =>
  [
    tellStates(revoked, language),
    ...(told.effects.length > 0 ? [sentences[language].along, formatTakingBack(told, language)] : []),
  ].join('\n');

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
    by: 'cli',
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
