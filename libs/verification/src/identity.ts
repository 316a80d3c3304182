import { didWebUrl } from '#signing';
import { type Answer, passed, unknown } from './report.js';

/** Who the issuer is, and how that is known. */
export interface Identity {
  /** `register`: this installation knows the organisation; `domain`: it holds a domain; `key`: a key and no more. */
  source: 'register' | 'domain' | 'key' | 'unknown';
  /** Name in the register, never the one written in the badge. */
  name?: string;
  /** Host name, in ASCII, so that look-alike letters show. */
  domain?: string;
}

/** Organisations that an installation knows, by issuer id. */
export type KnownIssuers = (issuerId: string) => Promise<{ name: string } | undefined>;

/**
 * Who an issuer is whose key was found to be its own. A name written in a badge is never taken for an answer: anybody
 * can write any name and sign it with a key made for the purpose.
 */
export async function identityOf(issuerId: string, known?: KnownIssuers): Promise<Identity> {
  const domain = domainOf(issuerId);
  const registered = await known?.(issuerId);
  if (registered) return { source: 'register', name: registered.name, ...(domain ? { domain } : {}) };
  if (domain) return { source: 'domain', domain };
  return { source: /^did:(key|jwk):/.test(issuerId) ? 'key' : 'unknown' };
}

function domainOf(issuerId: string): string | undefined {
  const url = issuerId.startsWith('did:web:') ? didWebUrl(issuerId) : issuerId;
  if (!url || !/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}

/** The check that says it. */
export function identityAnswer({ source, name, domain }: Identity): Answer {
  if (source === 'register') return passed('identity_registered', name);
  if (source === 'domain') return passed('identity_domain', domain);
  return unknown(source === 'key' ? 'identity_bare_key' : 'identity_unknown');
}
