import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Only a credential that takes another's place has a line in that index: nearly none do, and every one was written in it. */
export class LeanerCredential1763823100000 implements MigrationInterface {
  readonly name = 'LeanerCredential1763823100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index credential_superseded_once;
      create unique index credential_superseded_once on credential (supersedes)
        where supersedes is not null and state in ('planned', 'signed', 'superseded');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index credential_superseded_once;
      create unique index credential_superseded_once on credential (supersedes)
        where state in ('planned', 'signed', 'superseded');
    `);
  }
}
