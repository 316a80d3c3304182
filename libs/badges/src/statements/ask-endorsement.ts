import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit, publicId, sha256Hex, uuid } from '#platform';
import { didWebFor } from '#signing';
import { achievementUrl, badgeUrl } from '../addresses.js';
import type { EndorsementTarget } from './endorsement.js';
import { EndorsementRefused, EndorsementTooManyOpen } from './endorsement-errors.js';

/** Questions and undecided answers that one organisation may have at once. */
const mostOpenEndorsements = 50;

export interface EndorsementQuestion {
  /** Who asks, and will accept or refuse. */
  organisationId: string;
  target: EndorsementTarget;
  /** Public id of an achievement of this organisation, with target 'achievement'. */
  achievement?: string;
  /** Id of an award of this organisation whose badge the learner shows, with target 'badge'. */
  awardId?: string;
  /** Days that the link can be used. */
  validDays: number;
  /** Who acts, as an id. */
  by: string;
}

export interface AskedEndorsement {
  id: string;
  /** The secret of the link: 256 random bits, base64url. Told once; only its SHA-256 is stored. */
  token: string;
  expiresAt: Date;
}

export const digestOfSecret = (secret: string): string => sha256Hex(secret);
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Asks somebody to say something of a badge, a structure or one learner's badge: makes the link to send. */
export class AskEndorsement {
  constructor(
    private readonly database: DataSource,
    private readonly origin: string,
  ) {}

  /** @throws EndorsementRefused (`endorsement_refused`), EndorsementTooManyOpen (`endorsement_too_many_open`) */
  async run(question: EndorsementQuestion): Promise<AskedEndorsement> {
    const { organisationId, target, by } = question;
    const token = newSecret();
    const id = uuid();
    return this.database.transaction(async (tx) => {
      await refuseTooMany(tx, organisationId);
      const subject = await subjectOf(tx, question, this.origin);
      const [row]: [{ expires_at: Date }] = await tx.query(
        `insert into endorsement (id, organisation_id, public_id, target, achievement_id, award_id, subject_id, state,
                                  asked_by, expires_at, token_sha256)
         values ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, now() + make_interval(days => $9), $10) returning expires_at`,
        [
          id,
          organisationId,
          publicId(),
          target,
          subject.achievementId,
          subject.awardId,
          subject.subjectId,
          by,
          question.validDays,
          digestOfSecret(token),
        ],
      );
      await appendAudit(tx, [
        {
          actor: actorOf(by),
          action: 'endorsement.asked',
          subject: { endorsementId: id, organisationId, target },
        },
      ]);
      return { id, token, expiresAt: row.expires_at };
    });
  }
}

async function refuseTooMany(tx: EntityManager, organisationId: string): Promise<void> {
  // Two questions at once of one organisation take turns, so that the limit holds.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('endorsement:' || $1, 0))`, [organisationId]);
  const [{ open }]: [{ open: number }] = await tx.query(
    `select count(*)::int as open from endorsement where organisation_id = $1
     and (state = 'given' or state = 'asked' and expires_at > now())`,
    [organisationId],
  );
  if (open >= mostOpenEndorsements) throw new EndorsementTooManyOpen(mostOpenEndorsements);
}

interface Subject {
  subjectId: string;
  achievementId: string | null;
  awardId: string | null;
}

async function subjectOf(
  tx: EntityManager,
  { organisationId, target, achievement, awardId }: EndorsementQuestion,
  origin: string,
): Promise<Subject> {
  if (target === 'issuer') {
    const [row]: { slug: string }[] = await tx.query('select slug from organisation where id = $1', [
      organisationId,
    ]);
    return { subjectId: didWebFor(origin, row!.slug), achievementId: null, awardId: null };
  }
  if (target === 'achievement') {
    const [row]: { id: string; public_id: string }[] = await tx.query(
      'select id, public_id from achievement where public_id = $1 and organisation_id = $2',
      [achievement ?? '', organisationId],
    );
    if (!row)
      throw new EndorsementRefused(
        'target',
        'unknown',
        'No such badge class in the catalogue of this organisation',
      );
    return { subjectId: achievementUrl(origin, row.public_id), achievementId: row.id, awardId: null };
  }
  const [row]: { public_id: string; is_shown: boolean }[] = await tx.query(
    `select c.public_id, p.credential_id is not null as is_shown from credential c
     join award a on a.id = c.award_id left join publication p on p.credential_id = c.id
     where a.id = $1 and a.organisation_id = $2 and c.state = 'signed'`,
    [awardId ?? null, organisationId],
  );
  if (!row)
    throw new EndorsementRefused('target', 'unknown', 'No issued badge of this award in this organisation');
  if (!row.is_shown)
    throw new EndorsementRefused(
      'target',
      'not_shown',
      'The learner does not show this badge: nobody outside can say something of it',
    );
  return { subjectId: badgeUrl(origin, row.public_id), achievementId: null, awardId: awardId! };
}
