import { DomainError, sha256Hex } from '#platform';
import { type SecuredTexts, type ShortTexts, shortTexts, wholeTexts } from '../short-texts.js';
import type { ArchivedStatement } from './archived-statement.js';

/** The facts of an award that put it back when the database has forgotten it: ids, dates and codes only. */
export interface ArchivedAward {
  id: string;
  achievementId: string;
  badgeCode: string;
  personId: string;
  sessionId: string | null;
  assessorPersonId: string | null;
  /** YYYY-MM-DD */
  assessedOn: string | null;
  /** ISO 8601, UTC. */
  awardedAt: string;
  established: string;
  reasons: unknown;
}

/** A signed credential with everything that puts it back. */
export interface ArchivedCredential {
  id: string;
  organisationId: string;
  edition: string;
  publicId: string;
  statusListId: string;
  statusListPublicId: string;
  statusIndex: number;
  ed25519KeyId: string;
  rs256KeyId: string;
  issuerDid: string;
  /** The credential of the same award that it stands in place of. */
  supersedes?: string | null;
  /** It stood in the place of one that was shown, when it was signed; left out when not, and by older versions. */
  shown?: true;
  /** ISO 8601, UTC. */
  signedAt: string;
  /** JSON text, as it was planned. */
  payload: string;
  /** JSON text with the embedded proof. */
  document: string;
  /** Compact VC-JWT. */
  jwt: string;
  award: ArchivedAward;
  /** What document and JWT hold beyond the payload, when it was looked for already. */
  short?: ShortTexts;
}

/** What a structure shows of itself, as it was when its key was kept. */
export interface ArchivedIssuer {
  kind: string;
  slug: string;
  /** The name that strangers see. */
  name: string;
  url: string | null;
  siret: string | null;
  parentSlug: string | null;
}

/** The public half of a key that signed: a badge stays verifiable although the database has forgotten its key. */
export interface ArchivedKey {
  id: string;
  issuerId: string;
  algorithm: string;
  publicJwk: unknown;
  publicMultibase: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Whose key it is, so that it has an issuer again; lines of older versions have none. */
  issuer?: ArchivedIssuer;
}

/** What a published status list said: what is revoked stays revoked, and a version never goes back (I5). */
export interface ArchivedStatusList {
  id: string;
  organisationId: string;
  publicId: string;
  size: number;
  version: number;
  /** The signed list, JSON text. */
  document: string;
  /** Positions whose bit stands for a suspension; every other bit is a revocation. */
  suspended: number[];
}

/** A line of the audit chain as it was: whoever shortens the chain or writes it anew cannot change this file. */
export interface ArchivedChainMark {
  seq: number;
  /** 64 hexadecimal characters. */
  hash: string;
}

/** An older backup was restored: of the chain, lines up to this one are there still, and marks beyond it are void. */
export interface ArchivedRestore {
  seq: number;
  /**
   * Names of the files, without `.gz`, whose marks beyond that line are void: a file may be named by a clock that was
   * ahead. Lines of older versions have none, and mean every line before them.
   */
  files?: string[];
  /** ISO 8601, UTC. */
  at: string;
}

export type ArchiveEntry =
  | { kind: 'credential'; credential: ArchivedCredential }
  | { kind: 'statement'; statement: ArchivedStatement }
  | { kind: 'key'; key: ArchivedKey }
  | { kind: 'list'; list: ArchivedStatusList }
  | { kind: 'chain'; mark: ArchivedChainMark }
  | { kind: 'restore'; restore: ArchivedRestore };

/** A line that is whole but not in a form this program knows (`archive_line_unknown`). */
class ArchiveLineUnknown extends DomainError {
  readonly code = 'archive_line_unknown';
  constructor() {
    super(
      'The archive holds a line of a form that this program does not know: use the version that wrote it',
    );
  }
}

type Secured = SecuredTexts & { short?: ShortTexts };
type Compact<T extends Secured> = Omit<T, 'document' | 'jwt' | 'short'> & ShortTexts;

function compact<T extends Secured>({ document, jwt, short, ...rest }: T): Compact<T> {
  const { payload } = rest as unknown as SecuredTexts;
  return { ...rest, ...(short ?? shortTexts({ payload, document, jwt })) };
}

function whole<T extends Secured>({ proof, jwtParts, document, jwt, ...rest }: Compact<T>): T {
  const { payload } = rest as unknown as SecuredTexts;
  return { ...rest, ...wholeTexts(payload, { proof, jwtParts, document, jwt }) } as unknown as T;
}

function contentOf(entry: ArchiveEntry): object {
  if (entry.kind === 'credential') return compact(entry.credential);
  if (entry.kind === 'statement') return compact(entry.statement);
  if (entry.kind === 'key') return entry.key;
  if (entry.kind === 'list') return entry.list;
  return entry.kind === 'chain' ? entry.mark : entry.restore;
}

/** One line of the archive in UTF-8: the SHA-256 (hex) of the JSON text, a space, the JSON text, a newline. */
export function archiveLine(entry: ArchiveEntry): Buffer {
  const value = { t: entry.kind, v: 1, ...contentOf(entry) };
  // Readers of lines end one at these two characters as well.
  const text = JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
  const line = Buffer.allocUnsafe(66 + Buffer.byteLength(text));
  line.write(text, 65);
  line.write(`${sha256Hex(line.subarray(65, -1))} `, 'latin1');
  line.write('\n', line.length - 1);
  return line;
}

/**
 * The entry of a line without its newline.
 * @returns undefined when the line is not whole: its SHA-256 does not fit
 * @throws ArchiveLineUnknown (`archive_line_unknown`)
 */
export function readArchiveLine(line: string): ArchiveEntry | undefined {
  const text = line.slice(65);
  if (line[64] !== ' ' || sha256Hex(text) !== line.slice(0, 64)) return undefined;
  const { t, v, ...kept } = JSON.parse(text) as { t: string; v: number };
  if (v !== 1) throw new ArchiveLineUnknown();
  if (t === 'credential')
    return { kind: 'credential', credential: whole(kept as unknown as Compact<ArchivedCredential>) };
  if (t === 'statement')
    return { kind: 'statement', statement: whole(kept as unknown as Compact<ArchivedStatement>) };
  if (t === 'key') return { kind: 'key', key: kept as unknown as ArchivedKey };
  if (t === 'list') return { kind: 'list', list: kept as unknown as ArchivedStatusList };
  if (t === 'chain') return { kind: 'chain', mark: kept as unknown as ArchivedChainMark };
  if (t === 'restore') return { kind: 'restore', restore: kept as unknown as ArchivedRestore };
  throw new ArchiveLineUnknown();
}
