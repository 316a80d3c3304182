import fc from 'fast-check';
import { type PublishedBadge, type StatusReason, statusReasonCodes, statusReasons } from '#badges';
import type { Check, VerificationReport } from '#verification';
import {
  aList,
  listUrl,
  aBadge as signable,
  signed,
  statusIndex,
  verify,
} from '../../../../test/vectors/world.js';
import { renderBadgePage } from '../pages/render.js';
import type { BadgePageView, Verdict } from '../pages/view-models.js';
import { badgePageView } from './badge-view.js';
import { aBadge, anAchievement, issuer, origin } from './badge-view.spec-support.js';

type Status = PublishedBadge['status'];
const statuses: Status[] = ['active', 'suspended', 'revoked'];
const verdicts: Verdict[] = ['authentic', 'expired', 'withdrawn', 'cannot_check', 'not_authentic'];

const view = (
  report: VerificationReport,
  given: Partial<PublishedBadge> = {},
  hasOb2 = true,
): BadgePageView =>
  badgePageView({
    origin,
    badge: aBadge(given),
    achievement: anAchievement(),
    catalogue: [],
    competencies: [],
    issuer,
    issuerSlug: 'licorne',
    hasOb2,
    report,
    checkedAt: new Date('2026-11-22T12:00:00Z'),
  });

/** What the register holds of a badge in this state. */
const registered = (status: Status): Partial<PublishedBadge> =>
  status === 'active'
    ? { status }
    : {
        status,
        revokedAt: new Date('2026-11-03T23:59:59.999Z'),
        statusReason: status === 'suspended' ? 'under_review' : 'issued_in_error',
      };

/** The words of a page as a person reads them. */
const words = (page: BadgePageView, language: 'fr' | 'en'): string =>
  renderBadgePage(page, language, { origin, path: `/b/${aBadge().publicId}` })
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<\/?bdi\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

/** Reports of the real verifier about a badge that it was really given. */
const reports = {} as Record<Verdict | 'forged and revoked', VerificationReport>;

beforeAll(async () => {
  const badge = await signed();
  const revoked = { [listUrl]: await aList({ revoked: [statusIndex] }) };
  const forged = { ...badge, name: 'Une autre phrase' };
  Object.assign(reports, {
    authentic: await verify(badge),
    expired: await verify(await signed(signable({ validUntil: '2026-11-21T00:00:00Z' }))),
    withdrawn: await verify(badge, revoked),
    cannot_check: await verify(badge, { [listUrl]: undefined }),
    not_authentic: await verify(forged),
    'forged and revoked': await verify(forged, revoked),
  });
});

const expected: Record<Verdict, Record<Status, Verdict>> = {
  authentic: { active: 'authentic', suspended: 'withdrawn', revoked: 'withdrawn' },
  expired: { active: 'expired', suspended: 'withdrawn', revoked: 'withdrawn' },
  withdrawn: { active: 'cannot_check', suspended: 'withdrawn', revoked: 'withdrawn' },
  cannot_check: { active: 'cannot_check', suspended: 'withdrawn', revoked: 'withdrawn' },
  not_authentic: { active: 'not_authentic', suspended: 'not_authentic', revoked: 'not_authentic' },
};
const pairs = verdicts.flatMap((verdict) => statuses.map((status) => [verdict, status] as const));

