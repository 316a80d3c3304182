import { verifyBadge } from '#verification';
import { corpusWeb } from '../vectors/broken/family.js';
import { now } from '../vectors/world.js';
import { type FuzzInput, Inputs } from './inputs.js';

export interface FuzzRequest {
  /** Number of the first input. */
  from: number;
  count: number;
  /** Told after each so many inputs. */
  onProgress?: (result: FuzzResult) => void;
  /** Is it time to stop early? */
  isOver?: () => boolean;
}

export interface FuzzResult {
  inputs: number;
  verdicts: Record<string, number>;
  kinds: Record<string, number>;
  /** Processor time of the slowest input, in milliseconds, and its number. */
  slowest: { ms: number; number: number };
  /** Highest resident memory of the process, in MiB. */
  mostMemory: number;
  /** What may not happen, with the number of the input that made it. */
  faults: { number: number; kind: string; what: string }[];
}

/** Processor time that one input may take at the most, in milliseconds. */
const mostMs = 3_000;
const progressEvery = 100;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Verifies inputs by number. Nothing may throw; nothing may be authentic or expired but a badge that was really made; no
 * input may take more than three seconds of processor time.
 */
export async function fuzz({ from, count, onProgress, isOver }: FuzzRequest): Promise<FuzzResult> {
  const web = await corpusWeb();
  const inputs = await Inputs.make(web);
  const result: FuzzResult = {
    inputs: 0,
    verdicts: {},
    kinds: {},
    slowest: { ms: 0, number: from },
    mostMemory: 0,
    faults: [],
  };
  // The schemas are compiled at the first badge of all, whatever it is.
  await verifyBadge(inputs.make(4).input, { fetcher: web, now });
  // Asking what a process has used is dear: once an input, so that making the input counts as well.
  let began = cpuMs();
  for (let number = from; number < from + count; number += 1) {
    if (isOver?.()) break;
    const made = inputs.make(number);
    const what = await faultOf(made, inputs, web, result);
    const ended = cpuMs();
    const ms = ended - began;
    began = ended;
    if (ms > result.slowest.ms) result.slowest = { ms: Math.round(ms), number };
    result.inputs += 1;
    result.kinds[made.kind] = (result.kinds[made.kind] ?? 0) + 1;
    const fault = what ?? (ms > mostMs ? `took ${Math.round(ms)} ms` : undefined);
    if (fault) result.faults.push({ number, kind: made.kind, what: fault });
    if (result.inputs % progressEvery === 0) {
      result.mostMemory = Math.max(result.mostMemory, Math.round(process.memoryUsage.rss() / 1_048_576));
      onProgress?.(result);
    }
  }
  return result;
}

async function faultOf(
  { input, web }: FuzzInput,
  inputs: Inputs,
  usual: Awaited<ReturnType<typeof corpusWeb>>,
  result: FuzzResult,
): Promise<string | undefined> {
  try {
    const report = await verifyBadge(input, { fetcher: web ?? usual, now });
    result.verdicts[report.verdict] = (result.verdicts[report.verdict] ?? 0) + 1;
    const isGreen = report.verdict === 'authentic' || report.verdict === 'expired';
    return isGreen && !(await inputs.isGenuine(report, web ?? usual))
      ? `${report.verdict} although it was never made`
      : undefined;
  } catch (error) {
    return `threw ${(error as Error).stack?.slice(0, 400) ?? String(error)}`;
  }
}
