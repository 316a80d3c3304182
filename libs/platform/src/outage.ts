const states = /^(08|53|57P|58)|^25006$/;
const systemCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const ofConnections =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/**
 * Is this an error of a database that is away, restarting, full or read-only (SQLSTATE classes 08, 53, 57P and 58, and
 * 25006), rather than of what was asked of it? The same request may succeed later, unchanged.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  if (typeof found === 'string' && (states.test(found) || systemCodes.has(found))) return true;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isOutage);
  return ofConnections.test(error.message);
}
