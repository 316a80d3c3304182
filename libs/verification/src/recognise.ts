import { looksLikePicture, unbake } from '#baking';
import { DomainError, type Text } from '#platform';
import { type Fetcher, FetchFailed } from './fetcher.js';
import { type MessageCode, messages } from './messages.js';
import { isOb2 } from './ob2/shape.js';
import { isWithdrawalNotice } from './ob2/withdrawal-notice.js';
import { readCredential, type Secured, Unreadable } from './parse.js';
import { isOlderShape } from './vc-1-1.js';

const text = (fr: string, en: string): Text => ({ fr, en });

const formTexts = {
  ob3_embedded: text('Open Badge 3.0, signé dans le document', 'Open Badge 3.0, signed inside the document'),
  ob3_jwt: text('Open Badge 3.0, en JWT signé', 'Open Badge 3.0, as a signed JWT'),
  vc11_embedded: text(
    'Open Badge 3.0 de l’ancienne forme (VC 1.1), signé dans le document',
    'Open Badge 3.0 of the older shape (VC 1.1), signed inside the document',
  ),
  vc11_jwt: text(
    'Open Badge 3.0 de l’ancienne forme (VC 1.1), en JWT signé',
    'Open Badge 3.0 of the older shape (VC 1.1), as a signed JWT',
  ),
  ob2_hosted: text('Open Badge 2.0, hébergé par son émetteur', 'Open Badge 2.0, hosted by its issuer'),
  ob2_signed: text('Open Badge 2.0, signé', 'Open Badge 2.0, signed'),
};

/** In which form a badge was handed in. */
export interface BadgeFormat {
  name: keyof typeof formTexts;
  /** What carried it. */
  carrier: 'text' | 'png' | 'svg';
  text: Text;
}

export interface Recognised {
  secured: Secured;
  format: BadgeFormat;
}

/** Names of all forms, for descriptions of the API. */
export const formatNames = Object.keys(formTexts) as BadgeFormat['name'][];

/**
 * Reads a badge in any of its forms: JSON, JWT or JWS, or a PNG or SVG picture around one of them or around the https
 * address of a hosted assertion.
 * @throws Unreadable with a code of 'parse'
 */
export async function recognise(input: Buffer | string | object, fetcher: Fetcher): Promise<Recognised> {
  const bytes = Buffer.isBuffer(input) ? input : typeof input === 'string' ? pictureBytes(input) : undefined;
  if (bytes && looksLikePicture(bytes)) {
    const content = contentOf(bytes).trim();
    const isAddress = /^https?:\/\/\S+$/.test(content);
    const secured = readCredential(isAddress ? await hostedText(content, fetcher) : content);
    return recognised(secured, bytes[0] === 0x89 ? 'png' : 'svg');
  }
  return recognised(readCredential(Buffer.isBuffer(input) ? utf8Text(input) : input), 'text');
}

function recognised(secured: Secured, carrier: BadgeFormat['carrier']): Recognised {
  const document = secured.form === 'jwt' ? secured.claims : secured.credential;
  const name = nameOf(document, secured.form);
  return { secured, format: { name, carrier, text: formTexts[name] } };
}

function nameOf(document: object, form: Secured['form']): BadgeFormat['name'] {
  const content = document as Record<string, unknown>;
  if (isOb2(content)) return form === 'jwt' ? 'ob2_signed' : 'ob2_hosted';
  if (isOlderShape(content)) return form === 'jwt' ? 'vc11_jwt' : 'vc11_embedded';
  return form === 'jwt' ? 'ob3_jwt' : 'ob3_embedded';
}

// A PNG cannot be a string; an SVG can.
const pictureBytes = (input: string): Buffer | undefined =>
  /^\uFEFF?\s*</.test(input) ? Buffer.from(input) : undefined;

function contentOf(bytes: Buffer): string {
  try {
    return unbake(bytes).content;
  } catch (error) {
    if (error instanceof DomainError && Object.hasOwn(messages, error.code))
      throw new Unreadable(error.code as MessageCode, error.message);
    throw error;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function utf8Text(bytes: Buffer): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new Unreadable('not_a_credential');
  }
}

async function hostedText(address: string, fetcher: Fetcher): Promise<string> {
  try {
    const answer = await fetcher.fetch(address, 'application/ld+json, application/json');
    if (answer.status === 200 || isWithdrawalNotice(answer, address)) return answer.body;
    throw new FetchFailed('fetch_failed', `${address} answers ${answer.status}`);
  } catch (error) {
    if (error instanceof FetchFailed) throw new Unreadable('address_unreachable', error.message);
    throw error;
  }
}
