import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signed statements that are no awards: what others say of a badge or a structure, and records of a learner's badges. */
export class Statements1763820100000 implements MigrationInterface {
  readonly name = 'Statements1763820100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table statement (
        id uuid constraint statement_pkey primary key,
        kind text not null constraint statement_kind_is_known check (kind in ('endorsement', 'record')),
        organisation_id uuid not null constraint statement_belongs_to_organisation references organisation (id),
        public_id text not null constraint statement_public_id_is_unique unique,
        state text not null constraint statement_state_is_known
          check (state in ('planned', 'signed', 'refused', 'void')),
        outbox_id uuid not null constraint statement_waits_in_outbox references outbox (id),
        status_list_id uuid not null constraint statement_has_status_list references status_list (id),
        status_index int not null,
        issuer_did text not null,
        payload text not null,
        payload_sha256 text not null,
        ed25519_key_id text constraint statement_ed25519_key_exists references signing_key (id),
        rs256_key_id text constraint statement_rs256_key_exists references signing_key (id),
        document text,
        document_sha256 text,
        jwt text,
        signed_at timestamptz,
        refusal jsonb,
        created_at timestamptz not null default now(),
        constraint statement_status_index_is_used_once unique (status_list_id, status_index),
        constraint statement_signed_has_both_proofs check (state <> 'signed' or
          (document is not null and jwt is not null and document_sha256 is not null and signed_at is not null
           and ed25519_key_id is not null and rs256_key_id is not null))
      );
      create index statement_by_outbox on statement (outbox_id);

      create table endorsement (
        id uuid constraint endorsement_pkey primary key,
        organisation_id uuid not null constraint endorsement_is_asked_by_organisation references organisation (id),
        public_id text not null constraint endorsement_public_id_is_unique unique,
        target text not null constraint endorsement_target_is_known check (target in ('achievement', 'issuer', 'badge')),
        achievement_id uuid constraint endorsement_is_of_achievement references achievement (id),
        award_id uuid constraint endorsement_is_of_award references award (id),
        subject_id text not null,
        state text not null constraint endorsement_state_is_known
          check (state in ('asked', 'given', 'accepted', 'refused', 'withdrawn', 'cancelled')),
        asked_by text not null,
        asked_at timestamptz not null default now(),
        expires_at timestamptz not null,
        token_sha256 text constraint endorsement_token_is_unique unique,
        withdrawal_sha256 text constraint endorsement_withdrawal_is_unique unique,
        form text constraint endorsement_form_is_known check (form in ('own-key', 'received', 'brought')),
        endorser_organisation_id uuid
          constraint endorsement_is_given_by_organisation references organisation (id),
        endorser_name text,
        endorser_url text,
        comment text,
        brought text,
        brought_sha256 text,
        given_by text,
        given_at timestamptz,
        decided_by text,
        decided_at timestamptz,
        ended_by text,
        ended_at timestamptz,
        statement_id uuid constraint endorsement_is_signed_as_statement references statement (id),
        constraint endorsement_has_its_target check (
          (target = 'achievement') = (achievement_id is not null) and (target = 'badge') = (award_id is not null)),
        constraint endorsement_link_is_used_once check (state = 'asked' or token_sha256 is null),
        constraint endorsement_of_an_account_has_its_organisation check (
          form is distinct from 'own-key' or endorser_organisation_id is not null),
        constraint endorsement_shown_has_words check (
          state not in ('given', 'accepted') or (form is not null and comment is not null and given_at is not null)),
        constraint endorsement_ended_has_no_words check (
          state not in ('refused', 'withdrawn', 'cancelled')
          or (comment is null and endorser_name is null and endorser_url is null and brought is null))
      );
      create index endorsement_by_organisation on endorsement (organisation_id, id);
      create index endorsement_of_achievement on endorsement (achievement_id) where state = 'accepted';
      create index endorsement_of_award on endorsement (award_id) where state = 'accepted';

      create table learner_record (
        id uuid constraint learner_record_pkey primary key,
        organisation_id uuid not null constraint learner_record_belongs_to_organisation references organisation (id),
        person_id uuid not null constraint learner_record_is_of_person references person (id),
        public_id text not null constraint learner_record_public_id_is_unique unique,
        award_ids uuid[] not null constraint learner_record_gathers_badges check (cardinality(award_ids) between 1 and 25),
        consented_on date not null,
        consent_how text not null constraint learner_record_consent_is_known check (consent_how in ('said', 'written')),
        made_by text not null,
        made_at timestamptz not null default now(),
        withdrawn_by text,
        withdrawn_at timestamptz,
        statement_id uuid not null constraint learner_record_is_signed_as_statement references statement (id)
      );
      create index learner_record_by_person on learner_record (person_id);

      grant select, insert on statement to insigne_api, insigne_worker;
      grant update (state, payload, document, jwt, ed25519_key_id, rs256_key_id) on statement to insigne_api;
      grant update on statement to insigne_worker;
      grant select, insert, update on endorsement to insigne_api;
      -- The worker's role puts them back from the archive after a restore.
      grant select, insert, update, delete on endorsement, learner_record to insigne_worker;
      grant select, insert on learner_record to insigne_api;
      grant update (withdrawn_by, withdrawn_at) on learner_record to insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table learner_record, endorsement, statement');
  }
}
