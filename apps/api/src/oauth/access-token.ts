import { createSecretKey, type KeyObject } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { isScope, type Scope } from '#people';
import { Clock, uuid } from '#platform';
import { HttpSettings } from '../http/settings.js';

export const tokenLifetimeSeconds = 900;

/** What an access token says. */
export interface AccessToken {
  clientId: string;
  organisationId: string;
  scopes: Scope[];
}

/**
 * Access tokens: JWT (RFC 9068) signed with HS256, for this service's own API alone. Only the api process makes and
 * reads them, so that one secret is enough.
 */
export class AccessTokens {
  private readonly audience: string;
  private readonly key: KeyObject;

  constructor(
    private readonly settings: HttpSettings,
    private readonly clock: Clock,
  ) {
    if (Buffer.byteLength(settings.tokenSecret) < 32)
      throw new Error('The secret of the access tokens has at least 32 bytes');
    this.key = createSecretKey(Buffer.from(settings.tokenSecret));
    this.audience = `${settings.origin}/api/v1`;
  }

  issue({ clientId, organisationId, scopes }: AccessToken): string {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const claims = {
      org: organisationId,
      scope: scopes.join(' '),
      iat: now,
      exp: now + tokenLifetimeSeconds,
    };
    return jsonwebtoken.sign(claims, this.key, {
      algorithm: 'HS256',
      issuer: this.settings.origin,
      audience: this.audience,
      subject: clientId,
      jwtid: uuid(),
      header: { alg: 'HS256', typ: 'at+jwt' },
    });
  }

  /** What a token says, undefined when it is not ours, was changed or has expired. */
  read(token: string): AccessToken | undefined {
    try {
      const { header, payload } = jsonwebtoken.verify(token, this.key, {
        algorithms: ['HS256'],
        issuer: this.settings.origin,
        audience: this.audience,
        clockTimestamp: Math.floor(this.clock.now().getTime() / 1000),
        complete: true,
      });
      if (header.typ !== 'at+jwt' || typeof payload === 'string') return undefined;
      const { sub, org, scope, exp } = payload;
      if (
        typeof sub !== 'string' ||
        typeof org !== 'string' ||
        typeof scope !== 'string' ||
        exp === undefined
      )
        return undefined;
      return { clientId: sub, organisationId: org, scopes: scope.split(' ').filter(isScope) };
    } catch (error) {
      if (error instanceof jsonwebtoken.JsonWebTokenError) return undefined;
      throw error;
    }
  }
}
