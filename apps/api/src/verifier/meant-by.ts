import { readShortCode } from '#badges';
import { isPublicId } from '#platform';
import { addressIn, isAddress } from '#verification';

/**
 * What somebody means by what they typed or pasted: a code or an address from paper, an address without its beginning or
 * inside a sentence mean the address; a JWT that a mail program broke into lines is the JWT. Anything else is itself.
 * @param origin of this service
 * @param atShortCode the public id of the shown badge that a short code leads to
 */
export async function meantBy(
  typed: string,
  origin: string,
  atShortCode: (code: string) => Promise<string | null | undefined>,
): Promise<string> {
  const text = typed.trim();
  if (isPublicId(text.toLowerCase())) return `${origin}/b/${text.toLowerCase()}`;
  const address = addressMeant(text, origin);
  const code = readShortCode(address === undefined ? text : (shortCodeOf(address, origin) ?? ''));
  if (code) {
    const id = await atShortCode(code);
    return id ? `${origin}/b/${id}` : `${origin}/v/${code}`;
  }
  if (address !== undefined) return address;
  const joined = text.replace(/\s+/g, '');
  return /^ey[\w-]+\.[\w-]+\.[\w-]*$/.test(joined) ? joined : typed;
}

function addressMeant(text: string, origin: string): string | undefined {
  if (isAddress(text)) return text;
  const inside = addressIn(text);
  if (inside !== undefined) return inside;
  const { host, protocol } = new URL(origin);
  const own = text.split(/\s+/).filter((word) => word.toLowerCase().startsWith(`${host}/`));
  if (own.length === 1) return `${protocol}//${own[0]!.replace(/[.,;:!?)]+$/, '')}`;
  const isSite = /^(www\.\S+|[a-z0-9-]+(\.[a-z0-9-]+)+\/\S+)$/i.test(text);
  return isSite ? `https://${text}` : undefined;
}

/** What stands behind /v/ in a short address of this service. */
function shortCodeOf(address: string, origin: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.host !== new URL(origin).host) return undefined;
  const typed = /^\/v\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  try {
    return typed && decodeURIComponent(typed);
  } catch {
    return undefined;
  }
}
