import { looksLikePicture, unbake } from '#baking';
import { DomainError, type Text } from '#platform';
import type { JsonObject } from '#signing';
import { type Fetcher, FetchFailed } from './fetcher.js';
import { type MessageCode, messages } from './messages.js';
import { isOb2 } from './ob2/shape.js';
import { isWithdrawalNotice } from './ob2/withdrawal-notice.js';
import { readCredential, type Secured, Unreadable } from './parse.js';
import { type Kind, kindOf } from './schema.js';
import { isPresentation } from './shown.js';
import { isOlderShape } from './vc-1-1.js';

const text = (fr: string, en: string): Text => ({ fr, en });

const names = [
  'ob3_embedded',
  'ob3_jwt',
  'vc11_embedded',
  'vc11_jwt',
  'ob2_hosted',
  'ob2_signed',
  'vc_embedded',
  'vc_jwt',
  'vp_embedded',
  'vp_jwt',
] as const;

/** In which form a badge was handed in. */
export interface BadgeFormat {
  /** `ob3_…`, `vc11_…`, `ob2_…` of badges, endorsements and records; `vc_…` of what is none of these; `vp_…` of presentations. */
  name: (typeof names)[number];
  /** What carried it. */
  carrier: 'text' | 'png' | 'svg';
  text: Text;
}

export interface Recognised {
  secured: Secured;
  format: BadgeFormat;
}

/** Names of all forms, for descriptions of the API. */
export const formatNames: BadgeFormat['name'][] = [...names];

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
  const { name, text } = formOf(secured);
  return { secured, format: { name, carrier, text } };
}

const ob2Texts = {
  hosted: text('Open Badge 2.0, hébergé par son émetteur', 'Open Badge 2.0, hosted by its issuer'),
  signed: text('Open Badge 2.0, signé', 'Open Badge 2.0, signed'),
};

const kindTexts: Record<Kind, Text> = {
  achievement: text('Open Badge 3.0', 'Open Badge 3.0'),
  endorsement: text('Recommandation (Open Badges 3.0)', 'Endorsement (Open Badges 3.0)'),
  record: text('Relevé de badges (CLR 2.0)', 'Record of badges (CLR 2.0)'),
};

const presentationText = text(
  'Présentation de badges (Verifiable Presentation)',
  'Presentation of badges (Verifiable Presentation)',
);

/** No more than what the document shows: its kind, its shape, and where a signature stands. */
function formOf(secured: Secured): Pick<BadgeFormat, 'name' | 'text'> {
  const isJwt = secured.form === 'jwt';
  if (isOb2(isJwt ? secured.claims : secured.credential))
    return isJwt
      ? { name: 'ob2_signed', text: ob2Texts.signed }
      : { name: 'ob2_hosted', text: ob2Texts.hosted };
  if (isPresentation(secured)) return { name: isJwt ? 'vp_jwt' : 'vp_embedded', text: presentationText };
  const { credential } = secured;
  const kind = kindOf(credential);
  const what = kind ? kindTexts[kind] : otherText(credential);
  const [shape, shapeText] =
    kind && isOlderShape(credential)
      ? (['vc11', text(' de l’ancienne forme (VC 1.1)', ' of the older shape (VC 1.1)')] as const)
      : ([kind ? 'ob3' : 'vc', text('', '')] as const);
  const how = howText(secured);
  return {
    name: `${shape}_${isJwt ? 'jwt' : 'embedded'}`,
    text: text(`${what.fr}${shapeText.fr}, ${how.fr}`, `${what.en}${shapeText.en}, ${how.en}`),
  };
}

const otherText = ({ type }: JsonObject): Text =>
  [type].flat().includes('VerifiableCredential')
    ? text('Attestation numérique (Verifiable Credential)', 'Verifiable Credential')
    : text('Document', 'Document');

function howText({ form, credential }: Secured): Text {
  if (form === 'jwt') return text('en JWT', 'as a JWT');
  return credential.proof === undefined
    ? text('sans signature', 'without a signature')
    : text('signature dans le document', 'signature inside the document');
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
