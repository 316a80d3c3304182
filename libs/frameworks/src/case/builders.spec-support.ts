import fc from 'fast-check';
import type { CaseAssociation, CaseItem, CasePackage, LinkUri } from './case-package.js';

const day = '2024-05-01T09:30:00+00:00';

/** A UUID that says which object of which kind it is. */
export const id = (kind: number, at: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${at.toString(16).padStart(12, '0')}`;

const address = (kind: string, identifier: string) =>
  `https://cadres.example/ims/case/v1p0/${kind}/${identifier}`;

export const anItem = (at: number, given: Partial<CaseItem> = {}): CaseItem => ({
  identifier: id(2, at),
  uri: address('CFItems', id(2, at)),
  fullStatement: `Sait faire ${at}`,
  humanCodingScheme: `C${at}`,
  lastChangeDateTime: day,
  ...given,
});

const link = (title: string, { identifier, uri }: { identifier: string; uri: string }): LinkUri => ({
  title,
  identifier,
  uri,
});

export const aLink = (
  at: number,
  associationType: string,
  origin: { identifier: string; uri: string },
  destination: { identifier: string; uri: string },
  given: Partial<CaseAssociation> = {},
): CaseAssociation => ({
  identifier: id(3, at),
  uri: address('CFAssociations', id(3, at)),
  associationType,
  originNodeURI: link('origin', origin),
  destinationNodeURI: link('destination', destination),
  lastChangeDateTime: day,
  ...given,
});

/** A small package in the shape that public providers of CASE 1.0 give: an area with two items, one match elsewhere. */
export function aPackage(given: Partial<CasePackage> = {}): CasePackage {
  const CFDocument = {
    identifier: id(1, 1),
    uri: address('CFDocuments', id(1, 1)),
    creator: 'Académie d’exemple',
    title: 'Cadre d’exemple',
    language: 'fr',
    version: '2024',
    lastChangeDateTime: day,
    ...given.CFDocument,
  };
  const items = [
    anItem(1, { fullStatement: 'Données', listEnumeration: '1', CFItemType: 'Domain' }),
    anItem(2, { fullStatement: 'Calculer $\\frac{a}{b}$ avec **soin**', educationLevel: ['CE2', 'CM1'] }),
    anItem(3, {
      abbreviatedStatement: 'Trier',
      fullStatement: 'Trier\nun tableau',
      CFItemTypeURI: link('Type', typeOf()),
    }),
  ];
  return {
    CFItems: items,
    CFAssociations: [
      aLink(1, 'isChildOf', items[0]!, CFDocument, { sequenceNumber: 1 }),
      aLink(2, 'isChildOf', items[1]!, items[0]!, { sequenceNumber: 2 }),
      aLink(3, 'isChildOf', items[2]!, items[0]!, { sequenceNumber: 1 }),
      aLink(
        4,
        'exactMatchOf',
        items[1]!,
        { identifier: 'x-42', uri: 'https://ailleurs.example/42' },
        {
          CFAssociationGroupingURI: link('Groupe', groupOf()),
          notes: 'même idée',
        },
      ),
    ],
    CFDefinitions: {
      CFConcepts: [{ ...definition(5), title: 'Nombre', keywords: 'nombre|calcul', hierarchyCode: '1' }],
      CFSubjects: [{ ...definition(6), title: 'Mathématiques', hierarchyCode: '1' }],
      CFLicenses: [{ ...definition(7), title: 'Libre', licenseText: 'Chacun peut' }],
      CFItemTypes: [typeOf()],
      CFAssociationGroupings: [groupOf()],
    },
    CFRubrics: [
      {
        ...definition(10),
        title: 'Niveaux',
        CFRubricCriteria: [
          {
            ...definition(11),
            CFRubricCriterionLevels: [
              { ...definition(13), quality: 'Expert', position: 2, score: 2, feedback: 'Bravo' },
              { ...definition(12), quality: 'Novice', description: 'Débute', position: 1, score: 0.5 },
            ],
          },
        ],
      },
    ],
    ...given,
    CFDocument,
  };
}

const definition = (kind: number) => ({
  identifier: id(kind, 1),
  uri: address('Definitions', id(kind, 1)),
  lastChangeDateTime: day,
});
const typeOf = () => ({
  ...definition(8),
  title: 'Compétence',
  description: 'Un savoir-faire',
  hierarchyCode: '2',
});
const groupOf = () => ({ ...definition(9), title: 'Correspondances' });

/** Any text that a database can keep, Markdown, LaTeX and all signs included. */
const text = fc.oneof(
  fc.constantFrom(
    '**gras** et `code`',
    '$\\frac{a}{b}$ \\(x^2\\)',
    '| a | b |\n|---|---|',
    'naïf — « œuvre »',
    '١٢٣ אב 数学 🧮',
  ),
  fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .map((one) => one.replaceAll('\u0000', ''))
    .filter((one) => one.isWellFormed()),
);

const instant = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const day10 = instant.map((one) => one.slice(0, 10));
const maybe = <T>(name: string, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.option(value).map((one) => (one === null ? {} : { [name]: one }));
const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all));
const extension = fc.dictionary(
  fc.string({ maxLength: 8, unit: 'grapheme-ascii' }),
  fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 2 })),
  { maxKeys: 3, noNullPrototype: true },
);

