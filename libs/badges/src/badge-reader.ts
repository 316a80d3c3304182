import { type DataSource, In } from 'typeorm';
import { isPublicId, sha256, type Text } from '#platform';
import type { StaffRole } from '#workshops';
import { Achievement } from './achievement.js';
import type { Established } from './award.js';
import { CredentialNotFound } from './change-status.js';
import { currentAchievements } from './current-achievements.js';
import { StatusChange, type StatusState } from './status-list.js';
import type { StatusReason } from './status-reasons.js';

/** What anybody may see of a badge whose learner shows it. Times are UTC. */
export interface PublishedBadge {
  publicId: string;
  /** The exact signed bytes (JSON-LD with an embedded proof) and their SHA-256 in hex. */
  document: string;
  documentSha256: string;
  /** The same credential as VC-JWT. */
  jwt: string;
  signedAt: Date;
  status: StatusState;
  /** Since when it is suspended or revoked; null while active. */
  revokedAt: Date | null;
  /** Null while active. */
  statusReason: StatusReason | null;
  /** Another badge stands in its place. */
  isReplaced: boolean;
  /** Public id of that one, when the learner shows it too. */
  supersededBy: string | null;
  statusListPublicId: string;
  statusIndex: number;
  ed25519KeyId: string;
  rs256KeyId: string;
  awardedAt: Date;
  established: Established;
  achievementId: string;
  /** Null when the learner shows the badge without a name. */
  recipientName: string | null;
  session: { heldOn: string; durationMinutes: number; workshop: Text } | null;
  /**
   * One entry for each person who assessed it with the structure's mandate on that day. `sessionRole` is what that
   * person did in the session, null when nobody noted it.
   */
  assessors: { sessionRole: StaffRole | null }[];
  organisationId: string;
}

export interface PublishedStatusList {
  document: string;
  /** Null for a list that an earlier release signed and this one has not yet. */
  documentSha256: string | null;
  version: number;
  signedAt: Date;
}

/** What became of an award's credentials, for its structure. */
export interface StatusHistory {
  credentials: {
    id: string;
    publicId: string;
    state: string;
    status: StatusState;
    since: Date | null;
    reason: StatusReason | null;
    version: number;
    /** Does the signed list that verifiers read tell it? */
    isListed: boolean;
    /** Public id of the badge that stands in its place. */
    replacedBy: string | null;
  }[];
  changes: StatusChange[];
}

/** One award as its structure sees it. */
export interface AwardView {
  id: string;
  badge: string;
  achievementVersion: number;
  name: Text;
  personId: string;
  sessionId: string | null;
  awardedAt: Date;
  established: Established;
  state: string;
  reasons: unknown;
  credential: { publicId: string; state: string; signedAt: Date | null; refusal: unknown } | null;
  published: boolean;
}

/** Whom the award's reasons name as assessor, when the structure had mandated them for that day; ids stay inside. */
const assessorsOf = `(
  select coalesce(jsonb_agg(jsonb_build_object('sessionRole', (
           select t.role from session_staff t where t.session_id = a.session_id and t.person_id = r.person
           order by array_position(array['lead', 'co_animator', 'observer'], t.role) limit 1)) order by r.person), '[]')
  from (select distinct "assessorPersonId" as person, "on" from jsonb_to_recordset(a.reasons) as x ("assessorPersonId" uuid, "on" date)) r
  where exists (select 1 from membership m where m.person_id = r.person and m.organisation_id = a.organisation_id
    and m.role = 'assessor' and m.valid_from <= r."on" and (m.valid_until is null or r."on" <= m.valid_until)))`;

/** Reads badges: for strangers only those that are shown, for a structure its own. */
export class BadgeReader {
  constructor(private readonly database: DataSource) {}

