import type { EntityManager } from 'typeorm';
import { appendAudit } from '#platform';
import { didWebFor } from '#signing';
import { issuerUrl } from '../addresses.js';
import type { Json } from '../credential-facts.js';
import type { ArchivedCredential, ArchivedIssuer } from './archived-credential.js';

/** A structure that the database had forgotten, put back with what it showed of itself. */
export interface RestoredIssuer {
  organisationId: string;
  slug: string;
}

/**
 * Puts those of these structures back that the database does not know, under their own ids and addresses, so that their
 * keys and status lists have an issuer again. The name that they showed stands for the legal name until somebody
 * registers them again. One whose address belongs to another organisation meanwhile stays unknown.
 * @param factsOf what is kept of a structure; one without stays unknown
 */
export async function putIssuersBack(
  tx: EntityManager,
  ids: string[],
  factsOf: (id: string) => ArchivedIssuer | undefined,
): Promise<RestoredIssuer[]> {
  const unknown: { id: string }[] = await tx.query(
    `select distinct t.id from unnest($1::uuid[]) as t (id)
     where not exists (select from organisation o where o.id = t.id)`,
    [ids],
  );
  const restored: RestoredIssuer[] = [];
  for (const { id } of unknown) {
    const facts = factsOf(id);
    if (facts && (await insert(tx, id, facts))) restored.push({ organisationId: id, slug: facts.slug });
  }
  return restored;
}

/** What the latest of its badges says of a structure: older files keep no more of it. */
export function newestFacts(
  organisationId: string,
  credentials: ArchivedCredential[],
): ArchivedIssuer | undefined {
  const [newest] = credentials
    .filter((credential) => credential.organisationId === organisationId)
    .sort((a, b) => (a.signedAt > b.signedAt ? -1 : 1));
  return newest && publicFactsIn(newest);
}

/** @returns undefined when the badge's issuer has no address of this service */
export function publicFactsIn({
  issuerDid,
  payload,
}: Pick<ArchivedCredential, 'issuerDid' | 'payload'>): ArchivedIssuer | undefined {
  const { id, issuer } = JSON.parse(payload) as { id: string; issuer: Json };
  const { origin } = new URL(id);
  const slug = issuerDid.split(':').at(-1)!;
  const isOurs = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && didWebFor(origin, slug) === issuerDid;
  if (!isOurs || typeof issuer.name !== 'string') return undefined;
  const identifiers = (issuer.otherIdentifier ?? []) as { identifier: string; identifierType: string }[];
  const parent = (issuer.parentOrg as { id: string } | undefined)?.id;
  const above = issuerUrl(origin, '');
  return {
    kind: 'structure',
    slug,
    name: issuer.name,
    url: issuer.url === issuerUrl(origin, slug) ? null : String(issuer.url),
    siret: identifiers.find(({ identifierType }) => identifierType === 'ext:SIRET')?.identifier ?? null,
    parentSlug: parent?.startsWith(above) ? parent.slice(above.length) : null,
  };
}

async function insert(tx: EntityManager, id: string, facts: ArchivedIssuer): Promise<boolean> {
  const { kind, slug, name, url, siret, parentSlug } = facts;
  const rows: unknown[] = await tx.query(
    `insert into organisation (id, parent_id, kind, slug, legal_name, public_name, siret, url, restored_at)
     values ($1, (select id from organisation where slug = $2 and kind <> 'structure'), $3, $4, $5, $5, $6, $7, now())
     on conflict do nothing returning id`,
    [id, parentSlug, kind, slug, name, siret, url],
  );
  if (rows.length === 0) return false;
  await appendAudit(tx, [{ actor: 'cli', action: 'organisation.restored', subject: { organisationId: id } }]);
  return true;
}
