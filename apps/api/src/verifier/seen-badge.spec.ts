import fc from 'fast-check';
import type { BadgeReport } from '#verification';
import { seenBadge } from './seen-badge.js';

const report = (parts: Partial<BadgeReport>): BadgeReport => ({
  verdict: 'authentic',
  checks: [],
  notChecked: [],
  notProven: [],
  ...parts,
});

describe('what is seen of a badge', () => {
  it('comes from an Open Badge 3.0', () => {
    const credential = {
      name: 'Courriel',
      validFrom: '2026-10-19T08:00:00+02:00',
      validUntil: '2028-10-19T08:00:00Z',
      credentialSubject: { achievement: { name: 'other' } },
    };
    const issuer = { id: 'did:web:a.example', name: 'La Maison' };
    expect(seenBadge(report({ credential, issuer, subject: { name: 'Amina T.' } }))).toEqual({
      title: 'Courriel',
      learner: 'Amina T.',
      issuer: 'La Maison',
      from: '2026-10-19',
      until: '2028-10-19',
    });
  });

  it('comes from the older shape and from an Open Badge 2.0', () => {
    expect(
      seenBadge(
        report({
          credential: {
            issuanceDate: '2023-01-02T00:00:00Z',
            credentialSubject: { achievement: { name: { '@value': 'Word' } } },
          },
        }),
      ),
    ).toEqual({ title: 'Word', from: '2023-01-02' });
    expect(
      seenBadge(
        report({
          credential: { issuedOn: '2020-05-06T00:00:00Z', badge: 'https://a.example/excel' },
          badgeClass: { name: 'Excel' },
        }),
      ),
    ).toEqual({ title: 'Excel', from: '2020-05-06' });
  });

  it('never turns the words around it, and is never long', () => {
    const { title } = seenBadge(report({ credential: { name: `\u202Eevil\u0007${'x'.repeat(500)}` } }));
    expect(title).toMatch(/^evil x+$/);
    expect(title!.length).toBeLessThanOrEqual(200);
  });

  it.each(['+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z', 'soon', 7])(
    'has no date that a page could not write: %s',
    (validUntil) => {
      expect(seenBadge(report({ credential: { validUntil } }))).toEqual({});
    },
  );

  it('is something or nothing, whatever the badge holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('name', 'validFrom', 'validUntil', 'credentialSubject', 'badge', 'issuedOn'),
          fc.jsonValue(),
        ),
        (credential) => {
          for (const value of Object.values(seenBadge(report({ credential })))) {
            expect(typeof value).toBe('string');
            expect(value).not.toBe('');
          }
        },
      ),
    );
  });
});
