import {
  type BadgeRevocation,
  isStatusReason,
  RevokeBadges,
  RevokeOrphans,
  type StatusReason,
  statusReasonCodes,
} from '#badges';
import { publicIdIn, tellStates } from './badge-status-command.js';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { formatTakingBack, languageOf, tellThenDo } from './taking-back-command.js';
import { Usage } from './usage.js';

const usage =
  'insigne badge revoke PUBLIC_ID… --reason CODE [--organisation SLUG] [--dry-run] [--expect DIGEST] [--json]\n' +
  'insigne badge revoke --orphan CREDENTIAL_ID…|--all-orphans --reason CODE [--organisation SLUG] [--json]\n' +
  `CODE: ${statusReasonCodes.join(' ')}`;

const words = {
  fr: { along: 'Tombent avec, car ils en dépendent :', already: 'déjà' },
  en: { along: 'Fall with it, because they stand on it:', already: 'already' },
};

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  organisation: text,
  reason: text,
  expect: text,
  orphan: flag,
  'all-orphans': flag,
  'dry-run': flag,
  json: flag,
  lang: text,
};

/** `insigne badge revoke …`: all of them with those that stand on them, or none. @returns the exit code */
export const revokeCommand = (args: string[]): Promise<number> =>
  onInstance(args, options, async (context) => {
    const { values, positionals, service } = context;
    const isOrphans = values.orphan === true || values['all-orphans'] === true;
    const reasonClass = values.reason;
    if (
      typeof reasonClass !== 'string' ||
      !isStatusReason(reasonClass) ||
      (positionals.length === 0) !== (values['all-orphans'] === true) ||
      (isOrphans && (values['dry-run'] === true || values.expect !== undefined))
    )
      throw new Usage(usage);
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

const inWords = ({ revoked, ...told }: BadgeRevocation, language: 'fr' | 'en'): string =>
  [
    tellStates(revoked, language),
    ...(told.effects.length > 0 ? [words[language].along, formatTakingBack(told, language)] : []),
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
