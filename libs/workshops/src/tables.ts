import { CampaignImport, HeldCase } from './campaign-import.entity.js';
import { Workshops1700000003000 } from './migrations/1700000003000-workshops.js';
import { WithdrawnSession1700000009100 } from './migrations/1700000009100-withdrawn-session.js';
import { Diagnostic, HeldRow, Observation, PublicationWish } from './private.entity.js';
import { ProfessionalFact } from './professional-fact.entity.js';
import { Assessment, Attendance, Session, SessionStaff } from './session.entity.js';
import { Workshop } from './workshop.entity.js';

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const workshopsEntities: Function[] = [
  Workshop,
  Session,
  SessionStaff,
  Attendance,
  Assessment,
  ProfessionalFact,
  CampaignImport,
  HeldCase,
  Diagnostic,
  Observation,
  HeldRow,
  PublicationWish,
];
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const workshopsMigrations: Function[] = [Workshops1700000003000, WithdrawnSession1700000009100];
