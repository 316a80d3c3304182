import {
  assertMeaning,
  ContextInline,
  ContextUnknown,
  DocumentUnsafe,
  type JsonObject,
  type PreparedDocument,
  prepare,
  type StringUses,
  vcContext,
} from '#signing';
import { dataModelFaults } from './data-model.js';
import { checkDates } from './dates.js';
import { type Fetcher, OnceFetcher } from './fetcher.js';
import type { KnownIssuers } from './identity.js';
import { checkJwt } from './jwt.js';
import type { KeyDocuments, RecallingFetcher } from './key-documents.js';
import { hasKnownMeaning, isOfKnownForm, rememberForm } from './known-texts.js';
import { linkFaults } from './links.js';
import { answerOfUnreadable, readCredential, type Secured, Unreadable } from './parse.js';
import { checkEmbeddedProofs, type SecuringAnswers } from './proofs.js';
import type { Recipient } from './recipient.js';
import { checkRelatedResources } from './related-resources.js';
import {
  type Answer,
  type Check,
  checkOf,
  failed,
  issuerOf,
  passed,
  reportOf,
  unknown,
  type VerificationReport,
} from './report.js';
import { resultNotes } from './results.js';
import { said } from './said.js';
import { declaredKinds, kindOf, schemaFaults } from './schema.js';
import { checkStatus } from './status.js';
import type { StatusRegister } from './status-list-check.js';
import { inCurrentShape, isOlderShape } from './vc-1-1.js';

export interface VerificationOptions {
  fetcher: Fetcher;
  now: Date;
  /** Origin of the operator's own service, for example http://localhost:4180, so that its http key addresses count. */
  origin?: string;
  /** Where key documents of strangers are remembered for the time of an outage of theirs. */
  keyDocuments?: KeyDocuments;
  /** What the operator's own register says of a place before its list is signed anew. */
  register?: StatusRegister;
  /** Any credential of VC 2.0 will do, not only those of Open Badges; the older shape (VC 1.1) then does not. */
  anyKind?: boolean;
  /**
   * Whose proof secures the presentation that the credential stands in: of what they say themselves, without a proof of
   * its own, it is the proof (VC Data Model 2.0, 4.13.4). Never of a badge.
   */
  presentedBy?: string;
}

/** What may be asked of a badge beside its own soundness. */
export interface BadgeOptions extends VerificationOptions {
  /** Whose badge it should be; not asked when absent. */
  recipient?: Recipient;
  /** The organisations this installation knows. */
  knownIssuers?: KnownIssuers;
}

/**
 * Verifies a credential from anywhere: Open Badges 3.0 in the shape of VC 2.0 or 1.1, with embedded proofs or as VC-JWT
 * (Open Badges 3.0, section 8). Never throws for what the credential or others' servers do.
 * @param input JSON text, a parsed object, or a compact JWT
 */
export async function verifyCredential(
  input: string | object,
  options: VerificationOptions,
): Promise<VerificationReport> {
  try {
    return await verifySecured(readCredential(input), options);
  } catch (error) {
    if (error instanceof Unreadable) return reportOf([checkOf('parse', answerOfUnreadable(error))]);
    throw error;
  }
}

/** As `verifyCredential`, of what was read already. */
export async function verifySecured(
  secured: Secured,
  options: VerificationOptions,
): Promise<VerificationReport> {
  const { credential } = secured;
  const checks: Check[] = [checkOf('parse', passed('read'))];
  const { answer, prepared, uses } = await checkContexts(
    credential,
    secured.form === 'embedded',
    options.anyKind,
  );
  checks.push(checkOf('context', answer));
  if (answer.outcome !== 'passed') return reportOf(checks, credential);
  const schema = checkSchema(credential, options.anyKind);
  // What passes because any kind will do is not known to be a badge.
  if (schema.outcome === 'passed' && !options.anyKind) rememberForm(credential, uses);
  checks.push(checkOf('schema', schema), checkOf('links', checkLinks(credential)));
  const issuer = issuerOf(credential)?.id;
  if (!issuer) return reportOf([...checks, checkOf('issuer', failed('issuer_missing'))], credential);
  const fetcher = new OnceFetcher(options.fetcher);
  const recalling = options.keyDocuments?.over(fetcher, options.now);
  const request = { ...options, fetcher: recalling ?? fetcher, issuer };
  const isNoBadge = kindOf(credential) === undefined;
  const isOwnWord =
    options.anyKind === true && isNoBadge && issuer === options.presentedBy && credential.proof === undefined;
  const answers: SecuringAnswers =
    secured.form === 'jwt'
      ? await checkJwt(secured, request, !isNoBadge)
      : isOwnWord
        ? { issuer: passed('holder_key_found'), proof: passed('signed_with_presentation') }
        : await checkEmbeddedProofs(credential, prepared!, request);
  if (answers.isDerived && answers.proof.outcome === 'passed') leaveOpen(checks);
  checks.push(
    checkOf('issuer', withMemory(answers.issuer, recalling)),
    checkOf('proof', answers.proof),
    checkOf('dates', checkDates(credential, options.now, isNoBadge, answers.isDerived)),
  );
  // What nobody signed must not send us to addresses of its choice.
  if (answers.proof.outcome === 'passed')
    checks.push(
      checkOf(
        'status',
        await checkStatus(credential, {
          ...request,
          fetcher,
          keyFetcher: recalling ?? fetcher,
          ...(answers.isDerived && { isDerived: true }),
        }),
      ),
    );
  if (answers.proof.outcome === 'passed' && credential.relatedResource !== undefined)
    checks.push(checkOf('resources', await checkRelatedResources(credential, fetcher)));
  return reportOf(checks, credential);
}

