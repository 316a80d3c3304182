import type { JsonObject } from '#signing';
import { checkInside, type InsideReport } from './badges-inside.js';
import { BoundedFetcher } from './bounded-fetcher.js';
import { dataModelFaults } from './data-model.js';
import { envelopeAround } from './envelope.js';
import { OnceFetcher } from './fetcher.js';
import { leftAside, type NotChecked } from './not-checked.js';
import {
  checkOf,
  failed,
  isProven,
  passed,
  reportOf,
  unknown,
  type VerificationReport,
  withChecks,
} from './report.js';
import { said } from './said.js';
import { type VerificationOptions, verifyCredential } from './verify-credential.js';

/** A verification report of any credential. */
export interface AnyReport extends VerificationReport {
  /** The credentials of a record, one by one; absent for anything else, or when the record itself is not sound. */
  badges?: InsideReport[];
  /** Checks that were not made, or could not be. */
  notChecked: NotChecked[];
}

/**
 * Verifies any credential of the Verifiable Credentials Data Model 2.0, a badge or not, with embedded proofs or in an
 * envelope around a JWT (VC Data Model 2.0, 4.13.1, and VC-JOSE-COSE). A record (CLR 2.0) is as good as the worst of the
 * credentials in it. Never throws for what the credential or others' servers do. An envelope of another kind is
 * 'cannot_check'.
 */
export async function verifyAnyCredential(given: object, options: VerificationOptions): Promise<AnyReport> {
  const fetcher = new OnceFetcher(new BoundedFetcher(options.fetcher));
  const { presentedBy, ...others } = options;
  const any = { ...others, fetcher, anyKind: true };
  const report = await verifyOne(given, { ...any, presentedBy });
  const { credential, checks } = report;
  const inside = credential && isProven(report) ? await checkInside(credential, any, verifyOne) : undefined;
  const whole = inside ? withChecks(report, [...checks, checkOf('badges', inside.answer)]) : report;
  return { ...whole, ...(inside && { badges: inside.badges }), notChecked: leftAside(whole) };
}

async function verifyOne(given: string | object, options: VerificationOptions): Promise<VerificationReport> {
  if (typeof given === 'string') return verifyCredential(given, options);
  const { type, id } = given as JsonObject;
  if (![type].flat().includes('EnvelopedVerifiableCredential')) return verifyCredential(given, options);
  const [fault] = dataModelFaults(given as JsonObject, 'enveloped');
  if (fault)
    return reportOf([
      checkOf('parse', passed('read')),
      checkOf('schema', failed('data_model_broken', `${fault.path} ${fault.message}`)),
    ]);
  const { mediaType, token } = envelopeAround(said(id));
  if (token === undefined) return reportOf([checkOf('parse', unknown('envelope_not_supported', mediaType))]);
  return verifyCredential(token, options);
}
