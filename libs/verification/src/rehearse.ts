import { type PreparedDocument, proofFor, RehearsalKey, securedText, signPreparedVcJwt } from '#signing';
import { issuerOf } from './report.js';
import { verifyIssued } from './verify-issued.js';

const throwAway = new RehearsalKey();

/**
 * Makes both secured forms and the text to be stored with a key that signs for nobody, and verifies them, so that a
 * fault shows before the real keys are used. The throw-away signatures are keyed hashes (ADR 0014): what a rehearsal can
 * find lies in the content and its forms, and these are made and read by the code that makes and reads the real ones.
 * @returns nothing when the credential holds, else what was wrong
 * @param anyKind a credential that is no badge, planned at this moment
 * @throws JwtUnfit (`jwt_unfit`) and others of signing
 */
export async function rehearse(
  prepared: PreparedDocument,
  anyKind?: { plannedAt: Date },
): Promise<string | undefined> {
  const { document } = prepared;
  const verificationMethod = `${issuerOf(document)?.id}#throw-away`;
  const kid = 'urn:key:throw-away';
  const created = anyKind?.plannedAt ?? new Date(document.validFrom as string);
  const proof = [await proofFor(prepared, { privateKey: throwAway, verificationMethod, created })];
  const report = await verifyIssued({
    document: { ...document, proof },
    text: securedText(prepared, proof),
    jwt: await signPreparedVcJwt(prepared, { privateKey: throwAway, kid, anyKind: anyKind !== undefined }),
    prepared,
    keys: {
      proof: { verificationMethod, publicKey: throwAway },
      jwt: { kid, publicKey: throwAway },
    },
    now: created,
    anyKind: anyKind !== undefined,
  });
  if (report.verdict === 'authentic') return undefined;
  const wrong = report.checks.find((check) => check.outcome !== 'passed');
  return `${wrong?.name}: ${wrong?.code} ${wrong?.remark ?? ''}`;
}
