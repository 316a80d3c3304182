import type { KeyObject } from 'node:crypto';
import type { Text } from '#platform';
import type { PreparedDocument } from '#signing';
import type { Json } from './credential-facts.js';

/** Why a credential was not signed, for people and by a stable code. */
export interface Refusal {
  code: string;
  detail: Text;
}

/**
 * The checks around the signature, which the worker supplies from the verification library (ADR 0003): before, with a
 * throw-away key; after, on the very bytes that will be stored. An empty list means that every check passed.
 */
export abstract class CredentialCheck {
  /** @param anyKind a credential of VC 2.0 that is no badge, endorsement or record */
  abstract lint(credential: Json, prepared: PreparedDocument, anyKind?: boolean): Promise<Refusal[]>;
  abstract verify(issued: {
    document: Json;
    /** JSON text of the document, as it will be stored: what is verified. */
    text: string;
    jwt: string;
    prepared: PreparedDocument;
    anyKind?: boolean;
    ed25519: { verificationMethod: string; publicKey: KeyObject };
    rs256: { kid: string; publicKey: KeyObject };
  }): Promise<Refusal[]>;
}
