import type { JsonObject } from '#signing';
import { type BadgeOptions, type BadgeReport, KeyDocuments, verifyBadge } from '#verification';
import { aBadge, answer, aWeb, FakeWeb, issuerDid, keys, now, origin, otherDid, signed } from './world.js';

const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
const verify = async (
  input: string | object,
  changes: Record<string, unknown> = {},
  given: Partial<BadgeOptions> = {},
): Promise<BadgeReport> => verifyBadge(input, { fetcher: await aWeb(changes), now, ...given });

const bySouth = { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` };
const south = { id: otherDid, type: ['Profile'], name: 'Structure du Sud' };

describe('keys of strangers, remembered for an outage', () => {
  const day = 24 * 60 * 60 * 1000;
  const at = (ms: number) => new Date(now.getTime() + ms);

  it('serve for 24 hours, clearly said, and not a minute longer', async () => {
    const keyDocuments = new KeyDocuments();
    const badge = await signed();
    await verify(badge, {}, { keyDocuments });
    const away = { [`${origin}/issuers/north/did.json`]: undefined };
    const later = await verify(badge, away, { keyDocuments, now: at(day - 60_000) });
    expect([later.verdict, answer(later, 'issuer')]).toEqual(['authentic', 'passed issuer_key_seen_before']);
    expect(later.checks.find(({ name }) => name === 'issuer')?.remark).toBe(
      'seen on 2026-11-22T12:00:00.000Z',
    );
    const tooLate = await verify(badge, away, { keyDocuments, now: at(day + 60_000) });
    expect([tooLate.verdict, answer(tooLate, 'issuer')]).toEqual([
      'cannot_check',
      'unknown issuer_unreachable',
    ]);
  });

  it('do not serve past a revocation or a disappearance seen later, nor from another address', async () => {
    const badge = await signed();
    const url = `${origin}/issuers/north/did.json`;
    const document = plain(JSON.parse((await aWeb()).pages.get(url)!));
    for (const seen of [{ ...document, assertionMethod: [] }, { id: issuerDid }]) {
      const keyDocuments = new KeyDocuments();
      await verify(badge, {}, { keyDocuments });
      await verify(badge, { [url]: seen }, { keyDocuments, now: at(1_000) });
      const report = await verify(badge, { [url]: undefined }, { keyDocuments, now: at(2_000) });
      expect(report.verdict).not.toBe('authentic');
    }
    const keyDocuments = new KeyDocuments();
    await verify(badge, {}, { keyDocuments });
    const pages = (await aWeb()).pages;
    const gone = new FakeWeb(pages, new Map([[url, 410]]));
    await verify(badge, {}, { keyDocuments, fetcher: gone, now: at(1_000) });
    expect((await verify(badge, { [url]: undefined }, { keyDocuments, now: at(2_000) })).verdict).toBe(
      'cannot_check',
    );
  });

  it('also serve while the server stumbles, and make room for others', async () => {
    const badge = await signed();
    const url = `${origin}/issuers/north/did.json`;
    const keyDocuments = new KeyDocuments(1);
    await verify(badge, {}, { keyDocuments });
    const stumbling = new FakeWeb((await aWeb()).pages, new Map([[url, 503]]));
    expect((await verify(badge, {}, { keyDocuments, fetcher: stumbling })).verdict).toBe('authentic');
    await verify(
      await signed(plain(aBadge({ issuer: south, credentialStatus: undefined })), bySouth),
      {},
      { keyDocuments },
    );
    expect((await verify(badge, { [url]: undefined }, { keyDocuments })).verdict).toBe('cannot_check');
  });
});
