import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit, sha256Hex } from '#platform';
import { digestOfSecret, newSecret } from './ask-endorsement.js';
import { EndorsementLinkInvalid, EndorsementRefused } from './endorsement-errors.js';
import { cleanComment, cleanEndorserName, cleanEndorserUrl } from './endorsement-words.js';

/** What the page behind a link tells. */
export interface OpenQuestion {
  id: string;
  target: 'achievement' | 'issuer' | 'badge';
  /** Id of what is endorsed: what a credential brought from elsewhere must be about. */
  subjectId: string;
  organisationId: string;
  organisationName: string;
  achievementId: string | null;
  expiresAt: Date;
}

/** Words of an organisation of this installation: its own key will sign them, once they are accepted. */
export interface OwnWords {
  organisationId: string;
  comment: string;
  by: string;
}

/** Words of somebody without account: who they are is not checked. */
export interface OutsideWords {
  name: string;
  url?: string;
  comment: string;
}

/** A credential that the endorser signed elsewhere, verified by the caller just before. */
export interface BroughtCredential {
  /** Exactly as it came. */
  text: string;
  issuerName: string;
  /** What its proof was checked against: proven, unlike the name. */
  issuerId: string;
  issuerUrl: string | null;
  comment: string;
}

const secretForm = /^[A-Za-z0-9_-]{43}$/;

/** Answers a question through its link, once. Nothing is signed or shown before the endorsed party accepts it. */
export class GiveEndorsement {
  constructor(private readonly database: DataSource) {}

  /** What is asked behind a link; looking does not use it up. @throws EndorsementLinkInvalid (`endorsement_link_invalid`) */
  async question(token: string): Promise<OpenQuestion> {
    const rows: OpenQuestion[] = secretForm.test(token)
      ? await this.database.query(
          `select e.id, e.target, e.subject_id as "subjectId", e.organisation_id as "organisationId",
                  o.public_name as "organisationName", coalesce(e.achievement_id, a.achievement_id) as "achievementId",
                  e.expires_at as "expiresAt"
           from endorsement e join organisation o on o.id = e.organisation_id left join award a on a.id = e.award_id
           where e.token_sha256 = $1 and e.state = 'asked' and e.expires_at > now()
             and (e.target <> 'badge' or exists (select from credential c join publication p on p.credential_id = c.id
                                                 where c.award_id = e.award_id and c.state = 'signed'))`,
          [digestOfSecret(token)],
        )
      : [];
    if (!rows[0]) throw new EndorsementLinkInvalid();
    return rows[0];
  }

  /**
   * An organisation with an account says it.
   * @throws EndorsementLinkInvalid (`endorsement_link_invalid`), EndorsementRefused (`endorsement_refused`)
   */
  async asOrganisation(token: string, words: OwnWords): Promise<string> {
    const comment = cleanComment(words.comment);
    const question = await this.question(token);
    if (question.organisationId === words.organisationId)
      throw new EndorsementRefused('endorser', 'oneself', 'An organisation does not endorse itself');
    await this.answer(token, words.by, {
      form: 'own-key',
      comment,
      organisationId: words.organisationId,
    });
    return question.id;
  }

  /**
   * Somebody without account says it.
   * @returns a secret that lets the same person take it back later: told once
   * @throws as `asOrganisation`
   */
  async fromOutside(token: string, words: OutsideWords): Promise<string> {
    const given = {
      name: cleanEndorserName(words.name),
      url: cleanEndorserUrl(words.url),
      comment: cleanComment(words.comment),
    };
    await this.question(token);
    const secret = newSecret();
    await this.answer(token, 'endorser', { form: 'received', ...given, withdrawal: digestOfSecret(secret) });
    return secret;
  }

  /** Somebody brings what they signed elsewhere. @returns as `fromOutside` @throws as `asOrganisation` */
  async brought(token: string, credential: BroughtCredential): Promise<string> {
    const given = {
      name: cleanEndorserName(credential.issuerName),
      url: credential.issuerUrl,
      comment: cleanComment(credential.comment),
      brought: credential.text,
      broughtIssuerId: credential.issuerId,
    };
    await this.question(token);
    const secret = newSecret();
    await this.answer(token, 'endorser', { form: 'brought', ...given, withdrawal: digestOfSecret(secret) });
    return secret;
  }

  private async answer(
    token: string,
    by: string,
    given: {
      form: 'own-key' | 'received' | 'brought';
      comment: string;
      organisationId?: string;
      name?: string;
      url?: string | null;
      brought?: string;
      broughtIssuerId?: string;
      withdrawal?: string;
    },
  ): Promise<void> {
    await this.database.transaction(async (tx: EntityManager) => {
      // One statement: of two answers through one link, the second finds none.
      const [rows]: [{ id: string; organisation_id: string }[], number] = await tx.query(
        `update endorsement set state = 'given', token_sha256 = null, form = $2, comment = $3,
           endorser_organisation_id = $4, endorser_name = $5, endorser_url = $6, brought = $7, brought_sha256 = $8,
           withdrawal_sha256 = $9, given_by = $10, brought_issuer_id = $11, given_at = now()
         where token_sha256 = $1 and state = 'asked' and expires_at > now() returning id, organisation_id`,
        [
          digestOfSecret(token),
          given.form,
          given.comment,
          given.organisationId ?? null,
          given.name ?? null,
          given.url ?? null,
          given.brought ?? null,
          given.brought === undefined ? null : sha256Hex(given.brought),
          given.withdrawal ?? null,
          by,
          given.broughtIssuerId ?? null,
        ],
      );
      if (!rows[0]) throw new EndorsementLinkInvalid();
      await appendAudit(tx, [
        {
          actor: actorOf(by),
          action: 'endorsement.given',
          subject: {
            endorsementId: rows[0].id,
            organisationId: rows[0].organisation_id,
            form: given.form,
            commentSha256: sha256Hex(given.comment),
            ...(given.organisationId && { endorserOrganisationId: given.organisationId }),
          },
        },
      ]);
    });
  }
}
