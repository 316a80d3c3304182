import { createApiClient, registerOrganisation } from '#people';
import { onInstance, organisationOf, Usage } from './command.js';

/** `insigne organisation create --kind structure --slug S --name N [--public-name P] [--parent SLUG] [--siret …]` */
export const organisationCommand = ([verb, ...args]: string[]): Promise<number> => {
  if (verb !== 'create')
    throw new Usage('insigne organisation create --kind programme|region|structure --slug SLUG --name NAME');
  const text = { type: 'string' } as const;
  const options = {
    kind: text,
    slug: text,
    name: text,
    'public-name': text,
    parent: text,
    siret: text,
    url: text,
  };
  return onInstance(args, options, async ({ service, values }) => {
    const { kind, slug, name } = values as Record<string, string | undefined>;
    if (!slug || !name || (kind !== 'programme' && kind !== 'region' && kind !== 'structure'))
      throw new Usage(
        'insigne organisation create --kind programme|region|structure --slug SLUG --name NAME',
      );
    const parent = values.parent === undefined ? null : await organisationOf(service, values.parent);
    const organisation = await service.database.transaction((tx) =>
      registerOrganisation(tx, {
        kind,
        slug,
        legalName: name,
        publicName: values['public-name'] as string | undefined,
        parentId: parent?.id ?? null,
        siret: (values.siret as string | undefined) ?? null,
        url: (values.url as string | undefined) ?? null,
      }),
    );
    console.log(JSON.stringify({ id: organisation.id, slug: organisation.slug, kind: organisation.kind }));
    return 0;
  });
};

const allScopes = [
  'organisation:read',
  'organisation:write',
  'framework:read',
  'workshop:read',
  'workshop:write',
  'import:write',
  'award:read',
  'award:issue',
  'publication:write',
  'verification:run',
];

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
    const scopes = (values.scope as string[] | undefined) ?? allScopes;
    const unknown = scopes.filter((scope) => !allScopes.includes(scope));
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
