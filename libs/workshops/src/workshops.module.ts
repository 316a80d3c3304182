import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ImportCampaign } from './campaign/import-campaign.js';
import { ResolveHeldCase } from './campaign/resolve-held-case.js';
import { CampaignImport, HeldCase } from './campaign-import.entity.js';
import { Attendance, Session, SessionStaff } from './session.entity.js';
import { Workshop } from './workshop.entity.js';

/** The campaign import and the repositories of workshops and sessions. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Workshop, Session, SessionStaff, Attendance, CampaignImport, HeldCase]),
  ],
  providers: [
    {
      provide: ImportCampaign,
      inject: [DataSource],
      useFactory: (database: DataSource) => new ImportCampaign(database),
    },
    {
      provide: ResolveHeldCase,
      inject: [DataSource],
      useFactory: (database: DataSource) => new ResolveHeldCase(database),
    },
  ],
  exports: [TypeOrmModule, ImportCampaign, ResolveHeldCase],
})
export class WorkshopsModule {}
