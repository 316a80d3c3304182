import type { EntityManager } from 'typeorm';
import { actorOf, appendAudit, DomainError, type Text, uuid } from '#platform';
import { normaliseEmail } from './contact.js';
import { cleanName } from './name.js';
import { Organisation, type OrganisationKind } from './organisation.entity.js';

export class OrganisationRefused extends DomainError {
  readonly code = 'organisation_refused';
  constructor(
    readonly text: Required<Text>,
    details: Record<string, unknown>,
  ) {
    super(text.en, { details });
  }
}

export const emailMalformed = {
  fr: 'L’e-mail doit être une seule adresse, comme contact@example.org. Rien n’a été changé.',
  en: 'The e-mail must be one address, such as contact@example.org. Nothing was changed.',
};

/** Another organisation already has this slug. */
export class OrganisationSlugTaken extends DomainError {
  readonly code = 'organisation_slug_taken';
}

export interface NewOrganisation {
  parentId?: string | null;
  kind: OrganisationKind;
  /** Lower-case letters, digits and dashes: it is part of the issuer's address for ever. */
  slug: string;
  legalName: string;
  /** What strangers read; the legal name when left out. */
  publicName?: string;
  /** 14 digits. */
  siret?: string | null;
  url?: string | null;
  /** Public, kept in lower case. Open Badges 2.0 needs it; `changeEmail` gives it later. */
  email?: string | null;
  description?: Text | null;
}

const kindsFr: Record<OrganisationKind, string> = {
  programme: 'Un programme',
  region: 'Une région',
  structure: 'Une structure',
};

const operator = 'command-line';

const parents: Record<OrganisationKind, (OrganisationKind | null)[]> = {
  programme: [null, 'programme'],
  region: ['programme', 'region'],
  structure: [null, 'programme', 'region'],
};

/**
 * Adds an organisation to the tree. Registering one again with the same slug, kind and legal name answers the one
 * that exists and changes nothing. One that came back from the archive after a restore gets, from the command line,
 * the facts that the archive did not know, and keeps the others.
 * @param by who acts, as an id
 * @throws OrganisationRefused (`organisation_refused`), OrganisationSlugTaken (`organisation_slug_taken`)
 */
export async function registerOrganisation(
  tx: EntityManager,
  given: NewOrganisation,
  by = operator,
): Promise<Organisation> {
  const refuse = (fr: string, en: string): never => {
    throw new OrganisationRefused({ fr, en }, { slug: given.slug });
  };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(given.slug) || given.slug.length > 60)
    refuse(
      'Un nom court a 1 à 60 minuscules, chiffres et tirets simples',
      'A slug has 1 to 60 lower-case letters, digits and single dashes',
    );
  const legalName = cleanName(given.legalName).name;
  if (legalName === '') refuse('Il faut un nom légal', 'An organisation needs a legal name');
  const siret = given.siret?.replace(/\s/g, '') ?? null;
  if (siret !== null && !/^\d{14}$/.test(siret)) refuse('Un SIRET a 14 chiffres', 'A SIRET has 14 digits');
  const email = given.email == null ? null : normaliseEmail(given.email);
  if (given.email != null && email === null)
    throw new OrganisationRefused(emailMalformed, { slug: given.slug, field: 'email' });

  const known = await tx.findOneBy(Organisation, { slug: given.slug });
  // Whoever may register under one parent must not get hold of what stood under another.
  const isOperator = /^cli(:|$)/.test(actorOf(by));
  const isIncomplete = isOperator && known?.kind === given.kind && known.restoredAt !== null;
  if (known && !isIncomplete) {
    if (known.kind === given.kind && known.legalName === legalName) return known;
    throw new OrganisationSlugTaken('Another organisation has this slug', { details: { slug: given.slug } });
  }
  const parent = given.parentId ? await tx.findOneBy(Organisation, { id: given.parentId }) : null;
  if (given.parentId && !parent)
    refuse('L’organisation au-dessus n’existe pas', 'The parent organisation does not exist');
  if (!parents[given.kind].includes(parent?.kind ?? null))
    refuse(
      `${kindsFr[given.kind]} ne se place pas sous ${parent ? kindsFr[parent.kind].toLowerCase() : 'rien'}`,
      `A ${given.kind} cannot stand under ${parent ? `a ${parent.kind}` : 'nothing'}`,
    );
  if (known) return await complete(tx, known, { ...given, legalName, siret, email }, by);

  const organisation = Object.assign(new Organisation(), {
    id: uuid(),
    parentId: parent?.id ?? null,
    kind: given.kind,
    slug: given.slug,
    legalName,
    publicName: cleanName(given.publicName ?? '').name || legalName,
    siret,
    url: given.url ?? null,
    email,
    description: given.description ?? null,
    closedOn: null,
    restoredAt: null,
    createdAt: new Date(),
  });
  await tx.insert(Organisation, organisation).catch((error: Error) => {
    // Two requests for one slug at once: the database decides who was first.
    if (!error.message.includes('organisation_slug_is_unique')) throw error;
    throw new OrganisationSlugTaken('Another organisation has this slug', { details: { slug: given.slug } });
  });
  await appendAudit(tx, [
    {
      actor: actorOf(by),
      action: 'organisation.registered',
      subject: { organisationId: organisation.id, kind: organisation.kind, parentId: organisation.parentId },
    },
  ]);
  return organisation;
}

async function complete(
  tx: EntityManager,
  restored: Organisation,
  given: NewOrganisation & { legalName: string; siret: string | null; email: string | null },
  by: string,
): Promise<Organisation> {
  const facts = {
    parentId: given.parentId ?? restored.parentId,
    legalName: given.legalName,
    publicName: cleanName(given.publicName ?? '').name || restored.publicName,
    siret: given.siret ?? restored.siret,
    url: given.url ?? restored.url,
    email: given.email ?? restored.email,
    description: given.description ?? restored.description,
    restoredAt: null,
  };
  await tx.update(Organisation, { id: restored.id }, facts);
  await appendAudit(tx, [
    {
      actor: actorOf(by),
      action: 'organisation.changed',
      subject: { organisationId: restored.id, field: 'registration' },
    },
  ]);
  return Object.assign(restored, facts);
}

/** The organisation and everything above it, nearest first. Empty when the id is unknown. */
export async function organisationPath(tx: EntityManager, organisationId: string): Promise<Organisation[]> {
  const rows = await tx.query<{ id: string }[]>(
    `WITH RECURSIVE path AS (
       SELECT id, parent_id, 0 AS depth FROM organisation WHERE id = $1
       UNION ALL SELECT o.id, o.parent_id, path.depth + 1 FROM organisation o JOIN path ON o.id = path.parent_id
     ) SELECT id FROM path ORDER BY depth`,
    [organisationId],
  );
  const found = await tx.findBy(
    Organisation,
    rows.map(({ id }) => ({ id })),
  );
  return rows.map(({ id }) => found.find((organisation) => organisation.id === id)!);
}
