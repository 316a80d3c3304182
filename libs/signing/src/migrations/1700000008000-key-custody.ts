import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which key service wrapped each data key, and when a theft was recorded. */
export class KeyCustody1700000008000 implements MigrationInterface {
  readonly name = 'KeyCustody1700000008000';

  async up(runner: QueryRunner): Promise<void> {
    // Rows of the first sealing format keep null in both: the wrapped data key is inside the sealed key.
    await runner.query(`
      alter table signing_key
        add column wrapped_data_key bytea,
        add column key_service text,
        add column compromise_recorded_at timestamptz,
        add constraint signing_key_wrapped_data_key_names_its_service
          check ((wrapped_data_key is null) = (key_service is null)),
        add constraint signing_key_compromise_has_both_times
          check (compromised_since is not null or compromise_recorded_at is null)`);
    await runner.query('grant select (compromise_recorded_at) on signing_key to insigne_api');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table signing_key drop column wrapped_data_key, drop column key_service, drop column compromise_recorded_at',
    );
  }
}
