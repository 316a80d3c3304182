import { cleanName } from '#people';
import type { Read } from './cells.js';
import { issue, quoted } from './issue.js';
import type { CampaignWorld } from './world.js';

/**
 * The session's number in this structure. A number may be qualified by a structure's slug
 * (`chantier-exemple-S01`): our own is taken off; another's, or two words that are not ours, is an unknown
 * session, told in the same words whether such a structure or session exists or not.
 */
export function readSessionCode(cell: string, world: CampaignWorld): Read<string> {
  const code = cleanName(cell)
    .name.replace(/\p{Pd}/gu, '-')
    .toUpperCase();
  if (code === '') return { fault: issue('session_missing', 'session') };
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._/-]*$/u.test(code) || code.length > 40 + world.organisation.slug.length)
    return { fault: issue('session_number_invalid', 'session', quoted(cell)) };
  if (world.sessions.some((session) => session.code === code)) return { value: code };
  const own = `${world.organisation.slug.toUpperCase()}-`;
  if (code.startsWith(own) && code.length > own.length) return { value: code.slice(own.length) };
  const qualifier = /^(.+)-[^-]+$/.exec(code)?.[1]?.toLowerCase();
  if (qualifier !== undefined && isForeign(qualifier, world))
    return { fault: issue('session_unknown', 'session') };
  return code.length > 40
    ? { fault: issue('session_number_invalid', 'session', quoted(cell)) }
    : { value: code };
}

const isForeign = (qualifier: string, world: CampaignWorld): boolean =>
  world.otherSlugs.includes(qualifier) ||
  qualifier.split('-').filter((word) => /^\p{L}{2,}$/u.test(word)).length >= 2;

/** Every session code that these cells may mean: for asking the database before the rows are read. */
export const sessionCodesIn = (cells: string[]): string[] => {
  const codes = new Set<string>();
  for (const cell of new Set(cells)) {
    const code = plainCode(cell);
    for (let rest = code; rest !== ''; ) {
      codes.add(rest);
      const dash = rest.indexOf('-');
      rest = dash < 0 ? '' : rest.slice(dash + 1);
    }
  }
  return [...codes];
};

const plainCode = (cell: string): string =>
  cleanName(cell)
    .name.replace(/\p{Pd}/gu, '-')
    .toUpperCase();
