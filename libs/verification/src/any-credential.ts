import { dataModelFaults } from './data-model.js';
import { checkOf, failed, passed, reportOf, unknown, type VerificationReport } from './report.js';
import { said } from './said.js';
import { type VerificationOptions, verifyCredential } from './verify-credential.js';

/**
 * Verifies any credential of the Verifiable Credentials Data Model 2.0, a badge or not, with embedded proofs or in an
 * envelope around a JWT (VC Data Model 2.0, 4.13.1, and VC-JOSE-COSE). Never throws for what the credential or others'
 * servers do. An envelope of another kind is 'cannot_check'.
 */
export async function verifyAnyCredential(
  given: object,
  options: VerificationOptions,
): Promise<VerificationReport> {
  const any = { ...options, anyKind: true };
  const { type, id } = given as { type?: unknown; id?: unknown };
  if (![type].flat().includes('EnvelopedVerifiableCredential')) return verifyCredential(given, any);
  const [fault] = dataModelFaults(given as Record<string, unknown>, 'enveloped');
  if (fault)
    return reportOf([
      checkOf('parse', passed('read')),
      checkOf('schema', failed('data_model_broken', `${fault.path} ${fault.message}`)),
    ]);
  const { mediaType, token } = envelopeAround(said(id));
  if (token === undefined) return reportOf([checkOf('parse', unknown('envelope_not_supported', mediaType))]);
  return verifyCredential(token, any);
}

/** What a data: URL (RFC 2397) says it holds, and the JWT in it if it is one of a credential or presentation. */
export function envelopeAround(url: string): { mediaType: string; token?: string } {
  const comma = url.indexOf(',');
  const [mediaType] = url.slice('data:'.length, comma).toLowerCase().split(';') as [string];
  const isJwt = /^application\/(v[cp]([+-]ld)?\+)?jwt$/.test(mediaType);
  return { mediaType, ...(isJwt && { token: url.slice(comma + 1) }) };
}
