import { readFileSync } from 'node:fs';
import { projectFile } from '#platform';
import { type JsonObject, prepare, proofFor, vcContext } from '#signing';
import { anyCredentialFaults } from '#verification';
import {
  aCredential,
  aPresentation,
  enveloped,
  examplesContext,
  holder,
  issued,
  issuer,
  jwtOf,
  open,
  presented,
  verifyAny,
  verifyShown,
} from './any-world.js';
import { statements } from './w3c-statements.js';

const plain = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
const wordsOf = (one: JsonObject): JsonObject => plain(aCredential({ issuer: 'did:example:issuer', ...one }));
/** As somebody's own program signs it, whatever is wrong with it; what has no canonical form stays unsigned. */
async function forced(document: JsonObject, by = issuer, purpose = 'assertionMethod'): Promise<JsonObject> {
  try {
    const proof = await proofFor(await prepare(document), {
      privateKey: by.privateKey,
      verificationMethod: by.method,
      created: new Date('2026-11-20'),
    });
    return { ...document, proof: { ...proof, proofPurpose: purpose } };
  } catch {
    return document;
  }
}
/** Said by a party that has a key, where the statement names an issuer that is sound. */
const ownIssuer = ({ issuer: named, ...credential }: JsonObject): JsonObject => {
  if (named === 'did:example:issuer') return { ...credential, issuer: issuer.did };
  const { id } = (named ?? {}) as JsonObject;
  return {
    ...credential,
    issuer: id === 'did:example:issuer' ? { ...(named as JsonObject), id: issuer.did } : named,
  };
};

describe.each(statements)('VC Data Model 2.0, $section: $says', ({ taken = [], refused, says, section }) => {
  it('is kept by the door that issues, both ways', async () => {
    for (const one of taken)
      expect([one, (await anyCredentialFaults(wordsOf(one))).faults]).toEqual([one, []]);
    for (const one of refused)
      expect([one, (await anyCredentialFaults(wordsOf(one))).faults.length > 0]).toEqual([one, true]);
  });

  it('is kept by the door that verifies, whoever signed', async () => {
    for (const one of taken) {
      const { checks } = await verifyAny(await forced(ownIssuer(wordsOf(one))));
      const wrong = checks.filter(({ outcome, name }) => outcome !== 'passed' && name !== 'status');
      expect([one, wrong]).toEqual([one, []]);
    }
    for (const one of refused) {
      const { verdict } = await verifyAny(await forced(ownIssuer(wordsOf(one))));
      expect([one, ['not_authentic', 'cannot_check'].includes(verdict)]).toEqual([one, true]);
    }
  });

  it('stands in the table of what was walked', () => {
    const table = readFileSync(projectFile('docs', 'interoperability.md'), 'utf8');
    expect(table).toContain(`| ${section} | ${says} |`);
  });
});

