import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { limitConnecting } from './connect-limit.js';

const servers: Server[] = [];
const sockets = new Set<Socket>();

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const answerOf = (from: typeof http | typeof https, port: number, ms: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const request = from.get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    limitConnecting(request, ms);
  });

describe('the time to connect', () => {
  it('ends a call to a server that takes it and never shakes hands', async () => {
    const port = await listen(() => {});
    await expect(answerOf(https, port, 100)).rejects.toThrow('no connection within 100 ms');
  });

  it('is over once connected: a slow answer has the time of the whole fetch', async () => {
    const port = await listen((socket) => {
      socket.once('data', () => {
        setTimeout(() => socket.end('HTTP/1.1 204 No Content\r\n\r\n'), 900);
      });
    });
    expect(await answerOf(http, port, 600)).toBe(204);
  });
});
