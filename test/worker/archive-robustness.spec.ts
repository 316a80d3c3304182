import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveFiles, readArchive } from '#badges';
import { projectFile } from '#platform';

import.meta.jest.setTimeout(240_000);

const library = projectFile('dist', 'libs', 'badges', 'src', 'index.js');
// Appends a batch after the other and prints an id once the disk has it, as the worker tells the database then.
const writer = `
  const { FolderArchive } = await import(process.argv[1]);
  const { randomUUID } = await import('node:crypto');
  const [folder, most, fullAt] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]) || undefined];
  const archive = new FolderArchive(folder, async (id) => ({ id, issuerId: 'x', algorithm: 'Ed25519', publicJwk: {}, publicMultibase: null, createdAt: '' }), undefined, fullAt);
  const content = JSON.stringify({ text: 'é'.repeat(2500) });
  for (let batch = 0; batch < most; batch += 1) {
    const ids = Array.from({ length: 5 }, () => randomUUID());
    try {
      await archive.append(ids.map((id) => ({ id, organisationId: 'x', ed25519KeyId: 'ed', rs256KeyId: 'rsa', payload: content,
        document: content.slice(0, -1) + ',"proof":{}}', jwt: 'a.b.c', award: {} })));
      process.stdout.write(ids.join('\\n') + '\\n');
    } catch (error) {
      process.stdout.write('failed ' + error.code + ' ' + error.details?.error + '\\n');
    }
  }
`;

interface Writer {
  pid: number;
  told: () => string[];
  ended: Promise<unknown>;
  kill: () => void;
}

