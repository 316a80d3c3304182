import { DomainError } from './errors.js';

/**
 * What passes by itself: `away` (a database or service that is away, restarting, full or read-only), `disk` (a disk
 * that is full, read-only or not there, too many open files), `race` (a lost race with another transaction).
 */
export type Passing = 'away' | 'disk' | 'race';

const kinds: [Passing, RegExp][] = [
  // SQLSTATE classes: connections, resources, operator intervention, system errors; read-only transaction.
  ['away', /^(08|53|57P|58)[0-9A-Z]*$|^25006$/],
  ['away', /^(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)$/],
  ['disk', /^(EDQUOT|EIO|EMFILE|ENFILE|ENODEV|ENOENT|ENOSPC|ENOTCONN|ENXIO|EROFS|ESTALE)$/],
  // Serialisation failure, deadlock, lock that was not to be had.
  ['race', /^(40001|40P01|55P03)$/],
];
// The driver says these without a code.
const ofConnections =
  /^(connection terminated|terminating connection|client has encountered a connection error|client was closed|timeout exceeded when trying to connect)/i;

/** The code of an error of the database, the system or ours, '' when it has none. */
export function codeOfError(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : '';
}

/** What kind of passing trouble an error tells of, if any; errors of ours tell of none. */
export function passingOf(error: unknown): Passing | undefined {
  if (!(error instanceof Error) || error instanceof DomainError) return undefined;
  const code = codeOfError(error);
  const known = kinds.find(([, codes]) => codes.test(code));
  if (known) return known[0];
  if (error instanceof AggregateError) {
    const all = error.errors.map(passingOf);
    return all.includes(undefined) ? undefined : all[0];
  }
  return ofConnections.test(error.message) ? 'away' : undefined;
}

/**
 * Is this an error of a database that is away, restarting, full or read-only, rather than of what was asked of it? The
 * same request may succeed later, unchanged.
 */
export const isOutage = (error: unknown): boolean => passingOf(error) === 'away';

/** Would the same work succeed later without anybody's help? Errors of ours say so themselves (`isPassing`). */
export const isPassing = (error: unknown): boolean =>
  error instanceof DomainError ? error.isPassing : passingOf(error) !== undefined;
