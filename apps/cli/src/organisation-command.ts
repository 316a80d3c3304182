import { registerOrganisation } from '#people';
import { onInstance, organisationOf } from './command.js';
import { Usage } from './usage.js';

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
