/**
 * Address of the run's Redis, or undefined when none is installed. Each Jest process has its own numbered
 * database, so that test files that run at once don't meet; files that run one after the other share it.
 */
export function testRedisUrl(): string | undefined {
  const url = process.env.INSIGNE_TEST_REDIS_URL;
  return url && `${url}/${Number(process.env.JEST_WORKER_ID ?? 1) % 16}`;
}
