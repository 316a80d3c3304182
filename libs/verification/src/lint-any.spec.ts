import { type JsonObject, vcContext } from '#signing';
import { anyCredentialFaults, lintAnyCredential } from './lint-any.js';

const entry = {
  id: 'https://badges.example/status/list1#7',
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: 'https://badges.example/status/list1',
};
const planned = (given: JsonObject = {}): JsonObject => ({
  '@context': [vcContext],
  type: ['VerifiableCredential'],
  issuer: 'did:web:badges.example:issuers:north',
  credentialSubject: { name: 'Member' },
  credentialStatus: entry,
  ...given,
});
const codes = async (document: JsonObject): Promise<string[]> => [
  ...new Set((await lintAnyCredential(document)).faults.map(({ code }) => code)),
];
const without = (name: string): JsonObject => {
  const rest = planned();
  delete rest[name];
  return rest;
};

describe('the linter, of any credential', () => {
  it.each<[string, JsonObject]>([
    ['the smallest', planned()],
    ['one with several subjects', planned({ credentialSubject: [{ name: 'A' }, { id: 'urn:a:b' }] })],
    ['one that begins later, to the millisecond', planned({ validFrom: '2040-01-01T00:00:00.123Z' })],
    ['one that is over', planned({ validUntil: '2001-01-01T00:00:00Z' })],
    ['an issuer with a name', planned({ issuer: { id: 'did:web:badges.example:issuers:north', name: 'N' } })],
    ['a second status', planned({ credentialStatus: [{ type: 'https://example.org/Status' }, entry] })],
    [
      'a type and a word written out',
      planned({ type: ['VerifiableCredential', 'https://example.org/T'], 'https://example.org/word': 'x' }),
    ],
  ])('lets %s pass, and gives what is signed', async (_, document) => {
    const { faults, prepared } = await lintAnyCredential(document);
    expect(faults).toEqual([]);
    expect(prepared?.document).toEqual(document);
  });

  it.each<[string, JsonObject, string]>([
    ['without a status', without('credentialStatus'), 'status_missing'],
    [
      'with another’s status last',
      planned({ credentialStatus: [entry, { type: 'https://example.org/S' }] }),
      'status_malformed',
    ],
    [
      'with more statuses than are looked at',
      planned({ credentialStatus: Array(5).fill(entry) }),
      'status_too_many',
    ],
    ['of an issuer elsewhere', planned({ issuer: 'https://example.org' }), 'issuer_not_did'],
    ['without an issuer', without('issuer'), 'data_model_broken'],
    ['with a proof', planned({ proof: {} }), 'proof_present'],
    ['with a word without meaning', planned({ member: true }), 'jsonld_unsafe'],
    ['with a type without meaning', planned({ type: ['VerifiableCredential', 'Member'] }), 'jsonld_unsafe'],
    ['with a tab', planned({ name: 'a\tb' }), 'control_character'],
    ['larger than a badge may be', planned({ name: 'x'.repeat(70_000) }), 'too_large'],
    [
      'that ends before it begins',
      planned({ validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-01-31T00:00:00Z' }),
      'date_order',
    ],
    ['that is a badge', planned({ type: ['VerifiableCredential', 'OpenBadgeCredential'] }), 'badge_refused'],
    [
      'that is an endorsement by a statement of RDF',
      planned({
        'http://www.w3.org/1999/02/22-rdf-syntax-ns#type': {
          id: 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential',
        },
      }),
      'jsonld_unsafe',
    ],
    ['with an end for the token', planned({ exp: 1 }), 'claim_as_member'],
    ['with somebody for the token', planned({ sub: 'did:example:victim' }), 'claim_as_member'],
    [
      'that is a badge by another name',
      planned({ 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement': { id: 'urn:a:b' } }),
      'badge_refused',
    ],
    [
      'that holds an achievement',
      planned({
        credentialSubject: {
          '@type': 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject',
          name: 'x',
        },
      }),
      'badge_refused',
    ],
    [
      'that is a status list',
      planned({ type: ['VerifiableCredential', 'BitstringStatusListCredential'] }),
      'badge_refused',
    ],
  ])('refuses one %s', async (_, document, code) => {
    expect(await codes(document)).toContain(code);
    expect((await lintAnyCredential(document)).prepared).toBeUndefined();
  });

  it('does not ask for issuer and status before they are added', async () => {
    const { faults, prepared } = await anyCredentialFaults(without('credentialStatus'));
    expect(faults).toEqual([]);
    expect(prepared).toBeDefined();
  });

  it('takes no hash of another document', async () => {
    const { prepared } = await anyCredentialFaults(planned());
    const other = planned({ name: 'Another' });
    const linted = await lintAnyCredential(other, prepared);
    expect(linted.prepared?.document).toEqual(other);
    expect(linted.prepared?.documentHash).not.toEqual(prepared!.documentHash);
  });
});
