import { changeEmail, type OrganisationKind, registerOrganisation } from '#people';
import { onInstance, organisationOf } from './command.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

/** `insigne organisation create --kind structure --slug S --name N [--public-name P] [--parent SLUG] [--siret …] [--by CODE]` */
export const create = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const { kind, slug, name } = values as { kind: OrganisationKind; slug: string; name: string };
    const parent = values.parent === undefined ? null : await organisationOf(service, values.parent);
    const organisation = await service.database.transaction((tx) =>
      registerOrganisation(
        tx,
        {
          kind,
          slug,
          legalName: name,
          publicName: values['public-name'] as string | undefined,
          parentId: parent?.id ?? null,
          siret: (values.siret as string | undefined) ?? null,
          url: (values.url as string | undefined) ?? null,
          email: (values.email as string | undefined) ?? null,
        },
        actorIn({ values }),
      ),
    );
    console.log(JSON.stringify({ id: organisation.id, slug: organisation.slug, kind: organisation.kind }));
    return 0;
  });

/** `insigne organisation change [--organisation SLUG] --email ADDRESS [--by CODE]` */
export const change = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const organisation = await service.database.transaction((tx) =>
      changeEmail(tx, { organisationId, email: values.email as string, by: actorIn({ values }) }),
    );
    console.log(JSON.stringify({ id: organisation.id, slug: organisation.slug, email: organisation.email }));
    return 0;
  });
