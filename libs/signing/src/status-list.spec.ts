import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { StatusListInvalid } from './errors.js';
import { Bitstring, buildStatusListCredential, minimumEntries, statusEntry } from './status-list.js';

const index = fc.integer({ min: 0, max: minimumEntries - 1 });
const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return error instanceof StatusListInvalid ? error.code : String(error);
  }
  return undefined;
};

describe('a bitstring status list', () => {
  it('gives back exactly the bits that were set, after encoding and decoding', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(index, { maxLength: 50 }),
        fc.array(index, { maxLength: 50 }),
        (set, asked) => {
          const list = Bitstring.ofLength();
          for (const i of set) list.set(i);
          const read = Bitstring.decode(list.encode());
          expect(read.length).toBe(minimumEntries);
          for (const i of [...set, ...asked]) expect(read.get(i)).toBe(set.includes(i));
          expect(read.encode()).toBe(list.encode());
        },
      ),
      { numRuns: 50 },
    );
  });

  it('touches no neighbour when a bit is set and cleared again', () => {
    fc.assert(
      fc.property(index, index, (one, other) => {
        fc.pre(one !== other);
        const list = Bitstring.ofLength();
        list.set(other);
        const before = list.encode();
        list.set(one);
        expect(list.get(other)).toBe(true);
        list.set(one, false);
        expect(list.encode()).toBe(before);
      }),
      { numRuns: 30 },
    );
  });

  it('takes up the bits of another list, and tells which of its own another one lacks', () => {
    const indices = fc.uniqueArray(index, { maxLength: 40 });
    const listOf = (set: number[]): Bitstring => {
      const list = Bitstring.ofLength();
      for (const i of set) list.set(i);
      return list;
    };
    const inOrder = (set: Iterable<number>): number[] => [...new Set(set)].sort((a, b) => a - b);
    fc.assert(
      fc.property(indices, indices, indices, (shared, left, right) => {
        const [one, other] = [listOf([...shared, ...left]), listOf([...shared, ...right])];
        const there = new Set([...shared, ...right]);
        expect(one.beyond(other)).toEqual(inOrder(left.filter((i) => !there.has(i))));
        one.add(other);
        expect(one.beyond()).toEqual(inOrder([...shared, ...left, ...right]));
        expect(other.beyond(one)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('puts index 0 in the left-most bit of the first byte', () => {
    const list = Bitstring.ofLength();
    list.set(0);
    list.set(9);
    const bytes = gunzipSync(Buffer.from(list.encode().slice(1), 'base64url'));
    expect([...bytes.subarray(0, 3)]).toEqual([0b1000_0000, 0b0100_0000, 0]);
    expect(bytes.length).toBe(16_384);
  });

  it('is written as u and unpadded base64url of gzip', () => {
    const encoded = Bitstring.ofLength().encode();
    expect(encoded).toMatch(/^uH4sI[A-Za-z0-9_-]+$/);
    expect(Bitstring.decode(encoded).get(minimumEntries - 1)).toBe(false);
  });

  it.each([
    ['too few entries', 'status_list_length_error', () => Bitstring.ofLength(131_064)],
    ['a length that fills no byte', 'status_list_length_error', () => Bitstring.ofLength(131_073)],
    [
      'too few bytes',
      'status_list_length_error',
      () => Bitstring.decode(`u${gzipSync(Buffer.alloc(16_383)).toString('base64url')}`),
    ],
    ['another multibase', 'malformed_value_error', () => Bitstring.decode('zH4sIAAAA')],
    ['padding', 'malformed_value_error', () => Bitstring.decode('uH4sI====')],
    ['raw deflate', 'malformed_value_error', () => Bitstring.decode('uY2AYBaMAAA')],
    ['nothing', 'malformed_value_error', () => Bitstring.decode('')],
    ['an index past the end', 'range_error', () => Bitstring.ofLength().get(minimumEntries)],
    ['a negative index', 'range_error', () => Bitstring.ofLength().set(-1)],
    ['half an index', 'range_error', () => Bitstring.ofLength().get(0.5)],
  ])('refuses %s', (_what, code, action) => {
    expect(codeOf(action)).toBe(code);
  });

  it('reads back the raw bytes it was made of', () => {
    const bytes = Buffer.alloc(16_384);
    bytes[1] = 1;
    expect(Bitstring.ofBytes(bytes).get(15)).toBe(true);
    expect(codeOf(() => Bitstring.ofBytes(Buffer.alloc(8)))).toBe('status_list_length_error');
  });
});

describe('its credential', () => {
  const list = buildStatusListCredential({
    id: 'https://badges.example/status/1',
    issuer: 'did:web:badges.example:issuers:north',
    bits: Bitstring.ofLength(),
    validFrom: new Date('2026-11-22T10:00:00.123Z'),
    validUntil: new Date('2026-11-23T10:00:00Z'),
  });

  it('uses the VC 2.0 context alone and whole seconds', () => {
    expect(list['@context']).toEqual(['https://www.w3.org/ns/credentials/v2']);
    expect([list.validFrom, list.validUntil]).toEqual(['2026-11-22T10:00:00Z', '2026-11-23T10:00:00Z']);
  });

  it('is pointed at by an entry whose index is a decimal string', () => {
    expect(statusEntry({ list: list.id as string, index: 7 })).toEqual({
      id: 'https://badges.example/status/1#7',
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: 'https://badges.example/status/1',
    });
  });
});
