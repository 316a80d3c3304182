import { lintCredential } from '#verification';
import { aBadge, aList, answer, listUrl, signed, signedJwt, statusIndex, verify } from './world.js';

describe('a badge as it was issued', () => {
  it('passes the linter', async () => {
    expect((await lintCredential(aBadge())).faults).toEqual([]);
  });

  it('is authentic with its embedded proof', async () => {
    const report = await verify(await signed());
    expect(report.checks.map(({ name, outcome, code, remark }) => [name, outcome, code, remark])).toEqual([
      ['parse', 'passed', 'read', undefined],
      ['context', 'passed', 'contexts_known', undefined],
      ['schema', 'passed', 'schema_followed', undefined],
      ['links', 'passed', 'links_sound', undefined],
      ['issuer', 'passed', 'issuer_key_found', undefined],
      ['proof', 'passed', 'signature_fits', undefined],
      ['dates', 'passed', 'dates_valid', undefined],
      ['status', 'passed', 'status_active', undefined],
    ]);
    expect(report.verdict).toBe('authentic');
    expect(report.issuer?.name).toBe('Structure du Nord');
  });

  it('is authentic as VC-JWT', async () => {
    const report = await verify(signedJwt());
    expect(answer(report, 'proof')).toBe('passed signature_fits');
    expect(report.verdict).toBe('authentic');
  });

  it('is withdrawn once its bit is set', async () => {
    const report = await verify(await signed(), { [listUrl]: await aList({ revoked: [statusIndex] }) });
    expect(answer(report, 'status')).toBe('failed revoked');
    expect(report.verdict).toBe('withdrawn');
  });
});
