import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endorsements are looked up by what they are of. Who signed an endorsement that was brought from elsewhere: proven, unlike the name beside it. */
export class BroughtIssuer1763820200000 implements MigrationInterface {
  readonly name = 'BroughtIssuer1763820200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table endorsement add column brought_issuer_id text,
        add constraint endorsement_brought_has_its_issuer check (brought is null or brought_issuer_id is not null);
      create index endorsement_of_subject on endorsement (subject_id) where state = 'accepted';
      drop index endorsement_of_achievement;
      drop index endorsement_of_award;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index endorsement_of_achievement on endorsement (achievement_id) where state = 'accepted';
      create index endorsement_of_award on endorsement (award_id) where state = 'accepted';
      drop index endorsement_of_subject;
      alter table endorsement drop column brought_issuer_id;
    `);
  }
}
