import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import extractChunks from 'png-chunks-extract';
import { PNG } from 'pngjs';
import {
  aJws,
  anSvg,
  aPng,
  codeThrownBy,
  compressedText,
  internationalText,
  plainText,
  withChunks,
} from './pictures.spec-support.js';
import { bakePng, unbakePng } from './png.js';
import { pngChunk, pngChunks } from './png-chunks.js';

const anyText = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.json(), fc.constant(aJws))
  .filter(
    (text) => text.isWellFormed() && text.trim() !== '' && !text.includes('\0') && !text.startsWith('\uFEFF'),
  );
const version = fc.constantFrom('ob2' as const, 'ob3' as const);

describe('a PNG with a badge in it', () => {
  it('gives any text back as it was, and keeps every other chunk to the byte', () => {
    const png = withChunks(
      aPng(),
      plainText('Author', 'Insigne'),
      pngChunk('gAMA', Buffer.from([0, 0, 177, 143])),
    );
    fc.assert(
      fc.property(anyText, version, (text, as) => {
        const baked = bakePng(png, text, as);
        expect(unbakePng(baked)).toEqual([{ version: as, content: text }]);
        const others = pngChunks(baked).filter(({ type }) => type !== 'iTXt');
        expect(others.map(({ bytes }) => bytes)).toEqual(pngChunks(png).map(({ bytes }) => bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('is read by three programs of others, which see the same pixels and the text where the standard puts it', () => {
    const png = aPng(16);
    const baked = bakePng(png, '{"name":"é 漢字"}', 'ob3');
    expect(PNG.sync.read(baked).data).toEqual(PNG.sync.read(png).data);
    const chunks = extractChunks(baked);
    const at = chunks.findIndex(({ name }) => name === 'iTXt');
    expect(Buffer.from(chunks[at]!.data).toString()).toBe('openbadgecredential\0\0\0\0\0{"name":"é 漢字"}');
    expect(at).toBeLessThan(chunks.findIndex(({ name }) => name === 'IDAT'));
    const shown = anSvg(
      `<image width="9" height="9" href="data:image/png;base64,${baked.toString('base64')}"/>`,
    );
    const drawn = (svg: string) => new Resvg(svg).render().pixels;
    expect(drawn(shown)).toEqual(drawn(shown.replace(baked.toString('base64'), png.toString('base64'))));
    expect(drawn(shown).some((value) => value > 0)).toBe(true);
  });

  it('holds one content of each version, the later in place of the earlier', () => {
    const first = bakePng(bakePng(aPng(), 'https://a.example/1', 'ob2'), '{"id":"3"}', 'ob3');
    const again = bakePng(first, 'https://a.example/2', 'ob2');
    expect(unbakePng(again)).toEqual([
      { version: 'ob3', content: '{"id":"3"}' },
      { version: 'ob2', content: 'https://a.example/2' },
    ]);
    expect(pngChunks(again).filter(({ type }) => type === 'iTXt')).toHaveLength(2);
    expect(bakePng(again, 'https://a.example/2', 'ob2')).toEqual(again);
  });

  it('replaces what another writer put in as another kind of chunk', () => {
    const old = withChunks(aPng(), plainText('openbadges', 'https://a.example/old'));
    expect(unbakePng(bakePng(old, 'https://a.example/new', 'ob2'))).toEqual([
      { version: 'ob2', content: 'https://a.example/new' },
    ]);
  });
});

describe('a PNG that another program baked', () => {
  it.each([
    ['a compressed iTXt', internationalText('openbadges', '{"é":1}', { compressed: true })],
    [
      'an iTXt with a language and a translated keyword',
      internationalText('openbadges', '{"é":1}', { language: 'fr', translated: 'insigne' }),
    ],
    ['a tEXt with UTF-8', plainText('openbadges', '{"é":1}')],
    ['a tEXt with Latin-1', plainText('openbadges', Buffer.from('{"é":1}', 'latin1'))],
    ['a zTXt', compressedText('openbadges', '{"é":1}')],
    ['a byte order mark', internationalText('openbadges', '\uFEFF{"é":1}')],
  ])('is read from %s', (_, chunk) => {
    expect(unbakePng(withChunks(aPng(), chunk))).toEqual([{ version: 'ob2', content: '{"é":1}' }]);
  });

  it('may carry the text after the image, other texts, and bytes after its end', () => {
    const chunks = pngChunks(aPng()).map(({ bytes }) => bytes);
    const late = Buffer.concat([
      aPng().subarray(0, 8),
      ...chunks.slice(0, -1),
      plainText('Software', 'openbadges'),
      internationalText('openbadgecredential', aJws),
      chunks.at(-1)!,
      Buffer.from('appended by a camera'),
    ]);
    expect(unbakePng(late)).toEqual([{ version: 'ob3', content: aJws }]);
  });
});

describe('a hostile PNG', () => {
  const baked = bakePng(aPng(), aJws, 'ob3');

  it('is refused wherever it is cut off', () => {
    for (let length = 8; length < baked.length; length += 1)
      expect(codeThrownBy(() => unbakePng(baked.subarray(0, length)))).toBe('picture_broken');
  });

  it('is refused with any byte of it changed', () => {
    for (let at = 8; at < baked.length; at += 1) {
      const altered = Buffer.from(baked);
      altered[at]! ^= 0x20;
      expect(codeThrownBy(() => unbakePng(altered))).toBe('picture_broken');
    }
  });

  it.each([0x7fffffff, 0x80000000, 0xffffffff])(
    'is refused for a chunk that says it has %i bytes',
    (length) => {
      const altered = Buffer.from(baked);
      altered.writeUInt32BE(length, 33);
      expect(codeThrownBy(() => unbakePng(altered))).toBe('picture_broken');
    },
  );

  it('is refused when its compressed text would grow past the limit', () => {
    const bomb = Buffer.alloc(200 * 1024 * 1024, 0x20);
    const before = process.memoryUsage().arrayBuffers;
    for (const chunk of [
      internationalText('openbadges', bomb, { compressed: true }),
      compressedText('openbadges', bomb),
    ]) {
      expect(chunk.length).toBeLessThan(300_000);
      expect(codeThrownBy(() => unbakePng(withChunks(aPng(), chunk)))).toBe('picture_too_large');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each([
    [
      'two contents of one version',
      [plainText('openbadges', 'a'), internationalText('openbadges', 'b')],
      'baked_twice',
    ],
    [
      'compressed bytes that are none',
      [pngChunk('zTXt', Buffer.from('openbadges\0\0nonsense'))],
      'picture_broken',
    ],
    ['an unknown compression', [pngChunk('zTXt', Buffer.from('openbadges\0\x07x'))], 'picture_broken'],
    [
      'an unknown compression flag',
      [pngChunk('iTXt', Buffer.from('openbadges\0\x05\0\0\0x'))],
      'picture_broken',
    ],
    ['an iTXt without its fields', [pngChunk('iTXt', Buffer.from('openbadges\0\0\0fr'))], 'picture_broken'],
    [
      'an iTXt that is not UTF-8',
      [internationalText('openbadges', Buffer.from([0xff, 0xfe]))],
      'picture_broken',
    ],
    ['no badge', [plainText('Comment', 'openbadges')], 'nothing_baked'],
    ['a chunk type of no letters', [pngChunk('iT0t', Buffer.from('x'))], 'picture_broken'],
  ])('is refused for %s', (_, chunks, code) => {
    expect(codeThrownBy(() => unbakePng(withChunks(aPng(), ...chunks)))).toBe(code);
  });

  it('is refused for more chunks than a picture has', () => {
    const many = Buffer.concat(Array.from({ length: 70_000 }, () => pngChunk('tEXt', Buffer.alloc(0))));
    expect(codeThrownBy(() => unbakePng(withChunks(aPng(), many)))).toBe('picture_broken');
  });

  it('is refused without an image or without a header', () => {
    const [header, , end] = pngChunks(aPng()).map(({ bytes }) => bytes);
    const signature = aPng().subarray(0, 8);
    expect(codeThrownBy(() => unbakePng(Buffer.concat([signature, header!, end!])))).toBe('picture_broken');
    expect(codeThrownBy(() => unbakePng(Buffer.concat([signature, end!])))).toBe('picture_broken');
  });
});

describe('baking into a PNG', () => {
  it.each([
    ['', 'credential_not_bakeable'],
    ['half \ud800 a character', 'credential_not_bakeable'],
    ['a \0 in it', 'credential_not_bakeable'],
    ['x'.repeat(2 * 1024 * 1024 + 1), 'picture_too_large'],
  ])('refuses a text that would not come back as it was', (text, code) => {
    expect(codeThrownBy(() => bakePng(aPng(), text, 'ob3'))).toBe(code);
  });

  it('refuses what is no PNG, a broken one and one over the limit', () => {
    expect(codeThrownBy(() => bakePng(Buffer.from('GIF89a'), aJws, 'ob3'))).toBe('not_a_picture');
    expect(codeThrownBy(() => bakePng(aPng().subarray(0, 40), aJws, 'ob3'))).toBe('picture_broken');
    const large = withChunks(aPng(), pngChunk('prIv', Buffer.alloc(10 * 1024 * 1024)));
    expect(codeThrownBy(() => bakePng(large, aJws, 'ob3'))).toBe('picture_too_large');
  });
});
