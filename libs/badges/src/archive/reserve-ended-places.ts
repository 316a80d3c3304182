import type { EntityManager } from 'typeorm';
import { appendAudit, uuid } from '#platform';
import type { ArchivedStatusList } from './archived-credential.js';

/**
 * Keeps the places that a published list revoked or suspended and that belong to no credential: what stood there was
 * taken back before it was ever signed, so that the list alone remembers it. Each is revoked for ever under an id of its own that nothing
 * else has (I4, I5); the audit event `status_place.reserved` tells it from an entry that somebody slipped in.
 * @param list its row is there and locked
 * @param told positions that any published version called revoked, or the last one suspended
 * @returns how many were reserved
 */
export async function reserveEndedPlaces(
  tx: EntityManager,
  list: ArchivedStatusList,
  told: ReadonlySet<number>,
): Promise<number> {
  const positions: { position: number }[] = await tx.query(
    `select t.position from unnest($2::int[]) as t (position)
     where not exists (select from status_entry e where e.status_list_id = $1 and e.position = t.position)
     order by t.position`,
    [list.id, [...told]],
  );
  if (positions.length === 0) return 0;
  const places = positions.map(({ position }) => ({ position, id: uuid() }));
  await tx.query(
    `insert into status_entry (status_list_id, position, credential_id, state, revoked_at, reason, version)
     select $1, t.position, t.id, 'revoked', now(), 'organisation_request', 1
     from unnest($2::int[], $3::uuid[]) as t (position, id)`,
    [list.id, places.map(({ position }) => position), places.map(({ id }) => id)],
  );
  await tx.query(
    `update status_list l set taken = greatest(l.taken, (select count(*) from status_entry e where e.status_list_id = l.id))
     where l.id = $1`,
    [list.id],
  );
  await appendAudit(
    tx,
    places.map(({ position, id }) => ({
      actor: 'cli',
      action: 'status_place.reserved',
      subject: {
        credentialId: id,
        organisationId: list.organisationId,
        statusListId: list.id,
        statusIndex: position,
      },
    })),
  );
  return places.length;
}
