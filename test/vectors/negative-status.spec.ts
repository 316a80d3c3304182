import { gzipSync } from 'node:zlib';
import { type JsonObject, signVcJwt, statusEntry } from '#signing';
import {
  aBadge,
  aList,
  answer,
  edMethod,
  issuerDid,
  keys,
  listUrl,
  otherDid,
  rsaKid,
  signed,
  statusIndex,
  verify,
} from './world.js';

const subject = (list: JsonObject): JsonObject => list.credentialSubject as JsonObject;
const withSubject = (change: JsonObject) => (list: JsonObject) => ({
  ...list,
  credentialSubject: { ...subject(list), ...change },
});
const encoded = (bytes: number): string => `u${gzipSync(Buffer.alloc(bytes)).toString('base64url')}`;
const tampered = async (): Promise<JsonObject> => {
  const list = await aList({ revoked: [statusIndex] });
  return { ...list, credentialSubject: { ...subject(list), encodedList: encoded(16_384) } };
};

describe('Bitstring Status List 1.0: never green when the list cannot be relied on', () => {
  const lists: [string, string, () => Promise<unknown>][] = [
    ['does not answer', 'status_retrieval_error', async () => undefined],
    ['is no JSON', 'status_verification_error', async () => '<html>503</html>'],
    ['is not signed', 'status_verification_error', async () => ({ ...(await aList()), proof: undefined })],
    ['was changed after signing', 'status_verification_error', tampered],
    [
      'is signed by the neighbour',
      'status_verification_error',
      () => aList({ sign: { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` } }),
    ],
    [
      'is signed with a stranger’s key under our key’s name',
      'status_verification_error',
      () => aList({ sign: { privateKey: keys.otherEd, verificationMethod: edMethod } }),
    ],
    [
      'says it is of another issuer',
      'status_verification_error',
      () => aList({ change: (list) => ({ ...list, issuer: otherDid }) }),
    ],
    [
      'is another list of the same issuer',
      'status_verification_error',
      () => aList({ change: (list) => ({ ...list, id: `${listUrl}-old` }) }),
    ],
    [
      'is for another purpose',
      'status_verification_error',
      () => aList({ change: withSubject({ statusPurpose: 'suspension' }) }),
    ],
    [
      'is no status list',
      'status_verification_error',
      () => aList({ change: (list) => ({ ...list, type: ['VerifiableCredential'] }) }),
    ],
    [
      'is out of date',
      'status_list_stale',
      () => aList({ change: (list) => ({ ...list, validUntil: '2026-11-21T00:00:00Z' }) }),
    ],
    [
      'is dated in the future',
      'status_list_stale',
      () => aList({ change: (list) => ({ ...list, validFrom: '2027-01-01T00:00:00Z' }) }),
    ],
    [
      'is shorter than 131,072 entries',
      'status_list_length_error',
      () => aList({ change: withSubject({ encodedList: encoded(16_383) }) }),
    ],
    [
      'is not gzip',
      'malformed_value_error',
      () => aList({ change: withSubject({ encodedList: `u${Buffer.alloc(64).toString('base64url')}` }) }),
    ],
    [
      'lacks its multibase letter',
      'malformed_value_error',
      () => aList({ change: withSubject({ encodedList: encoded(16_384).slice(1) }) }),
    ],
    [
      'is a gzip bomb',
      'malformed_value_error',
      () => aList({ change: withSubject({ encodedList: encoded(64 * 1024 * 1024) }) }),
    ],
  ];

  it.each(lists)('when it %s', async (_what, code, list) => {
    const report = await verify(await signed(), { [listUrl]: await list() });
    expect(answer(report, 'status')).toBe(`unknown ${code}`);
    expect(report.verdict).toBe('cannot_check');
  });

  const entries: [string, string, JsonObject | unknown[]][] = [
    ['an index past the end', 'range_error', statusEntry({ list: listUrl, index: 131_072 })],
    [
      'a negative index',
      'status_entry_malformed',
      { ...statusEntry({ list: listUrl, index: 1 }), statusListIndex: '-1' },
    ],
    [
      'a number as index',
      'status_entry_malformed',
      { ...statusEntry({ list: listUrl, index: 1 }), statusListIndex: 1 },
    ],
    [
      'an index in hexadecimal',
      'status_entry_malformed',
      { ...statusEntry({ list: listUrl, index: 1 }), statusListIndex: '0x10' },
    ],
    [
      'no list',
      'status_entry_malformed',
      { ...statusEntry({ list: listUrl, index: 1 }), statusListCredential: undefined },
    ],
    [
      'a purpose nobody knows',
      'status_type_not_supported',
      { ...statusEntry({ list: listUrl, index: 1 }), statusPurpose: 'other' },
    ],
    [
      'a message without its texts',
      'status_entry_malformed',
      { ...statusEntry({ list: listUrl, index: 1 }), statusPurpose: 'message' },
    ],
  ];

  it.each(entries)('with %s in the badge', async (_what, code, credentialStatus) => {
    const report = await verify(await signed(JSON.parse(JSON.stringify(aBadge({ credentialStatus })))));
    expect([answer(report, 'status'), report.verdict]).toEqual([`unknown ${code}`, 'cannot_check']);
  });
});

describe('lists that can be relied on', () => {
  it('sees the first and the last entry', async () => {
    for (const index of [0, 131_071]) {
      const badge = await signed(aBadge({ credentialStatus: statusEntry({ list: listUrl, index }) }));
      expect((await verify(badge, { [listUrl]: await aList({ revoked: [index] }) })).verdict).toBe(
        'withdrawn',
      );
      expect((await verify(badge, { [listUrl]: await aList({ revoked: [index ^ 1] }) })).verdict).toBe(
        'authentic',
      );
    }
  });

  it('reads a list secured as JWT', async () => {
    const { proof: _proof, ...list } = await aList({ revoked: [statusIndex] });
    const token = signVcJwt({ credential: list, privateKey: keys.rsa, kid: rsaKid });
    expect((await verify(await signed(), { [listUrl]: token })).verdict).toBe('withdrawn');
  });

  it('says withdrawn rather than expired, and neither when the list is away', async () => {
    const badge = await signed(aBadge({ validUntil: '2026-11-21T00:00:00Z' }));
    expect((await verify(badge, { [listUrl]: await aList({ revoked: [statusIndex] }) })).verdict).toBe(
      'withdrawn',
    );
    expect((await verify(badge, { [listUrl]: undefined })).verdict).toBe('cannot_check');
  });

  it('reads a 1EdTech revocation list, whose silence is not a yes', async () => {
    const id = 'https://badges.example/revocations';
    const badge = await signed(aBadge({ credentialStatus: { id, type: '1EdTechRevocationList' } }));
    const list = (revokedCredential: unknown[]) => ({ id, issuer: issuerDid, revokedCredential });
    expect((await verify(badge, { [id]: list([]) })).verdict).toBe('authentic');
    expect((await verify(badge, { [id]: list([{ id: aBadge().id }]) })).verdict).toBe('withdrawn');
    expect((await verify(badge, { [id]: list([{ id: aBadge().id, revoked: false }]) })).verdict).toBe(
      'authentic',
    );
    expect((await verify(badge)).verdict).toBe('cannot_check');
    expect((await verify(badge, { [id]: { ...list([]), issuer: otherDid } })).verdict).toBe('cannot_check');
  });
});
