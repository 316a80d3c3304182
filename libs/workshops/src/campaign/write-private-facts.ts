import type { EntityManager } from 'typeorm';
import { canonicalJson, sha256, uuid } from '#platform';
import type { PersonRef, PlannedPrivateFacts } from './plan.js';

interface Ids {
  personId(ref: PersonRef): string;
  sessionId(code: string): string;
}

/** Writes what belongs to the schema "private". The same facts again add nothing. */
export async function writePrivateFacts(
  tx: EntityManager,
  facts: PlannedPrivateFacts,
  walkIns: { id: string; note: string | null }[],
  { personId, sessionId }: Ids,
): Promise<void> {
  // Arrays of different lengths cannot go through unnest, so the equipment travels as JSON.
  const diagnostics = facts.diagnostics.map(({ person, ...content }) => ({
    id: uuid(),
    person_id: personId(person),
    done_on: content.doneOn,
    starting_level: content.startingLevel,
    equipment: content.equipment,
    language: content.language,
    gender: content.gender,
    municipality: content.municipality,
    content_hash: sha256(canonicalJson(content)).toString('hex'),
  }));
  await tx.query(
    `INSERT INTO "private".diagnostic
       (id, person_id, done_on, starting_level, equipment, language, gender, municipality, content_hash)
     SELECT id, person_id, done_on, starting_level, equipment, language, gender, municipality, content_hash
     FROM json_to_recordset($1::json) AS v (id uuid, person_id uuid, done_on date, starting_level text,
       equipment text[], language text, gender text, municipality text, content_hash text)
     ON CONFLICT ON CONSTRAINT diagnostic_once_per_person_and_content DO NOTHING`,
    [JSON.stringify(diagnostics)],
  );
  await tx.query(
    `INSERT INTO "private".observation (id, attendance_id, note)
     SELECT v.id, a.id, v.note
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS v (id, session_id, person_id, note)
     JOIN attendance a ON a.session_id = v.session_id AND a.person_id = v.person_id
     WHERE NOT EXISTS (SELECT FROM "private".observation o WHERE o.attendance_id = a.id AND o.note = v.note)`,
    [
      facts.observations.map(() => uuid()),
      facts.observations.map(({ session }) => sessionId(session)),
      facts.observations.map(({ person }) => personId(person)),
      facts.observations.map(({ note }) => note),
    ],
  );
  const noted = walkIns.filter(({ note }) => note !== null);
  await tx.query(
    `INSERT INTO "private".observation (id, attendance_id, note)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])`,
    [noted.map(() => uuid()), noted.map(({ id }) => id), noted.map(({ note }) => note)],
  );
  await tx.query(
    `INSERT INTO "private".publication_wish (person_id, wish)
     SELECT * FROM unnest($1::uuid[], $2::text[])
     ON CONFLICT ON CONSTRAINT publication_wish_pkey DO UPDATE SET wish = excluded.wish, updated_at = now()
     WHERE excluded.wish <> 'ask' AND excluded.wish <> publication_wish.wish`,
    [facts.wishes.map(({ person }) => personId(person)), facts.wishes.map(({ wish }) => wish)],
  );
}
