import { corpusWeb } from '../vectors/broken/family.js';
import { handIn, Made } from './doors.js';
import { type FuzzInput, Inputs } from './inputs.js';

export interface FuzzRequest {
  /** Number of the first input. */
  from: number;
  count: number;
  /** Processor time that one input may take at the most, in milliseconds. */
  mostMs?: number;
  /** Told after each so many inputs. */
  onProgress?: (result: FuzzResult) => void;
  /** Is it time to stop early? */
  isOver?: () => boolean;
}

export interface FuzzResult {
  inputs: number;
  /** Of each kind (door and form) how many had which answer. */
  kinds: Record<string, Record<string, number>>;
  /** Processor time of the slowest input, in milliseconds, and its number. */
  slowest: { ms: number; number: number };
  /** Highest resident memory of the process, in MiB. */
  mostMemory: number;
  /** What may not happen, with the number of the input that made it. */
  faults: { number: number; kind: string; what: string }[];
}

const progressEvery = 100;
/** Verifying one of each form again takes as long as a hundred inputs. */
const harmEvery = 5_000;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** How many had which answer, whatever their kind. */
export function verdictsOf(kinds: FuzzResult['kinds']): Record<string, number> {
  const total: Record<string, number> = {};
  for (const row of Object.values(kinds))
    for (const [verdict, count] of Object.entries(row)) total[verdict] = (total[verdict] ?? 0) + count;
  return total;
}

/** How many inputs in a row have every kind at least once, and which kinds there are. */
export async function kindsOfInputs(): Promise<{ round: number; kinds: string[] }> {
  const { roundLength, kinds } = await Inputs.make(await corpusWeb());
  return { round: roundLength, kinds };
}

/**
 * Hands inputs in by number, each at its door. Nothing may throw; nothing may be green (authentic, expired, verified) but
 * what was really made; what was really made must be green after whatever came between; no input may take more than three
 * seconds of processor time.
 */
export async function fuzz({
  from,
  count,
  mostMs = 3_000,
  onProgress,
  isOver,
}: FuzzRequest): Promise<FuzzResult> {
  const web = await corpusWeb();
  const inputs = await Inputs.make(web);
  // Verifies one of each form as it is; the schemas are compiled then, too.
  const made = await Made.of(inputs.samples, web);
  const result: FuzzResult = {
    inputs: 0,
    kinds: {},
    slowest: { ms: 0, number: from },
    mostMemory: 0,
    faults: [],
  };
  // Asking what a process has used is dear: once an input, so that making the input counts as well.
  let began = cpuMs();
  for (let number = from; number < from + count; number += 1) {
    if (isOver?.()) break;
    const input = inputs.make(number);
    const { verdict, fault: what } = await answerTo(input, made, input.web ?? web);
    const ended = cpuMs();
    const ms = ended - began;
    began = ended;
    if (ms > result.slowest.ms) result.slowest = { ms: Math.round(ms), number };
    result.inputs += 1;
    result.kinds[input.kind] ??= {};
    const row = result.kinds[input.kind]!;
    row[verdict] = (row[verdict] ?? 0) + 1;
    const fault = what ?? (ms > mostMs ? `took ${Math.round(ms)} ms` : undefined);
    if (fault) result.faults.push({ number, kind: input.kind, what: fault });
    if (result.inputs % progressEvery === 0) {
      result.mostMemory = Math.max(result.mostMemory, Math.round(process.memoryUsage.rss() / 1_048_576));
      onProgress?.(result);
    }
    if (result.inputs % harmEvery === 0) await lookForHarm(made, number, result);
  }
  await lookForHarm(made, from + result.inputs - 1, result);
  return result;
}

/** An input may do harm that shows in others alone: what was sound must be sound after it. */
async function lookForHarm(made: Made, number: number, result: FuzzResult): Promise<void> {
  const harmed = await made.harmed();
  if (harmed)
    result.faults.push({ number, kind: 'harm', what: `${harmed}, through this input or one before` });
}

async function answerTo(
  input: FuzzInput,
  made: Made,
  web: Awaited<ReturnType<typeof corpusWeb>>,
): Promise<{ verdict: string; fault?: string }> {
  try {
    const { verdict, green } = await handIn(input, web);
    for (const one of green)
      if (!(await made.has(one, web))) return { verdict, fault: `${verdict} although it was never made` };
    return { verdict };
  } catch (error) {
    return { verdict: 'threw', fault: `threw ${(error as Error).stack?.slice(0, 400) ?? String(error)}` };
  }
}
