import type { JsonObject } from '#signing';
import { type BadgeOptions, type BadgeReport, verifyBadge } from '#verification';
import { aJwt, claimsOf } from './jwts.js';
import { anOlderBadge } from './older-shape.js';
import { aList, answer, aWeb, now, origin, signed } from './world.js';

const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
const verify = async (
  input: string | object,
  changes: Record<string, unknown> = {},
  given: Partial<BadgeOptions> = {},
): Promise<BadgeReport> => verifyBadge(input, { fetcher: await aWeb(changes), now, ...given });

describe('the older shape, VC 1.1', () => {
  it('is authentic under an embedded proof and as JWT', async () => {
    const embedded = await verify(await signed(anOlderBadge()));
    expect([embedded.verdict, embedded.format?.name]).toEqual(['authentic', 'vc11_embedded']);
    const jwt = await verify(aJwt(claimsOf(anOlderBadge())));
    expect([jwt.verdict, jwt.format?.name]).toEqual(['authentic', 'vc11_jwt']);
  });

  it('expires by expirationDate and needs its issuanceDate', async () => {
    expect(
      (await verify(await signed(anOlderBadge({ expirationDate: '2026-11-21T00:00:00Z' })))).verdict,
    ).toBe('expired');
    expect((await verify(await signed(anOlderBadge({ issuanceDate: '2027-11-21T00:00:00Z' })))).verdict).toBe(
      'not_authentic',
    );
    const undated = await verify(await signed(plain(anOlderBadge({ issuanceDate: undefined }))));
    expect(answer(undated, 'schema')).toBe('failed schema_broken');
  });

  it('reads Status List 2021', async () => {
    const list = `${origin}/status/2021`;
    const page = async (revoked: number[]): Promise<JsonObject> => {
      const { credentialSubject, ...current } = await aList({ revoked });
      const { encodedList } = credentialSubject as { encodedList: string };
      return signed({
        '@context': [
          'https://www.w3.org/2018/credentials/v1',
          'https://w3id.org/vc/status-list/2021/v1',
          'https://w3id.org/security/data-integrity/v2',
        ],
        id: list,
        type: ['VerifiableCredential', 'StatusList2021Credential'],
        issuer: current.issuer,
        issuanceDate: '2026-11-20T09:30:00Z',
        credentialSubject: {
          id: `${list}#list`,
          type: 'StatusList2021',
          statusPurpose: 'revocation',
          encodedList: encodedList.slice(1),
        },
      });
    };
    const badge = await signed(
      anOlderBadge({
        '@context': [...(anOlderBadge()['@context'] as string[]), 'https://w3id.org/vc/status-list/2021/v1'],
        credentialStatus: {
          id: `${list}#7`,
          type: 'StatusList2021Entry',
          statusPurpose: 'revocation',
          statusListIndex: '7',
          statusListCredential: list,
        },
      }),
    );
    expect((await verify(badge, { [list]: await page([]) })).verdict).toBe('authentic');
    expect((await verify(badge, { [list]: await page([7]) })).verdict).toBe('withdrawn');
    expect((await verify(badge)).verdict).toBe('cannot_check');
  });
});
