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
