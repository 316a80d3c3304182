import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '#platform';

/** Words that only the next version writes into a badge. */
export const nextWords = 'Constat, version suivante / Statement, next version';

/**
 * The built program as a later version of itself, in a folder of its own: another version number, and other words in
 * the credentials that it plans.
 */
export function nextVersion(): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'insigne-next-'));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(root, { recursive: true, force: true });
  };
  process.once('exit', remove);
  for (const folder of ['apps', 'libs'])
    cpSync(projectFile('dist', folder), join(root, 'dist', folder), { recursive: true });
  for (const name of ['node_modules', 'schemas', 'apps', 'libs'])
    symlinkSync(projectFile(name), join(root, name));
  const manifest = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }));
  const builder = join(root, 'dist', 'libs', 'badges', 'src', 'credential-for.js');
  const source = readFileSync(builder, 'utf8');
  const changed = source.replace('Constat / Statement', nextWords);
  if (changed === source) throw new Error('The builder of credentials has no such words any more');
  writeFileSync(builder, changed);
  return { root, remove };
}
