const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The outbox row a job names, if the job has our form: exactly one id and nothing else. Whoever can write into the
 * queue can name a row; what is signed is read from the database, and an unknown row signs nothing.
 * @returns undefined for any other job: it is left alone and counted
 */
export function namedRow(data: unknown): string | undefined {
  if (data === null || typeof data !== 'object') return undefined;
  const { outboxId, ...others } = data as Record<string, unknown>;
  const isOurs = typeof outboxId === 'string' && id.test(outboxId) && Object.keys(others).length === 0;
  return isOurs ? outboxId : undefined;
}
