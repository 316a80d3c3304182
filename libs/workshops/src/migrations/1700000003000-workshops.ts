import type { MigrationInterface, QueryRunner } from 'typeorm';

const workshops = `
  CREATE TABLE workshop (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    title jsonb NOT NULL,
    aim jsonb NOT NULL,
    easy_text jsonb NOT NULL,
    duration_minutes integer NOT NULL,
    max_participants integer NOT NULL,
    criteria jsonb NOT NULL,
    alignments jsonb NOT NULL,
    lesson_url text,
    content_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workshop_pkey PRIMARY KEY (id),
    CONSTRAINT workshop_once_per_code_and_version UNIQUE (organisation_id, code, version),
    CONSTRAINT workshop_belongs_to_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    CONSTRAINT workshop_lasts_some_time CHECK (duration_minutes > 0),
    CONSTRAINT workshop_has_room_for_somebody CHECK (max_participants > 0)
  );
  CREATE TABLE session (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    workshop_id uuid NOT NULL,
    code text NOT NULL,
    held_on date NOT NULL,
    starts_at timestamptz,
    duration_minutes integer NOT NULL,
    place text,
    state text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_once_per_code UNIQUE (organisation_id, code),
    CONSTRAINT session_is_given_by_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    CONSTRAINT session_gives_a_workshop FOREIGN KEY (workshop_id) REFERENCES workshop (id),
    CONSTRAINT session_has_a_known_state CHECK (state IN ('open', 'finalised')),
    CONSTRAINT session_lasts_some_time CHECK (duration_minutes > 0)
  );
  CREATE INDEX session_by_workshop ON session (workshop_id);
  CREATE TABLE session_staff (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    person_id uuid,
    display_name text NOT NULL,
    role text NOT NULL,
    CONSTRAINT session_staff_pkey PRIMARY KEY (id),
    CONSTRAINT session_staff_once_per_name UNIQUE (session_id, display_name, role),
    CONSTRAINT session_staff_is_in_a_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE,
    CONSTRAINT session_staff_is_a_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT session_staff_has_a_known_role CHECK (role IN ('lead', 'co_animator', 'observer'))
  );
  CREATE INDEX session_staff_by_person ON session_staff (person_id);
  CREATE TABLE attendance (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    person_id uuid,
    anonymous boolean NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT attendance_pkey PRIMARY KEY (id),
    CONSTRAINT attendance_once_per_session_and_person UNIQUE (session_id, person_id),
    CONSTRAINT attendance_is_of_a_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE,
    CONSTRAINT attendance_is_of_a_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT attendance_is_anonymous_or_of_a_person CHECK (anonymous = (person_id IS NULL)),
    CONSTRAINT attendance_has_a_known_status CHECK (status IN ('present', 'absent', 'excused'))
  );
  CREATE INDEX attendance_by_person ON attendance (person_id);
  CREATE TABLE assessment (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    person_id uuid NOT NULL,
    target_kind text NOT NULL,
    target_code text NOT NULL,
    outcome text NOT NULL,
    assessor_person_id uuid,
    assessor_name text NOT NULL,
    assessed_on date NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assessment_pkey PRIMARY KEY (id),
    CONSTRAINT assessment_once_per_session_person_and_target UNIQUE (session_id, person_id, target_code),
    CONSTRAINT assessment_is_of_a_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE,
    CONSTRAINT assessment_is_of_a_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT assessment_is_made_by_a_person FOREIGN KEY (assessor_person_id) REFERENCES person (id),
    CONSTRAINT assessment_is_not_made_by_the_learner CHECK (assessor_person_id <> person_id),
    CONSTRAINT assessment_has_a_known_target CHECK (target_kind IN ('competency', 'criterion')),
    CONSTRAINT assessment_has_a_known_outcome CHECK (outcome IN ('acquired', 'almost', 'not_yet', 'not_assessed'))
  );
  CREATE INDEX assessment_by_person ON assessment (person_id);
  CREATE TABLE professional_fact (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_on date NOT NULL,
    recorded_by_person_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT professional_fact_pkey PRIMARY KEY (id),
    CONSTRAINT professional_fact_once_per_day UNIQUE (organisation_id, person_id, kind, occurred_on),
    CONSTRAINT professional_fact_is_seen_by_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    CONSTRAINT professional_fact_is_of_a_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT professional_fact_is_recorded_by_a_person FOREIGN KEY (recorded_by_person_id) REFERENCES person (id),
    CONSTRAINT professional_fact_is_not_recorded_by_oneself CHECK (recorded_by_person_id <> person_id),
    CONSTRAINT professional_fact_is_of_a_known_kind
      CHECK (kind IN ('animator-training', 'animator-observation', 'diagnostic-training'))
  );
  CREATE INDEX professional_fact_by_person ON professional_fact (person_id);
`;

