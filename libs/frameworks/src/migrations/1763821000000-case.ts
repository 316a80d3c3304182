import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fillIdentifiers } from '../case/index-objects.js';

/** CASE identifiers of frameworks and competencies, objects of imported CASE packages, and matches between frameworks. */
export class Case1763821000000 implements MigrationInterface {
  name = 'Case1763821000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE framework ADD COLUMN identifier uuid;
      ALTER TABLE competency ADD COLUMN identifier uuid;
      CREATE TABLE case_package (
        framework_id uuid NOT NULL,
        document_identifier uuid NOT NULL,
        changed_at timestamptz NOT NULL,
        frame jsonb NOT NULL,
        CONSTRAINT case_package_pkey PRIMARY KEY (framework_id),
        CONSTRAINT case_package_belongs_to_a_framework
          FOREIGN KEY (framework_id) REFERENCES framework (id) ON DELETE CASCADE
      );
      CREATE INDEX case_package_of_a_document ON case_package (document_identifier);
      CREATE TABLE case_object (
        framework_id uuid NOT NULL,
        kind text NOT NULL,
        identifier uuid NOT NULL,
        ordinal integer NOT NULL,
        origin text,
        destination text,
        body jsonb,
        CONSTRAINT case_object_pkey PRIMARY KEY (framework_id, kind, identifier),
        CONSTRAINT case_object_belongs_to_a_framework
          FOREIGN KEY (framework_id) REFERENCES framework (id) ON DELETE CASCADE
      );
      CREATE INDEX case_object_by_identifier ON case_object (identifier);
      CREATE INDEX case_object_by_origin ON case_object (origin);
      CREATE INDEX case_object_by_destination ON case_object (destination);
      CREATE TABLE framework_match (
        id uuid NOT NULL,
        kind text NOT NULL,
        origin_key text NOT NULL,
        origin jsonb NOT NULL,
        destination_key text NOT NULL,
        destination jsonb NOT NULL,
        stated_by text NOT NULL,
        stated_on text NOT NULL,
        source text NOT NULL,
        source_uri text,
        note text,
        framework_id uuid,
        imported_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT framework_match_pkey PRIMARY KEY (id),
        CONSTRAINT framework_match_came_in_a_package
          FOREIGN KEY (framework_id) REFERENCES framework (id) ON DELETE CASCADE
      );
      CREATE INDEX framework_match_by_origin ON framework_match (origin_key);
      CREATE INDEX framework_match_by_destination ON framework_match (destination_key);
      GRANT SELECT, INSERT ON case_package, case_object, framework_match TO insigne_api;
    `);
    await fillIdentifiers(runner.manager);
    await runner.query(`
      SET CONSTRAINTS ALL IMMEDIATE;
      ALTER TABLE framework ALTER COLUMN identifier SET NOT NULL;
      ALTER TABLE competency ALTER COLUMN identifier SET NOT NULL;
      CREATE INDEX competency_by_identifier ON competency (identifier);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE framework_match, case_object, case_package;
      ALTER TABLE competency DROP COLUMN identifier;
      ALTER TABLE framework DROP COLUMN identifier;
    `);
  }
}
