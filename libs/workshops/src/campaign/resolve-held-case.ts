import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit, uuid } from '#platform';
import { HeldCase } from '../campaign-import.entity.js';
import { SessionWithdrawn } from '../correct-facts.js';
import { contradict } from './cases.js';
import { gatherFacts } from './gather-facts.js';
import { peopleOf, refOf } from './identify.js';
import { lockCampaigns, type OnFacts } from './import-campaign.js';
import { loadCampaignWorld } from './load-world.js';
import type { PersonRef } from './plan.js';
import type { HeldCaseDetail } from './record-held-cases.js';
import {
  HeldCaseAlreadyResolved,
  HeldCaseDecisionRefused,
  HeldCaseNeedsRow,
  HeldCaseNotFound,
} from './refusals.js';
import type { RowContent } from './row.js';
import { groupBy, type ReadableRow, sessionsOf } from './sessions.js';
import { StaffDirectory } from './staff.js';
import type { CampaignWorld } from './world.js';
import { type Written, writeFacts } from './write-facts.js';

export interface HeldCaseView {
  id: string;
  kind: string;
  state: 'open' | 'resolved';
  detail: HeldCaseDetail;
  createdAt: Date;
  resolvedAt: Date | null;
  resolution: Record<string, unknown> | null;
}

/** The cases of a structure, oldest first; all of them or those of one state. */
export async function listHeldCases(
  tx: EntityManager,
  organisationId: string,
  state?: 'open' | 'resolved',
): Promise<HeldCaseView[]> {
  const cases = await tx.find(HeldCase, {
    where: { organisationId, ...(state ? { state } : {}) },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
  return cases.map(({ id, kind, state, detail, createdAt, resolvedAt, resolution }) => ({
    id,
    kind,
    state,
    detail: detail as unknown as HeldCaseDetail,
    createdAt,
    resolvedAt,
    resolution,
  }));
}

/**
 * `same_person`: everybody of the case is the first one. `different_people`: each is somebody. `discard`: the rows
 * are dropped. `keepRow` is the number of the row that is right where rows of one person and session differ; it
 * also counts for more than what is recorded.
 */
export interface HeldCaseDecision {
  decision: 'same_person' | 'different_people' | 'discard';
  keepRow?: number;
}

interface HeldRow {
  row: number;
  person: PersonRef;
  content: RowContent;
}

/** Does what a human decided about held rows, with all that follows, in one transaction. */
export class ResolveHeldCase {
  constructor(private readonly database: DataSource) {}

  /**
   * @param onFacts plans awards in the same transaction
   * @returns the people and sessions that got facts; empty after `discard`
   * @throws HeldCaseNotFound (`held_case_not_found`), HeldCaseAlreadyResolved (`held_case_already_resolved`),
   *   HeldCaseNeedsRow (`held_case_needs_row`), HeldCaseDecisionRefused (`held_case_decision_refused`),
   *   SessionWithdrawn (`session_withdrawn`) for rows of one that does not count, unless they are dropped
   */
  async run(
    request: { organisationId: string; caseId: string; by: string } & HeldCaseDecision,
    onFacts?: OnFacts,
  ): Promise<{ personIds: string[]; sessionIds: string[] }> {
    return this.database.transaction(async (tx) => {
      const { organisationId, caseId, decision, keepRow, by } = request;
      await lockCampaigns(tx, organisationId);
      const held = await tx.findOneBy(HeldCase, { id: caseId, organisationId });
      if (!held) throw new HeldCaseNotFound(caseId);
      if (held.state === 'resolved') throw new HeldCaseAlreadyResolved(caseId);
      const written = decision === 'discard' ? null : await this.write(tx, held, { decision, keepRow }, by);
      await tx.query(
        `UPDATE held_case SET state = 'resolved', resolved_at = now(), resolution = $2 WHERE id = $1`,
        [caseId, JSON.stringify({ decision, keepRow: keepRow ?? null, by })],
      );
      await tx.query('DELETE FROM "private".held_row WHERE held_case_id = $1', [caseId]);
      await appendAudit(tx, [
        {
          actor: actorOf(by),
          action: 'held_case.resolved',
          subject: { caseId, organisationId, decision, keepRow: keepRow ?? null },
        },
      ]);
      const ids = { personIds: written?.personIds ?? [], sessionIds: written?.sessionIds ?? [] };
      if (onFacts && written) await onFacts(tx, ids);
      return ids;
    });
  }

  private async write(
    tx: EntityManager,
    held: HeldCase,
    decision: HeldCaseDecision,
    by: string,
  ): Promise<Written> {
    const rows = await heldRows(tx, held.id);
    const detail = held.detail as unknown as HeldCaseDetail;
    if (decision.keepRow !== undefined && !rows.some(({ row }) => row === decision.keepRow))
      throw new HeldCaseDecisionRefused('The row to keep is not one of this case', {
        details: { caseId: held.id },
      });
    if (decision.decision === 'different_people' && detail.people.length === 1)
      throw new HeldCaseDecisionRefused('The rows have one name and birth year', {
        details: { caseId: held.id },
      });
    const world = await loadCampaignWorld(tx, held.organisationId, detail.sessionCodes);
    for (const { id, withdrawnAt } of world.sessions)
      if (withdrawnAt) throw new SessionWithdrawn(id, withdrawnAt);
    const merged = decision.decision === 'same_person' ? mergeInto(detail.people[0]!.ref, rows, world) : rows;
    const kept = keepOneRow(merged, decision.keepRow);
    refuseContradictions(held.id, kept, world, decision.keepRow);

    const readable = kept.map(({ row, content }): ReadableRow => ({ row, line: 0, issues: [], content }));
    const overwrite = decision.keepRow !== undefined;
    const seen = overwrite ? withoutRecordOf(readable, world) : world;
    const sessions = sessionsOf(readable, seen);
    const people = peopleOf(readable, seen);
    const facts = gatherFacts(sessions, people, new Set(), new StaffDirectory(sessions, people, seen));
    const written = await writeFacts(tx, held.organisationId, facts, { overwrite });
    if (decision.decision === 'same_person')
      await recordAliases(tx, held.organisationId, rows, detail, written, by);
    return written;
  }
}

async function heldRows(tx: EntityManager, caseId: string): Promise<HeldRow[]> {
  const rows = await tx.query<{ row: number; content: { person: PersonRef; content: RowContent } }[]>(
    'SELECT row_number AS row, content FROM "private".held_row WHERE held_case_id = $1 ORDER BY row_number',
    [caseId],
  );
  return rows.map(({ row, content }) => ({ row, ...content }));
}

/** The rows with the person who stays in the place of those who turned out to be the same. */
function mergeInto(anchor: PersonRef, rows: HeldRow[], world: CampaignWorld): HeldRow[] {
  const known = world.persons.find((person) => refOf(person.nameKey, person.birthYear) === anchor);
  const identity = known ?? rows.find(({ person }) => person === anchor)?.content.person;
  if (!identity) return rows;
  const { givenName, familyName, birthYear, nameKey } = identity;
  return rows.map((row) => ({
    ...row,
    person: anchor,
    content: {
      ...row.content,
      person: { ...row.content.person!, givenName, familyName, birthYear, nameKey },
    },
  }));
}

const place = ({ person, content }: HeldRow): string => `${content.sessionCode} ${person}`;

/** Without the other rows of the person and session of the row that is right. */
function keepOneRow(rows: HeldRow[], keepRow: number | undefined): HeldRow[] {
  const right = rows.find(({ row }) => row === keepRow);
  return right ? rows.filter((row) => row === right || place(row) !== place(right)) : rows;
}

function refuseContradictions(caseId: string, rows: HeldRow[], world: CampaignWorld, keepRow?: number): void {
  for (const same of groupBy(rows, place).values()) {
    const numbers = same.map(({ row }) => row);
    if (contradict(same.map(({ content }) => content))) throw new HeldCaseNeedsRow(caseId, numbers);
    if (keepRow === undefined && same.some((row) => differsFromRecord(row, world)))
      throw new HeldCaseNeedsRow(caseId, numbers);
  }
}

function differsFromRecord({ content }: HeldRow, world: CampaignWorld): boolean {
  const session = world.sessions.find(({ code }) => code === content.sessionCode);
  const person = world.persons.find(
    ({ nameKey, birthYear }) =>
      nameKey === content.person?.nameKey && birthYear === content.person?.birthYear,
  );
  if (!session || !person) return false;
  return (
    session.attendances.some((one) => one.personId === person.id && one.status !== content.status) ||
    session.assessments.some(
      (one) =>
        one.personId === person.id &&
        content.assessments.some(
          (said) => said.targetCode === one.targetCode && said.outcome !== one.outcome,
        ),
    )
  );
}

/** The world as if nothing were recorded of these people in these sessions: what a human decided is written over it. */
function withoutRecordOf(rows: ReadableRow[], world: CampaignWorld): CampaignWorld {
  const concerned = new Set(peopleOf(rows, world).flatMap(({ known }) => (known ? [known.id] : [])));
  const others = <T extends { personId: string }>(list: T[]) =>
    list.filter(({ personId }) => !concerned.has(personId));
  return {
    ...world,
    sessions: world.sessions.map((session) => ({
      ...session,
      attendances: others(session.attendances),
      assessments: others(session.assessments),
    })),
  };
}

/** The other spellings lead to the person who stays from now on, also in the next file. */
async function recordAliases(
  tx: EntityManager,
  organisationId: string,
  rows: HeldRow[],
  { people }: HeldCaseDetail,
  written: Written,
  by: string,
): Promise<void> {
  const personId = written.idOf.get(people[0]!.ref);
  for (const { content } of rows) {
    const { nameKey, birthYear } = content.person!;
    if (!personId || refOf(nameKey, birthYear) === people[0]!.ref) continue;
    await tx.query(
      `INSERT INTO person_alias (id, organisation_id, person_id, name_key, birth_year, decided_by)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT ON CONSTRAINT person_alias_once_per_name_and_birth_year DO NOTHING`,
      [uuid(), organisationId, personId, nameKey, birthYear, by],
    );
  }
}
