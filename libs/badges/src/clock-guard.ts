import type { DataSource } from 'typeorm';
import { DomainError } from '#platform';

/** Dates of credentials come from the database's clock; a process further off judges them wrongly. */
const toleranceMs = 30_000;

/** The clock of this machine is too far from the database's (`clock_drift`); `details.seconds` says how far. */
export class ClockDrift extends DomainError {
  readonly code = 'clock_drift';
  override readonly isPassing = true;
  constructor(driftMs: number) {
    const seconds = Math.round(driftMs / 1000);
    super(
      `L’horloge de cette machine diffère de ${seconds} s de celle de la base : réglez-la (NTP). / ` +
        `The clock of this machine is ${seconds} s away from the database's: set it (NTP).`,
      { details: { seconds } },
    );
  }
}

/**
 * Compares this machine's clock with the database's.
 * @throws ClockDrift (`clock_drift`) when they are more than 30 s apart, whatever the answer's way took
 */
export async function assertClock(database: DataSource): Promise<void> {
  const before = Date.now();
  const [{ now }]: [{ now: Date }] = await database.query('select clock_timestamp() as now');
  const after = Date.now();
  const drift = Math.max(before - now.getTime(), now.getTime() - after);
  if (drift > toleranceMs) throw new ClockDrift(before > now.getTime() ? drift : -drift);
}
