import type { DataSource, EntityManager } from 'typeorm';

const undo = Symbol('undo');

/**
 * Does the work and undoes all of it: what is told comes from the very code that does it, and nothing is written.
 * @returns what the work answered
 */
export async function undone<T>(database: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  let answer: { value: T } | undefined;
  await database
    .transaction(async (tx) => {
      answer = { value: await work(tx) };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return answer!.value;
}
