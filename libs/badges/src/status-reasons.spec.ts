import { readFileSync } from 'node:fs';
import { projectFile } from '#platform';
import { reasonsFor, type StatusReason, statusReasonCodes } from './status-reasons.js';

type Act = keyof typeof reasonsFor;

describe('the reasons of each act', () => {
  it('leave out none that people may give, and have none that only the product gives', () => {
    const given = new Set<StatusReason>(Object.values(reasonsFor).flat());
    expect(statusReasonCodes.filter((code) => !given.has(code))).toEqual(['key_compromised', 'unknown']);
  });

  it('never say of a badge that is gone that it is being checked, nor of one that stands what took it back', () => {
    for (const act of ['revoke', 'withdraw', 'replace'] as const) {
      expect(reasonsFor[act]).not.toContain('under_review');
      expect(reasonsFor[act]).not.toContain('review_closed');
    }
    for (const code of reasonsFor.reinstate)
      expect(['review_closed', 'learner_request', 'organisation_request']).toContain(code);
    expect(reasonsFor.suspend).not.toContain('review_closed');
  });

  it.each([
    ['fr', { retirer: 'revoke', suspendre: 'suspend', rétablir: 'reinstate', remplacer: 'replace' }],
    ['en', { revoke: 'revoke', suspend: 'suspend', reinstate: 'reinstate', replace: 'replace' }],
  ] as const)('are those of the guide for structures in %s, in the same order', (language, acts) => {
    const guide = readFileSync(projectFile('docs', 'guides', `structures.${language}.md`), 'utf8');
    const told = Object.fromEntries(
      Object.entries<Act>(acts).map(([word, act]) => {
        const row = guide.split('\n').find((line) => line.toLowerCase().startsWith(`| ${word}`)) ?? '';
        return [act, [...row.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code)];
      }),
    );
    const { withdraw, ...others } = reasonsFor;
    expect(told).toEqual(others);
    expect(withdraw).toEqual(reasonsFor.revoke);
  });
});
