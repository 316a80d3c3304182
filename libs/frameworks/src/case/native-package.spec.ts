import fc from 'fast-check';
import type { Language } from '#platform';
import { caseFaults } from '../../../../test/support/case-judge.js';
import type { Framework } from '../framework.entity.js';
import { type CasePackage, objectsOf } from './case-package.js';
import { aCompetency, aFramework, aLevel, aMatch, frameworks, ids } from './native-framework.spec-support.js';
import { type NativeFramework, nativeDocument, nativePackage } from './native-package.js';

const origin = 'https://badges.example';

const made = (given: Partial<NativeFramework> = {}, language: Language = 'fr'): CasePackage =>
  nativePackage(
    { framework: aFramework(), levels: [], competencies: [aCompetency('1')], matches: [], ...given },
    { origin, language },
  );
const types = (whole: CasePackage) => whole.CFDefinitions!.CFItemTypes!;

describe('a framework of the house as a CFPackage', () => {
  const languages = fc.constantFrom<Language>('fr', 'en');

  it('follows the schema of CASE 1.1 as it is sent, whatever an import let in', () => {
    fc.assert(
      fc.property(frameworks, languages, (given, language) => {
        const sent = JSON.parse(JSON.stringify(nativePackage(given, { origin, language })));
        expect(caseFaults('CFPackage', sent)).toEqual([]);
        expect(JSON.stringify(sent).isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives every object an identifier and an address of its own, and every link leads to one of them or outside', () => {
    fc.assert(
      fc.property(frameworks, languages, (given, language) => {
        const whole = nativePackage(given, { origin, language });
        const objects = objectsOf(whole).map(({ body }) => body);
        for (const part of ['identifier', 'uri'] as const)
          expect(new Set(objects.map((body) => body[part])).size).toBe(objects.length);
        const inside = new Set(objects.map(({ identifier, uri }) => `${identifier} ${uri}`));
        const outside = new Set([
          ...given.matches.map(({ target }) => target?.identifier),
          ...given.competencies.map(({ officialUri }) => officialUri),
        ]);
        for (const { originNodeURI, destinationNodeURI, associationType } of whole.CFAssociations!) {
          expect(inside).toContain(`${originNodeURI.identifier} ${originNodeURI.uri}`);
          if (associationType === 'isChildOf')
            expect(inside).toContain(`${destinationNodeURI.identifier} ${destinationNodeURI.uri}`);
          else expect(outside).toContain(destinationNodeURI.identifier);
        }
        for (const { CFItemTypeURI } of whole.CFItems!)
          expect(types(whole)).toContainEqual(expect.objectContaining(CFItemTypeURI as object));
      }),
    );
  });

  it('hangs every item in the tree once, and numbers those under one parent from 1 in the given order', () => {
    fc.assert(
      fc.property(frameworks, (given) => {
        const whole = nativePackage(given, { origin, language: 'fr' });
        const tree = whole.CFAssociations!.filter(({ associationType }) => associationType === 'isChildOf');
        expect(tree.map(({ originNodeURI }) => originNodeURI.identifier)).toEqual(
          given.competencies.map(({ code }) => ids.item(code)),
        );
        const parents = [null, ...given.competencies.map(({ code }) => code)];
        for (const parent of parents) {
          const wanted = parent === null ? ids.document : ids.item(parent);
          const under = tree.filter(({ destinationNodeURI }) => destinationNodeURI.identifier === wanted);
          expect(under.map(({ originNodeURI }) => originNodeURI.identifier)).toEqual(
            given.competencies
              .filter(({ parentCode }) => parentCode === parent)
              .map(({ code }) => ids.item(code)),
          );
          expect(under.map(({ sequenceNumber }) => sequenceNumber)).toEqual(under.map((_, at) => at + 1));
        }
      }),
    );
  });
});

describe('the texts of a package', () => {
  it('are in the wanted language, or say which other one they are in', () => {
    const competencies = [aCompetency('1'), aCompetency('2', { title: { en: 'English only' } })];
    const spoken = (language: Language) =>
      made({ competencies }, language).CFItems!.map((item) => [item.fullStatement, item.language]);
    expect(spoken('fr')).toEqual([
      ['Savoir 1', 'fr'],
      ['English only', 'en'],
    ]);
    expect(spoken('en')).toEqual([
      ['Skill 1', 'en'],
      ['English only', 'en'],
    ]);
    const document = nativeDocument(aFramework({ title: { fr: 'Cadre' } }), { origin, language: 'en' });
    expect([document.title, document.language]).toEqual(['Cadre', 'fr']);
  });

  it('stand on one line where CASE wants one, and stay as they are where it does not', () => {
    const title = { fr: 'Trier\n un\t tableau' };
    const whole = made({
      competencies: [aCompetency('1', { title, description: { fr: 'Ligne 1\nLigne 2' } })],
    });
    expect(whole.CFItems![0]).toMatchObject({ fullStatement: title.fr, notes: 'Ligne 1\nLigne 2' });
    expect(whole.CFAssociations![0]!.originNodeURI.title).toBe('Trier un tableau');
    expect(whole.CFDocument).toMatchObject({ title: 'Cadre d’exemple', creator: 'Groupe d’exemple' });
  });

  it('name the type of an item in words where there are some, and by its code where there are none', () => {
    const typed = (type: string, language: Language = 'fr') => {
      const whole = made({ competencies: [aCompetency('1', { type })] }, language);
      const { title, hierarchyCode, typeCode } = types(whole)[0]!;
      expect([whole.CFItems![0]!.CFItemType, typeCode]).toEqual([title, type]);
      return [title, hierarchyCode];
    };
    expect(typed('area')).toEqual(['Domaine', '1']);
    expect(typed('competence', 'en')).toEqual(['Competence', '1.1']);
    expect(typed('statement', 'en')).toEqual(['Competence statement', '1.1.1']);
    expect(typed('learning-outcome')).toEqual(['Acquis d’apprentissage', '1.1.2']);
    for (const type of ['autre', 'constructor']) expect(typed(type)).toEqual([type, '1']);
  });

  it('keep what is known of an outcome', () => {
    const [one, two] = made({
      competencies: [
        aCompetency('1', { properties: { level: 'Basic', kind: 'Skill', ai: 'AI-Explicit' } }),
        aCompetency('2'),
      ],
    }).CFItems!;
    expect(one).toMatchObject({ educationLevel: ['Basic'], conceptKeywords: ['Skill', 'AI-Explicit'] });
    for (const name of ['educationLevel', 'conceptKeywords', 'notes']) expect(two).not.toHaveProperty(name);
  });
});

describe('the document of a package', () => {
  const document = (given: Partial<Framework> = {}) =>
    nativeDocument(aFramework(given), { origin, language: 'fr' });

  it.each([
    ['2024-02-29', '2024-02-29'],
    ['2024-02-31', undefined],
    ['2023-02-29', undefined],
    ['2024-13-01', undefined],
    ['2024-05', undefined],
    [null, undefined],
  ])('that was issued on %j starts on %j: only on a day of the calendar', (issued, day) => {
    expect(document({ issued }).statusStartDate).toBe(day);
  });

  it('names its source, its licence with the address, and the moment it came here', () => {
    const provenance = { legalBasis: { text: 'Décret', url: 'https://lois.example/1' } };
    expect(document({ provenance })).toMatchObject({
      identifier: ids.document,
      uri: `${origin}/frameworks/cadre/2.1`,
      officialSourceURL: 'https://lois.example/1',
      lastChangeDateTime: '2026-11-01T08:00:00.123Z',
      licenseURI: { identifier: ids.licence, title: 'Creative Commons Attribution 4.0 (CC BY 4.0)' },
    });
    for (const without of [{}, { legalBasis: { text: 'Décret' } }])
      expect(document({ provenance: without })).not.toHaveProperty('officialSourceURL');
    expect(made().CFDefinitions!.CFLicenses).toEqual([
      expect.objectContaining({
        identifier: ids.licence,
        licenseText: 'Groupe d’exemple\nhttps://creativecommons.org/licenses/by/4.0/',
      }),
    ]);
  });
});

describe('links and levels of a package', () => {
  it('lead to the competency of the other framework as far as it is here, in a grouping of their own', () => {
    const whole = made({
      matches: [aMatch('1', { note: 'même idée' }), aMatch('1', { targetCode: '1.2', target: null })],
    });
    const [grouping] = whole.CFDefinitions!.CFAssociationGroupings!;
    expect(whole.CFAssociations!.slice(1)).toEqual([
      expect.objectContaining({
        identifier: ids.match('1', 'isRelatedTo', 'digcomp', '1.1'),
        associationType: 'isRelatedTo',
        originNodeURI: expect.objectContaining({ identifier: ids.item('1'), targetType: 'CASE' }),
        notes: 'même idée',
        destinationNodeURI: {
          title: 'Browsing',
          identifier: aMatch('1').target!.identifier,
          uri: `${origin}/frameworks/digcomp/2.2/1.1`,
          targetType: 'CASE',
        },
        CFAssociationGroupingURI: expect.objectContaining({ identifier: grouping!.identifier }),
      }),
    ]);
    const alone = made({ matches: [aMatch('1', { target: null })] });
    expect(alone.CFDefinitions).not.toHaveProperty('CFAssociationGroupings');
    expect(alone.CFAssociations).toHaveLength(1);
  });

  it('say which skill of ESCO a competency is, by ESCO’s own address, and nothing of other addresses', () => {
    const esco = 'http://data.europa.eu/esco/skill/629685b8-5f9e-4522-8cff-b3e2c4ec625a';
    const whole = made({
      competencies: [
        aCompetency('1', { officialUri: esco }),
        aCompetency('2', { officialUri: 'https://publisher.example/2' }),
      ],
    });
    expect(caseFaults('CFPackage', whole)).toEqual([]);
    const [grouping] = whole.CFDefinitions!.CFAssociationGroupings!;
    expect(whole.CFAssociations!.slice(2)).toEqual([
      expect.objectContaining({
        identifier: ids.esco('1'),
        associationType: 'exactMatchOf',
        originNodeURI: expect.objectContaining({ identifier: ids.item('1') }),
        destinationNodeURI: { title: 'Savoir 1', identifier: esco, uri: esco, targetType: 'ext:ESCOSkill' },
        CFAssociationGroupingURI: expect.objectContaining({ identifier: grouping!.identifier }),
      }),
    ]);
  });

  it('become one rubric, in the order and with the score of the framework', () => {
    const whole = made({ levels: [aLevel(1), aLevel(3, { description: { fr: 'Guide\nles autres' } })] });
    const [criterion] = whole.CFRubrics![0]!.CFRubricCriteria!;
    expect(criterion).toMatchObject({ identifier: ids.criterion, rubricId: ids.rubric });
    const rubric = `${origin}/ims/case/v1p1/CFRubrics/${ids.rubric}`;
    expect(criterion!.CFRubricCriterionLevels).toEqual([
      expect.objectContaining({
        identifier: ids.level('1'),
        uri: `${rubric}#1`,
        quality: 'Niveau 1',
        score: 1,
      }),
      expect.objectContaining({ position: 3, score: 3, description: 'Guide\nles autres' }),
    ]);
    expect(criterion!.CFRubricCriterionLevels![0]).not.toHaveProperty('description');
    expect(made()).not.toHaveProperty('CFRubrics');
  });
});
