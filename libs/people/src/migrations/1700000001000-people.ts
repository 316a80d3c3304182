import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations, persons, memberships and the programs that call the API. */
export class People1700000001000 implements MigrationInterface {
  name = 'People1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisation (
        id uuid NOT NULL,
        parent_id uuid,
        kind text NOT NULL,
        slug text NOT NULL,
        legal_name text NOT NULL,
        public_name text NOT NULL,
        siret text,
        url text,
        email text,
        description jsonb,
        closed_on date,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT organisation_pkey PRIMARY KEY (id),
        CONSTRAINT organisation_slug_is_unique UNIQUE (slug),
        CONSTRAINT organisation_has_a_parent_that_exists FOREIGN KEY (parent_id) REFERENCES organisation (id),
        CONSTRAINT organisation_is_not_its_own_parent CHECK (parent_id <> id),
        CONSTRAINT organisation_is_of_a_known_kind CHECK (kind IN ('programme', 'region', 'structure')),
        CONSTRAINT organisation_slug_fits_an_address CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
      );
      CREATE TABLE person (
        id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        given_name text NOT NULL,
        family_name text NOT NULL,
        birth_year integer,
        name_key text NOT NULL,
        language text,
        email text,
        phone text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT person_pkey PRIMARY KEY (id),
        CONSTRAINT person_once_per_name_and_birth_year
          UNIQUE NULLS NOT DISTINCT (organisation_id, name_key, birth_year),
        CONSTRAINT person_belongs_to_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT person_birth_year_is_plausible CHECK (birth_year BETWEEN 1890 AND 2200),
        CONSTRAINT person_phone_is_e164 CHECK (phone ~ '^\\+[1-9][0-9]{4,14}$'),
        CONSTRAINT person_email_is_lower_case CHECK (email = lower(email))
      );
      CREATE TABLE person_alias (
        id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        person_id uuid NOT NULL,
        name_key text NOT NULL,
        birth_year integer,
        decided_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT person_alias_pkey PRIMARY KEY (id),
        CONSTRAINT person_alias_once_per_name_and_birth_year
          UNIQUE NULLS NOT DISTINCT (organisation_id, name_key, birth_year),
        CONSTRAINT person_alias_belongs_to_an_organisation
          FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT person_alias_names_a_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE
      );
      CREATE INDEX person_alias_by_person ON person_alias (person_id);
      CREATE TABLE membership (
        id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        person_id uuid NOT NULL,
        role text NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        confirmed_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT membership_pkey PRIMARY KEY (id),
        CONSTRAINT membership_is_in_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT membership_is_of_a_person FOREIGN KEY (person_id) REFERENCES person (id),
        CONSTRAINT membership_has_a_known_role
          CHECK (role IN ('administrator', 'issuer', 'assessor', 'animator', 'coordinator')),
        CONSTRAINT membership_ends_after_it_starts CHECK (valid_until >= valid_from)
      );
      CREATE INDEX membership_by_person ON membership (person_id);
      CREATE INDEX membership_by_organisation ON membership (organisation_id, role);
      CREATE TABLE api_client (
        id uuid NOT NULL,
        client_id text NOT NULL,
        secret_hash text NOT NULL,
        organisation_id uuid NOT NULL,
        name text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        revoked_at timestamptz,
        CONSTRAINT api_client_pkey PRIMARY KEY (id),
        CONSTRAINT api_client_id_is_unique UNIQUE (client_id),
        CONSTRAINT api_client_acts_for_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON organisation, person, person_alias, membership, api_client TO insigne_api;
      GRANT SELECT ON organisation, person, membership TO insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_client, membership, person_alias, person, organisation');
  }
}
