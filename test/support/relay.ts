import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a program and its database, so that it can be away for this program alone. */
export class Relay {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly target: URL,
    private port = 0,
  ) {}

  /** @param address of the database */
  static async before(address: string): Promise<Relay> {
    const relay = new Relay(new URL(address));
    await relay.restore();
    return relay;
  }

  /** The database's address by this way. */
  get address(): string {
    const address = new URL(this.target);
    address.host = `127.0.0.1:${this.port}`;
    return address.href;
  }

  /** Ends every connection and takes no new one. */
  cut(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Takes connections again, at the same address. */
  async restore(): Promise<void> {
    const server = createServer((here) => {
      const there = connect(Number(this.target.port), this.target.hostname);
      for (const [one, other] of [
        [here, there],
        [there, here],
      ] as const) {
        this.sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => other.destroy() && this.sockets.delete(one));
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
    this.server = server;
  }
}
