import { inflateSync } from 'node:zlib';
import { largestContent, withoutMark } from './baked.js';
import { PictureBroken, PictureTooLarge } from './errors.js';
import type { PngChunk } from './png-chunks.js';

/** A text chunk whose text is not read yet. */
export interface PngText {
  keyword: string;
  /** @throws PictureBroken (`picture_broken`), PictureTooLarge (`picture_too_large`) */
  text(): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text chunk in it, or null: iTXt, tEXt or zTXt (PNG, third edition, section 11.3.3). */
export function pngText({ type, data }: PngChunk): PngText | null {
  if (type !== 'iTXt' && type !== 'tEXt' && type !== 'zTXt') return null;
  const end = data.indexOf(0);
  if (end < 1 || end > 79) return null;
  const keyword = data.toString('latin1', 0, end);
  const rest = data.subarray(end + 1);
  if (type === 'tEXt') return { keyword, text: () => looseText(bounded(rest)) };
  if (type === 'zTXt') return { keyword, text: () => looseText(inflated(rest[0], rest.subarray(1))) };
  return { keyword, text: () => internationalText(rest) };
}

/** Compression flag, compression method, language tag, translated keyword, then the text. */
function internationalText(rest: Buffer): string {
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (rest.length < 2 || translated < 0) throw new PictureBroken('a text chunk without its fields');
  const [flag, method] = rest;
  if (flag !== 0 && flag !== 1) throw new PictureBroken('a text chunk with an unknown compression flag');
  const body = rest.subarray(translated + 1);
  const bytes = flag === 1 ? inflated(method, body) : bounded(body);
  try {
    return withoutMark(utf8.decode(bytes));
  } catch (cause) {
    throw new PictureBroken('a text that is not UTF-8', { cause });
  }
}

/** Latin-1 by the standard; writers of badges put UTF-8 there too. */
function looseText(bytes: Buffer): string {
  try {
    return withoutMark(utf8.decode(bytes));
  } catch {
    return bytes.toString('latin1');
  }
}

function bounded(bytes: Buffer): Buffer {
  if (bytes.length > largestContent) throw new PictureTooLarge(`content over ${largestContent} bytes`);
  return bytes;
}

/** Never makes more than `largestContent` bytes of however few. */
function inflated(method: number | undefined, bytes: Buffer): Buffer {
  if (method !== 0) throw new PictureBroken('a text with an unknown compression');
  try {
    return inflateSync(bytes, { maxOutputLength: largestContent });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new PictureTooLarge(`content over ${largestContent} bytes`);
    throw new PictureBroken('a compressed text that cannot be read', { cause });
  }
}
