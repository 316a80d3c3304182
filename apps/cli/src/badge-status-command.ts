import {
  BadgeReader,
  type ChangedStatus,
  ChangeStatus,
  isStatusReason,
  type StatusChangeKind,
  type StatusReason,
  statusReasonCodes,
  statusReasons,
} from '#badges';
import { onInstance, organisationOf } from './command.js';
import { terminalLanguage } from './terminal.js';
import { Usage } from './usage.js';

const usage =
  'insigne badge revoke|suspend|reinstate PUBLIC_ID… --reason CODE [--organisation SLUG] [--dry-run] [--json]\n' +
  `insigne badge history PUBLIC_ID [--json]\nCODE: ${statusReasonCodes.join(' ')}`;

const usual: Partial<Record<StatusChangeKind, StatusReason>> = {
  suspend: 'under_review',
  reinstate: 'review_closed',
};

/** An address or a public id, as people copy it. */
const publicIdIn = (text: string): string =>
  text
    .split('/')
    .at(-1)!
    .replace(/\.(json|jwt)$/, '');

/** `insigne badge revoke|suspend|reinstate PUBLIC_ID…`: all of them, or none. @returns the exit code */
export const changeBadgeStatus = (change: StatusChangeKind, args: string[]): Promise<number> =>
  onInstance(
    args,
    {
      organisation: { type: 'string' },
      reason: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    },
    async ({ service, values, positionals }) => {
      const reason = values.reason ?? usual[change];
      if (positionals.length === 0 || typeof reason !== 'string' || !isStatusReason(reason))
        throw new Usage(usage);
      const { id: organisationId } = await organisationOf(service, values.organisation);
      const changing = new ChangeStatus(service.database);
      const request = {
        organisationId,
        publicIds: positionals.map(publicIdIn),
        change,
        reasonClass: reason,
        by: 'cli',
      };
      const changed = values['dry-run'] ? await changing.preview(request) : await changing.run(request);
      if (values.json) console.log(JSON.stringify({ dryRun: values['dry-run'] === true, changed }, null, 2));
      else console.log(told(changed, values['dry-run'] === true));
      return 0;
    },
  );

function told(changed: ChangedStatus[], isDryRun: boolean): string {
  const language = terminalLanguage();
  const states = {
    fr: { active: 'en cours', suspended: 'suspendu', revoked: 'retiré' },
    en: { active: 'active', suspended: 'suspended', revoked: 'revoked' },
  }[language];
  const unchanged = language === 'fr' ? 'déjà' : 'already';
  const dry = language === 'fr' ? 'Essai : rien n’a été changé.' : 'Dry run: nothing was changed.';
  return [
    ...changed.map(
      ({ publicId, state, isChanged }) =>
        `${publicId}\t${states[state]}${isChanged ? '' : ` (${unchanged})`}`,
    ),
    ...(isDryRun ? [dry] : []),
  ].join('\n');
}

/** `insigne badge history PUBLIC_ID`: every change of its status. @returns the exit code */
export const badgeHistory = (args: string[]): Promise<number> =>
  onInstance(
    args,
    { organisation: { type: 'string' }, json: { type: 'boolean' } },
    async ({ service, values, positionals: [address] }) => {
      if (!address) throw new Usage(usage);
      const { id: organisationId } = await organisationOf(service, values.organisation);
      const changes = await new BadgeReader(service.database).changesOf(organisationId, publicIdIn(address));
      if (values.json) console.log(JSON.stringify(changes, null, 2));
      else
        for (const { changedAt, change, toState, reason, by } of changes)
          console.log(
            [changedAt.toISOString(), change, toState, statusReasons[reason][terminalLanguage()], by].join(
              '\t',
            ),
          );
      return 0;
    },
  );
