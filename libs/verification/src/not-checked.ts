import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { insideOf } from './badges-inside.js';
import { type MessageCode, messages } from './messages.js';
import type { Check, CheckName, VerificationReport } from './report.js';
import { said } from './said.js';
import { isKnownSchema } from './schema.js';

/** What a credential, or a presentation, may not have been asked. */
export const notCheckedNames = [
  'context',
  'schema',
  'links',
  'issuer',
  'proof',
  'dates',
  'status',
  'resources',
  'badges',
  'identity',
  'recipient',
  'refresh',
  'endorsements',
  'evidence',
  'terms',
  'parse',
  'presented',
] as const;
export const notCheckedOfPresentation = [
  'parse',
  'context',
  'schema',
  'holder',
  'proof',
  'challenge',
  'domain',
  'credentials',
] as const;

/** A check that was not made, or could not be, and why. */
export interface NotChecked {
  name: (typeof notCheckedNames)[number] | (typeof notCheckedOfPresentation)[number];
  /** Stable snake_case reason, for programs. */
  code: MessageCode;
  /** The reason for people. */
  detail: Text;
  /** A technical remark in English, as a check has. */
  remark?: string;
}

const left = (name: NotChecked['name'], code: MessageCode, remark?: string): NotChecked => ({
  name,
  code,
  detail: messages[code],
  ...(remark ? { remark: remark.slice(0, 300) } : {}),
});

type Made = Pick<Check, 'outcome' | 'code' | 'detail' | 'remark'> & { name: NotChecked['name'] };

/** Those that could not be made, and those of `wanted` that an earlier failure made pointless. */
function open(checks: readonly Made[], wanted: readonly NotChecked['name'][]): NotChecked[] {
  const unknown = checks
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ name, code, remark }) => left(name, code, remark));
  const made = new Set(checks.map(({ name }) => name));
  return [...unknown, ...wanted.filter((name) => !made.has(name)).map((name) => left(name, 'not_reached'))];
}

/** What passed, and leaves something open. */
const besidePassed: MessageCode[] = [
  'signature_fits_beside_others',
  'signature_fits_proof_inside',
  'dates_end_not_shown',
  'result_not_compared',
];

const always: CheckName[] = ['context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status'];

/** What was not asked of a credential, in the order of the checks. */
export function leftAside({ checks, credential }: VerificationReport): NotChecked[] {
  const wanted = [...always];
  if (credential?.relatedResource !== undefined) wanted.push('resources');
  if (credential && insideOf(credential).length > 0) wanted.push('badges');
  return [
    ...open(checks as Made[], wanted),
    ...checks.filter(({ code }) => besidePassed.includes(code)).map(({ name, code }) => left(name, code)),
    left('identity', 'identity_not_asked'),
    left('recipient', 'recipient_not_asked'),
    ...(credential ? ofMembers(credential) : []),
  ];
}

function ofMembers(credential: JsonObject): NotChecked[] {
  const { refreshService, evidence, termsOfUse, credentialSchema } = credential;
  const schemas = ([credentialSchema ?? []].flat() as (JsonObject | null)[])
    .map((one) => said(one?.id))
    .filter((url) => !isKnownSchema(url))
    .slice(0, 5);
  return [
    ...schemas.map((url) => left('schema', 'schema_not_held', url)),
    ...(refreshService === undefined ? [] : [left('refresh', 'refresh_not_asked')]),
    ...(isEndorsed(credential) ? [left('endorsements', 'endorsements_not_asked')] : []),
    ...(evidence === undefined ? [] : [left('evidence', 'evidence_not_opened')]),
    ...(termsOfUse === undefined ? [] : [left('terms', 'terms_not_read')]),
  ];
}

/** Open Badges 3.0: the credential, its achievement and its issuer may carry endorsements. */
function isEndorsed(credential: JsonObject): boolean {
  const subjects = [credential.credentialSubject].flat() as (JsonObject | null | undefined)[];
  const carriers = [credential, credential.issuer, ...subjects.map((one) => one?.achievement)];
  return (carriers as (JsonObject | null | undefined)[]).some(
    (one) => one?.endorsement !== undefined || one?.endorsementJwt !== undefined,
  );
}

/**
 * What was not asked of a presentation itself.
 * @param asked absent when it could not be read so far
 */
export function leftAsideOfPresentation(
  checks: readonly Made[],
  asked?: { isSigned: boolean; challenge?: string; domain?: unknown },
): NotChecked[] {
  if (!asked) return open(checks, ['context', 'schema', 'holder', 'proof', 'credentials']);
  const { isSigned, challenge, domain } = asked;
  const made = open(checks, []);
  if (!isSigned) {
    const names = (['holder', 'proof'] as const).filter((name) => !checks.some((one) => one.name === name));
    return [...made, ...names.map((name) => left(name, 'presentation_unsigned'))];
  }
  if (challenge === undefined) made.push(left('challenge', 'challenge_not_asked'));
  if (domain === undefined) made.push(left('domain', 'domain_not_asked'));
  return made;
}
