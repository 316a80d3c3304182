import type { Fault } from '../../apps/cli/src/check/faults.js';

const examples = 3;

/** One sentence for each kind of fault, with its number and some of what it is about. */
export function faultSentences(faults: Fault[]): string[] {
  const byCode = new Map<string, Fault[]>();
  for (const fault of faults) byCode.set(fault.code, [...(byCode.get(fault.code) ?? []), fault]);
  return [...byCode].map(([code, same]) => {
    const shown = same.slice(0, examples).map(({ ids }) => JSON.stringify(ids));
    return `insigne check: ${code} ${same.length} times, for example ${shown.join(', ')}`;
  });
}
