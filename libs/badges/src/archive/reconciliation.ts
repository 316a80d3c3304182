import type { ArchivedCredential } from './archived-credential.js';
import type { OrphanReason } from './orphan-credential.js';
import type { RestoredIssuer } from './put-issuers-back.js';

export interface Orphan {
  credentialId: string;
  organisationId: string;
  badgeCode: string;
  why: OrphanReason;
}

/** What a reconciliation found and did; with a dry run, what it would do. */
export interface Reconciliation {
  /** Credentials in the archive, each counted once: badges and statements. */
  archived: number;
  /** Those of them that are no badges: endorsements, records, credentials of the VC-API. */
  statements: number;
  /** Lines beyond that, which tell of a credential again, as a crash or a second worker leaves them. */
  repeated: number;
  alreadyThere: number;
  /** Credentials the database did not know, or knew as planned only, that are there again. */
  putBack: number;
  /** Given out, but without award or person: listed, their places reserved (but those of an organisation that stays unknown). */
  orphans: Orphan[];
  /** Those that an earlier reconciliation listed: the archive's lines of them count as there already. */
  orphansBefore: Orphan[];
  /** Structures that the database did not know, with what they showed of themselves; register them again. */
  issuersPutBack: RestoredIssuer[];
  /** In the database with other bytes than in the archive: nothing is changed. */
  differing: string[];
  keysPutBack: number;
  listsBroughtForward: number;
  statusesBroughtForward: number;
  /** Places of lists that were revoked or suspended before their badge was ever signed: kept for ever, for nobody. */
  placesReserved: number;
  /** Lines of the audit chain that the archive knows and the restored database does not; later events follow its own. */
  auditLinesLost: number;
  /** Torn last lines, which a crash leaves. */
  torn: number;
  /** Damaged lines: put their file back from its backup and run again. */
  damaged: { file: string; line: number }[];
}

export const emptyReconciliation = (): Reconciliation => ({
  archived: 0,
  statements: 0,
  repeated: 0,
  alreadyThere: 0,
  putBack: 0,
  orphans: [],
  orphansBefore: [],
  issuersPutBack: [],
  differing: [],
  keysPutBack: 0,
  listsBroughtForward: 0,
  statusesBroughtForward: 0,
  placesReserved: 0,
  auditLinesLost: 0,
  torn: 0,
  damaged: [],
});

export const orphanOf = (credential: ArchivedCredential, why: OrphanReason): Orphan => ({
  credentialId: credential.id,
  organisationId: credential.organisationId,
  badgeCode: credential.award.badgeCode,
  why,
});