describe('what the suite asks of a presentation', () => {
  const shown = async (given: JsonObject): Promise<boolean> => {
    const presentation = plain(await aPresentation(given));
    const signedAnyway = await forced(presentation, holder, 'authentication');
    return (await verifyShown(signedAnyway, {})).isVerified;
  };
  const signed = async (given: JsonObject) => verifyShown(await presented(await aPresentation(given)));

  it('is verified with an id, more types, a holder as address or object, and several credentials of both kinds', async () => {
    const inEnvelope = enveloped(jwtOf(aCredential(), issuer, { typ: 'vc+jwt' }));
    for (const given of [
      { id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33' },
      { '@context': [vcContext, examplesContext], type: ['VerifiablePresentation', 'ExamplePresentation'] },
      { holder: { id: holder.did } },
      { verifiableCredential: [await issued(), inEnvelope] },
    ])
      expect(open(await signed(given))).toEqual([]);
  });

  it('is refused without contexts or types, with contexts in disorder, and with members of another form', async () => {
    for (const given of [
      { '@context': undefined },
      { '@context': [examplesContext, vcContext] },
      { '@context': [examplesContext] },
      { '@context': [vcContext, 'https://example.com'] },
      { '@context': [vcContext, 123_192_875] },
      { type: undefined },
      { type: ['ExamplePresentation'] },
      { id: 'not an address' },
      { holder: { name: 'Nobody' } },
      { verifiableCredential: ['https://example.org/1'] },
      { verifiableCredential: [7] },
    ] as JsonObject[])
      expect([given, await shown(given)]).toEqual([given, false]);
  });

  it('is refused when its proof is of something else, and what is neither credential nor presentation by both doors', async () => {
    const sound = await presented();
    const proof = { ...(sound.proof as JsonObject), proofValue: 'z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh' };
    expect((await verifyShown({ ...sound, proof })).isVerified).toBe(false);
    const neither = { type: ['NonconformingDocument'] };
    expect((await verifyShown(neither)).isVerified).toBe(false);
    expect((await verifyAny(neither)).verdict).not.toBe('authentic');
  });

  it.each(['Credential', 'Presentation'] as const)(
    'as an envelope around a %s it has its context, its type and a data: address',
    async (what) => {
      const payload = what === 'Credential' ? aCredential() : await aPresentation();
      const by = what === 'Credential' ? issuer : holder;
      const sound = enveloped(jwtOf(payload, by), what);
      const isTaken = async (one: JsonObject): Promise<boolean> =>
        what === 'Credential'
          ? (await verifyAny(plain(one))).verdict === 'authentic'
          : (await verifyShown(plain(one), {})).isVerified;
      expect(await isTaken(sound)).toBe(true);
      expect(await isTaken({ ...sound, id: String(sound.id).replace(/v[cp]\+jwt/, 'jwt') })).toBe(true);
      for (const given of [
        { '@context': [] },
        { '@context': 'https://www.w3.org/ns/credentials/examples/v2' },
        { '@context': undefined },
        { id: String(sound.id).split(',')[1] },
        { type: undefined },
        { type: `Verifiable${what}` },
      ])
        expect([given, await isTaken({ ...sound, ...given })]).toEqual([given, false]);
    },
  );
});

describe('what the suites for Data Integrity ask of a proof', () => {
  const proofWith = async (change: JsonObject): Promise<JsonObject> => {
    const sound = await issued();
    return plain({ ...sound, proof: { ...(sound.proof as JsonObject), ...change } });
  };

  it.each<[string, JsonObject]>([
    ['no type', { type: undefined }],
    ['another type', { type: 'UnknownProofType' }],
    ['no method', { verificationMethod: undefined }],
    ['a method that is none', { verificationMethod: 'did:key:invalidLegacyPublicKey' }],
    ['no purpose', { proofPurpose: undefined }],
    ['another purpose', { proofPurpose: 'invalidPurpose' }],
    ['no value', { proofValue: undefined }],
    ['a value that is null', { proofValue: null }],
    ['a value without its base', { proofValue: '3FXQjecWufY46yg5abdVZsXqLhxhueuSoZgNSARiKBk' }],
    ['a value that is too long', { proofValue: `z${'2'.repeat(140)}` }],
    ['no suite', { cryptosuite: undefined }],
    ['an unknown suite', { cryptosuite: 'UnknownCryptosuite' }],
    ['the suite that canonicalises otherwise', { cryptosuite: 'eddsa-jcs-2022' }],
    ['a date that is none', { created: 'yesterday' }],
    ['a predecessor that is not there', { previousProof: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33' }],
    ['predecessors that are not there', { previousProof: ['urn:a:b', 'urn:a:c'] }],
  ])('one with %s is refused', async (_, change) => {
    expect((await verifyAny(await proofWith(change))).verdict).not.toBe('authentic');
  });

  it('a proof that is missing or null is refused, and the one it came with is taken', async () => {
    const sound = await issued();
    expect((await verifyAny(sound)).verdict).toBe('authentic');
    const { proof: _, ...unsigned } = sound;
    for (const one of [unsigned, { ...unsigned, proof: null }])
      expect((await verifyAny(one)).verdict).toBe('not_authentic');
  });
});
