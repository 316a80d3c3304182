import { CodeList } from './code-list.entity.js';
import { Association, Competency } from './competency.entity.js';
import { Framework, FrameworkLevel } from './framework.entity.js';
import { Frameworks1700000002000 } from './migrations/1700000002000-frameworks.js';

/** Entities of this library, for the DataSource. */
export const frameworksEntities = [Framework, FrameworkLevel, Competency, Association, CodeList];

/** Migrations of this library, in order. */
export const frameworksMigrations = [Frameworks1700000002000];
