import { verifyBadge } from '#verification';
import { credentials, presentations, records } from './broken/any-kind.js';
import { endorsements, olderShape, refreshing } from './broken/around.js';
import { photos } from './broken/codes.js';
import { dataIntegrity } from './broken/data-integrity.js';
import { envelopes, envelopesInBase64 } from './broken/envelopes.js';
import { corpusWeb, type Family, type Handed, type Told } from './broken/family.js';
import { json, sameMeaning } from './broken/json.js';
import { jwt, jwtOfCurves } from './broken/jwt.js';
import { didDocuments, jwks } from './broken/keys.js';
import { hosted, signedOb2 } from './broken/ob2.js';
import { otherSuites } from './broken/other-suites.js';
import { pngs, svgs } from './broken/pictures.js';
import { results, toldOfResults } from './broken/results.js';
import { shownBadges } from './broken/shown.js';
import { revocationLists, statusLists } from './broken/status.js';
import { verdicts } from './broken/verdicts.js';
import { aRecord } from './statements.js';
import { now, signed } from './world.js';

const families: Family[] = [
  dataIntegrity,
  ...otherSuites,
  jwt,
  jwtOfCurves,
  envelopes,
  envelopesInBase64,
  olderShape,
  hosted,
  signedOb2,
  pngs,
  svgs,
  statusLists,
  revocationLists,
  didDocuments,
  jwks,
  endorsements,
  refreshing,
  json,
  photos,
  records,
  credentials,
  presentations,
  results,
  shownBadges,
];

const verifyAsBadge = async ({ input, web, options }: Handed): Promise<Told> =>
  verifyBadge(input, { fetcher: await corpusWeb(web), now, ...options });

describe('badges and credentials with one fault each', () => {
  it('are at least 150, and each has its own name', () => {
    const names = families.flatMap(({ form, faults }) => faults.map(([what]) => `${form}: ${what}`));
    expect(names.length).toBeGreaterThanOrEqual(200);
    expect(new Set(names).size).toBe(names.length);
  });

  it('have each a verdict of its own choice, and no verdict stands for a fault that nobody has', () => {
    const told = new Set(families.flatMap(({ faults }) => faults.map(([, one]) => one)));
    expect(Object.keys(verdicts).sort()).toEqual([...told].sort());
  });

  describe.each(families)('$form', ({ original, faults, verify = verifyAsBadge }) => {
    it('is authentic without a fault', async () => {
      const report = await verify(await original());
      expect(report.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
      expect(report.verdict).toBe('authentic');
    });

    it.each(faults)('%s: %s', async (_what, told, badge) => {
      const report = await verify(await badge());
      // Without a key there is no answer to the other question; what keeps it away is the fault.
      const first = report.checks.find(
        ({ outcome, code }) => outcome !== 'passed' && code !== 'key_not_available',
      );
      expect(first && `${first.name} ${first.outcome} ${first.code}`).toBe(told);
      expect(report.verdict).toBe(verdicts[told]);
    });
  });
});

describe('a badge whose results should be looked at', () => {
  it.each(toldOfResults)('is authentic, and tells %s: %s', async (_what, code, told, badge) => {
    const { input } = await badge();
    const report = await verifyBadge(input, { fetcher: await corpusWeb(), now });
    expect(report.verdict).toBe('authentic');
    expect(report.checks.find(({ name }) => name === 'links')).toMatchObject({ outcome: 'passed', code });
    expect(report.results).toEqual([expect.objectContaining({ code, ...told })]);
    const isOpen = JSON.stringify(report.notChecked).includes('tous ne se comparent pas');
    expect(isOpen).toBe(code === 'result_not_compared');
  });

  it('tells nothing of results when its signature does not fit', async () => {
    const [, , , badge] = toldOfResults[0]!;
    const { input } = await badge();
    const report = await verifyAsBadge({ input: { ...(input as object), name: 'Autre' } });
    expect(report.verdict).toBe('not_authentic');
    expect(report).not.toHaveProperty('results');
  });

  it('tells them of a badge inside a record as well, and leaves its answer as it is', async () => {
    const [, code, told, badge] = toldOfResults[0]!;
    const { input } = await badge();
    const credentialSubject = { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [input] };
    const record = await signed(aRecord({ credentialSubject }));
    const report = await verifyBadge(record, { fetcher: await corpusWeb(), now });
    expect(report.verdict).toBe('authentic');
    expect(report.badges).toMatchObject([{ verdict: 'authentic', results: [{ code, ...told }] }]);
  });
});

describe('a badge written otherwise', () => {
  it.each(sameMeaning.map((write) => [write]))('is the same badge: %p', async (write) => {
    expect((await verifyAsBadge({ input: write(await signed()) })).verdict).toBe('authentic');
  });
});
