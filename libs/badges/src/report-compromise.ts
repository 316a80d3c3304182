import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, DomainError, type Text } from '#platform';
import { SigningKeyUnavailable } from '#signing';

/** The date of a theft cannot be this one (`compromise_date_refused`). */
export class CompromiseDateRefused extends DomainError {
  readonly code = 'compromise_date_refused';
  constructor(readonly text: { fr: string; en: string }) {
    super(`${text.fr} / ${text.en}`);
  }
}

export interface CompromiseRequest {
  organisationId: string;
  keyIds: string[];
  /** From when on a signature of these keys proves nothing. */
  since: Date;
  /** Who reports it: `cli`, `cli:<code>`, `client:<id>`. */
  by: string;
  /** Name what is concerned, write nothing. */
  isDryRun?: boolean;
}

/** One signed badge that a stolen key signed. */
export interface ConcernedBadge {
  credentialId: string;
  awardId: string;
  /** The last part of its address. */
  publicId: string;
  badge: string;
  name: Text;
  signedAt: Date;
  /** Signed since the theft: it is no longer authentic. Otherwise it stays so, with a note. */
  isRejected: boolean;
  /** The learner shows it now. */
  isShared: boolean;
  /** It was shown at some time, so somebody may hold a copy. */
  wasShared: boolean;
}

export interface CompromiseReport {
  keyIds: string[];
  since: Date;
  badges: ConcernedBadge[];
  /** Endorsements and records signed since the theft, which are hidden from now on, and before it. */
  statements: { rejected: number; kept: number };
  /** Badges that were about to be signed with these keys and get new ones. */
  waiting: number;
}

/**
 * Records that keys were stolen. From the commit on they sign nothing: a batch that was signed meanwhile is not stored
 * and is signed again with new keys. Badges that our register shows signed before the date stay authentic, with a
 * note; later ones are rejected.
 */
export class ReportCompromise {
  /** @param database with the worker's role: the api may not change keys */
  constructor(private readonly database: DataSource) {}

  /**
   * @throws SigningKeyUnavailable (`signing_key_unavailable`) for a key that is not this organisation's,
   *   CompromiseDateRefused (`compromise_date_refused`) for a date to come, or later than one recorded before
   */
  async run(given: CompromiseRequest): Promise<CompromiseReport> {
    // Key documents tell the instant in whole seconds: cut, so that a signature of that second counts as made after.
    const request = { ...given, since: new Date(Math.floor(given.since.getTime() / 1000) * 1000) };
    return this.database.transaction(async (tx) => {
      await lockKeys(tx, request);
      if (!request.isDryRun) await mark(tx, request);
      const waiting = await releasePlanned(tx, request);
      const badges = await concernedBadges(tx, request);
      const statements = await concernedStatements(tx, request);
      return { keyIds: request.keyIds, since: request.since, badges, statements, waiting };
    });
  }
}

async function lockKeys(tx: EntityManager, request: CompromiseRequest): Promise<void> {
  const { organisationId, keyIds, since } = request;
  const rows: { id: string; compromised_since: Date | null; is_to_come: boolean }[] = await tx.query(
    `select id, compromised_since, $3::timestamptz > now() as is_to_come from signing_key
     where issuer_id = $1 and id = any($2) order by id for no key update`,
    [organisationId, keyIds, since],
  );
  for (const keyId of keyIds)
    if (!rows.some(({ id }) => id === keyId)) throw new SigningKeyUnavailable(keyId, 'unknown');
  if (rows.some((row) => row.is_to_come))
    throw new CompromiseDateRefused({
      fr: 'La date du vol est dans l’avenir : donnez l’instant depuis lequel la clé n’est plus sûre.',
      en: 'The date of the theft is in the future: give the instant since when the key is no longer safe.',
    });
  if (rows.some(({ compromised_since }) => compromised_since && compromised_since < since))
    throw new CompromiseDateRefused({
      fr: 'Un vol plus ancien est déjà enregistré pour cette clé : la date ne peut que reculer.',
      en: 'An earlier theft is recorded for this key already: the date can only move back.',
    });
}

async function mark(
  tx: EntityManager,
  { organisationId, keyIds, since, by }: CompromiseRequest,
): Promise<void> {
  await tx.query(
    `update signing_key set compromised_since = $2, compromise_recorded_at = coalesce(compromise_recorded_at, now())
     where id = any($1)`,
    [keyIds, since],
  );
  await appendAudit(
    tx,
    keyIds.map((keyId) => ({
      actor: by,
      action: 'key.compromised',
      subject: { keyId, issuerId: organisationId, since: since.toISOString() },
    })),
  );
}

/** What is planned with these keys gets new ones when it is signed. */
async function releasePlanned(tx: EntityManager, { keyIds, isDryRun }: CompromiseRequest): Promise<number> {
  const where = `state = 'planned' and (ed25519_key_id = any($1) or rs256_key_id = any($1))`;
  if (isDryRun) {
    const [{ count }]: [{ count: number }] = await tx.query(
      `select count(*)::int from credential where ${where}`,
      [keyIds],
    );
    return count;
  }
  const [released]: [unknown[], number] = await tx.query(
    `update credential set ed25519_key_id = null, rs256_key_id = null where ${where} returning id`,
    [keyIds],
  );
  return released.length;
}

const concernedBadges = (
  tx: EntityManager,
  { organisationId, keyIds, since }: CompromiseRequest,
): Promise<ConcernedBadge[]> =>
  tx.query(
    `select c.id as "credentialId", a.id as "awardId", c.public_id as "publicId", a.badge_code as badge, h.name,
            c.signed_at as "signedAt", c.signed_at >= $3 as "isRejected", p.credential_id is not null as "isShared",
            c.first_shown_at is not null as "wasShared"
     from credential c join award a on a.id = c.award_id join achievement h on h.id = a.achievement_id
     left join publication p on p.credential_id = c.id
     where c.organisation_id = $1 and c.state = 'signed' and (c.ed25519_key_id = any($2) or c.rs256_key_id = any($2))
     order by c.signed_at, c.id`,
    [organisationId, keyIds, since],
  );

async function concernedStatements(
  tx: EntityManager,
  { organisationId, keyIds, since }: CompromiseRequest,
): Promise<CompromiseReport['statements']> {
  const [counts]: [CompromiseReport['statements']] = await tx.query(
    `select count(*) filter (where signed_at >= $3)::int as rejected, count(*) filter (where signed_at < $3)::int as kept
     from statement where organisation_id = $1 and state = 'signed'
       and (ed25519_key_id = any($2) or rs256_key_id = any($2))`,
    [organisationId, keyIds, since],
  );
  return counts;
}
