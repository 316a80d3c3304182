import { generateKeyPairSync } from 'node:crypto';
import { CredentialCheck, type Json, type Refusal } from '#badges';
import { checkProof, type PreparedDocument, proofFor } from '#signing';
import { lintCredential, verifyIssued } from '#verification';

// Made anew in each process, kept nowhere, trusted by nobody.
const throwAway = generateKeyPairSync('ed25519');

/** The verification library behind the port that `badges` declares (ADR 0003). */
export class CredentialGate extends CredentialCheck {
  async lint(credential: Json, prepared: PreparedDocument): Promise<Refusal[]> {
    const faults = lintCredential(credential).map(({ code, detail }) => ({ code, detail }));
    if (faults.length > 0) return faults;
    const proof = await proofFor(prepared, {
      privateKey: throwAway.privateKey,
      verificationMethod: 'did:example:throw-away#key',
      created: new Date(credential.validFrom as string),
    });
    if (await checkProof(prepared, proof, throwAway.publicKey)) return [];
    return [
      {
        code: 'trial_signature_refused',
        detail: { fr: "La signature d'essai ne se vérifie pas.", en: 'The trial signature does not verify.' },
      },
    ];
  }

  async verify(issued: Parameters<CredentialCheck['verify']>[0]): Promise<Refusal[]> {
    const checks = await verifyIssued(issued);
    return checks.filter((check) => check.outcome !== 'passed').map(({ code, detail }) => ({ code, detail }));
  }
}
