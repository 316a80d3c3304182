/** Parts of CASE 1.1 that this program looks into; all other members are kept as they are. */
export interface CaseObject {
  identifier: string;
  uri: string;
  lastChangeDateTime: string;
  [more: string]: unknown;
}

export interface LinkUri {
  title: string;
  identifier: string;
  uri: string;
  targetType?: string;
}

export interface CaseDocument extends CaseObject {
  creator: string;
  title: string;
  publisher?: string;
  language?: string;
  version?: string;
  licenseURI?: LinkUri;
}

export interface CaseItem extends CaseObject {
  fullStatement: string;
  abbreviatedStatement?: string;
  humanCodingScheme?: string;
  listEnumeration?: string;
  CFItemType?: string;
  notes?: string;
  language?: string;
}

export interface CaseAssociation extends CaseObject {
  associationType: string;
  sequenceNumber?: number;
  originNodeURI: LinkUri;
  destinationNodeURI: LinkUri;
  notes?: string;
}

export interface CaseLevel extends CaseObject {
  quality?: string;
  description?: string;
  score?: number;
  position?: number;
}

export interface CaseRubric extends CaseObject {
  title?: string;
  CFRubricCriteria?: (CaseObject & { CFItemURI?: LinkUri; CFRubricCriterionLevels?: CaseLevel[] })[];
}

export const definitionKinds = [
  'CFConcept',
  'CFSubject',
  'CFLicense',
  'CFItemType',
  'CFAssociationGrouping',
] as const;

export type CaseKind =
  | 'CFDocument'
  | 'CFItem'
  | 'CFAssociation'
  | 'CFRubric'
  | (typeof definitionKinds)[number];

/** A CFPackage (CASE 1.1, section 4.1): a whole framework. */
export interface CasePackage {
  CFDocument: CaseDocument;
  CFItems?: CaseItem[];
  CFAssociations?: CaseAssociation[];
  CFDefinitions?: {
    CFConcepts?: CaseObject[];
    CFSubjects?: CaseObject[];
    CFLicenses?: CaseObject[];
    CFItemTypes?: CaseObject[];
    CFAssociationGroupings?: CaseObject[];
    extensions?: unknown;
  };
  CFRubrics?: CaseRubric[];
  extensions?: unknown;
}

/** Every object of a package that has an address of its own, with its kind, in the package's order. */
export function objectsOf(whole: CasePackage): { kind: CaseKind; body: CaseObject }[] {
  const all = (kind: CaseKind, bodies: CaseObject[] | undefined) =>
    (bodies ?? []).map((body) => ({ kind, body }));
  return [
    { kind: 'CFDocument', body: whole.CFDocument },
    ...all('CFItem', whole.CFItems),
    ...all('CFAssociation', whole.CFAssociations),
    ...definitionKinds.flatMap((kind) => all(kind, whole.CFDefinitions?.[`${kind}s`])),
    ...all('CFRubric', whole.CFRubrics),
  ];
}

/** Paths of the interface (CASE 1.1, section 3): `{origin}/ims/case/v1p1/CFItems/{identifier}`. */
const caseBase = (origin: string): string => `${origin}/ims/case/v1p1`;

export const caseUrl = (origin: string, kind: CaseKind | 'CFPackage', identifier: string): string =>
  `${caseBase(origin)}/${kind}s/${identifier}`;

/** What a certified provider may send: no extensions, and inside a package no link to the package itself. */
export function withoutExtensions<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutExtensions) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'extensions')
      .map(([name, member]) => [name, withoutExtensions(member)]),
  ) as T;
}
