import { Counter } from 'prom-client';
import type { MakeKeysAhead } from '#badges';
import { logger } from '#platform';
import { EverySecond } from './every-second.js';

const log = logger('keys-ahead');
// A pair of keys is made before it is found that nobody can wrap them.
const restMs = 60_000;

const madeTotal = new Counter({
  name: 'insigne_keys_made_ahead_total',
  help: 'Structures whose first keys were made before their first badge',
});

/** Makes first keys while nothing waits to be signed: those of one structure a second at most. */
export class KeysAheadWorker extends EverySecond {
  private restsUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly ahead: Pick<MakeKeysAhead, 'run'>) {
    super(log, 'keys not made ahead; the first badge makes them, or a later look');
  }

  protected async look(): Promise<void> {
    if (performance.now() < this.restsUntil) return;
    try {
      const organisationId = await this.ahead.run();
      if (organisationId === undefined) return;
      madeTotal.inc();
      log.info({ organisationId }, 'first keys made');
    } catch (error) {
      this.restsUntil = performance.now() + restMs;
      throw error;
    }
  }
}
