import {
  ContextInline,
  ContextUnknown,
  DocumentUnsafe,
  type JsonObject,
  type PreparedDocument,
  prepare,
  vcContext,
} from '#signing';
import { checkDates } from './dates.js';
import { type Fetcher, OnceFetcher } from './fetcher.js';
import { checkJwt } from './jwt.js';
import { linkFaults } from './links.js';
import { readCredential, type Secured, Unreadable } from './parse.js';
import { checkEmbeddedProofs } from './proofs.js';
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
import { kindOf, schemaFaults } from './schema.js';
import { checkStatus } from './status.js';

export interface VerificationOptions {
  fetcher: Fetcher;
  now: Date;
  /** Origin of the operator's own service, for example http://localhost:4180, so that its http key addresses count. */
  origin?: string;
}

/**
 * Verifies a credential from anywhere: Open Badges 3.0 with an eddsa-rdfc-2022 proof, or VC-JWT with RS256 or ES256
 * (Open Badges 3.0, section 8). Never throws for what the credential or others' servers do.
 * @param input JSON text, a parsed object, or a compact JWT
 */
export async function verifyCredential(
  input: string | object,
  options: VerificationOptions,
): Promise<VerificationReport> {
  let secured: Secured;
  try {
    secured = readCredential(input);
  } catch (error) {
    if (error instanceof Unreadable) return reportOf([checkOf('parse', failed(error.code, error.remark))]);
    throw error;
  }
  const { credential } = secured;
  const checks: Check[] = [checkOf('parse', passed('read'))];
  const { answer, prepared } = await checkContexts(credential);
  checks.push(checkOf('context', answer));
  if (answer.outcome !== 'passed' || !prepared) return reportOf(checks, credential);
  checks.push(checkOf('schema', checkSchema(credential)), checkOf('links', checkLinks(credential)));
  const issuer = issuerOf(credential)?.id;
  if (!issuer) return reportOf([...checks, checkOf('issuer', failed('issuer_missing'))], credential);
  const request = { ...options, fetcher: new OnceFetcher(options.fetcher), issuer };
  const answers =
    secured.form === 'jwt'
      ? await checkJwt(secured, request)
      : await checkEmbeddedProofs(credential, prepared, request);
  checks.push(checkOf('issuer', answers.issuer), checkOf('proof', answers.proof));
  checks.push(checkOf('dates', checkDates(credential, options.now)));
  // What nobody signed must not send us to addresses of its choice.
  if (answers.proof.outcome === 'passed')
    checks.push(checkOf('status', await checkStatus(credential, request)));
  return reportOf(checks, credential);
}

/** Contexts and safe mode; what they need anyway is the hash that the proof will be checked with. */
export async function checkContexts(
  credential: JsonObject,
): Promise<{ answer: Answer; prepared?: PreparedDocument }> {
  const [first] = [credential['@context']].flat();
  if (first === 'https://www.w3.org/2018/credentials/v1') return { answer: unknown('vc_1_1') };
  if (first !== vcContext) return { answer: failed('context_order', String(first)) };
  try {
    return { answer: passed('contexts_known'), prepared: await prepare(credential) };
  } catch (error) {
    if (error instanceof ContextUnknown) return { answer: unknown('context_unknown', error.url) };
    if (error instanceof ContextInline) return { answer: failed('context_inline', error.message) };
    if (error instanceof DocumentUnsafe) return { answer: failed('jsonld_unsafe', error.reason) };
    throw error;
  }
}

/** 1EdTech's JSON Schema, chosen by the credential's types. */
export function checkSchema(credential: JsonObject): Answer {
  const kind = kindOf(credential);
  if (!kind) return failed('type_unknown');
  const [fault] = schemaFaults(credential, kind);
  return fault ? failed('schema_broken', `${fault.path || '/'} ${fault.message}`) : passed('schema_followed');
}

/** Linked ids; endorsements have none. */
export function checkLinks(credential: JsonObject): Answer {
  const [fault] = kindOf(credential) === 'achievement' ? linkFaults(credential) : [];
  return fault ? failed(fault.code, fault.path) : passed('links_sound');
}
