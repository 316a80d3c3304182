import type { EntityManager } from 'typeorm';

/**
 * Inserts all rows in one statement.
 * @param columns name of each column with its PostgreSQL type; the rows carry the same names
 * @param keepExisting rows whose key is there already are left as they are, instead of an error
 */
export async function insertRows(
  tx: EntityManager,
  table: string,
  columns: Record<string, string>,
  rows: Record<string, unknown>[],
  { keepExisting = false } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).join(', ');
  const shape = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await tx.query(
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_to_recordset($1::jsonb) AS row (${shape.join(', ')})${keepExisting ? ' ON CONFLICT DO NOTHING' : ''}`,
    [JSON.stringify(rows)],
  );
}
