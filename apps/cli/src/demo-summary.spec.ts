import { readProjectJson } from '#platform';
import { type DemoSummary, faultsOf, printSummary } from './demo-summary.js';

const expected = readProjectJson<{
  realPersons: number;
  anonymousParticipants: number;
  awardsAutomatic: Record<string, number>;
}>('apps', 'cli', 'demo', 'campagne-2026-automne.expected.json');

const nothingSince = { isChanged: false, people: 0, heldCases: 0, badges: 0, takenBack: 0 };

/** The summary of a demonstration in which everything went well. */
const aSummary = (given: Partial<DemoSummary> = {}): DemoSummary => ({
  origin: 'http://localhost:4180',
  import: 'imported',
  people: expected.realPersons,
  staff: 3,
  anonymousParticipants: expected.anonymousParticipants,
  heldCases: 1,
  settledCases: 0,
  badgesByWorkshop: expected.awardsAutomatic,
  workshopBadges: 51,
  pathwayBadges: 7,
  signed: 58,
  refused: 0,
  twice: 0,
  since: nothingSince,
  statuses: { active: 58, revoked: 0, suspended: 0 },
  published: 11,
  acceptedByOutsideVerifier: 58,
  refusedByOutsideVerifier: [],
  statusesByOutsideVerifier: { active: 58, revoked: 0, suspended: 0, unknown: 0 },
  publishedBy: 2,
  addresses: {
    badges: ['b1', 'b2', 'b3', 'b4'].map((id) => `http://localhost:4180/b/${id}`),
    openBadge2: 'http://localhost:4180/b/b1/ob2.json?download',
    issuer: 'http://localhost:4180/issuers/x',
    frameworks: 'http://localhost:4180/frameworks',
    api: 'http://localhost:4180/api/docs',
  },
  ...given,
});

describe('the numbers of the demonstration', () => {
  it('are right when they are those of the expected file', () => {
    expect(faultsOf(aSummary())).toEqual([]);
  });

  it.each<[string, Partial<DemoSummary>]>([
    ['people', { people: 14 }],
    ['anonymous', { anonymousParticipants: 0 }],
    ['held cases', { heldCases: 0 }],
    ['held cases', { heldCases: 1, settledCases: 1 }],
    ['people that nothing explains', { since: { ...nothingSince, people: 1 } }],
    ['badges that nothing explains', { since: { ...nothingSince, badges: 1 } }],
    ['badges taken back for nothing', { since: { ...nothingSince, takenBack: 1 } }],
    ['badges by workshop', { badgesByWorkshop: { ...expected.awardsAutomatic, 'CE-1': 10 } }],
    ['badges by workshop', { badgesByWorkshop: { ...expected.awardsAutomatic, 'CE-9': 1 } }],
    ['pathway badges', { pathwayBadges: 6 }],
    ['signed badges', { signed: 57 }],
    ['signed badges', { signed: 59 }],
    ['refused badges', { refused: 1 }],
    ['stand twice', { twice: 1 }],
    ['accepted by the outside verifier', { acceptedByOutsideVerifier: 57 }],
    ['active', { statusesByOutsideVerifier: { active: 57, revoked: 0, suspended: 0, unknown: 0 } }],
    ['withdrawn', { statusesByOutsideVerifier: { active: 58, revoked: 0, suspended: 1, unknown: 0 } }],
    ['unknown status', { statusesByOutsideVerifier: { active: 58, revoked: 0, suspended: 0, unknown: 1 } }],
  ])('are wrong when %s differs by one, and the fault says what was expected', (name, change) => {
    const faults = faultsOf(aSummary(change));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
    expect(faults[0]).toContain('expected');
  });

  it('are wrong when nothing was signed, however well that nothing was accepted', () => {
    const nothing = aSummary({
      signed: 0,
      statuses: { active: 0, revoked: 0, suspended: 0 },
      acceptedByOutsideVerifier: 0,
      statusesByOutsideVerifier: { active: 0, revoked: 0, suspended: 0, unknown: 0 },
    });
    expect(faultsOf(nothing)).toEqual(['signed badges: 0, expected 58']);
  });

  it('are right when somebody withdrew badges since, or had one replaced, and the lists tell it', () => {
    const withdrawn = { active: 57, revoked: 2, suspended: 1 };
    const used = aSummary({
      statuses: withdrawn,
      acceptedByOutsideVerifier: 57,
      statusesByOutsideVerifier: { active: 57, revoked: 3, suspended: 0, unknown: 0 },
    });
    expect(faultsOf(used)).toEqual([]);
  });

  describe('when somebody settled the case, corrected the register or added a file', () => {
    const since = { isChanged: true, people: 1, heldCases: 2, badges: 3, takenBack: 4 };

    it('are right, with what came of it apart', () => {
      expect(faultsOf(aSummary({ heldCases: 0, settledCases: 1, since }))).toEqual([]);
    });

    it.each<[string, Partial<DemoSummary>]>([
      ['badges by workshop', { badgesByWorkshop: { ...expected.awardsAutomatic, 'CE-3': 13 } }],
      ['signed badges', { signed: 57 }],
      ['people', { people: 14 }],
      ['stand twice', { twice: 1 }],
    ])('are wrong all the same with other %s of the campaign', (name, given) => {
      expect(faultsOf(aSummary({ since, ...given }))).toEqual([expect.stringContaining(name)]);
    });
  });

  it.each<[string, DemoSummary['statusesByOutsideVerifier']]>([
    ['tell it of another badge too', { active: 56, revoked: 2, suspended: 0, unknown: 0 }],
    ['do not tell it', { active: 58, revoked: 0, suspended: 0, unknown: 0 }],
  ])('are wrong when somebody withdrew a badge and the lists %s', (_, told) => {
    const statuses = { active: 57, revoked: 1, suspended: 0 };
    const summary = aSummary({ statuses, acceptedByOutsideVerifier: 57, statusesByOutsideVerifier: told });
    expect(faultsOf(summary)).toEqual([
      expect.stringContaining(`active: ${told.active}, expected 57`),
      expect.stringContaining(`withdrawn: ${told.revoked}, expected 1`),
    ]);
  });

  it('are wrong when a badge is refused from outside that nobody withdrew', () => {
    const statuses = { active: 57, revoked: 1, suspended: 0 };
    const refused = aSummary({
      statuses,
      acceptedByOutsideVerifier: 56,
      statusesByOutsideVerifier: { ...statuses, unknown: 0 },
    });
    expect(faultsOf(refused)).toEqual(['badges accepted by the outside verifier: 56, expected 57']);
  });

  it('do not leave out a status that the other program could not read', () => {
    const unread = aSummary({
      acceptedByOutsideVerifier: 57,
      statusesByOutsideVerifier: { active: 57, revoked: 0, suspended: 0, unknown: 1 },
    });
    expect(faultsOf(unread)).toHaveLength(3);
  });
});