describe('the verdict on the page of a badge', () => {
  it.each(pairs)('weighs a report of %s with a register that says %s', (verdict, status) => {
    expect(reports[verdict].verdict).toBe(verdict);
    expect(view(reports[verdict], registered(status)).verdict).toBe(expected[verdict][status]);
  });

  it.each(['not_authentic', 'forged and revoked'] as const)(
    'never says that a badge was good before, when it is %s and taken back',
    (report) => {
      for (const status of ['suspended', 'revoked'] as const) {
        const page = view(reports[report], {
          ...registered(status),
          isReplaced: true,
          supersededBy: 'newer',
        });
        expect([page.verdict, page.withdrawn]).toEqual(['not_authentic', undefined]);
        expect(words(page, 'fr')).toContain('Badge non authentique');
        expect(words(page, 'fr')).not.toMatch(
          /L’émetteur a |Retiré|suspendu|remplac|3 novembre|Licorne|Amina/,
        );
        expect(words(page, 'en')).not.toMatch(/The issuer has|Withdrawn|suspended|replaced|3 November/);
      }
    },
  );

  it('says so of a genuine badge that is taken back: the day, the class of the reason', () => {
    for (const report of [reports.authentic, reports.withdrawn, reports.expired]) {
      const text = words(view(report, registered('revoked')), 'fr');
      expect(text).toContain('a retiré ce badge le 4 novembre 2026');
      expect(text).toContain('Raison : délivré par erreur.');
      expect(text).toContain('L’émetteur a retiré le badge.');
      expect(text).not.toContain('L’émetteur n’a pas retiré le badge.');
    }
  });

  it('tells neither a withdrawal nor its opposite while the list has not caught up with the register', () => {
    const page = view(reports.withdrawn, registered('active'));
    expect(page.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([
      { name: 'status', outcome: 'unknown' },
    ]);
    expect(words(page, 'fr')).toContain('Nous ne savons pas si le badge est retiré.');
    expect(words(page, 'fr')).not.toMatch(/L’émetteur (a|n’a pas) retiré/);
    expect(view(reports.withdrawn, registered('revoked')).checks).toContainEqual({
      name: 'status',
      outcome: 'failed',
    });
  });

  it('says since when an expired badge is over, and never that it has no end', () => {
    const page = view(reports.expired);
    expect(page.expiresOn).toBe('2026-11-21');
    expect(words(page, 'en')).toContain('It has not been valid since 21 November 2026');
    expect(words(page, 'en')).not.toContain('No end date');
    expect(view(reports.authentic).expiresOn).toBeUndefined();
  });

  it.each(['soon', '+012026-01-01T00:00:00Z', 20_261_121, null])('shows no end of %j', (validUntil) => {
    expect(view({ ...reports.expired, credential: { validUntil } }).expiresOn).toBeUndefined();
  });
});

describe('what can be made of a badge on its page', () => {
  const made = ({ forms, certificateHref, sheetHref, linkedInHref }: BadgePageView) =>
    Object.entries({ forms, certificateHref, sheetHref, linkedInHref }).flatMap(([name, it]) =>
      it ? [name] : [],
    );

  it.each(pairs)('offers what fits %s in a register that says %s', (verdict, status) => {
    const all = ['forms', 'certificateHref', 'sheetHref', 'linkedInHref'];
    const stands = status === 'active';
    const wanted =
      stands && verdict === 'authentic' ? all : stands && verdict !== 'not_authentic' ? ['forms'] : [];
    expect(made(view(reports[verdict], registered(status)))).toEqual(wanted);
  });

  it('leads to addresses of this very badge', () => {
    const { publicId } = aBadge();
    expect(view(reports.authentic)).toMatchObject({
      cardHref: `/b/${publicId}/card.png`,
      certificateHref: `/b/${publicId}/certificate.pdf`,
      sheetHref: `/cv.pdf?badges=${publicId}`,
      forms: {
        pngHref: `/b/${publicId}.png`,
        svgHref: `/b/${publicId}.svg`,
        ob2Href: `/b/${publicId}/ob2.json`,
        ob2SignedHref: `/b/${publicId}/ob2.jws`,
      },
      technical: {
        id: `${origin}/b/${publicId}`,
        keyId: 'ed-1',
        keyHref: '/issuers/licorne/keys/ed-1',
        sha256: aBadge().documentSha256,
        status: { listHref: '/status/liste', index: 4711 },
        jsonHref: `/b/${publicId}.json`,
        jwtHref: `/b/${publicId}.jwt`,
        origin,
      },
    });
    const linkedIn = new URL(view(reports.authentic).linkedInHref!).searchParams;
    expect(linkedIn.get('certUrl')).toBe(`${origin}/b/${publicId}`);
    expect([linkedIn.get('issueYear'), linkedIn.get('issueMonth')]).toEqual(['2026', '10']);
  });

  it('has no older form without a public address of the issuer, and no sheet without a name', () => {
    expect(Object.keys(view(reports.authentic, {}, false).forms!)).toEqual(['pngHref', 'svgHref']);
    const nameless = view(reports.authentic, { recipientName: null });
    expect([nameless.learnerName, nameless.sheetHref]).toEqual([undefined, undefined]);
    expect(nameless.certificateHref).toBeDefined();
    expect(view(reports.authentic).learnerName).toBe('Amina T.');
  });
});

describe('how a withdrawal is told', () => {
  const told = (given: Partial<PublishedBadge>) =>
    view(reports.withdrawn, { ...registered('revoked'), ...given }).withdrawn;

  it.each<[string, Partial<PublishedBadge>, string]>([
    ['a revoked badge', {}, 'withdrawn'],
    ['a suspended badge', { status: 'suspended' }, 'suspended'],
    ['one that another replaces', { isReplaced: true }, 'replaced'],
    ['one revoked for a newer version', { statusReason: 'superseded' }, 'replaced'],
    ['a suspended one that another replaces', { status: 'suspended', isReplaced: true }, 'suspended'],
  ])('of %s', (_name, given, kind) => {
    expect(told(given)?.kind).toBe(kind);
  });

  it('gives the day in Paris, the class of the reason and the newer badge only where it is shown', () => {
    expect(told({ isReplaced: true, supersededBy: 'newer' })).toEqual({
      kind: 'replaced',
      on: '2026-11-04',
      reason: statusReasons.issued_in_error,
      newerHref: '/b/newer',
    });
    expect(told({ isReplaced: true, statusReason: null })).toEqual({ kind: 'replaced', on: '2026-11-04' });
  });
});

describe('the page of any badge', () => {
  const outcome = fc.constantFrom<Check['outcome']>('passed', 'failed', 'unknown');
  const check = fc.record({
    name: fc.constantFrom<Check['name']>(
      'parse',
      'context',
      'links',
      'schema',
      'issuer',
      'proof',
      'dates',
      'status',
    ),
    outcome,
    code: fc.constantFrom<Check['code']>('read', 'issuer_key_compromised_later'),
    detail: fc.constant({ fr: 'détail', en: 'detail' }),
  });
  const report: fc.Arbitrary<VerificationReport> = fc.record({
    verdict: fc.constantFrom(...verdicts),
    checks: fc.uniqueArray(check, { selector: ({ name }) => name }),
  });
  const register: fc.Arbitrary<Partial<PublishedBadge>> = fc.record({
    status: fc.constantFrom(...statuses),
    revokedAt: fc.option(fc.date({ min: new Date(0), max: new Date('2090-01-01'), noInvalidDate: true })),
    statusReason: fc.option(fc.constantFrom<StatusReason>(...statusReasonCodes)),
    isReplaced: fc.boolean(),
    supersededBy: fc.option(fc.constant('newer')),
    recipientName: fc.option(fc.constant('Amina T.')),
  });

  it('never answers better than the verifier or the register does', () => {
    fc.assert(
      fc.property(report, register, (given, badge) => {
        const page = view(given, badge);
        if (given.verdict === 'not_authentic') expect(page.verdict).toBe('not_authentic');
        if (page.verdict === 'authentic' || page.verdict === 'expired')
          expect([given.verdict, badge.status]).toEqual([page.verdict, 'active']);
        if (page.verdict === 'withdrawn') expect(badge.status).not.toBe('active');
        if (page.withdrawn || page.note)
          expect(page.verdict).toBe(page.withdrawn ? 'withdrawn' : 'authentic');
        if (page.verdict !== 'authentic')
          expect([page.certificateHref, page.linkedInHref]).toEqual([undefined, undefined]);
      }),
      { numRuns: 200 },
    );
  });

  it('tells the reading of the content as its worst part, and as unknown where nothing was read', () => {
    fc.assert(
      fc.property(report, (given) => {
        const parts = given.checks.filter(({ name }) => ['parse', 'context', 'links'].includes(name));
        const has = (wanted: Check['outcome']) => parts.some((part) => part.outcome === wanted);
        const [content, ...others] = view(given).checks;
        expect(content).toEqual({
          name: 'content',
          outcome: has('failed') ? 'failed' : has('unknown') || !has('passed') ? 'unknown' : 'passed',
        });
        expect(others.map(({ name }) => name)).toEqual(
          (['proof', 'schema', 'issuer', 'dates', 'status'] as const).filter((name) =>
            given.checks.some((one) => one.name === name),
          ),
        );
      }),
    );
  });

  it('adds to an authentic badge alone that its key was stolen later', () => {
    const later: Check = {
      name: 'issuer',
      outcome: 'passed',
      code: 'issuer_key_compromised_later',
      detail: { fr: 'volée ensuite', en: 'stolen later' },
    };
    const given = { ...reports.authentic, checks: [...reports.authentic.checks, later] };
    expect(view(given).note).toEqual(later.detail);
    expect(view(given, registered('revoked')).note).toBeUndefined();
    expect(view(reports.authentic).note).toBeUndefined();
  });
});
