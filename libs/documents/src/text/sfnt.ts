import { inflateSync } from 'node:zlib';

const headerBytes = 44;
const entryBytes = 20;
const padded = (length: number): number => (length + 3) & ~3;

/**
 * A WOFF 1.0 font (W3C Recommendation, sections 3 to 5) as the plain TrueType file that it holds. Reading a glyph of
 * the compressed form unpacks its whole table again, each time.
 * @throws Error when the bytes are not WOFF 1.0
 */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('Not a WOFF 1.0 font');
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const at = headerBytes + index * entryBytes;
    const offset = woff.readUInt32BE(at + 4);
    const packed = woff.readUInt32BE(at + 8);
    const length = woff.readUInt32BE(at + 12);
    const bytes = woff.subarray(offset, offset + packed);
    return {
      tag: woff.subarray(at, at + 4),
      checksum: woff.readUInt32BE(at + 16),
      body: packed < length ? inflateSync(bytes) : bytes,
    };
  });
  const power = 2 ** Math.floor(Math.log2(count));
  const header = Buffer.alloc(12 + 16 * count);
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(power * 16, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((count - power) * 16, 10);
  let offset = header.length;
  for (const [index, { tag, checksum, body }] of tables.entries()) {
    const at = 12 + index * 16;
    tag.copy(header, at);
    header.writeUInt32BE(checksum, at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(body.length, at + 12);
    offset += padded(body.length);
  }
  return Buffer.concat([
    header,
    ...tables.map(({ body }) => Buffer.concat([body, Buffer.alloc(padded(body.length) - body.length)])),
  ]);
}
