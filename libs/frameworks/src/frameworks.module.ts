import { Module } from '@nestjs/common';
import { CaseProvider } from './case/case-provider.js';
import { FrameworkReader } from './framework-reader.js';

/** Gives `FrameworkReader` and `CaseProvider`; needs a `DataSource` provided globally. */
@Module({ providers: [FrameworkReader, CaseProvider], exports: [FrameworkReader, CaseProvider] })
export class FrameworksModule {}
