import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  AwardCampaign,
  allEntities,
  allMigrations,
  BadgeReader,
  BindRecipient,
  CurrentBadgeReader,
  IssuanceQueue,
  OpenBadges2,
  PublishBadge,
} from '#badges';
import { CaseProvider, FrameworkReader } from '#frameworks';
import { Clock, dataSourceOptions, type QueueEngine, queueEngine, useQueueEngine } from '#platform';
import { PublicKeys } from '#signing';
import { ImportCampaign } from '#workshops';
import { CaseController } from './case/case.controller.js';
import { caseRoutes } from './case/case-routes.js';
import type { ApiConfig } from './config.js';
import { DocumentsController } from './documents/documents.controller.js';
import { EndorseController } from './endorse/endorse.controller.js';
import { HttpModule } from './http/http.module.js';
import { CommittedQueue, RequestDataSource } from './http/request-transaction.js';
import { databaseConnections } from './http/write-turns.interceptor.js';
import { OperationsController } from './operations/operations.controller.js';
import { OperatorSessions } from './operations/operator-session.js';
import { AchievementController } from './public/achievement.controller.js';
import { AuditController } from './public/audit.controller.js';
import { BadgeController } from './public/badge.controller.js';
import { badgeRoutes } from './public/badge-routes.js';
import { BakedPictures } from './public/baked-pictures.js';
import { EndorsementController } from './public/endorsement.controller.js';
import { FrameworkController } from './public/framework.controller.js';
import { HomeController } from './public/home.controller.js';
import { IssuerController } from './public/issuer.controller.js';
import { KeptPictures } from './public/kept-pictures.js';
import { Ob2Controller } from './public/ob2.controller.js';
import { RecordController } from './public/record.controller.js';
import { RefreshController } from './public/refresh.controller.js';
import { StatusController } from './public/status.controller.js';
import { apiControllers, apiErrors, apiProviders, apiRoutes } from './v1/routes.js';
import { vcApiControllers, vcApiErrors, vcApiProviders, vcApiRoutes } from './vc-api/routes.js';
import { VerifierController } from './verifier/verifier.controller.js';

const publicControllers = [
  HomeController,
  BadgeController,
  DocumentsController,
  AchievementController,
  IssuerController,
  Ob2Controller,
  StatusController,
  AuditController,
  FrameworkController,
  CaseController,
  EndorsementController,
  RecordController,
  RefreshController,
  EndorseController,
];

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module
export class ApiModule {
  /**
   * The api process wired to its database and queue: no private key, nothing to open one.
   * @param clock the system's when left out
   */
  static with(config: ApiConfig, clock?: Clock): DynamicModule {
    const engine: QueueEngine = queueEngine({ redisUrl: config.REDIS_URL, databaseUrl: config.DATABASE_URL });
    useQueueEngine(engine);
    const origin = config.INSIGNE_ORIGIN;
    return {
      module: ApiModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions({
              url: config.DATABASE_URL,
              entities: allEntities,
              poolSize: databaseConnections,
            }),
            retryAttempts: 3,
            retryDelay: 1_000,
          }),
          dataSourceFactory: async (options) => new RequestDataSource(options!),
        }),
        HttpModule.with({
          settings: {
            origin,
            tokenSecret: config.tokenSecret,
            metricsToken: config.metricsToken,
            migrations: allMigrations.map((migration) => migration.name),
            errors: [apiErrors, vcApiErrors],
          },
          routes: [...apiRoutes, ...vcApiRoutes, ...badgeRoutes, ...caseRoutes],
          clock,
        }),
      ],
      controllers: [
        ...publicControllers,
        ...apiControllers,
        ...vcApiControllers,
        VerifierController,
        OperationsController,
      ],
      providers: [
        ...apiProviders,
        ...vcApiProviders,
        OperatorSessions,
        BakedPictures,
        KeptPictures,
        {
          provide: OpenBadges2,
          inject: [DataSource],
          useFactory: (db: DataSource) => new OpenBadges2(db, origin),
        },
        {
          provide: BindRecipient,
          inject: [DataSource],
          useFactory: (db: DataSource) => new BindRecipient(db),
        },
        { provide: CaseProvider, inject: [DataSource], useFactory: (db: DataSource) => new CaseProvider(db) },
        {
          provide: FrameworkReader,
          inject: [DataSource],
          useFactory: (db: DataSource) => new FrameworkReader(db),
        },
        { provide: BadgeReader, inject: [DataSource], useFactory: (db: DataSource) => new BadgeReader(db) },
        {
          provide: CurrentBadgeReader,
          inject: [DataSource],
          useFactory: (db: DataSource) => new CurrentBadgeReader(db),
        },
        { provide: PublicKeys, inject: [DataSource], useFactory: (db: DataSource) => new PublicKeys(db) },
        { provide: PublishBadge, inject: [DataSource], useFactory: (db: DataSource) => new PublishBadge(db) },
        {
          provide: ImportCampaign,
          inject: [DataSource, Clock],
          useFactory: (db: DataSource, time: Clock) => new ImportCampaign(db, time),
        },
        {
          provide: IssuanceQueue,
          inject: [DataSource],
          useFactory: (db: RequestDataSource) => new CommittedQueue(db, engine),
        },
        {
          provide: AwardCampaign,
          inject: [DataSource, ImportCampaign, IssuanceQueue],
          useFactory: (db: DataSource, campaigns: ImportCampaign, queue: IssuanceQueue) =>
            new AwardCampaign(db, campaigns, queue, origin),
        },
      ],
    };
  }
}
