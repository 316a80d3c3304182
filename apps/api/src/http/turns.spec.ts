import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Turns } from './turns.js';

const limits = { atOnce: 4, atOncePerCaller: 2, waitingPerCaller: 50, longestWaitMs: 60_000 };
const here = (): AbortSignal => new AbortController().signal;

describe('turns', () => {
  it('never run more than the limits allow, all come to pass, and each caller’s in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ caller: fc.constantFrom('a', 'b', 'c'), ticks: fc.nat(5) }), { maxLength: 40 }),
        async (arrivals) => {
          const turns = new Turns(limits);
          const running = new Map<string, number>();
          const began: { caller: string; number: number }[] = [];
          const count = (caller: string, by: number): void => {
            running.set(caller, (running.get(caller) ?? 0) + by);
            const all = [...running.values()];
            expect(all.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(limits.atOnce);
            expect(Math.max(...all)).toBeLessThanOrEqual(limits.atOncePerCaller);
          };
          await Promise.all(
            arrivals.map(async ({ caller, ticks }, number) => {
              const end = await turns.take(caller, here());
              began.push({ caller, number });
              count(caller, 1);
              for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
              count(caller, -1);
              end();
            }),
          );
          expect(began).toHaveLength(arrivals.length);
          for (const caller of ['a', 'b', 'c']) {
            const numbers = began.filter((one) => one.caller === caller).map(({ number }) => number);
            expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
          }
        },
      ),
    );
  });

  it('let another caller pass one that has its share running', async () => {
    const turns = new Turns(limits);
    await turns.take('a', here());
    await turns.take('a', here());
    const third = turns.take('a', here());
    await turns.take('b', here());
    expect(await Promise.race([third.then(() => 'began'), sleep(5, 'waits')])).toBe('waits');
  });

  it('are refused when too many of one caller wait, and then for nobody else', async () => {
    const turns = new Turns({ ...limits, waitingPerCaller: 1 });
    const ends = [await turns.take('a', here()), await turns.take('a', here())];
    const waiting = turns.take('a', here());
    await expect(turns.take('a', here())).rejects.toMatchObject({
      status: 503,
      code: 'temporarily_unavailable',
      headers: { 'retry-after': '5' },
    });
    await turns.take('b', here());
    ends[0]!();
    await waiting;
  });

  it('are refused after the longest wait, and take no place afterwards', async () => {
    const turns = new Turns({ ...limits, longestWaitMs: 5 });
    const ends = [await turns.take('a', here()), await turns.take('a', here())];
    await expect(turns.take('a', here())).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    for (const end of ends) end();
    await turns.take('a', here());
    await turns.take('a', here());
  });

  it('are given up by whoever has gone, before or while waiting', async () => {
    const turns = new Turns(limits);
    const ends = [await turns.take('a', here()), await turns.take('a', here())];
    const gone = new AbortController();
    const waiting = turns.take('a', gone.signal);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    await expect(turns.take('b', gone.signal)).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    for (const end of ends) end();
    for (const _ of ends) await turns.take('a', here());
  });

  it('end once, however often that is said', async () => {
    const turns = new Turns({ ...limits, atOnce: 1 });
    const end = await turns.take('a', here());
    end();
    end();
    await turns.take('a', here());
    expect(await Promise.race([turns.take('b', here()).then(() => 'began'), sleep(5, 'waits')])).toBe(
      'waits',
    );
  });
});
