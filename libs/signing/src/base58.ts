const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const digitValues = new Map([...alphabet].map((digit, value) => [digit.charCodeAt(0), value]));
// Six digits at once: 58⁶ times a limb of 16 bits stays below 2⁵³, where a number is still exact.
const digitsAtOnce = 6;
const group = 58 ** digitsAtOnce;
const limb = 2 ** 16;

/** Bytes in base58-btc: each zero byte at the front is a '1', the rest one number. */
export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1;
  const odd = (bytes.length - zeros) % 2;
  const limbs: number[] = odd === 1 ? [bytes[zeros]!] : [];
  for (let i = zeros + odd; i < bytes.length; i += 2) limbs.push(bytes[i]! * 256 + bytes[i + 1]!);
  let digits = '';
  for (let first = 0; first < limbs.length; ) {
    let rest = 0;
    for (let i = first; i < limbs.length; i += 1) {
      const value = rest * limb + limbs[i]!;
      const quotient = Math.floor(value / group);
      limbs[i] = quotient;
      rest = value - quotient * group;
    }
    while (first < limbs.length && limbs[first] === 0) first += 1;
    // Only the last group to come, the first of the text, may be shorter.
    for (let digit = 0; first < limbs.length ? digit < digitsAtOnce : rest > 0; digit += 1) {
      digits = alphabet[rest % 58] + digits;
      rest = Math.floor(rest / 58);
    }
  }
  return '1'.repeat(zeros) + digits;
}

/** The bytes of a base58-btc text, or nothing when a character is no digit of it. */
export function decodeBase58(text: string): Buffer | undefined {
  let zeros = 0;
  while (zeros < text.length && text[zeros] === '1') zeros += 1;
  /** The last limb first. */
  const limbs: number[] = [];
  for (let at = zeros; at < text.length; ) {
    const end = Math.min(at + digitsAtOnce, text.length);
    let carry = 0;
    const factor = 58 ** (end - at);
    for (; at < end; at += 1) {
      const value = digitValues.get(text.charCodeAt(at));
      if (value === undefined) return undefined;
      carry = carry * 58 + value;
    }
    for (let i = 0; i < limbs.length; i += 1) {
      const value = limbs[i]! * factor + carry;
      carry = Math.floor(value / limb);
      limbs[i] = value - carry * limb;
    }
    for (; carry > 0; carry = Math.floor(carry / limb)) limbs.push(carry % limb);
  }
  const isOdd = limbs.length > 0 && limbs.at(-1)! < 256;
  const bytes = Buffer.alloc(zeros + 2 * limbs.length - (isOdd ? 1 : 0));
  for (const [i, value] of limbs.entries()) {
    const at = bytes.length - 1 - 2 * i;
    bytes[at] = value % 256;
    if (value > 255 || i < limbs.length - 1) bytes[at - 1] = value >> 8;
  }
  return bytes;
}
