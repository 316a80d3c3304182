import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { familyCpu, parentOf, processCpu } from '../bench/cpu.js';

const spend = (milliseconds: number): void => {
  const before = process.cpuUsage();
  for (let used = 0; used < milliseconds * 1000; ) {
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
};

describe('the CPU that the bench counts', () => {
  it('of a process is what the process itself counts, and grows by what it does', () => {
    const before = processCpu(process.pid);
    spend(200);
    expect(processCpu(process.pid) - before).toBeGreaterThanOrEqual(180);
    const { user, system } = process.cpuUsage();
    expect(Math.abs(processCpu(process.pid) - (user + system) / 1000)).toBeLessThan(100);
  });

  it('of a family has the children in it, those that ended too', async () => {
    const before = familyCpu(process.pid);
    const child = spawn(process.execPath, [
      '-e',
      'const b = process.cpuUsage(); while (process.cpuUsage(b).user < 200000);',
    ]);
    expect(parentOf(child.pid!)).toBe(process.pid);
    await once(child, 'close');
    expect(familyCpu(process.pid) - before).toBeGreaterThanOrEqual(180);
  });

  it('of a process that does not exist is nothing', () => {
    expect([processCpu(2 ** 22 + 1), familyCpu(2 ** 22 + 1), parentOf(2 ** 22 + 1)]).toEqual([0, 0, 0]);
  });
});
