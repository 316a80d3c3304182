import { sha256Hex } from '#platform';
import type { JsonObject } from '#signing';
import { type Answer, failed, passed, unknown } from './report.js';
import { said } from './said.js';

/** Whose badge somebody thinks it is. */
export interface Recipient {
  name?: string;
  email?: string;
}

/** Who the badge names in plain words. */
export interface Subject {
  id?: string;
  name?: string;
  email?: string;
}

interface Claimed {
  kind: 'name' | 'email';
  isHashed: boolean;
  value: string;
  salt: string;
}

const kinds: Record<string, Claimed['kind']> = { name: 'name', emailAddress: 'email', email: 'email' };
const mostClaims = 10;

/** What a badge says of its recipient: `identifier` of Open Badges 3.0, `recipient` of 2.0. */
function claimsOf(credential: JsonObject): Claimed[] {
  const subject = credential.credentialSubject as JsonObject | undefined;
  const given = subject ? [subject.identifier ?? []].flat() : [credential.recipient ?? []].flat();
  const claims: Claimed[] = [];
  for (const item of (given as unknown[]).slice(0, mostClaims)) {
    const { identityType, type, hashed, identityHash, identity, salt } = (item ?? {}) as JsonObject;
    const named = [subject ? identityType : type].flat() as unknown[];
    const value = subject ? identityHash : identity;
    const name = named.find((one) => Object.hasOwn(kinds, said(one)));
    if (typeof value !== 'string' || name === undefined) continue;
    claims.push({
      kind: kinds[said(name)]!,
      isHashed: hashed === true,
      value,
      salt: typeof salt === 'string' ? salt : '',
    });
  }
  return claims;
}

/** The recipient as the badge names it in plain words, if it does. */
export function subjectOf(credential: JsonObject): Subject | undefined {
  const plain = (kind: Claimed['kind']): string | undefined =>
    claimsOf(credential).find((claim) => claim.kind === kind && !claim.isHashed)?.value;
  const id = (credential.credentialSubject as JsonObject | undefined)?.id;
  const [name, email] = [plain('name'), plain('email')];
  const subject: Subject = {
    ...(typeof id === 'string' ? { id } : {}),
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
  };
  return Object.keys(subject).length > 0 ? subject : undefined;
}

/**
 * Is the badge this person's (Open Badges 3.0, 8.5; 2.0, IdentityObject)? The type must be the one asked about, then the
 * value is compared: plain, or `sha256$` of value and salt. A hash fits one spelling alone, so a name is tried in those
 * that people use. Whoever gives a name asks whose badge it is: an e-mail that matches does not answer for a name that the
 * badge does not hold.
 */
export function matchRecipient(credential: JsonObject, asked: Recipient): Answer {
  const wanted = (['name', 'email'] as const).filter((kind) => asked[kind]?.trim());
  const answers = wanted.map((kind) => matchOne(claimsOf(credential), kind, asked[kind]!));
  const sure =
    answers.find(({ outcome }) => outcome === 'failed') ??
    answers.find(({ code }) => code === 'recipient_weak_hash');
  if (sure) return sure;
  const matched = answers.find(({ outcome }) => outcome === 'passed');
  if (!matched) return unknown('recipient_not_named');
  const absent = answers.find(({ code }) => code === 'recipient_not_named')?.remark;
  if (!absent) return matched;
  return absent === 'name' ? unknown('recipient_name_absent') : passed('recipient_email_absent');
}

function matchOne(claims: Claimed[], kind: Claimed['kind'], value: string): Answer {
  const same = claims.filter((claim) => claim.kind === kind);
  if (same.length === 0) return unknown('recipient_not_named', kind);
  if (same.some((claim) => fits(claim, value))) return passed('recipient_matches', kind);
  return same.some(({ isHashed, value: hash }) => isHashed && !hash.startsWith('sha256$'))
    ? unknown('recipient_weak_hash', kind)
    : failed('recipient_other', kind);
}

function fits({ kind, isHashed, value, salt }: Claimed, asked: string): boolean {
  if (!isHashed) return folded(value) === folded(asked);
  if (!value.startsWith('sha256$')) return false;
  const wanted = value.slice('sha256$'.length).toLowerCase();
  return spellings(asked, kind).some((spelling) => sha256Hex(spelling + salt) === wanted);
}

const tidy = (text: string): string => text.normalize('NFC').trim().replace(/\s+/gu, ' ');
const folded = (text: string): string => tidy(text).toLowerCase();
const capitalised = (text: string): string =>
  text
    .toLowerCase()
    .replace(/(^|[\s'’-])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase());

/** The value as given, and as others may have written it: French forms put family names in capitals, first or last. */
function spellings(asked: string, kind: Claimed['kind']): string[] {
  const plain = tidy(asked);
  if (kind === 'email') return [...new Set([asked, plain, plain.toLowerCase()])];
  const words = capitalised(plain).split(' ');
  const orders = [words, [...words.slice(1), words[0]!], [words.at(-1)!, ...words.slice(0, -1)]];
  const ways = orders.flatMap((order) => [
    order.join(' '),
    order.map((word, i) => (i === order.length - 1 ? word.toUpperCase() : word)).join(' '),
    order.map((word, i) => (i === 0 ? word.toUpperCase() : word)).join(' '),
  ]);
  const written = [asked, plain, plain.toLowerCase(), plain.toUpperCase(), ...ways];
  // Some programs hash letters and their accents apart.
  return [...new Set([...written, ...written.map((one) => one.normalize('NFD'))])];
}
