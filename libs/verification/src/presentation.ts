import { type JsonObject, vcContext } from '#signing';
import { type AnyReport, verifyAnyCredential } from './any-credential.js';
import { BoundedFetcher } from './bounded-fetcher.js';
import { dataModelFaults } from './data-model.js';
import { envelopeAround } from './envelope.js';
import { OnceFetcher } from './fetcher.js';
import type { SecuredJwt } from './jwt.js';
import type { MessageCode } from './messages.js';
import { leftAsideOfPresentation, type NotChecked } from './not-checked.js';
import { answerOfUnreadable, readCredential, readJson, textOf, Unreadable } from './parse.js';
import { checkJwtPresentation, presentationOf } from './presentation-jwt.js';
import { checkEmbeddedProofs, type ExpectedProof, type SecuringAnswers } from './proofs.js';
import { type Answer, type Check, checkOf, failed, passed, unknown } from './report.js';
import { said } from './said.js';
import type { Shown } from './shown.js';
import { checkContexts, type VerificationOptions } from './verify-credential.js';

export interface PresentationOptions extends VerificationOptions {
  /** What the signature must answer; not asked when absent. */
  challenge?: string;
  /** Whom the signature must be made for, exactly these; not asked when absent. */
  domain?: string | string[];
  /** A presentation without signature will do: only its credentials are verified then, and nobody is its holder. */
  mayBeUnsigned?: boolean;
}

/** One question put to a presentation itself, as `Check` of a credential. */
export interface PresentationCheck extends Omit<Check, 'name'> {
  name: 'parse' | 'context' | 'schema' | 'holder' | 'proof';
}

export interface PresentationReport {
  /** Every check of the presentation passed, and each credential in it is authentic. */
  isVerified: boolean;
  /** In the order they were made; one that an earlier failure made pointless is absent. */
  checks: PresentationCheck[];
  /** Who presents, as the signature shows; absent when it does not. */
  holder?: string;
  /** The credentials in it, in their order; none when the presentation cannot be read. */
  credentials: AnyReport[];
  /** Checks that were not made, or could not be; those of the credentials stand with them. */
  notChecked: NotChecked[];
}

const asked = (name: PresentationCheck['name'], answer: Answer): PresentationCheck => ({
  ...checkOf('parse', answer),
  name,
});

/**
 * Verifies a presentation of VC Data Model 2.0 (4.13), with an embedded proof whose purpose is `authentication` (Data
 * Integrity 1.0) or in an envelope around a JWT (VC-JOSE-COSE 1.0, 3.1.2), and each credential in it. Whoever signed must be the `holder`,
 * if one is named. A credential without a proof that the named holder issued, no badge, is secured by the
 * presentation's own (4.13.4). That the holder is whom a credential is about is not asked: credentials may be held for others.
 * Never throws for what the presentation or others' servers do.
 */
export async function verifyPresentation(
  given: object,
  options: PresentationOptions,
): Promise<PresentationReport> {
  const once = { ...options, fetcher: new OnceFetcher(new BoundedFetcher(options.fetcher)) };
  try {
    return await verifyRead(readJson(textOf(given)), once);
  } catch (error) {
    if (error instanceof Unreadable) return stopped([asked('parse', answerOfUnreadable(error))]);
    throw error;
  }
}

const stopped = (checks: PresentationCheck[]): PresentationReport => ({
  isVerified: false,
  checks,
  credentials: [],
  notChecked: leftAsideOfPresentation(checks),
});

async function verifyRead(given: JsonObject, options: PresentationOptions): Promise<PresentationReport> {
  const checks = [asked('parse', passed('read'))];
  let presentation = given;
  let jwt: SecuredJwt | undefined;
  if ([given.type].flat().includes('EnvelopedVerifiablePresentation')) {
    const [fault] = dataModelFaults(given, 'enveloped');
    if (fault) return stopped([...checks, asked('schema', broken(fault))]);
    const { mediaType, token } = envelopeAround(said(given.id));
    if (token === undefined) return stopped([asked('parse', unknown('envelope_not_supported', mediaType))]);
    const read = readCredential(token);
    if (read.form !== 'jwt') throw new Unreadable('jwt_malformed');
    jwt = read;
    presentation = presentationOf(jwt.claims);
  }
  const { isSigned, holder, isStopped } = await checkPresenter(presentation, jwt, options, checks);
  if (isStopped) return stopped(checks);

  // What was asked of whoever presents, no issuer was asked.
  const { challenge: _challenge, domain: _domain, ...around } = options;
  const credentials: AnyReport[] = [];
  const presentedBy = holderOf(presentation) === holder ? holder : undefined;
  for (const one of [presentation.verifiableCredential ?? []].flat() as JsonObject[])
    credentials.push(await verifyAnyCredential(one, { ...around, presentedBy }));
  const isVerified =
    checks.every(({ outcome }) => outcome === 'passed') &&
    credentials.every(({ verdict }) => verdict === 'authentic');
  const notChecked = leftAsideOfPresentation(checks, { isSigned, ...options });
  return { isVerified, checks, ...(holder !== undefined && { holder }), credentials, notChecked };
}

