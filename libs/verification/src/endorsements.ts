import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { type Identity, identityOf } from './identity.js';
import { type MessageCode, messages } from './messages.js';
import {
  type Answer,
  failed,
  issuerOf,
  passed,
  reasonOf,
  unknown,
  type Verdict,
  type VerificationReport,
} from './report.js';
import { said } from './said.js';
import { type BadgeOptions, verifyCredential } from './verify-credential.js';

/** One endorsement: who says what of which part of the badge, and whether that is so. */
export interface EndorsementReport {
  of: 'credential' | 'achievement' | 'issuer';
  by?: { id: string; name?: string };
  identity?: Identity;
  comment?: string;
  verdict: Verdict;
  code: MessageCode;
  detail: Text;
}

/** Endorsements that are checked of one badge; each may need four documents. */
export const mostEndorsements = 10;

/** An endorsement as a badge carries it. */
export interface GivenEndorsement {
  of: EndorsementReport['of'];
  /** Id of what carries it. */
  target: unknown;
  input: string | object;
}

/**
 * Checks the endorsements of a badge (Open Badges 3.0, `endorsement` and `endorsementJwt` on the credential, its
 * achievement and its issuer) by the same steps as a badge. A false one is told; the badge stands without it.
 */
export async function checkEndorsements(
  credential: JsonObject,
  options: BadgeOptions,
): Promise<{ answer: Answer; endorsements: EndorsementReport[] } | undefined> {
  const { achievement } = (credential.credentialSubject ?? {}) as JsonObject;
  const given = endorsementsIn([
    ['credential', credential],
    ['achievement', achievement],
    ['issuer', credential.issuer],
  ]);
  if (given.length === 0) return undefined;
  const endorsements: EndorsementReport[] = [];
  for (const one of given.slice(0, mostEndorsements)) endorsements.push(await reportOn(one, options));
  return { answer: answerOfEndorsements(endorsements, given.length), endorsements };
}

/** What the endorsements of a badge amount to. @param count how many there are, be they checked or not */
export function answerOfEndorsements(endorsements: EndorsementReport[], count: number): Answer {
  const verdicts = endorsements.map(({ verdict }) => verdict);
  if (verdicts.includes('not_authentic')) return failed('endorsement_broken');
  if (count > mostEndorsements) return unknown('endorsements_too_many', String(count));
  if (verdicts.includes('cannot_check')) return unknown('endorsement_cannot_check');
  return verdicts.every((verdict) => verdict === 'authentic')
    ? passed('endorsements_sound')
    : failed('endorsement_not_standing');
}

/** The endorsements in the parts of a badge. */
export function endorsementsIn(places: [EndorsementReport['of'], unknown][]): GivenEndorsement[] {
  return places.flatMap(([of, place]) => {
    if (place === null || typeof place !== 'object') return [];
    const { id: target, endorsement, endorsementJwt } = place as JsonObject;
    const all = [endorsement ?? [], endorsementJwt ?? []].flat(2) as unknown[];
    return all.map((input) => ({
      of,
      target,
      input: input !== null && typeof input === 'object' ? input : said(input),
    }));
  });
}

async function reportOn(
  { of, target, input }: GivenEndorsement,
  options: BadgeOptions,
): Promise<EndorsementReport> {
  const report = await verifyCredential(input, options);
  const subject = report.credential?.credentialSubject as JsonObject | undefined;
  const by = report.credential && issuerOf(report.credential);
  const isProven = report.checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed');
  const isAbout = subject?.id === target && target !== undefined && isEndorsement(report);
  const { verdict, code } =
    isAbout || report.verdict === 'cannot_check'
      ? { verdict: report.verdict, code: reasonOf(report) }
      : {
          verdict: 'not_authentic' as const,
          code: subject && isEndorsement(report) ? ('endorsement_of_another' as const) : reasonOf(report),
        };
  return {
    of,
    ...(by ? { by } : {}),
    ...(by && isProven ? { identity: await identityOf(by.id, options.knownIssuers) } : {}),
    ...(typeof subject?.endorsementComment === 'string' ? { comment: subject.endorsementComment } : {}),
    verdict,
    code,
    detail: messages[code],
  };
}

const isEndorsement = ({ credential }: VerificationReport): boolean =>
  [credential?.type].flat().includes('EndorsementCredential');
