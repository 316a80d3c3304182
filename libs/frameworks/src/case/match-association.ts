import type { EntityManager } from 'typeorm';
import { competencyUrl } from '../address.js';
import type { FrameworkMatch, MatchEnd } from '../crosswalk/match.entity.js';
import type { CaseAssociation, LinkUri } from './case-package.js';
import { caseUrl } from './case-package.js';
import type { Place } from './native-package.js';

interface Row extends Pick<FrameworkMatch, 'id' | 'kind' | 'origin' | 'destination' | 'note' | 'statedOn'> {
  changedAt: Date;
  originIdentifier: string | null;
  destinationIdentifier: string | null;
}

const link = (end: MatchEnd, identifier: string | null, { origin }: Place): LinkUri => {
  const isHere = end.framework !== undefined && end.version !== undefined && end.code !== undefined;
  const uri = isHere
    ? competencyUrl(origin, { code: end.framework!, version: end.version! }, end.code!)
    : end.uri!;
  return {
    title: end.title ?? end.code ?? uri,
    identifier: identifier ?? uri,
    uri,
    targetType: identifier === null ? 'ext:external' : 'CASE',
  };
};

/** Statements of a crosswalk file as CFAssociations: one by its id, or all at an end (`code/version/competency`). */
export async function matchAssociation(
  tx: EntityManager,
  place: Place,
  wanted: { id: string } | { end: string },
): Promise<{ body: CaseAssociation; changedAt: Date }[]> {
  const identifierAt = (end: string) =>
    `(SELECT competency.identifier FROM framework JOIN competency ON competency.framework_id = framework.id
       WHERE framework.code = ${end}->>'framework' AND framework.version = ${end}->>'version'
         AND competency.code = ${end}->>'code')`;
  const rows: Row[] = await tx.query(
    `SELECT id, kind, origin, destination, note, stated_on AS "statedOn", imported_at AS "changedAt",
            ${identifierAt('origin')} AS "originIdentifier", ${identifierAt('destination')} AS "destinationIdentifier"
       FROM framework_match
      WHERE framework_id IS NULL AND ${'id' in wanted ? 'id = $1' : '(origin_key = $1 OR destination_key = $1)'}
      ORDER BY stated_on, id LIMIT 1000`,
    ['id' in wanted ? wanted.id : wanted.end],
  );
  return rows.map((row) => ({
    changedAt: row.changedAt,
    body: {
      identifier: row.id,
      associationType: row.kind,
      uri: caseUrl(place.origin, 'CFAssociation', row.id),
      originNodeURI: link(row.origin, row.originIdentifier, place),
      destinationNodeURI: link(row.destination, row.destinationIdentifier, place),
      lastChangeDateTime: row.changedAt.toISOString(),
      ...(row.note !== null && { notes: row.note }),
    },
  }));
}
