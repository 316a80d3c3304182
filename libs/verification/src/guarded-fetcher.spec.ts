import http, { type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { GuardedFetcher } from './guarded-fetcher.js';

const servers: Server[] = [];

/** A service on loopback and a fetcher whose own origin it is. */
async function serve(listener: RequestListener, options: { timeoutMs?: number } = {}) {
  const server = http.createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const fetcher = new GuardedFetcher({ ownOrigin: origin, resolve: async () => ['127.0.0.1'], ...options });
  return { origin, fetcher };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('the operator’s own service on loopback', () => {
  it('is reached under its own origin and under the https twin that did:web computes', async () => {
    const { origin, fetcher } = await serve((request, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(
        JSON.stringify({ path: request.url, accept: request.headers.accept, cookie: request.headers.cookie }),
      );
    });
    const answer = await fetcher.fetch(`${origin}/issuers/north/did.json?x=1`, 'application/did+json');
    expect(answer).toMatchObject({ status: 200, contentType: 'application/json' });
    expect(JSON.parse(answer.body)).toEqual({
      path: '/issuers/north/did.json?x=1',
      accept: 'application/did+json',
    });
    const twin = await fetcher.fetch(`${origin.replace('http:', 'https:')}/did.json`);
    expect(JSON.parse(twin.body).path).toBe('/did.json');
  });

  it('opens no other door on loopback', async () => {
    const { origin, fetcher } = await serve((_request, response) => response.end('secret'));
    const port = new URL(origin).port;
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${Number(port) + 1}/`,
      `http://user@localhost:${port}/`,
      'http://localhost/',
    ])
      await expect(fetcher.fetch(url)).rejects.toMatchObject({ code: 'fetch_refused' });
    await expect(new GuardedFetcher().fetch(`${origin}/`)).rejects.toMatchObject({ code: 'fetch_refused' });
    await expect(
      new GuardedFetcher({ ownOrigin: 'https://badges.example' }).fetch(`${origin}/`),
    ).rejects.toMatchObject({ code: 'fetch_refused' });
  });

  it('is not reached when its name leads away from loopback', async () => {
    const fetcher = new GuardedFetcher({
      ownOrigin: 'http://localhost:4180',
      resolve: async () => ['10.0.0.5'],
    });
    await expect(fetcher.fetch('http://localhost:4180/')).rejects.toMatchObject({ code: 'fetch_refused' });
  });

  it('may not redirect to a private address, to a file, or round and round', async () => {
    const { origin, fetcher } = await serve((request, response) => {
      const to = new URL(request.url!, 'http://x').searchParams.get('to')!;
      response.writeHead(302, { location: to === 'self' ? request.url! : to }).end();
    });
    for (const to of [
      'https://169.254.169.254/',
      'http://10.0.0.1/',
      'file:///etc/passwd',
      'https://localhost/',
      'self',
      'http://[',
      'http://localhost:1/',
    ])
      await expect(fetcher.fetch(`${origin}/?to=${encodeURIComponent(to)}`)).rejects.toMatchObject({
        code: 'fetch_refused',
      });
  });

  it('follows two redirects of its own and passes statuses on', async () => {
    const { origin, fetcher } = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(301, { location: '/b' }).end();
      else if (request.url === '/b') response.writeHead(307, { location: '/c' }).end();
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('none');
    });
    expect(await fetcher.fetch(`${origin}/a`)).toEqual({
      status: 404,
      contentType: 'text/plain',
      body: 'none',
      bytes: Buffer.from('none'),
      from: `${origin}/c`,
    });
  });
});

describe('limits', () => {
  it('gives up on a body of more than 1 MiB, sent plainly', async () => {
    const { origin, fetcher } = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    await expect(fetcher.fetch(origin)).rejects.toMatchObject({ code: 'fetch_failed' });
  });

  it('gives up on 100 MB hidden in 100 kB of gzip without unpacking it all', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const { origin, fetcher } = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(bomb);
    });
    const before = process.memoryUsage().rss;
    await expect(fetcher.fetch(origin)).rejects.toMatchObject({ code: 'fetch_failed' });
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });

  it('reads gzip and refuses encodings it does not know, broken ones and cut bodies', async () => {
    const { origin, fetcher } = await serve((request, response) => {
      if (request.url === '/cut') {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{');
        setTimeout(() => response.destroy(), 20);
        return;
      }
      response.setHeader('content-encoding', request.url === '/odd' ? 'zstd' : 'gzip');
      response.end(request.url === '/ok' ? gzipSync('{"a":"é"}') : 'not gzip');
    });
    expect((await fetcher.fetch(`${origin}/ok`)).body).toBe('{"a":"é"}');
    for (const path of ['/odd', '/broken', '/cut'])
      await expect(fetcher.fetch(`${origin}${path}`)).rejects.toMatchObject({ code: 'fetch_failed' });
  });

  it('waits no longer than its time, for headers, a slow body or a slow name server', async () => {
    const { origin, fetcher } = await serve(
      (request, response) => {
        if (request.url !== '/drip') return;
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
      { timeoutMs: 150 },
    );
    const slowNames = new GuardedFetcher({ timeoutMs: 150, resolve: () => new Promise(() => {}) });
    await expect(fetcher.fetch(`${origin}/silence`)).rejects.toMatchObject({ code: 'fetch_failed' });
    await expect(fetcher.fetch(`${origin}/drip`)).rejects.toMatchObject({ code: 'fetch_failed' });
    await expect(slowNames.fetch('https://badges.example/')).rejects.toMatchObject({ code: 'fetch_failed' });
  });
});
