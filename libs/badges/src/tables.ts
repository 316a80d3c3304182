import { frameworksEntities, frameworksMigrations } from '#frameworks';
import { peopleEntities, peopleMigrations } from '#people';
import { platformEntities, platformMigrations } from '#platform';
import { signingEntities, signingMigrations } from '#signing';
import { workshopsEntities, workshopsMigrations } from '#workshops';
import { Achievement } from './achievement.js';
import { ArchiveFileKnown } from './archive/archive-file-known.js';
import { OrphanCredential } from './archive/orphan-credential.js';
import { Award } from './award.js';
import { Credential } from './credential.js';
import { Installation } from './installation.js';
import { Badges1700000005000 } from './migrations/1700000005000-badges.js';
import { CompressTexts1700000007000 } from './migrations/1700000007000-compress-texts.js';
import { Reissue1700000008500 } from './migrations/1700000008500-reissue.js';
import { StatusChanges1700000009000 } from './migrations/1700000009000-status-changes.js';
import { RegisterCorrection1700000009200 } from './migrations/1700000009200-register-correction.js';
import { Queue1700000010000 } from './migrations/1700000010000-queue.js';
import { OrphanCredential1700000010500 } from './migrations/1700000010500-orphan-credential.js';
import { Statements1763820100000 } from './migrations/1763820100000-statements.js';
import { BroughtIssuer1763820200000 } from './migrations/1763820200000-brought-issuer.js';
import { IssuedCredentials1763822100000 } from './migrations/1763822100000-issued-credentials.js';
import { LeanerCredential1763823100000 } from './migrations/1763823100000-leaner-credential.js';
import { Restoring1795500000002 } from './migrations/1795500000002-restoring.js';
import { PlainTexts1795600100000 } from './migrations/1795600100000-plain-texts.js';
import { Replacement1795600300000 } from './migrations/1795600300000-replacement.js';
import { Ob2Edition1795700100000 } from './migrations/1795700100000-ob2-edition.js';
import { StatementReissue1795900100000 } from './migrations/1795900100000-statement-reissue.js';
import { OneCopyOfAText1796100100000 } from './migrations/1796100100000-one-copy-of-a-text.js';
import { NeverEmptied1796200200000 } from './migrations/1796200200000-never-emptied.js';
import { CorrectionsRead1796300100000 } from './migrations/1796300100000-corrections-read.js';
import { Ob2Edition } from './ob2/edition.js';
import { Outbox } from './outbox.js';
import { Publication } from './publication.js';
import { RegisterCorrection } from './register-correction.js';
import { Endorsement } from './statements/endorsement.js';
import { IssuedCredential } from './statements/issued-credential.js';
import { LearnerRecord } from './statements/learner-record.js';
import { Statement } from './statements/statement.js';
import { StatusChange, StatusEntry, StatusList } from './status-list.js';
import { QueueSweep, WorkerHeartbeat } from './worker-heartbeat.js';

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
const badgesEntities: Function[] = [
  Achievement,
  Award,
  Credential,
  Endorsement,
  Installation,
  IssuedCredential,
  LearnerRecord,
  Ob2Edition,
  OrphanCredential,
  ArchiveFileKnown,
  Outbox,
  Publication,
  QueueSweep,
  RegisterCorrection,
  Statement,
  StatusChange,
  StatusEntry,
  StatusList,
  WorkerHeartbeat,
];
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
const badgesMigrations: Function[] = [
  Badges1700000005000,
  CompressTexts1700000007000,
  Reissue1700000008500,
  StatusChanges1700000009000,
  RegisterCorrection1700000009200,
  Queue1700000010000,
  OrphanCredential1700000010500,
  Replacement1795600300000,
  PlainTexts1795600100000,
  Statements1763820100000,
  Ob2Edition1795700100000,
  BroughtIssuer1763820200000,
  LeanerCredential1763823100000,
  StatementReissue1795900100000,
  IssuedCredentials1763822100000,
  Restoring1795500000002,
  OneCopyOfAText1796100100000,
  NeverEmptied1796200200000,
  CorrectionsRead1796300100000,
];

/** Every entity of the service, for a process that opens its database. */
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const allEntities: Function[] = [
  ...platformEntities,
  ...peopleEntities,
  ...frameworksEntities,
  ...workshopsEntities,
  ...signingEntities,
  ...badgesEntities,
];

/** Every migration of the libraries, in the order they build on each other. */
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const allMigrations: Function[] = [
  ...platformMigrations,
  ...peopleMigrations,
  ...frameworksMigrations,
  ...workshopsMigrations,
  ...signingMigrations,
  ...badgesMigrations,
];
