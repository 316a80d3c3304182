import { createHash } from 'node:crypto';
import { encode as base58 } from 'base58-universal';
import { bundledContexts, vcContext } from '#signing';
import { type Fetched, Fetcher, FetchFailed } from './fetcher.js';
import { checkRelatedResources } from './related-resources.js';

const page = 'https://example.org/page';
const text = 'What everybody should read.';

/** Knows one page, and is told of each address it is asked for. */
class OnePage extends Fetcher {
  readonly asked: string[] = [];
  constructor(private readonly body = text) {
    super();
  }
  async fetch(url: string): Promise<Fetched> {
    this.asked.push(url);
    if (url !== page) throw new FetchFailed('fetch_failed', `${url} does not answer`);
    return { status: 200, contentType: 'text/plain', body: this.body };
  }
}

const sri = (bytes: Buffer | string, algorithm = 'sha384'): string =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;
const multihash = (bytes: Buffer | string, algorithm: 'sha256' | 'sha384' = 'sha256'): Buffer =>
  Buffer.concat([
    Buffer.from(algorithm === 'sha256' ? '1220' : '2030', 'hex'),
    createHash(algorithm).update(bytes).digest(),
  ]);

const outcomeOf = async (relatedResource: unknown, fetcher: Fetcher = new OnePage()): Promise<string> => {
  const { outcome, code } = await checkRelatedResources({ relatedResource }, fetcher);
  return `${outcome} ${code}`;
};

describe('the digest of a related resource', () => {
  it.each([
    ['SHA-256 as SRI', { digestSRI: sri(text, 'sha256') }],
    ['SHA-384 as SRI', { digestSRI: sri(text) }],
    ['SHA-512 as SRI', { digestSRI: sri(text, 'sha512') }],
    ['one good of two of the same strength', { digestSRI: `${sri('other')} ${sri(text)}` }],
    ['a multihash in base58', { digestMultibase: `z${base58(multihash(text))}` }],
    ['a multihash in base64url', { digestMultibase: `u${multihash(text, 'sha384').toString('base64url')}` }],
    ['both forms', { digestSRI: sri(text), digestMultibase: `u${multihash(text).toString('base64url')}` }],
  ])('fits as %s', async (_, digest) => {
    expect(await outcomeOf({ id: page, ...digest })).toBe('passed resources_unchanged');
  });

  it.each([
    ['another text', { digestSRI: sri('another') }],
    [
      'a weaker good one beside a stronger wrong one',
      { digestSRI: `${sri(text, 'sha256')} ${sri('another', 'sha512')}` },
    ],
    ['another multihash', { digestMultibase: `u${multihash('another').toString('base64url')}` }],
    [
      'one wrong form beside a good one',
      { digestSRI: sri(text), digestMultibase: `z${base58(multihash('another'))}` },
    ],
    [
      'a digest that is cut short',
      { digestMultibase: `u${multihash(text).subarray(0, 20).toString('base64url')}` },
    ],
  ])('fails with %s', async (_, digest) => {
    expect(await outcomeOf({ id: page, ...digest })).toBe('failed resource_changed');
  });

  it.each([
    ['an algorithm nobody should use', { digestSRI: 'md5-AAAA' }],
    ['no base58', { digestMultibase: 'z0OIl' }],
    ['another base', { digestMultibase: 'f1220' }],
    ['another multihash', { digestMultibase: `u${Buffer.from('1114aaaa', 'hex').toString('base64url')}` }],
    ['none', {}],
  ])('cannot be compared with %s', async (_, digest) => {
    expect(await outcomeOf({ id: page, ...digest })).toBe('unknown digest_unknown');
  });

  it.each([[null], ['text'], [7], {}, { id: 7 }].map((given) => [given]))(
    'is unknown, and no error, of %j',
    async (given) => {
      const fetcher = new OnePage();
      expect(await outcomeOf(given, fetcher)).toBe('unknown digest_unknown');
      expect(fetcher.asked).toEqual([]);
    },
  );

  it('cannot be compared with what is no text', async () => {
    expect(await outcomeOf({ id: page, digestSRI: sri(text) }, new OnePage('\uFFFD'))).toBe(
      'unknown digest_unknown',
    );
  });

  it('is unknown while the resource does not answer', async () => {
    expect(await outcomeOf({ id: 'https://example.org/away', digestSRI: sri(text) })).toBe(
      'unknown resource_unreachable',
    );
  });

  it('is compared with our own bytes of a context, without asking anybody', async () => {
    const fetcher = new OnePage();
    const digestSRI = sri(bundledContexts.bytes(vcContext));
    expect(await outcomeOf([{ id: vcContext, digestSRI }], fetcher)).toBe('passed resources_unchanged');
    expect(await outcomeOf([{ id: vcContext, digestSRI: sri('x') }], fetcher)).toBe(
      'failed resource_changed',
    );
    expect(fetcher.asked).toEqual([]);
  });

  it('is asked for ten resources at most', async () => {
    const fetcher = new OnePage();
    const many = Array.from({ length: 11 }, () => ({ id: page, digestSRI: sri(text) }));
    expect(await outcomeOf(many, fetcher)).toBe('unknown resources_too_many');
    expect(fetcher.asked).toEqual([]);
    expect(await outcomeOf(undefined, fetcher)).toBe('passed resources_none');
  });
});
