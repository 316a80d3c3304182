import type { EntityManager } from 'typeorm';
import { canonicalJson, sha256, uuid } from '#platform';
import type { Catalogue, CatalogueBadge, CatalogueWorkshop } from './catalogue.js';
import { Workshop } from './workshop.entity.js';

const contentHash = (workshop: CatalogueWorkshop): string => sha256(canonicalJson(workshop)).toString('hex');

/**
 * Records the workshops of a catalogue for the programme that owns it. A workshop whose content changed becomes a
 * new version; the former versions stay for the sessions that were given with them.
 * @returns the current version of every workshop of the catalogue, its badges unchanged, and what was new
 */
export async function importCatalogue(
  tx: EntityManager,
  { organisationId, catalogue }: { organisationId: string; catalogue: Catalogue },
): Promise<{
  workshops: Workshop[];
  badges: CatalogueBadge[];
  created: number;
  revised: number;
  unchanged: number;
}> {
  const current = new Map(
    (await currentWorkshops(tx, organisationId)).map((workshop) => [workshop.code, workshop]),
  );
  const counts = { created: 0, revised: 0, unchanged: 0 };
  const workshops: Workshop[] = [];
  for (const content of catalogue.workshops) {
    const known = current.get(content.code);
    const hash = contentHash(content);
    if (known?.contentHash === hash) {
      counts.unchanged += 1;
      workshops.push(known);
      continue;
    }
    const workshop = Object.assign(new Workshop(), {
      ...content,
      id: uuid(),
      organisationId,
      version: (known?.version ?? 0) + 1,
      lessonUrl: content.lessonUrl ?? null,
      contentHash: hash,
      createdAt: new Date(),
    });
    await tx.insert(Workshop, workshop as never);
    counts[known ? 'revised' : 'created'] += 1;
    workshops.push(workshop);
  }
  return { workshops, badges: catalogue.badges, ...counts };
}

/** The newest version of every workshop that an organisation owns. */
export const currentWorkshops = (tx: EntityManager, organisationId: string): Promise<Workshop[]> =>
  tx
    .createQueryBuilder(Workshop, 'w')
    .where('w.organisation_id = :organisationId', { organisationId })
    .distinctOn(['w.code'])
    .orderBy('w.code')
    .addOrderBy('w.version', 'DESC')
    .getMany();

/**
 * The workshops a structure may give: its own and those of the programmes and regions above it, newest version
 * each. Where two of them use one code, the nearest owner's counts.
 */
export async function workshopsFor(tx: EntityManager, organisationId: string): Promise<Workshop[]> {
  const rows = await tx.query<{ id: string }[]>(
    `WITH RECURSIVE path AS (
       SELECT id, parent_id, 0 AS depth FROM organisation WHERE id = $1
       UNION ALL SELECT o.id, o.parent_id, path.depth + 1 FROM organisation o JOIN path ON o.id = path.parent_id
     ) SELECT DISTINCT ON (w.code) w.id FROM workshop w JOIN path ON path.id = w.organisation_id
     ORDER BY w.code, path.depth, w.version DESC`,
    [organisationId],
  );
  const workshops = await tx.findBy(
    Workshop,
    rows.map(({ id }) => ({ id })),
  );
  return workshops.sort((a, b) => (a.code < b.code ? -1 : 1));
}