/** Packages of every shape: forests with several parents, every kind of link, absent and empty sections. */
export const packages: fc.Arbitrary<CasePackage> = fc
  .tuple(
    fc.array(
      merged(
        text.map((fullStatement) => ({ fullStatement })),
        maybe('abbreviatedStatement', text),
        maybe('humanCodingScheme', text),
        maybe('listEnumeration', text),
        maybe('notes', text),
        maybe('conceptKeywords', fc.array(text, { maxLength: 3 })),
        maybe('educationLevel', fc.array(text, { maxLength: 3 })),
        maybe('language', fc.constantFrom('fr', 'en', 'de')),
        maybe('statusStartDate', day10),
        maybe('extensions', extension),
        instant.map((lastChangeDateTime) => ({ lastChangeDateTime })),
      ),
      { maxLength: 12 },
    ),
    fc.array(
      fc.record({
        from: fc.nat(11),
        to: fc.nat(11),
        type: fc.constantFrom(
          'isChildOf',
          'isChildOf',
          'exactMatchOf',
          'precedes',
          'replacedBy',
          'ext:close',
        ),
        sequence: fc.option(fc.integer({ min: -5, max: 50 }), { nil: undefined }),
        note: fc.option(text, { nil: undefined }),
      }),
      { maxLength: 20 },
    ),
    fc.subarray(['CFItems', 'CFAssociations', 'CFDefinitions', 'CFRubrics'] as const),
    fc.option(extension, { nil: undefined }),
    merged(
      maybe('description', text),
      maybe('notes', text),
      maybe('version', text),
      maybe('subject', fc.array(text)),
    ),
  )
  .map(([members, links, sections, extensions, document]) => {
    const whole = aPackage({ CFDocument: document as CasePackage['CFDocument'] });
    const items = members.map((given, at) => anItem(at, given as Partial<CaseItem>));
    whole.CFItems = items;
    whole.CFAssociations = links.flatMap(({ from, to, type, sequence, note }, at) => {
      const [origin, destination] = [items[from], items[to] ?? whole.CFDocument];
      // A child points at an earlier item, so that no circle comes about.
      if (!origin || (type === 'isChildOf' && items[to] && to >= from)) return [];
      return [
        aLink(at, type, origin, destination, {
          ...(sequence !== undefined && { sequenceNumber: sequence }),
          ...(note !== undefined && { notes: note }),
        }),
      ];
    });
    for (const section of sections) delete whole[section];
    return { ...whole, ...(extensions && { extensions }) };
  });
