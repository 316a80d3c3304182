import type { DataSource } from 'typeorm';
import { isPublicId, type Text } from '#platform';
import type { BadgePicture } from '../picture/badge-picture.js';
import type { StatusState } from '../status-list.js';

/** A record as whoever has its address sees it. Times are UTC. */
export interface PublishedRecord {
  publicId: string;
  /** JSON text with the embedded proof, as signed. */
  document: string;
  /** The same as compact VC-JWT. */
  jwt: string;
  signedAt: Date;
  organisationId: string;
  issuerName: string;
  issuerSlug: string;
  /** The badges as they stand now, in the order of the record. */
  badges: {
    publicId: string;
    achievement: string;
    name: Text;
    picture: BadgePicture;
    status: StatusState;
  }[];
}

/** A record as its structure sees it. */
export interface RecordView {
  id: string;
  publicId: string;
  personId: string;
  awardIds: string[];
  /** YYYY-MM-DD */
  consentedOn: string;
  consentHow: 'said' | 'written';
  madeAt: Date;
  withdrawnAt: Date | null;
  /** It is signed, and whoever has the address can read it. */
  isShown: boolean;
}

// Who hides a badge wants it hidden: a record of it is not shown either. What is no longer signed is hidden as well.
const shown = `from learner_record r join statement s on s.id = r.statement_id
  join status_entry x on x.credential_id = s.id
  where r.withdrawn_at is null and s.state = 'signed' and x.state = 'active'
    and not exists (select from signing_key k where k.id in (s.ed25519_key_id, s.rs256_key_id)
                    and k.compromised_since <= s.signed_at)
    and not exists (select from unnest(r.award_ids) as chosen (id) where not exists (
      select from credential c join publication p on p.credential_id = c.id where c.award_id = chosen.id))`;

/** Reads records: for strangers only what is signed and stands, for a structure its own. */
export class RecordReader {
  constructor(private readonly database: DataSource) {}

  /** The record at a public address, or null: unknown, withdrawn and malformed look the same (I9). */
  async published(publicId: string): Promise<PublishedRecord | null> {
    if (!isPublicId(publicId)) return null;
    const rows: PublishedRecord[] = await this.database.query(
      `select s.public_id as "publicId", s.document, s.jwt, s.signed_at as "signedAt",
              s.organisation_id as "organisationId", o.public_name as "issuerName", o.slug as "issuerSlug",
              (select jsonb_agg(jsonb_build_object('publicId', c.public_id, 'achievement', h.public_id, 'name', h.name,
                        'picture', h.picture, 'status', e.state) order by chosen.place)
               from unnest(t.award_ids) with ordinality as chosen (id, place)
               join award a on a.id = chosen.id join achievement h on h.id = a.achievement_id
               join credential c on c.award_id = a.id join publication p on p.credential_id = c.id
               join status_entry e on e.credential_id = c.id) as badges
       from (select r.statement_id, r.award_ids ${shown} and r.public_id = $1) as t
       join statement s on s.id = t.statement_id join organisation o on o.id = s.organisation_id`,
      [publicId],
    );
    return rows[0] ?? null;
  }

  /**
   * Records of an organisation, in the order of their ids.
   * @param after the id after which the page begins
   */
  ofOrganisation(organisationId: string, after: string, limit: number): Promise<RecordView[]> {
    return this.read('r.organisation_id = $1 and r.id > $2', limit, [organisationId, after]);
  }

  /** One record of one of the organisations. */
  async byId(id: string, organisationIds: readonly string[]): Promise<RecordView | undefined> {
    return (await this.read('r.id = $1 and r.organisation_id = any($2)', 1, [id, organisationIds]))[0];
  }

  private read(where: string, limit: number, parameters: unknown[]): Promise<RecordView[]> {
    return this.database.query(
      `select r.id, r.public_id as "publicId", r.person_id as "personId", r.award_ids as "awardIds",
              r.consented_on::text as "consentedOn", r.consent_how as "consentHow", r.made_at as "madeAt",
              r.withdrawn_at as "withdrawnAt", r.id in (select r.id ${shown}) as "isShown"
       from learner_record r where ${where} order by r.id limit ${limit}`,
      parameters,
    );
  }
}
