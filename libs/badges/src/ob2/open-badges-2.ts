import type { DataSource, EntityManager } from 'typeorm';
import { DomainError, isPublicId } from '#platform';
import { Achievement } from '../achievement.js';
import { type StatusReason, statusReasons } from '../status-reasons.js';
import { newEdition } from './bind-recipient.js';
import { hostedAssertion, type Recipient, type RevokedAssertion } from './documents.js';

/** Open Badges 2.0 asks for an e-mail address of the issuer, and this one has none (`issuer_without_email`). */
export class IssuerWithoutEmail extends DomainError {
  readonly code = 'issuer_without_email';
  constructor() {
    super(
      'There is no Open Badges 2.0 form: that version requires a public e-mail address of the issuer, and this issuer has given none. The Open Badges 3.0 forms do without.',
    );
  }
}

interface EditionRow {
  id: string;
  email_hash: string | null;
  salt: string | null;
  jws: string | null;
  jws_asked_at: Date | null;
  /** The JWS is of an older credential of the award, or of a key that was stolen. */
  is_stale: boolean;
}

const recipientOf = (row: EditionRow | undefined): Recipient =>
  row?.email_hash && row.salt ? { emailHash: row.email_hash, salt: row.salt } : null;

/** In both languages: one document serves all readers. */
export const revocationReason = (state: 'suspended' | 'revoked', reason: StatusReason | null): string => {
  const text = reason === null || reason === 'unknown' ? null : statusReasons[reason];
  const [fr, en] = state === 'suspended' ? ['Suspendu', 'Suspended'] : ['Retiré', 'Revoked'];
  return text === null ? `${fr} / ${en}` : `${fr} : ${text.fr} / ${en}: ${text.en}`;
};

/** Open Badges 2.0 documents of this service, for whoever may see the badge; reads, and asks for a JWS to be signed. */
export class OpenBadges2 {
  constructor(
    private readonly database: DataSource,
    private readonly origin: string,
  ) {}

  /** The hosted Assertion of a shown badge, as JSON text: the same text until the learner binds it elsewhere. */
  async assertion(badge: { publicId: string; document: string }, slug: string): Promise<string> {
    const { row } = await this.edition(this.database.manager, badge.publicId);
    return JSON.stringify(
      hostedAssertion({
        origin: this.origin,
        publicId: badge.publicId,
        slug,
        credential: JSON.parse(badge.document) as Record<string, unknown>,
        recipient: recipientOf(row),
      }),
    );
  }

  /** Is the badge's OB 2.0 form bound to an e-mail address? */
  async isBoundToEmail(awardId: string): Promise<boolean> {
    const rows: unknown[] = await this.database.query(
      'select from ob2_edition where award_id = $1 and superseded_at is null and email_hash is not null',
      [awardId],
    );
    return rows.length > 0;
  }

  /**
   * The signed Assertion of a shown, active badge. Who asks first has it signed by the worker, once for all; until then
   * the answer is null.
   */
  async signed(publicId: string): Promise<string | null> {
    const { row } = await this.edition(this.database.manager, publicId);
    if (row?.jws && !row.is_stale) return row.jws;
    if (row?.jws_asked_at && !row.jws) return null;
    await this.database.transaction(async (tx) => {
      const { awardId, row: before } = await this.edition(tx, publicId, { isLocked: true });
      if (!awardId) return;
      const isFresh = before?.jws_asked_at && !before.is_stale;
      if (isFresh) return;
      if (before && !before.jws_asked_at)
        await tx.query('update ob2_edition set jws_asked_at = now() where id = $1', [before.id]);
      else await newEdition(tx, awardId, recipientOf(before), { isAsked: true });
    });
    return null;
  }

  /** An issuer's credentials that do not stand now, for its RevocationList. */
  async revoked(organisationId: string): Promise<RevokedAssertion[]> {
    const rows: {
      public_id: string;
      id: string;
      state: 'suspended' | 'revoked';
      reason: StatusReason | null;
    }[] = await this.database.query(
      `select c.public_id, c.id, e.state, e.reason from credential c join status_entry e on e.credential_id = c.id
       where c.organisation_id = $1 and c.state in ('signed', 'superseded') and e.state <> 'active' order by c.id`,
      [organisationId],
    );
    return rows.map(({ public_id: publicId, id: credentialId, state, reason }) => ({
      publicId,
      credentialId,
      reason: revocationReason(state, reason),
      isSuspended: state === 'suspended',
    }));
  }

  /** A version of an achievement that the organisation, or one above it, made: what it may issue. Null for any other. */
  async issuable(organisationId: string, achievementId: string): Promise<Achievement | null> {
    if (!isPublicId(achievementId)) return null;
    return this.database.manager
      .createQueryBuilder(Achievement, 'a')
      .where('a.public_id = :achievementId', { achievementId })
      .andWhere(
        `a.organisation_id in (with recursive above as (
           select id, parent_id from organisation where id = :organisationId
           union all select o.id, o.parent_id from organisation o join above on o.id = above.parent_id)
         select id from above)`,
        { organisationId },
      )
      .getOne();
  }

  /** The edition in force of the award behind an address. @param isLocked makes others that ask wait */
  private async edition(
    tx: EntityManager,
    publicId: string,
    { isLocked = false } = {},
  ): Promise<{ awardId?: string; row?: EditionRow }> {
    const [found]: { award_id: string; id: string }[] = await tx.query(
      `select c.award_id, c.id from credential c join award a on a.id = c.award_id
       where c.public_id = $1 and c.state = 'signed' ${isLocked ? 'for no key update of a' : ''}`,
      [publicId],
    );
    if (!found) return {};
    const [row]: EditionRow[] = await tx.query(
      `select e.id, e.email_hash, e.salt, e.jws, e.jws_asked_at,
              e.jws is not null and (e.credential_id <> $2 or k.compromised_since is not null) as is_stale
       from ob2_edition e left join signing_key k on k.id = e.rs256_key_id
       where e.award_id = $1 and e.superseded_at is null`,
      [found.award_id, found.id],
    );
    return { awardId: found.award_id, row };
  }
}
