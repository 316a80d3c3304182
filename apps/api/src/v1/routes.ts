import type { Provider, Type } from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DataSource } from 'typeorm';
import {
  AskEndorsement,
  BadgeReader,
  ChangeStatus,
  CorrectRegister,
  DecideEndorsement,
  GiveEndorsement,
  IssuanceQueue,
  MakeRecord,
  RecordReader,
  ReplaceBadge,
  RevokeBadges,
  StatementReader,
  WithdrawRecord,
  WithdrawSession,
} from '#badges';
import { Clock } from '#platform';
import { PublicKeys } from '#signing';
import { Fetcher, GuardedFetcher } from '#verification';
import { RecordSession, ResolveHeldCase } from '#workshops';
import { type ErrorTable, HttpSettings } from '../http/settings.js';
import type { RouteDescription } from '../openapi/route.js';
import { OwnFetcher } from '../public/own-fetcher.js';
import { OwnPagesFetcher } from '../public/own-pages-fetcher.js';
import { VerifyHandedIn } from '../verifier/verify-handed-in.js';
import { AddOrganisation } from './add-organisation.js';
import { AwardAccess } from './award-access.js';
import { AwardFormsController, awardFormsRoutes } from './award-forms.controller.js';
import { AwardStatusController, awardStatusRoutes } from './award-status.controller.js';
import { AwardTakingBackController, awardTakingBackRoutes } from './award-taking-back.controller.js';
import { AwardsController, awardRoutes } from './awards.controller.js';
import { BadgeFetcher } from './badge-fetcher.js';
import { CampaignsController, campaignRoutes } from './campaigns.controller.js';
import { endorsementRoutes } from './endorsement-routes.js';
import { EndorsementsController } from './endorsements.controller.js';
import { FrameworkImportsController, frameworkImportRoutes } from './framework-imports.controller.js';
import { FrameworksController, frameworkRoutes } from './frameworks.controller.js';
import { HeldCasesController, heldCaseRoutes } from './held-cases.controller.js';
import { MembershipsController, membershipRoutes } from './memberships.controller.js';
import { GrantMembership } from './memberships.js';
import { OrganisationsController, organisationRoutes } from './organisations.controller.js';
import { PersonsController, personRoutes } from './persons.controller.js';
import { AddPerson } from './persons.js';
import { ProfessionalFactsController, professionalFactRoutes } from './professional-facts.controller.js';
import { RecordsController, recordRoutes } from './records.controller.js';
import { SessionsController, sessionRoutes } from './sessions.controller.js';
import { TakingBackController } from './taking-back.controller.js';
import { takingBackRoutes } from './taking-back-routes.js';
import { VerificationsController, verificationRoutes } from './verifications.controller.js';
import { BroughtVerifiedFirst } from './verified-first.js';
import { WorkshopsController, workshopRoutes } from './workshops.controller.js';

/** Controllers of the JSON API. */
export const apiControllers: Type[] = [
  OrganisationsController,
  PersonsController,
  MembershipsController,
  FrameworksController,
  FrameworkImportsController,
  WorkshopsController,
  SessionsController,
  ProfessionalFactsController,
  CampaignsController,
  HeldCasesController,
  AwardsController,
  AwardFormsController,
  AwardStatusController,
  AwardTakingBackController,
  TakingBackController,
  EndorsementsController,
  RecordsController,
  VerificationsController,
];

/** Their routes, each described beside its controller. */
export const apiRoutes: RouteDescription[] = [
  ...organisationRoutes,
  ...personRoutes,
  ...membershipRoutes,
  ...frameworkRoutes,
  ...frameworkImportRoutes,
  ...workshopRoutes,
  ...sessionRoutes,
  ...professionalFactRoutes,
  ...campaignRoutes,
  ...heldCaseRoutes,
  ...awardRoutes,
  ...awardFormsRoutes,
  ...awardStatusRoutes,
  ...awardTakingBackRoutes,
  ...takingBackRoutes,
  ...endorsementRoutes,
  ...recordRoutes,
  ...verificationRoutes,
];

