import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Achievements, awards, credentials, status lists, publications and the outbox. */
export class Badges1700000005000 implements MigrationInterface {
  readonly name = 'Badges1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table installation (
        id int constraint installation_pkey primary key constraint installation_is_one_row check (id = 1),
        origin text not null,
        schema_version text not null,
        created_at timestamptz not null default now()
      );

      create table achievement (
        id uuid constraint achievement_pkey primary key,
        organisation_id uuid not null constraint achievement_belongs_to_organisation references organisation (id),
        code text not null,
        version int not null,
        kind text not null constraint achievement_kind_is_known
          check (kind in ('workshop', 'pathway', 'peer-animator', 'professional')),
        public_id text not null constraint achievement_public_id_is_unique unique,
        workshop_code text,
        name jsonb not null,
        description jsonb not null,
        easy_text jsonb not null,
        criteria jsonb not null,
        alignments jsonb not null,
        picture jsonb not null,
        rule jsonb not null,
        content_hash text not null,
        created_at timestamptz not null default now(),
        superseded_at timestamptz,
        constraint achievement_version_is_unique unique (organisation_id, code, version)
      );

      create table award (
        id uuid constraint award_pkey primary key,
        organisation_id uuid not null constraint award_belongs_to_organisation references organisation (id),
        achievement_id uuid not null constraint award_is_of_achievement references achievement (id),
        badge_code text not null,
        person_id uuid not null constraint award_belongs_to_person references person (id),
        session_id uuid constraint award_comes_from_session references session (id),
        assessor_person_id uuid constraint award_has_assessor references person (id),
        assessed_on date,
        awarded_at timestamptz not null,
        established text not null constraint award_establishment_is_known
          check (established in ('declared', 'attended', 'observed-by-one', 'observed-by-two', 'tested')),
        state text not null constraint award_state_is_known
          check (state in ('planned', 'issued', 'refused', 'cancelled')),
        reasons jsonb not null,
        created_at timestamptz not null default now(),
        constraint award_assessor_is_not_the_learner check (assessor_person_id <> person_id)
      );
      create unique index award_once_per_learner_and_badge on award (organisation_id, badge_code, person_id)
        where state <> 'cancelled';
      create index award_by_person on award (person_id);
      create index award_by_session on award (session_id);

      create table status_list (
        id uuid constraint status_list_pkey primary key,
        organisation_id uuid not null constraint status_list_belongs_to_organisation references organisation (id),
        public_id text not null constraint status_list_public_id_is_unique unique,
        size int not null constraint status_list_is_large_enough check (size >= 131072),
        taken int not null default 0,
        version int not null default 0,
        document text,
        signed_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index status_list_by_organisation on status_list (organisation_id);

      -- An index belongs to one credential for ever (I4): rows are never deleted, also after erasure.
      create table status_entry (
        status_list_id uuid not null constraint status_entry_is_of_list references status_list (id),
        position int not null,
        credential_id uuid not null,
        revoked_at timestamptz,
        constraint status_entry_pkey primary key (status_list_id, position),
        constraint status_entry_once_per_credential unique (credential_id)
      );

      create table outbox (
        id uuid constraint outbox_pkey primary key,
        topic text not null,
        organisation_id uuid not null,
        priority int not null,
        created_at timestamptz not null default now(),
        enqueued_at timestamptz,
        done_at timestamptz,
        failures int not null default 0,
        last_error text
      );
      create index outbox_unfinished on outbox (created_at) where done_at is null;

      create table credential (
        id uuid constraint credential_pkey primary key,
        award_id uuid not null constraint credential_is_of_award references award (id),
        organisation_id uuid not null constraint credential_belongs_to_organisation references organisation (id),
        edition text not null,
        public_id text not null constraint credential_public_id_is_unique unique,
        state text not null constraint credential_state_is_known
          check (state in ('planned', 'signed', 'refused', 'void')),
        outbox_id uuid not null constraint credential_waits_in_outbox references outbox (id),
        status_list_id uuid not null constraint credential_has_status_list references status_list (id),
        status_index int not null,
        issuer_did text not null,
        payload text not null,
        payload_sha256 text not null,
        ed25519_key_id text constraint credential_ed25519_key_exists references signing_key (id),
        rs256_key_id text constraint credential_rs256_key_exists references signing_key (id),
        document text,
        document_sha256 text,
        jwt text,
        signed_at timestamptz,
        refusal jsonb,
        created_at timestamptz not null default now(),
        constraint credential_status_index_is_used_once unique (status_list_id, status_index),
        constraint credential_signed_has_both_proofs check (state <> 'signed' or
          (document is not null and jwt is not null and document_sha256 is not null and signed_at is not null
           and ed25519_key_id is not null and rs256_key_id is not null))
      );
      create unique index credential_once_per_award_and_edition on credential (award_id, edition)
        where state in ('planned', 'signed');
      create index credential_by_outbox on credential (outbox_id);

      create table publication (
        credential_id uuid constraint publication_pkey primary key
          constraint publication_is_of_credential references credential (id),
        with_name boolean not null,
        by text not null,
        published_at timestamptz not null default now()
      );

      grant select, insert, update on installation, achievement, award, status_list, status_entry, outbox, credential
        to insigne_api, insigne_worker;
      grant select, insert, update, delete on publication to insigne_api;
      grant select on publication to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table publication, credential, outbox, status_entry, status_list, award, achievement, installation',
    );
  }
}
