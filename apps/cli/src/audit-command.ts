import { chainLines, DomainError } from '#platform';
import { openCheckDatabase } from './check/check-database.js';
import { connectInstance } from './instance.js';
import { tellOnStderr } from './terminal.js';
import type { Words } from './words/command-words.js';

/** No head was published for this day (`audit_day_unknown`). */
class AuditDayUnknown extends DomainError {
  readonly code = 'audit_day_unknown';
  constructor(day: string) {
    super(
      `Aucune empreinte publiée pour le ${day} (UTC) : voyez la page /audit. / No fingerprint was published for ${day} (UTC): see the page /audit.`,
    );
  }
}

/**
 * `insigne audit export`: the audit chain for somebody who makes its hashes again. Each line of stdout is number, hash
 * and event, parted by tabs; with `--until` up to the line that the head of that day names.
 * @returns 0
 * @throws AuditDayUnknown (`audit_day_unknown`)
 */
export async function auditCommand({ values }: Words): Promise<number> {
  const { data, port, origin, until } = values as Record<string, string | undefined>;
  const instance = await connectInstance({ data, port, origin }, process.env, tellOnStderr);
  try {
    const database = await openCheckDatabase(instance.workerUrl);
    try {
      let last: number | undefined;
      if (until !== undefined) {
        const [head]: { seq: string }[] = await database.query(
          'select seq from audit_head where day::text = $1',
          [until],
        );
        if (!head) throw new AuditDayUnknown(until);
        last = Number(head.seq);
      }
      for await (const lines of chainLines(database, last))
        console.log(lines.map(({ seq, hash, text: event }) => `${seq}\t${hash}\t${event}`).join('\n'));
      return 0;
    } finally {
      await database.destroy();
    }
  } finally {
    await instance.close();
  }
}
