import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '#platform';

const parent = mkdtempSync(join(tmpdir(), 'insigne prepare '));
afterAll(() => rmSync(parent, { recursive: true }));

// Stands where npm does: notes each call and installs one package, or fails.
const npm = `
  const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('calls.txt', process.argv.slice(2).join(' ') + '\\n');
  if (process.env.NPM_FAILS) process.exit(7);
  setTimeout(() => {
    mkdirSync('node_modules', { recursive: true });
    const packages = { 'node_modules/a': { version: '1.0.0' } };
    writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
  }, 300);`;
// Stands where Nest's builder does.
const nest = `
  const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('builds.txt', 'built\\n');
  if (process.env.NEST_FAILS) process.exit(1);
  mkdirSync('dist/apps/cli/src', { recursive: true });
  mkdirSync('dist/libs', { recursive: true });
  writeFileSync('dist/apps/cli/src/main.js', '');
  if (existsSync('apps/cli/src/extra.ts')) writeFileSync('dist/apps/cli/src/extra.js', '');`;

let number = 0;
/** A checkout with the real tools/prepare.mjs, one source file, and one package in its lock. */
function aCheckout(): string {
  number += 1;
  const root = join(parent, `a clone ${number}`);
  mkdirSync(join(root, 'tools'), { recursive: true });
  cpSync(projectFile('tools', 'prepare.mjs'), join(root, 'tools', 'prepare.mjs'));
  writeFileSync(join(root, 'npm.js'), npm);
  writeLock(root, '1.0.0');
  mkdirSync(join(root, 'libs'));
  mkdirSync(join(root, 'apps', 'cli', 'src'), { recursive: true });
  writeFileSync(join(root, 'apps', 'cli', 'src', 'main.ts'), 'export {};');
  const bin = join(root, 'node_modules', '@nestjs', 'cli', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'nest.js'), nest);
  return root;
}
const writeLock = (root: string, version: string): void =>
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': { version: '0.1.0' }, 'node_modules/a': { version } } }),
  );

