import { assertSize, type Baked, type BakedVersion, bakeable } from './baked.js';
import { BakedTwice, NotAPicture, NothingBaked } from './errors.js';
import { isPng, type PngChunk, pngChunk, pngChunks, pngSignature } from './png-chunks.js';
import { pngText } from './png-text.js';

/** Keyword of the text chunk (OB 2.0 Baking 1.0; OB 3.0, section 5.3.1). */
const keywords: Record<BakedVersion, string> = { ob2: 'openbadges', ob3: 'openbadgecredential' };

const isBakedAs = (chunk: PngChunk, version: BakedVersion): boolean =>
  pngText(chunk)?.keyword === keywords[version];

/**
 * The picture with a credential in it: one uncompressed iTXt chunk before the image data, every other chunk as it was.
 * A content of the same version is replaced, one of the other version stays.
 * @param credential JSON, compact JWS or, for OB 2.0, the address of a hosted assertion
 * @throws NotAPicture (`not_a_picture`), PictureBroken (`picture_broken`), PictureTooLarge (`picture_too_large`),
 *   CredentialNotBakeable (`credential_not_bakeable`)
 */
export function bakePng(png: Buffer, credential: string, version: BakedVersion): Buffer {
  if (!isPng(png)) throw new NotAPicture();
  assertSize(png.length);
  const kept = pngChunks(png).filter((chunk) => !isBakedAs(chunk, version));
  // After the keyword: not compressed, method 0, no language, no translated keyword.
  const text = Buffer.from(`${keywords[version]}\0\0\0\0\0${bakeable(credential)}`);
  const image = kept.findIndex(({ type }) => type === 'IDAT');
  const before = kept.slice(0, image).map(({ bytes }) => bytes);
  const after = kept.slice(image).map(({ bytes }) => bytes);
  return Buffer.concat([pngSignature, ...before, pngChunk('iTXt', text), ...after]);
}

/**
 * What is baked into a PNG, OB 3.0 first. Compressed iTXt, tEXt and zTXt of other writers are read too.
 * @throws NothingBaked (`nothing_baked`), BakedTwice (`baked_twice`), PictureBroken (`picture_broken`),
 *   PictureTooLarge (`picture_too_large`)
 */
export function unbakePng(png: Buffer): Baked[] {
  const texts = pngChunks(png).flatMap((chunk) => pngText(chunk) ?? []);
  const baked = (['ob3', 'ob2'] as const).flatMap((version) => {
    const [text, another] = texts.filter(({ keyword }) => keyword === keywords[version]);
    // Counted before anything is decompressed.
    if (another) throw new BakedTwice(`two text chunks "${keywords[version]}"`);
    return text ? [{ version, content: text.text() }] : [];
  });
  if (baked.length === 0) throw new NothingBaked();
  return baked;
}
