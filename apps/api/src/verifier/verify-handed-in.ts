import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform';
import {
  type BadgeReport,
  badgeOfFile,
  badgeOfText,
  Fetcher,
  KeyDocuments,
  type KnownIssuers,
  onlyBadge,
  type Recipient,
  type StatusRegister,
  verifyBadge,
} from '#verification';
import { HttpSettings } from '../http/settings.js';
import { knownIssuers } from '../v1/known-issuers.js';
import { statusRegister } from '../v1/status-register.js';

/** What somebody handed in: a text that may be an address, a file, or a badge itself. */
export type HandedIn = { text: string } | { file: Buffer } | { badge: string | object };

/** Verifies what was handed in, for the page and the API alike; keeps nothing of it. */
@Injectable()
export class VerifyHandedIn {
  private readonly known: KnownIssuers;
  private readonly register: StatusRegister;
  private readonly keyDocuments = new KeyDocuments();

  constructor(
    private readonly settings: HttpSettings,
    private readonly clock: Clock,
    private readonly fetcher: Fetcher,
    database: DataSource,
  ) {
    this.known = knownIssuers(database, settings.origin);
    this.register = statusRegister(database, settings.origin);
  }

  /**
   * @param recipient whose badge it should be
   * @throws NothingToVerify (`not_a_badge`, `paper_handed_in`, `address_unreachable`, `badge_gone`,
   *   `no_badge_in_picture`, `qr_without_address`), PictureTooLarge (`picture_too_large`)
   */
  async run(given: HandedIn, recipient?: Recipient): Promise<BadgeReport> {
    const { fetcher, keyDocuments, known, register } = this;
    return verifyBadge(onlyBadge(await this.badgeIn(given)), {
      fetcher,
      now: this.clock.now(),
      origin: this.settings.origin,
      keyDocuments,
      knownIssuers: known,
      register,
      recipient,
    });
  }

  private async badgeIn(given: HandedIn): Promise<Buffer | string | object> {
    if ('badge' in given) return given.badge;
    return 'file' in given ? badgeOfFile(given.file, this.fetcher) : badgeOfText(given.text, this.fetcher);
  }
}
