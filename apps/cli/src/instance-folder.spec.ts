import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  makeSecrets,
  removeRunningInstance,
  runningInstance,
  writeRunningInstance,
} from './instance-folder.js';

const parent = mkdtempSync(join(tmpdir(), 'insigne folder '));
afterAll(() => rmSync(parent, { recursive: true }));
let number = 0;
const freshFolder = (): string => {
  number += 1;
  const folder = join(parent, String(number));
  mkdirSync(folder);
  return folder;
};
const instance = {
  version: '1.0.0',
  origin: 'http://localhost:4180',
  port: 4180,
  workerPort: 4181,
  postgresPort: null,
};

describe('the running instance of a data folder', () => {
  it('is found while its process lives, and gone once it is removed', () => {
    const folder = freshFolder();
    expect(runningInstance(folder)).toBeUndefined();
    writeRunningInstance(folder, instance);
    expect(runningInstance(folder)).toMatchObject({ ...instance, pid: process.pid });
    expect(readdirSync(folder)).toEqual(['instance.json']);
    removeRunningInstance(folder);
    expect(runningInstance(folder)).toBeUndefined();
    expect(() => removeRunningInstance(folder)).not.toThrow();
  });

  it.each([
    ['its process has ended', { pid: 2 ** 22 + 1 }],
    ['another process has its id now', { began: 'another day' }],
  ])('is none when %s', (_, change) => {
    const folder = freshFolder();
    writeRunningInstance(folder, instance);
    const file = join(folder, 'instance.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
    expect(runningInstance(folder)).toBeUndefined();
  });

  it('is none when its file is half a file', () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'instance.json'), '{"pid":');
    expect(runningInstance(folder)).toBeUndefined();
  });
});

describe('the secrets of a data folder', () => {
  it('are made once, for their owner’s eyes alone, and stay the same', () => {
    const folder = freshFolder();
    const files = makeSecrets(folder, false);
    const read = () => Object.values(files).map((file: string) => readFileSync(file, 'utf8'));
    const before = read();
    expect(new Set(before).size).toBe(2);
    for (const text of before) expect(text.trim().length).toBeGreaterThanOrEqual(43);
    for (const file of Object.values(files) as string[]) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    expect(makeSecrets(folder, true)).toEqual(files);
    expect(read()).toEqual(before);
  });

  it('differ from folder to folder', () => {
    const [one, other] = [makeSecrets(freshFolder(), false), makeSecrets(freshFolder(), false)];
    for (const name of ['masterKeyFile', 'tokenSecretFile'] as const)
      expect(readFileSync(one[name], 'utf8')).not.toBe(readFileSync(other[name], 'utf8'));
  });

  it('are never replaced when keys in the database open only with the one that is missing', () => {
    const folder = freshFolder();
    expect(() => makeSecrets(folder, true)).toThrow(
      expect.objectContaining({
        code: 'master_key_missing',
        text: { fr: expect.stringContaining('sauvegarde'), en: expect.stringContaining('backup') },
      }),
    );
    expect(existsSync(join(folder, 'secrets', 'master.key'))).toBe(false);
  });

  it('may lack the token secret alone: it is made anew, the master key is kept', () => {
    const folder = freshFolder();
    const { masterKeyFile, tokenSecretFile } = makeSecrets(folder, false);
    const [key, secret] = [readFileSync(masterKeyFile, 'utf8'), readFileSync(tokenSecretFile, 'utf8')];
    rmSync(tokenSecretFile);
    makeSecrets(folder, true);
    expect(readFileSync(masterKeyFile, 'utf8')).toBe(key);
    expect(readFileSync(tokenSecretFile, 'utf8')).not.toBe(secret);
  });
});
