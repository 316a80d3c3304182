import type { EntityManager } from 'typeorm';
import type { Text } from '#platform';
import { type AlignedCompetency, resolveAlignments } from '../alignment.js';
import type { AssociationView } from '../framework-view.js';
import type { MatchEnd } from './match.entity.js';

const most = 500;

interface Found {
  kind: string;
  direction: 'to' | 'from';
  other: MatchEnd;
  otherKey: string;
  title: Text | null;
  officialUri: string | null;
  note: string | null;
  statedBy: string;
  statedOn: string;
  source: string;
  sourceUri: string | null;
}

/**
 * What others say of a competency, the latest of each speaker first.
 * @param keys `code/version/competency` and the publisher's own address, if there is one
 */
export async function matchesAt(tx: EntityManager, keys: string[]): Promise<AssociationView[]> {
  const rows: Found[] = await tx.query(
    `SELECT found.*, competency.title, competency.official_uri AS "officialUri"
       FROM (SELECT kind, note, stated_by AS "statedBy", stated_on AS "statedOn", source, source_uri AS "sourceUri",
                    CASE WHEN origin_key = ANY ($1) THEN 'to' ELSE 'from' END AS direction,
                    CASE WHEN origin_key = ANY ($1) THEN destination ELSE origin END AS other,
                    CASE WHEN origin_key = ANY ($1) THEN destination_key ELSE origin_key END AS "otherKey"
               FROM framework_match WHERE origin_key = ANY ($1) OR destination_key = ANY ($1)
              ORDER BY stated_on DESC, id LIMIT ${most}) AS found
       LEFT JOIN framework ON framework.code = found.other->>'framework' AND framework.version = found.other->>'version'
       LEFT JOIN competency ON competency.framework_id = framework.id AND competency.code = found.other->>'code'
      ORDER BY found."statedOn" DESC, found."otherKey", found.kind`,
    [keys],
  );
  const seen = new Set<string>();
  return rows.flatMap((row): AssociationView[] => {
    const { kind, direction, other, otherKey, statedBy } = row;
    const key = JSON.stringify([kind, direction, otherKey, statedBy]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        kind,
        direction,
        framework: other.framework ?? null,
        version: other.version ?? null,
        code: other.code ?? null,
        title: row.title ?? (other.title === undefined ? null : { fr: other.title, en: other.title }),
        targetUri: row.officialUri ?? other.uri ?? null,
        note: row.note,
        statedBy,
        statedOn: row.statedOn,
        source: row.source,
        sourceUri: row.sourceUri,
      },
    ];
  });
}

/** A statement as the API lists it. */
export interface StatedMatch {
  id: string;
  kind: string;
  origin: MatchEnd;
  destination: MatchEnd;
  statedBy: string;
  statedOn: string;
  source: string;
  sourceUri: string | null;
  note: string | null;
}

/** Statements with an end in this version of a framework, by their ends; at most `limit`, after the one named. */
export async function listMatches(
  tx: EntityManager,
  { framework, version, limit, after }: { framework: string; version: string; limit: number; after?: string },
): Promise<StatedMatch[]> {
  return await tx.query(
    `SELECT id, kind, origin, destination, stated_by AS "statedBy", stated_on AS "statedOn", source,
            source_uri AS "sourceUri", note
       FROM framework_match
      WHERE (starts_with(origin_key, $1) OR starts_with(destination_key, $1)) AND ($2::uuid IS NULL OR id > $2)
      ORDER BY id LIMIT $3`,
    [`${framework}/${version}/`, after ?? null, limit],
  );
}

/**
 * The competencies that somebody says are the same as these, in either direction and one step far; only those that are
 * here, each once, in the order of the competencies asked for.
 */
export async function exactMatchesOf(
  tx: EntityManager,
  asked: { framework: string; version: string; code: string }[],
): Promise<AlignedCompetency[][]> {
  const keys = asked.map((one) => `${one.framework}/${one.version}/${one.code}`);
  const rows: { key: string; other: MatchEnd }[] = await tx.query(
    `SELECT DISTINCT * FROM (
       SELECT origin_key AS key, destination AS other FROM framework_match
        WHERE kind = 'exactMatchOf' AND origin_key = ANY ($1)
       UNION ALL
       SELECT destination_key, origin FROM framework_match
        WHERE kind = 'exactMatchOf' AND destination_key = ANY ($1)) AS found`,
    [keys],
  );
  const ends = keys.map((key) => {
    const others = rows.filter((row) => row.key === key && row.other.framework !== undefined);
    const names = new Set(
      others.map(({ other }) => JSON.stringify([other.framework, other.version, other.code])),
    );
    return [...names].sort().map((name) => {
      const [framework, version, code] = JSON.parse(name) as [string, string, string];
      return { framework, version, code };
    });
  });
  const found = await resolveAlignments(tx, ends.flat());
  let at = 0;
  return ends.map((list) => list.map(() => found[at++]!));
}
