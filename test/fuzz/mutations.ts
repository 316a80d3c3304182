import type { JsonObject } from '#signing';
import type { Random } from './random.js';

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  [null],
  '\u0000',
  '\t',
  '\u202E',
  '\uD800',
  '__proto__',
  'constructor',
  'https://127.0.0.1/',
  'http://169.254.169.254/latest',
  'file:///etc/passwd',
  'did:web:',
  'did:web:%00',
  'did:key:z',
  'did:key:z6Mk',
  'urn:x',
  'data:application/vc+jwt,a.b.c',
  'data:application/vc+jwt;base64,YS5iLmM=',
  'https://www.w3.org/2018/credentials/v1',
  'https://w3id.org/openbadges/v2',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59+23:59',
  '0',
  '99999999999999999999',
  'z'.repeat(90),
  { '@context': {} },
  { '@id': 'x', '@type': '@id' },
  { '@value': 1, '@language': 'x y' },
  { id: 'https://x.example/', type: 'Assertion' },
];

// A copy: what is put into a document may be changed there.
const odd = (random: Random): unknown => structuredClone(random.pick(oddValues));

interface Place {
  holder: JsonObject | unknown[];
  name: string | number;
}

function places(value: unknown, found: Place[] = []): Place[] {
  if (value === null || typeof value !== 'object') return found;
  for (const name of Object.keys(value)) {
    found.push({ holder: value as JsonObject, name });
    places((value as JsonObject)[name], found);
  }
  return found;
}

const at = ({ holder, name }: Place): unknown => (holder as JsonObject)[name];
const put = ({ holder, name }: Place, value: unknown): void => {
  (holder as JsonObject)[name] = value;
};

/** A document with one to three members taken away, replaced, exchanged, renamed or added. */
export function mutateDocument(document: JsonObject, random: Random): JsonObject {
  const copy = JSON.parse(JSON.stringify(document)) as JsonObject;
  for (let times = 1 + random.below(3); times > 0; times -= 1) mutateOnce(copy, random);
  return copy;
}

function mutateOnce(document: JsonObject, random: Random): void {
  const all = places(document);
  if (all.length === 0) return;
  const place = random.pick(all);
  const other = random.pick(all);
  const value = at(place);
  switch (random.below(8)) {
    case 0:
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.name), 1);
      else delete (place.holder as JsonObject)[place.name];
      break;
    case 1:
      put(place, structuredClone(at(other)));
      break;
    case 2:
      put(place, Array.isArray(value) ? value[0] : [value]);
      break;
    case 3:
      if (Array.isArray(value)) value.reverse();
      else put(place, odd(random));
      break;
    case 4:
      if (typeof value === 'string') put(place, mutateText(value, random));
      else put(place, odd(random));
      break;
    case 5:
      if (!Array.isArray(place.holder)) (place.holder as JsonObject)[String(other.name)] = odd(random);
      break;
    default:
      put(place, odd(random));
  }
}

/** A text with a few characters changed, taken away, doubled or put elsewhere. */
export function mutateText(text: string, random: Random): string {
  const from = random.below(text.length + 1);
  const length = 1 + random.below(random.oneIn(4) ? 64 : 3);
  const piece = text.slice(from, from + length);
  const before = text.slice(0, from);
  const behind = text.slice(from + length);
  switch (random.below(6)) {
    case 0:
      return before + behind;
    case 1:
      return before + piece + piece + behind;
    case 2:
      return before + String.fromCharCode(random.below(random.oneIn(8) ? 65_536 : 128)) + behind;
    case 3:
      return (
        before +
        random.pick(['"', '{', '}', '[', ']', ',', ':', '\\', '\\u0000', '.', '-', '_', '=', 'é']) +
        behind
      );
    case 4: {
      const to = random.below(behind.length + 1);
      return before + behind.slice(0, to) + piece + behind.slice(to);
    }
    default:
      return text.slice(0, from);
  }
}

/** Bytes with a few of them changed, taken away or doubled. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = 1 + random.below(4); times > 0 && copy.length > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  if (!random.oneIn(3)) return copy;
  const from = random.below(copy.length);
  const to = from + random.below(copy.length - from);
  return random.oneIn(2)
    ? Buffer.concat([copy.subarray(0, from), copy.subarray(to)])
    : Buffer.concat([copy.subarray(0, to), copy.subarray(from)]);
}

/** A PNG with chunks taken away, doubled, exchanged, renamed or rewritten, their checksums made right again or not. */
export function mutateChunks(png: Buffer, random: Random): Buffer {
  const chunks: { type: string; body: Buffer }[] = [];
  for (let from = 8; from + 12 <= png.length; ) {
    const length = png.readUInt32BE(from);
    chunks.push({
      type: png.toString('latin1', from + 4, from + 8),
      body: png.subarray(from + 8, from + 8 + length),
    });
    from += 12 + length;
  }
  for (let times = 1 + random.below(2); times > 0 && chunks.length > 0; times -= 1) {
    const i = random.below(chunks.length);
    const chunk = chunks[i]!;
    switch (random.below(6)) {
      case 0:
        chunks.splice(i, 1);
        break;
      case 1:
        chunks.splice(random.below(chunks.length), 0, chunk);
        break;
      case 2:
        chunks[i] = { ...chunk, type: random.pick(['iTXt', 'tEXt', 'zTXt', 'IDAT', 'IEND', 'IHDR', 'abcd']) };
        break;
      case 3:
        chunks[i] = { ...chunk, body: chunk.body.subarray(0, random.below(chunk.body.length + 1)) };
        break;
      default:
        chunks[i] = { ...chunk, body: mutateBytes(chunk.body, random) };
    }
  }
  const written = chunks.flatMap(({ type, body }) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(random.oneIn(40) ? random.next() : body.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(random.oneIn(20) ? random.next() : checksum(named));
    return [length, named, sum];
  });
  return Buffer.concat([png.subarray(0, 8), ...written]);
}

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const checksum = (bytes: Buffer): number =>
  (bytes.reduce((c, byte) => table[(c ^ byte) & 255]! ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/** JSON that a grammar makes from the words of badges. */
export function grammar(words: readonly string[], random: Random, depth = 0): unknown {
  const kind = random.below(depth > 6 ? 3 : 6);
  if (kind === 0) return odd(random);
  if (kind < 3) return random.pick(words);
  if (kind === 3) return Array.from({ length: random.below(4) }, () => grammar(words, random, depth + 1));
  const members = Array.from({ length: 1 + random.below(6) }, () => [
    random.pick(words),
    grammar(words, random, depth + 1),
  ]);
  return Object.fromEntries(members) as unknown;
}
