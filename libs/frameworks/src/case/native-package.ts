import { type Language, languageOf, type Text, textIn } from '#platform';
import { competencyUrl, frameworkUrl } from '../address.js';
import { isEscoSkill } from '../alignment.js';
import type { Competency } from '../competency.entity.js';
import type { Framework, FrameworkLevel } from '../framework.entity.js';
import { licenceName, licenceUrl } from '../licences.js';
import type {
  CaseAssociation,
  CaseDocument,
  CaseItem,
  CaseObject,
  CasePackage,
  CaseRubric,
  LinkUri,
} from './case-package.js';
import { caseUrl } from './case-package.js';
import { caseIdentifiers } from './identifiers.js';

/** An association of a framework's own file with its target, as far as that one is here. */
export interface NativeMatch {
  originCode: string;
  kind: string;
  targetFramework: string;
  targetCode: string;
  note: string | null;
  target: { identifier: string; version: string; title: Text } | null;
}

export interface NativeFramework {
  framework: Framework;
  levels: FrameworkLevel[];
  /** In the framework's own order. */
  competencies: Competency[];
  matches: NativeMatch[];
}

export interface Place {
  /** Scheme, host and port, without a slash at the end. */
  origin: string;
  /** Wanted; where a text does not exist in it, the other one is taken and `language` says so. */
  language: Language;
}

const words = {
  levels: { fr: 'Niveaux', en: 'Levels' },
  crosswalk: { fr: 'Correspondances avec d’autres référentiels', en: 'Crosswalk to other frameworks' },
  types: {
    area: { fr: 'Domaine', en: 'Area' },
    competence: { fr: 'Compétence', en: 'Competence' },
    module: { fr: 'Module', en: 'Module' },
    statement: { fr: 'Énoncé de compétence', en: 'Competence statement' },
    'learning-outcome': { fr: 'Acquis d’apprentissage', en: 'Learning outcome' },
  } as Record<string, Text>,
};

const hierarchy: Record<string, string> = {
  competence: '1.1',
  statement: '1.1.1',
  'learning-outcome': '1.1.2',
};

/** A file may give its items any type, `constructor` too. */
const ownOf = <T>(table: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** One line without control characters: the NormalizedString of CASE. */
const normalized = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** Is it a day of the calendar? An imported file may say 31 February, or the year alone. */
const isDay = (text: string | null): boolean => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? Date.parse(text!) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text!);
};

const link = (title: string, { identifier, uri }: { identifier: string; uri: string }): LinkUri => ({
  title,
  identifier,
  uri,
});

function licenceOf(framework: Framework, { origin }: Place): CaseObject {
  const identifier = caseIdentifiers(framework.contentHash).licence;
  return {
    identifier,
    uri: caseUrl(origin, 'CFLicense', identifier),
    title: normalized(licenceName(framework.licence)),
    licenseText: [framework.licence.attribution, licenceUrl(framework.licence)].filter(Boolean).join('\n'),
    lastChangeDateTime: framework.importedAt.toISOString(),
  };
}

/** The CFDocument of a framework of the house. */
export function nativeDocument(framework: Framework, place: Place): CaseDocument {
  const licence = licenceOf(framework, place);
  const legal = framework.provenance.legalBasis as { url?: string } | undefined;
  const publisher = normalized(framework.publisher);
  return {
    identifier: framework.identifier,
    uri: frameworkUrl(place.origin, framework),
    caseVersion: '1.1',
    creator: publisher,
    title: normalized(textIn(framework.title, place.language)),
    lastChangeDateTime: framework.importedAt.toISOString(),
    ...(legal?.url && { officialSourceURL: legal.url }),
    publisher,
    language: languageOf(framework.title, place.language),
    version: framework.version,
    ...(isDay(framework.issued) && { statusStartDate: framework.issued }),
    licenseURI: link(String(licence.title), licence),
  };
}

/**
 * A framework of the house as a CFPackage (CASE 1.1). Documents and items have the public address that badges name;
 * everything else has its address at the provider. Levels become one CFRubric. A competency that is a skill of ESCO
 * says so by an association `exactMatchOf` with ESCO's own address.
 */
