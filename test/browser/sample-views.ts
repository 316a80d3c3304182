import { type BadgePicture, badgePictureAlt } from '#badges';
import { linkedInHref } from '../../apps/api/src/pages/linkedin.js';
import type {
  AchievementPageView,
  BadgeCardView,
  BadgePageView,
  CheckView,
  IssuerPageView,
  IssuerView,
  PictureView,
  Verdict,
} from '../../apps/api/src/pages/view-models.js';

export const origin = 'https://badges.example.org';

export const pictures: Record<string, BadgePicture> = {
  cv: { family: 'learner', area: '3', pictogram: 'cv-document', level: 2, initials: 'AL' },
  computer: { family: 'learner', area: '5', pictogram: 'computer', level: 2, initials: 'AL' },
  message: { family: 'learner', area: '2', pictogram: 'message', level: 2, initials: 'AL' },
  search: { family: 'learner', area: '1', pictogram: 'job-search', level: 2, initials: 'AL' },
  clic: { family: 'pathway', area: '3', pictogram: 'pathway', level: 4, initials: 'AL' },
};

const picture = (key: keyof typeof pictures): PictureView => ({
  svg: `/pictures/${key}.svg`,
  png: `/pictures/${key}.png`,
  alt: badgePictureAlt(pictures[key]!),
});

const issuer: IssuerView = {
  publicName: 'Les Ateliers de la Licorne',
  legalName: 'Association Les Ateliers de la Licorne',
  siret: '12345678900012',
  domain: 'licorne.example.org',
  href: '/issuers/licorne',
  memberOf: { name: 'Clic’Emploi', href: '/issuers/clic-emploi' },
  since: '2026-02-01',
};

export const card = (key: keyof typeof pictures, title: string): BadgeCardView => ({
  href: `/achievements/${key}`,
  title: { fr: title },
  picture: picture(key),
});

const checks = (failing: Partial<Record<CheckView['name'], CheckView['outcome']>> = {}): CheckView[] =>
  (['proof', 'schema', 'issuer', 'dates', 'status'] as const).map((name) => ({
    name,
    outcome: failing[name] ?? 'passed',
  }));

