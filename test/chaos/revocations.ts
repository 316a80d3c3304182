import { setTimeout as sleep } from 'node:timers/promises';
import { Bitstring } from '#signing';
import { judgeRevocations, type Revocation, type Standing, wentBack } from './judge-revocations.js';
import { secondsAllowed } from './limits.js';
import type { Client } from './scenarios/requests.js';
import type { Site } from './site.js';

const giveUpAfterMs = 180_000;

/** Revocations over HTTP while everything breaks, remembered, and held against what the site tells. */
export class Revocations {
  /** Answers, by status. */
  readonly statuses = new Map<string, number>();
  readonly confirmed: Revocation[] = [];
  /** Revocations that were due in the readings so far, each time. */
  seen = 0;
  private readonly asked = new Set<string>();
  private readonly toldBefore = new Set<string>();
  private readonly open = new Set<Promise<void>>();
  private versions = new Map<string, number>();

  constructor(
    private readonly site: Site,
    private readonly client: Client,
  ) {}

  /** Revokes the badge of an award and, like a careful client, asks again with its key until it is answered. */
  ask(awardId: string): void {
    this.asked.add(awardId);
    this.site.takenBack.add(awardId);
    const work = this.insist(awardId).finally(() => this.open.delete(work));
    this.open.add(work);
  }

  async settled(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  get askedFor(): number {
    return this.asked.size;
  }

  /** Reads the database and the last signed lists as they are now. @returns what is wrong, in sentences */
  async read(): Promise<string[]> {
    return (await this.judge(false)).broken;
  }

  /**
   * The last word, when nothing is asked any more: waits until each is told, at most the minute that it may take.
   * @returns awards whose revocation is lost, and what is wrong, in sentences
   */
  async lastReading(): Promise<{ lost: string[]; broken: string[] }> {
    const latest = Math.max(0, ...this.confirmed.map(({ confirmedAt }) => confirmedAt));
    const until = latest + secondsAllowed.revokedInList * 1000;
    for (;;) {
      const judged = await this.judge(true);
      if (judged.lost.length === 0 || Date.now() > until) return judged;
      await sleep(1_000);
    }
  }

  private async insist(awardId: string): Promise<void> {
    for (const end = Date.now() + giveUpAfterMs; Date.now() < end; await sleep(1_000)) {
      const { status } = await this.client.revoke(awardId).catch(() => ({ status: 0 }));
      const name = status === 0 ? 'no answer' : String(status);
      this.statuses.set(name, (this.statuses.get(name) ?? 0) + 1);
      if (status !== 200) continue;
      this.confirmed.push({ awardId, confirmedAt: Date.now() });
      return;
    }
  }

  private async judge(isOver: boolean): Promise<ReturnType<typeof judgeRevocations>> {
    const now = Date.now();
    const confirmed = [...this.confirmed];
    const { standings, versions } = await this.standings();
    const { asked, toldBefore } = this;
    const judged = judgeRevocations({ asked, confirmed, standings, toldBefore, now, isOver });
    judged.broken.push(...wentBack(this.versions, versions));
    this.versions = versions;
    for (const { awardId, isTold } of standings) if (isTold) toldBefore.add(awardId);
    if (!isOver) this.seen += judged.due;
    return judged;
  }

  private async standings(): Promise<{ standings: Standing[]; versions: Map<string, number> }> {
    const { rows: lists } = await this.site.owner.query<{ id: string; version: number; document: string }>(
      'select id, version, document from status_list where document is not null',
    );
    const bits = new Map(lists.map(({ id, document }) => [id, bitsIn(document)]));
    const { rows } = await this.site.owner.query<{ award: string; state: string; list: string; at: number }>(
      `select c.award_id as award, e.state, e.status_list_id as list, e.position as at
       from credential c join status_entry e on e.credential_id = c.id`,
    );
    return {
      versions: new Map(lists.map(({ id, version }) => [id, version])),
      standings: rows.map(({ award, state, list, at }) => ({
        awardId: award,
        state,
        isTold: bits.get(list)?.get(at) ?? false,
      })),
    };
  }
}

const bitsIn = (document: string): Bitstring => {
  const { credentialSubject } = JSON.parse(document) as { credentialSubject: { encodedList: string } };
  return Bitstring.decode(credentialSubject.encodedList);
};
