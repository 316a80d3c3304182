import type { DataSource, EntityManager } from 'typeorm';
import { grantRole } from '#people';
import { actorOf, appendAudit, Clock, dateIn, SystemClock, uuid } from '#platform';
import { analyseCampaign } from './analyse-campaign.js';
import { type ConfirmedStaff, confirmStaff } from './confirm-staff.js';
import { loadCampaignWorld } from './load-world.js';
import type { CampaignPlan } from './plan.js';
import { readCampaign } from './read-campaign.js';
import { recordHeldCases } from './record-held-cases.js';
import { AnalysisChanged, CampaignRefused } from './refusals.js';
import { sessionCodesIn } from './session-code.js';
import { type Written, writeFacts } from './write-facts.js';

/** Called in the import's own transaction, after everything is written: what it does stands or falls with it. */
export type OnFacts = (
  tx: EntityManager,
  ids: { personIds: string[]; sessionIds: string[] },
) => Promise<void>;

export interface CampaignFile {
  organisationId: string;
  bytes: Buffer;
  fileName: string;
}

export interface CampaignRequest extends CampaignFile {
  /** Confirm as members, from the first day of the file, the assessors and animators that it names. */
  confirmStaff: boolean;
  /** Digest of the analysis that was confirmed. */
  expectedDigest?: string;
  /** Who imports: a person's or client's id, or the program that acts. */
  by: string;
}

export interface CampaignResult {
  /** `already_imported`: the file was imported before and there was nothing left to write. */
  state: 'imported' | 'already_imported';
  importId: string;
  plan: CampaignPlan;
  written: { people: number; sessions: number; attendances: number; assessments: number; heldCases: number };
  confirmedStaff: ConfirmedStaff[];
  personIds: string[];
  sessionIds: string[];
}

/** Reads a campaign file into facts: first an analysis that writes nothing, then exactly that in one transaction. */
export class ImportCampaign {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  /**
   * What an import would do, row by row; writes nothing.
   * @throws CampaignNotReady (`campaign_not_ready`)
   */
  async analyse(
    file: CampaignFile,
    onProgress?: (done: number, total: number) => void,
    tx: EntityManager = this.database.manager,
  ): Promise<CampaignPlan> {
    const table = readCampaign(file.bytes);
    const codes = sessionCodesIn(table.rows.map(({ cells }) => cells.session ?? ''));
    const world = await loadCampaignWorld(tx, file.organisationId, codes);
    return analyseCampaign({ ...file, table, world, today: dateIn(this.clock.now()), onProgress });
  }

  /**
   * Imports a file. The same content again changes nothing; after an error nothing is written.
   * @param onFacts plans awards in the same transaction
   * @param outer a transaction of the caller; one is opened when left out
   * @throws CampaignRefused (`campaign_refused`), AnalysisChanged (`analysis_changed`),
   *   CampaignNotReady (`campaign_not_ready`)
   */
  async run(request: CampaignRequest, onFacts?: OnFacts, outer?: EntityManager): Promise<CampaignResult> {
    return outer
      ? this.import(outer, request, onFacts)
      : this.database.transaction((tx) => this.import(tx, request, onFacts));
  }

