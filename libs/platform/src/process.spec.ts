import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { beginningOf, freePort, hasGone, isRunning, portIsFree, signal } from './process.js';

const children: ChildProcess[] = [];
const servers: Server[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) server.close();
});

const unused = 2 ** 22 + 1;

/** A process that lives until it is ended. */
async function aProcess(code = 'setInterval(() => {}, 1000)'): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', `${code}; console.log("here")`]);
  children.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

async function listening(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as { port: number }).port;
}

describe('a process', () => {
  it('runs until it has ended', async () => {
    const { pid } = await aProcess();
    expect([isRunning(process.pid), isRunning(pid), isRunning(unused)]).toEqual([true, true, false]);
    signal(pid, 'SIGTERM');
    expect(await hasGone(pid, 30_000)).toBe(true);
    expect(isRunning(pid)).toBe(false);
  });

  it('that does not listen to SIGTERM is still there, and SIGKILL ends it', async () => {
    const { pid } = await aProcess('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
    signal(pid, 'SIGTERM');
    expect(await hasGone(pid, 50)).toBe(false);
    signal(pid, 'SIGKILL');
    expect(await hasGone(pid, 30_000)).toBe(true);
  });

  it('is told from a later one with the same id by its beginning', async () => {
    const { pid } = await aProcess();
    expect(beginningOf(pid)).toBe(beginningOf(pid));
    expect(beginningOf(pid)).not.toBe('');
    expect(beginningOf(unused)).toBe('');
    if (process.platform === 'linux') expect(beginningOf(pid)).not.toBe(beginningOf(process.pid));
  });

  it('may be named with spaces and brackets: its beginning is still read', async () => {
    const { pid } = await aProcess('process.title = ") S 1 (x"; setInterval(() => {}, 1000)');
    expect(beginningOf(pid)).toMatch(process.platform === 'linux' ? /^\d{2,}$/ : /./);
  });

  it('that has gone gets a signal without an error', () => {
    expect(() => signal(unused, 'SIGTERM')).not.toThrow();
  });

  it('is not signalled with a signal that does not exist', () => {
    expect(() => signal(process.pid, 'SIGNONE' as never)).toThrow();
  });
});

describe('a port', () => {
  it('is free until somebody listens, on that address', async () => {
    const port = await listening('127.0.0.1');
    expect(await portIsFree(port, '127.0.0.1')).toBe(false);
    expect(await portIsFree(port)).toBe(false);
    expect(await portIsFree(await freePort(), '127.0.0.1')).toBe(true);
  });

  it('is the wanted one when it is free, else another', async () => {
    const wanted = await freePort();
    expect(await freePort(wanted)).toBe(wanted);
    const taken = await listening('127.0.0.1');
    const other = await freePort(taken);
    expect(other).not.toBe(taken);
    expect(other).toBeGreaterThan(0);
  });

  it('asked about on an address that is not this machine’s is an error, not an answer', async () => {
    await expect(portIsFree(4180, '203.0.113.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
