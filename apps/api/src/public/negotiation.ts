import Negotiator from 'negotiator';
import type { Language } from '#platform';

/** The forms one badge address has. */
export type Form = 'html' | 'json' | 'jwt';

const media: [string, Form][] = [
  ['text/html', 'html'],
  ['application/ld+json', 'json'],
  ['application/vc+ld+json', 'json'],
  ['application/vc', 'json'],
  ['application/json', 'json'],
  ['application/vc+jwt', 'jwt'],
  ['application/jwt', 'jwt'],
  ['text/plain', 'jwt'],
];

type Headers = Record<string, string | string[] | undefined>;

/**
 * The form the client prefers and the media type to answer with (RFC 9110, 12.5.1). No `Accept`, or one that takes
 * anything, gets JSON-LD from a program and HTML from a browser: a browser always names text/html.
 *
 * @param forms those that there are; all when left out
 */
export function negotiateForm(
  headers: Headers,
  forms?: readonly Form[],
): { form: Form; mediaType: string } | null {
  const accept = headers.accept;
  const offered = media.filter(([, form]) => !forms || forms.includes(form)).map(([type]) => type);
  // A program that takes anything is served the credential itself.
  const order =
    typeof accept === 'string' && accept.includes('text/html')
      ? offered
      : [...offered.filter((type) => type !== 'text/html'), 'text/html'];
  const chosen = new Negotiator({ headers: headers as Record<string, string> }).mediaType(order);
  const found = media.find(([type]) => type === chosen);
  return found ? { form: found[1], mediaType: found[0] } : null;
}

/**
 * The media type of an Open Badges 2.0 document: JSON-LD unless only JSON is accepted, a page only for who prefers one.
 * Whoever accepts something else gets JSON-LD all the same: there is nothing else to give.
 */
export function negotiateLinkedData(
  headers: Headers,
): 'application/ld+json' | 'application/json' | 'text/html' {
  const offered = ['application/ld+json', 'application/json', 'text/html'] as const;
  const chosen = new Negotiator({ headers: headers as Record<string, string> }).mediaType([...offered]);
  return offered.find((type) => type === chosen) ?? 'application/ld+json';
}

/** French unless the address says `?lang=en` or the browser prefers English. */
export function negotiateLanguage(headers: Headers, asked?: unknown): Language {
  if (asked === 'fr' || asked === 'en') return asked;
  return new Negotiator({ headers: headers as Record<string, string> }).language(['fr', 'en']) === 'en'
    ? 'en'
    : 'fr';
}
