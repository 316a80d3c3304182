import { basename } from 'node:path';
import type { DataSource } from 'typeorm';
import { type ArchivedCredential, archiveBegins, locateCredentials, MarkTrail } from '#badges';
import { compareArchived, type Kept, keptOf } from './archived-credentials.js';
import { ArchivedRegister } from './archived-lists.js';
import { ArchivedStatements } from './archived-statements.js';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';
import { RestoredAwards } from './restored-awards.js';

const batchSize = 1_000;

/** What the archive holds of the credentials of one range of ids. */
export interface ArchivedRange {
  /** Four numbers for each line: place of the file in `files`, number of the line, offset and length in bytes. */
  lines: number[];
  /** Ids that were read and compared already. */
  compared: string[];
}

export interface ArchivedFile {
  path: string;
  /** Number of its last line: torn by a crash when it is not whole. */
  lines: number;
}

export interface ArchiveRequest {
  folder: string;
  scope: Scope;
  onFaults: (faults: Fault[]) => void;
  onProgress: (credentials: number) => void;
  isOver: () => boolean;
}

/** Told of a file that cannot be read; each file once, with the reason that came first. */
export class UnreadableFiles {
  private readonly told = new Set<string>();
  constructor(private readonly onFaults: (faults: Fault[]) => void) {}

  add(path: string, code: string | undefined): void {
    const file = basename(path);
    if (this.told.has(file)) return;
    this.told.add(file);
    this.onFaults([{ code: 'archive_unreadable', ids: { file, why: code ?? 'unknown' } }]);
  }
}

/**
 * Where each credential of the archive stands, by ranges of ids, so that its bytes are compared while those of the
 * database are at hand. What else the archive holds is read here. Some 32 bytes of memory for a credential.
 */
export class ArchiveIndex {
  readonly files: ArchivedFile[] = [];
  readonly ranges: ArchivedRange[];
  readonly register = new ArchivedRegister();
  readonly statements = new ArchivedStatements();
  readonly trail: MarkTrail;
  readonly unreadable: UnreadableFiles;
  private readonly restored: RestoredAwards;
  /** When what is kept begins; undefined for an empty archive. */
  begins?: Date;
  /** False when the folder cannot be read: nothing can be said of it then. */
  isReadable = true;
  private places = new Map<string, number>();
  private waiting: Kept[] = [];
  private found = 0;

  private constructor(
    private readonly database: DataSource,
    private readonly request: ArchiveRequest,
    private readonly starts: readonly string[],
  ) {
    this.ranges = starts.map(() => ({ lines: [], compared: [] }));
    this.trail = new MarkTrail(database);
    this.restored = new RestoredAwards(database);
    this.unreadable = new UnreadableFiles(request.onFaults);
  }

  /** @param starts the first id of each range, in order; ids before the first belong to the first */
  static async read(
    database: DataSource,
    request: ArchiveRequest,
    starts: readonly string[],
  ): Promise<ArchiveIndex> {
    const index = new ArchiveIndex(database, request, starts);
    await index.read();
    return index;
  }

  private async read(): Promise<void> {
    const { folder, scope, isOver } = this.request;
    const unreadable = (file: string, { code }: NodeJS.ErrnoException): void =>
      this.unreadable.add(file, code);
    try {
      this.begins = await archiveBegins(folder);
    } catch (error) {
      this.isReadable = false;
      unreadable(folder, error as NodeJS.ErrnoException);
      return;
    }
    for await (const lines of locateCredentials(folder, { since: scope.since, onUnreadable: unreadable })) {
      if (isOver()) return;
      for (const line of lines) await this.add(line);
      this.request.onProgress(this.found);
    }
    await this.compare();
  }

  private async add(line: Lines): Promise<void> {
    const place = this.placeOf(line.file);
    const file = this.files[place]!;
    file.lines = Math.max(file.lines, line.line);
    if (line.kind === 'located') {
      this.rangeOf(line.id).lines.push(place, line.line, line.offset, line.length);
      this.found += 1;
    } else if (line.kind === 'unreadable') {
      if (!line.torn) this.request.onFaults([damaged(line.file, line.line)]);
    } else if (line.kind === 'list') this.register.addList(line.list);
    else if (line.kind === 'key') this.register.addKey(line.key);
    else if (line.kind === 'chain') await this.trail.add(line.mark, line.file);
    else if (line.kind === 'restore') await this.trail.restored(line.restore);
    else if (line.kind === 'statement') this.statements.add(line.statement);
    else if (isIn(this.request.scope, line.credential)) {
      this.rangeOf(line.credential.id).compared.push(line.credential.id);
      this.waiting.push(keptOf(line.credential));
      if (this.waiting.length === batchSize) await this.compare();
    }
  }

  private async compare(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    this.request.onFaults(await compareArchived(this.database, batch, this.restored));
  }

  private placeOf(path: string): number {
    const known = this.places.get(path);
    if (known !== undefined) return known;
    this.places.set(path, this.files.length);
    return this.files.push({ path, lines: 0 }) - 1;
  }

  private rangeOf(id: string): ArchivedRange {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= id) low = middle;
      else high = middle - 1;
    }
    return this.ranges[low]!;
  }
}

type Lines = typeof locateCredentials extends (...given: never[]) => AsyncGenerator<(infer L)[]> ? L : never;

export const isIn = ({ organisationId }: Scope, credential: ArchivedCredential): boolean =>
  !organisationId || credential.organisationId === organisationId;

export const damaged = (path: string, line: number): Fault => ({
  code: 'archive_damaged',
  ids: { file: basename(path), line },
});
