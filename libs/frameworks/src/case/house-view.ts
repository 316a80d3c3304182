import type { Language, Text } from '#platform';
import type { Licence } from '../framework.entity.js';
import type { CaseItem, CaseLevel, CasePackage } from './case-package.js';

/** A CASE package in the shape of the house: what pages show and badges are aligned with. */
export interface HouseView {
  title: Text;
  publisher: string;
  licence: Licence;
  provenance: Record<string, string>;
  /** The latest change of the document and all its parts. */
  changedAt: Date;
  levels: { code: string; ordinal: number; name: Text; description: Text | null }[];
  competencies: HouseCompetency[];
}

export interface HouseCompetency {
  identifier: string;
  code: string;
  type: 'area' | 'competence';
  parentCode: string | null;
  title: Text;
  description: Text | null;
  officialUri: string | null;
  properties: Record<string, string>;
}

const codePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Control characters but the end of line go: verifiers disagree on them once a badge is signed. */
const clean = (text: string): string => text.replace(/(?!\n)\p{Cc}/gu, ' ').trim();

/** The pages speak French and English: everything else stands with the English texts. */
const languageOf = (language: string | undefined): Language => (/^fr/i.test(language ?? '') ? 'fr' : 'en');

const latest = (whole: CasePackage): Date => {
  const dates: number[] = [];
  const open: unknown[] = [whole];
  for (let one = open.pop(); one !== undefined; one = open.pop())
    for (const [name, member] of Object.entries(one as object))
      if (name === 'lastChangeDateTime') dates.push(Date.parse(member));
      else if (name !== 'extensions' && member !== null && typeof member === 'object') open.push(member);
  return new Date(dates.reduce((a, b) => Math.max(a, b)));
};

const optional = (entries: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Reads a checked package for the pages; everything that has no place there stays in the package itself. */
export function houseView(whole: CasePackage): HouseView {
  const { CFDocument: document } = whole;
  const spoken = languageOf(document.language);
  const say = (text: string, language = spoken): Text => ({ [language]: clean(text) });
  return {
    title: say(document.title),
    publisher: clean(document.publisher ?? document.creator),
    licence: licenceOf(whole),
    provenance: optional({
      source: document.uri,
      officialSource: document.officialSourceURL,
      status: document.adoptionStatus,
      description: document.description,
    }),
    changedAt: latest(whole),
    levels: levelsOf(whole, say),
    competencies: competenciesOf(whole, say),
  };
}

function licenceOf({ CFDocument: document, CFDefinitions }: CasePackage): Licence {
  const link = document.licenseURI;
  const licence = CFDefinitions?.CFLicenses?.find((one) => one.identifier === link?.identifier);
  const said = [licence?.title ?? link?.title, licence?.licenseText ?? link?.uri].filter(Boolean).join(' : ');
  return { spdx: null, attribution: clean(said || (document.publisher ?? document.creator)).slice(0, 4000) };
}

type Say = (text: string, language?: Language) => Text;

/** The one scale of a framework: a single rubric with a single criterion that no item owns. */
function levelsOf({ CFRubrics }: CasePackage, say: Say): HouseView['levels'] {
  const criteria = CFRubrics?.length === 1 ? CFRubrics[0]!.CFRubricCriteria : undefined;
  const criterion = criteria?.length === 1 ? criteria[0]! : undefined;
  if (!criterion || criterion.CFItemURI) return [];
  const rank = (level: CaseLevel) => level.position ?? level.score ?? 0;
  return (criterion.CFRubricCriterionLevels ?? [])
    .filter((level) => level.quality || level.description)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 100)
    .map(({ quality, description }, at) => ({
      code: String(at + 1),
      ordinal: at + 1,
      name: say((quality ?? description)!),
      description: quality && description ? say(description) : null,
    }));
}

function competenciesOf(whole: CasePackage, say: Say): HouseCompetency[] {
  const items = whole.CFItems ?? [];
  const byIdentifier = new Map(items.map((item) => [item.identifier.toLowerCase(), item]));
  const parents = new Map<CaseItem, CaseItem>();
  const places = new Map<CaseItem, number>();
  for (const one of whole.CFAssociations ?? []) {
    const child = byIdentifier.get(one.originNodeURI.identifier.toLowerCase());
    if (one.associationType !== 'isChildOf' || !child || parents.has(child)) continue;
    const parent = byIdentifier.get(one.destinationNodeURI.identifier.toLowerCase());
    if (parent) parents.set(child, parent);
    places.set(child, one.sequenceNumber ?? Number.MAX_SAFE_INTEGER);
  }
  const children = new Map<CaseItem | undefined, CaseItem[]>();
  for (const item of items) {
    const siblings = children.get(parents.get(item)) ?? [];
    siblings.push(item);
    children.set(parents.get(item), siblings);
  }
  const place = (item: CaseItem) => places.get(item) ?? Number.MAX_SAFE_INTEGER;
  const inOrder = (parent?: CaseItem): CaseItem[] =>
    (children.get(parent) ?? [])
      .sort(
        (a, b) =>
          place(a) - place(b) || enumeration(a).localeCompare(enumeration(b), 'en', { numeric: true }),
      )
      .flatMap((item) => [item, ...inOrder(item)]);
  const codes = codesOf(items);
  return inOrder().map((item) => {
    const { abbreviatedStatement: short, fullStatement: full } = item;
    const parent = parents.get(item);
    const say1 = (text: string) =>
      say(text, item.language === undefined ? undefined : languageOf(item.language));
    return {
      identifier: item.identifier.toLowerCase(),
      code: codes.get(item)!,
      type: children.has(item) ? 'area' : 'competence',
      parentCode: parent ? codes.get(parent)! : null,
      title: say1(short || full || codes.get(item)!),
      description: short && short !== full ? say1(full) : null,
      officialUri: /^https?:\/\//.test(item.uri) ? item.uri : null,
      properties: optional({ CFItemType: item.CFItemType }),
    };
  });
}

const enumeration = (item: CaseItem): string => item.listEnumeration ?? '';

/** The publisher's own code where an address can carry it and no other item has it; else the identifier. */
function codesOf(items: CaseItem[]): Map<CaseItem, string> {
  const counts = new Map<string, number>();
  for (const { humanCodingScheme: code } of items) if (code) counts.set(code, (counts.get(code) ?? 0) + 1);
  const identifiers = new Set(items.map((item) => item.identifier.toLowerCase()));
  return new Map(
    items.map((item) => {
      const code = item.humanCodingScheme ?? '';
      const isFit = codePattern.test(code) && counts.get(code) === 1 && !identifiers.has(code.toLowerCase());
      return [item, isFit ? code : item.identifier.toLowerCase()];
    }),
  );
}
