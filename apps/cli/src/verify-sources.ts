import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Language } from '#platform';
import { DomainError } from '#platform/basics';

/** A file, folder or list that cannot be read (`file_unreadable`): a mistake on the command line. */
export class NoSource extends DomainError {
  readonly code = 'file_unreadable';
}

export interface Sources {
  all: string[];
  /** One badge was named, not a folder or list that happens to hold one. */
  isOne: boolean;
}

const mostSources = 100_000;
const badgeFile = /\.(json|jsonld|jwt|jws|txt|png|svg|jpe?g)$/i;
const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

/**
 * What to verify: each address and file as it is, the badges of each folder (not of those inside it) in the order of
 * their names, and each line of the list that is neither empty nor begins with #; paths in it are relative to it.
 * @throws NoSource (`file_unreadable`)
 */
export async function sourcesOf(
  named: string[],
  list: string | undefined,
  language: Language,
): Promise<Sources> {
  const all: string[] = [];
  let isOne = list === undefined && named.length === 1;
  for (const source of named) {
    const found = isUrl(source) ? undefined : await inFolder(source);
    if (found) isOne = false;
    all.push(...(found ?? [source]));
  }
  if (list !== undefined) all.push(...(await linesOf(list, language)));
  if (all.length === 0 || all.length > mostSources)
    throw new NoSource(
      language === 'fr'
        ? `Il y a ${all.length} badges à vérifier ; il en faut de 1 à ${mostSources}.`
        : `There are ${all.length} badges to check; it takes 1 to ${mostSources}.`,
    );
  return { all, isOne };
}

async function inFolder(path: string): Promise<string[] | undefined> {
  const isFolder = await stat(path).then(
    (one) => one.isDirectory(),
    () => false,
  );
  if (!isFolder) return undefined;
  const names = (await readdir(path)).filter((name) => badgeFile.test(name));
  return names.sort().map((name) => join(path, name));
}

async function linesOf(list: string, language: Language): Promise<string[]> {
  const text = await readFile(list, 'utf8').catch(() => {
    throw new NoSource(
      language === 'fr' ? `La liste ${list} ne se lit pas.` : `The list ${list} cannot be read.`,
    );
  });
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => (isUrl(line) ? line : resolve(dirname(list), line)));
}
