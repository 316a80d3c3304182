import { open } from 'node:fs/promises';

const chunkBytes = 256 * 1024;

/** The lines of a file without their newlines, the last one first; what was read of it is let go with the caller. */
export async function* linesBackwards(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  try {
    let { size: start } = await handle.stat();
    let rest: Buffer = Buffer.alloc(0);
    while (start > 0) {
      const length = Math.min(start, chunkBytes);
      start -= length;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      const bytes = Buffer.concat([buffer.subarray(0, bytesRead), rest]);
      let end = bytes.length;
      for (let at = newlineBefore(bytes, end); at >= 0; at = newlineBefore(bytes, end)) {
        yield bytes.subarray(at + 1, end);
        end = at;
      }
      rest = bytes.subarray(0, end);
    }
    yield rest;
  } finally {
    await handle.close();
  }
}

const newlineBefore = (bytes: Buffer, end: number): number =>
  end === 0 ? -1 : bytes.lastIndexOf(0x0a, end - 1);
