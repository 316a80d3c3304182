import { AwardCampaign } from '#badges';
import { ImportCampaign, listHeldCases, ResolveHeldCase } from '#workshops';
import { onInstance, organisationOf } from './command.js';
import type { Words } from './words/command-words.js';
import { decisions } from './words/held-decisions.js';
import { actorIn } from './words/who.js';

/** `insigne held list`: cases of a campaign that wait for a person. @returns the exit code */
export const list = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const organisation = await organisationOf(service, values.organisation);
    console.log(
      JSON.stringify(await listHeldCases(service.database.manager, organisation.id, 'open'), null, 2),
    );
    return 0;
  });

/** `insigne held resolve CASE`. @returns the exit code */
export const resolve = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [caseId] }) => {
    const decision = decisions.find((one) => one === values.decision);
    const organisation = await organisationOf(service, values.organisation);
    const { database, queue, origin } = service;
    const awarding = new AwardCampaign(database, new ImportCampaign(database), queue, origin);
    const { recorded, awards } = await awarding.record(organisation.id, (onFacts) =>
      new ResolveHeldCase(database).run(
        {
          organisationId: organisation.id,
          caseId: caseId!,
          by: actorIn({ values }, 'command-line'),
          decision: decision!,
          ...(values['keep-row'] !== undefined && { keepRow: Number(values['keep-row']) }),
        },
        onFacts,
      ),
    );
    console.log(JSON.stringify({ recorded, planned: awards.planned }, null, 2));
    return 0;
  });
