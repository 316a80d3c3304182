export {
  competencyPath,
  competencyUrl,
  type FrameworkAddress,
  frameworkPath,
  frameworkUrl,
} from './address.js';
export {
  type AlignedCompetency,
  type AlignedLevel,
  type AlignmentTarget,
  alignmentTarget,
  alignmentTargetType,
  openBadgesAlignment,
  resolveAlignments,
} from './alignment.js';
export {
  type CaseDocument,
  type CaseKind,
  type CaseObject,
  type CasePackage,
  caseUrl,
  withoutExtensions,
} from './case/case-package.js';
export { CaseProvider, type Provided } from './case/case-provider.js';
export type { Place } from './case/native-package.js';
export type { CodeList, CodeListEntry } from './code-list.entity.js';
export { Competency } from './competency.entity.js';
export { exactMatchesOf, listMatches, type StatedMatch } from './crosswalk/match-reader.js';
export { Framework } from './framework.entity.js';
export { competencyJson, frameworkJson, inLanguage, type TextInLanguage } from './framework-json.js';
export { FrameworkReader } from './framework-reader.js';
export type {
  AssociationView,
  CompetencyNode,
  CompetencySummary,
  CompetencyView,
  FrameworkSummary,
  FrameworkView,
  LevelView,
  OutcomeView,
} from './framework-view.js';
export { importCodeLists } from './import-code-lists.js';
export {
  importCrosswalkCsv,
  importDocument,
  importFrameworkFile,
  importShippedFrameworks,
} from './import-file.js';
export { crosswalkNote, type ImportResult, importFramework } from './import-framework.js';
export { importOutcomes } from './import-outcomes.js';
export {
  type AlignmentReference,
  CodeListEntryRemoved,
  CompetencyNotFound,
  FrameworkContentChanged,
  FrameworkNotFound,
  InvalidFrameworkFile,
  UnknownCompetency,
  UnknownLevel,
} from './refusals.js';
export { frameworksEntities, frameworksMigrations } from './tables.js';
