import { Resvg } from '@resvg/resvg-js';

/** A badge picture as PNG, `size` × `size` pixels, transparent around the outline. Throws when the SVG is malformed. */
export const badgePicturePng = (svg: string, size = 800): Buffer =>
  new Resvg(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } })
    .render()
    .asPng();
