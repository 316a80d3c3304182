import { compileSchema, DomainError, readProjectJson, type Text } from '#platform';
import type { Alignment, Criterion } from './workshop.entity.js';

export interface CatalogueWorkshop {
  code: string;
  title: Text;
  aim: Text;
  /** Easy-to-read text for the learner; {} when there is none. */
  easyText: Text;
  durationMinutes: number;
  maxParticipants: number;
  criteria: Criterion[];
  alignments: Alignment[];
  lessonUrl?: string;
}

export interface CatalogueBadge {
  code: string;
  kind: 'workshop' | 'pathway' | 'peer-animator' | 'professional';
  name: Text;
  easyText?: Text;
  criteria?: Criterion[];
  requires: { allOf?: string[]; evidence?: { type: string; min: number; note?: string }[] };
}

export interface Catalogue {
  workshops: CatalogueWorkshop[];
  badges: CatalogueBadge[];
}

/** The catalogue contradicts itself: a code stands twice, or a badge requires what is not there. */
export class CatalogueRefused extends DomainError {
  readonly code = 'catalogue_refused';
}

interface CriterionFile {
  code: string;
  fr: string;
  en?: string;
}

interface CatalogueFile {
  workshops: {
    code: string;
    title: Text;
    aim: Text;
    learnerText?: { falc: string; en?: string };
    durationMinutes: number;
    maxParticipants: number;
    observableCriteria: CriterionFile[];
    alignments: Record<
      string,
      (string | { code: string; level?: string; gloss?: Text; exactMatches?: true })[]
    >;
    lessonUrl?: string;
  }[];
  badges: {
    code: string;
    kind: CatalogueBadge['kind'];
    name: Text;
    learnerText?: { falc: string; en?: string };
    observableCriteria?: CriterionFile[];
    requires: CatalogueBadge['requires'];
  }[];
}

/** English texts by code: data/starter-catalogue.en.json. */
export interface CatalogueTexts {
  workshops: Record<string, { title?: string; aim?: string; easy?: string }>;
  criteria: Record<string, string>;
  badges: Record<string, { name?: string; easy?: string }>;
}

const checked: (value: unknown) => CatalogueFile = compileSchema<CatalogueFile>(
  readProjectJson('schemas', 'starter-catalogue.schema.json'),
  'Catalogue',
);

const noTexts: CatalogueTexts = { workshops: {}, criteria: {}, badges: {} };

const both = (fr?: string, en?: string): Text => ({ ...(fr ? { fr } : {}), ...(en ? { en } : {}) });

/**
 * A catalogue from its file (schemas/starter-catalogue.schema.json), with English texts merged in by code.
 * @throws InvalidInput (`invalid_input`) with every fault, CatalogueRefused (`catalogue_refused`)
 */
export function parseCatalogue(file: unknown, english: CatalogueTexts = noTexts): Catalogue {
  const { workshops, badges } = checked(file);
  const criteria = (list: CriterionFile[]): Criterion[] =>
    list.map(({ code, fr, en }) => ({ code, text: both(fr, en ?? english.criteria[code]) }));
  const catalogue: Catalogue = {
    workshops: workshops.map((workshop) => {
      const texts = english.workshops[workshop.code];
      return {
        code: workshop.code,
        title: both(workshop.title.fr, workshop.title.en ?? texts?.title),
        aim: both(workshop.aim.fr, workshop.aim.en ?? texts?.aim),
        easyText: both(workshop.learnerText?.falc, workshop.learnerText?.en ?? texts?.easy),
        durationMinutes: workshop.durationMinutes,
        maxParticipants: workshop.maxParticipants,
        criteria: criteria(workshop.observableCriteria),
        alignments: Object.entries(workshop.alignments).flatMap(([framework, codes]) =>
          codes.map((one) => ({ framework, ...(typeof one === 'string' ? { code: one } : one) })),
        ),
        ...(workshop.lessonUrl ? { lessonUrl: workshop.lessonUrl } : {}),
      };
    }),
    badges: badges.map((badge) => {
      const texts = english.badges[badge.code];
      return {
        code: badge.code,
        kind: badge.kind,
        name: both(badge.name.fr, badge.name.en ?? texts?.name),
        ...(badge.learnerText
          ? { easyText: both(badge.learnerText.falc, badge.learnerText.en ?? texts?.easy) }
          : {}),
        ...(badge.observableCriteria ? { criteria: criteria(badge.observableCriteria) } : {}),
        requires: badge.requires,
      };
    }),
  };
  refuseContradictions(catalogue);
  return catalogue;
}

function refuseContradictions({ workshops, badges }: Catalogue): void {
  for (const workshop of workshops) {
    const aligned = workshop.alignments.map(({ framework, code }) => `${framework} ${code}`);
    const twice = aligned.find((one, index) => aligned.indexOf(one) < index);
    if (twice !== undefined)
      throw new CatalogueRefused(`The workshop ${workshop.code} is aligned with ${twice} twice`, {
        details: { workshop: workshop.code, alignment: twice },
      });
  }
  const codes = new Set<string>();
  for (const code of [
    ...workshops.map((workshop) => workshop.code),
    ...badges.map((badge) => badge.code),
    ...workshops.flatMap((workshop) => workshop.criteria.map((criterion) => criterion.code)),
  ]) {
    if (codes.has(code)) throw new CatalogueRefused(`The code ${code} stands twice`, { details: { code } });
    codes.add(code);
  }
  const known = new Set([...workshops, ...badges].map(({ code }) => code));
  for (const badge of badges)
    for (const code of badge.requires.allOf ?? [])
      if (!known.has(code) || code === badge.code)
        throw new CatalogueRefused(`The badge ${badge.code} requires ${code}, which it cannot`, {
          details: { badge: badge.code, requires: code },
        });
}

/** The catalogue that ships with Insigne, in French and English. */
export const readStarterCatalogue = (): Catalogue =>
  parseCatalogue(
    readProjectJson('libs', 'workshops', 'data', 'starter-catalogue.fr.json'),
    readProjectJson<CatalogueTexts>('libs', 'workshops', 'data', 'starter-catalogue.en.json'),
  );
