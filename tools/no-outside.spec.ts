import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const guard = pathToFileURL(join(import.meta.dirname, '..', 'test', 'support', 'no-outside.mjs')).href;
const run = promisify(execFile);

/** Runs a line of program in a process that may not leave the machine; what it prints. The run is told nothing of it. */
async function guarded(line: string): Promise<string> {
  const { INSIGNE_TEST_OUTSIDE: _, ...env } = process.env;
  const words = [`--import=${guard}`, '--input-type=module', '-e', line];
  return (await run(process.execPath, words, { env })).stdout;
}

describe('a process of the tests', () => {
  it.each([
    [
      "import net from 'node:net'; net.connect(443, '8.8.8.8').on('error', (e) => console.log(e.message))",
      'connection to 8.8.8.8',
    ],
    [
      "import https from 'node:https'; https.get('https://8.8.8.8/').on('error', (e) => console.log(e.message))",
      'connection to 8.8.8.8',
    ],
    ["fetch('https://insigne.dev/').catch((e) => console.log(e.cause.message))", 'name insigne.dev'],
    [
      "import { lookup } from 'node:dns/promises'; lookup('insigne.dev').catch((e) => console.log(e.message))",
      'name insigne.dev',
    ],
    [
      "import net from 'node:net'; net.connect({ host: 'insigne.dev', port: 443, lookup: (_n, _h, done) => done(null, [{ address: '8.8.8.8', family: 4 }]), autoSelectFamily: true }).on('error', (e) => console.log(e.message))",
      'connection to insigne.dev, 8.8.8.8',
    ],
    [
      "import dgram from 'node:dgram'; const s = dgram.createSocket('udp4'); try { s.send('x', 53, '8.8.8.8'); } catch (e) { console.log(e.message); } s.close()",
      'datagram to 8.8.8.8',
    ],
  ])('cannot leave the machine: %s', async (line, told) => {
    expect(await guarded(line)).toContain(`A test tried to leave this machine: ${told}`);
  });

  it('is told without asking anybody that a name of nobody does not exist', async () => {
    const line =
      "import { lookup } from 'node:dns/promises'; lookup('badges.example').catch((e) => console.log(e.code))";
    expect(await guarded(line)).toBe('ENOTFOUND\n');
  });

  it('reaches its own machine', async () => {
    const line =
      "import net from 'node:net'; const s = net.createServer((c) => c.end('here')).listen(0, '127.0.0.1', () => net.connect(s.address().port, 'localhost').on('data', (d) => { console.log(String(d)); s.close(); }))";
    expect(await guarded(line)).toBe('here\n');
  });
});
