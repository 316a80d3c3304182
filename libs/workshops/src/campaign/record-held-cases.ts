import type { EntityManager } from 'typeorm';
import { uuid } from '#platform';
import type { HeldPerson, PersonRef, PlannedCase } from './plan.js';
import type { RowAssessment, RowContent } from './row.js';

/** What is shown of a held case. The private cells of its rows lie in the schema "private". */
export interface HeldCaseDetail {
  sessionCodes: string[];
  /** The first is the person who stays when all are one. */
  people: HeldPerson[];
  rows: {
    row: number;
    person: PersonRef;
    sessionCode: string;
    status: RowContent['status'];
    assessments: RowAssessment[];
  }[];
}

const detailOf = ({ sessionCodes, people, rows }: PlannedCase): HeldCaseDetail => ({
  sessionCodes,
  people,
  rows: rows.map(({ row, person, content: { sessionCode, status, assessments } }) => ({
    row,
    person,
    sessionCode,
    status,
    assessments,
  })),
});

/** Records cases for a human. One that was recorded before is left alone. @returns how many are new */
export async function recordHeldCases(
  tx: EntityManager,
  organisationId: string,
  importId: string,
  cases: PlannedCase[],
): Promise<number> {
  let recorded = 0;
  for (const held of cases) {
    const id = uuid();
    const inserted = await tx.query<unknown[]>(
      `INSERT INTO held_case (id, organisation_id, import_id, kind, session_code, fingerprint, detail, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')
       ON CONFLICT ON CONSTRAINT held_case_once_per_content DO NOTHING RETURNING id`,
      [
        id,
        organisationId,
        importId,
        held.kind,
        held.sessionCodes[0],
        held.fingerprint,
        JSON.stringify(detailOf(held)),
      ],
    );
    if (inserted.length === 0) continue;
    recorded += 1;
    await tx.query(
      `INSERT INTO "private".held_row (id, held_case_id, row_number, content)
       SELECT v.id, $1, v.row_number, v.content
       FROM unnest($2::uuid[], $3::int[], $4::jsonb[]) AS v (id, row_number, content)`,
      [
        id,
        held.rows.map(() => uuid()),
        held.rows.map(({ row }) => row),
        held.rows.map(({ person, content }) => JSON.stringify({ person, content })),
      ],
    );
  }
  return recorded;
}
