export { isPublicAddress, refusalOfUrl } from './addresses.js';
export { type AnyReport, verifyAnyCredential } from './any-credential.js';
export type { InsideReport } from './badges-inside.js';
export { dataModelFaults } from './data-model.js';
export type { EndorsementReport } from './endorsements.js';
export { mayBeRepeated, withoutFalseNames } from './false-names.js';
export { type Fetched, Fetcher, FetchFailed } from './fetcher.js';
export { checkName, formatReport, reportHeadings } from './format-report.js';
export { GuardedFetcher, type GuardedFetcherOptions } from './guarded-fetcher.js';
export { badgeOfFile, badgeOfText, isAddress, NothingToVerify } from './handed-in.js';
export type { Identity, KnownIssuers } from './identity.js';
export { checkJwt } from './jwt.js';
export { KeyDocuments } from './key-documents.js';
export { type LintFault, type LintResult, largestIssued, lintCredential } from './lint.js';
export { anyCredentialFaults, lintAnyCredential } from './lint-any.js';
export type { LintCode } from './lint-messages.js';
export { type MessageCode, messages as reasonTexts } from './messages.js';
export { type NotChecked, notCheckedNames, notCheckedOfPresentation } from './not-checked.js';
export { addressIn, onlyBadge } from './only-badges.js';
export { readCredential } from './parse.js';
export { type PresentationCheck, type PresentationReport, verifyPresentation } from './presentation.js';
export type { Recipient, Subject } from './recipient.js';
export { type BadgeFormat, formatNames } from './recognise.js';
export { rehearse } from './rehearse.js';
export {
  besideVerdict,
  type Check,
  type CheckName,
  checkNames,
  type Outcome,
  type Verdict,
  type VerificationReport,
  verdictOfItself,
} from './report.js';
export { type ResultNote, resultCodes } from './results.js';
export { schemaFaults } from './schema.js';
export { SchemaOfShapes } from './schema-of-shapes.js';
export type { StatusRegister } from './status-list-check.js';
export { insideText, isSuspended, type Noun, nounOf, resultText, verdictText } from './verdict-text.js';
export { type BadgeReport, verifyBadge } from './verify-badge.js';
export { type BadgeOptions, type VerificationOptions, verifyCredential } from './verify-credential.js';
export { type IssuedCredential, verifyIssued } from './verify-issued.js';
