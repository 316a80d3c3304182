import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * When the connection that made signing keys is cut: before its COMMIT reaches the database, while the database
 * commits, or once it has committed and its answer is on the way.
 */
export type Cut = 'before' | 'while' | 'after';

/** Stands between a program and PostgreSQL, and cuts a ceremony's connection at its commit. */
export class CommitCutter {
  cut: Cut = 'after';
  /** Afterwards the database cannot be reached at all. */
  staysAway = false;
  /** How many were cut. */
  cuts = 0;
  private readonly sockets = new Set<Socket>();
  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** @param databaseUrl where to pass everything on to */
  static async start(databaseUrl: string): Promise<CommitCutter> {
    const server = createServer();
    const cutter = new CommitCutter(server, new URL(databaseUrl));
    server.on('connection', (client) => cutter.pass(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return cutter;
  }

  /** The database as it is reached through here. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(client: Socket): void {
    if (this.staysAway && this.cuts > 0) {
      client.destroy();
      return;
    }
    const database = connect(Number(this.target.port || 5432), this.target.hostname);
    let makesKeys = false;
    let isCommitting = false;
    const cutHere = (): void => {
      this.cuts += 1;
      client.destroy();
    };
    for (const socket of [client, database]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    }
    client.on('close', () => database.end());
    database.on('close', () => client.destroy());
    client.on('data', (part) => {
      makesKeys ||= part.includes('insert into signing_key');
      isCommitting = makesKeys && part.includes('COMMIT\0');
      if (!(isCommitting && this.cut === 'before')) database.write(part);
      if (isCommitting && this.cut !== 'after') cutHere();
    });
    database.on('data', (part) => {
      if (isCommitting && !client.destroyed && part.includes('COMMIT\0')) cutHere();
      else if (!client.destroyed) client.write(part);
    });
  }
}
