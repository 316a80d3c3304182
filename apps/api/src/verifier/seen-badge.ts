import type { BadgeReport } from '#verification';

/** What a badge says of itself, as far as a page shows it: plain texts of limited length, dates that are dates. */
export interface SeenBadge {
  title?: string;
  learner?: string;
  issuer?: string;
  /** ISO 8601 dates, YYYY-MM-DD. */
  from?: string;
  until?: string;
}

type Json = Record<string, unknown>;

const longest = 200;
// Letters that would turn the words around them on our page.
const steering = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A stranger's text without what would turn the words around it. */
export const plainText = (text: string): string => text.replace(steering, ' ').trim().slice(0, longest);

function textOf(value: unknown): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  const text =
    typeof one === 'object' && one !== null ? ((one as Json)['@value'] ?? Object.values(one)[0]) : one;
  if (typeof text !== 'string') return undefined;
  return plainText(text) || undefined;
}

// Years of more than four digits have another form, which no page can write as a date.
function dayOf(value: unknown): string | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  const day = Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10);
  return /^\d{4}-\d\d-\d\d$/.test(day) ? day : undefined;
}

const objectOf = (value: unknown): Json =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Json;

/** Reads a badge of either version leniently: it is shown, not judged. Never throws. */
export function seenBadge({ credential, subject, issuer, badgeClass }: BadgeReport): SeenBadge {
  const badge = objectOf(credential);
  const achievement = objectOf(objectOf(badge.credentialSubject).achievement);
  const seen: SeenBadge = {
    title: textOf(badge.name) ?? textOf(achievement.name) ?? textOf(badgeClass?.name),
    learner: textOf(subject?.name) ?? textOf(subject?.email),
    issuer: textOf(issuer?.name) ?? textOf(issuer?.id),
    from: dayOf(badge.validFrom ?? badge.issuanceDate ?? badge.issuedOn),
    until: dayOf(badge.validUntil ?? badge.expirationDate ?? badge.expires),
  };
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined));
}
