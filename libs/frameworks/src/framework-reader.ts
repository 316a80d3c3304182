import { DataSource, In, Not } from 'typeorm';
import { type AlignedCompetency, resolveAlignments } from './alignment.js';
import { CodeList } from './code-list.entity.js';
import { Competency } from './competency.entity.js';
import { matchesAt } from './crosswalk/match-reader.js';
import { Framework, FrameworkLevel } from './framework.entity.js';
import {
  type AssociationView,
  type CompetencyView,
  competencySummary,
  competencyTree,
  type FrameworkSummary,
  type FrameworkView,
  frameworkSummary,
  levelView,
  outcomeTypes,
  outcomeView,
} from './framework-view.js';
import { type AlignmentReference, CompetencyNotFound, FrameworkNotFound } from './refusals.js';

/** Reads frameworks and competencies for pages, JSON and alignments. Texts keep every language they have. */
export class FrameworkReader {
  constructor(private readonly database: DataSource) {}

  /** Every version of every framework, by code and version. */
  async listFrameworks(): Promise<FrameworkSummary[]> {
    const frameworks = await this.database
      .getRepository(Framework)
      .find({ order: { code: 'ASC', version: 'ASC' } });
    const counts = await this.counts(frameworks);
    return frameworks.map((framework) => frameworkSummary(framework, counts.get(framework.id) ?? {}));
  }

  /**
   * A framework with its levels and its tree of areas and competences.
   * @throws FrameworkNotFound
   */
  async frameworkView(code: string, version: string): Promise<FrameworkView> {
    const framework = await this.framework(code, version);
    const [counts, levels, competencies] = await Promise.all([
      this.counts([framework]),
      this.database
        .getRepository(FrameworkLevel)
        .find({ where: { frameworkId: framework.id }, order: { ordinal: 'ASC' } }),
      this.database.getRepository(Competency).find({
        where: { frameworkId: framework.id, type: Not(In(outcomeTypes)) },
        order: { ordinal: 'ASC' },
      }),
    ]);
    return {
      ...frameworkSummary(framework, counts.get(framework.id) ?? {}),
      provenance: framework.provenance,
      importedAt: framework.importedAt,
      levels: levels.map(levelView),
      items: competencyTree(competencies),
    };
  }

  /**
   * A competency with what stands above, below and beside it.
   * @throws FrameworkNotFound, CompetencyNotFound
   */
  async competencyView(code: string, version: string, competencyCode: string): Promise<CompetencyView> {
    const framework = await this.framework(code, version);
    const competencies = this.database.getRepository(Competency);
    const competency = await competencies.findOneBy({ frameworkId: framework.id, code: competencyCode });
    if (!competency) throw new CompetencyNotFound(code, version, competencyCode);
    const [parent, below, associations] = await Promise.all([
      competency.parentCode === null
        ? null
        : competencies.findOneBy({ frameworkId: framework.id, code: competency.parentCode }),
      competencies.find({
        where: { frameworkId: framework.id, parentCode: competencyCode },
        order: { ordinal: 'ASC' },
      }),
      this.associations(competency, framework),
    ]);
    const { id, title, publisher, licence, importedAt } = framework;
    return {
      ...competencySummary(competency),
      framework: { id, code, version, title, publisher, licence },
      importedAt,
      properties: competency.properties,
      parent: parent && competencySummary(parent),
      children: below.filter((one) => !outcomeTypes.includes(one.type)).map(competencySummary),
      statements: below.filter((one) => one.type === 'statement').map(outcomeView),
      learningOutcomes: below.filter((one) => one.type === 'learning-outcome').map(outcomeView),
      associations,
    };
  }

  /** The competencies that a badge is aligned with, in the versions it keeps for ever. */
  async alignedCompetencies(
    alignments: { framework: string; frameworkVersion: string; code: string }[],
  ): Promise<AlignedCompetency[]> {
    return await this.resolveAlignments(
      alignments.map(({ framework, frameworkVersion, code }) => ({
        framework,
        version: frameworkVersion,
        code,
      })),
    );
  }

  /** See `resolveAlignments`; outside a transaction. */
  async resolveAlignments(references: AlignmentReference[]): Promise<AlignedCompetency[]> {
    return await resolveAlignments(this.database.manager, references);
  }

  /** The values of a code list, undefined when there is no such list. */
  async codeList(code: string): Promise<CodeList | undefined> {
    return (await this.database.getRepository(CodeList).findOneBy({ code })) ?? undefined;
  }

  private async framework(code: string, version: string): Promise<Framework> {
    const framework = await this.database.getRepository(Framework).findOneBy({ code, version });
    if (!framework) throw new FrameworkNotFound(code, version);
    return framework;
  }

  private async counts(frameworks: Framework[]): Promise<Map<string, Record<string, number>>> {
    const rows: { framework_id: string; counts: Record<string, number> }[] = await this.database.query(
      `SELECT framework_id, jsonb_object_agg(type, total) AS counts
         FROM (SELECT framework_id, type, count(*)::integer AS total FROM competency
                WHERE framework_id = ANY ($1) GROUP BY framework_id, type) AS by_type
        GROUP BY framework_id`,
      [frameworks.map((framework) => framework.id)],
    );
    return new Map(rows.map((row) => [row.framework_id, row.counts]));
  }

  private async associations(competency: Competency, framework: Framework): Promise<AssociationView[]> {
    const own: AssociationView[] = await this.database.query(
      `SELECT association.kind, 'to' AS direction, association.target_framework AS framework, target.version,
              association.target_code AS code, target.title, coalesce(association.target_uri, target.official_uri) AS "targetUri",
              association.note, NULL AS "statedBy", NULL AS "statedOn", NULL AS source, NULL AS "sourceUri"
         FROM association
         LEFT JOIN LATERAL (
           SELECT framework.version, competency.title, competency.official_uri
             FROM framework JOIN competency ON competency.framework_id = framework.id
            WHERE framework.code = association.target_framework AND competency.code = association.target_code
            ORDER BY framework.issued DESC NULLS LAST, framework.imported_at DESC LIMIT 1) AS target ON true
        WHERE association.competency_id = $1
       UNION ALL
       SELECT association.kind, 'from', framework.code, framework.version, competency.code, competency.title,
              competency.official_uri, association.note, NULL, NULL, NULL, NULL
         FROM association
         JOIN competency ON competency.id = association.competency_id
         JOIN framework ON framework.id = competency.framework_id
        WHERE association.target_framework = $2 AND association.target_code = $3
        ORDER BY 2 DESC, 3, 4, 5`,
      [competency.id, framework.code, competency.code],
    );
    const stated = await matchesAt(this.database.manager, [
      `${framework.code}/${framework.version}/${competency.code}`,
      ...(competency.officialUri === null ? [] : [competency.officialUri]),
    ]);
    return [...own, ...stated];
  }
}
