import { NothingBaked, unbake } from '#baking';
import { DomainError } from '#platform';
import { type Fetcher, FetchFailed, fetchText } from './fetcher.js';
import { pictureSize } from './picture-size.js';
import { qrText } from './qr-of-picture.js';

/** What somebody gave could not be made into a badge to verify; `code` says why. */
export class NothingToVerify extends DomainError {
  constructor(
    readonly code: 'address_unreachable' | 'no_badge_in_picture' | 'qr_without_address',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

const accept =
  'application/vc+ld+json, application/ld+json;q=0.9, application/json;q=0.8, application/vc+jwt;q=0.7, text/plain;q=0.5';

const webAddress = /^https?:\/\/\S+$/i;

/** Is this an address of the web, and not a badge? */
export const isAddress = (text: string): boolean => webAddress.test(text.trim());

/**
 * The badge that somebody means by a text: the text itself, or what its address answers.
 * @throws NothingToVerify (`address_unreachable`)
 */
export async function badgeOfText(text: string, fetcher: Fetcher): Promise<string> {
  return isAddress(text) ? badgeAt(text.trim(), fetcher) : text;
}

/**
 * The badge that somebody means by a file: the file itself, or, when it is a photo or screenshot with a QR code, what
 * the address in the code answers. A picture with a badge inside is that badge, whatever else is drawn on it.
 * @throws NothingToVerify (`no_badge_in_picture`, `qr_without_address`, `address_unreachable`), PictureTooLarge
 *   (`picture_too_large`)
 */
export async function badgeOfFile(bytes: Buffer, fetcher: Fetcher): Promise<Buffer | string> {
  const kind = pictureSize(bytes)?.kind;
  if (kind === undefined || (kind === 'png' && !isEmptyPicture(bytes)))
    // A shortcut to an address, as some systems save it, is as good as the address.
    return bytes.length < 4_096 && isAddress(bytes.toString())
      ? badgeAt(bytes.toString().trim(), fetcher)
      : bytes;
  const found = await qrText(bytes);
  if (found === undefined)
    throw new NothingToVerify(
      'no_badge_in_picture',
      'The picture has neither a badge inside nor a QR code that can be read',
    );
  if (!isAddress(found))
    throw new NothingToVerify('qr_without_address', 'The QR code holds no address of the web');
  return badgeAt(found.trim(), fetcher);
}

/** A sound PNG without a badge inside; what is wrong with any other, the verification tells. */
function isEmptyPicture(bytes: Buffer): boolean {
  try {
    unbake(bytes);
    return false;
  } catch (error) {
    return error instanceof NothingBaked;
  }
}

async function badgeAt(address: string, fetcher: Fetcher): Promise<string> {
  try {
    return await fetchText(fetcher, address, accept);
  } catch (error) {
    if (error instanceof FetchFailed)
      throw new NothingToVerify('address_unreachable', `${address}: ${error.message}`, { cause: error });
    throw error;
  }
}
