import type { DataSource } from 'typeorm';
import { isPublicId } from '#platform';
import type { StatusRegister } from '#verification';

/** What counts now of the places in this installation's status lists: a list is signed some seconds after a change. */
export const statusRegister =
  (database: DataSource, origin: string): StatusRegister =>
  async (list, index) => {
    const prefix = `${origin}/status/`;
    const id = list.slice(prefix.length);
    if (!list.startsWith(prefix) || !isPublicId(id)) return undefined;
    const rows: { state: 'suspended' | 'revoked' }[] = await database.query(
      `select e.state from status_entry e join status_list l on l.id = e.status_list_id
       where l.public_id = $1 and e.position = $2 and e.state <> 'active'`,
      [id, index],
    );
    return rows[0]?.state;
  };
