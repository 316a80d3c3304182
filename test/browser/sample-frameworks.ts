import type {
  CompetencyPageView,
  FrameworkPageView,
  FrameworkSummaryView,
} from '../../apps/api/src/pages/framework-views.js';
import { card } from './sample-views.js';

const competencyLinks = [
  {
    href: '/frameworks/crcn/2019/3.1',
    code: '3.1',
    title: { fr: 'Développer des documents textuels', en: 'Developing text documents' },
  },
  { href: '/frameworks/crcn/2019/3.2', code: '3.2', title: { fr: 'Développer des documents multimédia' } },
  { href: '/frameworks/crcn/2019/3.3', code: '3.3', title: { fr: 'Adapter les documents à leur finalité' } },
];

export const framework: FrameworkPageView = {
  title: { fr: 'Cadre de référence des compétences numériques', en: 'French digital skills framework' },
  code: 'crcn',
  version: '2019',
  publisher: 'Ministère de l’Éducation nationale',
  issued: '2019-08-30',
  licence: { spdx: 'etalab-2.0', attribution: 'Code de l’éducation, article D. 121-1 et annexe' },
  provenance: [
    { fr: 'Les titres anglais sont notre traduction.', en: 'The English titles are our translation.' },
  ],
  levels: [
    {
      code: '1',
      name: { fr: 'Novice', en: 'Novice' },
      description: { fr: 'Fait une action simple avec de l’aide.' },
    },
    { code: '2', name: { fr: 'Novice', en: 'Novice' }, description: { fr: 'Fait seul une action simple.' } },
  ],
  areas: [
    {
      href: '/frameworks/crcn/2019/3',
      code: '3',
      title: { fr: 'Création de contenus', en: 'Content creation' },
      children: competencyLinks,
    },
    { href: '/frameworks/crcn/2019/4', code: '4', title: { fr: 'Protection et sécurité' }, children: [] },
  ],
  otherVersions: [{ version: '2016', href: '/frameworks/crcn/2016' }],
  jsonHref: '?format=json',
};

export const competency: CompetencyPageView = {
  framework: { title: framework.title, version: '2019', href: '/frameworks/crcn/2019' },
  code: '3.1',
  type: 'competence',
  title: competencyLinks[0]!.title,
  description: { fr: 'Produire des documents à contenu majoritairement textuel pour communiquer des idées.' },
  officialUri: 'http://data.europa.eu/esco/skill/0d7dc9fb-8e32-4ab1-9eb1-1e7d3e9ec4b6',
  parent: { href: '/frameworks/crcn/2019/3', code: '3', title: { fr: 'Création de contenus' } },
  children: [],
  crosswalk: [
    {
      kind: 'close',
      framework: { fr: 'DigComp 2.2' },
      code: '3.1',
      title: { fr: 'Développer du contenu numérique' },
      href: '/frameworks/digcomp/2.2/3.1',
      note: { fr: 'proposé par ce projet' },
    },
    { kind: 'same', framework: { fr: 'Pix' }, code: '3.1' },
    {
      kind: 'replacedBy',
      title: { fr: 'Write and lay out documents', en: 'Write and lay out documents' },
      href: 'https://frameworks.example/items/0d7dc9fb-8e32-4ab1-9eb1-1e7d3e9ec4b6',
      isElsewhere: true,
      said: {
        by: 'Groupe d’exemple',
        on: '2026-05-04',
        source: 'Note de travail',
        sourceHref: 'https://groupe.example/note',
      },
    },
  ],
  badges: [card('cv', 'La réalisation de mon CV')],
  jsonHref: '?format=json',
};

export const frameworks: FrameworkSummaryView[] = [
  {
    href: '/frameworks/crcn/2019',
    title: framework.title,
    code: 'crcn',
    version: '2019',
    publisher: framework.publisher,
    competencyCount: 21,
  },
  {
    href: '/frameworks/digcomp/2.2',
    title: { en: 'DigComp: the European digital competence framework' },
    code: 'digcomp',
    version: '2.2',
    publisher: 'European Commission, Joint Research Centre',
    competencyCount: 1,
  },
];
