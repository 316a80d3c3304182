import { sha256 } from '#platform';
import { bundledContexts, type JsonObject, vcContext } from '#signing';
import { examplesContext } from './any-world.js';

/**
 * What the W3C's test suite for VC Data Model 2.0 asks of whoever issues and verifies credentials, in our words: members
 * with which a credential must be taken, and members with which it must be refused. Undefined takes a member away.
 */
export interface Statement {
  /** Of VC Data Model 2.0. */
  section: string;
  says: string;
  taken?: JsonObject[];
  refused: JsonObject[];
}

const subject = { id: 'did:example:subject', alumniOf: 'The School of Examples' };
const digest = `sha256-${sha256(bundledContexts.bytes(vcContext)).toString('base64')}`;
const resource = { id: vcContext, digestSRI: digest };
const typed = (type: string, given: JsonObject = {}): JsonObject => ({ type, ...given });

/** Objects that stand in a credential once or several times, each with a type. */
const eachTyped = (section: string, name: string, one: JsonObject, says = 'has a type'): Statement => {
  const { type: _, ...typeless } = { ...one, id: 'https://example.org/1' } as JsonObject;
  return {
    section,
    says: `each ${name} ${says}; one or several`,
    taken: [{ [name]: one }, { [name]: [one, { ...one, id: 'https://example.org/2' }] }],
    refused: [
      { [name]: typeless },
      { [name]: [one, typeless] },
      { [name]: 'https://example.org/1' },
      { [name]: [] },
    ],
  };
};

/** A text, or texts in languages, of the credential or of its issuer. */
const texts = (name: 'name' | 'description', on: 'credential' | 'issuer'): Statement => {
  const given = (value: unknown): JsonObject =>
    on === 'credential' ? { [name]: value } : { issuer: { id: 'did:example:issuer', [name]: value } };
  const english = { '@value': 'Degree', '@language': 'en' };
  return {
    section: '4.6, 11.1',
    says: `the ${name} of the ${on} is a text, or texts with language and direction and nothing else`,
    taken: [
      'Degree',
      english,
      { ...english, '@direction': 'ltr' },
      [english, { '@value': 'Diplôme', '@language': 'fr' }],
    ].map(given),
    refused: [{ ...english, url: 'did:example:x' }, 7, [7], { '@language': 'en' }].map(given),
  };
};

export const statements: Statement[] = [
  {
    section: '4.3',
    says: 'the contexts are a list that begins with the one of VC 2.0, and all others can be processed',
    taken: [{ '@context': [vcContext, examplesContext] }],
    refused: [
      { '@context': undefined },
      { '@context': [] },
      { '@context': [examplesContext] },
      { '@context': [examplesContext, vcContext] },
      { '@context': [vcContext, 'https ://not-a-url/contexts'] },
      { '@context': [vcContext, 'https://example.com'] },
      { '@context': [vcContext, examplesContext, 123_192_875] },
    ],
  },
  {
    section: '4.4',
    says: 'an id is one address, of the credential and of its subject',
    taken: [
      { id: 'did:example:1' },
      { id: 'https://example.org/1' },
      { credentialSubject: { ...subject, id: 'urn:a:b' } },
      { credentialSubject: { alumniOf: 'x' } },
    ],
    refused: [null, 7, 'not an address', 'relative', ['did:example:1', 'did:example:2']].flatMap((id) => [
      { id },
      { credentialSubject: { ...subject, id } },
    ]),
  },
  {
    section: '4.5',
    says: 'the types are words of a context or addresses, VerifiableCredential among them, in any order',
    taken: [
      { type: ['VerifiableCredential'] },
      { type: 'VerifiableCredential' },
      { type: ['VerifiableCredential', 'https://example.org/#Degree'] },
      { type: ['https://example.org/#Degree', 'VerifiableCredential', 'https://example.org/#Other'] },
    ],
    refused: [
      { type: undefined },
      { type: [] },
      { type: ['AlumniCredential'] },
      {
        '@context': [vcContext],
        credentialSubject: { id: 'urn:a:b' },
        type: ['VerifiableCredential', 'Unmapped'],
      },
    ],
  },
  texts('name', 'credential'),
  texts('description', 'credential'),
  texts('name', 'issuer'),
  texts('description', 'issuer'),
  {
    section: '4.7',
    says: 'the issuer is an address, or an object whose id is one',
    taken: [{ issuer: 'did:example:issuer' }, { issuer: { id: 'did:example:issuer' } }],
    refused: [null, 7, 'not-an-address', { name: 'Nobody' }, { id: null }, { id: 'not-an-address' }, []].map(
      (issuer) => ({ issuer }),
    ),
  },
  {
    section: '4.8',
    says: 'there are subjects, and each has claims',
    taken: [{ credentialSubject: subject }, { credentialSubject: [subject, { alumniOf: 'Another' }] }],
    refused: [undefined, {}, [], [subject, {}], 'did:example:subject'].map((credentialSubject) => ({
      credentialSubject,
    })),
  },
  {
    section: '4.9',
    says: 'validFrom and validUntil are instants with their zone, in this order',
    taken: [
      { validFrom: '2026-01-01T00:00:00.123Z' },
      { validFrom: '2026-01-01T00:00:00-05:00', validUntil: '2027-01-01T00:00:00.5+01:00' },
    ],
    refused: [
      { validFrom: '2026-01-01' },
      { validFrom: '2026-01-01T00:00:00' },
      { validUntil: 'tomorrow' },
      { validFrom: '2026-06-01T00:00:00Z', validUntil: '2026-05-01T00:00:00Z' },
    ],
  },
  eachTyped('4.5, 4.10', 'credentialStatus', typed('ExampleStatus')),
  {
    section: '4.10',
    says: 'the id of a status is one address, or absent; its type is a word of a context',
    taken: [{ credentialStatus: typed('ExampleStatus', { id: 'https://example.org/status/1' }) }],
    refused: [
      { credentialStatus: typed('ExampleStatus', { id: ['urn:a:b', 'urn:a:c'] }) },
      { credentialStatus: typed('ExampleStatus', { id: 'not an address' }) },
      {
        '@context': [vcContext],
        type: ['VerifiableCredential'],
        credentialSubject: { id: 'urn:a:b' },
        credentialStatus: typed('Unmapped'),
      },
    ],
  },
  eachTyped('4.5, 4.11', 'credentialSchema', typed('JsonSchema', { id: 'https://example.org/s' })),
  {
    section: '4.11',
    says: 'each schema has an address',
    refused: [undefined, 7, 'not an address'].map((id) => ({
      credentialSchema: typed('JsonSchema', { id }),
    })),
  },
  {
    section: '5.3',
    says: 'related resources are objects, each with an address of its own and a digest',
    taken: [
      { relatedResource: resource },
      { relatedResource: [{ ...resource, mediaType: 'application/ld+json' }] },
    ],
    refused: [
      ['https://example.org/a', 'https://example.org/b'],
      { digestSRI: digest },
      [resource, resource],
      { id: vcContext },
    ].map((relatedResource) => ({ relatedResource })),
  },
  eachTyped('4.5, 5.4', 'refreshService', typed('ExampleRefresh')),
  eachTyped('4.5, 5.5', 'termsOfUse', typed('ExamplePolicy')),
  eachTyped('4.5, 5.6', 'evidence', typed('ExampleEvidence')),
];
