import fastify, { type FastifyInstance } from 'fastify';
import { OwnPagesFetcher } from './own-pages-fetcher.js';

const origins = ['https://badges.example', 'http://localhost:4180'];

describe.each(origins)('our own pages, at %s', (origin) => {
  let server: FastifyInstance;
  let asked: Record<string, unknown>[];
  const pages = (timeoutMs?: number): OwnPagesFetcher =>
    new OwnPagesFetcher(origin, (request) => server.inject(request), timeoutMs);
  const codeOf = (address: string, timeoutMs?: number): Promise<string> =>
    pages(timeoutMs)
      .fetch(address)
      .then(
        ({ status }) => String(status),
        (error: { code: string }) => error.code,
      );

  beforeEach(() => {
    asked = [];
    server = fastify();
    server.addHook('onRequest', async ({ url, headers }) => void asked.push({ url, ...headers }));
    server.get('/b/1', (_request, reply) => reply.type('application/ld+json; charset=utf-8').send('{"é":1}'));
    server.get('/gone', (_request, reply) => reply.status(410).send('{}'));
    server.get('/v/1', (_request, reply) => reply.redirect('/b/1?lang=fr'));
    server.get('/round', (_request, reply) => reply.redirect('/round'));
    server.get('/away', (_request, reply) => reply.redirect('https://elsewhere.example/b/1'));
    server.get('/large', (_request, reply) => reply.send(Buffer.alloc(1_048_577)));
    server.get('/slow', () => new Promise(() => {}));
    server.get('/broken', () => {
      throw new Error('no');
    });
  });
  afterEach(() => server.close());

  it('are answered without a network, bytes, type and state as anybody gets them', async () => {
    const { status, contentType, body, bytes } = await pages().fetch(`${origin}/b/1?x=1`, 'text/plain');
    expect([status, contentType, body, bytes]).toEqual([
      200,
      'application/ld+json',
      '{"é":1}',
      Buffer.from('{"é":1}'),
    ]);
    expect(asked).toEqual([
      expect.objectContaining({ url: '/b/1?x=1', accept: 'text/plain', host: new URL(origin).host }),
    ]);
    expect(asked[0]).not.toHaveProperty('authorization');
    expect([await codeOf(`${origin}/gone`), await codeOf(`${origin}/none`)]).toEqual(['410', '404']);
    expect(await codeOf(`${origin}/broken`)).toBe('500');
  });

  it('follow a redirect within the service, and none out of it or without end', async () => {
    expect((await pages().fetch(`${origin}/v/1`)).body).toBe('{"é":1}');
    expect(await codeOf(`${origin}/away`)).toBe('fetch_refused');
    expect(await codeOf(`${origin}/round`)).toBe('fetch_refused');
  });

  it.each([
    'https://elsewhere.example/b/1',
    'http://localhost:4181/b/1',
    'https://badges.example.evil.example/b/1',
    'ftp://badges.example/b/1',
    'not an address',
  ])('are nobody else’s: %s', async (address) => {
    expect(await codeOf(address)).toBe('fetch_refused');
    expect(asked).toEqual([]);
  });

  it('are asked without a name or password', async () => {
    expect(await codeOf(`${origin.replace('//', '//who:what@')}/b/1`)).toBe('fetch_refused');
  });

  it('fail when they are too large or too late', async () => {
    expect(await codeOf(`${origin}/large`)).toBe('fetch_failed');
    expect(await codeOf(`${origin}/slow`, 20)).toBe('fetch_failed');
  });
});
