import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { projectFile, sha256 } from '#platform';
import {
  ContextStore,
  canonize,
  checkProof,
  openBadgesContext,
  prepare,
  publicKeyOfMultikey,
} from '#signing';
import { aBadge } from './world.js';

const published = (...path: string[]): string =>
  readFileSync(projectFile('test/vectors/published', ...path), 'utf8');
const standards = (path: string): Buffer => readFileSync(projectFile('schemas/standards', path));

describe('files of the standards', () => {
  const rows = [
    ...standards('README.md')
      .toString()
      .matchAll(/^\| `([^`]+)` \| (\S+) \|.*\| `([0-9a-f]{64})` \|$/gm),
  ];

  it.each(rows.map((row) => [row[1]!, row[3]!]))('%s is the published one, byte for byte', (file, hash) => {
    expect(createHash('sha256').update(standards(file)).digest('hex')).toBe(hash);
  });

  it('lists every file it ships', () => {
    const files = ['case-v1p1', 'clr-v2p0', 'contexts', 'ob-v1p1', 'ob-v3p0'].flatMap((folder) =>
      readdirSync(projectFile('schemas/standards', folder)).map((file) => `${folder}/${file}`),
    );
    expect(rows.map((row) => row[1]).sort()).toEqual(files.sort());
  });

  it('gives our badges the same canonical form under the older text of context 3.0.3', async () => {
    const older = JSON.parse(standards('contexts/ob-v3p0-context-3.0.3.json').toString()) as object;
    const text = await canonize(aBadge(), new ContextStore({ [openBadgesContext]: older }));
    expect(text).toBe(await canonize(aBadge()));
  });
});

// The published examples themselves are in the table of published.spec.ts.
describe('Open Badges 3.0 examples', () => {
  it('fits the worked example of the implementation guide: canonical texts, hashes, key and signature', async () => {
    const documentHash = sha256(published('ob-v3p0-impl-guide/document-canon.txt'));
    expect(documentHash.toString('hex')).toBe(
      '87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773',
    );
    const multikey = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2010-01-01T19:23:24Z',
      verificationMethod: `https://example.edu/issuers/565049#${multikey}`,
      proofPurpose: 'assertionMethod',
      proofValue: 'z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr',
    };
    const prepared = { ...(await prepare(aBadge())), documentHash };
    expect(await checkProof(prepared, proof, publicKeyOfMultikey(multikey))).toBe(true);
  });
});
