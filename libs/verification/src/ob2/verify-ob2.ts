import { DomainError } from '#platform';
import type { JsonObject } from '#signing';
import { checkPeriod } from '../dates.js';
import { type Fetcher, FetchFailed, OnceFetcher } from '../fetcher.js';
import type { Secured } from '../parse.js';
import {
  type Answer,
  type Check,
  checkOf,
  failed,
  passed,
  reportOf,
  type SeenBadgeClass,
  unknown,
  type VerificationReport,
} from '../report.js';
import { inRevokedAssertions } from '../revocation-list.js';
import { said } from '../said.js';
import type { VerificationOptions } from '../verify-credential.js';
import { hostedAuthority } from './authority.js';
import { type Linked, linkedOf } from './documents.js';
import { type HostedAnswer, hostedTruth, withdrawalIn, withdrawnBy } from './hosted.js';
import { extensionsOf, idOf, ob2ContextFault, ob2Fault, verificationOf } from './shape.js';
import { signedAnswers } from './signed.js';
import { isNotice } from './withdrawal-notice.js';

export interface Ob2Report extends VerificationReport {
  form: 'ob2_hosted' | 'ob2_signed';
  /** BadgeClass and Profile, when both were found. */
  linked?: Linked;
  /** Extensions that are not looked at. */
  extensions: string[];
}

/**
 * Verifies an Open Badges 2.0 assertion, hosted or signed (Open Badges 2.0, Badge Verification). Never throws for what
 * it says or others' servers do. For a hosted one the report's `credential` is the document at its address.
 */
export async function verifyOb2(secured: Secured, options: VerificationOptions): Promise<Ob2Report> {
  const given = secured.form === 'jwt' ? secured.claims : secured.credential;
  const form = secured.form === 'jwt' ? 'ob2_signed' : 'ob2_hosted';
  const checks: Check[] = [checkOf('parse', passed('read'))];
  if (form === 'ob2_hosted' && isNotice(given)) return withdrawn(given, options.fetcher);
  const report = (credential: JsonObject, linked?: Linked): Ob2Report => ({
    ...reportOf(checks, credential),
    ...issuerIn(credential, linked),
    ...(linked ? { badgeClass: badgeClassIn(linked.badge) } : {}),
    form,
    ...(linked ? { linked } : {}),
    extensions: extensionsOf(credential),
  });
  checks.push(checkOf('context', contextAnswer(given)));
  if (checks.at(-1)!.outcome !== 'passed') return report(given);
  const schema = schemaAnswer(given, form);
  checks.push(checkOf('schema', schema));
  if (schema.outcome !== 'passed') return report(given);
  const fetcher = new OnceFetcher(options.fetcher);
  const hosted = secured.form === 'jwt' ? undefined : await hostedTruth(given, fetcher);
  const assertion = hosted?.truth ?? given;
  if (hosted?.truth) {
    const truth = contextAnswer(hosted.truth);
    const fault = truth.outcome === 'passed' ? schemaAnswer(hosted.truth, form) : truth;
    if (fault.outcome !== 'passed') checks[2] = checkOf('schema', fault);
  }
  const { answer: links, schema: linkedFault, linked } = await linkedOf(assertion, fetcher, !hosted);
  if (linkedFault) checks[2] = checkOf('schema', linkedFault);
  checks.push(checkOf('links', links));
  if (linked) {
    const answers = hosted
      ? { issuer: hostedAuthority(linked.profile, addressesOf(given, linked)), proof: hosted.proof }
      : await signedAnswers(secured as Extract<Secured, { form: 'jwt' }>, linked.profile, fetcher);
    checks.push(checkOf('issuer', answers.issuer), checkOf('proof', answers.proof));
    checks.push(checkOf('dates', datesOf(assertion, options.now)));
    if (answers.proof.outcome === 'passed')
      checks.push(checkOf('status', await statusOf(assertion, linked.profile, hosted, fetcher)));
  } else if (hosted) {
    checks.push(checkOf('proof', hosted.proof));
    // What its own address took back is withdrawn, whatever else answers at this moment.
    if (hosted.revoked) checks.push(checkOf('status', withdrawnBy(hosted.revoked)));
  }
  return report(assertion, linked);
}

