import fc from 'fast-check';
import { aJws, anSvg, aPng, codeThrownBy } from './pictures.spec-support.js';
import { bakePng } from './png.js';
import { bakeSvg } from './svg.js';
import { looksLikePicture, unbake, unbakeAll } from './unbake.js';

const refusals = ['not_a_picture', 'nothing_baked', 'baked_twice', 'picture_broken', 'picture_too_large'];

describe('unbake', () => {
  it('recognises a picture by its bytes and answers the newer version, while both can be had', () => {
    const png = bakePng(bakePng(aPng(), '{"id":"2"}', 'ob2'), aJws, 'ob3');
    const svg = Buffer.from(bakeSvg(bakeSvg(anSvg(), '{"id":"2"}', 'ob2'), aJws, 'ob3'));
    for (const picture of [png, svg]) {
      expect(looksLikePicture(picture)).toBe(true);
      expect(unbake(picture)).toEqual({ version: 'ob3', content: aJws });
      expect(unbakeAll(picture).map(({ version }) => version)).toEqual(['ob3', 'ob2']);
    }
  });

  it.each([
    ['nothing', '', 'not_a_picture'],
    ['JSON', '{"a":1}', 'not_a_picture'],
    ['a web page', '<!doctype html><html></html>', 'not_a_picture'],
    ['another kind of picture', 'GIF89a', 'not_a_picture'],
    ['an SVG of another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${anSvg()}`, 'picture_broken'],
    [
      'an SVG that is not UTF-8',
      Buffer.concat([Buffer.from(anSvg()), Buffer.from([0xe9])]),
      'picture_broken',
    ],
    ['bytes over the limit', Buffer.alloc(10 * 1024 * 1024 + 1, 0x3c), 'picture_too_large'],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeThrownBy(() => unbake(Buffer.from(bytes as string)))).toBe(code);
  });

  it('answers or refuses with a code, whatever the bytes', () => {
    const seeds = [
      bakePng(aPng(), aJws, 'ob3'),
      Buffer.from(bakeSvg(anSvg('<g a="b">&amp;</g>'), '{"a":"]]>"}', 'ob2')),
    ];
    const altered = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.nat(),
        fc.uint8Array({ maxLength: 40 }),
      )
      .map(([seed, changes, cut, tail]) => {
        const bytes = Buffer.from(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return Buffer.concat([bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length), tail]);
      });
    fc.assert(
      fc.property(
        fc.oneof(
          altered,
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          const code = codeThrownBy(() => unbake(bytes));
          if (code !== undefined) expect(refusals).toContain(code);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
