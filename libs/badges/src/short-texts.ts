import type { EncodedText } from '#signing';

/** A signed credential in its two forms, and what both were made of. */
export interface SecuredTexts {
  /** JSON text, as it was planned. */
  payload: string;
  /** JSON text with the embedded proof. */
  document: string;
  /** Compact VC-JWT. */
  jwt: string;
}

/**
 * What document and JWT hold beyond the payload, from which `wholeTexts` gives the very same texts back: the document
 * is the payload with the proof as its last member, and the JWT carries the payload with its claims at the end. One
 * copy of the content is enough, in the archive and in the database (ADR 0033). Whatever is not exactly so is kept whole.
 */
export interface ShortTexts {
  /** JSON text of the document's `proof`. */
  proof?: string;
  /** The document, where it is not the payload with that proof. */
  document?: string;
  /** Header (base64url), end of the claims (JSON text behind the payload's last member), signature (base64url). */
  jwtParts?: [string, string, string];
  /** The JWT, where it is not made of these parts. */
  jwt?: string;
}

const proofMember = ',"proof":';
const documentOf = (payload: string, proof: string): string =>
  `${payload.slice(0, -1)}${proofMember}${proof}}`;
const jwtOf = (payload: string, [header, claims, signature]: [string, string, string]): string =>
  `${header}.${Buffer.from(payload.slice(0, -1) + claims).toString('base64url')}.${signature}`;

/** @param encodedPayload `payload` without its last character in base64url, when it was made already */
export function shortTexts(
  { payload, document, jwt }: SecuredTexts,
  encodedPayload = encoded(payload),
): ShortTexts {
  const proof = proofOf(payload, document);
  const jwtParts = partsOf(encodedPayload, jwt);
  return {
    ...(proof !== undefined ? { proof } : { document }),
    ...(jwtParts ? { jwtParts } : { jwt }),
  };
}

/** The texts that `shortTexts` was given. */
export const wholeTexts = (
  payload: string,
  { proof, document, jwtParts, jwt }: ShortTexts,
): Pick<SecuredTexts, 'document' | 'jwt'> => ({
  document: document ?? documentOf(payload, proof!),
  jwt: jwt ?? jwtOf(payload, jwtParts!),
});

/** What of a document is not the payload's, when `documentOf` gives the very document back. */
function proofOf(payload: string, document: string): string | undefined {
  const open = payload.length - 1;
  const from = open + proofMember.length;
  const fits =
    document.length > from &&
    document.endsWith('}') &&
    document.slice(open, from) === proofMember &&
    document.slice(0, open) === payload.slice(0, open);
  return fits ? document.slice(from, -1) : undefined;
}

/** What of a JWT is not the payload's, when `jwtOf` gives the very JWT back. */
function partsOf({ encoded: shared, rest }: EncodedText, jwt: string): [string, string, string] | undefined {
  const [first, last] = [jwt.indexOf('.'), jwt.lastIndexOf('.')];
  if (first < 0 || first === last || jwt.indexOf('.', first + 1) !== last) return undefined;
  // A slice is compared as bytes, `startsWith` one character after the other.
  const body = first + 1;
  if (jwt.slice(body, body + shared.length) !== shared) return undefined;
  const end = jwt.slice(body + shared.length, last);
  const claims = Buffer.from(end, 'base64url').subarray(rest.length).toString();
  const again = Buffer.concat([rest, Buffer.from(claims)]).toString('base64url');
  return again === end ? [jwt.slice(0, first), claims, jwt.slice(last + 1)] : undefined;
}

/** Three bytes are four characters: the whole groups are compared as they are, the rest is decoded. */
function encoded(payload: string): EncodedText {
  const content = Buffer.from(payload.slice(0, -1));
  const groups = content.length - (content.length % 3);
  return { encoded: content.toString('base64url', 0, groups), rest: content.subarray(groups) };
}
