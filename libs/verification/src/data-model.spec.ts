import fc from 'fast-check';
import type { JsonObject } from '#signing';
import { type DataModelKind, dataModelFaults } from './data-model.js';

const v2 = 'https://www.w3.org/ns/credentials/v2';

const credential = (changes: JsonObject = {}): JsonObject => ({
  '@context': [v2],
  id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
  type: ['VerifiableCredential'],
  issuer: 'did:web:structure.example',
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:subject', name: 'Amina' },
  ...changes,
});

const presentation = (changes: JsonObject = {}): JsonObject => ({
  '@context': [v2],
  type: 'VerifiablePresentation',
  verifiableCredential: [credential()],
  ...changes,
});

const envelope = (changes: JsonObject = {}): JsonObject => ({
  '@context': v2,
  type: 'EnvelopedVerifiableCredential',
  id: 'data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
  ...changes,
});

const without = (name: string): JsonObject => {
  const rest = credential();
  delete rest[name];
  return rest;
};

const paths = (document: JsonObject, kind: DataModelKind = 'credential'): string[] =>
  dataModelFaults(document, kind).map(({ path }) => path);

const digest = { digestSRI: 'sha384-AAAA' };
const resource = { id: 'https://example.org/a', ...digest };

describe('a credential of the data model', () => {
  it.each<[string, JsonObject]>([
    ['the smallest', without('id')],
    ['without dates', without('validFrom')],
    [
      'an issuer with a name in two languages',
      {
        issuer: {
          id: 'https://structure.example',
          name: [
            { '@value': 'La Maison', '@language': 'fr' },
            { '@value': 'البيت', '@language': 'ar', '@direction': 'rtl' },
          ],
        },
      },
    ],
    ['several subjects', { credentialSubject: [{ id: 'did:example:a' }, { name: 'B' }] }],
    ['fractions of a second and an offset', { validFrom: '2026-01-01T00:00:00.123+02:00' }],
    ['valid from and until the same moment', { validUntil: '2026-01-01T00:00:00Z' }],
    [
      'two statuses',
      {
        credentialStatus: [{ type: 'BitstringStatusListEntry' }, { type: 'BitstringStatusListEntry' }],
      },
    ],
    ['a status without an id', { credentialStatus: { type: 'BitstringStatusListEntry' } }],
    ['a schema', { credentialSchema: { id: 'https://example.org/s.json', type: 'JsonSchema' } }],
    ['a related resource', { relatedResource: resource }],
    ['a context of its own', { '@context': [v2, { term: 'https://example.org/term' }] }],
  ])('may be %s', (_, changes) => {
    expect(
      dataModelFaults(
        '@context' in changes && 'type' in changes ? changes : credential(changes),
        'credential',
      ),
    ).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'the context of version 1.1 first',
      { '@context': ['https://www.w3.org/2018/credentials/v1', v2] },
      '/@context/0',
    ],
    ['a context that is a string', { '@context': v2 }, '/@context'],
    ['a number as a context', { '@context': [v2, 7] }, '/@context/1'],
    ['another type', { type: ['OpenBadgeCredential'] }, '/type'],
    ['a type that is no text', { type: ['VerifiableCredential', 7] }, '/type/1'],
    ['an id with a space', { id: 'not a url' }, '/id'],
    ['an id without a scheme', { id: 'badge' }, '/id'],
    ['two ids', { id: ['urn:a:b', 'urn:a:c'] }, '/id'],
    ['no issuer at all', { issuer: null }, '/issuer'],
    ['two issuers', { issuer: ['did:web:a.example', 'did:web:b.example'] }, '/issuer'],
    ['an issuer without an id', { issuer: { name: 'x' } }, '/issuer'],
    ['an issuer whose id is no address', { issuer: { id: 'x' } }, '/issuer/id'],
    ['a name with properties of its own', { name: { '@value': 'x', url: 'y' } }, '/name'],
    [
      'a name with a false language',
      { name: { '@value': 'x', '@language': 'not a language' } },
      '/name/@language',
    ],
    ['an empty subject', { credentialSubject: {} }, '/credentialSubject'],
    ['no subjects', { credentialSubject: [] }, '/credentialSubject'],
    ['one empty subject of two', { credentialSubject: [{ name: 'x' }, {}] }, '/credentialSubject/1'],
    ['a subject that is a text', { credentialSubject: 'did:example:a' }, '/credentialSubject'],
    ['a subject whose id is no address', { credentialSubject: { id: 'x' } }, '/credentialSubject/id'],
    ['a date without a time', { validFrom: '2026-01-01' }, '/validFrom'],
    ['a time without a zone', { validFrom: '2026-01-01T00:00:00' }, '/validFrom'],
    ['a day that does not exist', { validFrom: '2026-02-30T00:00:00Z' }, '/validFrom'],
    ['a status without a type', { credentialStatus: { id: 'https://example.org/1' } }, '/credentialStatus'],
    ['a status whose id is no address', { credentialStatus: { type: 'X', id: 'x' } }, '/credentialStatus/id'],
    ['a schema without an id', { credentialSchema: { type: 'JsonSchema' } }, '/credentialSchema'],
    ['a schema without a type', { credentialSchema: [{ id: 'https://example.org' }] }, '/credentialSchema/0'],
    [
      'a refresh service without a type',
      { refreshService: { id: 'https://example.org' } },
      '/refreshService',
    ],
    ['terms of use without a type', { termsOfUse: { id: 'https://example.org' } }, '/termsOfUse'],
    ['evidence without a type', { evidence: [{ id: 'https://example.org' }] }, '/evidence/0'],
    [
      'a related resource without a digest',
      { relatedResource: { id: 'https://example.org/a' } },
      '/relatedResource',
    ],
    ['a related resource named twice', { relatedResource: [resource, resource] }, '/relatedResource/1/id'],
    [
      'itself as a related resource',
      { id: 'https://example.org/a', relatedResource: [resource] },
      '/relatedResource/0/id',
    ],
    [
      'a related resource that is an address',
      { relatedResource: ['https://example.org/a'] },
      '/relatedResource/0',
    ],
  ])('may not have %s', (_, changes, path) => {
    expect(paths(credential(changes))).toContain(path);
  });

  it.each(['@context', 'type', 'issuer', 'credentialSubject'])('must have %s', (name) => {
    expect(paths(without(name))).not.toEqual([]);
  });

  it('is judged without an error, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(credential()), 'relatedResource', 'evidence'),
          fc.jsonValue(),
        ),
        (changes) => {
          expect(Array.isArray(dataModelFaults(credential(changes as JsonObject), 'credential'))).toBe(true);
        },
      ),
    );
  });
});

