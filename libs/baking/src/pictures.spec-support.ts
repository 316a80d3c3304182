import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { pngChunk, pngChunks, pngSignature } from './png-chunks.js';

/** A small picture drawn by another program: `size` × `size` pixels, each of another colour. */
export function aPng(size = 4): Buffer {
  const picture = new PNG({ width: size, height: size });
  for (let at = 0; at < picture.data.length; at += 1) picture.data[at] = (at * 37) % 256;
  return PNG.sync.write(picture);
}

/** The picture with further chunks after its header. */
export function withChunks(png: Buffer, ...chunks: Buffer[]): Buffer {
  const [header, ...others] = pngChunks(png).map(({ bytes }) => bytes);
  return Buffer.concat([pngSignature, header!, ...chunks, ...others]);
}

export const plainText = (keyword: string, text: string | Buffer): Buffer =>
  pngChunk('tEXt', Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from(text as string)]));

export const compressedText = (keyword: string, text: string | Buffer): Buffer =>
  pngChunk('zTXt', Buffer.concat([Buffer.from(`${keyword}\0\0`, 'latin1'), deflateSync(text)]));

export const internationalText = (
  keyword: string,
  text: string | Buffer,
  { compressed = false, language = '', translated = '' } = {},
): Buffer =>
  pngChunk(
    'iTXt',
    Buffer.concat([
      Buffer.from(`${keyword}\0`, 'latin1'),
      Buffer.from([compressed ? 1 : 0, 0]),
      Buffer.from(`${language}\0${translated}\0`),
      compressed ? deflateSync(text) : Buffer.from(text as string),
    ]),
  );

export const anSvg = (inside = '<path d="M0 0h9v9z"/>', attributes = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"${attributes}>${inside}</svg>`;

/** A compact JWS by its look: nobody checks signatures here. */
export const aJws = 'eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl-_';

/** The code of what `run` throws. */
export function codeThrownBy(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
