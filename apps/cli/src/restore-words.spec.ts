import type { Reconciliation } from '#badges';
import { reconciliationInWords } from './restore-words.js';

const orphansNamed = (prefix: string, count: number): Reconciliation['orphans'] =>
  Array.from({ length: count }, (_, at) => ({
    credentialId: `${prefix}${at}`,
    organisationId: 'o1',
    badgeCode: 'B-CE-1',
    why: 'person_unknown',
  }));

const aReconciliation = (given: Partial<Reconciliation> = {}): Reconciliation => ({
  archived: 30,
  statements: 0,
  repeated: 0,
  alreadyThere: 0,
  putBack: 0,
  orphans: [],
  orphansBefore: [],
  issuersPutBack: [],
  differing: [],
  keysPutBack: 0,
  listsBroughtForward: 0,
  statusesBroughtForward: 0,
  placesReserved: 0,
  auditLinesLost: 0,
  torn: 0,
  damaged: [],
  ...given,
});

describe('a reconciliation in words', () => {
  it.each([
    [
      'en',
      '21 badges and 9 other signed documents (endorsements, records, VC-API) in the archive; ',
      /^7 lines .* repeat /m,
    ],
    [
      'fr',
      '21 badges et 9 autres documents signés (recommandations, réunions, VC-API) dans l’archive ; ',
      /^7 lignes .* répètent /m,
    ],
  ] as const)(
    'counts in %s badges, what is no badge, and repeated lines apart',
    (language, counted, again) => {
      const text = reconciliationInWords(aReconciliation({ statements: 9, repeated: 7 }), false, language);
      expect(text).toContain(counted);
      expect(text).toMatch(again);
    },
  );

  it.each([
    ['en', '30 badges in the archive; '],
    ['fr', '30 badges dans l’archive ; '],
  ] as const)(
    'speaks in %s of badges alone where there is nothing else, and of no repeated line',
    (language, counted) => {
      const text = reconciliationInWords(aReconciliation(), false, language);
      expect(text.startsWith(counted)).toBe(true);
      expect(text).not.toMatch(/repeat|répètent/);
    },
  );

  it('names twenty badges without an award, each on its line, and speaks of no more', () => {
    const text = reconciliationInWords(aReconciliation({ orphans: orphansNamed('c', 20) }), false, 'en');
    expect(text.match(/^ {2}without an award: c\d+ \(B-CE-1\), person_unknown/gm)).toHaveLength(20);
    expect(text).not.toMatch(/ more |--json/);
  });

  it.each([
    ['en', 'without an award: c', '… and 3 more without an award (the same command with --dry-run --json'],
    ['fr', 'sans attribution : c', '… et 3 autres sans attribution (la même commande avec --dry-run --json'],
  ] as const)(
    'of twenty-three tells in %s how many are not named, and how to see them',
    (language, one, rest) => {
      const text = reconciliationInWords(
        aReconciliation({ orphans: orphansNamed('c', 23) }),
        false,
        language,
      );
      expect(text.split(one)).toHaveLength(21);
      expect(text).toContain('c19');
      expect(text).not.toContain('c20');
      expect(text).toContain(rest);
      expect(text).toMatch(/\b23 (without an award|sans attribution)\.$/m);
    },
  );

  it.each([
    ['en', '  4 without an award since an earlier reconciliation (the same command'],
    ['fr', '  4 sans attribution depuis un rapprochement précédent (la même commande'],
  ] as const)('counts in %s those of an earlier one, and names none of them', (language, told) => {
    const report = aReconciliation({ orphansBefore: orphansNamed('before', 4) });
    const text = reconciliationInWords(report, false, language);
    expect(text).toContain(told);
    expect(text).not.toContain('before0');
    expect(reconciliationInWords(aReconciliation(), false, language)).not.toContain('--json');
  });

  it.each([
    ['en', '… and 5 more with other bytes (', '… and 7 more damaged lines (', 'is damaged'],
    ['fr', '… et 5 autres avec d’autres octets (', '… et 7 autres lignes abîmées (', 'abîmée :'],
  ] as const)(
    'in %s, of a broken disk, names twenty of each kind and counts the others',
    (language, differing, damaged, each) => {
      const text = reconciliationInWords(
        aReconciliation({
          differing: Array.from({ length: 25 }, (_, at) => `d${at}`),
          damaged: Array.from({ length: 27 }, (_, at) => ({ file: 'f.jsonl', line: at + 1 })),
        }),
        false,
        language,
      );
      expect(text).toContain(differing);
      expect(text).toContain(damaged);
      expect(text.match(/^ {2}d\d+ /gm)).toHaveLength(20);
      expect(text.split(each)).toHaveLength(21);
      const few = reconciliationInWords(
        aReconciliation({ differing: ['d0'], damaged: [{ file: 'f.jsonl', line: 1 }] }),
        false,
        language,
      );
      expect(few).not.toContain('--json');
    },
  );
});
