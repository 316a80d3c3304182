import { gzipSync } from 'node:zlib';
import { type JsonObject, statusEntry } from '#signing';
import { aBadge, aList, edMethod, keys, listUrl, origin, otherDid, signed, statusIndex } from '../world.js';
import { changed, type Family, type Fault, type Handed } from './family.js';

const encoded = (bytes: number): string => `u${gzipSync(Buffer.alloc(bytes)).toString('base64url')}`;
const listed = (list: () => Promise<unknown> | unknown) => async (): Promise<Handed> => ({
  input: await signed(),
  web: { [listUrl]: await list() },
});
const listWith = (path: string, value: unknown) =>
  listed(() => aList({ change: (list) => changed(list, path, value) }));
const entryWith = (change: JsonObject) => async (): Promise<Handed> => ({
  input: await signed(
    aBadge({ credentialStatus: { ...statusEntry({ list: listUrl, index: 1 }), ...change } }),
  ),
});
const unverified = 'status unknown status_verification_error';
const malformed = 'status unknown status_entry_malformed';
const subject = 'credentialSubject';

const lists: Fault[] = [
  ['its bit set', 'status failed revoked', listed(() => aList({ revoked: [statusIndex] }))],
  ['a list away', 'status unknown status_retrieval_error', listed(() => undefined)],
  ['404 for a list', 'status unknown status_retrieval_error', listed(() => 404)],
  ['a web page for a list', unverified, listed(() => '<html></html>')],
  ['a list without proof', unverified, listed(async () => changed(await aList(), 'proof', undefined))],
  [
    'a list changed after signing',
    unverified,
    listed(async () =>
      changed(await aList({ revoked: [statusIndex] }), `${subject}.encodedList`, encoded(16_384)),
    ),
  ],
  [
    'a list signed by the neighbour',
    unverified,
    listed(() => aList({ sign: { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` } })),
  ],
  [
    'a list signed with a stranger’s key',
    unverified,
    listed(() => aList({ sign: { privateKey: keys.otherEd, verificationMethod: edMethod } })),
  ],
  ['a list of another issuer', unverified, listWith('issuer', otherDid)],
  ['another list of the issuer', unverified, listWith('id', `${listUrl}-old`)],
  ['a list for suspensions', unverified, listWith(`${subject}.statusPurpose`, 'suspension')],
  ['a list of another type', unverified, listWith('type', ['VerifiableCredential'])],
  ['a list that is over', 'status unknown status_list_stale', listWith('validUntil', '2026-11-21T00:00:00Z')],
  ['a list of next year', 'status unknown status_list_stale', listWith('validFrom', '2027-01-01T00:00:00Z')],
  [
    'a list shorter than 131,072',
    'status unknown status_list_length_error',
    listWith(`${subject}.encodedList`, encoded(16_383)),
  ],
  [
    'a list without its letter',
    'status unknown malformed_value_error',
    listWith(`${subject}.encodedList`, encoded(16_384).slice(1)),
  ],
  [
    'a list that is not gzip',
    'status unknown malformed_value_error',
    listWith(`${subject}.encodedList`, `u${Buffer.alloc(64).toString('base64url')}`),
  ],
  [
    'a gzip bomb for a list',
    'status unknown malformed_value_error',
    listWith(`${subject}.encodedList`, encoded(64 * 1024 * 1024)),
  ],
  ['a ttl that is no time', 'status unknown malformed_value_error', listWith(`${subject}.ttl`, -1)],
];

const entries: Fault[] = [
  ['an index past the end', 'status unknown range_error', entryWith({ statusListIndex: '131072' })],
  ['a negative index', malformed, entryWith({ statusListIndex: '-1' })],
  ['an index in hexadecimal', malformed, entryWith({ statusListIndex: '0x10' })],
  ['an entry that is its list', malformed, entryWith({ id: listUrl })],
  ['a message without its texts', malformed, entryWith({ statusPurpose: 'message' })],
  [
    'a purpose nobody knows',
    'status unknown status_type_not_supported',
    entryWith({ statusPurpose: 'other' }),
  ],
  ['two bits without their meanings', malformed, entryWith({ statusSize: 2 })],
  [
    'an address of the machine itself',
    'status unknown status_retrieval_error',
    entryWith({ statusListCredential: 'https://127.0.0.1/list' }),
  ],
];

const revocations = `${origin}/revocations`;
const listedIn = (list: JsonObject | undefined | number) => async (): Promise<Handed> => ({
  input: await signed(aBadge({ credentialStatus: { id: revocations, type: '1EdTechRevocationList' } })),
  web: {
    [revocations]:
      typeof list === 'object' ? { id: revocations, issuer: aIssuer, revokedCredential: [], ...list } : list,
  },
});
const aIssuer = (aBadge().issuer as JsonObject).id;

export const statusLists: Family = {
  form: 'Bitstring Status List',
  original: async () => ({ input: await signed() }),
  faults: [...lists, ...entries],
};

export const revocationLists: Family = {
  form: '1EdTech Revocation List',
  original: listedIn({}),
  faults: [
    ['listed', 'status failed revoked', listedIn({ revokedCredential: [{ id: aBadge().id }] })],
    ['listed as bare id', 'status failed revoked', listedIn({ revokedCredential: [aBadge().id] })],
    ['a list away', 'status unknown status_retrieval_error', listedIn(undefined)],
    ['a list of another', unverified, listedIn({ issuer: otherDid })],
    ['a list under another id', unverified, listedIn({ id: `${revocations}2` })],
    [
      'the name in the plural',
      'status unknown malformed_value_error',
      listedIn({ revokedCredential: undefined, revokedCredentials: [] } as JsonObject),
    ],
    [
      'an entry that names nothing',
      'status unknown malformed_value_error',
      listedIn({ revokedCredential: [{ revoked: true }] }),
    ],
  ],
};