interface Presenter {
  isSigned: boolean;
  /** Who presents, when the signature shows it. */
  holder?: string;
  /** It is no presentation of VC 2.0 that could be looked at further. */
  isStopped?: true;
}

/**
 * Asks who presents; the credentials are not looked at.
 * @param checks what was asked is put behind these
 */
async function checkPresenter(
  presentation: JsonObject,
  jwt: SecuredJwt | undefined,
  options: PresentationOptions,
  checks: PresentationCheck[],
): Promise<Presenter> {
  const isSigned = jwt !== undefined || presentation.proof !== undefined;
  const { answer, prepared } = await checkContexts(presentation, true, true);
  checks.push(asked('context', answer));
  if (answer.outcome !== 'passed') return { isSigned, isStopped: true };
  const [fault] = dataModelFaults(presentation, 'presentation');
  checks.push(asked('schema', fault ? broken(fault) : passed('data_model_followed')));
  if (fault) return { isSigned, isStopped: true };
  if (!isSigned) {
    if (!options.mayBeUnsigned || options.challenge !== undefined || options.domain !== undefined)
      checks.push(asked('proof', failed('presentation_unsigned')));
    return { isSigned };
  }
  const issuer = holderOf(presentation) ?? signerOf(jwt?.header.kid, presentation);
  const request: ExpectedProof = { ...options, issuer: issuer ?? '', purpose: 'authentication' };
  const answers: SecuringAnswers =
    issuer === undefined
      ? { issuer: unknown('holder_unknown'), proof: unknown('key_not_available') }
      : jwt
        ? await checkJwtPresentation(jwt, presentation, request)
        : await checkEmbeddedProofs(presentation, prepared!, request);
  const holding = answers.issuer.outcome === 'passed' ? passed('holder_key_found') : answers.issuer;
  checks.push(asked('holder', holding), asked('proof', answers.proof));
  const isShown = answers.issuer.outcome === 'passed' && answers.proof.outcome === 'passed';
  return { isSigned, ...(isShown && { holder: issuer }) };
}

/**
 * Who shows badges in a presentation, for somebody who asked nothing of the holder: at best that it was signed once, by
 * whom its remark says. Presentations of VC 1.1 are not looked at.
 */
export async function checkShown(
  { presentation, jwt, isInClaim }: Shown,
  options: VerificationOptions,
): Promise<Answer> {
  if (jwt === undefined && presentation.proof === undefined) return unknown('presentation_unsigned');
  if (isInClaim || [presentation['@context']].flat()[0] !== vcContext)
    return unknown('presentation_not_supported');
  const checks: PresentationCheck[] = [];
  const { holder } = await checkPresenter(presentation, jwt, options, checks);
  const wrong =
    checks.find(({ outcome }) => outcome === 'failed') ?? checks.find(({ outcome }) => outcome === 'unknown');
  if (!wrong) return passed('presentation_signed', holder);
  const { outcome, code, remark } = wrong;
  return { outcome, code, ...(remark !== undefined && { remark }) };
}

const broken = ({ path, message }: { path: string; message: string }): Answer =>
  failed('data_model_broken' satisfies MessageCode, `${path || '/'} ${message}`);

function holderOf({ holder }: JsonObject): string | undefined {
  const id = typeof holder === 'string' ? holder : (holder as JsonObject | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

/** Whoever's key it says signed, where no holder is named: a DID is written before its key's name. */
function signerOf(kid: unknown, { proof }: JsonObject): string | undefined {
  const [first] = [proof].flat() as (JsonObject | undefined)[];
  const method = kid ?? first?.verificationMethod;
  return typeof method === 'string' && /^did:[^#]+#/.test(method) ? method.split('#')[0] : undefined;
}