  /** The badge at a public address, or null: private, unknown, erased and malformed look the same (I9). */
  async published(publicId: string): Promise<PublishedBadge | null> {
    if (!isPublicId(publicId)) return null;
    const rows: PublishedBadge[] = await this.database.query(
      `select c.public_id as "publicId", signed_document(c) as document, c.document_sha256 as "documentSha256", signed_jwt(c) as jwt,
              c.signed_at as "signedAt", e.state as status, e.revoked_at as "revokedAt",
              e.reason as "statusReason", e.superseded_by is not null as "isReplaced",
              (select newer.public_id from credential newer join publication np on np.credential_id = newer.id
               where newer.id = e.superseded_by and newer.state = 'signed') as "supersededBy", l.public_id as "statusListPublicId",
              c.status_index as "statusIndex", c.ed25519_key_id as "ed25519KeyId", c.rs256_key_id as "rs256KeyId",
              a.awarded_at as "awardedAt", a.established, a.achievement_id as "achievementId",
              case when p.with_name then n.given_name || ' ' || n.family_name end as "recipientName",
              case when s.id is not null then jsonb_build_object('heldOn', s.held_on, 'durationMinutes', s.duration_minutes,
                'workshop', w.title) end as session,
              ${assessorsOf} as assessors,
              c.organisation_id as "organisationId"
       from credential c
       join publication p on p.credential_id = c.id
       join award a on a.id = c.award_id
       join person n on n.id = a.person_id
       join status_entry e on e.credential_id = c.id
       join status_list l on l.id = c.status_list_id
       left join session s on s.id = a.session_id
       left join workshop w on w.id = s.workshop_id
       where c.public_id = $1 and c.state = 'signed'`,
      [publicId],
    );
    return rows[0] ?? null;
  }

  /**
   * Public id of the shown badge whose id begins with a short code, or null; also null where two do.
   * @param code as `readShortCode` gives it
   */
  async publishedAtShortCode(code: string): Promise<string | null> {
    const rows: { id: string }[] = await this.database.query(
      `select distinct c.public_id as id from credential c join publication p on p.credential_id = c.id
       where c.public_id between $1 and $1 || 'zzzzzzzzzzzzzz' and c.state = 'signed' limit 2`,
      [code],
    );
    return rows.length === 1 ? rows[0]!.id : null;
  }

  /** Whose the shown badges are: people's ids, which never leave the program, by public id. */
  async holdersOf(publicIds: string[]): Promise<Map<string, string>> {
    const rows: { id: string; person: string }[] = await this.database.query(
      `select c.public_id as id, a.person_id as person from credential c join publication p on p.credential_id = c.id
       join award a on a.id = c.award_id where c.public_id = any($1) and c.state = 'signed'`,
      [publicIds],
    );
    return new Map(rows.map(({ id, person }) => [id, person]));
  }

  /**
   * When our register saw a signature: the instant it was stored, or null when we never stored it. Whoever asks must
   * hold the signature itself, so the answer tells nothing to others, also about a badge that is not shown.
   * @param signatureSha256 hex SHA-256 of the proofValue, or of the last part of the JWT
   */
  async signedAt(organisationId: string, publicId: string, signatureSha256: string): Promise<Date | null> {
    if (!isPublicId(publicId) || !/^[0-9a-f]{64}$/.test(signatureSha256)) return null;
    const rows: { document: string; jwt: string; signed_at: Date }[] = await this.database.query(
      `select signed_document(c) as document, signed_jwt(c) as jwt, signed_at from credential c
       where public_id = $1 and organisation_id = $2 and signed_at is not null and state in ('signed', 'superseded')
       union all
       select document, jwt, signed_at from statement where public_id = $1 and organisation_id = $2 and state = 'signed'`,
      [publicId, organisationId],
    );
    const isOf = ({ document, jwt }: { document: string; jwt: string }): boolean => {
      const { proof } = JSON.parse(document) as { proof: { proofValue: string }[] };
      return [proof[0]!.proofValue, jwt.slice(jwt.lastIndexOf('.') + 1)].some(
        (signature) => sha256(signature).toString('hex') === signatureSha256,
      );
    };
    return rows.find(isOf)?.signed_at ?? null;
  }

  /** A signed status list by its public id: the exact bytes with their SHA-256 in hex, or null. */
  async statusList(id: string): Promise<PublishedStatusList | null> {
    if (!isPublicId(id)) return null;
    const rows: PublishedStatusList[] = await this.database.query(
      `select document, document_sha256 as "documentSha256", version, signed_at as "signedAt"
       from status_list where public_id = $1 and document is not null`,
      [id],
    );
    return rows[0] ?? null;
  }

