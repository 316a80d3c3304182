import fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import { create } from 'qrcode';
import { QrCode } from './qr-code.js';

/** Which modules a path of horizontal runs blackens, as 'x,y'. */
function blackened(svg: string): Set<string> {
  const path = /fill="#000" d="([^"]+)"/.exec(svg)![1]!;
  const modules = new Set<string>();
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let step = 0; step < Number(length); step += 1) modules.add(`${Number(x) + step},${y}`);
  return modules;
}

describe('the QR code of a printed badge', () => {
  it('draws every dark module of the address and no other, inside four modules of white', () => {
    fc.assert(
      fc.property(fc.webUrl({ size: 'small' }), (url) => {
        const { modules } = create(url, { errorCorrectionLevel: 'M' });
        const wanted = new Set<string>();
        for (let y = 0; y < modules.size; y += 1)
          for (let x = 0; x < modules.size; x += 1) if (modules.get(y, x)) wanted.add(`${x + 4},${y + 4}`);
        const svg = renderToString(<QrCode text={url} />);
        expect(blackened(svg)).toEqual(wanted);
        expect(svg).toContain(`viewBox="0 0 ${modules.size + 8} ${modules.size + 8}"`);
      }),
      { numRuns: 30 },
    );
  });

  it('differs between two addresses', () => {
    const [one, two] = ['https://a.example/b/1', 'https://a.example/b/2'].map((text) =>
      renderToString(<QrCode text={text} />),
    );
    expect(one).not.toBe(two);
  });
});
