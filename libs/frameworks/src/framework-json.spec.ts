import { competencyJson, frameworkJson, inLanguage } from './framework-json.js';
import type { CompetencyView, FrameworkView } from './framework-view.js';

const origin = 'http://localhost:4180';
const importedAt = new Date('2026-01-02T03:04:05Z');
const area = {
  id: 'a',
  identifier: 'a5',
  code: '1',
  type: 'area',
  title: { fr: 'Données', en: 'Data' },
  description: null,
  officialUri: null,
};
const competence = {
  id: 'b',
  identifier: 'b5',
  code: '1.1',
  type: 'competence',
  title: { fr: 'Chercher' },
  description: { fr: 'Chercher une information' },
  officialUri: 'http://data.europa.eu/esco/skill/x',
};
const framework = {
  id: 'f',
  identifier: 'f5',
  code: 'crcn',
  version: '2019',
  title: { fr: 'Cadre', en: 'Framework' },
  publisher: 'Ministère',
  licence: { spdx: 'etalab-2.0', attribution: 'x' },
};
const view: FrameworkView = {
  ...framework,
  issued: '2019-08-30',
  counts: { area: 1, competence: 1 },
  provenance: {},
  importedAt,
  levels: [],
  items: [{ ...area, children: [{ ...competence, children: [] }] }],
};

describe('frameworks as JSON', () => {
  it('says in which language a text is when the wanted one is missing', () => {
    expect(inLanguage({ fr: 'Chercher' }, 'en')).toEqual({ value: 'Chercher', language: 'fr' });
    expect(inLanguage({ fr: 'Données', en: 'Data' }, 'en')).toEqual({ value: 'Data', language: 'en' });
  });

  it('names the document and its items as CASE does, each under its own address', () => {
    const json = frameworkJson(view, origin, 'en');
    expect(json.CFDocument).toMatchObject({
      uri: `${origin}/frameworks/crcn/2019`,
      title: 'Framework',
      language: 'en',
      creator: 'Ministère',
      lastChangeDateTime: '2026-01-02T03:04:05.000Z',
    });
    expect(json.CFItems).toEqual([
      expect.objectContaining({ fullStatement: 'Data', language: 'en', parent: null }),
      expect.objectContaining({
        uri: `${origin}/frameworks/crcn/2019/1.1`,
        fullStatement: 'Chercher',
        language: 'fr',
        humanCodingScheme: '1.1',
        parent: `${origin}/frameworks/crcn/2019/1`,
        officialUri: 'http://data.europa.eu/esco/skill/x',
      }),
    ]);
    expect(json.licence.uri).toMatch(/^https:/);
  });

  it('links a competency to the same idea elsewhere, by its official address or ours', () => {
    const unsaid = { statedBy: null, statedOn: null, source: null, sourceUri: null };
    const to = {
      kind: 'isRelatedTo',
      direction: 'to' as const,
      code: '1.3',
      title: null,
      note: null,
      ...unsaid,
    };
    const competency: CompetencyView = {
      ...competence,
      framework,
      importedAt,
      properties: {},
      parent: area,
      children: [],
      statements: [],
      learningOutcomes: [],
      associations: [
        { ...to, framework: 'digcomp-2.2', version: '2.2', targetUri: 'http://data.europa.eu/esco/skill/y' },
        { ...to, framework: 'digcomp-3.0', version: '3.0', targetUri: null },
        { ...to, framework: 'elsewhere', version: null, targetUri: null },
      ],
    };
    const json = competencyJson(competency, origin, 'fr');
    expect(json.CFItem.CFDocumentURI).toBe(`${origin}/frameworks/crcn/2019`);
    expect(json.associations.map((one) => one.uri)).toEqual([
      'http://data.europa.eu/esco/skill/y',
      `${origin}/frameworks/digcomp-3.0/3.0/1.3`,
      null,
    ]);
  });
});
