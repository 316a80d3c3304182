import { BadgeReader, issuanceSummary, PublishBadge } from '#badges';
import { textIn } from '#platform';
import { onInstance, organisationOf } from './command.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';

/** `insigne badge list`. @returns the exit code */
export const list = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
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
  });

/** Publishing is the learner's own act: this command is for whoever sits beside the learner. */
export const publish = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [awardId] }) => {
    const id = await new PublishBadge(service.database).publish(awardId!, {
      withName: values['with-name'] === true,
      by: 'command-line',
    });
    console.log(`${service.origin}/b/${id}`);
    return 0;
  });

/** `insigne badge withdraw AWARD`. @returns the exit code */
export const withdraw = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, positionals: [awardId] }) => {
    await new PublishBadge(service.database).withdraw(awardId!, 'command-line');
    return 0;
  });
