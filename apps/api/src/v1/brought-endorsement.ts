import { type BroughtCredential, EndorsementRefused } from '#badges';
import { type CheckName, type VerificationOptions, verifyCredential } from '#verification';

const longest = 64 * 1024;
const needed: CheckName[] = ['parse', 'context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status'];

/**
 * Verifies an EndorsementCredential that somebody signed elsewhere: everything must hold, and it must be about what was
 * asked. Who its issuer is in the world is for the endorsed party to judge: its id is shown.
 * @param text JSON text or compact JWT, as it came
 * @throws EndorsementRefused (`endorsement_refused`), field `signed`
 */
export async function verifyBrought(
  text: string,
  subjectId: string,
  options: VerificationOptions,
): Promise<BroughtCredential> {
  const trimmed = text.trim();
  if (Buffer.byteLength(trimmed) > longest)
    throw new EndorsementRefused('signed', 'too_long', 'A signed endorsement has at most 64 kB');
  const { checks, credential, issuer } = await verifyCredential(trimmed, options);
  const types = [credential?.type ?? []].flat();
  if (!credential || !types.includes('EndorsementCredential'))
    throw new EndorsementRefused(
      'signed',
      'not_an_endorsement',
      'This is no EndorsementCredential that can be read',
    );
  const wrong = needed
    .map((name) => checks.find((check) => check.name === name))
    .find((c) => c?.outcome !== 'passed');
  if (wrong || needed.some((name) => !checks.some((check) => check.name === name)))
    throw new EndorsementRefused(
      'signed',
      'not_authentic',
      `The signed endorsement does not hold: ${wrong ? `${wrong.name} ${wrong.code}` : 'it could not be checked'}`,
    );
  const subject = credential.credentialSubject as { id?: unknown; endorsementComment?: unknown } | undefined;
  if (subject?.id !== subjectId)
    throw new EndorsementRefused('signed', 'of_something_else', `Its subject must be ${subjectId}`);
  if (typeof subject.endorsementComment !== 'string')
    throw new EndorsementRefused('signed', 'missing', 'It has no endorsementComment in plain text');
  const id = issuer!.id;
  return {
    text: trimmed,
    issuerName: (issuer?.name ?? id).slice(0, 120),
    issuerUrl: id.startsWith('https://') ? id : null,
    issuerId: id,
    comment: subject.endorsementComment,
  };
}
