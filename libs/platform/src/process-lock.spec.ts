import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginningOf } from './process.js';
import { takeLock } from './process-lock.js';

const folder = mkdtempSync(join(tmpdir(), 'insigne lock '));
afterAll(() => rmSync(folder, { recursive: true }));

let number = 0;
const freshFile = (): string => {
  number += 1;
  return join(folder, `lock-${number}`);
};
const releaseOf = (taken: Awaited<ReturnType<typeof takeLock>>): (() => void) => {
  if (!('release' in taken)) throw new Error(`held by ${JSON.stringify(taken.holder)}`);
  return taken.release;
};
const ended = (): number => spawnSync(process.execPath, ['-e', '']).pid;
const written = (file: string, content: unknown): void =>
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));

describe('a lock', () => {
  it('is taken by one, and tells the others who has it and for what', async () => {
    const file = freshFile();
    releaseOf(await takeLock(file, 'serving'));
    expect(await takeLock(file, 'migrating')).toEqual({
      holder: { pid: process.pid, began: beginningOf(process.pid), purpose: 'serving' },
    });
  });

  it('is taken by exactly one of many who come at once, and leaves no other file behind', async () => {
    const file = freshFile();
    const taken = await Promise.all(Array.from({ length: 40 }, (_, i) => takeLock(file, `${i}`)));
    expect(taken.filter((one) => 'release' in one)).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => join(folder, name).startsWith(`${file}.`))).toEqual([]);
  });

  it('can be taken again once it is given back', async () => {
    const file = freshFile();
    releaseOf(await takeLock(file, 'first'))();
    expect(existsSync(file)).toBe(false);
    releaseOf(await takeLock(file, 'second'))();
  });

  it('comes to one who waits as soon as it is given back', async () => {
    const file = freshFile();
    const release = releaseOf(await takeLock(file, 'first'));
    const waiting = takeLock(file, 'second', 30_000);
    release();
    releaseOf(await waiting)();
  });

  it('is not waited for any longer once the wait has no sense', async () => {
    const file = freshFile();
    releaseOf(await takeLock(file, 'first'));
    let looks = 0;
    const answer = await takeLock(file, 'second', 3_600_000, () => {
      looks += 1;
      return looks === 3;
    });
    expect(answer).toMatchObject({ holder: { purpose: 'first' } });
    expect(looks).toBe(3);
  });

  it.each<[string, () => unknown]>([
    ['a process that has ended', () => ({ pid: ended(), began: '1', purpose: 'x' })],
    [
      'an earlier process with the same id',
      () => ({ pid: process.pid, began: 'a day of another year', purpose: 'x' }),
    ],
    ['nobody: the file is empty', () => ''],
    ['nobody: the file is no JSON', () => '{"pid": 1'],
    ['nobody: the file holds something else', () => ({ pid: 'many' })],
  ])('of %s falls back', async (_, content) => {
    const file = freshFile();
    written(file, content());
    releaseOf(await takeLock(file, 'after it'));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, purpose: 'after it' });
  });

  it('left by a dead process is taken by exactly one of many who find it', async () => {
    const file = freshFile();
    written(file, { pid: ended(), began: '1', purpose: 'x' });
    const taken = await Promise.all(Array.from({ length: 40 }, (_, i) => takeLock(file, `${i}`)));
    expect(taken.filter((one) => 'release' in one)).toHaveLength(1);
  });

  it('is refused where no file can be made, with the reason of the system', async () => {
    await expect(takeLock(join(folder, 'nowhere', 'lock'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
