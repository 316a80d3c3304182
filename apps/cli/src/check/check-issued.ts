import type { DataSource } from 'typeorm';
import { archiveFaults } from './archive-faults.js';
import { checkRanges } from './check-ranges.js';
import { auditFaults, databaseFaults } from './database-faults.js';
import type { Fault } from './faults.js';
import { keysOf, type Scope } from './issued-range.js';
import { listFaults } from './list-faults.js';

export interface CheckRequest {
  /** As the worker's role, for the threads. */
  databaseUrl: string;
  origin: string;
  archiveFolder: string;
  scope: Scope;
  /** Told where the check stands: a step and how far it is. */
  onProgress?: (step: CheckStep, done: number, total?: number) => void;
}

export type CheckStep = 'credentials' | 'database' | 'lists' | 'audit' | 'archive';

export interface CheckReport {
  credentials: number;
  auditLines: number;
  archived: number;
  faults: Fault[];
  seconds: number;
}

/**
 * Re-reads everything that was issued and says what is not as it must be. Writes nothing. The credentials are checked
 * on threads while this one reads chain and archive.
 */
export async function checkIssued(database: DataSource, request: CheckRequest): Promise<CheckReport> {
  const began = performance.now();
  const { databaseUrl, origin, archiveFolder, scope, onProgress } = request;
  const credentials = checkRanges(database, {
    databaseUrl,
    origin,
    scope,
    onProgress: (done, total) => onProgress?.('credentials', done, total),
  });
  const beside = (async () => {
    onProgress?.('database', 0);
    const faults = await databaseFaults(database, scope);
    onProgress?.('lists', 0);
    faults.push(...(await listFaults(database, origin, await keysOf(database), scope)));
    const audit = await auditFaults(database, (done) => onProgress?.('audit', done));
    const archive = await archiveFaults(database, archiveFolder, scope, (done) =>
      onProgress?.('archive', done),
    );
    return {
      auditLines: audit.lines,
      archived: archive.archived,
      faults: [...faults, ...audit.faults, ...archive.faults],
    };
  })();
  const [one, other] = await Promise.all([credentials, beside]);
  return {
    credentials: one.checked,
    auditLines: other.auditLines,
    archived: other.archived,
    faults: [...one.faults, ...other.faults],
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}
