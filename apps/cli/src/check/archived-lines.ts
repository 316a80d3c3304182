import { closeSync, openSync, readSync } from 'node:fs';
import { isWholeLine, readLocated } from '#badges';
import { type ArchivedFile, type ArchivedRange, damaged, isIn } from './archive-index.js';
import { type Kept, keptOf } from './archived-credentials.js';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';

interface Line {
  file: ArchivedFile;
  number: number;
  bytes: Buffer;
}

/** A file that cannot be read any more, and why. */
export interface Unreadable {
  path: string;
  code: string | undefined;
}

const most = 4 << 20;

/** The archive's lines of one range of credentials, their checksums verified. */
export class ArchivedLines {
  readonly faults: Fault[] = [];
  readonly unreadable: Unreadable[] = [];
  private readonly lines = new Map<string, Line[]>();
  /** Ids of this range that are in the archive, as far as they were looked at. */
  private readonly ids: Set<string>;

  constructor(files: readonly ArchivedFile[], range: ArchivedRange) {
    this.ids = new Set(range.compared);
    const places: number[] = [];
    for (let at = 0; at < range.lines.length; at += 4) places.push(at);
    const { lines } = range;
    // Whole stretches of a file are read at once.
    places.sort((a, b) => lines[a]! - lines[b]! || lines[a + 2]! - lines[b + 2]!);
    for (let from = 0; from < places.length; ) {
      const [file, offset] = [lines[places[from]!]!, lines[places[from]! + 2]!];
      let to = from;
      let end = offset;
      while (to < places.length && lines[places[to]!] === file) {
        const next = lines[places[to]! + 2]! + lines[places[to]! + 3]!;
        if (to > from && (lines[places[to]! + 2]! > end + 2 || next - offset > most)) break;
        end = next;
        to += 1;
      }
      this.read(files[file]!, offset, end, places.slice(from, to), lines);
      from = to;
    }
  }

  private read(file: ArchivedFile, start: number, end: number, places: number[], lines: number[]): void {
    let stretch: Buffer;
    try {
      stretch = bytesOf(file.path, start, end - start);
    } catch (error) {
      this.unreadable.push({ path: file.path, code: (error as NodeJS.ErrnoException).code });
      return;
    }
    for (const place of places) {
      const [number, offset, length] = [lines[place + 1]!, lines[place + 2]!, lines[place + 3]!];
      const bytes = stretch.subarray(offset - start, offset - start + length);
      if (!isWholeLine(bytes)) {
        // A crash may have torn the last one.
        if (number < file.lines) this.faults.push(damaged(file.path, number));
        continue;
      }
      const id = idOf(bytes);
      const known = this.lines.get(id);
      if (known) known.push({ file, number, bytes });
      else this.lines.set(id, [{ file, number, bytes }]);
    }
  }

  /**
   * Takes a credential out when one of its lines says what the database says; without one, all are left for `rest`.
   * A second form is of an attempt that was never stored: its worker died after archiving it, and the next one had to
   * sign with other keys.
   */
  take(id: string, isSame: (line: Buffer) => boolean): void {
    if (!this.lines.get(id)?.some(({ bytes }) => isSame(bytes))) return;
    this.ids.add(id);
    this.lines.delete(id);
  }

  /** What was not taken, read as the archive writes it; call it when all was taken that can be. */
  rest(scope: Scope): Kept[] {
    const kept = [...this.lines.values()].flat().flatMap(({ bytes }) => {
      const credential = readLocated(bytes);
      return credential && isIn(scope, credential) ? [keptOf(credential)] : [];
    });
    for (const { id } of kept) this.ids.add(id);
    return kept;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** How many credentials of the range are in the archive. */
  get size(): number {
    return this.ids.size;
  }
}

const idAt = 65 + '{"t":"credential","v":1,"id":"'.length;
const idOf = (line: Buffer): string => line.toString('latin1', idAt, idAt + 36);

function bytesOf(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    for (let more = 1; more > 0 && read < length; read += more)
      more = readSync(file, bytes, read, length - read, offset + read);
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}
