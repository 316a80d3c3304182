import { DataSource } from 'typeorm';
import { Competency } from '../competency.entity.js';
import { Framework, FrameworkLevel } from '../framework.entity.js';
import type { CaseDocument, CaseKind, CaseObject, CasePackage } from './case-package.js';
import { caseUrl, objectsOf } from './case-package.js';
import { matchAssociation } from './match-association.js';
import { type NativeMatch, nativeDocument, nativePackage, type Place } from './native-package.js';
import { packageIn } from './stored-package.js';

/** A framework that has the identifier asked for; `body` is null where it is one of the house. */
interface Holder {
  frameworkId: string;
  body: CaseObject | null;
  changedAt: Date;
}

export interface Provided<T> {
  body: T;
  /** When the framework came or was last changed by its publisher. */
  changedAt: Date;
}

/** How many built packages are kept: all that the program ships, in both languages. */
const keptPackages = 16;

/**
 * Gives every framework as CASE 1.1. Where a document is here in several versions, its identifiers stand for the
 * newest one; the others stay readable under their addresses at /frameworks.
 */
export class CaseProvider {
  private readonly built = new Map<string, CasePackage>();

  constructor(private readonly database: DataSource) {}

  /** Every document in its newest version, by title. */
  async documents(place: Place): Promise<Provided<CaseDocument>[]> {
    const holders: Holder[] = await this.database.query(
      `SELECT DISTINCT ON (case_object.identifier) framework.id AS "frameworkId", case_object.body,
              coalesce(case_package.changed_at, framework.imported_at) AS "changedAt"
         FROM case_object JOIN framework ON framework.id = case_object.framework_id
         LEFT JOIN case_package ON case_package.framework_id = framework.id
        WHERE case_object.kind = 'CFDocument' ORDER BY case_object.identifier, 3 DESC`,
    );
    const documents = await Promise.all(
      holders.map(async ({ frameworkId, body, changedAt }) => {
        const document = body ?? nativeDocument(await this.framework(frameworkId), place);
        return { body: withPackage(document as CaseDocument, place), changedAt };
      }),
    );
    return documents.sort((a, b) => (a.body.title < b.body.title ? -1 : 1));
  }

  /** The object of a kind with this identifier, as its own address gives it; undefined when there is none. */
  async object(kind: CaseKind, identifier: string, place: Place): Promise<Provided<CaseObject> | undefined> {
    const holder = await this.holder(kind, identifier);
    if (!holder) return kind === 'CFAssociation' ? await this.match(identifier, place) : undefined;
    const { changedAt } = holder;
    const body = holder.body ?? (await this.nativeObject(holder, kind, identifier, place));
    if (!body) return undefined;
    if (kind === 'CFDocument') return { body: withPackage(body as CaseDocument, place), changedAt };
    if (kind !== 'CFItem' && kind !== 'CFAssociation') return { body, changedAt };
    const { title, identifier: id, uri } = await this.documentOf(holder, place);
    return { body: { ...body, CFDocumentURI: { title, identifier: id, uri } }, changedAt };
  }

  /** The objects of a kind that stand at or below this one by `hierarchyCode`, itself first. */
  async withThoseBelow(
    kind: 'CFConcept' | 'CFItemType' | 'CFSubject',
    identifier: string,
    place: Place,
  ): Promise<Provided<CaseObject[]> | undefined> {
    const holder = await this.holder(kind, identifier);
    if (!holder) return undefined;
    const all = await this.all(holder, kind, place);
    const top = all.find((one) => one.identifier.toLowerCase() === identifier);
    if (!top) return undefined;
    const below = all.filter((one) => String(one.hierarchyCode).startsWith(`${top.hierarchyCode}.`));
    return { body: [top, ...below], changedAt: holder.changedAt };
  }

  /** A whole framework; of an imported one exactly what its publisher gave, with its extensions. */
  async package(identifier: string, place: Place): Promise<Provided<CasePackage> | undefined> {
    const holder = await this.holder('CFDocument', identifier);
    return (
      holder && {
        body: await this.packageOf(holder.frameworkId, place),
        changedAt: holder.changedAt,
      }
    );
  }

  /** The package of one version of a framework, by the id of its row. */
  async packageOf(frameworkId: string, place: Place): Promise<CasePackage> {
    return (await packageIn(this.database.manager, frameworkId)) ?? (await this.native(frameworkId, place));
  }

  /** An item with every association that starts or ends at it, also those that others have stated. */
  async associationsOf(
    identifier: string,
    place: Place,
  ): Promise<Provided<{ CFItem: CaseObject; CFAssociations: CaseObject[] }> | undefined> {
    const holder = await this.holder('CFItem', identifier);
    const item = holder && (await this.object('CFItem', identifier, place));
    if (!holder || !item) return undefined;
    const own = holder.body
      ? await this.importedAssociations(holder.frameworkId, identifier)
      : ((await this.native(holder.frameworkId, place)).CFAssociations ?? []).filter((one) =>
          [one.originNodeURI.identifier, one.destinationNodeURI.identifier].includes(identifier),
        );
    const stated = await this.matchesOf(holder.frameworkId, identifier, place);
    return { body: { CFItem: item.body, CFAssociations: [...own, ...stated] }, changedAt: holder.changedAt };
  }

