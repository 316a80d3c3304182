import type { KeyObject } from 'node:crypto';
import { sha256Hex } from '#platform';
import { encodedTextOf, type PreparedDocument, securedBytes } from '#signing';
import type { ArchivedCredential } from './archive/archived-credential.js';
import type { Json } from './credential-facts.js';
import { judgementsOf, type PlannedRow, stonesOf } from './planned-credentials.js';
import { shortTexts } from './short-texts.js';
import type { SignedCredential } from './store-signed.js';

/** A planned credential that was found fit to be signed. */
export interface Linted {
  row: PlannedRow;
  credential: Json;
  prepared: PreparedDocument;
}

/** The same with both its signatures. */
export interface SignedOne extends Linted {
  document: Json;
  /** Its JSON text. */
  text: string;
  jwt: string;
  ed25519: { verificationMethod: string; publicKey: KeyObject };
  rs256: { kid: string; publicKey: KeyObject };
}

/** As it is stored in the database. */
export const asStored = ({ row, prepared, document, text, jwt }: SignedOne): SignedCredential => {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    personId: row.person_id,
    judgements: judgementsOf(row),
    stones: stonesOf(row),
    document: text,
    documentSha256: sha256Hex(securedBytes(prepared, document.proof as Json[])),
    jwt,
    short: shortTexts(
      { payload: row.payload, document: text, jwt },
      row.payload === prepared.text ? encodedTextOf(prepared) : undefined,
    ),
    keys: [row.ed25519_key_id, row.rs256_key_id].map((keyId) => ({ keyId, issuerId: row.organisation_id })),
  };
};

/** As it is kept in the archive, with all that a database needs to have it again. */
export const asArchived = (
  row: PlannedRow,
  { document, jwt, short }: SignedCredential,
): ArchivedCredential => ({
  id: row.id,
  organisationId: row.organisation_id,
  edition: row.edition,
  publicId: row.public_id,
  statusListId: row.status_list_id,
  statusListPublicId: row.status_list_public_id,
  statusIndex: row.status_index,
  ed25519KeyId: row.ed25519_key_id,
  rs256KeyId: row.rs256_key_id,
  issuerDid: row.issuer_did,
  supersedes: row.supersedes,
  ...(row.is_shown ? { shown: true } : {}),
  signedAt: new Date().toISOString(),
  payload: row.payload,
  document,
  jwt,
  short,
  award: {
    id: row.award_id,
    achievementId: row.achievement_id,
    badgeCode: row.badge_code,
    personId: row.person_id,
    sessionId: row.session_id,
    assessorPersonId: row.assessor_person_id,
    assessedOn: row.assessed_on,
    awardedAt: row.awarded_at.toISOString(),
    established: row.established,
    reasons: row.reasons,
  },
});