describe('the archive of signed bytes, when its process or its disk fails', () => {
  let folder: string;
  beforeEach(() => {
    if (!existsSync(library)) throw new Error('The program is not built: run "npm run build" first');
    folder = mkdtempSync(join(tmpdir(), 'insigne archive '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (to: string, most = 1_000_000, fullAt = 0): Writer => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', writer, library, to, String(most), String(fullAt)],
      {
        env: { PATH: process.env.PATH, INSIGNE_LOG_LEVEL: 'silent' },
      },
    );
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
    });
    return {
      pid: child.pid!,
      told: () => output.split('\n').slice(0, -1),
      ended: once(child, 'close'),
      kill: () => child.kill('SIGKILL'),
    };
  };
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tried = 0; !(await isSo()); tried += 1) {
      if (tried > 10_000) throw new Error('It never came to that');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const read = async (from = folder): Promise<{ ids: Set<string>; torn: number; damaged: number }> => {
    const [ids, found] = [new Set<string>(), { torn: 0, damaged: 0 }];
    for await (const line of readArchive(from)) {
      if (line.kind === 'credential') ids.add(line.credential.id);
      if (line.kind === 'unreadable') found[line.torn ? 'torn' : 'damaged'] += 1;
    }
    return { ids, ...found };
  };

  it('keeps everything it has acknowledged when processes that share it are killed in the middle of an append', async () => {
    for (let round = 0; round < 3; round += 1) {
      const writers = [write(folder), write(folder)];
      await until(() => writers.every((one) => one.told().length > 50 * (round + 1)));
      for (const one of writers) one.kill();
      await Promise.all(writers.map(({ ended }) => ended));
      const { ids, torn, damaged } = await read();
      const acknowledged = writers.flatMap(({ told }) => told());
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      expect(damaged).toBe(0);
      expect(torn).toBeLessThanOrEqual(2 * (round + 1));
    }
    expect((await archiveFiles(folder)).length).toBe(6);
  });

  it('passes over a record that was torn at any of its bytes', async () => {
    await write(folder, 2).ended;
    const [file] = await archiveFiles(folder);
    const whole = readFileSync(file!);
    const last = whole.lastIndexOf(10, whole.length - 2) + 1;
    const before = (await read()).ids.size;
    for (const length of [
      last + 1,
      last + 64,
      last + 65,
      last + 66,
      Math.floor((last + whole.length) / 2),
      whole.length - 2,
    ]) {
      writeFileSync(file!, whole.subarray(0, length));
      expect(await read()).toEqual({
        ids: expect.objectContaining({ size: before - 1 }),
        torn: 1,
        damaged: 0,
      });
    }
    // Without its newline alone it is whole.
    writeFileSync(file!, whole.subarray(0, -1));
    expect(await read()).toEqual({ ids: expect.objectContaining({ size: before }), torn: 0, damaged: 0 });
  });

  it('begins a new file when one is full, and loses nothing at the change', async () => {
    const one = write(folder, 40, 100_000);
    await one.ended;
    const files = await archiveFiles(folder);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(statSync(file).size).toBeLessThan(140_000);
    const { ids, torn } = await read();
    expect([one.told().length, ids.size, torn]).toEqual([200, 200, 0]);
  });

  it('can only be added to by its process, and read by nobody else', async () => {
    const one = write(folder);
    await until(() => one.told().length > 5);
    const [file] = await archiveFiles(folder);
    expect(statSync(file!).mode & 0o777).toBe(0o600);
    if (existsSync('/proc/self/fdinfo')) expect(flagsOf(one.pid, file!) & 0o2000).toBe(0o2000);
    one.kill();
    await one.ended;
  });

  (canMount() ? it : it.skip)(
    'acknowledges nothing that a full or read-only disk refused, and goes on when there is room again',
    async () => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      const mount = (options: string): void => {
        const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
        if (status !== 0) throw new Error(String(stderr));
      };
      mount('size=256k');
      try {
        const full = write(disk, 30);
        await full.ended;
        const refused = full.told().filter((line) => line.startsWith('failed'));
        expect(refused.length).toBeGreaterThan(0);
        expect(new Set(refused)).toEqual(new Set(['failed archive_unavailable ENOSPC']));
        mount('remount,size=4m');
        const roomy = write(disk, 10);
        await roomy.ended;
        mount('remount,ro');
        const readOnly = write(disk, 2);
        await readOnly.ended;
        expect(readOnly.told()).toEqual(Array(2).fill('failed archive_unavailable EROFS'));
        const acknowledged = [...full.told(), ...roomy.told()].filter((line) => !line.startsWith('failed'));
        expect(roomy.told()).toHaveLength(50);
        const { ids, damaged } = await read(disk);
        expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
        expect(damaged).toBe(0);
      } finally {
        spawnSync('umount', [disk]);
      }
    },
  );

  it('is read again within bounded memory, however large it is', async () => {
    await write(folder, 600).ended;
    const [file] = await archiveFiles(folder);
    const bytes = readFileSync(file!);
    for (let copy = 1; copy <= 8; copy += 1)
      writeFileSync(
        file!.replace(/\.(\d{13})-/, (_, at: string) => `.${Number(at) + copy}-`),
        bytes,
      );
    const reader = `
      const { readArchive } = await import(process.argv[1]);
      let lines = 0;
      for await (const line of readArchive(process.argv[2])) lines += 1;
      process.stdout.write(String(lines));
    `;
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=96', '--input-type=module', '-e', reader, library, folder],
      { env: { PATH: process.env.PATH, INSIGNE_LOG_LEVEL: 'silent' } },
    );
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
    });
    const [code] = await once(child, 'close');
    expect([code, Number(output)]).toEqual([0, 9 * (3_000 + 2)]);
    expect(9 * bytes.length).toBeGreaterThan(96 * 1024 * 1024);
  });
});

/** May this account mount a small disk? Where it may not, the tests of full disks are left out. */
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'insigne-mount-'));
  try {
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
    if (status === 0) spawnSync('umount', [place]);
    return status === 0;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Flags of a process's open file, as the system keeps them. */
function flagsOf(pid: number, file: string): number {
  const open = readdirSync(`/proc/${pid}/fd`).find((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === file;
    } catch {
      return false;
    }
  });
  return Number.parseInt(/flags:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${open}`, 'utf8'))![1]!, 8);
}
