import { EntityManager } from 'typeorm';
import { issuerProfile, type Json } from '#badges';
import { Organisation } from '#people';
import { didWebFor } from '#signing';
import type { IssuerView } from '../pages/view-models.js';

/** What a stranger may know of a structure: its neutral public name first. */
export function issuerView(organisation: Organisation, parent: Organisation | null): IssuerView {
  return {
    publicName: organisation.publicName,
    // The legal name may say what the structure is; it is shown only when it is the public name.
    ...(organisation.siret !== null && { siret: organisation.siret }),
    ...(organisation.url !== null &&
      URL.canParse(organisation.url) && { domain: new URL(organisation.url).host }),
    href: `/issuers/${organisation.slug}`,
    ...(parent !== null && { memberOf: { name: parent.publicName, href: `/issuers/${parent.slug}` } }),
    since: organisation.createdAt.toISOString().slice(0, 10),
    ...(organisation.closedOn !== null && { closedOn: organisation.closedOn }),
  };
}

/** Its Open Badges 3.0 Profile, as badges issued now would say it. */
export const profileOf = (origin: string, organisation: Organisation, parent: Organisation | null): Json =>
  issuerProfile(origin, {
    did: didWebFor(origin, organisation.slug),
    slug: organisation.slug,
    name: organisation.publicName,
    url: organisation.url,
    description: organisation.description ?? {},
    siret: organisation.siret,
    parent: parent && { slug: parent.slug, name: parent.publicName },
  });

/** An organisation with the one above it, by id or slug; null when there is none. */
export async function organisationWithParent(
  manager: EntityManager,
  where: { id: string } | { slug: string },
): Promise<{ organisation: Organisation; parent: Organisation | null } | null> {
  const organisation = await manager.findOneBy(Organisation, where);
  if (!organisation) return null;
  const parent =
    organisation.parentId === null
      ? null
      : await manager.findOneBy(Organisation, { id: organisation.parentId });
  return { organisation, parent };
}
