import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { programVersion, sha256 } from '#platform';
import { publicKeyOfJwk, type SigningKey } from '#signing';

export interface Ceremony {
  organisation: { id: string; slug: string; publicName: string };
  /** Who holds it, and who watches: names, in the transcript alone. */
  by: string;
  witnesses: string[];
  at: Date;
  /** What wraps the keys, by its id. */
  keyService: string;
  keys: Pick<SigningKey, 'id' | 'algorithm' | 'publicJwk'>[];
  /** Ids of the keys, made ahead and never used, in whose place they stand. */
  replaces: string[];
}

/** SHA-256 of the public key (DER, SubjectPublicKeyInfo) in hex: what people compare. */
const fingerprintOf = (key: Pick<SigningKey, 'publicJwk'>): string =>
  createHash('sha256')
    .update(publicKeyOfJwk(key.publicJwk).export({ format: 'der', type: 'spki' }))
    .digest('hex');

/** The transcript of a ceremony: plain text in both languages, the same for the same ceremony. */
export const transcriptOf = (ceremony: Ceremony): string =>
  [
    'Cérémonie des clés de signature / Ceremony of signing keys',
    '',
    `Structure / Organisation: ${ceremony.organisation.publicName} (${ceremony.organisation.slug}, ${ceremony.organisation.id})`,
    `Date (UTC): ${ceremony.at.toISOString()}`,
    `Tenue par / Held by: ${ceremony.by}`,
    `Témoins / Witnesses: ${ceremony.witnesses.join(', ') || '-'}`,
    `Programme / Program: Insigne ${programVersion}, Node ${process.version}`,
    `Service de clés / Key service: ${ceremony.keyService}`,
    '',
    ...ceremony.keys.flatMap((key) => [
      `${key.algorithm}: ${key.id}`,
      `  SHA-256 (SPKI): ${fingerprintOf(key)}`,
    ]),
    ...(ceremony.replaces.length > 0
      ? [`Remplacent, sans avoir servi / Replace, never used: ${ceremony.replaces.join(', ')}`]
      : []),
    '',
    'L’empreinte SHA-256 de ce fichier figure dans la chaîne d’audit (key.created, ceremonySha256).',
    'The SHA-256 of this file stands in the audit chain (key.created, ceremonySha256).',
    '',
    'Signatures:',
    '',
  ].join('\n');

/**
 * Writes a transcript and makes sure that it is on the disk, its name in its folder too. Never overwrites; what could
 * not be written whole is removed.
 * @returns its path and the hex SHA-256 of its bytes
 */
export function writeTranscript(file: string, text: string): { file: string; sha256: string } {
  const folder = dirname(resolve(file));
  const made = mkdirSync(folder, { recursive: true, mode: 0o750 });
  const descriptor = openSync(file, 'wx', 0o640);
  try {
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    for (const one of foldersToSync(folder, made)) syncFolder(one);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return { file, sha256: sha256(text).toString('hex') };
}

/** The folder of a file, and those above it that are new or hold a new one. */
function foldersToSync(folder: string, made: string | undefined): string[] {
  const folders = [folder];
  const last = made === undefined ? folder : dirname(made);
  while (folders.at(-1) !== last) folders.push(dirname(folders.at(-1)!));
  return folders;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Where a transcript goes when nobody says: `<data>/ceremonies/<instant>-<slug>.txt`. */
export const transcriptFile = (dataFolder: string, at: Date, slug: string): string =>
  join(dataFolder, 'ceremonies', `${at.toISOString().replace(/[:.]/g, '-')}-${slug}.txt`);