/** Statuses of the errors of the libraries. What is not here is a fault of ours and answered with 500. */
export const apiErrors: ErrorTable = {
  organisation_refused: 422,
  organisation_slug_taken: 409,
  person_refused: 422,
  person_not_found: 422,
  person_unknown: 404,
  person_probable_duplicate: 409,
  staff_not_confirmable: 422,
  catalogue_refused: 422,
  catalogue_badge_unknown_requirement: 422,
  session_refused: 422,
  session_code_taken: 409,
  professional_fact_refused: 422,
  campaign_not_ready: 409,
  campaign_refused: { status: 422, title: 'The file cannot be imported' },
  analysis_changed: { status: 409, title: 'What would be written is not what the analysis told' },
  held_case_not_found: 404,
  held_case_already_resolved: 409,
  held_case_needs_row: 422,
  held_case_decision_refused: 422,
  award_not_found: 404,
  award_not_issued: 409,
  badge_not_shown: 409,
  email_malformed: 422,
  session_not_found: 404,
  session_already_withdrawn: 409,
  session_withdrawn: { status: 409, title: 'The session is withdrawn' },
  credential_not_found: 404,
  credential_revoked: 409,
  credential_not_suspended: 409,
  status_changed_meanwhile: 409,
  others_would_fall: { status: 409, title: 'Other badges stand on this one' },
  badge_not_carried: 409,
  badge_without_session: 422,
  credential_suspended: 409,
  person_name_taken: 409,
  too_young_to_publish: 422,
  endorsement_refused: { status: 422, title: 'The endorsement cannot be taken as it is' },
  endorsement_link_invalid: 404,
  endorsement_not_found: 404,
  endorsement_state_conflict: 409,
  endorsement_too_many_open: 409,
  record_refused: { status: 422, title: 'The record cannot be made' },
  record_not_found: 404,
  address_unreachable: 422,
  badge_gone: 422,
  no_badge_in_picture: 422,
  not_a_badge: 422,
  paper_handed_in: 422,
  qr_without_address: 422,
  picture_too_large: 413,
  file_too_large: 413,
  text_too_large: 413,
  form_broken: 400,
};

/** What the controllers need beside the readers of the public pages. */
export const apiProviders: Provider[] = [
  AddOrganisation,
  AddPerson,
  GrantMembership,
  AwardAccess,
  VerifyHandedIn,
  {
    provide: RecordSession,
    inject: [DataSource, Clock],
    useFactory: (db: DataSource, clock: Clock) => new RecordSession(db, clock),
  },
  {
    provide: CorrectRegister,
    inject: [DataSource, IssuanceQueue, HttpSettings, Clock],
    useFactory: (db: DataSource, queue: IssuanceQueue, { origin }: HttpSettings, clock: Clock) =>
      new CorrectRegister(db, queue, origin, clock),
  },
  {
    provide: WithdrawSession,
    inject: [DataSource, IssuanceQueue, HttpSettings],
    useFactory: (db: DataSource, queue: IssuanceQueue, { origin }: HttpSettings) =>
      new WithdrawSession(db, queue, origin),
  },
  { provide: RevokeBadges, inject: [DataSource], useFactory: (db: DataSource) => new RevokeBadges(db) },
  {
    provide: ReplaceBadge,
    inject: [DataSource, IssuanceQueue, HttpSettings, Clock],
    useFactory: (db: DataSource, queue: IssuanceQueue, { origin }: HttpSettings, clock: Clock) =>
      new ReplaceBadge(db, queue, origin, clock),
  },
  {
    provide: AskEndorsement,
    inject: [DataSource, HttpSettings],
    useFactory: (db: DataSource, { origin }: HttpSettings) => new AskEndorsement(db, origin),
  },
  {
    provide: GiveEndorsement,
    inject: [DataSource],
    useFactory: (db: DataSource) => new GiveEndorsement(db),
  },
  {
    provide: DecideEndorsement,
    inject: [DataSource, IssuanceQueue, HttpSettings],
    useFactory: (db: DataSource, queue: IssuanceQueue, { origin }: HttpSettings) =>
      new DecideEndorsement(db, queue, origin),
  },
  {
    provide: MakeRecord,
    inject: [DataSource, IssuanceQueue, HttpSettings],
    useFactory: (db: DataSource, queue: IssuanceQueue, { origin }: HttpSettings) =>
      new MakeRecord(db, queue, origin),
  },
  {
    provide: WithdrawRecord,
    inject: [DataSource],
    useFactory: (db: DataSource) => new WithdrawRecord(db),
  },
  { provide: RecordReader, inject: [DataSource], useFactory: (db: DataSource) => new RecordReader(db) },
  {
    provide: StatementReader,
    inject: [DataSource],
    useFactory: (db: DataSource) => new StatementReader(db),
  },
  { provide: ChangeStatus, inject: [DataSource], useFactory: (db: DataSource) => new ChangeStatus(db) },
  { provide: ResolveHeldCase, inject: [DataSource], useFactory: (db: DataSource) => new ResolveHeldCase(db) },
  BroughtVerifiedFirst,
  // Of the root module, and so around the interceptors of writers.
  { provide: APP_INTERCEPTOR, useExisting: BroughtVerifiedFirst },
  {
    provide: Fetcher,
    inject: [HttpSettings, DataSource, PublicKeys, BadgeReader, HttpAdapterHost],
    useFactory: (
      { origin }: HttpSettings,
      db: DataSource,
      keys: PublicKeys,
      badges: BadgeReader,
      { httpAdapter }: HttpAdapterHost,
    ) =>
      new BadgeFetcher(
        origin,
        new OwnFetcher(origin, db, keys, badges),
        new OwnPagesFetcher(origin, (request) => httpAdapter.getInstance<FastifyInstance>().inject(request)),
        new GuardedFetcher(),
      ),
  },
];
