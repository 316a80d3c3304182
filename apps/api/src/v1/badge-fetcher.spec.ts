import { type Fetched, Fetcher } from '#verification';
import { BadgeFetcher } from './badge-fetcher.js';

class Named extends Fetcher {
  constructor(private readonly name: string) {
    super();
  }
  async fetch(): Promise<Fetched> {
    return { status: 200, contentType: 'text/plain', body: this.name };
  }
}

const origin = 'http://localhost:4180';
const fetcher = new BadgeFetcher(origin, new Named('own'), new Named('published'), new Named('others'));
const answers = async (url: string): Promise<string> => (await fetcher.fetch(url)).body;

describe('where a verification asks', () => {
  it.each([
    ['/b/0000000000000000000000000a.json', 'own'],
    ['/issuers/north/did.json', 'own'],
    ['/status/0000000000000000000000000a', 'own'],
    ['/b/0000000000000000000000000a/ob2.json', 'published'],
    ['/issuers/north/ob2.json', 'published'],
    ['/issuers/north/ob2/revoked.json', 'published'],
    ['/issuers/north/keys/rs-1/ob2.json', 'published'],
    ['/b/0000000000000000000000000a', 'own'],
    ['/b/0000000000000000000000000a.jwt', 'published'],
    ['/b/0000000000000000000000000a.png', 'published'],
    ['/b/0000000000000000000000000a.svg?download', 'published'],
    ['/b/0000000000000000000000000a/ob2.jws', 'published'],
    ['/records/0000000000000000000000000a', 'published'],
    ['/records/0000000000000000000000000a.jwt', 'published'],
    ['/endorsements/0000000000000000000000000a.json', 'published'],
    ['/v/0abc-defg-hjkm', 'published'],
    ['/records', 'own'],
    ['/v/../operations', 'own'],
    ['/b/a/ob2.jws/x', 'own'],
    ['/metrics', 'own'],
    ['/metrics?x=/ob2.json', 'own'],
    ['/metrics#/ob2.json', 'own'],
    ['/b/../metrics', 'own'],
  ])('answers %s from: %s', async (path, from) => {
    expect(await answers(`${origin}${path}`)).toBe(from);
    expect(await answers(`https://localhost:4180${path}`)).toBe(from);
  });

  it('asks others on the network, whatever their path', async () => {
    for (const url of [
      'https://badges.example/ob2.json',
      'http://localhost:4181/b/a/ob2.json',
      'not an address',
    ])
      expect(await answers(url)).toBe('others');
  });
});
