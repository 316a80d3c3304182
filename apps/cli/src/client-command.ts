import { allScopes, createApiClient, isScope, usualScopes } from '#people';
import { onInstance, organisationOf } from './command.js';
import { Usage, type Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

/** `insigne client create --organisation SLUG --name N [--scope S …] [--by CODE]`: prints the secret once. */
export const clientCommand = async (words: Words): Promise<number> => {
  const scopes = (words.values.scope as string[] | undefined) ?? [...usualScopes];
  const unknown = scopes.filter((scope) => !isScope(scope));
  if (unknown.length > 0) throw new Usage(`${unknown.join(', ')}: ${allScopes.join(' ')}`);
  return onInstance(words, async ({ service, values }) => {
    const organisation = await organisationOf(service, values.organisation);
    const name = (values.name as string | undefined) ?? 'command-line';
    const client = await createApiClient(
      service.database.manager,
      { organisationId: organisation.id, name, scopes },
      actorIn({ values }),
    );
    console.log(JSON.stringify({ ...client, organisation: organisation.slug, scopes }, null, 2));
    return 0;
  });
};
