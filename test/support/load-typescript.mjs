// Jest runs its global setup outside its own transformation, and Node 20 reads no TypeScript:
// this compiles one source and what it imports by relative path, then imports it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const compiler = {
  swcrc: false,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/**
 * @param {string} source path of a .ts file inside the checkout, from its root
 * @returns {Promise<any>} its module
 */
export async function loadTypeScript(source) {
  // Inside node_modules, so that packages are found as from the sources themselves.
  const folder = join(root, 'node_modules', '.cache', 'insigne-support', String(process.pid));
  const compiled = new Set();
  const compile = (file) => {
    if (compiled.has(file)) return;
    compiled.add(file);
    const text = readFileSync(file, 'utf8');
    const target = join(folder, relative(root, file)).replace(/\.ts$/, '.js');
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transformSync(text, { ...compiler, filename: file }).code);
    for (const [, path] of text.matchAll(/from '(\.{1,2}\/[^']+)\.js'/g))
      compile(resolve(dirname(file), `${path}.ts`));
  };
  compile(join(root, source));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  try {
    return await import(pathToFileURL(join(folder, source).replace(/\.ts$/, '.js')).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
