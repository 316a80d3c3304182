import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginningOf, isRunning } from './process.js';

/** Who holds a lock: the process, when it began, and what it is doing in a word. */
export interface LockHolder {
  pid: number;
  began: string;
  purpose: string;
}

const abandonedMs = 10_000;

/** The living holder of a lock file, or undefined when nobody holds it. */
function lockHolder(file: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
    return isRunning(holder.pid) && beginningOf(holder.pid) === holder.began ? holder : undefined;
  } catch {
    return undefined;
  }
}

function tryLock(file: string, purpose: string): boolean {
  const mine = `${file}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, began: beginningOf(process.pid), purpose }));
  try {
    // A hard link is made whole or not at all: nobody ever reads half a lock.
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * Removes a lock whose holder is gone. Only one process at a time may: while the old file stands nobody can take the
 * lock, so what is found stale under the guard is still stale when it is removed.
 */
function removeStale(file: string): void {
  const guard = `${file}.removal`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
    // Whoever removes needs microseconds: one that is seconds old was left by a process that died with it.
    if (made !== undefined && Date.now() - made > abandonedMs)
      rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (!lockHolder(file)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/**
 * Takes a lock file that falls back by itself when its holder dies.
 * @param waitMs how long to wait for another holder (default 0)
 * @param until asked while waiting: true gives up at once
 * @returns the function that gives the lock back, or the holder that has it
 */
export async function takeLock(
  file: string,
  purpose: string,
  waitMs = 0,
  until: () => boolean = () => false,
): Promise<{ release: () => void } | { holder: LockHolder }> {
  const end = Date.now() + waitMs;
  for (;;) {
    if (tryLock(file, purpose)) return { release: () => rmSync(file, { force: true }) };
    const holder = lockHolder(file);
    if (!holder) {
      removeStale(file);
      await sleep(1);
    } else if (Date.now() >= end || until()) return { holder };
    else await sleep(50);
  }
}
