import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ApiClient, authenticateApiClient, isScope, type Scope } from '#people';
import { Clock } from '#platform';
import { AccessTokens, tokenLifetimeSeconds } from './access-token.js';
import { TokenBucket } from './token-bucket.js';
import { OAuthRefusal, type TokenRequest } from './token-request.js';

/** RFC 6749, section 5.1. */
export interface TokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

/** Gives a short-lived access token to a client that proves its secret. */
@Injectable()
export class IssueAccessToken {
  // One client from one address may be wrong twenty times, then once every six seconds.
  private readonly byClient = new TokenBucket(20, 6_000);
  private readonly byAddress = new TokenBucket(60, 1_000);

  constructor(
    private readonly database: DataSource,
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws OAuthRefusal */
  async run(request: TokenRequest, address: string): Promise<TokenAnswer> {
    const source = `${address} ${request.clientId.slice(0, 100)}`;
    this.refuseTooMany(source, address);
    // Taken before the secret is looked at, so that many tries at once count as many.
    this.byClient.take(source, this.clock.now().getTime());
    this.byAddress.take(address, this.clock.now().getTime());
    const client = await this.clientOf(request);
    if (!client)
      throw new OAuthRefusal('invalid_client', 'Unknown client, wrong secret or revoked client', 401, {
        'www-authenticate': 'Basic realm="insigne"',
      });
    this.byClient.giveBack(source, this.clock.now().getTime());
    this.byAddress.giveBack(address, this.clock.now().getTime());
    const scopes = grantedScopes(client, request.scopes);
    return {
      access_token: this.tokens.issue({
        clientId: client.clientId,
        organisationId: client.organisationId,
        scopes,
      }),
      token_type: 'Bearer',
      expires_in: tokenLifetimeSeconds,
      scope: scopes.join(' '),
    };
  }

  private refuseTooMany(source: string, address: string): void {
    const nowMs = this.clock.now().getTime();
    const waitMs = Math.max(this.byClient.waitMs(source, nowMs), this.byAddress.waitMs(address, nowMs));
    if (waitMs > 0)
      throw new OAuthRefusal('too_many_requests', 'Too many wrong secrets. Wait before the next try.', 429, {
        'retry-after': String(Math.ceil(waitMs / 1000)),
      });
  }

  private async clientOf({ clientId, secret }: TokenRequest): Promise<ApiClient | null> {
    // Neither id nor secret we make is of another form, and the database takes no NUL.
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(clientId) || secret.length > 200) return null;
    return await authenticateApiClient(this.database.manager, clientId, secret);
  }
}

function grantedScopes(client: ApiClient, asked: string[] | undefined): Scope[] {
  const own = client.scopes.filter(isScope);
  if (!asked) return own;
  const refused = asked.filter((scope) => !own.includes(scope as Scope));
  if (refused.length > 0)
    throw new OAuthRefusal('invalid_scope', 'The client does not have every scope that was asked for');
  return own.filter((scope) => asked.includes(scope));
}
