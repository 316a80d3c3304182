import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { normaliseEmail } from '#people';
import { actorOf, appendAudit, DomainError, uuid } from '#platform';
import { identityHash } from '../credential-for.js';
import type { Recipient } from './documents.js';

/** Not an e-mail address (`email_malformed`). */
export class EmailMalformed extends DomainError {
  readonly code = 'email_malformed';
  constructor() {
    super('The field email must be one e-mail address, such as name@example.org');
  }
}

/**
 * The learner binds the Open Badges 2.0 form of a badge to an e-mail address, or to none again. The address itself is
 * not kept: its hash is, with a salt of its own. Spaces around it are cut and letters made small before it is hashed,
 * since verifiers hash what they are given as it is, and most services keep addresses in small letters.
 */
export class BindRecipient {
  constructor(private readonly database: DataSource) {}

  /**
   * A signed form that is out stays valid; the next one asked for carries the new recipient.
   * @param email null: bound to no address
   * @throws EmailMalformed (`email_malformed`)
   */
  async run(awardId: string, email: string | null, by: string): Promise<void> {
    const folded = email === null ? null : normaliseEmail(email);
    if (email !== null && folded === null) throw new EmailMalformed();
    const salt = randomBytes(16).toString('hex');
    const recipient = folded === null ? null : { emailHash: identityHash(folded, salt), salt };
    await this.database.transaction(async (tx) => {
      await newEdition(tx, awardId, recipient, { isAsked: false });
      await appendAudit(tx, [
        { actor: actorOf(by), action: 'recipient.bound', subject: { awardId, toEmail: recipient !== null } },
      ]);
    });
  }
}

/** Puts another edition in the place of the one in force. Two at once: the award's row makes them wait. */
export async function newEdition(
  tx: EntityManager,
  awardId: string,
  recipient: Recipient,
  { isAsked }: { isAsked: boolean },
): Promise<void> {
  await tx.query('select from award where id = $1 for no key update', [awardId]);
  await tx.query(
    'update ob2_edition set superseded_at = now() where award_id = $1 and superseded_at is null',
    [awardId],
  );
  await tx.query(
    `insert into ob2_edition (id, award_id, email_hash, salt, jws_asked_at)
     values ($1, $2, $3, $4, case when $5 then now() end)`,
    [uuid(), awardId, recipient?.emailHash ?? null, recipient?.salt ?? null, isAsked],
  );
}

/**
 * Awards that stand in the place of others keep the e-mail address that their learner had bound, as its hash.
 * @param newer award by the award whose place it takes
 */
export async function keepRecipients(
  tx: EntityManager,
  newer: ReadonlyMap<string, string>,
  by: string,
): Promise<void> {
  const kept: { award_id: string; email_hash: string; salt: string }[] = await tx.query(
    `select award_id, email_hash, salt from ob2_edition
     where award_id = any($1) and superseded_at is null and email_hash is not null`,
    [[...newer.keys()]],
  );
  for (const { award_id: older, email_hash: emailHash, salt } of kept) {
    const awardId = newer.get(older)!;
    await newEdition(tx, awardId, { emailHash, salt }, { isAsked: false });
    await appendAudit(tx, [
      { actor: actorOf(by), action: 'recipient.bound', subject: { awardId, toEmail: true, replaces: older } },
    ]);
  }
}
