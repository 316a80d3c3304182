import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit, DomainError } from '#platform';
import type { AwardState } from './award.js';
import { AwardNotFound, AwardNotIssued } from './award-refusals.js';

/** A person under 15 is never shown publicly without joint parental agreement (`too_young_to_publish`). */
export class TooYoungToPublish extends DomainError {
  readonly code = 'too_young_to_publish';
  constructor() {
    super('A person under 15 cannot publish a badge without a joint parental agreement');
  }
}

/**
 * The learner shows a badge to whoever has its address, or stops showing it. Private is the rule; this act is the
 * learner's own and reversible.
 */
export class PublishBadge {
  constructor(private readonly database: DataSource) {}

  /**
   * @param by who acted, as an id
   * @returns the badge's public id
   * @throws AwardNotFound (`award_not_found`), AwardNotIssued (`award_not_issued`: not signed yet, or taken back),
   *   TooYoungToPublish (`too_young_to_publish`; the birth year counts as a whole)
   */
  async publish(awardId: string, choice: { withName: boolean; by: string }): Promise<string> {
    return this.database.transaction(async (tx) => {
      const rows: { id: string; public_id: string; age: number | null }[] = await tx.query(
        `select c.id, c.public_id, extract(year from now())::int - p.birth_year - 1 as age
         from credential c join award a on a.id = c.award_id join person p on p.id = a.person_id
         where a.id = $1 and c.state = 'signed' for update of c`,
        [awardId],
      );
      // Read once the badge is locked: whoever takes it back locks it first.
      const state = await stateOf(tx, awardId);
      const credential = rows[0];
      if (state !== 'issued' || !credential) throw new AwardNotIssued(awardId, state);
      if (credential.age !== null && credential.age < 15) throw new TooYoungToPublish();
      // Kept when the badge is hidden again: from now on somebody may have a copy.
      await tx.query('update credential set first_shown_at = coalesce(first_shown_at, now()) where id = $1', [
        credential.id,
      ]);
      await tx.query(
        `insert into publication (credential_id, with_name, by) values ($1, $2, $3)
         on conflict (credential_id) do update set with_name = excluded.with_name, by = excluded.by`,
        [credential.id, choice.withName, choice.by],
      );
      await appendAudit(tx, [
        {
          actor: actorOf(choice.by),
          action: 'publication.made',
          subject: { credentialId: credential.id, awardId, withName: choice.withName },
        },
      ]);
      return credential.public_id;
    });
  }

  /**
   * From the next request on, the address looks like an unknown one. Withdrawing twice is no error.
   * @param by who acted, as an id
   * @returns whether it was shown until now
   * @throws AwardNotFound (`award_not_found`)
   */
  async withdraw(awardId: string, by: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await stateOf(tx, awardId);
      const [hidden]: [{ credential_id: string }[], number] = await tx.query(
        `delete from publication where credential_id in (select id from credential where award_id = $1)
         returning credential_id`,
        [awardId],
      );
      await appendAudit(
        tx,
        hidden.map(({ credential_id: credentialId }) => ({
          actor: actorOf(by),
          action: 'publication.withdrawn',
          subject: { credentialId, awardId },
        })),
      );
      return hidden.length > 0;
    });
  }
}

/** @throws AwardNotFound (`award_not_found`) */
async function stateOf(tx: EntityManager, awardId: string): Promise<AwardState> {
  const [award]: { state: AwardState }[] = await tx.query('select state from award where id = $1', [awardId]);
  if (!award) throw new AwardNotFound(awardId);
  return award.state;
}
