import { CredentialCheck, type Json, type Refusal } from '#badges';
import type { PreparedDocument } from '#signing';
import { lintAnyCredential, lintCredential, verifyIssued } from '#verification';

/** The verification library behind the port that `badges` declares (ADR 0003). */
export class CredentialGate extends CredentialCheck {
  /** Every rule of the linter, then a trial signature with a throw-away key, verified. */
  async lint(credential: Json, prepared: PreparedDocument, anyKind = false): Promise<Refusal[]> {
    const { faults } = anyKind
      ? await lintAnyCredential(credential, prepared)
      : await lintCredential(credential, prepared);
    return faults.map(({ code, detail }) => ({ code, detail }));
  }

  async verify({ ed25519, rs256, ...issued }: Parameters<CredentialCheck['verify']>[0]): Promise<Refusal[]> {
    const report = await verifyIssued({
      ...issued,
      keys: { proof: ed25519, jwt: rs256 },
      // The dates come from the database's clock; more than half a minute apart, nothing is signed.
      now: new Date(Date.now() + 30_000),
    });
    if (report.verdict === 'authentic') return [];
    return report.checks
      .filter((check) => check.outcome !== 'passed')
      .map(({ code, detail }) => ({ code, detail }));
  }
}
