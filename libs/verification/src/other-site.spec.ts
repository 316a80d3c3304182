import { createPublicKey } from 'node:crypto';
import { type JsonObject, jwkOf, multikeyOf } from '#signing';
import {
  anAssertion,
  assertionUrl,
  badgeUrl,
  ob2Web,
  profileUrl,
  verifyOb2,
} from '../../../test/vectors/ob2-world.js';
import {
  aBadge,
  aWeb,
  FakeWeb,
  issuerDid,
  keys,
  now,
  origin,
  rsaKid,
  signed,
  signedJwt,
} from '../../../test/vectors/world.js';
import { type Fetched, Fetcher } from './fetcher.js';
import { verifyBadge } from './verify-badge.js';

/** A web in which an address sends whoever asks it on to another one, which gives what was wanted. */
class SentOn extends Fetcher {
  constructor(
    private readonly inner: Fetcher,
    private readonly address: string,
    private readonly to: string,
  ) {
    super();
  }
  async fetch(url: string, accept?: string): Promise<Fetched> {
    const answer = await this.inner.fetch(url, accept);
    return url === this.address ? { ...answer, from: this.to } : answer;
  }
}

const host = new URL(assertionUrl).host;

describe('an address that sends its visitors on', () => {
  it.each([assertionUrl, badgeUrl, profileUrl])(
    'vouches for no hosted badge with another site: %s',
    async (address) => {
      for (const [to, verdict] of [
        ['https://anybody.example/forged.json', 'cannot_check'],
        [`https://${host}.anybody.example/x`, 'cannot_check'],
        [`https://www.${host}/b/1`, 'authentic'],
        [`https://${host}/elsewhere`, 'authentic'],
      ] as const) {
        const report = await verifyOb2(anAssertion(), {}, { fetcher: new SentOn(ob2Web(), address, to) });
        expect([to, report.verdict]).toEqual([to, verdict]);
        if (verdict === 'cannot_check')
          expect(report.checks.map(({ code }) => code)).toContain('linked_elsewhere');
      }
    },
  );

  it.each<[string, () => Promise<object | string>, string]>([
    ['a DID document', () => signed(), `${origin}/issuers/north/did.json`],
    ['a key', async () => signedJwt(aBadge()), rsaKid],
  ])('vouches for no signature with %s of another site', async (_, given, address) => {
    const verdictFrom = async (to: string) => {
      const fetcher = new SentOn(await aWeb(), address, to);
      return (await verifyBadge(await given(), { fetcher, now })).verdict;
    };
    expect(await verdictFrom('https://anybody.example/keys.json')).toBe('cannot_check');
    expect(await verdictFrom('https://notbadges.example/keys.json')).toBe('cannot_check');
    expect(await verdictFrom(`${origin}/moved.json`)).toBe('authentic');
    expect(await verdictFrom(`${origin.replace('//', '//www.')}/moved.json`)).toBe('authentic');
  });
});

describe('a file on the host of an issuer', () => {
  const address = `${origin}/issuers/north/uploads/mine.json`;
  const { credentialStatus: _status, ...badge } = aBadge();
  const forged = signedJwt(badge, address, keys.otherRsa);
  const told = async (changes: Record<string, unknown>) => {
    const fetcher = await aWeb({ [address]: jwkOf(keys.otherRsa), ...changes });
    const { verdict, checks } = await verifyBadge(forged, { fetcher, now });
    return [verdict, checks.find(({ name }) => name === 'issuer')?.code];
  };
  const document = `${origin}/issuers/north/did.json`;

  it('is no key of the issuer beside a document that lists its keys', async () => {
    expect(await told({})).toEqual(['cannot_check', 'key_not_bound']);
  });

  it('is its key where the document lists none, and leaves that to the address', async () => {
    expect(await told({ [document]: { id: issuerDid } })).toEqual(['authentic', 'issuer_key_found']);
  });
});

describe('a file on the host of an https issuer', () => {
  const issuer = 'https://good.example/';
  const at = `${issuer}uploads/mine.json`;
  const { credentialStatus: _status, ...rest } = aBadge();
  const badge: JsonObject = { ...rest, issuer: { id: issuer, type: ['Profile'], name: 'Good' } };
  const key = (id: string, of = keys.otherEd): JsonObject => ({
    id,
    type: 'Multikey',
    controller: issuer,
    publicKeyMultibase: multikeyOf(createPublicKey(of)),
  });
  const own = (...methods: JsonObject[]): JsonObject => ({
    id: issuer,
    verificationMethod: methods,
    assertionMethod: methods.map(({ id }) => id),
  });
  const byKey = (verificationMethod: string) => () =>
    signed(badge, { privateKey: keys.otherEd, verificationMethod });
  const byJwt = async () => signedJwt(badge, at, keys.otherRsa);
  const page = { verificationMethod: [key(`${at}#k`)], assertionMethod: [`${at}#k`] };
  const files: [string, () => Promise<object | string>, JsonObject][] = [
    ['a Multikey', byKey(at), key(at)],
    ['a JWK', byJwt, jwkOf(keys.otherRsa) as JsonObject],
    ['a controller document', byKey(`${at}#k`), page],
  ];

  /** @param home what the issuer's own address answers: a status, a text, JSON; nothing: it does not answer */
  const told = async (given: object | string, file: JsonObject, home?: unknown) => {
    const { pages } = await aWeb({
      [at]: file,
      [issuer]: typeof home === 'number' ? '' : home,
    });
    const statuses = new Map<string, number>(typeof home === 'number' ? [[issuer, home]] : []);
    const fetcher = new FakeWeb(pages, statuses);
    const { verdict, checks } = await verifyBadge(given, { fetcher, now });
    return [verdict, checks.find(({ name }) => name === 'issuer')?.code];
  };
  const good = ['authentic', 'issuer_key_found'];

  it.each(files)('is no key of the issuer beside a document that lists others: %s', async (_, make, file) => {
    const given = await make();
    expect(await told(given, file, own(key(`${issuer}#real`, keys.ed)))).toEqual([
      'cannot_check',
      'key_not_bound',
    ]);
    for (const home of [503, 429, 403, undefined])
      expect(await told(given, file, home)).toEqual(['cannot_check', 'issuer_unreachable']);
    expect(await told(given, file, '{"id": 1, "id": 2}')).toEqual([
      'cannot_check',
      'issuer_document_unusable',
    ]);
  });

  it.each(files)(
    'is its key where nothing else is listed at the issuer’s own address: %s',
    async (_, make, file) => {
      const given = await make();
      for (const home of [{ id: issuer }, '<!doctype html><title>Good</title>', 404, 410])
        expect(await told(given, file, home)).toEqual(good);
    },
  );

  it('is its key if the document lists it, by address or by what it is, and lets it sign', async () => {
    const given = await byKey(at)();
    const named = { ...own(key(`${issuer}#real`, keys.ed)), assertionMethod: [`${issuer}#real`, at] };
    expect(await told(given, key(at), named)).toEqual(good);
    expect(await told(given, key(at), own(key(`${issuer}#k`)))).toEqual(good);
    expect(await told(given, key(at), { ...own(key(at)), assertionMethod: [] })).toEqual([
      'not_authentic',
      'key_not_for_assertion',
    ]);
  });
});
