import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was corrected or withdrawn after it was recorded, and what became of the awards. */
export class RegisterCorrection1700000009200 implements MigrationInterface {
  readonly name = 'RegisterCorrection1700000009200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table register_correction (
        id uuid constraint register_correction_pkey primary key,
        organisation_id uuid not null
          constraint register_correction_belongs_to_organisation references organisation (id),
        kind text not null constraint register_correction_kind_is_known
          check (kind in ('file', 'session', 'withdrawal')),
        digest text not null,
        changes jsonb not null,
        effects jsonb not null,
        by text not null,
        confirmed_at timestamptz not null default now()
      );
      create index register_correction_by_organisation on register_correction (organisation_id);
      create trigger register_correction_is_kept before update or delete on register_correction
        for each row execute function status_change_is_kept();
      grant select, insert on register_correction to insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table register_correction');
  }
}
