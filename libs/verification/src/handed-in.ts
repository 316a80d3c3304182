import { looksLikePicture, NothingBaked, unbake } from '#baking';
import { DomainError } from '#platform';
import { type Fetched, type Fetcher, FetchFailed } from './fetcher.js';
import { isWithdrawalNotice } from './ob2/withdrawal-notice.js';
import { pictureSize } from './picture-size.js';
import { qrText } from './qr-of-picture.js';

/** What somebody gave could not be made into a badge to verify; `code` says why. */
export class NothingToVerify extends DomainError {
  constructor(
    readonly code:
      | 'address_unreachable'
      | 'badge_gone'
      | 'no_badge_in_picture'
      | 'not_a_badge'
      | 'paper_handed_in'
      | 'qr_without_address',
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
 * The badge that somebody means by a text: the text itself, or what its address answers; a picture there is read like a
 * file. An address that withdrew its badge (410) gives its notice, which the verification checks.
 * @throws NothingToVerify (`address_unreachable`, `badge_gone`, `no_badge_in_picture`, `qr_without_address`),
 *   PictureTooLarge (`picture_too_large`)
 */
export async function badgeOfText(text: string, fetcher: Fetcher): Promise<Buffer | string> {
  return isAddress(text) ? badgeAt(text.trim(), fetcher) : text;
}

/**
 * The badge that somebody means by a file: the file itself, or, when it is a photo or screenshot with a QR code, what
 * the address in the code answers. A picture with a badge inside is that badge, whatever else is drawn on it.
 * @throws NothingToVerify (`no_badge_in_picture`, `qr_without_address`, `address_unreachable`, `badge_gone`),
 *   PictureTooLarge (`picture_too_large`)
 */
export async function badgeOfFile(bytes: Buffer, fetcher: Fetcher): Promise<Buffer | string> {
  // A shortcut to an address, as some systems save it, is as good as the address.
  if (bytes.length < 4_096 && !isPicture(bytes) && isAddress(bytes.toString()))
    return badgeAt(bytes.toString().trim(), fetcher);
  return badgeOfPicture(bytes, (address) => badgeAt(address, fetcher));
}

/** The picture itself, or what the address in its QR code gives. */
async function badgeOfPicture(
  bytes: Buffer,
  follow: (address: string) => Promise<Buffer | string>,
): Promise<Buffer | string> {
  const kind = pictureSize(bytes)?.kind;
  if (kind === undefined || (kind === 'png' && !isEmptyPicture(bytes))) return bytes;
  const found = await qrText(bytes);
  if (found === undefined)
    throw new NothingToVerify(
      'no_badge_in_picture',
      'The picture has neither a badge inside nor a QR code that can be read',
    );
  if (!isAddress(found))
    throw new NothingToVerify('qr_without_address', 'The QR code holds no address of the web');
  return follow(found.trim());
}

const isPicture = (bytes: Buffer): boolean => pictureSize(bytes) !== undefined || looksLikePicture(bytes);

/** A sound PNG without a badge inside; what is wrong with any other, the verification tells. */
function isEmptyPicture(bytes: Buffer): boolean {
  try {
    unbake(bytes);
    return false;
  } catch (error) {
    return error instanceof NothingBaked;
  }
}

// Codes that lead to pictures of codes would have us ask for ever.
const mostCodes = 2;

async function badgeAt(address: string, fetcher: Fetcher, codes = 1): Promise<Buffer | string> {
  const answer = await answerAt(address, fetcher);
  if (answer.status === 410) return noticeIn(answer, address);
  if (answer.status !== 200)
    throw new NothingToVerify('address_unreachable', `${address} answers ${answer.status}`);
  const { bytes, contentType } = answer;
  if (!bytes || !(contentType.startsWith('image/') || isPicture(bytes))) return answer.body;
  return badgeOfPicture(bytes, (found) => {
    if (codes >= mostCodes)
      throw new NothingToVerify('no_badge_in_picture', `${address} has one more picture of a code`);
    return badgeAt(found, fetcher, codes + 1);
  });
}

async function answerAt(address: string, fetcher: Fetcher): Promise<Fetched> {
  try {
    return await fetcher.fetch(address, accept);
  } catch (error) {
    if (error instanceof FetchFailed)
      throw new NothingToVerify('address_unreachable', `${address}: ${error.message}`, { cause: error });
    throw error;
  }
}

function noticeIn(answer: Fetched, address: string): string {
  if (isWithdrawalNotice(answer, address)) return answer.body;
  throw new NothingToVerify('badge_gone', `${address} answers 410: what was there is gone for good`);
}
