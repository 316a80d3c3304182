import pg from 'pg';
import type { DataSource } from 'typeorm';

// The signature of 11 bytes, flags, and the length of an extension that follows.
const [flagsAt, headerLength] = [11, 19];
const endOfRows = -1;
const year2000 = Date.UTC(2000, 0, 1);
const lastInstant = 8.64e15;

// What is asked once is mostly asked again: room for as much, so that nothing is copied to make room.
let usualSize = 1 << 16;
const mostAtOnce = 1 << 24;

/** The columns of one row, to be asked for one after the other in the order of the query. */
export class CopiedColumns {
  /** @param at where the first column begins */
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  /** Bytes of the next column as PostgreSQL sends its type, texts in UTF-8; they are part of a larger buffer. */
  binary(): Buffer | null {
    const length = this.begin();
    return length < 0 ? null : this.bytes.subarray(this.at - length, this.at);
  }

  /** A column of type text. */
  text(): string | null {
    const length = this.begin();
    return length < 0 ? null : this.bytes.toString('utf8', this.at - length, this.at);
  }

  /** A column of type int (4 bytes) or bigint (8 bytes; exact below 2⁵³). */
  integer(): number | null {
    const length = this.begin();
    if (length < 0) return null;
    const low = this.bytes.readInt32BE(this.at - 4);
    return length === 4 ? low : this.bytes.readInt32BE(this.at - 8) * 2 ** 32 + (low >>> 0);
  }

  /** A column of type timestamptz, cut to milliseconds. */
  instant(): Date | null {
    const microseconds = this.integer();
    if (microseconds === null) return null;
    const time = year2000 + Math.floor(microseconds / 1000);
    // "infinity" lies beyond what a date can be.
    return new Date(Math.max(-lastInstant, Math.min(lastInstant, time)));
  }

  private begin(): number {
    const length = this.bytes.readInt32BE(this.at);
    this.at += 4 + Math.max(0, length);
    return length;
  }

  /** Where the next column, or row, begins. */
  get end(): number {
    return this.at;
  }
}

/** Gathers what one COPY sends; the driver's own bytes are overwritten by what comes after them. */
class Copy implements pg.Submittable {
  private bytes = Buffer.allocUnsafe(usualSize);
  private length = 0;

  constructor(
    private readonly text: string,
    private readonly done: (outcome: Buffer | Error) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(this.text);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const length = this.length + chunk.length;
    if (length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    chunk.copy(this.bytes, this.length);
    this.length = length;
  }

  handleError(error: Error): void {
    this.done(error);
  }

  handleReadyForQuery(): void {
    usualSize = Math.min(mostAtOnce, Math.max(usualSize, Math.ceil(1.1 * this.length)));
    this.done(this.bytes.subarray(0, this.length));
  }

  handleCommandComplete(): void {}
}

/**
 * Rows of a query in PostgreSQL's binary form, for many or large texts: no text is made of them until it is asked for,
 * so that bytes can be hashed and compared as they are.
 * @param query without parameters: `literal` writes values into it
 * @param read is given the columns of one row and asks for each of them
 * @throws errors of the database
 */
export async function copyRows<T>(
  database: DataSource,
  query: string,
  read: (columns: CopiedColumns) => T,
): Promise<T[]> {
  const runner = database.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.ClientBase;
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      client.query(
        new Copy(`copy (${query}) to stdout (format binary)`, (outcome) =>
          outcome instanceof Error ? reject(outcome) : resolve(outcome),
        ),
      );
    });
    return rowsOf(bytes, read);
  } finally {
    await runner.release();
  }
}

function rowsOf<T>(bytes: Buffer, read: (columns: CopiedColumns) => T): T[] {
  const rows: T[] = [];
  let at = headerLength + bytes.readInt32BE(flagsAt + 4);
  while (bytes.readInt16BE(at) !== endOfRows) {
    const columns = new CopiedColumns(bytes, at + 2);
    rows.push(read(columns));
    at = columns.end;
  }
  return rows;
}

/** A value as it stands in SQL. */
export const literal = (value: string | number | null): string =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : pg.escapeLiteral(value);
