import type { DataSource } from 'typeorm';
import type { ArchivedChainMark, ArchivedRestore } from './archived-credential.js';
import { plainNameOf } from './read-archive.js';
import type { SignedBytesArchive } from './signed-bytes-archive.js';

/** Keeps in the archive, once a minute at most, where the audit chain stands. */
export class KeepChainMarks {
  private kept = 0;
  private keptAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: DataSource,
    private readonly archive: SignedBytesArchive,
    private readonly everyMs = 60_000,
  ) {}

  /** @throws errors of the disk and of the database; the next call tries again */
  async run(): Promise<void> {
    const now = performance.now();
    if (now - this.keptAt < this.everyMs) return;
    const mark = await lastLine(this.database);
    if (mark.seq > this.kept) await this.archive.appendMark(mark);
    this.kept = mark.seq;
    this.keptAt = now;
  }
}

async function lastLine(database: DataSource): Promise<ArchivedChainMark> {
  const [row]: { seq: string; hash: Buffer }[] = await database.query(
    'select seq, hash from audit_line order by seq desc limit 1',
  );
  return { seq: Number(row?.seq ?? 0), hash: row?.hash.toString('hex') ?? '' };
}

/** Those of some marks that are not on the chain any more. */
export async function marksOffChain(
  database: Pick<DataSource, 'query'>,
  marks: ArchivedChainMark[],
): Promise<ArchivedChainMark[]> {
  if (marks.length === 0) return [];
  return await database.query(
    `select t.seq::int as seq, t.hash from unnest($1::bigint[], $2::text[]) as t (seq, hash)
     where not exists (select from audit_line l where l.seq = t.seq and encode(l.hash, 'hex') = t.hash)
     order by t.seq`,
    [marks.map(({ seq }) => seq), marks.map(({ hash }) => hash)],
  );
}

interface FiledMark extends ArchivedChainMark {
  /** Name of its file, without `.gz`. */
  file: string;
}

/**
 * Follows the marks of an archive: which are off the chain, once those that a restored backup
 * made void are left out.
 */
export class MarkTrail {
  private waiting: FiledMark[] = [];
  private off: FiledMark[] = [];
  private on: number[] = [];
  private readonly voided: ArchivedRestore[] = [];

  constructor(private readonly database: Pick<DataSource, 'query'>) {}

  /** @param file of the archive it stands in */
  async add({ seq, hash }: ArchivedChainMark, file: string): Promise<void> {
    this.waiting.push({ seq, hash, file: plainNameOf(file) });
    if (this.waiting.length === 1_000) await this.compare();
  }

  /** A backup was restored here whose chain ends with this line. */
  async restored(restore: ArchivedRestore): Promise<void> {
    this.voided.push(restore);
    if (restore.files) return;
    await this.compare();
    this.off = this.off.filter((mark) => mark.seq <= restore.seq);
  }

  /** Marks off the chain, by number, and the last line before them that a mark on it names. */
  async result(): Promise<{ off: FiledMark[]; onChain: number }> {
    await this.compare();
    const isVoid = (mark: FiledMark): boolean =>
      this.voided.some(({ seq, files }) => mark.seq > seq && files?.includes(mark.file));
    const off = this.off.filter((mark) => !isVoid(mark)).sort((a, b) => a.seq - b.seq);
    // A service that ran on the restored data has marked lines of its own beyond those.
    const end = off[0]?.seq ?? Number.POSITIVE_INFINITY;
    return { off, onChain: this.on.reduce((last, seq) => (seq < end && seq > last ? seq : last), 0) };
  }

  private async compare(): Promise<void> {
    const off = await marksOffChain(this.database, this.waiting);
    const isOff = new Set(off.map(({ seq, hash }) => `${seq} ${hash}`));
    for (const mark of this.waiting)
      if (isOff.has(`${mark.seq} ${mark.hash}`)) this.off.push(mark);
      else this.on.push(mark.seq);
    this.waiting = [];
  }
}
