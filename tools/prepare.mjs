// Installing the packages and building the program, each only when something has changed, one run at a time.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...parts) => join(root, ...parts);

/** An error that needs no stack: a sentence in French and English for the person who typed the command. */
function refusal(french, english) {
  return Object.assign(new Error(english), { sentence: `${french}\n${english}` });
}

const tell = (line) => process.stderr.write(`${line}\n`);
const hash = (text) => createHash('sha256').update(text).digest('hex');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program; whatever it writes goes to stderr, because stdout carries results alone. */
const run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    // Whoever ends this process alone, not its whole terminal, must not leave npm working on in the folder.
    const end = (name) => child.kill(name);
    for (const name of endings) process.on(name, end);
    child.once('error', reject);
    child.once('close', (code) => {
      for (const name of endings) process.off(name, end);
      resolve(code ?? 1);
    });
  });

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Is the lock's holder gone? A lock of this very moment may not carry its holder's number yet. */
function isStale(lock) {
  const pid = Number(read(lock));
  if (pid > 0) return !isRunning(pid);
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > 5_000;
}

/** Does the work while nobody else of this checkout does; asks again whether it is needed when its turn comes. */
async function alone(isNeeded, work) {
  if (!isNeeded()) return;
  const lock = inRoot('dist', '.lock');
  let hasTold = false;
  for (;;) {
    try {
      mkdirSync(inRoot('dist'), { recursive: true });
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw refusal(
          `Le dossier ${root} ne peut pas être écrit par ce compte (${error.code}) : installez d’abord sous son propriétaire, ou clonez-le ailleurs.`,
          `The folder ${root} can't be written by this user (${error.code}): install as its owner first, or clone it elsewhere.`,
        );
    }
    if (isStale(lock)) rmSync(lock, { force: true });
    if (!hasTold) tell('Another run in this folder installs or builds; waiting for it');
    hasTold = true;
    await sleep(200);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    if (isNeeded()) await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

const installStamp = inRoot('node_modules', '.insigne-installed');
const installed = () => hash(`${read(inRoot('package-lock.json'))} ${process.platform} ${process.arch}`);

function needsInstall() {
  if (read(installStamp) === installed()) return false;
  // Somebody typed `npm ci` or `npm install` by hand: npm writes down last what it has installed.
  const packagesIn = (file) => JSON.parse(read(file) || '{"packages":{}}').packages;
  const present = packagesIn(inRoot('node_modules', '.package-lock.json'));
  const wanted = Object.entries(packagesIn(inRoot('package-lock.json')));
  return wanted.some(
    ([path, { version, optional }]) => path && !optional && present[path]?.version !== version,
  );
}

/** `npm ci` when node_modules is missing or differs from package-lock.json. */
export const install = () =>
  alone(needsInstall, async () => {
    if (lstatSync(inRoot('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
      throw refusal(
        'node_modules est un lien et n’est pas à jour : lancez « npm ci » là où il mène.',
        'node_modules is a link and out of date: run "npm ci" where it leads.',
      );
    tell('Installation des paquets / Installing the packages (npm ci), about a minute');
    const began = Date.now();
    const progress = setInterval(() => tell(`  … ${Math.round((Date.now() - began) / 1000)} s`), 15_000);
    const npm = process.env.npm_execpath;
    const words = [
      'ci',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--include=dev',
      '--include=optional',
    ];
    try {
      const code = npm?.endsWith('.js')
        ? await run(process.execPath, [npm, ...words])
        : await run('npm', words, { shell: process.platform === 'win32' });
      if (code !== 0) throw new Error(`npm ci ended with code ${code}`);
    } catch (error) {
      throw refusal(
        `L’installation des paquets a échoué (${error.message}) : voyez les lignes ci-dessus ; souvent le réseau ou un proxy. Puis relancez la même commande.`,
        `Installing the packages failed (${error.message}): see the lines above; often the network or a proxy. Then run the same command again.`,
      );
    } finally {
      clearInterval(progress);
    }
    writeFileSync(installStamp, installed());
    tell(`Packages installed in ${Math.round((Date.now() - began) / 1000)} s`);
  });

const buildStamp = inRoot('dist', '.built');

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

function sources() {
  const digest = createHash('sha256').update(process.version);
  for (const file of ['nest-cli.json', '.swcrc', 'tsconfig.json', 'package-lock.json'])
    digest.update(read(inRoot(file)));
  for (const folder of ['apps', 'libs'])
    for (const file of [...filesIn(inRoot(folder))].filter((name) => /\.tsx?$/.test(name)).sort())
      digest.update(file.slice(root.length)).update(readFileSync(file));
  return digest.digest('hex');
}

/** `nest build` when a source has changed since the last one. */
export async function build() {
  const wanted = sources();
  await alone(
    () => read(buildStamp) !== wanted,
    async () => {
      tell('Construction / Building');
      rmSync(buildStamp, { force: true });
      // The clock of the file system, which is another's on a network drive.
      const beginning = inRoot('dist', '.begun');
      writeFileSync(beginning, '');
      const began = statSync(beginning).mtimeMs;
      const nest = inRoot('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
      const code = await run(process.execPath, [nest, 'build', 'api'], {
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      if (code !== 0 || !existsSync(inRoot('dist', 'apps', 'cli', 'src', 'main.js')))
        throw refusal(
          'La construction a échoué : voyez les lignes ci-dessus.',
          'The build failed: see the lines above.',
        );
      removeOlder(
        ['apps', 'libs'].map((folder) => inRoot('dist', folder)),
        began,
      );
      writeFileSync(buildStamp, wanted);
    },
  );
}

// What the compiler did not write again has no source any more.
function removeOlder(folders, moment) {
  for (const folder of folders)
    for (const file of [...filesIn(folder)]) if (statSync(file).mtimeMs < moment - 2_000) rmSync(file);
}
