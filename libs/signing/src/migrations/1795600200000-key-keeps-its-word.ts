import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose a key is, its public half and what was told of it can no longer be taken back, by no role. */
export class KeyKeepsItsWord1795600200000 implements MigrationInterface {
  readonly name = 'KeyKeepsItsWord1795600200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function signing_key_keeps_its_word() returns trigger language plpgsql as $$
      begin
        if (new.id, new.issuer_id, new.algorithm, new.public_jwk, new.public_multibase, new.created_at)
           is distinct from
           (old.id, old.issuer_id, old.algorithm, old.public_jwk, old.public_multibase, old.created_at) then
          raise exception 'A signing key belongs to one issuer for ever';
        end if;
        if old.retired_at is not null and new.retired_at is distinct from old.retired_at then
          raise exception 'A retired signing key stays retired';
        end if;
        if old.compromised_since is not null
           and (new.compromised_since is null or new.compromised_since > old.compromised_since) then
          raise exception 'A stolen signing key stays stolen: its date can only move back';
        end if;
        if old.compromise_recorded_at is not null
           and new.compromise_recorded_at is distinct from old.compromise_recorded_at then
          raise exception 'When a theft was told cannot be changed';
        end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger signing_key_keeps_its_word before update on signing_key
        for each row execute function signing_key_keeps_its_word()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger signing_key_keeps_its_word on signing_key');
    await runner.query('drop function signing_key_keeps_its_word');
  }
}
