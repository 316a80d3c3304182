import type { AboutStatement } from '../statements/about-statement.js';
import type { StatementKind } from '../statements/statement.js';

/** A signed endorsement, record or issued credential with everything that puts it back. */
export interface ArchivedStatement {
  id: string;
  kind: StatementKind;
  organisationId: string;
  publicId: string;
  statusListId: string;
  statusListPublicId: string;
  statusIndex: number;
  ed25519KeyId: string;
  rs256KeyId: string;
  issuerDid: string;
  /** ISO 8601, UTC. */
  signedAt: string;
  /** JSON text, as it was planned. */
  payload: string;
  /** JSON text with the embedded proof. */
  document: string;
  /** Compact VC-JWT. */
  jwt: string;
  /** The one whose place it took, when it was signed again. */
  supersedes?: string;
  /** The row of `endorsement`, `learner_record` or `issued_credential` that it stands on. */
  about: AboutStatement;
}
