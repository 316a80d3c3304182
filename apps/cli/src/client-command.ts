import { allScopes, createApiClient, isScope } from '#people';
import { onInstance, organisationOf } from './command.js';
import { Usage } from './usage.js';

/** `insigne client create --organisation SLUG --name N [--scope S …]`: prints the secret once. */
export const clientCommand = ([verb, ...args]: string[]): Promise<number> => {
  if (verb !== 'create')
    throw new Usage('insigne client create --organisation SLUG --name NAME [--scope SCOPE …]');
  const options = {
    organisation: { type: 'string' },
    name: { type: 'string' },
    scope: { type: 'string', multiple: true },
  } as const;
  return onInstance(args, options, async ({ service, values }) => {
    const organisation = await organisationOf(service, values.organisation);
    const scopes = (values.scope as string[] | undefined) ?? [...allScopes];
    const unknown = scopes.filter((scope) => !isScope(scope));
    if (unknown.length > 0) throw new Usage(`${unknown.join(', ')}: ${allScopes.join(' ')}`);
    const client = await createApiClient(service.database.manager, {
      organisationId: organisation.id,
      name: (values.name as string | undefined) ?? 'command-line',
      scopes,
    });
    console.log(JSON.stringify({ ...client, organisation: organisation.slug, scopes }, null, 2));
    return 0;
  });
};
