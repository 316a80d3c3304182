import type { Json } from '#badges';

/** The header that was last found right for each key's address: all badges of an issuer have one. */
export class JwtHeaders {
  private readonly right = new Map<string, string>();

  /** Is this the header, in base64url, of a JWT signed with RS256 by the key at this address? */
  isOf(head: string, kid: string): boolean {
    if (this.right.get(kid) === head) return true;
    const header = parsed(Buffer.from(head, 'base64url').toString());
    if (header?.alg !== 'RS256' || header.kid !== kid) return false;
    this.right.set(kid, head);
    return true;
  }
}

/** The object that a JSON text says, if it is one. */
export function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
