import { Module } from '@nestjs/common';
import { FrameworkReader } from './framework-reader.js';

/** Gives `FrameworkReader`; needs a `DataSource` provided globally. */
@Module({ providers: [FrameworkReader], exports: [FrameworkReader] })
export class FrameworksModule {}