  private async import(
    tx: EntityManager,
    request: CampaignRequest,
    onFacts?: OnFacts,
  ): Promise<CampaignResult> {
    await lockCampaigns(tx, request.organisationId);
    const plan = await this.analyse(request, undefined, tx);
    if (plan.refusal) throw new CampaignRefused(plan);
    if (request.expectedDigest !== undefined && request.expectedDigest !== plan.digest)
      throw new AnalysisChanged(plan);

    const before = await importOf(tx, request.organisationId, plan.fileSha256);
    const importId = before ?? (await recordImport(tx, request, plan));
    const written = await writeFacts(tx, request.organisationId, plan.facts);
    const heldCases = await recordHeldCases(tx, request.organisationId, importId, plan.heldCases);
    const staff = request.confirmStaff
      ? await this.confirm(tx, request, plan, written)
      : { confirmed: [], granted: 0, learnerIds: [] };
    const ids = {
      personIds: [
        ...new Set([
          ...written.personIds,
          ...staff.learnerIds,
          ...staff.confirmed.map((one) => one.personId),
        ]),
      ],
      sessionIds: written.sessionIds,
    };
    const { people, sessions, attendances, assessments } = written;
    const counts = { people, sessions, attendances, assessments, heldCases };
    const isNew =
      Object.values(counts).some((count) => count > 0) || staff.confirmed.length + staff.granted > 0;
    if (isNew || !before)
      await appendAudit(tx, [
        {
          actor: actorOf(request.by),
          action: 'campaign.imported',
          subject: {
            importId,
            organisationId: request.organisationId,
            fileSha256: plan.fileSha256,
            ...counts,
          },
        },
      ]);
    if (onFacts) await onFacts(tx, ids);
    return {
      state: before && !isNew ? 'already_imported' : 'imported',
      importId,
      plan,
      written: counts,
      confirmedStaff: staff.confirmed,
      ...ids,
    };
  }

  private async confirm(tx: EntityManager, request: CampaignRequest, plan: CampaignPlan, written: Written) {
    const { organisationId, by } = request;
    const days = [
      ...plan.facts.sessions.map(({ heldOn }) => heldOn),
      ...plan.unknownStaff.map((one) => one.firstDate),
    ];
    const validFrom = days.sort()[0];
    const names = plan.unknownStaff.filter(({ reason }) => reason !== 'ambiguous').map(({ name }) => name);
    const { confirmed, learnerIds } = await confirmStaff(tx, {
      organisationId,
      names,
      by,
      validFrom,
      optional: true,
    });
    let granted = 0;
    const done = new Set(confirmed.map(({ personId }) => personId));
    for (const { person } of plan.peerAnimators) {
      const personId =
        written.idOf.get(person) ?? (person.startsWith('id:') ? person.slice('id:'.length) : null);
      if (!personId || done.has(personId)) continue;
      const role = await grantRole(tx, {
        organisationId,
        personId,
        role: 'animator',
        validFrom: validFrom!,
        confirmedBy: by,
      });
      if (role.validFrom === validFrom) granted += 1;
    }
    return { confirmed, granted, learnerIds };
  }
}

/** One import or decision at a time in an organisation, until the transaction ends. */
export const lockCampaigns = (tx: EntityManager, organisationId: string): Promise<unknown> =>
  tx.query("SELECT pg_advisory_xact_lock(hashtextextended('campaign ' || $1, 0))", [organisationId]);

/** Nothing is imported or decided in an organisation until the transaction ends; whoever asks for the same may. */
export const noCampaigns = (tx: EntityManager, organisationId: string): Promise<unknown> =>
  tx.query("SELECT pg_advisory_xact_lock_shared(hashtextextended('campaign ' || $1, 0))", [organisationId]);

async function importOf(
  tx: EntityManager,
  organisationId: string,
  fileSha256: string,
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }[]>(
    'SELECT id FROM campaign_import WHERE organisation_id = $1 AND file_sha256 = $2',
    [organisationId, fileSha256],
  );
  return row?.id ?? null;
}

async function recordImport(
  tx: EntityManager,
  request: CampaignRequest,
  plan: CampaignPlan,
): Promise<string> {
  const id = uuid();
  // Codes and places only: the texts quote cells, and the report must not keep what a person may have erased.
  const report = {
    counts: plan.counts,
    columns: plan.columns,
    rows: plan.rows.map(({ row, line, verdict, issues }) => ({
      row,
      line,
      verdict,
      issues: issues.map(({ code, column }) => ({ code, column })),
    })),
  };
  await tx.query(
    `INSERT INTO campaign_import
       (id, organisation_id, file_name, file_sha256, row_count, plan_digest, report, imported_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      request.organisationId,
      request.fileName,
      plan.fileSha256,
      plan.counts.rows,
      plan.digest,
      JSON.stringify(report),
      request.by,
    ],
  );
  return id;
}
