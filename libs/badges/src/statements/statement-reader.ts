import type { DataSource } from 'typeorm';
import { isPublicId } from '#platform';
import type { Json } from '../credential-facts.js';
import type { EndorsementForm, EndorsementState, EndorsementTarget } from './endorsement.js';

/** An accepted endorsement as strangers see it. Times are UTC. */
export interface ShownEndorsement {
  publicId: string;
  form: EndorsementForm;
  /** The organisation's public name, or the name that was given. */
  endorserName: string;
  /** Page of the endorser on this host, when it is an organisation of ours. */
  endorserSlug: string | null;
  endorserUrl: string | null;
  /** With form 'brought': who signed it, as its proof was checked. */
  broughtIssuerId: string | null;
  /** Who received the words and signed that, with form 'received'. */
  receivedBy: string;
  comment: string;
  givenAt: Date;
  target: EndorsementTarget;
  subjectId: string;
}

/** The same with its signed forms. */
export interface PublishedEndorsement extends ShownEndorsement {
  /** JSON text with the embedded proof; null when it was brought as a JWT. */
  document: string | null;
  /** Compact VC-JWT; null when it was brought as JSON. */
  jwt: string | null;
}

/** Endorsements as members of an Achievement or a Profile; none is left out. */
export interface SignedEndorsements {
  /** With their embedded proofs. */
  endorsement?: Json[];
  /** As compact VC-JWT. */
  endorsementJwt?: string[];
}

/** An endorsement as its parties see it. */
export interface EndorsementView {
  id: string;
  publicId: string;
  target: EndorsementTarget;
  subjectId: string;
  state: EndorsementState;
  form: EndorsementForm | null;
  endorserName: string | null;
  endorserUrl: string | null;
  comment: string | null;
  askedAt: Date;
  expiresAt: Date;
  givenAt: Date | null;
  decidedAt: Date | null;
  endedAt: Date | null;
  /** Is it signed and shown? */
  isShown: boolean;
}

// What our register saw before a key was stolen still counts; what is newer is not shown.
const standing = `s.state = 'signed' and x.state = 'active' and not exists (
  select from signing_key k where k.id in (s.ed25519_key_id, s.rs256_key_id) and k.compromised_since <= s.signed_at)`;

const shownEndorsements = `
  from endorsement e join organisation o on o.id = e.organisation_id
  left join organisation g on g.id = e.endorser_organisation_id
  left join statement s on s.id = e.statement_id left join status_entry x on x.credential_id = s.id
  where e.state = 'accepted' and (e.form = 'brought' or ${standing})
    and (e.target <> 'badge' or exists (select from credential c join publication p on p.credential_id = c.id
                                        where c.award_id = e.award_id and c.state = 'signed'))`;

const columns = `e.public_id as "publicId", e.form, coalesce(g.public_name, e.endorser_name) as "endorserName",
  g.slug as "endorserSlug", coalesce(g.url, e.endorser_url) as "endorserUrl", o.public_name as "receivedBy",
  e.brought_issuer_id as "broughtIssuerId", e.comment,
  e.given_at as "givenAt", e.target, e.subject_id as "subjectId"`;

// A page is read by people: the newest few say enough.
const mostShown = 20;
const mostEmbedded = 10;

/** Reads endorsements and records: for strangers only what is accepted, signed and stands. */
export class StatementReader {
  constructor(private readonly database: DataSource) {}

  /** What others say of a badge class, a structure or one badge, by the id of what is endorsed; newest first. */
  endorsementsOf(subjectId: string): Promise<ShownEndorsement[]> {
    return this.database.query(
      `select ${columns} ${shownEndorsements} and e.subject_id = $1 order by e.given_at desc, e.id limit ${mostShown}`,
      [subjectId],
    );
  }

  /**
   * The signed endorsements of something, for the documents that describe it live (Open Badges 3.0, `endorsement` and
   * `endorsementJwt` of Achievement and Profile). Words that their receiver signed are not among them: a program would
   * count them as an endorsement by the endorsed.
   */
  async signedEndorsementsOf(subjectId: string): Promise<SignedEndorsements> {
    const rows: { document: string | null; jwt: string | null; brought: string | null }[] =
      await this.database.query(
        `select s.document, s.jwt, e.brought ${shownEndorsements} and e.subject_id = $1 and e.form <> 'received'
         order by e.given_at desc, e.id limit ${mostEmbedded}`,
        [subjectId],
      );
    const documents = rows.flatMap(({ document, brought }) =>
      document !== null ? [document] : brought?.startsWith('{') ? [brought] : [],
    );
    const jwts = rows.flatMap(({ jwt, brought }) =>
      jwt !== null ? [jwt] : brought !== null && !brought.startsWith('{') ? [brought] : [],
    );
    return {
      ...(documents.length > 0 && { endorsement: documents.map((one) => JSON.parse(one) as Json) }),
      ...(jwts.length > 0 && { endorsementJwt: jwts }),
    };
  }

  /** The endorsement at a public address, or null: unknown, not (yet) shown and malformed look the same (I9). */
  async endorsement(publicId: string): Promise<PublishedEndorsement | null> {
    if (!isPublicId(publicId)) return null;
    const rows: (PublishedEndorsement & { brought: string | null })[] = await this.database.query(
      `select ${columns}, s.document, s.jwt, e.brought ${shownEndorsements} and e.public_id = $1`,
      [publicId],
    );
    if (!rows[0]) return null;
    const { brought, ...row } = rows[0];
    if (brought === null) return row;
    return brought.startsWith('{') ? { ...row, document: brought } : { ...row, jwt: brought };
  }

  /**
   * Endorsements that organisations of ours asked for or gave, in the order of their ids.
   * @param after the id after which the page begins
   */
  ofOrganisation(organisationId: string, after: string, limit: number): Promise<EndorsementView[]> {
    return this.read('(e.organisation_id = $1 or e.endorser_organisation_id = $1) and e.id > $2', limit, [
      organisationId,
      after,
    ]);
  }

  /** One endorsement that one of the organisations is a party of. */
  async byId(id: string, organisationIds: readonly string[]): Promise<EndorsementView | undefined> {
    const rows = await this.read(
      'e.id = $1 and (e.organisation_id = any($2) or e.endorser_organisation_id = any($2))',
      1,
      [id, organisationIds],
    );
    return rows[0];
  }

  /** What was brought signed from elsewhere and waits for a decision, to be verified again. */
  async brought(id: string): Promise<{ text: string; subjectId: string } | undefined> {
    const rows: { text: string; subjectId: string }[] = await this.database.query(
      `select brought as text, subject_id as "subjectId" from endorsement
       where id = $1 and state = 'given' and brought is not null`,
      [id],
    );
    return rows[0];
  }

  private read(where: string, limit: number, parameters: unknown[]): Promise<EndorsementView[]> {
    return this.database.query(
      `select e.id, e.public_id as "publicId", e.target, e.subject_id as "subjectId", e.state, e.form,
              coalesce(g.public_name, e.endorser_name) as "endorserName",
              coalesce(g.url, e.endorser_url) as "endorserUrl", e.comment, e.asked_at as "askedAt",
              e.expires_at as "expiresAt", e.given_at as "givenAt", e.decided_at as "decidedAt",
              e.ended_at as "endedAt", e.id in (select e.id ${shownEndorsements}) as "isShown"
       from endorsement e left join organisation g on g.id = e.endorser_organisation_id
       where ${where} order by e.id limit ${limit}`,
      parameters,
    );
  }
}
