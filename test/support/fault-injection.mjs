// Loaded into the real api or worker before its own first line (NODE_OPTIONS=--import=…): makes it die, stand still or
// misread the clock at a point that a test names in INSIGNE_TEST_FAULTS. Nothing of the program refers to it.

import { existsSync, writeSync } from 'node:fs';

const { clockShiftMs, dieAt, stallAt } = JSON.parse(process.env.INSIGNE_TEST_FAULTS ?? '{}');

if (clockShiftMs) shiftClock(clockShiftMs);

const reaches = new Map();
/** @param outboxId of a step: reaches are counted for each batch, since a worker has several at once */
function reached(point, outboxId = '') {
  const times = (reaches.get(point + outboxId) ?? 0) + 1;
  reaches.set(point + outboxId, times);
  if (dieAt?.point === point && dieAt.reach === times) process.kill(process.pid, 'SIGKILL');
  if (stallAt?.point !== point || stallAt.reach !== times) return;
  // Written at once: from here on nothing of this process happens for a while.
  writeSync(2, `stands still at ${point}\n`);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(stallAt.untilFile)) Atomics.wait(clock, 0, 0, 50);
}

/** Says so before each call of a method. */
function watch(type, method, listen) {
  const original = type.prototype[method];
  if (typeof original !== 'function') throw new Error(`${type.name} has no ${method} any more`);
  type.prototype[method] = function (...words) {
    listen(this);
    return original.apply(this, words);
  };
}

/** Hears of each step of a batch, beside whoever else does. */
function listenToSteps(signer) {
  const { steps } = signer;
  if (typeof steps?.reached !== 'function') throw new Error('SignCredentials reports no steps any more');
  if (steps.isOfTest) return;
  signer.steps = {
    isOfTest: true,
    reached: async (step, outboxId) => {
      await steps.reached(step, outboxId);
      reached(step, outboxId);
    },
  };
}

function shiftClock(milliseconds) {
  const RealDate = Date;
  const now = () => RealDate.now() + milliseconds;
  globalThis.Date = class extends RealDate {
    constructor(...words) {
      if (words.length === 0) super(now());
      else super(...words);
    }
    static now() {
      return now();
    }
  };
}

if (dieAt || stallAt) {
  const { IssuanceQueue, SignCredentials, SignStatements } = await import(
    '../../dist/libs/badges/src/index.js'
  );
  watch(IssuanceQueue, 'enqueue', () => reached('before enqueue'));
  watch(SignCredentials, 'run', listenToSteps);
  watch(SignStatements, 'store', () => reached('before statement is stored'));
}

if (dieAt?.point === 'before commit') {
  const { IdempotencyStore } = await import('../../dist/apps/api/src/http/idempotency-store.js');
  watch(IdempotencyStore, 'keep', () => reached('before commit'));
}
