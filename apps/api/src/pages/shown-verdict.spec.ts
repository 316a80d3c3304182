import fc from 'fast-check';
import { shownChecks, shownVerdict } from './shown-verdict.js';
import type { CheckView, Verdict } from './view-models.js';

const names: CheckView['name'][] = ['content', 'proof', 'schema', 'issuer', 'dates', 'status'];
const verdicts: Verdict[] = ['authentic', 'expired', 'withdrawn', 'cannot_check', 'not_authentic'];
const allPassed = names.map((name): CheckView => ({ name, outcome: 'passed' }));
const anyChecks = fc.array(
  fc.record<CheckView>({
    name: fc.constantFrom(...names),
    outcome: fc.constantFrom('passed', 'failed', 'unknown'),
  }),
);

describe('shownVerdict', () => {
  it('never says authentic above a check that is missing, failed or could not be made', () => {
    fc.assert(
      fc.property(fc.constantFrom(...verdicts), anyChecks, (verdict, checks) => {
        if (shownVerdict({ verdict, checks }) !== 'authentic') return true;
        const outcomes = names.slice(1).map((name) => checks.filter((check) => check.name === name));
        return (
          outcomes.every((made) => made.length > 0) && checks.every(({ outcome }) => outcome === 'passed')
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every verdict that its checks bear out', () => {
    for (const verdict of verdicts) expect(shownVerdict({ verdict, checks: allPassed })).toBe(verdict);
  });

  it('never makes a bad verdict better', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Verdict>('withdrawn', 'cannot_check', 'not_authentic'),
        anyChecks,
        (verdict, checks) => {
          expect(shownVerdict({ verdict, checks })).toBe(verdict);
        },
      ),
    );
  });

  it('does not call a badge authentic but expired when its status could not be read', () => {
    const checks = allPassed.map(
      (check): CheckView => (check.name === 'status' ? { ...check, outcome: 'unknown' } : check),
    );
    expect(shownVerdict({ verdict: 'expired', checks })).toBe('cannot_check');
  });
});

describe('shownChecks', () => {
  it('says withdrawn in the list too, also while the published status list is an older one', () => {
    const status = shownChecks({ verdict: 'withdrawn', checks: allPassed }).find(
      ({ name }) => name === 'status',
    );
    expect(status!.outcome).toBe('failed');
    expect(shownChecks({ verdict: 'authentic', checks: allPassed })).toEqual(allPassed);
  });
});
