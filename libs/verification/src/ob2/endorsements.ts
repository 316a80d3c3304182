import type { JsonObject } from '#signing';
import { checkPeriod } from '../dates.js';
import {
  answerOfEndorsements,
  type EndorsementReport,
  endorsementsIn,
  type GivenEndorsement,
  mostEndorsements,
} from '../endorsements.js';
import type { Fetcher } from '../fetcher.js';
import { identityOf } from '../identity.js';
import { type MessageCode, messages } from '../messages.js';
import { answerOfUnreadable, readCredential, type Secured, Unreadable } from '../parse.js';
import {
  type Answer,
  type Check,
  checkOf,
  failed,
  passed,
  reasonOf,
  reportOf,
  type Verdict,
} from '../report.js';
import { said } from '../said.js';
import type { BadgeOptions } from '../verify-credential.js';
import { hostedAuthority } from './authority.js';
import { documentAt, faultOf } from './documents.js';
import { type HostedAnswer, hostedTruth, withdrawnBy } from './hosted.js';
import { idOf, ob2Fault, verificationOf } from './shape.js';
import { signedAnswers } from './signed.js';
import { contextAnswer, type Ob2Report, statusOf } from './verify-ob2.js';

type Signed = Extract<Secured, { form: 'jwt' }>;

/** What an endorsement is, wherever it was found: signed, or the document at its address. */
interface Statement {
  /** Absent when its address has nothing more to say than that it is withdrawn. */
  content?: JsonObject;
  jws?: Signed;
  hosted?: HostedAnswer;
}

/**
 * Checks the endorsements of an Open Badges 2.0 badge (Endorsement; `endorsement` of the Assertion, the BadgeClass and
 * the issuer's Profile) by the same steps as an assertion: hosted or signed, by its own issuer, in date, not withdrawn,
 * and about what carries it. A false one is told; the badge stands without it.
 */
export async function checkOb2Endorsements(
  { credential, linked }: Pick<Ob2Report, 'credential' | 'linked'>,
  options: BadgeOptions,
): Promise<{ answer: Answer; endorsements: EndorsementReport[] } | undefined> {
  const given = endorsementsIn([
    ['credential', credential],
    ['achievement', linked?.badge],
    ['issuer', linked?.profile],
  ]);
  if (given.length === 0) return undefined;
  const endorsements: EndorsementReport[] = [];
  for (const one of given.slice(0, mostEndorsements)) endorsements.push(await reportOn(one, options));
  return { answer: answerOfEndorsements(endorsements, given.length), endorsements };
}

async function reportOn(given: GivenEndorsement, options: BadgeOptions): Promise<EndorsementReport> {
  const told = (verdict: Verdict, code: MessageCode, more: Partial<EndorsementReport> = {}) => ({
    of: given.of,
    ...more,
    verdict,
    code,
    detail: messages[code],
  });
  let statement: Statement;
  try {
    statement = await statementOf(given.input, options.fetcher);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // A name that is no address leads nowhere.
    return error.code === 'not_a_credential'
      ? told('cannot_check', 'linked_unreadable')
      : told(answerOfUnreadable(error).outcome === 'failed' ? 'not_authentic' : 'cannot_check', error.code);
  }
  if (!statement.content)
    return statement.hosted?.revoked
      ? told('withdrawn', withdrawnBy(statement.hosted.revoked).code)
      : told(
          statement.hosted?.proof.outcome === 'failed' ? 'not_authentic' : 'cannot_check',
          statement.hosted!.proof.code,
        );
  const { checks, profile } = await checksOf(statement, statement.content, options);
  const report = reportOf(checks, statement.content);
  const isProven = checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed');
  const { claim } = statement.content as { claim?: JsonObject | null };
  const more: Partial<EndorsementReport> = {
    ...(profile ? { by: { id: said(profile.id), name: said(profile.name) } } : {}),
    ...(profile && isProven ? { identity: await identityOf(said(profile.id), options.knownIssuers) } : {}),
    ...(typeof claim?.endorsementComment === 'string' ? { comment: claim.endorsementComment } : {}),
  };
  if (report.verdict === 'authentic' && (given.target === undefined || claim?.id !== given.target))
    return told('not_authentic', 'endorsement_of_another', more);
  return told(report.verdict, reasonOf(report), more);
}

/** @throws Unreadable */
async function statementOf(input: string | object, fetcher: Fetcher): Promise<Statement> {
  if (typeof input === 'string' && /^https?:\/\/\S+$/.test(input)) {
    const hosted = await hostedTruth({ id: input }, fetcher);
    return { hosted, ...(hosted.truth ? { content: hosted.truth } : {}) };
  }
  const secured = readCredential(input);
  if (secured.form === 'jwt') return { content: secured.claims, jws: secured };
  const hosted = await hostedTruth(secured.credential, fetcher);
  return { hosted, content: hosted.truth ?? secured.credential };
}

async function checksOf(
  { jws, hosted }: Statement,
  content: JsonObject,
  { fetcher, now }: BadgeOptions,
): Promise<{ checks: Check[]; profile?: JsonObject }> {
  const checks = [
    checkOf('parse', passed('read')),
    // One that is written out in a badge has the badge's words; what counts is the document at its address.
    checkOf('context', hosted && !hosted.truth ? passed('contexts_known') : contextAnswer(content)),
    checkOf('schema', schemaAnswer(content, jws !== undefined)),
  ];
  if (checks.some(({ outcome }) => outcome !== 'passed')) return { checks };
  const found = await documentAt(said(idOf(content.issuer)), fetcher);
  if (!found.document) return { checks: [...checks, checkOf('links', found.answer)] };
  const profile = found.document;
  const fault = faultOf('profile', profile);
  if (fault) return { checks: [...checks, checkOf('links', fault)] };
  const answers = jws
    ? await signedAnswers(jws, profile, fetcher)
    : { issuer: hostedAuthority(profile, [said(content.id)]), proof: hosted!.proof };
  checks.push(
    checkOf('links', passed('links_sound')),
    checkOf('issuer', answers.issuer),
    checkOf('proof', answers.proof),
    checkOf(
      'dates',
      checkPeriod(
        { name: 'issuedOn', value: content.issuedOn },
        { name: 'expires', value: content.expires ?? undefined },
        now,
      ),
    ),
  );
  if (answers.proof.outcome === 'passed')
    checks.push(checkOf('status', await statusOf(content, profile, hosted, fetcher)));
  return { checks, profile };
}

function schemaAnswer(content: JsonObject, isSigned: boolean): Answer {
  const fault = ob2Fault('endorsement', content);
  if (fault) return failed('ob2_schema_broken', fault);
  const types = [verificationOf(content)?.type].flat().map(String);
  const wanted = isSigned ? ['SignedBadge', 'signed'] : ['HostedBadge', 'hosted'];
  if (!types.some((type) => wanted.includes(type))) return failed('ob2_form_differs', types.join(' '));
  return passed('ob2_schema_followed');
}
