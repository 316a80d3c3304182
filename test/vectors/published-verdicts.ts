import {
  canonize,
  checkAnyProof,
  type JsonObject,
  multibaseBytes,
  prepare,
  publicKeyOfMultikey,
  vcContext,
  withProofs,
} from '#signing';
import { schemaFaults, type Verdict, verifyAnyCredential, verifyBadge } from '#verification';
import { open } from './any-world.js';
import {
  bundledContexts,
  hashed,
  noCitizenship,
  type Row,
  read,
  recanonized,
  signatureFits,
  text,
  without,
} from './published-files.js';
import { aWeb, now } from './world.js';

const around = async () => ({ fetcher: await aWeb(), now });
const didKeyOf = (proof: JsonObject) => publicKeyOfMultikey(String(proof.verificationMethod).split('#')[1]!);

/** Asked as a credential of any kind: exactly these checks are open, and this is the verdict. */
async function judged(file: string, verdict: Verdict, ...wanted: string[]): Promise<void> {
  const report = await verifyAnyCredential(read(file), await around());
  expect([report.verdict, open(report)]).toEqual([verdict, wanted]);
}

/** Signed with a key that the issuer's address does not name: the proof is good, the credential is not. */
const anothersKey = (file: string): Row => ({
  file,
  says: 'has good proofs, not_authentic for key_of_another_issuer; as a badge for type_unknown',
  holds: async () => {
    const { proof } = read<{ proof: JsonObject | JsonObject[] }>(file);
    const proofs = [proof].flat();
    const prepared = await prepare(without(read(file), 'proof'), bundledContexts);
    for (const one of proofs) {
      const named: unknown[] = [one.previousProof ?? []].flat();
      const previous = proofs.filter(({ id }) => id !== undefined && named.includes(id));
      expect(await checkAnyProof(await withProofs(prepared, previous), one, didKeyOf(one))).toBe(true);
    }
    const failed = ['issuer failed key_of_another_issuer', 'proof unknown key_not_available'];
    await judged(file, 'not_authentic', ...failed);
    const asBadge = await verifyBadge(text(file), await around());
    expect([asBadge.verdict, open(asBadge)]).toEqual([
      'not_authentic',
      ['schema unknown type_unknown', ...failed],
    ]);
  },
});

/** Of citizenship nothing is held: the verdict is that it could not be checked. */
const ofCitizenship = (file: string, unsigned: string): Row => ({
  file,
  says: 'is the unsigned document with a proof, cannot_check for context_unknown',
  butNot: noCitizenship,
  holds: async () => {
    expect(without(read(file), 'proof')).toEqual(read(unsigned));
    await judged(file, 'cannot_check', 'context unknown context_unknown');
    const asBadge = await verifyBadge(text(file), await around());
    expect([asBadge.verdict, open(asBadge)]).toEqual(['cannot_check', ['context unknown context_unknown']]);
  },
});

const unsigned = ['issuer unknown key_not_available', 'proof failed proof_missing'];

/** An example is unsigned; what else is wrong with it is said, and where its schema refuses it. */
const example = (name: string, given: { first?: string; schema?: string[]; stops?: boolean } = {}): Row => {
  const file = `examples/${name}.json`;
  const { first, schema = [], stops = false } = given;
  const wanted = [...(first ? [first] : []), ...(stops ? [] : unsigned)];
  return {
    file,
    says: `${schema.length === 0 ? 'follows' : 'breaks'} the schema, not_authentic for ${(first ?? unsigned[1])!.split(' ')[2]}`,
    holds: async () => {
      const places = new Set(schemaFaults(read(file)).map(({ path }) => path));
      expect([...places].filter((place) => schema.includes(place)).sort()).toEqual([...schema].sort());
      if (schema.length === 0) expect([...places]).toEqual([]);
      await judged(file, 'not_authentic', ...wanted);
    },
  };
};

/** An Open Badges 2.0 document that is no assertion: nothing was awarded with it. */
const noAssertion = (name: string): Row => ({
  file: `examples/${name}.json`,
  says: 'is no assertion: as a badge not_authentic for ob2_schema_broken, as a credential for context_order',
  holds: async () => {
    const file = `examples/${name}.json`;
    await judged(file, 'not_authentic', 'context failed context_order');
    const asBadge = await verifyBadge(text(file), await around());
    expect([asBadge.verdict, open(asBadge)]).toEqual(['not_authentic', ['schema failed ob2_schema_broken']]);
  },
});

const guide = 'ob-v3p0-impl-guide';
const guideKey = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
const guideProof = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-rdfc-2022',
  created: '2010-01-01T19:23:24Z',
  verificationMethod: `https://example.edu/issuers/565049#${guideKey}`,
  proofPurpose: 'assertionMethod',
};
const guideSignature =
  'z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr';

const set = 'vc-di-eddsa/proof-set-chain';
const sd = 'vc-di-ecdsa/ecdsa-sd-2023';

