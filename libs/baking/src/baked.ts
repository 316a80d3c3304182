import { CredentialNotBakeable, PictureTooLarge } from './errors.js';

/** Which Open Badges version a content is baked as; the bytes of the content decide nothing. */
export type BakedVersion = 'ob2' | 'ob3';

export interface Baked {
  version: BakedVersion;
  /** JSON, compact JWS or the address of a hosted assertion; without a byte order mark. */
  content: string;
}

/** Largest picture that is read, in bytes. */
export const largestPicture = 10 * 1024 * 1024;
/** Largest content that is baked or unbaked, in bytes of UTF-8, after decompression. */
export const largestContent = 2 * 1024 * 1024;

/** @throws PictureTooLarge (`picture_too_large`) */
export function assertSize(bytes: number): void {
  if (bytes > largestPicture) throw new PictureTooLarge(`over ${largestPicture} bytes`);
}

/**
 * The text as it is baked: what a reader would change silently is refused or, for a byte order mark, left out.
 * @throws CredentialNotBakeable (`credential_not_bakeable`), PictureTooLarge (`picture_too_large`)
 */
export function bakeable(text: string): string {
  const plain = withoutMark(text);
  if (plain.trim() === '') throw new CredentialNotBakeable('it is empty');
  if (!plain.isWellFormed()) throw new CredentialNotBakeable('it holds half a character (a lone surrogate)');
  if (plain.includes('\u0000')) throw new CredentialNotBakeable('it holds a null character');
  if (Buffer.byteLength(plain) > largestContent)
    throw new PictureTooLarge(`content over ${largestContent} bytes`);
  return plain;
}

export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);
