import { AwardCampaign } from '#badges';
import { ImportCampaign, listHeldCases, ResolveHeldCase } from '#workshops';
import { onInstance, organisationOf } from './command.js';
import { Usage } from './usage.js';

const usage =
  'insigne held list | insigne held resolve CASE --decision same_person|different_people|discard [--keep-row N]';
const decisions = ['same_person', 'different_people', 'discard'] as const;

/** `insigne held list|resolve`: cases of a campaign that wait for a person. @returns the exit code */
export const heldCommand = ([verb, ...args]: string[]): Promise<number> => {
  if (verb === 'list') return list(args);
  if (verb === 'resolve') return resolve(args);
  throw new Usage(usage);
};

const list = (args: string[]): Promise<number> =>
  onInstance(args, { organisation: { type: 'string' } }, async ({ service, values }) => {
    const organisation = await organisationOf(service, values.organisation);
    console.log(
      JSON.stringify(await listHeldCases(service.database.manager, organisation.id, 'open'), null, 2),
    );
    return 0;
  });

const resolve = (args: string[]): Promise<number> => {
  const text = { type: 'string' } as const;
  const options = { organisation: text, decision: text, 'keep-row': text };
  return onInstance(args, options, async ({ service, values, positionals: [caseId] }) => {
    const decision = decisions.find((one) => one === values.decision);
    if (!caseId || !decision) throw new Usage(usage);
    const organisation = await organisationOf(service, values.organisation);
    const { database, queue, origin } = service;
    const awarding = new AwardCampaign(database, new ImportCampaign(database), queue, origin);
    const { recorded, awards } = await awarding.record(organisation.id, (onFacts) =>
      new ResolveHeldCase(database).run(
        {
          organisationId: organisation.id,
          caseId,
          by: 'command-line',
          decision,
          ...(values['keep-row'] !== undefined && { keepRow: Number(values['keep-row']) }),
        },
        onFacts,
      ),
    );
    console.log(JSON.stringify({ recorded, planned: awards.planned }, null, 2));
    return 0;
  });
};
