import { type AlignedCompetency, alignmentTarget, openBadgesAlignment } from './alignment.js';

const origin = 'http://localhost:4180';

const aCompetency = (given: Partial<AlignedCompetency> = {}): AlignedCompetency => ({
  id: '01990000-0000-7000-8000-000000000001',
  framework: 'crcn',
  version: '2019',
  frameworkTitle: { fr: 'Cadre de référence des compétences numériques', en: 'French framework' },
  code: '1.2',
  type: 'competence',
  title: { fr: 'Gérer des données' },
  description: null,
  officialUri: null,
  level: null,
  ...given,
});

describe('where an alignment points', () => {
  it('points to our own stable address, as a CASE item, when the publisher has none', () => {
    expect(alignmentTarget(aCompetency(), origin)).toEqual({
      targetUrl: 'http://localhost:4180/frameworks/crcn/2019/1.2',
      targetCode: '1.2',
      targetName: { fr: 'Gérer des données' },
      targetFramework: { fr: 'Cadre de référence des compétences numériques', en: 'French framework' },
      targetType: 'CFItem',
    });
  });

  it('points to the ESCO concept when there is one, with a type that Open Badges 3.0 allows', () => {
    const officialUri = 'http://data.europa.eu/esco/skill/629685b8-5f9e-4522-8cff-b3e2c4ec625a';
    const target = alignmentTarget(aCompetency({ officialUri }), origin);
    expect(target.targetUrl).toBe(officialUri);
    expect(target.targetType).toBe('ext:ESCOSkill');
  });

  it.each([
    ['https://case.example/ims/case/v1p1/CFItems/1', 'CFItem'],
    ['https://data.europa.eu/esco/skill/1', 'ext:ESCOSkill'],
    ['http://data.europa.eu/esco/occupation/1', 'unsaid'],
    ['https://framework.example/?like=http://data.europa.eu/esco/skill/1', 'unsaid'],
  ])('says of %s that it is %s, and nothing where it cannot know', (officialUri, targetType) => {
    const target = alignmentTarget(aCompetency({ officialUri }), origin);
    expect([target.targetUrl, target.targetType ?? 'unsaid']).toEqual([officialUri, targetType]);
    expect('targetType' in target).toBe(targetType !== 'unsaid');
  });

  it('falls back to the language that exists', () => {
    expect(openBadgesAlignment(aCompetency(), origin, 'en')).toMatchObject({
      type: ['Alignment'],
      targetName: 'Gérer des données',
      targetFramework: 'French framework',
    });
  });
});
