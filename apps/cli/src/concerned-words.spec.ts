import { type AddressedBadge, concernedInWords } from './concerned-words.js';

const aBadge = (at: number, given: Partial<AddressedBadge> = {}): AddressedBadge => ({
  credentialId: `c${at}`,
  awardId: `a${at}`,
  publicId: `p${at}`,
  address: `http://localhost/b/p${at}`,
  badge: 'B-CE-1',
  name: { fr: 'Un badge' },
  signedAt: new Date(Date.UTC(2026, 10, 1, 8, 0, at)),
  isRejected: true,
  isShared: false,
  wasShared: false,
  ...given,
});
const many = (count: number, given: Partial<AddressedBadge>): AddressedBadge[] =>
  Array.from({ length: count }, (_, at) => aBadge(at, given));

describe('the badges that a stolen key signed, in words', () => {
  it('are named by address, code, instant and award, those signed since the theft first', () => {
    expect(concernedInWords([aBadge(1, { isRejected: false }), aBadge(2)], 'en')).toEqual([
      'No longer authentic:',
      '  http://localhost/b/p2\tB-CE-1\t2026-11-01T08:00:02.000Z\tnever shown\ta2',
      'Stay authentic, with a note:',
      '  http://localhost/b/p1\tB-CE-1\t2026-11-01T08:00:01.000Z\tnever shown\ta1',
    ]);
  });

  it('have no heading where there are none', () => {
    expect(concernedInWords([], 'en')).toEqual([]);
    expect(concernedInWords([aBadge(1, { isRejected: false })], 'fr')).toEqual([
      'Restent authentiques, avec une note :',
      expect.stringContaining('http://localhost/b/p1\t'),
    ]);
  });

  it('are twenty of each kind at most, and the others are counted', () => {
    const text = concernedInWords([...many(22, {}), ...many(23, { isRejected: false })], 'en').join('\n');
    expect(text.match(/localhost\/b\//g)).toHaveLength(40);
    expect(text).toContain(
      '… and 2 more that are no longer authentic (the same command with --dry-run --json',
    );
    expect(text).toContain('… and 3 more that stay authentic (the same command with --dry-run --json');
    expect(concernedInWords(many(22, {}), 'fr').at(-1)).toContain(
      '… et 2 autres qui ne sont plus authentiques',
    );
  });

  it.each([20, 21])('are all named where there are %i, and nothing is said of more', (count) => {
    const lines = concernedInWords(many(count, {}), 'en');
    expect(lines).toHaveLength(count + 1);
    expect(lines.join('\n')).not.toMatch(/ more |--json/);
  });

  it('begin with those that are shown, then those that were, however late they were signed', () => {
    const badges = [
      ...many(30, {}),
      aBadge(40, { wasShared: true }),
      aBadge(41, { isShared: true, wasShared: true }),
    ];
    const [, first, second, third] = concernedInWords(badges, 'fr');
    expect(first).toMatch(/\/p41\t.*\tmontré\t/);
    expect(second).toMatch(/\/p40\t.*\ta été montré, ou a pu l’être\t/);
    expect(third).toMatch(/\/p0\t.*\tjamais montré\t/);
  });
});
