import type { DataSource } from 'typeorm';
import { archiveFaults } from './archive-faults.js';
import { ArchiveIndex } from './archive-index.js';
import { checkRanges } from './check-ranges.js';
import { auditFaults, databaseFaults, type KeptHead, keptHeadFaults } from './database-faults.js';
import type { Fault } from './faults.js';
import { keysOf, type Range, rangesOf, type Scope } from './issued-range.js';
import { listFaults } from './list-faults.js';
import { signedWordFaults } from './signed-words.js';
import { statementFaults } from './statement-faults.js';

export interface CheckRequest {
  /** As the worker's role, for the threads. */
  databaseUrl: string;
  origin: string;
  archiveFolder: string;
  scope: Scope;
  /** Heads of the audit chain that somebody outside kept. */
  keptHeads?: KeptHead[];
  /** Ends the check where it is: the report tells what was read until then and says that it is not whole. */
  signal?: AbortSignal;
  /** Told where the check stands: a step and how far it is. */
  onProgress?: (step: CheckStep, done: number, total?: number) => void;
}

export type CheckStep = 'credentials' | 'database' | 'lists' | 'audit' | 'archive';

export interface CheckReport {
  /** False when it was ended before everything was read: no fault then means nothing. */
  isComplete: boolean;
  credentials: number;
  auditLines: number;
  archived: number;
  /** By code, then by what they are about: the same for the same data. */
  faults: Fault[];
  seconds: number;
}

// Some 22 kB for a credential, two ranges at once for each thread.
const rangeSize = 400;

/**
 * Re-reads everything that was issued and says what is not as it must be. Writes nothing. The credentials are checked
 * on threads, each with its line of the archive, while this one reads the chain. Memory grows with the number of faults
 * and by some 32 bytes for each archived credential only.
 */
export async function checkIssued(database: DataSource, request: CheckRequest): Promise<CheckReport> {
  const began = performance.now();
  const { scope, signal, onProgress } = request;
  const report = { credentials: 0, auditLines: 0, archived: 0 };
  const faults: Fault[] = [];
  const onFaults = (found: Fault[]): void => {
    for (const one of found) faults.push(one);
  };
  const isOver = (): boolean => signal?.aborted ?? false;
  const credentials = async (): Promise<void> => {
    const { starts, total, askedAt } = await rangesOf(database, scope, rangeSize);
    onProgress?.('credentials', 0, total);
    const index = await ArchiveIndex.read(
      database,
      {
        folder: request.archiveFolder,
        scope,
        onFaults,
        isOver,
        onProgress: (done) => onProgress?.('archive', done),
      },
      starts,
    );
    if (isOver()) return;
    await checkRanges(database, {
      databaseUrl: request.databaseUrl,
      ground: {
        origin: request.origin,
        scope,
        archive: { begins: index.begins, files: index.files },
        askedAt,
      },
      ranges: rangesIn(starts, index),
      count: starts.length,
      signal,
      onResult: ({ checked, archived, faults: found, unreadable }) => {
        report.credentials += checked;
        report.archived += archived;
        onFaults(found);
        for (const { path, code } of unreadable) index.unreadable.add(path, code);
        onProgress?.('credentials', report.credentials, total);
      },
    });
    if (!isOver()) onFaults(await archiveFaults(database, index, scope));
  };
  const beside = async (): Promise<void> => {
    onProgress?.('database', 0);
    await databaseFaults(database, scope, onFaults, isOver);
    if (isOver()) return;
    await signedWordFaults(database, { origin: request.origin, scope }, onFaults, isOver);
    if (isOver()) return;
    await statementFaults(database, { origin: request.origin, scope }, onFaults, isOver);
    if (isOver()) return;
    onProgress?.('lists', 0);
    // Read late: a key made meanwhile signs lists at once.
    onFaults(await listFaults(database, request.origin, await keysOf(database), scope));
    const audit = await auditFaults(
      database,
      (done) => {
        report.auditLines = done;
        onProgress?.('audit', done);
      },
      isOver,
    );
    report.auditLines = audit.lines;
    onFaults(audit.faults);
    onFaults(await keptHeadFaults(database, request.keptHeads ?? []));
  };
  const whole = Promise.all([credentials(), beside()]);
  await Promise.race([whole, aborted(signal)]);
  if (isOver()) whole.catch(() => undefined);
  return {
    isComplete: !isOver(),
    ...report,
    faults: inOrder(faults),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

function* rangesIn(starts: readonly string[], { ranges }: ArchiveIndex): Generator<Range> {
  for (const [place, start] of starts.entries())
    yield { start, end: starts[place + 1], archived: ranges[place]! };
}

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });

function inOrder(faults: Fault[]): Fault[] {
  const keyed = faults.map((fault) => ({ fault, key: `${fault.code} ${JSON.stringify(fault.ids)}` }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ fault }) => fault);
}
