import { PictureTooLarge } from '#baking';
import { pictureSize } from './picture-size.js';

/** A phone's camera makes 12 million; what is decoded takes four bytes each. */
const mostPixels = 26_000_000;
// A code fills a part of a photo: first as a whole, then in more detail.
const sides = [900, 1800];

/**
 * The text of the QR code on a photo or screenshot, PNG or JPEG.
 * @returns undefined when there is none that can be read
 * @throws PictureTooLarge (`picture_too_large`)
 */
export async function qrText(picture: Buffer): Promise<string | undefined> {
  const size = pictureSize(picture);
  if (!size) return undefined;
  if (size.width * size.height > mostPixels)
    throw new PictureTooLarge(`${size.width} × ${size.height} pixels are more than ${mostPixels}`);
  for (const side of sides) {
    const text = await read(picture, size.kind, side);
    if (text !== undefined) return text;
  }
  return undefined;
}

// resvg, which draws the badges, also reads others' pictures: no second library for that.
async function read(picture: Buffer, kind: string, side: number): Promise<string | undefined> {
  // Loaded by who needs them: the worker never reads a photo.
  const [{ renderAsync }, { default: decodeQR }] = await Promise.all([
    import('@resvg/resvg-js'),
    import('qr/decode.js'),
  ]);
  const href = `data:image/${kind};base64,${picture.toString('base64')}`;
  const { width, height, pixels } = await renderAsync(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><image width="${side}" height="${side}" href="${href}"/></svg>`,
    { background: 'white', font: { loadSystemFonts: false } },
  );
  try {
    return decodeQR({ width, height, data: pixels });
  } catch {
    return undefined;
  }
}
