const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const digitValues: (number | undefined)[] = [];
for (const [value, digit] of [...alphabet].entries()) digitValues[digit.charCodeAt(0)] = value;
// Six digits at once: 58⁶ times a limb of 16 bits stays below 2⁵³, where a number is still exact.
const digitsAtOnce = 6;
const group = 58 ** digitsAtOnce;
const limb = 2 ** 16;
// Nine digits stay below 2⁵³.
const digitsRead = 9;
const groupRead = 58n ** 9n;

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
  let number = 0n;
  // The first group is the short one, so that the others are of one size.
  for (let at = zeros, end = at + ((text.length - at) % digitsRead); at < text.length; end += digitsRead) {
    let value = 0;
    for (; at < end; at += 1) {
      const digit = digitValues[text.charCodeAt(at)];
      if (digit === undefined) return undefined;
      value = value * 58 + digit;
    }
    number = number * groupRead + BigInt(value);
  }
  const digits = number === 0n ? '' : number.toString(16);
  return Buffer.from('00'.repeat(zeros) + (digits.length % 2 === 1 ? '0' : '') + digits, 'hex');
}