/** A badge page as the service would fill it; a test names only what it is about. */
export const aBadge = (given: Partial<BadgePageView> = {}): BadgePageView => ({
  title: { fr: 'La réalisation de mon CV', en: 'Making my CV' },
  picture: picture('cv'),
  verdict: 'authentic',
  checks: checks(),
  checkedAt: '2026-11-22T09:41:00Z',
  checkedJustNow: true,
  learnerName: 'Amina T.',
  learnerText: {
    fr: 'Je sais écrire mon CV. Je sais le mettre en page. Je sais l’enregistrer.',
    en: 'I can write my CV. I can lay it out. I can save it.',
  },
  criteria: [
    { fr: 'Saisit ses expériences dans un modèle de CV', en: 'Enters past jobs in a CV template' },
    {
      fr: 'Met en forme : titres, listes, photo facultative',
      en: 'Formats it: headings, lists, optional photo',
    },
    { fr: 'Enregistre en PDF avec un nom clair', en: 'Saves it as PDF under a clear name' },
  ],
  assessment: {
    established: 'observed-by-one',
    assessors: [
      {
        role: {
          fr: 'Une personne habilitée, qui animait l’atelier',
          en: 'An authorised person, who led the workshop',
        },
        structure: 'Les Ateliers de la Licorne',
      },
    ],
    session: {
      title: { fr: 'La réalisation de mon CV', en: 'Making my CV' },
      heldOn: '2026-10-12',
      durationMinutes: 120,
      place: 'Marseille',
    },
  },
  issuer,
  achievementHref: '/achievements/cv',
  alignments: [
    {
      framework: {
        fr: 'Cadre de référence des compétences numériques (CRCN)',
        en: 'French digital skills framework (CRCN)',
      },
      frameworkVersion: '2019',
      code: '3.1',
      title: { fr: 'Développer des documents textuels', en: 'Developing text documents' },
      description: { fr: 'Produire des documents à contenu majoritairement textuel pour communiquer.' },
      href: '/frameworks/crcn/2019/3.1',
      level: {
        code: '2',
        name: { fr: 'Novice', en: 'Novice' },
        gloss: { fr: 'Fait seul une action simple.', en: 'Does a simple action alone.' },
      },
    },
    {
      framework: { fr: 'DigComp', en: 'DigComp' },
      frameworkVersion: '2.2',
      code: '3.1',
      title: { fr: 'Développer du contenu numérique', en: 'Developing digital content' },
      href: '/frameworks/digcomp/2.2/3.1',
    },
  ],
  issuedOn: '2026-10-19',
  evidence: {
    fr: 'Un CV d’une page, écrit pendant l’atelier et enregistré en PDF.',
    en: 'A one-page CV, written during the workshop and saved as PDF.',
  },
  isStateDiploma: false,
  cardHref: '/b/authentic/card.png',
  linkedInHref: linkedInHref({
    name: 'La réalisation de mon CV',
    organizationName: issuer.publicName,
    issuedOn: '2026-10-19',
    url: `${origin}/b/3k9mz7q2w8x4v1n6t5r0p9h2jc`,
    id: '3k9mz7q2w8x4v1n6t5r0p9h2jc',
  }),
  forms: {
    pngHref: '/b/3k9mz7q2w8x4v1n6t5r0p9h2jc.png',
    svgHref: '/b/3k9mz7q2w8x4v1n6t5r0p9h2jc.svg',
    ob2Href: '/b/3k9mz7q2w8x4v1n6t5r0p9h2jc/ob2.json',
    ob2SignedHref: '/b/3k9mz7q2w8x4v1n6t5r0p9h2jc/ob2.jws',
  },
  technical: {
    id: `${origin}/b/3k9mz7q2w8x4v1n6t5r0p9h2jc`,
    proofs: ['Data Integrity eddsa-rdfc-2022', 'VC-JWT RS256'],
    keyId: 'did:web:badges.example.org:issuers:licorne#ed-7k2m4v9x1q',
    keyHref: '/issuers/licorne/keys/ed-7k2m4v9x1q',
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    status: { listHref: `${origin}/status/7q2w8x4v1n6t5r0p9h2jc3k9mz`, index: 90417 },
    jsonHref: '?format=json',
    jwtHref: '?format=jwt',
    origin,
  },
  ...given,
});

const byVerdict: Record<Verdict, Partial<BadgePageView>> = {
  authentic: {},
  expired: {
    verdict: 'expired',
    expiresOn: '2026-11-01',
    checkedJustNow: false,
    checks: checks({ dates: 'failed' }),
  },
  withdrawn: {
    verdict: 'withdrawn',
    withdrawn: {
      kind: 'withdrawn',
      on: '2026-11-03',
      reason: { fr: 'délivré par erreur', en: 'issued in error' },
    },
    checks: checks({ status: 'failed' }),
    forms: undefined,
  },
  cannot_check: { verdict: 'cannot_check', checks: checks({ status: 'unknown' }) },
  not_authentic: {
    verdict: 'not_authentic',
    checks: checks({ proof: 'failed', status: 'unknown' }),
    forms: undefined,
  },
};

const longTitle =
  'Communiquer et échanger sur Internet via un message électronique, joindre un document et répondre à une convocation';

