import type { DataSource, EntityManager } from 'typeorm';
import { Clock, SystemClock } from '#platform';
import {
  analyseCorrection,
  type CampaignCorrection,
  type CampaignFile,
  correctSession,
  type FactChange,
  lockSession,
  peopleInSessions,
  type SessionCorrection,
  writeCorrection,
} from '#workshops';
import type { IssuanceQueue } from './issuance-queue.js';
import { reconsiderAwards } from './reconsider-awards.js';
import { carryOut, type TakingBack, tell } from './taking-back.js';
import { undone } from './undone.js';

export interface CorrectionConfirmed {
  /** Digest of what was told. */
  expectedDigest: string;
  by: string;
}

export type CorrectedSession = { organisationId: string; sessionId: string } & SessionCorrection;

export interface FileCorrection extends TakingBack {
  correction: CampaignCorrection;
}

/**
 * Corrects what was recorded of sessions, and does to the awards exactly what was told before: new ones are planned,
 * fallen ones are withdrawn while nobody has seen them, and revoked after that; changed ones get a new badge.
 */
export class CorrectRegister {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  /** What a corrected file would do; writes nothing. @throws those of `analyseCorrection` */
  async analyseFile(file: CampaignFile): Promise<FileCorrection> {
    return undone(this.database, (tx) => this.ofFile(tx, file));
  }

  /**
   * Does exactly that, in one transaction.
   * @throws EffectsChanged (`analysis_changed`), those of `analyseCorrection`
   */
  async runFile(file: CampaignFile & CorrectionConfirmed): Promise<FileCorrection> {
    return this.confirm('file', file, (tx) => this.ofFile(tx, file));
  }

  /** What correcting presences or assessments of one session would do; writes nothing. @throws those of `correctSession` */
  async analyseSession(correction: CorrectedSession): Promise<TakingBack> {
    return undone(this.database, (tx) => this.ofSession(tx, correction));
  }

  /** Does exactly that. @throws EffectsChanged (`analysis_changed`), those of `correctSession` */
  async runSession(correction: CorrectedSession & CorrectionConfirmed): Promise<TakingBack> {
    return this.confirm('session', correction, (tx) => this.ofSession(tx, correction));
  }

  private async confirm<T extends TakingBack>(
    kind: 'file' | 'session',
    request: CorrectionConfirmed & { organisationId: string },
    work: (tx: EntityManager) => Promise<T>,
  ): Promise<T> {
    const { organisationId, expectedDigest, by } = request;
    const { told, outboxIds } = await this.database.transaction(async (tx) => {
      const told = await work(tx);
      const reasonClass = 'register_corrected' as const;
      const { origin } = this;
      const request = { kind, organisationId, origin, expectedDigest, reasonClass, by };
      return { told, outboxIds: await carryOut(tx, told, request) };
    });
    await this.queue.enqueue(outboxIds);
    return told;
  }

  private async ofFile(tx: EntityManager, file: CampaignFile): Promise<FileCorrection> {
    const { organisationId } = file;
    const correction = await analyseCorrection(tx, file, this.clock.now());
    const { plan, changes, incompleteSessions } = correction;
    const codes = plan.facts.sessions.map(({ code }) => code);
    const known = new Set(await peopleInSessions(tx, organisationId, codes));
    for (const { knownId } of plan.facts.people) if (knownId !== null) known.add(knownId);
    const effects = await reconsiderAwards(
      tx,
      organisationId,
      async () => [...new Set([...known, ...(await peopleInSessions(tx, organisationId, codes))])],
      () => writeCorrection(tx, organisationId, correction),
    );
    const about = { facts: plan.digest, incompleteSessions };
    return { ...(await tell(tx, { changes, effects, known, about })), correction };
  }

  private async ofSession(tx: EntityManager, correction: CorrectedSession): Promise<TakingBack> {
    const { organisationId, sessionId, attendances, assessments } = correction;
    await lockSession(tx, organisationId, sessionId);
    const people = [...attendances, ...assessments].map(({ personId }) => personId);
    let changes: FactChange[] = [];
    const effects = await reconsiderAwards(
      tx,
      organisationId,
      async () => people,
      async () => {
        changes = await correctSession(tx, correction);
      },
    );
    const about = { sessionId, attendances, assessments };
    return tell(tx, { changes, effects, known: new Set(people), about });
  }
}
