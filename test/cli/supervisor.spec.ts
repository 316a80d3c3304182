import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFile } from '#platform';
import { freePort, isRunning, Supervised } from '../../libs/platform/src/processes.js';
import { eventually } from '../support/service-process.js';

const folder = mkdtempSync(join(tmpdir(), 'insigne supervisor '));
const running: Supervised[] = [];
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const one of running) one.kill();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 100 });
});

/** A program that answers 200 on PORT, and what it does besides. */
const answering = (more = ''): string =>
  `import http from 'node:http';
   http.createServer((q, r) => r.end(JSON.stringify(process.env))).listen(+process.env.PORT, '127.0.0.1');
   ${more}`;

let number = 0;
async function supervised(
  code: string,
  given: { environment?: Record<string, string>; logFile?: string } = {},
): Promise<{ one: Supervised; told: string[]; logFile: string; url: string }> {
  number += 1;
  const program = join(folder, `program-${number}.mjs`);
  writeFileSync(program, code);
  const port = String(await freePort());
  const logFile = given.logFile ?? join(folder, `program-${number}.log`);
  const told: string[] = [];
  const url = `http://127.0.0.1:${port}/`;
  const one = new Supervised({
    name: 'thing',
    program,
    environment: { PORT: port, ...given.environment },
    logFile,
    readyUrl: url,
    tell: ({ en }) => told.push(en),
    readyMs: 60_000,
    pauseMs: 10,
  });
  running.push(one);
  return { one, told, logFile, url };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
const isTrue = (value: boolean): boolean => value;

describe('a supervised program', () => {
  it('is there when start returns, and gone when stop returns', async () => {
    const { one, url, told } = await supervised(answering());
    await one.start();
    const pid = one.pid!;
    expect(await answers(url)).toBe(true);
    await one.stop(30_000);
    expect([isRunning(pid), await answers(url), told]).toEqual([false, false, []]);
  });

  it('gets the variables it is given and not the secrets of who starts it', async () => {
    process.env.INSIGNE_OTHER_SECRET = 'of somebody else';
    try {
      const { one, url } = await supervised(answering(), { environment: { OWN: 'its own' } });
      await one.start();
      const seen = (await (await fetch(url)).json()) as Record<string, string>;
      expect(seen).toMatchObject({ OWN: 'its own', PATH: process.env.PATH });
      expect(JSON.stringify(seen)).not.toContain('of somebody else');
      await one.stop(30_000);
    } finally {
      delete process.env.INSIGNE_OTHER_SECRET;
    }
  });

  it('is started again each time it is killed, and says how it ended', async () => {
    const { one, url, told } = await supervised(answering());
    await one.start();
    for (let i = 0; i < 3; i += 1) {
      const before = one.pid!;
      process.kill(before, 'SIGKILL');
      await eventually(() => Promise.resolve(one.pid !== before), isTrue, 200_000);
      await eventually(() => answers(url), isTrue, 200_000);
    }
    expect(told.filter((line) => line.startsWith('thing ended (SIGKILL)'))).toHaveLength(3);
    // Each pause is twice the one before.
    expect(told.map((line) => /again in ([\d.]+) s/.exec(line)?.[1])).toEqual(['0.01', '0.02', '0.04']);
    await one.stop(30_000);
  });

  it('is not started again once it was told to stop', async () => {
    const { one, url, told } = await supervised(answering());
    await one.start();
    process.kill(one.pid!, 'SIGKILL');
    await eventually(() => Promise.resolve(told.length > 0), isTrue, 200_000);
    await one.stop(30_000);
    const last = one.pid;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([one.pid, await answers(url)]).toEqual([last, false]);
  });

  it('that does not hear SIGTERM is ended by force, and that is told', async () => {
    const { one, told } = await supervised(answering(`process.on('SIGTERM', () => {});`));
    await one.start();
    const pid = one.pid!;
    await one.stop(200);
    expect(isRunning(pid)).toBe(false);
    expect(told).toEqual(['thing did not stop within 0.2 s: ended by force']);
  });

  it('begins its log anew once it has grown past 10 MiB', async () => {
    const logFile = join(folder, 'grown.log');
    writeFileSync(logFile, '');
    truncateSync(logFile, 11 * 1024 * 1024);
    const { one } = await supervised(answering(`console.log('a new beginning');`), { logFile });
    await one.start();
    await one.stop(30_000);
    expect(readFileSync(logFile, 'utf8')).toBe('a new beginning\n');
  });
});

describe('a program that does not start', () => {
  it.each([
    [
      'its last fatal line',
      `console.log('{"level":"fatal","msg":"no","err":"port taken"}'); console.log('bye'); process.exit(1)`,
      'no: port taken',
    ],
    [
      'the line that names an error',
      `console.error('Error: out of luck'); console.error('    at x'); process.exit(1)`,
      'Error: out of luck',
    ],
    ['its last line', `console.log('first'); console.log('last'); process.exit(3)`, 'last'],
    ['that it said nothing', `process.exit(0)`, 'no word of explanation'],
  ])('is refused with %s', async (_, code, words) => {
    const { one, logFile } = await supervised(code);
    const refusal = await one.start().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'process_not_ready', details: { name: 'thing', words } });
    const { text } = refusal as { text: { fr: string; en: string } };
    for (const sentence of [text.fr, text.en]) expect(sentence).toContain(logFile);
    expect(isRunning(one.pid!)).toBe(false);
  });

  it('is judged by its own words, not by those of the run before', async () => {
    const logFile = join(folder, 'twice.log');
    writeFileSync(logFile, '{"level":"fatal","msg":"an old sorrow"}\n');
    const { one } = await supervised(`console.log('a new one'); process.exit(1)`, { logFile });
    await expect(one.start()).rejects.toMatchObject({ details: { words: 'a new one' } });
  });

  it('although the file is missing is a refusal too', async () => {
    const logFile = join(folder, 'missing.log');
    const one = new Supervised({
      name: 'thing',
      program: join(folder, 'nothing.mjs'),
      environment: {},
      logFile,
      readyUrl: 'http://127.0.0.1:1/',
    });
    await expect(one.start()).rejects.toMatchObject({ code: 'process_not_ready' });
  });
});

describe('the guard of a program', () => {
  it('ends it in order when who watches over it is killed', async () => {
    const port = String(await freePort());
    const note = join(folder, 'note.txt');
    const program = join(folder, 'guarded.mjs');
    const mark = `import { writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(note)}, 'in order'); process.exit(0); });`;
    writeFileSync(program, answering(mark));
    const parent = join(folder, 'parent.mjs');
    const door = pathToFileURL(projectFile('dist', 'libs', 'platform', 'src', 'processes.js')).href;
    const options = {
      name: 'thing',
      program,
      environment: { PORT: port },
      logFile: join(folder, 'guarded.log'),
      readyUrl: `http://127.0.0.1:${port}/`,
    };
    writeFileSync(
      parent,
      `import { Supervised } from ${JSON.stringify(door)};
       const one = new Supervised(${JSON.stringify(options)});
       await one.start();
       console.log(one.pid);
       setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
    await eventually(
      () => Promise.resolve(isRunning(pid)),
      (runs) => !runs,
      200_000,
    );
    expect(readFileSync(note, 'utf8')).toBe('in order');
  });

  it('does not keep a program alive that has nothing else to do', async () => {
    const { one } = await supervised(`console.log('done')`);
    await expect(one.start()).rejects.toMatchObject({ details: { words: 'done' } });
    expect(isRunning(one.pid!)).toBe(false);
  });
});
