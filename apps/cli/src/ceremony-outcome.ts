import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { DomainError } from '#platform';

const asks = 20;
const pauseMs = 500;

/** The database did not say whether the keys of a ceremony are recorded (`ceremony_outcome_unknown`). */
export class CeremonyOutcomeUnknown extends DomainError {
  readonly code = 'ceremony_outcome_unknown';
  readonly text: { fr: string; en: string };
  constructor(file: string, keyIds: string[], cause: unknown) {
    super('The database did not say whether the keys are recorded', { cause, details: { keyIds } });
    const ids = keyIds.join(', ');
    this.text = {
      fr: `La base n’a pas dit si les clés sont enregistrées. Le procès-verbal est gardé : ${file}. Lancez « insigne keys list » : si ${ids} y sont, la cérémonie est faite ; sinon, détruisez ce fichier et recommencez.`,
      en: `The database did not say whether the keys are recorded. The transcript is kept: ${file}. Run "insigne keys list": if ${ids} are there, the ceremony is done; if not, destroy this file and begin again.`,
    };
  }
}

/**
 * Asks the database, on another connection, what became of a transaction whose answer did not come. Keys that are not
 * there yet may still come, so that only a transaction that was rolled back tells that they never will.
 * @param transaction its `pg_current_xact_id()`
 * @returns undefined when the database does not say
 */
export async function areKeysMade(
  database: DataSource,
  transaction: string,
  keyIds: string[],
): Promise<boolean | undefined> {
  for (let asked = 0; asked < asks; asked += 1) {
    if (asked > 0) await sleep(pauseMs);
    try {
      const found: unknown[] = await database.query('select from signing_key where id = any($1)', [keyIds]);
      if (found.length === keyIds.length) return true;
      const [{ status }]: [{ status: string | null }] = await database.query(
        'select pg_xact_status($1::text::xid8) as status',
        [transaction],
      );
      if (status === 'aborted') return false;
    } catch {
      // It may come back.
    }
  }
  return undefined;
}
