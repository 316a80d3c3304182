import type { Achievement, PublishedBadge } from '#badges';
import type { VerificationReport } from '#verification';
import { certificateOf, sheetBadgeOf } from '../documents/document-content.js';
import { badgePageView } from './badge-view.js';

const origin = 'https://badges.example';
const achievement = {
  publicId: '1abcdefghjkmnpqrstvwxyz014',
  name: { fr: 'Mon CV', en: 'My CV' },
  description: { fr: 'Écrire un CV.' },
  easyText: { fr: 'Je sais écrire mon CV.' },
  criteria: [],
  alignments: [],
  picture: { family: 'learner', area: '3', pictogram: 'cv-document', level: 2, initials: 'AL' },
  rule: { all: [] },
} as unknown as Achievement;

/** What people read of a badge as its date: on its page, in LinkedIn's form, on the certificate and on a sheet. */
function datesOf(given: { awardedAt: string; signedAt: string; revokedAt?: string }) {
  const badge: PublishedBadge = {
    publicId: '3k9mz7q2w8x4v1n6t5r0p9h2jc',
    document: '{}',
    documentSha256: '9f'.repeat(32),
    jwt: 'a.b.c',
    signedAt: new Date(given.signedAt),
    status: given.revokedAt ? 'revoked' : 'active',
    revokedAt: given.revokedAt ? new Date(given.revokedAt) : null,
    statusReason: null,
    isReplaced: false,
    supersededBy: null,
    statusListPublicId: 'liste',
    statusIndex: 1,
    ed25519KeyId: 'ed',
    rs256KeyId: 'rs',
    awardedAt: new Date(given.awardedAt),
    established: 'observed-by-one',
    achievementId: 'a',
    recipientName: 'Lou EXEMPLE',
    session: null,
    assessors: [],
    organisationId: 'o',
  };
  const page = badgePageView({
    origin,
    badge,
    achievement,
    catalogue: [],
    competencies: [],
    issuer: { publicName: 'Structure', href: '/issuers/structure' },
    issuerSlug: 'structure',
    hasOb2: false,
    report: { verdict: 'authentic', checks: [] } as unknown as VerificationReport,
    checkedAt: new Date(given.signedAt),
  });
  const facts = { origin, badge, achievement, issuer: 'Structure' };
  const certificate = certificateOf(
    { ...facts, parts: [], alignments: [], assessment: { established: 'observed-by-one', assessors: [] } },
    'fr',
  );
  const asked = page.linkedInHref && new URL(page.linkedInHref).searchParams;
  return {
    page: page.issuedOn,
    withdrawn: page.withdrawn?.on,
    linkedIn: asked && [asked.get('issueYear'), asked.get('issueMonth')],
    papers: [certificate.issuedOn, sheetBadgeOf(facts, 'en').issuedOn],
    fileDate: certificate.signedAt.toISOString(),
  };
}

describe('the date of a badge', () => {
  it('is the day of the award, whenever it was signed', () => {
    for (const signedAt of ['2026-11-22T10:00:00Z', '2027-03-01T10:00:00Z'])
      expect(datesOf({ awardedAt: '2026-10-05T07:30:00Z', signedAt })).toEqual({
        page: '2026-10-05',
        linkedIn: ['2026', '10'],
        papers: ['5 octobre 2026', '5 October 2026'],
        fileDate: new Date(signedAt).toISOString(),
      });
  });

  it.each([
    ['half an hour after midnight in Paris, in summer', '2026-08-31T22:30:00Z', '2026-09-01'],
    ['half an hour before midnight in Paris, in summer', '2026-08-31T21:30:00Z', '2026-08-31'],
    ['half an hour after midnight in Paris, in winter', '2026-12-31T23:30:00Z', '2027-01-01'],
    ['half an hour before midnight in Paris, in winter', '2026-12-31T22:30:00Z', '2026-12-31'],
  ])('is the day of the workshop, %s', (_when, awardedAt, day) => {
    const dates = datesOf({ awardedAt, signedAt: '2027-02-01T10:00:00Z' });
    expect(dates.page).toBe(day);
    expect(dates.linkedIn).toEqual([day.slice(0, 4), String(Number(day.slice(5, 7)))]);
  });

  it('tells the day of a withdrawal as the clocks of the workshops did', () => {
    const given = { awardedAt: '2026-10-05T07:30:00Z', signedAt: '2026-10-06T07:30:00Z' };
    expect(datesOf({ ...given, revokedAt: '2026-12-31T23:30:00Z' }).withdrawn).toBe('2027-01-01');
  });
});
