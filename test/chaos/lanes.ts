import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { projectFile } from '#platform';
import type { Outcome } from './outcome.js';

/** Set in the processes that run plans. */
export const laneVariable = 'INSIGNE_CHAOS_LANE';

interface Answer {
  outcomes: Outcome[];
}

/** The report of a plan that did not come to its end: never a pass, because nothing is known. */
export const didNotEnd = (id: string, engine: string, why: string): Outcome => ({
  id,
  engine,
  fault: id,
  happened: `did not end: ${why.slice(0, 2_000)}`,
  count: 0,
  findings: {
    promised: 0,
    signed: 0,
    refused: 0,
    toRefuse: 0,
    cancelled: 0,
    lost: Number.NaN,
    doubled: Number.NaN,
    verified: 0,
    verifiedOutside: 0,
    signedAgain: 0,
    broken: ['the scenario did not end'],
  },
});

interface Task {
  key: string;
  id: string;
  engine: string;
}

/**
 * Runs plans beside each other, each lane a process of its own, because a process has one queue engine. A lane that
 * dies fails its plan only.
 * @param environment of a lane, by its number from 0
 */
export async function inLanes<T extends Task>(
  tasks: T[],
  lanes: number,
  environment: (lane: number) => Record<string, string>,
  around: (task: T, run: () => Promise<Outcome[]>) => Promise<void>,
): Promise<void> {
  const left = [...tasks];
  const lane = async (number: number): Promise<void> => {
    let child: ChildProcess | undefined;
    for (let task = left.shift(); task; task = left.shift()) {
      const { key, id, engine } = task;
      await around(task, async () => {
        if (!child?.connected) child = startLane(environment(number));
        return await answerOf(child, key).catch((error: Error) => [didNotEnd(id, engine, error.message)]);
      });
    }
    if (!child?.connected) return;
    // Node never says 'close' of a child whose channel was closed on this side.
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
  await Promise.all(Array.from({ length: Math.min(lanes, tasks.length) }, (_, number) => lane(number)));
}

function startLane(environment: Record<string, string>): ChildProcess {
  const child = fork(projectFile('dist', 'test', 'chaos', 'main.js'), process.argv.slice(2), {
    env: { ...process.env, ...environment },
    execArgv: ['--enable-source-maps'],
  });
  const end = (): void => void child.kill();
  process.once('exit', end);
  child.once('close', () => process.off('exit', end));
  return child;
}

async function answerOf(child: ChildProcess, key: string): Promise<Outcome[]> {
  child.send(key);
  const ended = new AbortController();
  try {
    const [answer] = (await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      once(child, 'close', { signal: ended.signal }).then(([code, signal]) => {
        throw new Error(`its process ended with ${signal ?? code}`);
      }),
    ])) as [Answer];
    return answer.outcomes;
  } finally {
    ended.abort();
  }
}

/** In a lane: runs each plan that it is told, and ends with who told it. */
export async function serveLane(run: (key: string) => Promise<Outcome[]>): Promise<void> {
  process.on('message', (key: string) => void run(key).then((outcomes) => process.send!({ outcomes })));
  await once(process, 'disconnect');
}
