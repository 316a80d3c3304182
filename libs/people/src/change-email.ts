import type { EntityManager } from 'typeorm';
import { actorOf, appendAudit } from '#platform';
import { normaliseEmail } from './contact.js';
import { Organisation } from './organisation.entity.js';
import { emailMalformed, OrganisationRefused } from './register-organisation.js';

/**
 * Gives an organisation its public e-mail address, or another one, in the caller's transaction. There is no way to take
 * it away: Open Badges 2.0 asks for one, and badges handed out in that version would no longer be checkable (ADR 0021).
 * The same address again changes nothing. The audit event does not hold the address.
 * @param given.email kept in lower case
 * @param given.by who acts, as an id
 * @throws OrganisationRefused (`organisation_refused`)
 */
export async function changeEmail(
  tx: EntityManager,
  given: { organisationId: string; email: string; by: string },
): Promise<Organisation> {
  const { organisationId: id, by } = given;
  const email = normaliseEmail(given.email);
  if (email === null) throw new OrganisationRefused(emailMalformed, { field: 'email' });
  const organisation = await tx.findOneOrFail(Organisation, {
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  if (organisation.email === email) return organisation;
  await tx.update(Organisation, { id }, { email });
  await appendAudit(tx, [
    {
      actor: actorOf(by),
      action: 'organisation.changed',
      subject: { organisationId: id, field: 'email' },
    },
  ]);
  return Object.assign(organisation, { email });
}
