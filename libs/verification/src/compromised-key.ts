import { DomainError, sha256 } from '#platform';
import type { JsonObject } from '#signing';
import { timeOf } from './dates.js';
import { type Fetched, type Fetcher, FetchFailed } from './fetcher.js';
import { readJson } from './parse.js';
import { type Answer, failed, passed, unknown } from './report.js';
import { said } from './said.js';

/** What a signature says of itself, to look it up in its issuer's register of signatures. */
export interface SignatureClaim {
  /** `id` of what was signed. */
  credentialId: unknown;
  /** When it says it was made, in milliseconds since 1970. Whoever holds the key can write any date here. */
  at: number | undefined;
  /** proofValue of the proof, or the last part of the JWT. */
  signature: string;
}

/** Type of the service in an issuer's DID document that tells when our register saw a signature. */
const signingRegister = 'SigningRegister';

/**
 * May a signature count that was made with a key now marked `revoked` (Controlled Identifiers 1.0, 2.2)? Only if the
 * issuer's own register saw it before that instant: the date inside a credential proves nothing once the key is stolen.
 */
export async function despiteTheft(
  document: JsonObject,
  method: JsonObject,
  request: { fetcher: Fetcher; claim?: SignatureClaim },
  isOwnAddress: (address: string) => boolean,
): Promise<Answer> {
  const since = timeOf(method.revoked);
  const { claim } = request;
  if (since === undefined) return failed('key_compromised', 'revoked');
  if (!claim || claim.at === undefined || claim.at >= since)
    return failed('key_compromised', said(method.revoked));
  const register = registerOf(document);
  const publicId = /\/([^/?#]+)$/.exec(said(claim.credentialId))?.[1];
  if (!register || !publicId || !isOwnAddress(register))
    return unknown('key_compromised_undated', said(method.revoked));
  const address = `${register}/${encodeURIComponent(publicId)}/${sha256(claim.signature).toString('hex')}`;
  try {
    const answer = await request.fetcher.fetch(address, 'application/json');
    if (answer.status === 404) return failed('not_in_register');
    const signedAt = signedAtIn(answer);
    if (signedAt === undefined) return unknown('register_unreachable', `${address} answers ${answer.status}`);
    return signedAt < since
      ? passed('issuer_key_compromised_later', said(method.revoked))
      : failed('key_compromised', said(method.revoked));
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('register_unreachable', error.message);
    if (error instanceof DomainError) return unknown('register_unreachable', error.code);
    throw error;
  }
}

const signedAtIn = (answer: Fetched): number | undefined =>
  answer.status === 200 ? timeOf(readJson(answer.body, 4096).signedAt) : undefined;

function registerOf(document: JsonObject): string | undefined {
  const services = [document.service ?? []].flat() as unknown[];
  const found = services.find(
    (item): item is JsonObject =>
      item !== null && typeof item === 'object' && (item as JsonObject).type === signingRegister,
  );
  return typeof found?.serviceEndpoint === 'string' ? found.serviceEndpoint.replace(/\/$/, '') : undefined;
}
