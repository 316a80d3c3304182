import { crc32 } from 'node:zlib';
import { PictureBroken } from './errors.js';

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostChunks = 65_536;
const largestLength = 0x7fffffff;

export interface PngChunk {
  /** Four ASCII letters. */
  type: string;
  data: Buffer;
  /** The whole chunk as it stands in the file: length, type, data, CRC. */
  bytes: Buffer;
}

export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(pngSignature);

/**
 * The chunks of a PNG datastream, IHDR to IEND (PNG, third edition, section 5). No pixel is decoded. What follows IEND
 * is no part of the picture.
 * @throws PictureBroken (`picture_broken`): truncated, a wrong CRC, a length past the end, no IHDR, IDAT or IEND
 */
export function pngChunks(png: Buffer): PngChunk[] {
  const chunks: PngChunk[] = [];
  let at = pngSignature.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (chunks.length >= mostChunks) throw new PictureBroken(`more than ${mostChunks} chunks`);
    if (at + 12 > png.length) throw new PictureBroken('it ends before its end chunk');
    const length = png.readUInt32BE(at);
    if (length > largestLength || at + 12 + length > png.length)
      throw new PictureBroken(`the chunk at byte ${at} is longer than the file`);
    const chunk = readChunk(png.subarray(at, at + 12 + length), at);
    chunks.push(chunk);
    at += 12 + length;
  }
  if (chunks[0]!.type !== 'IHDR' || chunks[0]!.data.length !== 13)
    throw new PictureBroken('it does not begin with its header');
  if (!chunks.some(({ type }) => type === 'IDAT')) throw new PictureBroken('it holds no image');
  return chunks;
}

function readChunk(bytes: Buffer, at: number): PngChunk {
  const type = bytes.toString('latin1', 4, 8);
  if (!/^[A-Za-z]{4}$/.test(type)) throw new PictureBroken(`no chunk type at byte ${at + 4}`);
  const end = bytes.length - 4;
  if (crc32(bytes.subarray(4, end)) !== bytes.readUInt32BE(end))
    throw new PictureBroken(`wrong checksum of the ${type} chunk at byte ${at}`);
  return { type, data: bytes.subarray(8, end), bytes };
}

/** One chunk with its length and CRC. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([frame, named, check]);
}
