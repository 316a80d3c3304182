import fc from 'fast-check';
import { InvalidFrameworkFile } from '../refusals.js';
import { aLink, anItem, aPackage, id, packages } from './builders.spec-support.js';
import type { CasePackage } from './case-package.js';
import { houseView } from './house-view.js';
import { packageHash } from './import-package.js';
import { packageDocument, packageLimits } from './package-document.js';
import { assemble, frameOf, rowsOf } from './stored-package.js';

function refusal(value: unknown): InvalidFrameworkFile {
  try {
    packageDocument(value, 'cadre.json');
  } catch (error) {
    if (error instanceof InvalidFrameworkFile) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
const paths = (value: unknown) => refusal(value).faults.map((fault) => fault.path);
const changed = (change: (whole: CasePackage) => unknown): CasePackage => {
  const whole = structuredClone(aPackage());
  change(whole);
  return whole;
};
/** A package of items in a chain of isChildOf. */
const chain = (length: number): CasePackage => {
  const items = Array.from({ length }, (_, at) => anItem(at));
  const links = items.slice(1).map((item, at) => aLink(at, 'isChildOf', item, items[at]!));
  return aPackage({ CFItems: items, CFAssociations: links });
};

describe('a CASE package to import', () => {
  it('is read in the shape of CASE 1.0, which names no version and no type of target', () => {
    expect(packageDocument(aPackage(), 'x')).toEqual(aPackage());
  });

  it('is read in the shape of CASE 1.1', () => {
    const whole = changed(({ CFDocument, CFAssociations }) => {
      Object.assign(CFDocument, { caseVersion: '1.1', frameworkType: 'CourseCodes' });
      CFAssociations![3]!.destinationNodeURI.targetType = 'ext:other';
      CFAssociations![3]!.associationType = 'isTranslationOf';
    });
    expect(packageDocument(whole, 'x')).toBe(whole);
  });

  it('may carry the links to its document that some providers add', () => {
    const whole = changed(({ CFItems, CFDocument }) =>
      Object.assign(CFItems![0]!, {
        CFDocumentURI: { title: 't', identifier: CFDocument.identifier, uri: CFDocument.uri },
      }),
    );
    expect(packageDocument(whole, 'x')).toBe(whole);
  });

  it('is refused with file, place, fault and remedy', () => {
    const error = refusal(changed((whole) => Reflect.deleteProperty(whole.CFItems![1]!, 'fullStatement')));
    expect(error.code).toBe('invalid_framework_file');
    expect(error.message).toMatch(
      /^cadre\.json was not imported: \/CFItems\/1 must have required property 'fullStatement'\. Correct these/,
    );
  });

  it.each<[string, (whole: CasePackage) => unknown, string]>([
    ['an unknown member', (w) => Object.assign(w.CFItems![0]!, { colour: 'red' }), '/CFItems/0'],
    ['an identifier that is no UUID', (w) => (w.CFItems![0]!.identifier = 'one'), '/CFItems/0/identifier'],
    [
      'an identifier written as a URN',
      (w) => (w.CFItems![0]!.identifier = `urn:uuid:${id(2, 9)}`),
      '/CFItems/0/identifier',
    ],
    [
      'an identifier used twice',
      (w) => (w.CFItems![1]!.identifier = w.CFItems![0]!.identifier.toUpperCase()),
      '/CFItems/1/identifier',
    ],
    [
      'a kind of association that is none',
      (w) => (w.CFAssociations![0]!.associationType = 'likes'),
      '/CFAssociations/0/associationType',
    ],
    [
      'a time without its zone',
      (w) => (w.CFDocument.lastChangeDateTime = '2024-05-01T09:30:00'),
      '/CFDocument/lastChangeDateTime',
    ],
    [
      'a date that is none',
      (w) => Object.assign(w.CFItems![0]!, { statusEndDate: '2024-02-31' }),
      '/CFItems/0/statusEndDate',
    ],
    [
      'a place that is no whole number',
      (w) => (w.CFAssociations![0]!.sequenceNumber = 1.5),
      '/CFAssociations/0/sequenceNumber',
    ],
    [
      'a link without an end',
      (w) => Reflect.deleteProperty(w.CFAssociations![0]!, 'originNodeURI'),
      '/CFAssociations/0',
    ],
    [
      'another version of CASE',
      (w) => Object.assign(w.CFDocument, { caseVersion: '2.0' }),
      '/CFDocument/caseVersion',
    ],
    ['null', (w) => Object.assign(w.CFItems![0]!, { notes: null }), '/CFItems/0/notes'],
    ['a NUL', (w) => (w.CFItems![0]!.fullStatement = 'a\u0000b'), '/CFItems/0/fullStatement'],
    ['half a character', (w) => (w.CFDocument.title = 'a\ud83d'), '/CFDocument/title'],
    ['a text without end', (w) => (w.CFDocument.title = 'x'.repeat(50_001)), '/CFDocument/title'],
    ['a number without end', (w) => Object.assign(w, { extensions: { a: Infinity } }), '/extensions/a'],
    [
      'a level without address',
      (w) =>
        Reflect.deleteProperty(w.CFRubrics![0]!.CFRubricCriteria![0]!.CFRubricCriterionLevels![0]!, 'uri'),
      '/CFRubrics/0/CFRubricCriteria/0/CFRubricCriterionLevels/0',
    ],
  ])('is refused with %s', (_, change, path) => {
    expect(paths(changed(change))).toContain(path);
  });

  it.each([null, 1, 'text', [], {}, { CFDocument: null }])('is refused when it is %j', (value) => {
    expect(refusal(value).faults.length).toBeGreaterThan(0);
  });

  it('is refused when its data is nested without end, without falling over it', () => {
    let deep: unknown = 1;
    for (let at = 0; at < 100_000; at += 1) deep = [deep];
    expect(refusal({ ...aPackage(), extensions: { deep } }).message).toContain('nested deeper than 40');
  });

  it('is refused when it has too many items', () => {
    const items = Array.from({ length: packageLimits.CFItems + 1 }, () => ({}));
    expect(refusal(aPackage({ CFItems: items as never })).faults).toEqual([
      { path: '/CFItems', message: 'has 20001 entries; at most 20000 are read' },
    ]);
  });

  it('is refused when items are each other’s parent, and only the links of the circle are named', () => {
    const [one, two, three] = [anItem(1), anItem(2), anItem(3)];
    const links = [
      aLink(1, 'isChildOf', one, two),
      aLink(2, 'isChildOf', two, one),
      aLink(3, 'isChildOf', three, two),
    ];
    expect(paths(aPackage({ CFItems: [one, two, three], CFAssociations: links }))).toEqual([
      '/CFAssociations/0/destinationNodeURI',
      '/CFAssociations/1/destinationNodeURI',
    ]);
  });

  it('is refused when an item is its own parent', () => {
    const links = [aLink(1, 'isChildOf', anItem(1), anItem(1))];
    expect(paths(aPackage({ CFItems: [anItem(1)], CFAssociations: links }))).toEqual([
      '/CFAssociations/0/destinationNodeURI',
    ]);
  });

  it('is refused when its tree is deeper than any page could show', () => {
    expect(packageDocument(chain(packageLimits.depth), 'x')).toBeDefined();
    expect(refusal(chain(packageLimits.depth + 1)).message).toContain('more than 50 steps');
  });
});

describe('a stored CASE package', () => {
  it('comes back as it went in, with its order, empty and absent sections', () => {
    fc.assert(
      fc.property(packages, (whole) => {
        const given = JSON.parse(JSON.stringify(packageDocument(whole, 'x')));
        const rows = rowsOf(whole, 'f').map(({ kind, body }) => ({ kind, body })) as never;
        expect(JSON.parse(JSON.stringify(assemble(frameOf(whole), rows)))).toEqual(given);
      }),
    );
  });

  it('has the same digest in any order of its objects, and another one for any other text', () => {
    fc.assert(
      fc.property(packages, fc.string({ minLength: 1 }), (whole, more) => {
        const reversed = {
          ...whole,
          ...(whole.CFItems && { CFItems: [...whole.CFItems].reverse() }),
          ...(whole.CFAssociations && { CFAssociations: [...whole.CFAssociations].reverse() }),
        };
        expect(packageHash(reversed)).toBe(packageHash(whole));
        const other = { ...whole, CFDocument: { ...whole.CFDocument, title: whole.CFDocument.title + more } };
        expect(packageHash(other)).not.toBe(packageHash(whole));
      }),
    );
  });
});

describe('a CASE package on the pages', () => {
  it('keeps the order that its publisher numbered, not that of the file', () => {
    const { competencies } = houseView(aPackage());
    expect(competencies.map((one) => [one.code, one.parentCode, one.type])).toEqual([
      ['C1', null, 'area'],
      ['C3', 'C1', 'competence'],
      ['C2', 'C1', 'competence'],
    ]);
  });

  it('shows the short statement with the full one below it, in the document’s language', () => {
    const item = houseView(aPackage()).competencies[1]!;
    expect(item).toMatchObject({ title: { fr: 'Trier' }, description: { fr: 'Trier\nun tableau' } });
    expect(item.officialUri).toMatch(/^https:\/\/cadres\.example/);
  });

  it('makes levels of a rubric of one criterion, lowest first', () => {
    expect(houseView(aPackage()).levels.map(({ code, name }) => [code, name.fr])).toEqual([
      ['1', 'Novice'],
      ['2', 'Expert'],
    ]);
  });

  it('gives every item one code that an address can carry, whatever the publisher wrote', () => {
    fc.assert(
      fc.property(packages, (whole) => {
        const { competencies } = houseView(whole);
        expect(competencies).toHaveLength(whole.CFItems?.length ?? 0);
        const codes = competencies.map((one) => one.code);
        expect(new Set(codes).size).toBe(codes.length);
        expect(codes.every((code) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(code))).toBe(true);
        for (const [at, { parentCode }] of competencies.entries())
          expect(parentCode === null || codes.indexOf(parentCode) < at).toBe(true);
      }),
    );
  });
});
