import { Counter } from 'prom-client';
import type { SignOb2Editions } from '#badges';
import { logger } from '#platform';
import { EverySecond } from './every-second.js';

const log = logger('ob2-worker');

const signedTotal = new Counter({
  name: 'insigne_ob2_signed_total',
  help: 'Signed Open Badges 2.0 forms that somebody asked for',
});

/** Signs the Open Badges 2.0 forms that were asked for. */
export class Ob2Worker extends EverySecond {
  constructor(private readonly editions: SignOb2Editions) {
    super(log, 'signed forms not made');
  }

  protected async look(): Promise<void> {
    const signed = await this.editions.signWaiting();
    signedTotal.inc(signed);
    if (signed > 0) log.info({ signed }, 'signed forms made');
  }
}
