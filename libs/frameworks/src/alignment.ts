import type { EntityManager } from 'typeorm';
import type { Text } from '#platform';
import { type Language, textIn } from '#platform';
import { competencyUrl } from './address.js';
import { type AlignmentReference, UnknownCompetency, UnknownLevel } from './refusals.js';

/** A competency with what an alignment needs, in the version that was found. */
export interface AlignedCompetency {
  id: string;
  framework: string;
  version: string;
  frameworkTitle: Text;
  code: string;
  type: string;
  title: Text;
  description: Text | null;
  officialUri: string | null;
  /** The level that the reference states, as its framework words it; null when it states none. */
  level: AlignedLevel | null;
}

/** A level of a framework. `ordinal` rises with the level. */
export interface AlignedLevel {
  code: string;
  ordinal: number;
  name: Text;
  description: Text | null;
}

/** `targetType` of Open Badges 3.0 (B.1): a term of its list, or one of ours behind `ext:`. */
type AlignmentTargetType = 'CFItem' | 'ext:ESCOSkill';

// Address of a CFItem at any provider of CASE.
const isCaseItem = /\/ims\/case\/v1p[01]\/CFItems\//;
const isEsco = /^https?:\/\/data\.europa\.eu\/esco\/skill\//;

/** Is this the address of a skill in ESCO? */
export const isEscoSkill = (address: string | null): address is string =>
  address !== null && isEsco.test(address);

/**
 * What stands at the address of an aligned competency: a CFItem at ours and at any provider of CASE, a skill of ESCO.
 * Undefined for an address of which we cannot say it.
 */
export const alignmentTargetType = (officialUri: string | null): AlignmentTargetType | undefined =>
  officialUri === null || isCaseItem.test(officialUri)
    ? 'CFItem'
    : isEscoSkill(officialUri)
      ? 'ext:ESCOSkill'
      : undefined;

/** Where an alignment points, in every language there is. */
export interface AlignmentTarget {
  targetUrl: string;
  targetCode: string;
  targetName: Text;
  targetFramework: Text;
  targetType?: AlignmentTargetType;
}

/**
 * The official address when the publisher has one (an ESCO concept), else our own stable address, which answers
 * with a CASE item.
 */
export const alignmentTarget = (competency: AlignedCompetency, origin: string): AlignmentTarget => {
  const targetType = alignmentTargetType(competency.officialUri);
  return {
    targetUrl:
      competency.officialUri ??
      competencyUrl(origin, { code: competency.framework, version: competency.version }, competency.code),
    targetCode: competency.code,
    targetName: competency.title,
    targetFramework: competency.frameworkTitle,
    ...(targetType && { targetType }),
  };
};

/** An `Alignment` of Open Badges 3.0 (section B.1), its texts in one language where they exist in it. */
export function openBadgesAlignment(competency: AlignedCompetency, origin: string, language: Language) {
  const target = alignmentTarget(competency, origin);
  return {
    type: ['Alignment'],
    ...target,
    targetName: textIn(target.targetName, language),
    targetFramework: textIn(target.targetFramework, language),
  };
}

/**
 * Finds the competencies that alignments name, in one query; the answer has the same order and length.
 * Without a version the framework published last is taken, and the answer says which: keep it.
 * @throws UnknownCompetency (`unknown_competency`) listing all that are not here, UnknownLevel (`unknown_level`)
 */
export async function resolveAlignments(
  tx: EntityManager,
  references: AlignmentReference[],
): Promise<AlignedCompetency[]> {
  if (references.length === 0) return [];
  const found: (Omit<AlignedCompetency, 'framework'> & { framework: string; at: number })[] = await tx.query(
    `SELECT DISTINCT ON (wanted.at) wanted.at::integer - 1 AS at, competency.id, framework.code AS framework, framework.version,
            framework.title AS "frameworkTitle", competency.code, competency.type, competency.title,
            competency.description, competency.official_uri AS "officialUri",
            CASE WHEN level.id IS NOT NULL THEN jsonb_build_object('code', level.code, 'ordinal', level.ordinal,
              'name', level.name, 'description', level.description) END AS level
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
            AS wanted (framework, version, code, level, at)
       JOIN framework ON framework.code = wanted.framework
                     AND (wanted.version IS NULL OR framework.version = wanted.version)
       JOIN competency ON competency.framework_id = framework.id AND competency.code = wanted.code
       LEFT JOIN framework_level level ON level.framework_id = framework.id AND level.code = wanted.level
      ORDER BY wanted.at, framework.issued DESC NULLS LAST, framework.imported_at DESC, framework.id DESC`,
    [
      references.map((one) => one.framework),
      references.map((one) => one.version ?? null),
      references.map((one) => one.code),
      references.map((one) => one.level ?? null),
    ],
  );
  const byPlace = new Map(found.map(({ at, ...competency }) => [at, competency]));
  const missing = references.filter((_, at) => !byPlace.has(at));
  if (missing.length > 0) throw new UnknownCompetency(missing);
  const unlevelled = references.filter(
    (one, at) => one.level !== undefined && byPlace.get(at)!.level === null,
  );
  if (unlevelled.length > 0) throw new UnknownLevel(unlevelled);
  return references.map((_, at) => byPlace.get(at)!);
}