  private async holder(kind: CaseKind, identifier: string): Promise<Holder | undefined> {
    const [found]: Holder[] = await this.database.query(
      `SELECT framework.id AS "frameworkId", case_object.body,
              coalesce(case_package.changed_at, framework.imported_at) AS "changedAt"
         FROM case_object JOIN framework ON framework.id = case_object.framework_id
         LEFT JOIN case_package ON case_package.framework_id = framework.id
        WHERE case_object.identifier = $1 AND case_object.kind = $2 ORDER BY 3 DESC LIMIT 1`,
      [identifier, kind],
    );
    return found;
  }

  private async all({ frameworkId, body }: Holder, kind: CaseKind, place: Place): Promise<CaseObject[]> {
    if (!body)
      return objectsOf(await this.native(frameworkId, place))
        .filter((one) => one.kind === kind)
        .map((one) => one.body);
    const rows: { body: CaseObject }[] = await this.database.query(
      'SELECT body FROM case_object WHERE framework_id = $1 AND kind = $2 ORDER BY ordinal',
      [frameworkId, kind],
    );
    return rows.map((row) => row.body);
  }

  private async nativeObject(
    holder: Holder,
    kind: CaseKind,
    identifier: string,
    place: Place,
  ): Promise<CaseObject | undefined> {
    return (await this.all(holder, kind, place)).find((one) => one.identifier === identifier);
  }

  private async documentOf({ frameworkId, body }: Holder, place: Place): Promise<CaseDocument> {
    if (!body) return nativeDocument(await this.framework(frameworkId), place);
    const [row]: { body: CaseDocument }[] = await this.database.query(
      `SELECT body FROM case_object WHERE framework_id = $1 AND kind = 'CFDocument'`,
      [frameworkId],
    );
    return row!.body;
  }

  private async importedAssociations(frameworkId: string, identifier: string): Promise<CaseObject[]> {
    const rows: { body: CaseObject }[] = await this.database.query(
      `SELECT body FROM case_object
        WHERE framework_id = $1 AND kind = 'CFAssociation' AND (origin = $2 OR destination = $2) ORDER BY ordinal`,
      [frameworkId, identifier],
    );
    return rows.map((row) => row.body);
  }

  private async match(identifier: string, place: Place): Promise<Provided<CaseObject> | undefined> {
    const [found] = await matchAssociation(this.database.manager, place, { id: identifier });
    return found && { body: found.body, changedAt: found.changedAt };
  }

  private async matchesOf(frameworkId: string, identifier: string, place: Place): Promise<CaseObject[]> {
    const [item]: { key: string }[] = await this.database.query(
      `SELECT framework.code || '/' || framework.version || '/' || competency.code AS key
         FROM competency JOIN framework ON framework.id = competency.framework_id
        WHERE framework.id = $1 AND competency.identifier = $2`,
      [frameworkId, identifier],
    );
    return item
      ? (await matchAssociation(this.database.manager, place, { end: item.key })).map((one) => one.body)
      : [];
  }

  private async native(frameworkId: string, place: Place): Promise<CasePackage> {
    const framework = await this.framework(frameworkId);
    // The targets of its own links may be imported later: how many frameworks there are is part of the key.
    const frameworks = await this.database.getRepository(Framework).count();
    const key = [frameworkId, framework.outcomesHash, frameworks, place.language, place.origin].join(' ');
    const kept = this.built.get(key);
    if (kept) return kept;
    const [levels, competencies, matches] = await Promise.all([
      this.database.getRepository(FrameworkLevel).find({ where: { frameworkId }, order: { ordinal: 'ASC' } }),
      this.database.getRepository(Competency).find({ where: { frameworkId }, order: { ordinal: 'ASC' } }),
      this.nativeMatches(frameworkId),
    ]);
    const built = nativePackage({ framework, levels, competencies, matches }, place);
    this.built.set(key, built);
    for (const oldest of this.built.keys()) {
      if (this.built.size <= keptPackages) break;
      this.built.delete(oldest);
    }
    return built;
  }

  private framework(id: string): Promise<Framework> {
    return this.database.getRepository(Framework).findOneByOrFail({ id });
  }

  private async nativeMatches(frameworkId: string): Promise<NativeMatch[]> {
    return await this.database.query(
      `SELECT competency.code AS "originCode", association.kind, association.target_framework AS "targetFramework",
              association.target_code AS "targetCode", association.note,
              CASE WHEN target.version IS NOT NULL THEN to_jsonb(target) END AS target
         FROM association JOIN competency ON competency.id = association.competency_id
         LEFT JOIN LATERAL (
           SELECT framework.version, other.identifier, other.title
             FROM framework JOIN competency other ON other.framework_id = framework.id
            WHERE framework.code = association.target_framework AND other.code = association.target_code
            ORDER BY framework.issued DESC NULLS LAST, framework.imported_at DESC LIMIT 1) AS target ON true
        WHERE competency.framework_id = $1 ORDER BY competency.ordinal, association.target_code`,
      [frameworkId],
    );
  }
}

const withPackage = (document: CaseDocument, { origin }: Place): CaseDocument => ({
  ...document,
  CFPackageURI: {
    title: document.title,
    identifier: document.identifier,
    uri: caseUrl(origin, 'CFPackage', document.identifier),
  },
});
