import { openBadgesContext, openBadgesExtensions, recordContext, vcContext } from '#signing';
import type { CredentialFacts, Json } from '../credential-facts.js';
import { issuerProfile, wholeSeconds } from '../credential-for.js';

const schemas = {
  endorsement:
    'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json',
  record: 'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json',
} as const;

/** What every statement says beside its own content. Times are UTC, whole seconds. */
export interface StatementFrame {
  origin: string;
  issuer: CredentialFacts['issuer'];
  validFrom: Date;
  status: { listUrl: string; index: number };
}

export interface EndorsementFacts {
  publicId: string;
  /** Id of what is endorsed. */
  subjectId: string;
  comment: string;
  /** When it was given. */
  givenAt: Date;
  /**
   * Set when the words came from outside and the issuer of the credential is who received them: the comment then says
   * so first, so that nobody seems to have signed who did not (ADR 0022).
   */
  receivedFrom: string | null;
}

export interface RecordFacts {
  publicId: string;
  /** urn:uuid of this record alone. */
  subjectId: string;
  /** Signed badges with their own proofs, in the order chosen. */
  badges: Json[];
}

export const endorsementUrl = (origin: string, publicId: string): string =>
  `${origin}/endorsements/${publicId}`;
export const recordUrl = (origin: string, publicId: string): string => `${origin}/records/${publicId}`;

export const statusOf = ({ listUrl, index }: StatementFrame['status']): Json => ({
  id: `${listUrl}#${index}`,
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: String(index),
  statusListCredential: listUrl,
});

const common = (frame: StatementFrame, kind: keyof typeof schemas): Json => ({
  credentialSchema: [{ id: schemas[kind], type: '1EdTechJsonSchemaValidator2019' }],
  credentialStatus: statusOf(frame.status),
});

/** What stands before words that nobody signed but who received them. */
export const receivedPreface = (structure: string, from: string): string =>
  `Paroles reçues par ${structure}, données au nom de « ${from} ». L'identité de leur auteur n'a pas été vérifiée.\n` +
  `Words received by ${structure}, given in the name of "${from}". The identity of their author was not checked.`;

/**
 * The unsigned EndorsementCredential (Open Badges 3.0, section B.2.3; VC 2.0 shape). Pure: the same facts give the same
 * JSON.
 */
export function endorsementCredential(frame: StatementFrame, facts: EndorsementFacts): Json {
  const { receivedFrom, comment } = facts;
  return {
    '@context': [vcContext, openBadgesContext, openBadgesExtensions],
    id: endorsementUrl(frame.origin, facts.publicId),
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: receivedFrom === null ? 'Recommandation / Endorsement' : 'Paroles reçues / Words received',
    issuer: issuerProfile(frame.origin, frame.issuer),
    validFrom: wholeSeconds(frame.validFrom),
    awardedDate: wholeSeconds(facts.givenAt),
    credentialSubject: {
      id: facts.subjectId,
      type: ['EndorsementSubject'],
      endorsementComment:
        receivedFrom === null ? comment : `${receivedPreface(frame.issuer.name, receivedFrom)}\n\n${comment}`,
    },
    ...common(frame, 'endorsement'),
  };
}

/**
 * The unsigned ClrCredential (Comprehensive Learner Record 2.0): the badges that a learner chose, each with its own
 * proof. `partial` says that there may be others. Pure.
 */
export function recordCredential(frame: StatementFrame, facts: RecordFacts): Json {
  return {
    '@context': [vcContext, recordContext, openBadgesContext, openBadgesExtensions],
    id: recordUrl(frame.origin, facts.publicId),
    type: ['VerifiableCredential', 'ClrCredential'],
    name: 'Badges réunis / Badges together',
    description:
      'Les badges choisis par la personne, chacun avec sa propre signature.\n\nEnglish: The badges that the person chose, each with its own signature.',
    issuer: issuerProfile(frame.origin, frame.issuer),
    validFrom: wholeSeconds(frame.validFrom),
    partial: true,
    // The learner gave the address away with the record: asking there tells us nothing that was not shown to us.
    refreshService: { id: recordUrl(frame.origin, facts.publicId), type: '1EdTechCredentialRefresh' },
    credentialSubject: {
      id: facts.subjectId,
      type: ['ClrSubject'],
      verifiableCredential: facts.badges,
    },
    ...common(frame, 'record'),
  };
}
