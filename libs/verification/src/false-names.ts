import { verdictOfItself } from './report.js';
import type { ReportOfAny } from './verdict-text.js';
import type { BadgeReport } from './verify-badge.js';

/**
 * May what it says of itself be repeated? Of a false badge not: the names in it are those of people and organisations
 * who never gave it. A record is no more false for a false badge in it.
 */
export const mayBeRepeated = (report: ReportOfAny): boolean =>
  report.verdict !== 'not_authentic' ||
  (report.badges !== undefined && verdictOfItself(report) !== 'not_authentic');

/**
 * A report as it may be passed on: of a badge that is false, by itself or in a record, the identifiers alone, which help
 * whoever repairs it. Its names, whose it is, its results and who endorses it are left out.
 */
export function withoutFalseNames(report: BadgeReport): BadgeReport {
  const badges = report.badges?.map((badge) => {
    if (badge.verdict !== 'not_authentic') return badge;
    const { name: _name, by, ...rest } = badge;
    return { ...rest, ...(by && { by: { id: by.id } }) };
  });
  const told = badges ? { ...report, badges } : report;
  if (mayBeRepeated(report)) return told;
  const {
    issuer,
    badgeClass,
    subject: _subject,
    results: _results,
    endorsements: _endorsements,
    ...rest
  } = told;
  return {
    ...rest,
    ...(issuer && { issuer: { id: issuer.id } }),
    ...(badgeClass?.id !== undefined && { badgeClass: { id: badgeClass.id } }),
  };
}
