const length = 12;

/**
 * The beginning of a badge's public id in three groups, for a hand to type: 58 random bits, which lead to badges that
 * are shown and to no others.
 */
export const shortCode = (publicId: string): string => publicId.slice(0, length).match(/.{4}/g)!.join('-');

/** A code as people type it, without its groups: capitals, spaces, O for 0, I or L for 1 (Crockford base32). Null when it is none. */
export function readShortCode(typed: string): string | null {
  const plain = typed
    .toLowerCase()
    .replace(/[\s\u2010-\u2015-]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
  return /^[0-7][0-9a-hjkmnp-tv-z]{11}$/.test(plain) ? plain : null;
}
