import { Injectable } from '@nestjs/common';
import { DataSource, Not } from 'typeorm';
import {
  Achievement,
  Award,
  AwardNotFound,
  AwardNotIssued,
  BadgeReader,
  Credential,
  type StatusHistory,
} from '#badges';
import { DomainError } from '#platform';
import type { Caller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { ShownAward } from './award-view.js';
import { isUuid } from './schemas.js';

/** The learner does not show this badge: it has no public form (`badge_not_shown`). */
class BadgeNotShown extends DomainError {
  readonly code = 'badge_not_shown';
  constructor(award: string) {
    super('The badge is not shown: it has public forms while its learner shows it', { details: { award } });
  }
}

/** Single awards, for callers that may act in the organisation that decided them. */
@Injectable()
export class AwardAccess {
  constructor(
    private readonly database: DataSource,
    private readonly tenancy: Tenancy,
    private readonly badges: BadgeReader,
  ) {}

  /** @throws AwardNotFound (`award_not_found`): unknown and somebody else's look the same */
  async awardOf(caller: Caller, awardId: string): Promise<Award> {
    const award = isUuid(awardId) ? await this.database.manager.findOneBy(Award, { id: awardId }) : null;
    if (!award) throw new AwardNotFound(awardId);
    const allowed = await this.tenancy.organisationIds(caller);
    if (!allowed.includes(award.organisationId)) throw new AwardNotFound(awardId);
    return award;
  }

  /** The award as lists show it. */
  async shown(award: Award): Promise<ShownAward> {
    const { manager } = this.database;
    const [achievement, credential] = await Promise.all([
      manager.findOneByOrFail(Achievement, { id: award.achievementId }),
      manager.findOneBy(Credential, { awardId: award.id, state: Not<'void'>('void') }),
    ]);
    return {
      ...award,
      badge: award.badgeCode,
      achievementVersion: achievement.version,
      name: achievement.name,
      credential,
      published: credential !== null && (await this.badges.published(credential.publicId)) !== null,
    };
  }

  /** @throws AwardNotFound (`award_not_found`), AwardNotIssued (`award_not_issued`) */
  async issuedAwardOf(caller: Caller, awardId: string): Promise<Award> {
    const award = await this.awardOf(caller, awardId);
    if (award.state !== 'issued') throw new AwardNotIssued(awardId, award.state);
    return award;
  }

  /** @throws BadgeNotShown (`badge_not_shown`) */
  async shownCredentialOf(award: Award): Promise<Credential> {
    const credential = await this.database.manager.findOneBy(Credential, {
      awardId: award.id,
      state: 'signed',
    });
    if (!credential || !(await this.badges.published(credential.publicId))) throw new BadgeNotShown(award.id);
    return credential;
  }

  /** The credentials that stand for the award: more than one while it is issued again. @throws AwardNotIssued */
  async standingCredentials(awardId: string): Promise<string[]> {
    const { credentials } = await this.badges.statusHistory(awardId);
    const standing = credentials.filter(({ state }) => state !== 'void' && state !== 'superseded');
    return standing.length > 0 ? standing.map(({ id }) => id) : [(await this.currentCredential(awardId)).id];
  }

  /** The credential that people see, or will see, or the last one there was. @throws AwardNotIssued (`award_not_issued`) */
  async currentCredential(awardId: string): Promise<StatusHistory['credentials'][number]> {
    const { credentials } = await this.badges.statusHistory(awardId);
    const current =
      credentials.find(({ state }) => state === 'signed') ??
      credentials.filter(({ state }) => state !== 'void').at(-1) ??
      credentials.at(-1);
    if (!current) {
      const { state } = await this.database.manager.findOneByOrFail(Award, { id: awardId });
      throw new AwardNotIssued(awardId, state);
    }
    return current;
  }
}
