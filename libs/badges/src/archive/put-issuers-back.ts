import type { EntityManager } from 'typeorm';
import { appendAudit } from '#platform';
import { didWebFor } from '#signing';
import { issuerUrl } from '../addresses.js';
import type { Json } from '../credential-facts.js';
import type { ArchivedCredential } from './archived-credential.js';

/** A structure that the database had forgotten, put back with what its badges say of it. */
export interface RestoredIssuer {
  organisationId: string;
  slug: string;
}

/** What a signed badge says of its structure. */
interface PublicFacts extends RestoredIssuer {
  name: string;
  url: string | null;
  siret: string | null;
  parentSlug: string | null;
}

/**
 * Puts the structures of these badges back that the database does not know, under their own ids and addresses, so that
 * their keys and status lists have an issuer again. The name that badges show stands for the legal name until somebody
 * registers the structure again. One whose address belongs to another organisation meanwhile stays unknown.
 */
export async function putIssuersBack(
  tx: EntityManager,
  credentials: ArchivedCredential[],
): Promise<RestoredIssuer[]> {
  const unknown: { id: string }[] = await tx.query(
    `select distinct t.id from unnest($1::uuid[]) as t (id)
     where not exists (select from organisation o where o.id = t.id)`,
    [credentials.map(({ organisationId }) => organisationId)],
  );
  const restored: RestoredIssuer[] = [];
  for (const { id } of unknown) {
    const facts = newestFacts(credentials.filter(({ organisationId }) => organisationId === id));
    if (facts && (await insert(tx, facts))) restored.push({ organisationId: id, slug: facts.slug });
  }
  return restored;
}

function newestFacts(credentials: ArchivedCredential[]): PublicFacts | undefined {
  const [newest] = [...credentials].sort((a, b) => (a.signedAt > b.signedAt ? -1 : 1));
  return newest && publicFactsIn(newest);
}

/** @returns undefined when the badge's issuer has no address of this service */
export function publicFactsIn({
  organisationId,
  issuerDid,
  payload,
}: Pick<ArchivedCredential, 'organisationId' | 'issuerDid' | 'payload'>): PublicFacts | undefined {
  const { id, issuer } = JSON.parse(payload) as { id: string; issuer: Json };
  const { origin } = new URL(id);
  const slug = issuerDid.split(':').at(-1)!;
  const isOurs = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && didWebFor(origin, slug) === issuerDid;
  if (!isOurs || typeof issuer.name !== 'string') return undefined;
  const identifiers = (issuer.otherIdentifier ?? []) as { identifier: string; identifierType: string }[];
  const parent = (issuer.parentOrg as { id: string } | undefined)?.id;
  const above = issuerUrl(origin, '');
  return {
    organisationId,
    slug,
    name: issuer.name,
    url: issuer.url === issuerUrl(origin, slug) ? null : String(issuer.url),
    siret: identifiers.find(({ identifierType }) => identifierType === 'ext:SIRET')?.identifier ?? null,
    parentSlug: parent?.startsWith(above) ? parent.slice(above.length) : null,
  };
}

async function insert(tx: EntityManager, facts: PublicFacts): Promise<boolean> {
  const { organisationId, slug, name, url, siret, parentSlug } = facts;
  const rows: unknown[] = await tx.query(
    `insert into organisation (id, parent_id, kind, slug, legal_name, public_name, siret, url, restored_at)
     values ($1, (select id from organisation where slug = $2 and kind <> 'structure'), 'structure', $3, $4, $4, $5, $6, now())
     on conflict do nothing returning id`,
    [organisationId, parentSlug, slug, name, siret, url],
  );
  if (rows.length === 0) return false;
  await appendAudit(tx, [{ actor: 'cli', action: 'organisation.restored', subject: { organisationId } }]);
  return true;
}