/** Who hands in the notice that stands for a revoked badge is told so, when its address says the same. */
async function withdrawn(notice: JsonObject, fetcher: Fetcher): Promise<Ob2Report> {
  const { proof, revoked } = await hostedTruth(notice, fetcher);
  const checks = [checkOf('parse', passed('read'))];
  if (notice['@context'] !== undefined) checks.push(checkOf('context', contextAnswer(notice)));
  checks.push(checkOf('proof', proof));
  if (revoked) checks.push(checkOf('status', withdrawnBy(revoked)));
  return { ...reportOf(checks, notice), form: 'ob2_hosted', extensions: [] };
}

/** Do the words of a document mean what Open Badges 2.0 says? */
export function contextAnswer(document: JsonObject): Answer {
  const fault = ob2ContextFault(document);
  if (!fault) return passed('contexts_known');
  return fault.code === 'context_unknown'
    ? unknown(fault.code, fault.remark)
    : failed(fault.code, fault.remark);
}

function schemaAnswer(assertion: JsonObject, form: Ob2Report['form']): Answer {
  const named = assertion.verify !== undefined && assertion.verification === undefined;
  const fault = ob2Fault('assertion', named ? { ...assertion, verification: assertion.verify } : assertion);
  if (fault) return failed('ob2_schema_broken', fault);
  const types = [verificationOf(assertion)?.type].flat().map(String);
  const wanted = form === 'ob2_signed' ? ['SignedBadge', 'signed'] : ['HostedBadge', 'hosted'];
  // Whoever copies the content out of a signed badge has nothing that proves it.
  if (!types.some((type) => wanted.includes(type))) return failed('ob2_form_differs', types.join(' '));
  if (form === 'ob2_hosted' && !/^https?:\/\//.test(said(assertion.id)))
    return failed('ob2_schema_broken', 'assertion /id must be an address');
  return passed('ob2_schema_followed');
}

const addressesOf = (assertion: JsonObject, { badge }: Linked): string[] => [
  said(assertion.id),
  said(badge.id),
];

const datesOf = (assertion: JsonObject, now: Date): Answer =>
  checkPeriod(
    { name: 'issuedOn', value: assertion.issuedOn },
    { name: 'expires', value: assertion.expires ?? undefined },
    now,
  );

/** Was an assertion or an endorsement withdrawn: by its address, or in the list of its issuer's Profile? */
export async function statusOf(
  assertion: JsonObject,
  profile: JsonObject,
  hosted: HostedAnswer | undefined,
  fetcher: Fetcher,
): Promise<Answer> {
  if (hosted?.revoked) return withdrawnBy(hosted.revoked);
  if (assertion.revoked === true) return withdrawnBy(withdrawalIn(assertion));
  if (hosted) return passed('status_active');
  const address = idOf(profile.revocationList);
  if (!address) return passed('status_none');
  try {
    return await inRevokedAssertions(address, assertion.id, { issuer: said(profile.id), fetcher });
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('status_retrieval_error', error.message);
    if (error instanceof DomainError) return unknown('status_verification_error', error.message);
    throw error;
  }
}

function issuerIn(assertion: JsonObject, linked?: Linked): { issuer?: { id: string; name?: string } } {
  const badge = assertion.badge as JsonObject | undefined;
  const id = linked ? said(linked.profile.id) : idOf(badge?.issuer);
  if (!id) return {};
  return { issuer: { id, ...(linked ? { name: said(linked.profile.name) } : {}) } };
}

/** The members that people are shown; an image or criteria may be written out or linked. */
function badgeClassIn({ id, name, image, criteria }: JsonObject): SeenBadgeClass {
  const { narrative } = (criteria ?? {}) as { narrative?: unknown };
  const said: [keyof SeenBadgeClass, unknown][] = [
    ['id', id],
    ['name', name],
    ['image', idOf(image)],
    ['criteria', typeof narrative === 'string' ? narrative : idOf(criteria)],
  ];
  return Object.fromEntries(said.filter(([, value]) => typeof value === 'string'));
}
