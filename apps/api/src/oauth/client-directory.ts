import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiClient } from '#people';
import { Clock } from '#platform';

/** How long a revoked client can go on at most. */
const clientCacheMs = 2_000;
const maxClients = 1_000;

interface Remembered {
  client: Promise<ApiClient | null>;
  readAtMs: number;
}

/** API clients as they are now, read again after two seconds. Revoked ones are not found. */
@Injectable()
export class ClientDirectory {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async active(clientId: string): Promise<ApiClient | null> {
    const nowMs = this.clock.now().getTime();
    const known = this.remembered.get(clientId);
    if (known && nowMs - known.readAtMs < clientCacheMs) return await known.client;
    const client = this.read(clientId);
    this.remembered.delete(clientId);
    this.remembered.set(clientId, { client, readAtMs: nowMs });
    if (this.remembered.size > maxClients) this.remembered.delete(this.remembered.keys().next().value!);
    try {
      return await client;
    } catch (error) {
      this.remembered.delete(clientId);
      throw error;
    }
  }

  private async read(clientId: string): Promise<ApiClient | null> {
    const client = await this.database.getRepository(ApiClient).findOneBy({ clientId });
    return client && client.revokedAt === null ? client : null;
  }
}
