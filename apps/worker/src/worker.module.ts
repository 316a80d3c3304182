import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  allEntities,
  archivedKeysOf,
  FolderArchive,
  IssuanceQueue,
  KeepChainMarks,
  MakeKeysAhead,
  OperationsReader,
  PublishStatusLists,
  SettleSigningFailure,
  SignCredentials,
  SignedBytesArchive,
  SignOb2Editions,
  SignPromised,
  SignStatements,
} from '#badges';
import { dataSourceOptions, queueEngine, useQueueEngine } from '#platform';
import { KeyLifecycle, type KeyService, KeyStore } from '#signing';
import { AuditSequencer } from './audit-sequencer.js';
import { ClockWatch } from './clock-watch.js';
import type { WorkerConfig } from './config.js';
import { CredentialGate } from './credential-gate.js';
import { HealthController, MetricsGuard } from './health.controller.js';
import { Heartbeat } from './heartbeat.js';
import { KeyKeeper } from './key-keeper.js';
import { keyServicesOf } from './key-services.js';
import { KeysAheadWorker } from './keys-ahead-worker.js';
import { Ob2Worker } from './ob2-worker.js';
import { SignWorker } from './sign-worker.js';
import { StepTimes } from './signing-metrics.js';
import { StatusListWorker } from './status-list-worker.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module
export class WorkerModule {
  /** The worker wired to its database, queue and keys. @throws those of `keyServicesOf` */
  static with(config: WorkerConfig, keyServices: KeyService[] = keyServicesOf(config)): DynamicModule {
    const engine = queueEngine({ redisUrl: config.REDIS_URL, databaseUrl: config.DATABASE_URL });
    useQueueEngine(engine);
    return {
      module: WorkerModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions({ url: config.DATABASE_URL, entities: allEntities, poolSize: 6 }),
          retryAttempts: 3,
          retryDelay: 1_000,
        }),
      ],
      controllers: [HealthController],
      providers: [
        {
          provide: KeyStore,
          inject: [DataSource],
          useFactory: (db: DataSource) => new KeyStore(db, keyServices),
        },
        {
          provide: KeyKeeper,
          inject: [DataSource, KeyStore],
          useFactory: (db: DataSource, keys: KeyStore) =>
            new KeyKeeper(new KeyLifecycle(db, keys), config.INSIGNE_KEY_ROTATION_DAYS ?? 365),
        },
        {
          provide: KeysAheadWorker,
          inject: [DataSource, KeyStore],
          useFactory: (db: DataSource, keys: KeyStore) => new KeysAheadWorker(new MakeKeysAhead(db, keys)),
        },
        {
          provide: IssuanceQueue,
          inject: [DataSource],
          useFactory: (db: DataSource) => new IssuanceQueue(db, engine),
        },
        {
          provide: SignedBytesArchive,
          inject: [DataSource],
          useFactory: (db: DataSource) =>
            new FolderArchive(config.INSIGNE_ARCHIVE_FOLDER, archivedKeysOf(db)),
        },
        {
          provide: PublishStatusLists,
          inject: [DataSource, KeyStore, SignedBytesArchive],
          useFactory: (db: DataSource, keys: KeyStore, archive: SignedBytesArchive) =>
            new PublishStatusLists(db, keys, config.INSIGNE_ORIGIN, archive),
        },
        {
          provide: SignCredentials,
          inject: [DataSource, KeyStore, PublishStatusLists, StepTimes, SignedBytesArchive],
          useFactory: (
            db: DataSource,
            keys: KeyStore,
            lists: PublishStatusLists,
            steps: StepTimes,
            archive: SignedBytesArchive,
          ) =>
            new SignCredentials(db, keys, new CredentialGate(), lists, config.INSIGNE_ORIGIN, steps, archive),
        },
        {
          provide: SignStatements,
          inject: [DataSource, KeyStore, PublishStatusLists, SignedBytesArchive],
          useFactory: (
            db: DataSource,
            keys: KeyStore,
            lists: PublishStatusLists,
            archive: SignedBytesArchive,
          ) => new SignStatements(db, keys, new CredentialGate(), lists, config.INSIGNE_ORIGIN, archive),
        },
        {
          provide: StatusListWorker,
          inject: [PublishStatusLists],
          useFactory: (lists: PublishStatusLists) => new StatusListWorker(lists),
        },
        {
          provide: Ob2Worker,
          inject: [DataSource, KeyStore],
          useFactory: (db: DataSource, keys: KeyStore) =>
            new Ob2Worker(new SignOb2Editions(db, keys, config.INSIGNE_ORIGIN)),
        },
        {
          provide: SignWorker,
          inject: [
            DataSource,
            SignCredentials,
            SignStatements,
            IssuanceQueue,
            SettleSigningFailure,
            StepTimes,
          ],
          useFactory: (
            db: DataSource,
            sign: SignCredentials,
            statements: SignStatements,
            queue: IssuanceQueue,
            settle: SettleSigningFailure,
            steps: StepTimes,
          ) =>
            new SignWorker(
              { engine },
              new SignPromised(db, sign, statements),
              queue,
              settle,
              steps,
              new ClockWatch(db),
            ),
        },
        { provide: MetricsGuard, useValue: { token: config.metricsToken } satisfies MetricsGuard },
        { provide: StepTimes, useValue: new StepTimes() },
        {
          provide: OperationsReader,
          inject: [DataSource],
          useFactory: (db: DataSource) => new OperationsReader(db),
        },
        {
          provide: SettleSigningFailure,
          inject: [DataSource, IssuanceQueue],
          useFactory: (db: DataSource, queue: IssuanceQueue) => new SettleSigningFailure(db, queue),
        },
        {
          provide: Heartbeat,
          inject: [DataSource, SignWorker, PublishStatusLists],
          useFactory: (db: DataSource, worker: SignWorker, lists: PublishStatusLists) =>
            new Heartbeat(db, engine, worker, undefined, lists),
        },
        {
          provide: AuditSequencer,
          inject: [DataSource, SignedBytesArchive],
          useFactory: (db: DataSource, archive: SignedBytesArchive) =>
            new AuditSequencer(db, new KeepChainMarks(db, archive)),
        },
      ],
    };
  }
}
