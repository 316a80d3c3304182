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
  /** What lies in the folders and was left out. */
  skipped: Skipped;
}

/** Left out of folders: files whose names do not end like a badge's, and what is no file. */
export interface Skipped {
  files: number;
  folders: number;
}

const mostSources = 100_000;
const badgeFile = /\.(json|jsonld|jwt|jws|txt|png|svg|jpe?g)$/i;
const endings = '.json .jsonld .jwt .jws .txt .png .svg .jpg .jpeg';
const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);
const thisMachine = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\/\S/i;
const otherHost = /^([a-z0-9-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*(:\d+)?\/\S+$/i;

/**
 * What somebody means by a word of the command line: an address also without its beginning, as the page takes it, unless
 * a file or folder of that name is there.
 * @param origin of the service on this machine, when it is known
 */
async function meantBy(source: string, origin?: string): Promise<string> {
  if (isUrl(source) || (await isThere(source))) return source;
  const host = origin && new URL(origin).host;
  if (host && source.toLowerCase().startsWith(`${host}/`)) return `${new URL(origin).protocol}//${source}`;
  if (thisMachine.test(source)) return `http://${source}`;
  return otherHost.test(source) ? `https://${source}` : source;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * What to verify: each address and file as it is, the badges of each folder (not of those inside it) in the order of
 * their names, and each line of the list that is neither empty nor begins with #; paths in it are relative to it.
 * Addresses may lack their beginning.
 * @param origin of the service on this machine, when it is known
 * @throws NoSource (`file_unreadable`)
 */
export async function sourcesOf(
  named: string[],
  list: string | undefined,
  language: Language,
  origin?: string,
): Promise<Sources> {
  const all: string[] = [];
  const skipped: Skipped = { files: 0, folders: 0 };
  let isOne = list === undefined && named.length === 1;
  for (const word of named) {
    const source = await meantBy(word, origin);
    const found = isUrl(source) ? undefined : await inFolder(source, skipped);
    if (found) isOne = false;
    all.push(...(found ?? [source]));
  }
  if (list !== undefined) all.push(...(await linesOf(list, language, origin)));
  if (all.length === 0 || all.length > mostSources)
    throw new NoSource(
      language === 'fr'
        ? `Il y a ${all.length} badges à vérifier ; il en faut de 1 à ${mostSources}. ${skippedText(skipped, language)}`.trim()
        : `There are ${all.length} badges to check; it takes 1 to ${mostSources}. ${skippedText(skipped, language)}`.trim(),
    );
  return { all, isOne, skipped };
}

/** What was left out of folders, and why, for people; '' when nothing was. */
export function skippedText({ files, folders }: Skipped, language: Language): string {
  const isFrench = language === 'fr';
  const told: string[] = [];
  if (files > 0)
    told.push(
      isFrench
        ? `${files} fichier(s) laissé(s) de côté : leur nom ne finit pas comme celui d’un badge (${endings}).`
        : `${files} file(s) left out: their names do not end like a badge’s (${endings}).`,
    );
  if (folders > 0)
    told.push(
      isFrench
        ? `${folders} dossier(s) laissé(s) de côté : nommez-les aussi pour les vérifier.`
        : `${folders} folder(s) left out: name them as well to check them.`,
    );
  return told.join(' ');
}

async function inFolder(path: string, skipped: Skipped): Promise<string[] | undefined> {
  const isFolder = await stat(path).then(
    (one) => one.isDirectory(),
    () => false,
  );
  if (!isFolder) return undefined;
  const names: string[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) skipped.folders += 1;
    else if (badgeFile.test(entry.name)) names.push(entry.name);
    else skipped.files += 1;
  }
  return names.sort().map((name) => join(path, name));
}

async function linesOf(list: string, language: Language, origin?: string): Promise<string[]> {
  const text = await readFile(list, 'utf8').catch(() => {
    throw new NoSource(
      language === 'fr' ? `La liste ${list} ne se lit pas.` : `The list ${list} cannot be read.`,
    );
  });
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const sources: string[] = [];
  for (const line of lines) {
    const path = resolve(dirname(list), line);
    const meant = (await isThere(path)) ? path : await meantBy(line, origin);
    sources.push(isUrl(meant) ? meant : path);
  }
  return sources;
}