describe('a presentation of the data model', () => {
  it.each<[string, JsonObject]>([
    ['one credential', { verifiableCredential: credential() }],
    ['none', { verifiableCredential: [] }],
    ['a holder', { holder: 'did:example:holder' }],
    ['a holder with a name', { holder: { id: 'did:example:holder', name: 'x' } }],
  ])('may have %s', (_, changes) => {
    expect(paths(presentation(changes), 'presentation')).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['the type of a credential', { type: 'VerifiableCredential' }, '/type'],
    ['a credential that is a text', { verifiableCredential: ['eyJ'] }, '/verifiableCredential/0'],
    ['an id that is no address', { id: 'x' }, '/id'],
    ['a holder without an id', { holder: {} }, '/holder'],
    ['another first context', { '@context': ['https://example.org'] }, '/@context/0'],
  ])('may not have %s', (_, changes, path) => {
    expect(paths(presentation(changes), 'presentation')).toContain(path);
  });
});

describe('an envelope of the data model', () => {
  it('carries a data: address', () => {
    expect(paths(envelope(), 'enveloped')).toEqual([]);
    expect(paths(envelope({ type: ['EnvelopedVerifiablePresentation'] }), 'enveloped')).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['an https address', { id: 'https://example.org/jwt' }, '/id'],
    ['an empty one', { id: 'data:application/vc+jwt,' }, '/id'],
    ['another type', { type: 'VerifiableCredential' }, '/type'],
    ['no context', { '@context': ['https://example.org'] }, '/@context'],
  ])('may not have %s', (_, changes, path) => {
    expect(paths(envelope(changes), 'enveloped')).toContain(path);
  });
});
