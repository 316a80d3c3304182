import { randomInt } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { publicId, uuid } from '#platform';
import { statusListSize } from './status-list.js';

export interface StatusSlot {
  statusListId: string;
  statusListPublicId: string;
  index: number;
}

// A list is left when it is half full: a random free place is then always found in a few draws.
const fillLimit = statusListSize / 2;

interface ListRow {
  id: string;
  public_id: string;
  size: number;
  taken: number;
}

/**
 * Reserves one random, never used place in a status list of the structure for each credential (I4), in the
 * caller's transaction. Opens a new list when the current one is half full.
 */
export async function allocateStatus(
  tx: EntityManager,
  organisationId: string,
  credentialIds: string[],
): Promise<Map<string, StatusSlot>> {
  const slots = new Map<string, StatusSlot>();
  let waiting = credentialIds;
  while (waiting.length > 0) {
    const list = await openList(tx, organisationId);
    const batch = waiting.slice(0, Math.min(waiting.length, fillLimit - list.taken));
    const placed = await placeAll(tx, list, batch);
    for (const [credentialId, index] of placed)
      slots.set(credentialId, { statusListId: list.id, statusListPublicId: list.public_id, index });
    waiting = waiting.slice(batch.length);
  }
  return slots;
}

async function openList(tx: EntityManager, organisationId: string): Promise<ListRow> {
  // Two campaigns of one structure take turns here, so that they do not open two lists.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('status_list:' || $1, 0))`, [organisationId]);
  const rows: ListRow[] = await tx.query(
    `select id, public_id, size, taken from status_list where organisation_id = $1 and taken < $2
     order by created_at limit 1 for update`,
    [organisationId, fillLimit],
  );
  if (rows[0]) return rows[0];
  const list = { id: uuid(), public_id: publicId(), size: statusListSize, taken: 0 };
  await tx.query('insert into status_list (id, organisation_id, public_id, size) values ($1, $2, $3, $4)', [
    list.id,
    organisationId,
    list.public_id,
    list.size,
  ]);
  return list;
}

async function placeAll(
  tx: EntityManager,
  list: ListRow,
  credentialIds: string[],
): Promise<Map<string, number>> {
  const placed = new Map<string, number>();
  let rest = credentialIds;
  while (rest.length > 0) {
    const drawn = new Set<number>();
    while (drawn.size < rest.length) drawn.add(randomInt(list.size));
    const rows: { credential_id: string; position: number }[] = await tx.query(
      `insert into status_entry (status_list_id, position, credential_id)
       select $1, p, c from unnest($2::int[], $3::uuid[]) as t (p, c)
       on conflict (status_list_id, position) do nothing returning credential_id, position`,
      [list.id, [...drawn], rest],
    );
    for (const row of rows) placed.set(row.credential_id, row.position);
    rest = rest.filter((id) => !placed.has(id));
  }
  await tx.query('update status_list set taken = taken + $2 where id = $1', [list.id, placed.size]);
  return placed;
}
