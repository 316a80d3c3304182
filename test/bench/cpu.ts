import { existsSync, readdirSync, readFileSync } from 'node:fs';

// The kernel counts in hundredths of a second, whatever its own clock.
const tickMs = 10;

interface ProcessTimes {
  parent: number;
  /** Milliseconds of CPU of the process itself. */
  own: number;
  /** Milliseconds of CPU of children that have ended. */
  ended: number;
}

/** What the kernel says of a process, or nothing when it has ended or the system has no /proc. */
function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = (from: number): number => Number(fields[from]) + Number(fields[from + 1]);
    return { parent: Number(fields[1]), own: ticks(11) * tickMs, ended: ticks(13) * tickMs };
  } catch {
    return undefined;
  }
}

/** Milliseconds of CPU that a process has used, all its threads together; 0 where there is no /proc. */
export const processCpu = (pid: number): number => timesOf(pid)?.own ?? 0;

/** The same of a process and of all its children, those that have ended among them. */
export function familyCpu(pid: number): number {
  const parent = timesOf(pid);
  if (!parent) return 0;
  let sum = parent.own + parent.ended;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = timesOf(Number(name));
    if (times?.parent === pid) sum += times.own;
  }
  return sum;
}

/** The same of a process and of all that descends from it, PostgreSQL's servers of connections among them. */
export function treeCpu(pid: number): number {
  const children = new Map<number, number[]>();
  const times = new Map<number, ProcessTimes>();
  for (const name of existsSync('/proc') ? readdirSync('/proc') : []) {
    const own = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined;
    if (!own) continue;
    times.set(Number(name), own);
    children.set(own.parent, [...(children.get(own.parent) ?? []), Number(name)]);
  }
  const sumOf = (one: number): number => {
    const { own, ended } = times.get(one) ?? { own: 0, ended: 0 };
    return (children.get(one) ?? []).reduce((sum, child) => sum + sumOf(child), own + ended);
  };
  return sumOf(pid);
}

/** The process that started this one; 0 where there is no /proc. */
export const parentOf = (pid: number): number => timesOf(pid)?.parent ?? 0;
