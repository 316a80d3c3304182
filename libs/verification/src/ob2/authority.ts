import type { JsonObject } from '#signing';
import { type Answer, failed, passed } from '../report.js';
import { said } from '../said.js';
import { verificationOf } from './shape.js';

const texts = (value: unknown): string[] | undefined =>
  value === undefined ? undefined : ([value].flat() as unknown[]).map(String);

/** Does an address begin with another one, both read as addresses: same origin, and a path that begins alike? */
function beginsWith(address: string, start: string): boolean {
  if (!URL.canParse(address) || !URL.canParse(start)) return false;
  const [one, other] = [new URL(address), new URL(start)];
  // What the text begins with, too: an address may spell '..' that reading it has taken away.
  return one.origin === other.origin && one.href.startsWith(other.href) && address.startsWith(start);
}

/**
 * May the issuer's badges stand at these addresses? Open Badges 2.0, VerificationObject of a Profile: `startsWith`,
 * `allowedOrigins` (host names, by some with their scheme); without them the Profile's own origin alone.
 * @param addresses of the assertion and of its BadgeClass
 */
export function hostedAuthority(profile: JsonObject, addresses: string[]): Answer {
  const rules = verificationOf(profile);
  const starts = texts(rules?.startsWith);
  const origins = texts(rules?.allowedOrigins);
  for (const address of addresses) {
    if (!URL.canParse(address)) return failed('host_not_authorised', address);
    const url = new URL(address);
    if (starts && !starts.some((start) => beginsWith(address, start)))
      return failed('host_not_authorised', address);
    if (origins && !origins.some((host) => [url.host, url.origin].includes(host.toLowerCase())))
      return failed('host_not_authorised', address);
    if (!starts && !origins && url.origin !== new URL(said(profile.id)).origin)
      return failed('host_not_authorised', address);
  }
  return passed('host_authorised', new URL(said(profile.id)).host);
}
