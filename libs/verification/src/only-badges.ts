import { looksLikePicture, NothingBaked, unbake } from '#baking';
import { NothingToVerify } from './handed-in.js';

/** Words that only a badge, or what is left of one, has. */
const wordsOfBadges =
  /\b(credentialSubject|verifiableCredential|VerifiableCredential|(OpenBadge|Achievement|Endorsement|Clr|EnvelopedVerifiable)Credential|proofValue|proofPurpose|Assertion|HostedBadge|SignedBadge|issuedOn|issuanceDate)\b/;
const credentialTypes = [
  'VerifiableCredential',
  'EnvelopedVerifiableCredential',
  'OpenBadgeCredential',
  'AchievementCredential',
  'EndorsementCredential',
  'ClrCredential',
  'EnvelopedVerifiablePresentation',
  'Assertion',
];

type Json = Record<string, unknown>;

/** Does a document say that it is a credential or an assertion (of Open Badges 1 or 2), by its types or its members? */
function claims(document: unknown): boolean {
  if (Array.isArray(document)) return document.some(claims);
  if (typeof document === 'string') return isBadgeText(document);
  if (document === null || typeof document !== 'object') return false;
  const given = document as Json;
  const types = [given.type ?? given['@type']].flat();
  // Its proof is its holder's: what it holds says whether it is a badge.
  if (types.includes('VerifiablePresentation')) return claimsAny(given.verifiableCredential);
  return (
    credentialTypes.some((type) => types.includes(type)) ||
    given.credentialSubject !== undefined ||
    given.proof !== undefined ||
    // What is left of an assertion that was withdrawn.
    given.revoked === true ||
    (given.badge !== undefined && ['recipient', 'verify', 'verification'].some((name) => name in given))
  );
}

const claimsAny = (held: unknown): boolean => ([held ?? []].flat() as unknown[]).some(claims);

/** A JWT or JWS, whole or damaged: its header is base64url of `{"…`. Without that, only a long one is told from words. */
const jwt = /^(ey[\w-]*\.[\w-]+(\.[\w=-]*)*|[\w-]{20,}\.[\w-]{40,}\.[\w=-]*)$/;

/** Does a token carry an object that says nothing of a badge? What is damaged may have been one. */
function carriesOther(token: string): boolean {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Json;
    return !claims(payload) && !claims(payload.vc) && !claims(payload.vp);
  } catch {
    return false;
  }
}

/** Is a text a badge, or what is left of one? */
function isBadgeText(text: string): boolean {
  const plain = text.replace(/^\uFEFF/, '').trim();
  if (jwt.test(plain)) return !carriesOther(plain);
  if (!/^[{["]/.test(plain)) return false;
  try {
    return claims(JSON.parse(plain));
  } catch {
    return wordsOfBadges.test(plain);
  }
}

/**
 * Passes on what is a badge, whole or damaged, or a presentation that holds one, in any form that the verification reads;
 * what it is worth is not looked at. To say "not authentic" of anything else would be false: nobody claimed it.
 * @throws NothingToVerify (`not_a_badge`, `paper_handed_in` for a PDF, `no_badge_in_picture` for an SVG)
 */
export function onlyBadge(given: Buffer | string | object): Buffer | string | object {
  if (typeof given !== 'string' && !Buffer.isBuffer(given)) return claimsSafely(given) ? given : refuse();
  const bytes = Buffer.isBuffer(given) ? given : Buffer.from(given);
  if (/^\uFEFF?\s*%PDF-/.test(bytes.toString('utf8', 0, 64)))
    throw new NothingToVerify('paper_handed_in', 'A PDF holds no badge; its QR code leads to one');
  if (looksLikePicture(bytes)) {
    assertBaked(bytes);
    return given;
  }
  return isBadgeText(bytes.toString()) ? given : refuse();
}

// What is nested deeper than JavaScript can follow is told by the verification.
function claimsSafely(given: object): boolean {
  try {
    return claims(given);
  } catch {
    return true;
  }
}

function refuse(): never {
  throw new NothingToVerify('not_a_badge', 'This is neither a badge as JSON or JWT nor a picture of one');
}

/** What else is wrong with a picture, the verification tells. */
function assertBaked(bytes: Buffer): void {
  try {
    unbake(bytes);
  } catch (error) {
    if (error instanceof NothingBaked)
      throw new NothingToVerify('no_badge_in_picture', 'The picture holds no badge', { cause: error });
  }
}

const address = /\bhttps?:\/\/[^\s<>"«»“”]+/gi;

/** The one address of the web in a sentence, without the marks behind it; undefined when there is none, or several. */
export function addressIn(sentence: string): string | undefined {
  if (/^\s*([{["]|<(?!https?:))/.test(sentence)) return undefined;
  const found = new Set(
    [...sentence.matchAll(address)].map(([one]) => one.replace(/[.,;:!?)\]}’'*_]+$/, '')),
  );
  return found.size === 1 ? [...found][0] : undefined;
}
