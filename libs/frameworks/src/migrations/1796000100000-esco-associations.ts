import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexAgain } from '../case/index-objects.js';

/** The addresses of associations with skills of ESCO, of frameworks that were imported before there were any. */
export class EscoAssociations1796000100000 implements MigrationInterface {
  name = 'EscoAssociations1796000100000';

  async up(runner: QueryRunner): Promise<void> {
    await indexAgain(runner.manager);
  }

  /** What an older program does not ask for does no harm. */
  async down(): Promise<void> {}
}
