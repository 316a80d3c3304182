import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A signed credential is kept as its payload and what its two signed forms hold beyond it (ADR 0033). Texts stored
 * before stay whole. `signed_document(c)` and `signed_jwt(c)` are the forms that were signed, of either.
 */
export class OneCopyOfAText1796100100000 implements MigrationInterface {
  readonly name = 'OneCopyOfAText1796100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table credential
        add column proof text,
        add column jwt_header text,
        add column jwt_claims text,
        add column jwt_signature text,
        drop constraint credential_signed_has_both_proofs,
        add constraint credential_signed_has_both_proofs check (state <> 'signed' or
          ((document is not null or proof is not null)
           and (jwt is not null or (jwt_header is not null and jwt_claims is not null and jwt_signature is not null))
           and document_sha256 is not null and signed_at is not null
           and ed25519_key_id is not null and rs256_key_id is not null));

      create function signed_document(c credential) returns text language sql stable parallel safe
        return coalesce(c.document, left(c.payload, -1) || ',"proof":' || c.proof || '}');

      -- Base64url (RFC 4648, 5) without padding; a translate() would take four times as long.
      create function signed_jwt(c credential) returns text language sql stable parallel safe
        return coalesce(c.jwt, c.jwt_header || '.' || replace(replace(replace(replace(
          encode(convert_to(left(c.payload, -1) || c.jwt_claims, 'UTF8'), 'base64'),
          E'\\n', ''), '=', ''), '+', '-'), '/', '_') || '.' || c.jwt_signature);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update credential c set document = signed_document(c), jwt = signed_jwt(c)
        where proof is not null or jwt_header is not null;
      drop function signed_document(credential);
      drop function signed_jwt(credential);
      alter table credential
        drop constraint credential_signed_has_both_proofs,
        drop column proof, drop column jwt_header, drop column jwt_claims, drop column jwt_signature,
        add constraint credential_signed_has_both_proofs check (state <> 'signed' or
          (document is not null and jwt is not null and document_sha256 is not null and signed_at is not null
           and ed25519_key_id is not null and rs256_key_id is not null));
    `);
  }
}