export function nativePackage(given: NativeFramework, place: Place): CasePackage {
  const { framework, levels, competencies } = given;
  const { origin, language } = place;
  const ids = caseIdentifiers(framework.contentHash);
  const lastChangeDateTime = framework.importedAt.toISOString();
  const say = (text: Text | null | undefined) => textIn(text, language);
  const line = (text: Text | null | undefined) => normalized(say(text));
  const licence = licenceOf(framework, place);
  const document = nativeDocument(framework, place);
  const object = (kind: Parameters<typeof caseUrl>[1], identifier: string) => ({
    identifier,
    uri: caseUrl(origin, kind, identifier),
    lastChangeDateTime,
  });

  const types = [...new Set(competencies.map((one) => one.type))].map((type): CaseObject => {
    const title = line(ownOf(words.types, type) ?? { fr: type, en: type });
    return {
      ...object('CFItemType', ids.itemType(type)),
      title,
      description: title,
      hierarchyCode: ownOf(hierarchy, type) ?? '1',
      typeCode: type,
    };
  });
  const typeOf = new Map(types.map((type) => [String(type.typeCode), type]));

  const items = competencies.map((one): CaseItem => {
    const type = typeOf.get(one.type)!;
    const { level, kind, ai } = one.properties as Record<string, string | undefined>;
    const keywords = [kind, ai].filter((word): word is string => word !== undefined);
    return {
      identifier: ids.item(one.code),
      fullStatement: say(one.title),
      CFItemType: String(type.title),
      uri: competencyUrl(origin, framework, one.code),
      humanCodingScheme: one.code,
      ...(keywords.length > 0 && { conceptKeywords: keywords }),
      ...(one.description && { notes: say(one.description) }),
      language: languageOf(one.title, language),
      ...(level !== undefined && { educationLevel: [level] }),
      CFItemTypeURI: link(String(type.title), type),
      lastChangeDateTime,
    };
  });
  const itemOf = new Map(items.map((item) => [item.humanCodingScheme!, item]));
  const node = (one: CaseItem | CaseDocument): LinkUri => ({
    ...link(normalized(String(one.fullStatement ?? one.title)), one),
    targetType: 'CASE',
  });

  const places = new Map<string | null, number>();
  const tree = competencies.map((one): CaseAssociation => {
    const sequenceNumber = (places.get(one.parentCode) ?? 0) + 1;
    places.set(one.parentCode, sequenceNumber);
    return {
      ...object('CFAssociation', ids.childOf(one.code)),
      associationType: 'isChildOf',
      sequenceNumber,
      originNodeURI: node(itemOf.get(one.code)!),
      destinationNodeURI: node(one.parentCode === null ? document : itemOf.get(one.parentCode)!),
    };
  });
  const grouping: CaseObject = {
    ...object('CFAssociationGrouping', ids.crosswalk),
    title: line(words.crosswalk),
  };
  const matches = given.matches.flatMap((match): CaseAssociation[] => {
    const { target } = match;
    if (target === null) return [];
    const address = { code: match.targetFramework, version: target.version };
    const uri = competencyUrl(origin, address, match.targetCode);
    const identifier = ids.match(match.originCode, match.kind, match.targetFramework, match.targetCode);
    return [
      {
        ...object('CFAssociation', identifier),
        associationType: match.kind,
        originNodeURI: node(itemOf.get(match.originCode)!),
        destinationNodeURI: {
          title: line(target.title),
          identifier: target.identifier,
          uri,
          targetType: 'CASE',
        },
        CFAssociationGroupingURI: link(String(grouping.title), grouping),
        ...(match.note !== null && { notes: match.note }),
      },
    ];
  });

  const skills = competencies.flatMap(({ code, title, officialUri: uri }): CaseAssociation[] =>
    isEscoSkill(uri)
      ? [
          {
            ...object('CFAssociation', ids.esco(code)),
            associationType: 'exactMatchOf',
            originNodeURI: node(itemOf.get(code)!),
            // ESCO is no provider of CASE: its concepts are named by their address alone.
            destinationNodeURI: { title: line(title), identifier: uri, uri, targetType: 'ext:ESCOSkill' },
            CFAssociationGroupingURI: link(String(grouping.title), grouping),
          },
        ]
      : [],
  );
  const crosswalk = [...skills, ...matches];

  return {
    CFDocument: document,
    CFItems: items,
    CFAssociations: [...tree, ...crosswalk],
    CFDefinitions: {
      CFLicenses: [licence],
      CFItemTypes: types,
      ...(crosswalk.length > 0 && { CFAssociationGroupings: [grouping] }),
    },
    ...(levels.length > 0 && { CFRubrics: [rubricOf()] }),
  };

  function rubricOf(): CaseRubric {
    return {
      ...object('CFRubric', ids.rubric),
      title: normalized(`${say(framework.title)} : ${say(words.levels)}`),
      CFRubricCriteria: [
        {
          ...object('CFRubric', ids.criterion),
          uri: `${caseUrl(origin, 'CFRubric', ids.rubric)}#criterion`,
          category: line(words.levels),
          position: 1,
          rubricId: ids.rubric,
          CFRubricCriterionLevels: levels.map((level) => ({
            identifier: ids.level(level.code),
            uri: `${caseUrl(origin, 'CFRubric', ids.rubric)}#${encodeURIComponent(level.code)}`,
            quality: line(level.name),
            ...(level.description && { description: say(level.description) }),
            score: level.ordinal,
            position: level.ordinal,
            rubricCriterionId: ids.criterion,
            lastChangeDateTime,
          })),
        },
      ],
    };
  }
}
