/** The CBOR (RFC 8949) that proof values are made of: numbers from zero up, bytes, texts, lists, maps, and tags, which are left out. */
export function cbor(bytes: Uint8Array): unknown {
  let at = 0;
  const take = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const item = (): unknown => {
    const first = bytes[at++]!;
    const kind = first >> 5;
    const size = first & 31;
    const wide = size < 24 ? 0 : 2 ** (size - 24);
    const count = size < 24 ? size : Number(`0x${Buffer.from(take(wide)).toString('hex')}`);
    if (kind === 0) return count;
    if (kind === 2) return take(count);
    if (kind === 3) return Buffer.from(take(count)).toString();
    if (kind === 4) return Array.from({ length: count }, item);
    if (kind === 5) return new Map(Array.from({ length: count }, () => [item(), item()] as const));
    if (kind === 6) return item();
    throw new Error(`nothing here is of the kind ${kind}`);
  };
  const value = item();
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes are left over`);
  return value;
}
