import { mayBeRepeated, withoutFalseNames } from './false-names.js';
import { messages } from './messages.js';
import { checkOf, failed, passed, reportOf } from './report.js';
import type { BadgeReport } from './verify-badge.js';

const sound = (['parse', 'context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status'] as const).map(
  (name) => checkOf(name, passed('read')),
);
const forged = [...sound.slice(0, 5), checkOf('proof', failed('signature_wrong'))];
const aReport = (checks = sound, more: Partial<BadgeReport> = {}): BadgeReport => ({
  ...reportOf(checks),
  credential: { id: 'urn:uuid:1', name: 'Name' },
  issuer: { id: 'did:web:x.example', name: 'Name' },
  subject: { id: 'urn:uuid:2', name: 'Name', email: 'name@example.org' },
  badgeClass: { id: 'https://x.example/class', name: 'Name', image: 'https://x.example/name.png' },
  endorsements: [],
  notChecked: [],
  notProven: [],
  ...more,
});

describe('a report that is passed on', () => {
  it('has of a false badge the identifiers and every check, and nothing else that it says of itself', () => {
    const report = aReport(forged);
    const { subject: _subject, endorsements: _endorsements, ...rest } = report;
    expect(mayBeRepeated(report)).toBe(false);
    expect(withoutFalseNames(report)).toEqual({
      ...rest,
      issuer: { id: 'did:web:x.example' },
      badgeClass: { id: 'https://x.example/class' },
    });
  });

  it('is whole when the badge is not false', () => {
    for (const status of [passed('read'), failed('revoked')]) {
      const report = aReport([...sound.slice(0, -1), checkOf('status', status)]);
      expect(mayBeRepeated(report)).toBe(true);
      expect(withoutFalseNames(report)).toEqual(report);
    }
  });

  it('names no false badge inside, and all else of a record that holds', () => {
    const by = { id: 'did:web:y.example', name: 'Name' };
    const told = { id: 'urn:uuid:3', name: 'Name', by, code: 'read', detail: messages.read } as const;
    const badges: BadgeReport['badges'] = [
      { ...told, verdict: 'not_authentic' },
      { ...told, verdict: 'cannot_check' },
    ];
    const report = aReport([...sound, checkOf('badges', failed('inside_broken'))], { badges });
    expect(report.verdict).toBe('not_authentic');
    const { name: _name, ...unnamed } = told;
    expect(withoutFalseNames(report)).toEqual({
      ...report,
      badges: [{ ...unnamed, by: { id: by.id }, verdict: 'not_authentic' }, badges[1]],
    });
  });
});
