import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'insigne') return folder;
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The folder of the program (package.json named "insigne") was not found');
    folder = parent;
  }
}

const root = findRoot();

/** Absolute path of a file that the checkout ships; the same from the sources and from `dist`. */
export const projectFile = (...parts: string[]): string => join(root, ...parts);

/** A JSON file that the checkout ships, parsed. */
export const readProjectJson = <T>(...parts: string[]): T =>
  JSON.parse(readFileSync(projectFile(...parts), 'utf8')) as T;

/** Version of the program, from package.json. */
export const programVersion: string = readProjectJson<{ version: string }>('package.json').version;
