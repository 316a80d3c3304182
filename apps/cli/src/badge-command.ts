import { BadgeReader, issuanceSummary, PublishBadge } from '#badges';
import { textIn } from '#platform';
import { badgeHistory, changeBadgeStatus } from './badge-status-command.js';
import { onInstance, organisationOf } from './command.js';
import { replaceCommand } from './replace-command.js';
import { revokeCommand } from './revoke-command.js';
import { terminalLanguage } from './terminal.js';
import { Usage } from './usage.js';

/** `insigne badge list|publish|withdraw|revoke|replace|suspend|reinstate|history`. @returns the exit code */
export const badgeCommand = ([verb, ...args]: string[]): Promise<number> => {
  if (verb === 'list') return list(args);
  if (verb === 'publish') return publish(args);
  if (verb === 'withdraw') return withdraw(args);
  if (verb === 'revoke') return revokeCommand(args);
  if (verb === 'replace') return replaceCommand(args);
  if (verb === 'suspend' || verb === 'reinstate') return changeBadgeStatus(verb, args);
  if (verb === 'history') return badgeHistory(args);
  throw new Usage('insigne badge list|publish|withdraw|revoke|replace|suspend|reinstate|history');
};

const list = (args: string[]): Promise<number> =>
  onInstance(
    args,
    { organisation: { type: 'string' }, json: { type: 'boolean' } },
    async ({ service, values }) => {
      const organisation = await organisationOf(service, values.organisation);
      const awards = await new BadgeReader(service.database).awards(organisation.id, { limit: 10_000 });
      const summary = await issuanceSummary(service.database.manager, organisation.id);
      if (values.json) console.log(JSON.stringify({ summary, awards }, null, 2));
      else {
        for (const award of awards)
          console.log(
            [
              award.id,
              award.state,
              award.badge,
              textIn(award.name, terminalLanguage()),
              award.credential?.publicId ?? '',
            ].join('\t'),
          );
        console.log(`planned ${summary.planned} · signed ${summary.signed} · refused ${summary.refused}`);
      }
      return 0;
    },
  );

/** Publishing is the learner's own act: this command is for whoever sits beside the learner. */
const publish = (args: string[]): Promise<number> =>
  onInstance(
    args,
    { 'with-name': { type: 'boolean' } },
    async ({ service, values, positionals: [awardId] }) => {
      if (!awardId) throw new Usage('insigne badge publish AWARD [--with-name]');
      const id = await new PublishBadge(service.database).publish(awardId, {
        withName: values['with-name'] === true,
        by: 'command-line',
      });
      console.log(`${service.origin}/b/${id}`);
      return 0;
    },
  );

const withdraw = (args: string[]): Promise<number> =>
  onInstance(args, {}, async ({ service, positionals: [awardId] }) => {
    if (!awardId) throw new Usage('insigne badge withdraw AWARD');
    await new PublishBadge(service.database).withdraw(awardId, 'command-line');
    return 0;
  });
