import { randomBytes } from 'node:crypto';
import { decode, encode } from 'base58-universal';
import fc from 'fast-check';
import { decodeBase58, encodeBase58 } from './base58.js';

const texts = fc
  .array(fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'), { maxLength: 200 })
  .map((digits) => digits.join(''));

describe('base58', () => {
  it('writes any bytes as the library does, and reads them back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 130 }), fc.nat(5), (bytes, zeros) => {
        const given = Buffer.concat([Buffer.alloc(zeros), bytes]);
        const text = encodeBase58(given);
        expect(text).toBe(encode(given));
        expect(decodeBase58(text)?.equals(given)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('reads any text as the library does', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(decodeBase58(text)?.equals(Buffer.from(decode(text)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('writes and reads what lies at the edges of its groups and limbs', () => {
    const edges = [
      0n,
      1n,
      57n,
      58n,
      255n,
      256n,
      65_535n,
      65_536n,
      58n ** 6n - 1n,
      58n ** 6n,
      58n ** 9n - 1n,
      58n ** 9n,
      58n ** 12n - 1n,
      58n ** 18n,
    ];
    for (const edge of [...edges, ...edges.map((value) => value * 2n ** 448n), 2n ** 512n - 1n, 58n ** 60n]) {
      const hex = edge.toString(16);
      const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
      const text = encodeBase58(bytes);
      expect(text).toBe(encode(bytes));
      expect(decodeBase58(text)?.toString('hex')).toBe(bytes.toString('hex'));
    }
  });

  it('writes a thousand signatures as the library does', () => {
    for (let i = 0; i < 1_000; i += 1) {
      const signature = randomBytes(64);
      const text = encodeBase58(signature);
      expect(text).toBe(encode(signature));
      expect(decodeBase58(text)?.equals(signature)).toBe(true);
    }
  });

  it.each(['0', 'O', 'I', 'l', 'z1+', 'é', ' '])('reads nothing from %j', (text) => {
    expect(decodeBase58(text)).toBeUndefined();
  });
});
