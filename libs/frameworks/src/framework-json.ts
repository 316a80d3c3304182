import { type Language, languageOf, type Text, textIn } from '#platform';
import { competencyUrl, frameworkUrl } from './address.js';
import type { CompetencyNode, CompetencySummary, CompetencyView, FrameworkView } from './framework-view.js';
import { licenceUrl } from './licences.js';

interface Placed {
  origin: string;
  language: Language;
  framework: { code: string; version: string };
  changedAt: Date;
}

/** One text in one language, with the language it is really in (BCP 47). */
export interface TextInLanguage {
  value: string;
  language: Language;
}

/** The text in the wanted language, else in the other one; says which. */
export const inLanguage = (text: Text, language: Language): TextInLanguage => ({
  value: textIn(text, language),
  language: languageOf(text, language),
});

const item = (competency: CompetencySummary, parent: { code: string } | null, placed: Placed) => ({
  identifier: competency.identifier,
  uri: competencyUrl(placed.origin, placed.framework, competency.code),
  fullStatement: textIn(competency.title, placed.language),
  language: languageOf(competency.title, placed.language),
  humanCodingScheme: competency.code,
  CFItemType: competency.type,
  ...(competency.description && { notes: textIn(competency.description, placed.language) }),
  lastChangeDateTime: placed.changedAt.toISOString(),
  parent: parent && competencyUrl(placed.origin, placed.framework, parent.code),
  officialUri: competency.officialUri,
  title: competency.title,
  description: competency.description,
});

const flat = (
  nodes: CompetencyNode[],
  parent: CompetencyNode | null,
  placed: Placed,
): ReturnType<typeof item>[] =>
  nodes.flatMap((node) => [item(node, parent, placed), ...flat(node.children, node, placed)]);

/**
 * A framework as JSON, with the names of CASE 1.1 (CFDocument, CFItem) for what CASE has a name for.
 * Strings are in `language` where they exist in it and `language` beside them says so; `title` and `description`
 * objects carry every language.
 */
export function frameworkJson(view: FrameworkView, origin: string, language: Language) {
  const placed = { origin, language, framework: view, changedAt: view.importedAt };
  return {
    CFDocument: {
      identifier: view.identifier,
      uri: frameworkUrl(origin, view),
      creator: view.publisher,
      publisher: view.publisher,
      title: textIn(view.title, language),
      language: languageOf(view.title, language),
      version: view.version,
      lastChangeDateTime: view.importedAt.toISOString(),
    },
    code: view.code,
    issued: view.issued,
    title: view.title,
    licence: { ...view.licence, uri: licenceUrl(view.licence) },
    provenance: view.provenance,
    levels: view.levels,
    CFItems: flat(view.items, null, placed),
  };
}

/** A competency as JSON; see `frameworkJson`. */
export function competencyJson(view: CompetencyView, origin: string, language: Language) {
  const placed = { origin, language, framework: view.framework, changedAt: view.importedAt };
  return {
    CFItem: { ...item(view, view.parent, placed), CFDocumentURI: frameworkUrl(origin, view.framework) },
    properties: view.properties,
    children: view.children.map((child) => item(child, view, placed)),
    statements: view.statements.map((one) => ({ ...item(one, view, placed), properties: one.properties })),
    learningOutcomes: view.learningOutcomes.map((one) => ({
      ...item(one, view, placed),
      properties: one.properties,
    })),
    associations: view.associations.map((association) => ({
      associationType: association.kind,
      direction: association.direction,
      framework: association.framework,
      version: association.version,
      code: association.code,
      title: association.title,
      uri:
        association.targetUri ??
        (association.framework !== null && association.version !== null && association.code !== null
          ? competencyUrl(
              origin,
              { code: association.framework, version: association.version },
              association.code,
            )
          : null),
      note: association.note,
      statedBy: association.statedBy,
      statedOn: association.statedOn,
      source: association.source,
      sourceUri: association.sourceUri,
    })),
  };
}
