export { type AnalysisInput, analyseCampaign } from './campaign/analyse-campaign.js';
export {
  type ConfirmedStaff,
  confirmStaff,
  listUnconfirmedStaff,
  type UnconfirmedStaff,
} from './campaign/confirm-staff.js';
export {
  analyseCorrection,
  type CampaignCorrection,
  peopleInSessions,
  writeCorrection,
} from './campaign/correct-campaign.js';
export { formatPlan } from './campaign/format-plan.js';
export {
  type CampaignFile,
  type CampaignRequest,
  type CampaignResult,
  ImportCampaign,
  lockCampaigns,
  noCampaigns,
  type OnFacts,
} from './campaign/import-campaign.js';
export type { Issue, Severity } from './campaign/issue.js';
export type { IssueCode } from './campaign/issue-texts.js';
export { loadCampaignWorld } from './campaign/load-world.js';
export { neutralise, restore } from './campaign/neutralise.js';
export type {
  CampaignCounts,
  CampaignFacts,
  CampaignPlan,
  HeldPerson,
  PlannedCase,
  PlannedRow,
  UnknownStaff,
  Verdict,
} from './campaign/plan.js';
export { campaignLimits } from './campaign/read-campaign.js';
export type { HeldCaseDetail } from './campaign/record-held-cases.js';
export {
  AnalysisChanged,
  CampaignNotReady,
  CampaignRefused,
  HeldCaseAlreadyResolved,
  HeldCaseDecisionRefused,
  HeldCaseNeedsRow,
  HeldCaseNotFound,
  StaffNotConfirmable,
} from './campaign/refusals.js';
export {
  type HeldCaseDecision,
  type HeldCaseView,
  listHeldCases,
  ResolveHeldCase,
} from './campaign/resolve-held-case.js';
export type { CampaignWorld } from './campaign/world.js';
export { CampaignImport, HeldCase } from './campaign-import.entity.js';
export {
  type Catalogue,
  type CatalogueBadge,
  CatalogueRefused,
  type CatalogueTexts,
  type CatalogueWorkshop,
  parseCatalogue,
  readStarterCatalogue,
} from './catalogue.js';
export {
  correctSession,
  type FactChange,
  lockSession,
  type SessionCorrection,
  SessionNotFound,
  SessionWithdrawn,
} from './correct-facts.js';
export { correctSessionDate } from './correct-session-date.js';
export {
  type AnimationFact,
  type AssessmentFact,
  type AttendanceFact,
  type Facts,
  loadFacts,
  ProfessionalFactRefused,
  recordProfessionalFact,
} from './facts.js';
export { currentWorkshops, importCatalogue, workshopsFor } from './import-catalogue.js';
export {
  ProfessionalFact,
  type ProfessionalFactKind,
  professionalFactKinds,
} from './professional-fact.entity.js';
export {
  type NewAssessment,
  type NewSession,
  RecordSession,
  SessionCodeTaken,
  SessionRefused,
} from './record-session.js';
export {
  Assessment,
  Attendance,
  type AttendanceStatus,
  type Outcome,
  Session,
  SessionStaff,
  type StaffRole,
} from './session.entity.js';
export { workshopsEntities, workshopsMigrations } from './tables.js';
export { type Alignment, type Criterion, Workshop } from './workshop.entity.js';
