import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { actorOf, appendAudit, uuid } from '#platform';
import { ApiClient } from './api-client.entity.js';

const cost = { N: 16_384, r: 8, p: 1 };

const derive = (secret: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });

async function hashOf(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(secret, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

async function matches(secret: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt, key] = stored.split('$');
  const expected = Buffer.from(key!, 'base64url');
  const actual = await derive(secret, Buffer.from(salt!, 'base64url'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(actual, expected);
}

// An unknown client costs as much as a wrong secret, so that the time does not tell them apart.
let nobody: Promise<string> | undefined;

/**
 * Lets a program call the API for one organisation.
 * @returns the client's id and its secret (256 random bits, base64url), which is stored only as a scrypt hash and
 *   cannot be shown again
 */
export async function createApiClient(
  tx: EntityManager,
  given: { organisationId: string; name: string; scopes: string[] },
  by = 'command-line',
): Promise<{ clientId: string; secret: string }> {
  const clientId = `client-${randomBytes(9).toString('base64url')}`;
  const secret = randomBytes(32).toString('base64url');
  await tx.insert(ApiClient, {
    id: uuid(),
    clientId,
    secretHash: await hashOf(secret),
    organisationId: given.organisationId,
    name: given.name,
    scopes: given.scopes,
    revokedAt: null,
  });
  await appendAudit(tx, [
    {
      actor: actorOf(by),
      action: 'client.created',
      subject: { clientId, organisationId: given.organisationId, scopes: given.scopes.join(',') || null },
    },
  ]);
  return { clientId, secret };
}

/** The client, when the secret is right and the client is not revoked; null otherwise, with no hint which. */
export async function authenticateApiClient(
  tx: EntityManager,
  clientId: string,
  secret: string,
): Promise<ApiClient | null> {
  const [row] = await tx.query<{ secret_hash: string }[]>(
    'SELECT secret_hash FROM api_client WHERE client_id = $1 AND revoked_at IS NULL',
    [clientId],
  );
  nobody ??= hashOf(randomBytes(32).toString('base64url'));
  const right = await matches(secret, row?.secret_hash ?? (await nobody));
  return row && right ? await tx.findOneBy(ApiClient, { clientId }) : null;
}

/** From now on the client is refused. */
export async function revokeApiClient(
  tx: EntityManager,
  clientId: string,
  by = 'command-line',
): Promise<void> {
  const [revoked] = await tx.query<[{ organisation_id: string }[], number]>(
    'UPDATE api_client SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL RETURNING organisation_id',
    [clientId],
  );
  await appendAudit(
    tx,
    revoked.map(({ organisation_id: organisationId }) => ({
      actor: actorOf(by),
      action: 'client.revoked',
      subject: { clientId, organisationId },
    })),
  );
}
