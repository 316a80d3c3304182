import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a status is now, how it came to be so, and what a signed list says of it. */
export class StatusChanges1700000009000 implements MigrationInterface {
  readonly name = 'StatusChanges1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table status_entry
        add column state text not null default 'active' constraint status_entry_state_is_known
          check (state in ('active', 'suspended', 'revoked')),
        add column reason text,
        add column version int not null default 0,
        add column listed_version int not null default 0,
        add column superseded_by uuid;
      update status_entry set state = 'revoked', reason = 'organisation_request', version = 1
        where revoked_at is not null;
      alter table status_entry
        add constraint status_entry_bit_has_a_time check ((state = 'active') = (revoked_at is null)),
        add constraint status_entry_bit_has_a_reason check (state = 'active' or reason is not null);
      create index status_entry_not_yet_listed on status_entry (status_list_id) where version <> listed_version;

      create function status_entry_keeps_its_word() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          raise exception 'A status index belongs to one credential for ever';
        end if;
        if (new.status_list_id, new.position, new.credential_id)
           is distinct from (old.status_list_id, old.position, old.credential_id) then
          raise exception 'A status index belongs to one credential for ever';
        end if;
        if old.state = 'revoked' and new.state <> 'revoked' then
          raise exception 'Revoked stays revoked';
        end if;
        if new.version < old.version or (new.state <> old.state and new.version = old.version) then
          raise exception 'The version of a status only grows';
        end if;
        return new;
      end $$;
      create trigger status_entry_keeps_its_word before update or delete on status_entry
        for each row execute function status_entry_keeps_its_word();

      alter table status_list
        add column document_sha256 text,
        add column valid_until timestamptz,
        add column key_id text constraint status_list_is_signed_with_key references signing_key (id);
      create function status_list_never_goes_back() returns trigger language plpgsql as $$
      begin
        if new.version < old.version or new.taken < old.taken or new.signed_at < old.signed_at then
          raise exception 'A status list never goes back';
        end if;
        return new;
      end $$;
      create trigger status_list_never_goes_back before update on status_list
        for each row execute function status_list_never_goes_back();

      create table status_change (
        id uuid constraint status_change_pkey primary key,
        organisation_id uuid not null constraint status_change_belongs_to_organisation references organisation (id),
        credential_id uuid not null,
        version int not null,
        change text not null constraint status_change_is_known
          check (change in ('revoke', 'suspend', 'reinstate', 'supersede')),
        from_state text not null,
        to_state text not null,
        reason text not null,
        superseded_by uuid,
        by text not null,
        changed_at timestamptz not null default clock_timestamp(),
        constraint status_change_once_per_version unique (credential_id, version)
      );
      create function status_change_is_kept() returns trigger language plpgsql as $$
      begin
        raise exception 'What was changed, and by whom, is kept as it is';
      end $$;
      create trigger status_change_is_kept before update or delete on status_change
        for each row execute function status_change_is_kept();

      alter table credential add column first_shown_at timestamptz;
      update credential c set first_shown_at = p.published_at from publication p where p.credential_id = c.id;

      alter table award drop constraint award_state_is_known;
      alter table award add constraint award_state_is_known
        check (state in ('planned', 'issued', 'refused', 'cancelled', 'revoked'));

      grant select, insert on status_change to insigne_api, insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table status_change;
      drop function status_change_is_kept;
      drop trigger status_list_never_goes_back on status_list;
      drop function status_list_never_goes_back;
      drop trigger status_entry_keeps_its_word on status_entry;
      drop function status_entry_keeps_its_word;
      drop index status_entry_not_yet_listed;
      alter table status_list drop column document_sha256, drop column valid_until, drop column key_id;
      alter table status_entry drop column state, drop column reason, drop column version,
        drop column listed_version, drop column superseded_by;
      alter table credential drop column first_shown_at;
      update award set state = 'cancelled' where state = 'revoked';
      alter table award drop constraint award_state_is_known;
      alter table award add constraint award_state_is_known
        check (state in ('planned', 'issued', 'refused', 'cancelled'));
    `);
  }
}