interface Ended {
  code: number;
  said: string;
}
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs `install` or `build` of a checkout in a process of its own. */
function run(
  root: string,
  what: 'install' | 'build',
  environment: Record<string, string> = {},
): Promise<Ended> {
  const script = `import { ${what} } from './tools/prepare.mjs';
    try { await ${what}(); } catch (error) {
      if (!error.sentence) throw error;
      console.error(error.sentence);
      process.exitCode = 1;
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    env: { PATH: process.env.PATH, npm_execpath: join(root, 'npm.js'), ...environment },
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => {
      said += part.toString();
    });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, said })));
}
const lines = (root: string, name: string): string[] =>
  existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8').trim().split('\n') : [];

describe('installing the packages', () => {
  it('runs npm ci once, and not again until the lock file changes', async () => {
    const root = aCheckout();
    expect((await run(root, 'install')).code).toBe(0);
    expect(lines(root, 'calls.txt')).toEqual([
      'ci --no-audit --no-fund --loglevel=error --include=dev --include=optional',
    ]);
    expect(await run(root, 'install')).toEqual({ code: 0, said: '' });
    expect(lines(root, 'calls.txt')).toHaveLength(1);
    writeLock(root, '1.0.1');
    await run(root, 'install');
    expect(lines(root, 'calls.txt')).toHaveLength(2);
  });

  it('believes what somebody installed by hand, when it is what the lock file asks for', async () => {
    const root = aCheckout();
    const installed = join(root, 'node_modules', '.package-lock.json');
    const write = (version: string) =>
      writeFileSync(installed, JSON.stringify({ packages: { 'node_modules/a': { version } } }));
    write('1.0.0');
    expect(await run(root, 'install')).toEqual({ code: 0, said: '' });
    expect(lines(root, 'calls.txt')).toEqual([]);
    write('0.9.0');
    await run(root, 'install');
    expect(lines(root, 'calls.txt')).toHaveLength(1);
  });

  it('that fails says so in both languages, and is tried again the next time', async () => {
    const root = aCheckout();
    const { code, said } = await run(root, 'install', { NPM_FAILS: 'yes' });
    expect(code).toBe(1);
    expect(said).toContain('L’installation des paquets a échoué (npm ci ended with code 7)');
    expect(said).toContain('Then run the same command again.');
    expect(said).not.toContain('    at ');
    expect((await run(root, 'install')).code).toBe(0);
    expect(lines(root, 'calls.txt')).toHaveLength(2);
  });

  it('ends with whoever is asked to end, and leaves nobody at work in the folder', async () => {
    const root = aCheckout();
    writeFileSync(
      join(root, 'npm.js'),
      "require('node:fs').writeFileSync('npm.pid', String(process.pid)); setInterval(() => {}, 1_000);",
    );
    const ended = run(root, 'install');
    const file = join(root, 'npm.pid');
    while (!existsSync(file) || readFileSync(file, 'utf8') === '')
      await new Promise((r) => setTimeout(r, 20));
    running.at(-1)!.kill('SIGTERM');
    expect((await ended).code).toBe(1);
    expect(() => process.kill(Number(readFileSync(file, 'utf8')), 0)).toThrow('ESRCH');
    expect(existsSync(join(root, 'dist', '.lock'))).toBe(false);
  });

  it('is done by one of two that come at once; the other waits and finds it done', async () => {
    const root = aCheckout();
    const ended = await Promise.all([run(root, 'install'), run(root, 'install'), run(root, 'install')]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(lines(root, 'calls.txt')).toHaveLength(1);
    expect(existsSync(join(root, 'dist', '.lock'))).toBe(false);
  });

  it.each([
    ['a process that has ended', String(2 ** 22 + 1)],
    ['nobody, long ago', ''],
  ])('does not wait for the lock of %s', async (_, content) => {
    const root = aCheckout();
    const lock = join(root, 'dist', '.lock');
    mkdirSync(join(root, 'dist'));
    writeFileSync(lock, content);
    utimesSync(lock, new Date(0), new Date(0));
    expect((await run(root, 'install')).code).toBe(0);
    expect(lines(root, 'calls.txt')).toHaveLength(1);
  });

  it('never installs through a link into somebody else’s folder', async () => {
    const root = aCheckout();
    rmSync(join(root, 'node_modules'), { recursive: true });
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'node_modules'));
    const { code, said } = await run(root, 'install');
    expect([code, lines(root, 'calls.txt')]).toEqual([1, []]);
    expect(said).toContain('node_modules is a link and out of date');
  });
});

describe('building', () => {
  it('is done when a source has changed, and only then', async () => {
    const root = aCheckout();
    const main = join(root, 'apps', 'cli', 'src', 'main.ts');
    await run(root, 'build');
    expect(await run(root, 'build')).toEqual({ code: 0, said: '' });
    expect(lines(root, 'builds.txt')).toHaveLength(1);
    // Touched, not changed.
    utimesSync(main, new Date(), new Date());
    await run(root, 'build');
    expect(lines(root, 'builds.txt')).toHaveLength(1);
    writeFileSync(main, 'export const changed = 1;');
    await run(root, 'build');
    expect(lines(root, 'builds.txt')).toHaveLength(2);
  });

  it('leaves nothing of a source that is gone', async () => {
    const root = aCheckout();
    const extra = join(root, 'apps', 'cli', 'src', 'extra.ts');
    const built = join(root, 'dist', 'apps', 'cli', 'src', 'extra.js');
    writeFileSync(extra, 'export {};');
    await run(root, 'build');
    expect(existsSync(built)).toBe(true);
    utimesSync(built, new Date(0), new Date(0));
    rmSync(extra);
    await run(root, 'build');
    expect(existsSync(built)).toBe(false);
  });

  it('keeps what it made when the clock of the drive is hours behind this machine’s', async () => {
    const root = aCheckout();
    writeFileSync(join(root, 'hours-ahead.mjs'), 'const now = Date.now; Date.now = () => now() + 36e5;');
    const { code } = await run(root, 'build', { NODE_OPTIONS: '--import=./hours-ahead.mjs' });
    expect([code, existsSync(join(root, 'dist', 'apps', 'cli', 'src', 'main.js'))]).toEqual([0, true]);
  });

  it('that fails is a refusal, and is not taken for done the next time', async () => {
    const root = aCheckout();
    const { code, said } = await run(root, 'build', { NEST_FAILS: 'yes' });
    expect([code, said]).toEqual([1, expect.stringContaining('The build failed')]);
    expect((await run(root, 'build')).code).toBe(0);
    expect(lines(root, 'builds.txt')).toHaveLength(2);
  });
});