  /**
   * Which places of a signed list stand for a suspension now, and which of those it tells stand again already; every
   * other bit is a revocation. Places only: nobody is asked about one badge. Null for no such list.
   */
  async suspensions(id: string): Promise<{ suspended: number[]; lifted: number[] } | null> {
    if (!isPublicId(id)) return null;
    const rows: { suspended: number[]; lifted: number[] }[] = await this.database.query(
      `select coalesce(array_agg(e.position order by e.position) filter (where e.state = 'suspended'), '{}') as suspended,
              coalesce(array_agg(e.position order by e.position) filter (where e.state = 'active'), '{}') as lifted
       from status_list l left join status_entry e on e.status_list_id = l.id
         and (e.state = 'suspended' or (e.state = 'active' and e.version <> e.listed_version))
       where l.public_id = $1 and l.document is not null group by l.id`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Every change of the status of the badge at a public address, for its structure, oldest first. */
  async changesOf(organisationId: string, publicId: string): Promise<StatusChange[]> {
    const rows: { id: string }[] = await this.database.query(
      'select id from credential where organisation_id = $1 and public_id = $2',
      [organisationId, publicId],
    );
    if (rows.length === 0) throw new CredentialNotFound(1);
    return this.database.manager.find(StatusChange, {
      where: { credentialId: In(rows.map(({ id }) => id)) },
      order: { changedAt: 'ASC' },
    });
  }

  /** Every change of the status of an award's credentials, oldest first. */
  async statusHistory(awardId: string): Promise<StatusHistory> {
    const credentials: StatusHistory['credentials'] = await this.database.query(
      `select c.id, c.public_id as "publicId", c.state, e.state as status, e.revoked_at as since, e.reason, e.version,
              e.version = e.listed_version as "isListed",
              (select newer.public_id from credential newer where newer.id = e.superseded_by) as "replacedBy"
       from credential c join status_entry e on e.credential_id = c.id where c.award_id = $1 order by c.id`,
      [awardId],
    );
    const changes = await this.database.manager.find(StatusChange, {
      where: { credentialId: In(credentials.map(({ id }) => id)) },
      order: { changedAt: 'ASC', version: 'ASC' },
    });
    return { credentials, changes };
  }

  /** One version of an achievement by its public id, or null. */
  async achievement(id: string): Promise<Achievement | null> {
    return isPublicId(id) ? this.database.manager.findOneBy(Achievement, { publicId: id }) : null;
  }

  async achievementById(id: string): Promise<Achievement | null> {
    return this.database.manager.findOneBy(Achievement, { id });
  }

  /** Achievements in force that a structure, or those above it, may issue. */
  async catalogueOf(organisationId: string): Promise<Achievement[]> {
    return currentAchievements(this.database.manager, organisationId);
  }

  /** Achievements in force that are aligned with a competency of one framework version, by code. */
  async alignedWith(framework: string, frameworkVersion: string, code: string): Promise<Achievement[]> {
    return this.database.manager
      .createQueryBuilder(Achievement, 'a')
      .where('a.superseded_at is null')
      .andWhere('a.alignments @> :alignment', {
        alignment: JSON.stringify([{ framework, frameworkVersion, code }]),
      })
      .orderBy('a.code')
      .getMany();
  }

  /**
   * Awards of a structure, oldest first.
   * @param page.after id of the last award of the page before
   */
  async awards(
    organisationId: string,
    page: { after?: string; limit: number; badge?: string },
  ): Promise<AwardView[]> {
    return this.database.query(
      `select a.id, a.badge_code as badge, h.version as "achievementVersion", h.name, a.person_id as "personId",
              a.session_id as "sessionId", a.awarded_at as "awardedAt", a.established, a.state, a.reasons,
              case when c.id is not null then jsonb_build_object('publicId', c.public_id, 'state', c.state,
                'signedAt', c.signed_at, 'refusal', c.refusal) end as credential,
              p.credential_id is not null as published
       from award a join achievement h on h.id = a.achievement_id
       left join credential c on c.award_id = a.id and c.state not in ('void', 'superseded')
         and (c.supersedes is null or c.state = 'signed')
       left join publication p on p.credential_id = c.id
       where a.organisation_id = $1 and ($2::uuid is null or a.id > $2) and ($3::text is null or a.badge_code = $3)
       order by a.id limit $4`,
      [organisationId, page.after ?? null, page.badge ?? null, page.limit],
    );
  }
}