const campaigns = `
  CREATE TABLE campaign_import (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    file_name text NOT NULL,
    file_sha256 text NOT NULL,
    row_count integer NOT NULL,
    plan_digest text NOT NULL,
    report jsonb NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now(),
    imported_by text NOT NULL,
    CONSTRAINT campaign_import_pkey PRIMARY KEY (id),
    CONSTRAINT campaign_import_once_per_file UNIQUE (organisation_id, file_sha256),
    CONSTRAINT campaign_import_is_of_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)
  );
  CREATE TABLE held_case (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    kind text NOT NULL,
    session_code text NOT NULL,
    fingerprint text NOT NULL,
    detail jsonb NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    resolution jsonb,
    CONSTRAINT held_case_pkey PRIMARY KEY (id),
    CONSTRAINT held_case_once_per_content UNIQUE (organisation_id, fingerprint),
    CONSTRAINT held_case_is_of_an_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
    CONSTRAINT held_case_comes_from_an_import FOREIGN KEY (import_id) REFERENCES campaign_import (id),
    CONSTRAINT held_case_has_a_known_state CHECK (state IN ('open', 'resolved')),
    CONSTRAINT held_case_is_resolved_with_a_decision
      CHECK ((state = 'resolved') = (resolved_at IS NOT NULL AND resolution IS NOT NULL))
  );
  CREATE INDEX held_case_by_import ON held_case (import_id);
`;

const privateFacts = `
  CREATE SCHEMA IF NOT EXISTS "private";
  CREATE TABLE "private".diagnostic (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    done_on date,
    starting_level text,
    equipment text[] NOT NULL,
    language text,
    gender text,
    municipality text,
    content_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT diagnostic_pkey PRIMARY KEY (id),
    CONSTRAINT diagnostic_once_per_person_and_content UNIQUE (person_id, content_hash),
    CONSTRAINT diagnostic_is_of_a_person FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE CASCADE
  );
  CREATE TABLE "private".observation (
    id uuid NOT NULL,
    attendance_id uuid NOT NULL,
    note text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT observation_pkey PRIMARY KEY (id),
    CONSTRAINT observation_is_of_an_attendance
      FOREIGN KEY (attendance_id) REFERENCES public.attendance (id) ON DELETE CASCADE
  );
  CREATE INDEX observation_by_attendance ON "private".observation (attendance_id);
  CREATE TABLE "private".held_row (
    id uuid NOT NULL,
    held_case_id uuid NOT NULL,
    row_number integer NOT NULL,
    content jsonb NOT NULL,
    CONSTRAINT held_row_pkey PRIMARY KEY (id),
    CONSTRAINT held_row_once_per_case UNIQUE (held_case_id, row_number),
    CONSTRAINT held_row_is_of_a_case
      FOREIGN KEY (held_case_id) REFERENCES public.held_case (id) ON DELETE CASCADE
  );
  CREATE TABLE "private".publication_wish (
    person_id uuid NOT NULL,
    wish text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT publication_wish_pkey PRIMARY KEY (person_id),
    CONSTRAINT publication_wish_is_of_a_person FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE CASCADE,
    CONSTRAINT publication_wish_is_known CHECK (wish IN ('yes', 'no', 'ask'))
  );
`;

/** Workshops, what happened in them, imports, and the private facts in a schema of their own. */
export class Workshops1700000003000 implements MigrationInterface {
  name = 'Workshops1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(workshops);
    await runner.query(campaigns);
    await runner.query(privateFacts);
    await runner.query(`
      GRANT SELECT, INSERT, UPDATE, DELETE ON workshop, session, session_staff, attendance, assessment,
        professional_fact, campaign_import, held_case TO insigne_api;
      GRANT SELECT ON workshop, session, session_staff, attendance, assessment, professional_fact TO insigne_worker;
      GRANT USAGE ON SCHEMA "private" TO insigne_api;
      GRANT SELECT, INSERT, UPDATE, DELETE
        ON "private".diagnostic, "private".observation, "private".held_row, "private".publication_wish TO insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA "private" CASCADE');
    await runner.query(`DROP TABLE held_case, campaign_import, professional_fact, assessment, attendance,
      session_staff, session, workshop`);
  }
}
