import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A badge may be issued again at the same address: the new credential waits beside the old one until it is signed. */
export class Reissue1700000008500 implements MigrationInterface {
  readonly name = 'Reissue1700000008500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table credential
        add column supersedes uuid constraint credential_supersedes_credential references credential (id),
        drop constraint credential_state_is_known,
        add constraint credential_state_is_known
          check (state in ('planned', 'signed', 'refused', 'void', 'superseded')),
        drop constraint credential_public_id_is_unique;

      drop index credential_once_per_award_and_edition;
      create unique index credential_once_per_award_and_edition on credential (award_id, edition)
        where state in ('planned', 'signed') and supersedes is null;
      create unique index credential_signed_once_per_award_and_edition on credential (award_id, edition)
        where state = 'signed';
      create unique index credential_superseded_once on credential (supersedes)
        where state in ('planned', 'signed', 'superseded');
      create unique index credential_public_id_is_unique on credential (public_id) where supersedes is null;
      create unique index credential_public_id_is_signed_once on credential (public_id) where state = 'signed';
      create index credential_by_ed25519_key on credential (ed25519_key_id);
      create index credential_by_rs256_key on credential (rs256_key_id);

      -- Who shows a badge goes on showing it when it was issued again.
      grant update (credential_id) on publication to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index credential_by_rs256_key, credential_by_ed25519_key, credential_public_id_is_signed_once,
        credential_public_id_is_unique, credential_superseded_once, credential_signed_once_per_award_and_edition,
        credential_once_per_award_and_edition;
      alter table credential
        drop column supersedes,
        drop constraint credential_state_is_known,
        add constraint credential_state_is_known check (state in ('planned', 'signed', 'refused', 'void')),
        add constraint credential_public_id_is_unique unique (public_id);
      create unique index credential_once_per_award_and_edition on credential (award_id, edition)
        where state in ('planned', 'signed');
    `);
  }
}
