import { endQueueConnection, queueConnection, queueEngine } from './queue.js';

const databaseUrl = 'postgres://insigne_worker:secret@127.0.0.1:5432/insigne';

describe('the engine of the queue', () => {
  it('is Redis when an address is given, else the database', () => {
    expect(queueEngine({ redisUrl: 'redis://127.0.0.1:6379', databaseUrl })).toEqual({
      kind: 'redis',
      url: 'redis://127.0.0.1:6379',
    });
    for (const redisUrl of [undefined, ''])
      expect(queueEngine({ redisUrl, databaseUrl })).toEqual({ kind: 'postgres', url: databaseUrl });
  });

  it('on PostgreSQL keeps to its own schema and as few connections as it is allowed', () => {
    const engine = queueEngine({ databaseUrl });
    expect(queueConnection(engine, 2)).toEqual({
      connectionString: databaseUrl,
      schema: 'bullmq',
      max: 2,
    });
    expect(() => endQueueConnection(queueConnection(engine))).not.toThrow();
  });

  it('on Redis waits through an outage instead of failing each request, and ends when told', async () => {
    const connection = queueConnection(
      queueEngine({ redisUrl: 'redis://127.0.0.1:1', databaseUrl }),
    ) as never as {
      options: { maxRetriesPerRequest: unknown };
      status: string;
      on(event: string, listener: () => void): void;
    };
    connection.on('error', () => undefined);
    expect(connection.options.maxRetriesPerRequest).toBeNull();
    const ended = new Promise<void>((resolve) => connection.on('end', resolve));
    endQueueConnection(connection as never);
    await ended;
    expect(connection.status).toBe('end');
  });
});