/** What is missing in a part that somebody chose to show is no fault of whoever signed the whole. */
function leaveOpen(checks: Check[]): void {
  for (const [i, { name, outcome, code, remark }] of checks.entries()) {
    const isMissing = name === 'links' || /must have required property/.test(remark ?? '');
    if (outcome === 'failed' && code !== 'type_unknown' && isMissing)
      checks[i] = checkOf(name, unknown('not_shown', remark));
  }
}

/** A key that came from memory is said to have. */
function withMemory(answer: Answer, recalling: RecallingFetcher | undefined): Answer {
  const [oldest] = [...(recalling?.recalled ?? [])].sort((a, b) => a.seenAt.getTime() - b.seenAt.getTime());
  if (answer.code !== 'issuer_key_found' || !oldest) return answer;
  return passed('issuer_key_seen_before', `seen on ${oldest.seenAt.toISOString()}`);
}

/**
 * Contexts and safe mode; what they need anyway is nearly the hash that the proof will be checked with.
 * @param isHashed make that hash; a JWT has no use for it
 * @param isCurrent refuse the older shape (VC 1.1)
 */
export async function checkContexts(
  credential: JsonObject,
  isHashed = true,
  isCurrent = false,
): Promise<{ answer: Answer; prepared?: PreparedDocument; uses?: StringUses }> {
  if (!isHashed && !isCurrent && hasKnownMeaning(credential)) return { answer: passed('contexts_known') };
  const [first] = [credential['@context']].flat();
  if (first !== vcContext && (isCurrent || !isOlderShape(credential)))
    return { answer: failed('context_order', first === undefined ? 'no @context' : said(first)) };
  try {
    if (isHashed) return { answer: passed('contexts_known'), prepared: await prepare(credential) };
    return { answer: passed('contexts_known'), uses: await assertMeaning(credential) };
  } catch (error) {
    if (error instanceof ContextUnknown) return { answer: unknown('context_unknown', error.url) };
    if (error instanceof ContextInline) return { answer: failed('context_inline', error.message) };
    if (error instanceof DocumentUnsafe) return { answer: failed('jsonld_unsafe', error.reason) };
    throw error;
  }
}

/**
 * The rules of the data model, and 1EdTech's JSON Schemas: the one chosen by the credential's types, and those it
 * declares, of the ones held here.
 * @param anyKind a credential that is no badge will do
 */
export function checkSchema(credential: JsonObject, anyKind = false): Answer {
  if (isOfKnownForm(credential)) return passed('schema_followed');
  const kind = kindOf(credential);
  const document = inCurrentShape(credential);
  if (!kind) return anyKind ? checkDataModel(document) : checkNoBadge(document);
  const kinds = new Set([kind, ...declaredKinds(credential)]);
  const [fault] = [
    ...[...kinds].flatMap((one) => schemaFaults(document, one)),
    ...dataModelFaults(document, 'credential'),
  ];
  return fault ? failed('schema_broken', `${fault.path || '/'} ${fault.message}`) : passed('schema_followed');
}

/** A sound credential that is no badge is no forgery; what else is wrong with it decides. */
function checkNoBadge(credential: JsonObject): Answer {
  const { outcome, remark } = checkDataModel(credential);
  return outcome === 'passed' ? unknown('type_unknown') : failed('type_unknown', remark);
}

/** The rules of the data model, and the held schemas that the credential declares. */
function checkDataModel(credential: JsonObject): Answer {
  const [fault] = [
    ...dataModelFaults(credential, 'credential'),
    ...declaredKinds(credential).flatMap((one) => schemaFaults(credential, one)),
  ];
  return fault
    ? failed('data_model_broken', `${fault.path || '/'} ${fault.message}`)
    : passed('data_model_followed');
}

/** Linked ids, and what is told of results beside the verdict (ADR 0020); endorsements have neither. */
export function checkLinks(credential: JsonObject): Answer {
  const faults = kindOf(credential) === 'achievement' ? linkFaults(credential) : [];
  const broken = faults.find(({ code }) => code !== 'result_ambiguous');
  if (broken) return failed(broken.code, broken.path);
  const [ambiguous] = faults;
  if (ambiguous) return unknown(ambiguous.code, ambiguous.path);
  const [note] = resultNotes(credential);
  return note ? passed(note.code, note.path) : passed('links_sound');
}
