/** An error of RFC 6749, section 5.2, with the status and headers it is answered with. */
export class OAuthRefusal extends Error {
  constructor(
    readonly error:
      | 'invalid_request'
      | 'invalid_client'
      | 'unsupported_grant_type'
      | 'invalid_scope'
      | 'too_many_requests',
    readonly description: string,
    readonly status = 400,
    readonly headers: Record<string, string> = {},
  ) {
    super(description);
    this.name = 'OAuthRefusal';
  }
}

export interface TokenRequest {
  clientId: string;
  secret: string;
  /** Undefined: everything the client may do. */
  scopes: string[] | undefined;
  usedBasic: boolean;
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

function basicCredentials(authorization: string): { clientId: string; secret: string } {
  const [, encoded] = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  try {
    if (colon > 0)
      return { clientId: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
  } catch {}
  throw new OAuthRefusal('invalid_request', 'The Authorization header is not valid Basic authentication');
}

/**
 * Reads a client credentials request (RFC 6749, sections 2.3.1 and 4.4.2): a form, the client by Basic authentication
 * or in the form, not both.
 * @throws OAuthRefusal
 */
export function readTokenRequest(
  body: unknown,
  authorization: string | undefined,
  type: string | undefined,
): TokenRequest {
  if (
    !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type ?? '') ||
    typeof body !== 'object' ||
    body === null
  )
    throw new OAuthRefusal('invalid_request', 'Send a form (application/x-www-form-urlencoded)');
  const form: Record<string, string> = {};
  for (const [name, value] of Object.entries(body)) {
    if (typeof value !== 'string')
      throw new OAuthRefusal('invalid_request', 'A parameter is given more than once');
    if (value.length > 2_000) throw new OAuthRefusal('invalid_request', 'A parameter is too long');
    form[name] = value;
  }
  if (!form.grant_type) throw new OAuthRefusal('invalid_request', 'grant_type is missing');
  if (form.grant_type !== 'client_credentials')
    throw new OAuthRefusal('unsupported_grant_type', 'Only grant_type=client_credentials is known here');
  const scopes = form.scope?.split(' ').filter((scope) => scope !== '');
  const common = { scopes: scopes?.length ? scopes : undefined };
  if (authorization !== undefined) {
    const credentials = basicCredentials(authorization);
    if (form.client_secret !== undefined || (form.client_id ?? credentials.clientId) !== credentials.clientId)
      throw new OAuthRefusal(
        'invalid_request',
        'Give the client once: by Basic authentication or in the form',
      );
    return { ...credentials, ...common, usedBasic: true };
  }
  if (!form.client_id || !form.client_secret)
    throw new OAuthRefusal('invalid_client', 'The client is missing: client_id and client_secret', 401, {
      'www-authenticate': 'Basic realm="insigne"',
    });
  return { clientId: form.client_id, secret: form.client_secret, ...common, usedBasic: false };
}
