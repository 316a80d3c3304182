import type { Text } from '#platform';

import type { Competency } from './competency.entity.js';
import type { Framework, FrameworkLevel, Licence } from './framework.entity.js';

/** A framework in a list. */
export interface FrameworkSummary {
  id: string;
  /** Of its CFDocument (CASE), UUIDv5 or the publisher's own. */
  identifier: string;
  code: string;
  version: string;
  title: Text;
  publisher: string;
  issued: string | null;
  licence: Licence;
  /** Number of items by type: area, competence, module, statement, learning-outcome. */
  counts: Record<string, number>;
}

export interface LevelView {
  code: string;
  ordinal: number;
  name: Text;
  description: Text | null;
  properties: Record<string, unknown>;
}

export interface CompetencySummary {
  id: string;
  /** Of its CFItem (CASE), UUIDv5 or the publisher's own. */
  identifier: string;
  code: string;
  type: string;
  title: Text;
  description: Text | null;
  officialUri: string | null;
}

/** An item with those below it; statements and learning outcomes are shown with their competence only. */
export interface CompetencyNode extends CompetencySummary {
  children: CompetencyNode[];
}

/** A framework with its levels and its tree of areas and competences. */
export interface FrameworkView extends FrameworkSummary {
  provenance: Record<string, unknown>;
  importedAt: Date;
  levels: LevelView[];
  items: CompetencyNode[];
}

/**
 * What somebody says of this competency and another one. `framework` and `code` are null where that one is elsewhere,
 * `title` where nothing but its code is known.
 */
export interface AssociationView {
  kind: string;
  direction: 'to' | 'from';
  framework: string | null;
  version: string | null;
  code: string | null;
  title: Text | null;
  targetUri: string | null;
  note: string | null;
  /** Who says so and on which day (YYYY-MM-DD); null where it stands in the framework's own file. */
  statedBy: string | null;
  statedOn: string | null;
  /** Name and address of the document that says so. */
  source: string | null;
  sourceUri: string | null;
}

export interface OutcomeView extends CompetencySummary {
  properties: Record<string, unknown>;
}

/** A competency with its surroundings. */
export interface CompetencyView extends CompetencySummary {
  framework: Pick<FrameworkSummary, 'id' | 'code' | 'version' | 'title' | 'publisher' | 'licence'>;
  importedAt: Date;
  properties: Record<string, unknown>;
  parent: CompetencySummary | null;
  children: CompetencySummary[];
  statements: OutcomeView[];
  learningOutcomes: OutcomeView[];
  associations: AssociationView[];
}

/** Items of these types stand under a competence in numbers, and are shown with it only. */
export const outcomeTypes = ['statement', 'learning-outcome'];

export const competencySummary = (competency: Competency): CompetencySummary => ({
  id: competency.id,
  identifier: competency.identifier,
  code: competency.code,
  type: competency.type,
  title: competency.title,
  description: competency.description,
  officialUri: competency.officialUri,
});

export const outcomeView = (competency: Competency): OutcomeView => ({
  ...competencySummary(competency),
  properties: competency.properties,
});

/** The items as a tree, in the framework's own order. */
export function competencyTree(competencies: Competency[]): CompetencyNode[] {
  const nodes = new Map(
    competencies.map((one) => [one.code, { ...competencySummary(one), children: [] } as CompetencyNode]),
  );
  const roots: CompetencyNode[] = [];
  for (const competency of competencies) {
    const node = nodes.get(competency.code)!;
    const parent = competency.parentCode === null ? undefined : nodes.get(competency.parentCode);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

export const levelView = (level: FrameworkLevel): LevelView => ({
  code: level.code,
  ordinal: level.ordinal,
  name: level.name,
  description: level.description,
  properties: level.properties,
});

export const frameworkSummary = (framework: Framework, counts: Record<string, number>): FrameworkSummary => ({
  id: framework.id,
  identifier: framework.identifier,
  code: framework.code,
  version: framework.version,
  title: framework.title,
  publisher: framework.publisher,
  issued: framework.issued,
  licence: framework.licence,
  counts,
});