export const badges: Record<string, BadgePageView> = {
  ...Object.fromEntries(Object.entries(byVerdict).map(([verdict, given]) => [verdict, aBadge(given)])),
  suspended: aBadge({
    verdict: 'withdrawn',
    withdrawn: {
      kind: 'suspended',
      on: '2026-11-03',
      reason: { fr: 'vérification en cours', en: 'being checked' },
    },
    checks: checks({ status: 'failed' }),
    linkedInHref: undefined,
    forms: undefined,
  }),
  replaced: aBadge({
    verdict: 'withdrawn',
    withdrawn: {
      kind: 'replaced',
      on: '2026-11-03',
      reason: { fr: 'registre de la séance corrigé', en: 'session register corrected' },
      newerHref: '/b/authentic',
    },
    checks: checks({ status: 'failed' }),
    linkedInHref: undefined,
    forms: undefined,
  }),
  'replaced-hidden': aBadge({
    verdict: 'withdrawn',
    learnerName: undefined,
    withdrawn: {
      kind: 'replaced',
      on: '2026-11-03',
      reason: { fr: 'version plus récente', en: 'newer version' },
    },
    checks: checks({ status: 'failed' }),
    linkedInHref: undefined,
    forms: undefined,
  }),
  unnamed: aBadge({ learnerName: undefined, evidence: undefined, linkedInHref: undefined }),
  arabic: aBadge({ learnerName: 'أمينة الطاهري' }),
  vietnamese: aBadge({ learnerName: 'Nguyễn Thị Hồng Nhung', title: { fr: 'Les bases du smartphone' } }),
  bare: aBadge({
    criteria: [],
    learnerText: undefined,
    assessment: undefined,
    alignments: [],
    evidence: undefined,
    linkedInHref: undefined,
    issuer: { publicName: 'M', href: '/issuers/m' },
  }),
  pathway: aBadge({
    title: { fr: 'Clic’Emploi – parcours complet' },
    picture: picture('clic'),
    criteria: [],
    learnerText: undefined,
    assessment: undefined,
    parts: [card('computer', 'La prise en main de l’ordinateur'), card('cv', 'La réalisation de mon CV')],
  }),
  long: aBadge({
    title: { fr: longTitle },
    picture: picture('message'),
    learnerName: 'Marie-Antoinette Rakotondrainibe-Andriamanantena de la Roche-Saint-Étienne',
    criteria: Array.from({ length: 9 }, (_, index) => ({ fr: `Critère ${index + 1} : ${longTitle}` })),
    issuer: {
      ...issuer,
      publicName:
        'Groupement-d’employeurs-pour-l’insertion-et-la-qualification-des-Hauts-de-France-et-du-littoral',
      closedOn: '2026-11-15',
    },
  }),
};

export const achievement: AchievementPageView = {
  title: { fr: 'La réalisation de mon CV' },
  description: { fr: 'Écrire et mettre en forme un CV, l’enregistrer en PDF.' },
  learnerText: aBadge().learnerText,
  picture: picture('cv'),
  criteria: aBadge().criteria,
  conditions: [
    { fr: 'Être présent à l’atelier', en: 'Be present at the workshop' },
    { fr: 'Réussir les 3 critères', en: 'Meet the 3 criteria' },
  ],
  alignments: aBadge().alignments,
  issuer,
  version: 1,
  isStateDiploma: false,
  jsonHref: '?format=json',
};

export const issuerPage: IssuerPageView = {
  issuer,
  description: { fr: 'Des ateliers pour travailler et apprendre le numérique.' },
  did: 'did:web:badges.example.org:issuers:licorne',
  didHref: '/issuers/licorne/did.json',
  email: 'contact@licorne.example.org',
  ob2Href: '/issuers/licorne/ob2.json?download',
  jwksHref: '/issuers/licorne/jwks.json',
  keys: [
    {
      id: 'ed-7k2m4v9x1q',
      algorithm: 'Ed25519',
      href: '/issuers/licorne/keys/ed-7k2m4v9x1q',
      since: '2026-02-01',
    },
    {
      id: 'rs-2w8x4v1n6t',
      algorithm: 'RS256',
      href: '/issuers/licorne/keys/rs-2w8x4v1n6t',
      since: '2026-02-01',
      retiredOn: '2026-08-01',
      compromisedSince: '2026-07-28',
    },
  ],
  badges: [
    card('computer', 'La prise en main de l’ordinateur'),
    card('cv', 'La réalisation de mon CV'),
    card('message', 'Communiquer et échanger sur Internet via un message électronique'),
    card('search', 'La navigation au service de ma recherche d’emploi'),
    card('clic', 'Clic’Emploi – parcours complet'),
  ],
};
