import { CaseObjectRow, CasePackageRow } from './case/case-object.entity.js';
import { CodeList } from './code-list.entity.js';
import { Association, Competency } from './competency.entity.js';
import { FrameworkMatch } from './crosswalk/match.entity.js';
import { Framework, FrameworkLevel } from './framework.entity.js';
import { Frameworks1700000002000 } from './migrations/1700000002000-frameworks.js';
import { Case1763821000000 } from './migrations/1763821000000-case.js';
import { EscoAssociations1796000100000 } from './migrations/1796000100000-esco-associations.js';

/** Entities of this library, for the DataSource. */
export const frameworksEntities = [
  Framework,
  FrameworkLevel,
  Competency,
  Association,
  CodeList,
  CaseObjectRow,
  CasePackageRow,
  FrameworkMatch,
];

/** Migrations of this library, in order. */
export const frameworksMigrations = [
  Frameworks1700000002000,
  Case1763821000000,
  EscoAssociations1796000100000,
];
