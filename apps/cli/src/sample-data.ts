import type { DataSource, EntityManager } from 'typeorm';
import { importAchievements } from '#badges';
import { importShippedFrameworks } from '#frameworks';
import { changeEmail, Organisation, registerOrganisation } from '#people';
import { importCatalogue, readStarterCatalogue } from '#workshops';

const email = 'contact@example.org';

export interface SampleOrganisations {
  programme: Organisation;
  structure: Organisation;
}

/** The demonstration's invented programme and structure; asking again answers those that exist. */
export async function sampleOrganisations(database: DataSource): Promise<SampleOrganisations> {
  return database.transaction(async (tx) => {
    const programme = await registerOrganisation(tx, {
      kind: 'programme',
      slug: 'programme-exemple',
      legalName: 'Programme Exemple (fictif)',
      publicName: 'Programme Exemple',
      email,
      description: {
        fr: 'Programme inventé pour la démonstration.',
        en: 'A programme invented for the demonstration.',
      },
    });
    const region = await registerOrganisation(tx, {
      parentId: programme.id,
      kind: 'region',
      slug: 'region-exemple',
      legalName: 'Région Exemple (fictive)',
      publicName: 'Région Exemple',
    });
    const structure = await registerOrganisation(tx, {
      parentId: region.id,
      kind: 'structure',
      slug: 'chantier-exemple',
      legalName: 'Chantier Exemple (SIAE fictive)',
      publicName: 'Atelier Exemple',
      email,
      description: {
        fr: 'Structure inventée pour la démonstration : aucun badge délivré ici ne vaut quelque chose.',
        en: 'A structure invented for the demonstration: no badge issued here is worth anything.',
      },
    });
    return { programme: await withEmail(tx, programme), structure: await withEmail(tx, structure) };
  });
}

/** Data of an earlier version of the demonstration has none. */
const withEmail = async (tx: EntityManager, organisation: Organisation): Promise<Organisation> =>
  organisation.email === null
    ? changeEmail(tx, { organisationId: organisation.id, email, by: 'demo' })
    : organisation;

/** Frameworks, workshops and badges that come with the program. Importing again changes nothing. */
export async function importStarterContent(database: DataSource, programme: Organisation): Promise<void> {
  await database.transaction(async (tx) => {
    await importShippedFrameworks(tx);
    const catalogue = readStarterCatalogue();
    await importCatalogue(tx, { organisationId: programme.id, catalogue });
    await importAchievements(tx, {
      organisationId: programme.id,
      organisationName: programme.publicName,
      catalogue,
    });
  });
}
