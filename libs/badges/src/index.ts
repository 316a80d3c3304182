export {
  Achievement,
  type AchievementAlignment,
  type AchievementKind,
  type AlignmentLevel,
  type Criterion,
} from './achievement.js';
export { achievementJson, establishedLevels, translatedAchievementJson } from './achievement-json.js';
export { achievementUrl, badgeUrl, isRefreshUrl, issuerUrl, statusListUrl } from './addresses.js';
export { type CredentialBytes, isArchivedAs } from './archive/archived-as.js';
export type {
  ArchivedChainMark,
  ArchivedCredential,
  ArchivedKey,
  ArchivedStatusList,
} from './archive/archived-credential.js';
export { ArchivedRevocations, type ListDocument } from './archive/archived-revocations.js';
export type { ArchivedStatement } from './archive/archived-statement.js';
export { KeepChainMarks, MarkTrail } from './archive/chain-marks.js';
export {
  isWholeLine,
  type LocatedCredential,
  locateCredentials,
  readLocated,
} from './archive/locate-credentials.js';
export {
  assertKnowsArchive,
  compareList,
  DatabaseOlderThanArchive,
  isOlderThanArchive,
  takeOverArchive,
} from './archive/older-than-archive.js';
export { archiveBegins, archiveFiles, readArchive } from './archive/read-archive.js';
export { ReconcileArchive } from './archive/reconcile-archive.js';
export type { Reconciliation } from './archive/reconciliation.js';
export {
  ArchiveUnavailable,
  archivedKeysOf,
  FolderArchive,
  NoArchive,
  SignedBytesArchive,
} from './archive/signed-bytes-archive.js';
export { Award, type AwardState, type Established } from './award.js';
export { AwardCampaign, type CampaignAwards } from './award-campaign.js';
export { AwardNotFound, AwardNotIssued } from './award-refusals.js';
export {
  type AwardView,
  BadgeReader,
  type PublishedBadge,
  type PublishedStatusList,
  type StatusHistory,
} from './badge-reader.js';
export {
  type ChangedStatus,
  ChangeStatus,
  CredentialNotFound,
  CredentialNotSuspended,
  CredentialRevoked,
  changeStatus,
  StatusChangedMeanwhile,
  type StatusChangeRequest,
} from './change-status.js';
export { assertClock, ClockDrift } from './clock-guard.js';
export {
  type CorrectedSession,
  CorrectRegister,
  type FileCorrection,
} from './correct-register.js';
export { Credential } from './credential.js';
export { CredentialCheck, type Refusal } from './credential-check.js';
export type { Json } from './credential-facts.js';
export { credentialSlots, evidenceText, identityHash, issuerProfile } from './credential-for.js';
export { type CurrentBadge, CurrentBadgeReader } from './current-badge-reader.js';
export { earlierVersions } from './earlier-versions.js';
export { contentHashOf, importAchievements } from './import-achievements.js';
export { assertInstallation, OriginChanged } from './installation.js';
export { IssuanceQueue } from './issuance-queue.js';
export { type IssuanceSummary, issuanceSummary } from './issuance-summary.js';
export {
  judgeOperations,
  type OperationsCause,
  type OperationsJudgement,
  type OperationsState,
} from './judge-operations.js';
export { MakeKeysAhead } from './make-keys-ahead.js';
export type { NamedBadge } from './named-badge.js';
export { BindRecipient, EmailMalformed } from './ob2/bind-recipient.js';
export {
  badgeClass,
  cryptographicKey,
  issuerProfile2,
  ob2Url,
  revocationList,
  revokedAssertion,
  signedAssertionId,
} from './ob2/documents.js';
export { IssuerWithoutEmail, OpenBadges2, revocationReason } from './ob2/open-badges-2.js';
export { SignOb2Editions } from './ob2/sign-ob2-editions.js';
export {
  type DeadLetter,
  type IssuanceOperations,
  OperationsReader,
} from './operations-reader.js';
export { waitingInWords, warningInWords } from './operations-sentences.js';
export { type OperationsWaits, promisedSeconds } from './operations-waits.js';
export { badgesOfPerson, type PersonBadge } from './person-badges.js';
export { type BadgePicture, badgePictureAlt, badgePictureSvg } from './picture/badge-picture.js';
export { badgePicturePng } from './picture/badge-picture-png.js';
export { type PlannedAwards, planAwards } from './plan-awards.js';
export { PublishBadge, TooYoungToPublish } from './publish-badge.js';
export {
  PublishStatusLists,
  statusListMaxAgeSeconds,
  statusListOutlivesSeconds,
} from './publish-status-lists.js';
export type { AwardEffect } from './reconsider-awards.js';
export { type RecordedSession, recordedSessions } from './recorded-sessions.js';
export { RegisterCorrection } from './register-correction.js';
export {
  payloadAgain,
  ReissueCredentials,
  type ReissuePlan,
  type ReissueRequest,
} from './reissue-credentials.js';
export {
  BadgeNotCarried,
  type BadgeReplacement,
  BadgeWithoutSession,
  ReplaceBadge,
} from './replace-badge.js';
export {
  CompromiseDateRefused,
  type CompromiseReport,
  type CompromiseRequest,
  type ConcernedBadge,
  ReportCompromise,
} from './report-compromise.js';
export { finalRefusals, type Retried, type RetryChoice, RetryIssuance } from './retry-issuance.js';
export { type BadgeRevocation, OthersWouldFall, RevokeBadges } from './revoke-badges.js';
export { OrphanNotFound, OrphanWithoutPlace, type RevokedOrphan, RevokeOrphans } from './revoke-orphans.js';
export {
  type AwardRule,
  assessedTarget,
  evaluateRule,
  type Facts,
  parseAwardRule,
  type Reason,
  type RuleContext,
} from './rule.js';
export { readShortCode, shortCode } from './short-code.js';
export { SignCredentials, type SignedBatch } from './sign-credentials.js';
export { type SignJob, signQueueName } from './sign-jobs.js';
export {
  explain,
  explainWaiting,
  type FailureOutcome,
  SettleSigningFailure,
  type SigningFailure,
  WorkerLost,
} from './signing-failure.js';
export { type SigningStep, type SigningSteps, signingSteps } from './signing-steps.js';
export {
  AskEndorsement,
  type AskedEndorsement,
  digestOfSecret,
  type EndorsementQuestion,
} from './statements/ask-endorsement.js';
export { DecideEndorsement, type EndorsementAct } from './statements/decide-endorsement.js';
export {
  Endorsement,
  type EndorsementForm,
  type EndorsementState,
  type EndorsementTarget,
} from './statements/endorsement.js';
export {
  EndorsementLinkInvalid,
  EndorsementNotFound,
  type EndorsementRefusal,
  EndorsementRefused,
  EndorsementStateConflict,
  EndorsementTooManyOpen,
} from './statements/endorsement-errors.js';
export {
  cleanComment,
  longestComment,
  longestName,
  shortestComment,
} from './statements/endorsement-words.js';
export { type BroughtCredential, GiveEndorsement, type OpenQuestion } from './statements/give-endorsement.js';
export {
  type CredentialOrder,
  EndIssuedCredential,
  IssueCredential,
} from './statements/issue-credential.js';
export {
  type MadeRecord,
  MakeRecord,
  mostBadgesOfRecord,
  RecordNotFound,
  type RecordRefusal,
  RecordRefused,
  type RecordRequest,
  WithdrawRecord,
} from './statements/make-record.js';
export { type PublishedRecord, RecordReader, type RecordView } from './statements/record-reader.js';
export { ReissueStatements, type StatementReissue } from './statements/reissue-statements.js';
export { SignPromised } from './statements/sign-promised.js';
export { SignStatements } from './statements/sign-statements.js';
export type { StatementKind } from './statements/statement.js';
export { endorsementUrl, receivedPreface, recordUrl } from './statements/statement-credentials.js';
export {
  type EndorsementView,
  type PublishedEndorsement,
  type ShownEndorsement,
  StatementReader,
} from './statements/statement-reader.js';
export { StatusChange, type StatusChangeKind, type StatusState } from './status-list.js';
export {
  reasonsFor,
  type StatusReason,
  statusReasonCodes,
  statusReasons,
} from './status-reasons.js';
export { BadgeAwaited } from './stones.js';
export type { Swept } from './sweep-queue.js';
export { allEntities, allMigrations } from './tables.js';
export { CredentialSuspended, EffectsChanged, type TakingBack } from './taking-back.js';
export { roomPriority } from './turns.js';
export { SessionAlreadyWithdrawn, type SessionWithdrawal, WithdrawSession } from './withdraw-session.js';
export { recordHeartbeat, someWorkerBeats } from './worker-heartbeat.js';
