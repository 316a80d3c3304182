import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { type JsonObject, type PreparedDocument, proofFor, signPreparedVcJwt } from '#signing';
import { type IssuedCredential, verifyIssued } from './verify-issued.js';

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}
const generate = promisify(generateKeyPair);
let throwAway: Promise<[KeyPair, KeyPair]> | undefined;

/**
 * Signs both ways with keys that nobody trusts, made for this process and never stored, and verifies the result, so
 * that a fault shows before the real keys are used. The JWT is signed with P-256, whose signature takes a tenth of
 * RSA's time; whatever else a JWT is made of is the same.
 * @returns nothing when the credential holds, else what was wrong
 * @throws JwtUnfit (`jwt_unfit`) and others of signing
 */
export async function rehearse(prepared: PreparedDocument): Promise<string | undefined> {
  throwAway ??= Promise.all([generate('ed25519'), generate('ec', { namedCurve: 'prime256v1' })]);
  const [ed, ec] = await throwAway;
  const { document } = prepared;
  const verificationMethod = `${(document.issuer as JsonObject).id as string}#throw-away`;
  const kid = 'urn:key:throw-away';
  const created = new Date(document.validFrom as string);
  const issued: IssuedCredential = {
    document: {
      ...document,
      proof: [await proofFor(prepared, { privateKey: ed.privateKey, verificationMethod, created })],
    },
    jwt: await signPreparedVcJwt(prepared, { privateKey: ec.privateKey, kid }),
    prepared,
    keys: {
      proof: { verificationMethod, publicKey: ed.publicKey },
      jwt: { kid, publicKey: ec.publicKey },
    },
    now: created,
  };
  const report = await verifyIssued(issued);
  if (report.verdict === 'authentic') return undefined;
  const wrong = report.checks.find((check) => check.outcome !== 'passed');
  return `${wrong?.name}: ${wrong?.code} ${wrong?.remark ?? ''}`;
}
