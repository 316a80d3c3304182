import { setTimeout as sleep } from 'node:timers/promises';
import { chainAudit } from '#platform';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import { faultSentences } from './fault-sentences.js';
import type { Site } from './site.js';

const waiting = 'select count(*) from audit_waiting';

/**
 * Gives every event of the audit its line and runs what `insigne check` runs: the chain, the lists with each bit, the
 * archive, digests, proofs and keys (I5, I10).
 * @returns what is wrong, in sentences; none is right
 */
export async function reread(site: Site): Promise<string[]> {
  const { worker, urls } = site.world;
  // A worker that is chaining at this moment is not waited for by `chainAudit`.
  for (let left = 60; left > 0 && (await site.count(waiting)) > 0; left -= 1)
    if ((await chainAudit(worker)) === 0) await sleep(500);
  const unchained = await site.count(waiting);
  const { faults, isComplete, auditLines } = await checkIssued(worker, {
    databaseUrl: urls.workerUrl,
    origin: site.origin,
    archiveFolder: site.archiveFolder,
    scope: {},
  });
  return [
    ...(unchained > 0 ? [`${unchained} events of the audit have no line`] : []),
    ...(isComplete ? [] : ['insigne check did not read everything']),
    ...(auditLines > 0 ? [] : ['the audit chain is empty']),
    ...faultSentences(faults),
  ];
}
