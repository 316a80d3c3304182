import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { isPublicAddress, refusalOfUrl } from './addresses.js';
import { GuardedFetcher, type GuardedFetcherOptions } from './guarded-fetcher.js';

const servers: Server[] = [];
const sockets = new Set<Socket>();

/** A server that says what it likes on the wire, and a fetcher whose own origin it is. */
async function wire(answer: (socket: Socket, path: string) => void, options: GuardedFetcherOptions = {}) {
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (bytes) => answer(socket, bytes.toString('latin1').split(' ')[1] ?? '/'));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const fetcher = new GuardedFetcher({
    ownOrigin: origin,
    resolve: async () => ['127.0.0.1'],
    timeoutMs: 400,
    ...options,
  });
  return { origin, fetcher };
}

const head = (lines: string[] = [], status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\n${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`;
const whole = (socket: Socket, body: Buffer | string, lines: string[] = []): void => {
  socket.write(head([...lines, `Content-Length: ${Buffer.byteLength(body)}`]));
  socket.end(body);
};

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe('a hostile server', () => {
  const drip = (socket: Socket, bytes: string): void => {
    let i = 0;
    const timer = setInterval(() => {
      if (socket.destroyed || i >= bytes.length) clearInterval(timer);
      else socket.write(bytes[i++]!);
    }, 10);
  };
  const endless = (socket: Socket, piece: string): void => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };

  it.each<[string, (socket: Socket) => void]>([
    ['sends its headers a byte at a time', (socket) => drip(socket, head(['X: '.padEnd(5_000, 'x')]))],
    ['sends a header of a megabyte', (socket) => socket.end(head([`X: ${'x'.repeat(1_048_576)}`]))],
    [
      'sends ten thousand headers',
      (socket) => socket.end(head(Array.from({ length: 10_000 }, (_, i) => `X${i}: y`))),
    ],
    [
      'sends headers without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        endless(socket, 'X: y\r\n');
      },
    ],
    ['sends hints without end', (socket) => endless(socket, 'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n')],
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    [
      'changes the protocol',
      (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
    ['hangs up', (socket) => socket.destroy()],
    [
      'resets in the middle of gzip',
      (socket) => {
        socket.write(head(['Content-Encoding: gzip', 'Content-Length: 9999']));
        socket.write(gzipSync('{"a":1}').subarray(0, 12));
        setTimeout(() => socket.resetAndDestroy(), 20);
      },
    ],
    [
      'sends chunks without end',
      (socket) => {
        socket.write(head(['Transfer-Encoding: chunked']));
        endless(socket, `10000\r\n${'x'.repeat(65_536)}\r\n`);
      },
    ],
    ['says two lengths', (socket) => socket.end(`${head(['Content-Length: 2', 'Content-Length: 3'])}{}x`)],
    ['packs twice', (socket) => whole(socket, gzipSync(gzipSync('{}')), ['Content-Encoding: gzip, gzip'])],
    [
      'cuts its gzip',
      (socket) => whole(socket, gzipSync('{"a":1}').subarray(0, 15), ['Content-Encoding: gzip']),
    ],
    ['packs 64 MiB with brotli', (socket) => whole(socket, brotli64, ['Content-Encoding: br'])],
    ['packs 64 MiB with deflate', (socket) => whole(socket, deflate64, ['Content-Encoding: deflate'])],
  ])('that %s is given up on', async (_what, answer) => {
    const { origin, fetcher } = await wire(answer);
    await expect(fetcher.fetch(`${origin}/`)).rejects.toMatchObject({ code: 'fetch_failed' });
  });

  it('takes no more memory than the limit of a body', async () => {
    const { origin, fetcher } = await wire((socket) =>
      whole(socket, deflate64, ['Content-Encoding: deflate']),
    );
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i += 1) await fetcher.fetch(`${origin}/`).catch(() => undefined);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('may answer with an error and a page, which is passed on as such', async () => {
    const { origin, fetcher } = await wire((socket) => socket.end(`${head([], '503 Busy')}<html>`));
    expect(await fetcher.fetch(`${origin}/`)).toMatchObject({ status: 503, body: '<html>' });
  });
});

describe('redirects', () => {
  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://0x7f000001/',
    'https:\\\\127.0.0.1\\',
    '//127.0.0.1/',
    '//10.0.0.1/',
    'https://user:secret@badges.example/',
    'https://badges.example:22/',
    'http://badges.example/',
    'gopher://badges.example/',
    'data:application/json,{}',
    'https://169.254.169.254/latest/meta-data/',
    'https://metadata.google.internal/',
    'https://localhost.:443/',
  ])('to %p are refused', async (location) => {
    const { origin, fetcher } = await wire((socket) =>
      socket.end(head([`Location: ${location}`], '302 Found')),
    );
    await expect(fetcher.fetch(`${origin}/`)).rejects.toMatchObject({ code: 'fetch_refused' });
  });

  it('are looked up again: a name that turns private in between is refused', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.5']];
    const { origin, fetcher } = await wire((socket) => socket.end(head(['Location: /next'], '302 Found')), {
      resolve: async () => answers.shift() ?? [],
    });
    await expect(fetcher.fetch(`${origin}/`)).rejects.toMatchObject({ code: 'fetch_refused' });
    expect(answers).toEqual([]);
  });
});

describe('a name that answers differently each time', () => {
  it('is looked up once, and the connection goes to that answer', async () => {
    let looked = 0;
    const { origin, fetcher } = await wire((socket) => whole(socket, '{}'), {
      resolve: async () => {
        looked += 1;
        return looked === 1 ? ['127.0.0.1'] : ['10.0.0.5'];
      },
    });
    expect((await fetcher.fetch(`${origin}/`)).status).toBe(200);
    expect(looked).toBe(1);
  });

  it('is refused when one of its answers is private, whatever the order', async () => {
    for (const addresses of [
      ['93.184.215.14', '10.0.0.1'],
      ['::1', '93.184.215.14'],
      ['93.184.215.14', 'fe80::1%1'],
    ])
      await expect(
        new GuardedFetcher({ resolve: async () => addresses }).fetch('https://badges.example/'),
      ).rejects.toMatchObject({ code: 'fetch_refused' });
  });
});

describe('more spellings of the machine itself and its neighbours', () => {
  it.each([
    'https://[::7f00:1]/',
    'https://[0000::1]/',
    'https://[::ffff:0:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::a00:1]/',
    'https://[2002:a00:1::]/',
    'https://[2001::a00:1]/',
    'https://[fec0::1]/',
    'https://[100::1]/',
    'https://[5f00::1]/',
    'https://127.0.0.1./',
    'https://127.0.1/',
    'https://0300.0250.0.1/',
    'https://3232235521/',
    'https://0xc0.0xa8.0.1/',
    'https://１２７.0.0.1/',
    'https://localhost%2e/',
    'https://localhost:443/',
    'https://ip6-localhost/',
    'https://127.0.0.1\\@badges.example/',
    'https://badges.example@127.0.0.1/',
    'https://badges.example#@127.0.0.1:22/',
    'https://badges.example:0/',
    'https://badges.example:65536/',
    'https:///127.0.0.1/',
    'HTTPS://LOCALHOST/',
    ' https://127.0.0.1/',
  ])('%p is not asked, or asked as what it says', (url) => {
    const reason = refusalOfUrl(url);
    // A fragment is never sent: what is left is the public name.
    if (url.includes('#')) expect(new URL(url).hostname).toBe('badges.example');
    else expect(reason).toBeDefined();
  });

  it('no address of a private, tunnelled or reserved range is public', () => {
    for (const address of [
      '::7f00:1',
      '64:ff9b:1::a00:1',
      'fec0::1',
      '100::1',
      '5f00::1',
      '0.1.2.3',
      '192.0.0.8',
      '198.19.255.255',
    ])
      expect(isPublicAddress(address)).toBe(false);
  });
});

const brotli64 = brotliCompressSync(Buffer.alloc(64 * 1024 * 1024), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
});
const deflate64 = deflateSync(Buffer.alloc(64 * 1024 * 1024));