export const verdictRows: Row[] = [
  ...[
    'vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json',
    'vc-di-eddsa/eddsa-jcs-2022/signedJCS.json',
    'vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json',
    'vc-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json',
    `${set}/signedProofSet1.json`,
    `${set}/signedProofSet2.json`,
    `${set}/signedProofChain1.json`,
    `${set}/signedProofChain2.json`,
  ].map(anothersKey),
  ofCitizenship('vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json', 'vc-di-eddsa/employmentAuth.json'),
  ...['p256', 'p384'].map((curve) =>
    ofCitizenship(
      `vc-di-ecdsa/ecdsa-rdfc-2019-${curve}/employ/signedECDSA${curve.toUpperCase()}.json`,
      'vc-di-ecdsa/employmentAuth.json',
    ),
  ),
  ofCitizenship(`${sd}/employ/addSignedSDBase.json`, 'vc-di-ecdsa/employmentAuth.json'),
  ofCitizenship(`${sd}/employ/derivedRevealDocument.json`, `${sd}/employ/derivedUnsignedReveal.json`),
  ofCitizenship(`${sd}/prc/derivedRevealDocument.json`, `${sd}/prc/derivedUnsignedReveal.json`),
  {
    file: `${sd}/prc/addSignedSDBase.json`,
    says: 'says what the derivation says of it, cannot_check for context_unknown',
    butNot: noCitizenship,
    holds: async () => {
      const said = JSON.stringify(read<string[]>(`${sd}/prc/addBaseDocCanon.json`));
      expect(said).toContain(String(read(`${sd}/prc/addSignedSDBase.json`).description));
      await judged(`${sd}/prc/addSignedSDBase.json`, 'cannot_check', 'context unknown context_unknown');
    },
  },
  {
    file: 'vc-di-ecdsa/prCredUnsigned.json',
    says: 'is the document of the signed one but for its description',
    butNot: 'as published it says “Government of Utopia Permanent Resident Card.”, the signed one does not',
    holds: () => {
      const own = read('vc-di-ecdsa/prCredUnsigned.json');
      const signedOne = without(read(`${sd}/prc/addSignedSDBase.json`), 'proof');
      expect(without(own, 'description')).toEqual(without(signedOne, 'description'));
      expect(own.description).not.toBe(signedOne.description);
    },
  },
  ...[
    'achievementAlignmentCase--achievement-alignment-case',
    'achievementAlignmentCe--achievement-alignment-credential-engine',
    'basicOpenBadgeCredential--sample-openbadgecredential',
    'docformat--sample-openbadgecredential-file-contents',
    'recommended-practices--achievement-alignment-case',
    'recommended-practices--skill-assertion-credential-registry',
    'skillAssertionCase--skill-assertion-case',
    'skillAssertionCtdl--skill-assertion-credential-registry',
  ].map((name) => example(name)),
  // Its result names a level of another description than its own.
  example('fullOpenBadge--complete-openbadgecredential', { first: 'links failed level_unknown' }),
  example('examples--ex1', {
    first: 'schema failed schema_broken',
    schema: ['/credentialSubject', '/issuer'],
  }),
  // Its second type of evidence is no word of a context, and one identifier has its type in a list.
  example('migrating--upgraded-ob-2-0-assertion-included-within-clr-2-0', {
    first: 'context failed jsonld_unsafe',
    schema: ['/issuer/otherIdentifier/0/type'],
    stops: true,
  }),
  noAssertion('migrating--issuer-profile-relation-between-open-badges-2-0-and-open-bad'),
  noAssertion('migrating--openbadges-2-0-with-related-openbadges-3-0'),
  example('extensions--ob-clr-extension-json-ld-context', {
    first: 'context failed context_order',
    schema: [''],
    stops: true,
  }),
  {
    file: `${guide}/document-canon.txt`,
    says: 'is in canonical form, has the printed hash, and as a badge is not_authentic for not_a_credential',
    butNot: 'the guide does not print the document that it was made from',
    holds: async () => {
      const canonical = text(`${guide}/document-canon.txt`);
      expect(hashed(canonical)).toBe('87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773');
      expect(await recanonized(canonical)).toBe(canonical);
      const report = await verifyBadge(canonical, await around());
      expect([report.verdict, open(report)]).toEqual(['not_authentic', ['parse failed not_a_credential']]);
    },
  },
  {
    file: `${guide}/proof-canon.txt`,
    says: 'is the canonical form of the printed proof, whose signature fits both texts',
    holds: async () => {
      const canonical = text(`${guide}/proof-canon.txt`);
      expect(await canonize({ '@context': [vcContext], ...guideProof })).toBe(canonical);
      const data = hashed(canonical) + hashed(text(`${guide}/document-canon.txt`));
      const fits = (given: string) =>
        signatureFits(given, publicKeyOfMultikey(guideKey), multibaseBytes(guideSignature));
      expect([fits(data), fits(data.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))]).toEqual([
        true,
        false,
      ]);
    },
  },
];