describe('the summary for people', () => {
  const written: string[] = [];
  const before = process.env.LC_ALL;
  beforeEach(() => {
    written.length = 0;
    import.meta.jest.spyOn(console, 'log').mockImplementation((line: string) => void written.push(line));
  });
  afterEach(() => {
    import.meta.jest.restoreAllMocks();
    if (before === undefined) delete process.env.LC_ALL;
    else process.env.LC_ALL = before;
  });
  const printed = (locale: string, summary: DemoSummary): string => {
    process.env.LC_ALL = locale;
    printSummary(summary, faultsOf(summary));
    return written.join('\n');
  };

  it.each([
    ['fr_FR.UTF-8', 'Tous les nombres sont justes', 'état, listes signées'],
    ['en_GB.UTF-8', 'Every number is right', 'status, signed lists'],
  ])('in %s says that all is right and which program checked what', (locale, right, what) => {
    const text = printed(locale, aSummary());
    expect(text).toContain(right);
    expect(text).toMatch(/58 \S+ \S+ @digitalbazaar\/vc \(/);
    expect(text).toMatch(/58 \S+ \S+ @digitalbazaar\/vc-bitstring-status-list \(/);
    expect(text).toContain(what);
    expect(text).not.toMatch(/Wrong|Écart|undefined|NaN/);
  });

  it('gives three badges to open, one in the older version too, the issuer, the frameworks and the API', () => {
    const addresses = printed('C', aSummary()).match(/http:\S+/g);
    expect(addresses).toEqual([
      'http://localhost:4180/b/b1',
      'http://localhost:4180/b/b2',
      'http://localhost:4180/b/b3',
      'http://localhost:4180/b/b1/ob2.json?download',
      'http://localhost:4180/issuers/x',
      'http://localhost:4180/frameworks',
      'http://localhost:4180/api/docs',
    ]);
  });

  it('names what is wrong and does not say that all is right', () => {
    const text = printed('C', aSummary({ people: 14 }));
    expect(text).toContain('Wrong: people: 14, expected 15');
    expect(text).not.toContain('Every number is right');
  });

  it('tells what was withdrawn since apart, and only then', () => {
    expect(printed('C', aSummary())).not.toContain('Withdrawn');
    const statuses = { active: 55, revoked: 1, suspended: 2 };
    expect(printed('C', aSummary({ statuses }))).toMatch(/Withdrawn since +1 revoked, 2 suspended/);
    expect(printed('fr_FR.UTF-8', aSummary({ statuses }))).toMatch(/Retirés depuis +1 révoqués, 2 suspendus/);
  });

  it.each([
    [
      'C',
      /Held cases +0 +\(a person has decided\)/,
      /Come since +3 badges, 1 people, 2 held cases/,
      'no trace  4 ',
    ],
    [
      'fr_FR.UTF-8',
      /Cas en attente +0 +\(une personne a tranché\)/,
      /Venus depuis +3 badges, 1 personnes, 2 cas en attente/,
      'sans trace     4 ',
    ],
  ])('tells in %s what came since, and only then', (locale, decided, come, taken) => {
    const before = printed(locale, aSummary());
    expect(before).not.toMatch(/Come since|Venus depuis|trace|decided|tranché/);
    written.length = 0;
    const since = { isChanged: true, people: 1, heldCases: 2, badges: 3, takenBack: 4 };
    const text = printed(locale, aSummary({ heldCases: 0, settledCases: 1, since }));
    expect(text).toMatch(decided);
    expect(text).toMatch(come);
    expect(text).toContain(taken);
  });

  it('gives no address of a badge when all were withdrawn', () => {
    const { openBadge2: _, ...addresses } = aSummary().addresses;
    const text = printed('C', aSummary({ addresses: { ...addresses, badges: [] } }));
    expect(text).not.toContain('/b/');
    expect(text).toContain('http://localhost:4180/issuers/x');
  });

  it('says that nothing was issued twice only when the campaign was imported before', () => {
    expect(printed('C', aSummary())).not.toContain('issued twice');
    expect(printed('C', aSummary({ import: 'already_imported' }))).toContain('issued twice');
  });
});
