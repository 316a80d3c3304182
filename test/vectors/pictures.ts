import { PNG } from 'pngjs';

/** A small picture, as PNG. */
export function aPng(): Buffer {
  const png = new PNG({ width: 4, height: 4 });
  png.data.fill(0x7f);
  return PNG.sync.write(png);
}
