// Format, linter, types, import rules and unused code, side by side; says which failed and what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './prepare.mjs';

const folders = ['apps', 'libs', 'test', 'tools'].filter((folder) => existsSync(join(root, folder)));

const steps = [
  {
    name: 'Format and linter (Biome)',
    words: ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50'],
    advice: 'npx biome check --write',
  },
  {
    name: 'Types (tsc)',
    words: ['typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json', '--pretty', 'false'],
    advice: 'mend the types; the build itself checks none',
  },
  {
    name: 'Import rules (dependency-cruiser)',
    words: [
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      ...folders,
    ],
    advice: 'the rules and their reasons stand in .dependency-cruiser.cjs',
  },
  {
    name: 'Unused files, exports and packages (knip)',
    // Without its cache, which checkouts that share node_modules share: seconds are not worth a changing answer.
    words: ['knip/bin/knip.js', '--no-progress'],
    advice: 'delete what nobody uses, or name its user in knip.json',
  },
];

const runStep = ({ name, words: [program, ...words], advice }) =>
  new Promise((resolve) => {
    const began = Date.now();
    const child = spawn(process.execPath, [join(root, 'node_modules', program), ...words], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
    child.once('close', (code) => {
      const seconds = ((Date.now() - began) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}, ${seconds} s`);
      if (code !== 0) console.log(`${output.trim()}\n→ ${advice}\n`);
      resolve(code === 0);
    });
  });

await install();
const results = [];
// Two at a time: more only fight for the same cores.
const waiting = [...steps];
const lane = async () => {
  for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await runStep(step));
};
await Promise.all([lane(), lane()]);
if (results.includes(false)) {
  console.log('npm run lint: not clean');
  process.exitCode = 1;
} else console.log('npm run lint: clean');
