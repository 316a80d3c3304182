import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ApiClient, authenticateApiClient, isScope, type Scope } from '#people';
import { SharedTries, type TryLimit } from '../http/shared-tries.js';
import { AccessTokens, tokenLifetimeSeconds } from './access-token.js';
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
  private readonly byClient: TryLimit;
  private readonly byAddress: TryLimit;

  constructor(
    private readonly database: DataSource,
    private readonly tokens: AccessTokens,
    tries: SharedTries,
  ) {
    // One client from one address may be wrong twenty times, then once every six seconds.
    this.byClient = tries.limit({ name: 'client', size: 20, refillMs: 6_000 });
    this.byAddress = tries.limit({ name: 'token', size: 60, refillMs: 1_000 });
  }

  /** @throws OAuthRefusal */
  async run(request: TokenRequest, address: string): Promise<TokenAnswer> {
    const source = `${address} ${request.clientId.slice(0, 100)}`;
    // Taken before the secret is looked at, so that many tries at once count as many.
    refuseTooMany(await this.byClient.take(source));
    const waitMs = await this.byAddress.take(address);
    if (waitMs > 0) await this.byClient.giveBack(source);
    refuseTooMany(waitMs);
    const client = await this.clientOf(request);
    if (!client)
      throw new OAuthRefusal('invalid_client', 'Unknown client, wrong secret or revoked client', 401, {
        'www-authenticate': 'Basic realm="insigne"',
      });
    await Promise.all([this.byClient.giveBack(source), this.byAddress.giveBack(address)]);
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

  private async clientOf({ clientId, secret }: TokenRequest): Promise<ApiClient | null> {
    // Neither id nor secret we make is of another form, and the database takes no NUL.
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(clientId) || secret.length > 200) return null;
    return await authenticateApiClient(this.database.manager, clientId, secret);
  }
}

function refuseTooMany(waitMs: number): void {
  if (waitMs > 0)
    throw new OAuthRefusal('too_many_requests', 'Too many wrong secrets. Wait before the next try.', 429, {
      'retry-after': String(Math.ceil(waitMs / 1000)),
    });
}

function grantedScopes(client: ApiClient, asked: string[] | undefined): Scope[] {
  const own = client.scopes.filter(isScope);
  if (!asked) return own;
  const refused = asked.filter((scope) => !own.includes(scope as Scope));
  if (refused.length > 0)
    throw new OAuthRefusal('invalid_scope', 'The client does not have every scope that was asked for');
  return own.filter((scope) => asked.includes(scope));
}
