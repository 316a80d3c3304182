import { assertSize, type Baked, withoutMark } from './baked.js';
import { NotAPicture, PictureBroken } from './errors.js';
import { unbakePng } from './png.js';
import { isPng } from './png-chunks.js';
import { unbakeSvg } from './svg.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Everything that is baked into a PNG or SVG of any writer, recognised by its bytes: at most one content of each
 * version, OB 3.0 first.
 * @throws NotAPicture (`not_a_picture`), NothingBaked (`nothing_baked`), BakedTwice (`baked_twice`), PictureBroken
 *   (`picture_broken`), PictureTooLarge (`picture_too_large`)
 */
export function unbakeAll(bytes: Buffer): Baked[] {
  assertSize(bytes.length);
  return isPng(bytes) ? unbakePng(bytes) : unbakeSvg(svgText(bytes));
}

/**
 * The badge in a picture. Where both versions stand in it, the OB 3.0 credential: it needs no host to be checked.
 * @throws as `unbakeAll`
 */
export const unbake = (bytes: Buffer): Baked => unbakeAll(bytes)[0]!;

/** Is it a PNG or SVG by its first bytes? Nothing else of it is looked at. */
export const looksLikePicture = (bytes: Buffer): boolean =>
  isPng(bytes) ||
  /^\s*(<\?xml[^>]*\?>|<!--|<!DOCTYPE\s+svg|<([\w-]+:)?svg[\s>/])/.test(
    withoutMark(bytes.toString('utf8', 0, 1024)),
  );

function svgText(bytes: Buffer): string {
  if (!looksLikePicture(bytes)) throw new NotAPicture();
  let text: string;
  try {
    text = withoutMark(utf8.decode(bytes));
  } catch (cause) {
    throw new PictureBroken('it is not UTF-8', { cause });
  }
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)/.exec(text)?.[1];
  if (declared !== undefined && !/^(utf-?8|us-ascii)$/i.test(declared))
    throw new PictureBroken(`it is written in ${declared}, not in UTF-8`);
  return text;
}
