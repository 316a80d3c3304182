import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Competency frameworks with their levels, competencies and associations, and code lists. */
export class Frameworks1700000002000 implements MigrationInterface {
  name = 'Frameworks1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE framework (
        id uuid NOT NULL,
        code text NOT NULL,
        version text NOT NULL,
        title jsonb NOT NULL,
        publisher text NOT NULL,
        licence jsonb NOT NULL,
        provenance jsonb NOT NULL,
        issued text,
        content_hash text NOT NULL,
        outcomes_hash text,
        imported_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT framework_pkey PRIMARY KEY (id),
        CONSTRAINT framework_once_per_code_and_version UNIQUE (code, version)
      );
      CREATE TABLE framework_level (
        id uuid NOT NULL,
        framework_id uuid NOT NULL,
        code text NOT NULL,
        ordinal integer NOT NULL,
        name jsonb NOT NULL,
        description jsonb,
        properties jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT framework_level_pkey PRIMARY KEY (id),
        CONSTRAINT framework_level_once_per_code UNIQUE (framework_id, code),
        CONSTRAINT framework_level_belongs_to_a_framework
          FOREIGN KEY (framework_id) REFERENCES framework (id) ON DELETE CASCADE
      );
      CREATE TABLE competency (
        id uuid NOT NULL,
        framework_id uuid NOT NULL,
        code text NOT NULL,
        type text NOT NULL,
        parent_code text,
        ordinal integer NOT NULL,
        title jsonb NOT NULL,
        description jsonb,
        official_uri text,
        properties jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT competency_pkey PRIMARY KEY (id),
        CONSTRAINT competency_once_per_code UNIQUE (framework_id, code),
        CONSTRAINT competency_belongs_to_a_framework
          FOREIGN KEY (framework_id) REFERENCES framework (id) ON DELETE CASCADE,
        CONSTRAINT competency_has_a_parent_that_exists
          FOREIGN KEY (framework_id, parent_code) REFERENCES competency (framework_id, code)
          DEFERRABLE INITIALLY DEFERRED
      );
      CREATE TABLE association (
        id uuid NOT NULL,
        competency_id uuid NOT NULL,
        kind text NOT NULL,
        target_uri text,
        target_framework text NOT NULL,
        target_code text NOT NULL,
        note text,
        CONSTRAINT association_pkey PRIMARY KEY (id),
        CONSTRAINT association_once_per_target UNIQUE (competency_id, kind, target_framework, target_code),
        CONSTRAINT association_starts_at_a_competency
          FOREIGN KEY (competency_id) REFERENCES competency (id) ON DELETE CASCADE
      );
      CREATE TABLE code_list (
        id uuid NOT NULL,
        code text NOT NULL,
        title jsonb NOT NULL,
        entries jsonb NOT NULL,
        provenance jsonb NOT NULL,
        content_hash text NOT NULL,
        CONSTRAINT code_list_pkey PRIMARY KEY (id),
        CONSTRAINT code_list_code_is_unique UNIQUE (code)
      );
      GRANT SELECT, INSERT ON framework, framework_level, competency, association, code_list TO insigne_api;
      GRANT UPDATE (outcomes_hash) ON framework TO insigne_api;
      GRANT UPDATE ON code_list TO insigne_api;
      GRANT SELECT ON framework, framework_level, competency, association, code_list TO insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE code_list, association, competency, framework_level, framework');
  }
}
