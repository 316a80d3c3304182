import { DomainError, sha256Hex } from '#platform';
import type { EncodedText } from '#signing';
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
  /** `payload` without its last character in base64url, when it was made already; it is not written. */
  encodedPayload?: EncodedText;
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

// The document is the payload with the proof as its last member, and the JWT carries the payload with its claims at the
// end, so that one copy of the content is enough. Whatever is not exactly so is kept whole.
interface Secured {
  payload: string;
  document: string;
  jwt: string;
  encodedPayload?: EncodedText;
}

type Compact<T extends Secured> = Omit<T, 'document' | 'jwt' | 'encodedPayload'> & {
  proof?: string;
  document?: string;
  /** Header, end of the claims, signature. */
  jwtParts?: [string, string, string];
  jwt?: string;
};

const proofMember = ',"proof":';
const documentOf = (payload: string, proof: string): string =>
  `${payload.slice(0, -1)}${proofMember}${proof}}`;
const jwtOf = (payload: string, [header, claims, signature]: [string, string, string]): string =>
  `${header}.${Buffer.from(payload.slice(0, -1) + claims).toString('base64url')}.${signature}`;

function compact<T extends Secured>({ document, jwt, encodedPayload, ...rest }: T): Compact<T> {
  const { payload } = rest as unknown as Secured;
  const proof = document.slice(payload.length - 1 + proofMember.length, -1);
  const jwtParts = partsOf(encodedPayload ?? encoded(payload), jwt);
  return {
    ...rest,
    ...(documentOf(payload, proof) === document ? { proof } : { document }),
    ...(jwtParts ? { jwtParts } : { jwt }),
  } as Compact<T>;
}

/** What of a JWT is not the payload's, when `jwtOf` gives the very JWT back. */
function partsOf({ encoded: shared, rest }: EncodedText, jwt: string): [string, string, string] | undefined {
  const [first, last] = [jwt.indexOf('.'), jwt.lastIndexOf('.')];
  if (first < 0 || first === last || jwt.indexOf('.', first + 1) !== last) return undefined;
  // A slice is compared as bytes, `startsWith` one character after the other.
  const body = first + 1;
  if (jwt.slice(body, body + shared.length) !== shared) return undefined;
  const end = jwt.slice(body + shared.length, last);
  const claims = Buffer.from(end, 'base64url').subarray(rest.length).toString();
  const again = Buffer.concat([rest, Buffer.from(claims)]).toString('base64url');
  return again === end ? [jwt.slice(0, first), claims, jwt.slice(last + 1)] : undefined;
}

/** Three bytes are four characters: the whole groups are compared as they are, the rest is decoded. */
function encoded(payload: string): EncodedText {
  const content = Buffer.from(payload.slice(0, -1));
  const groups = content.length - (content.length % 3);
  return { encoded: content.toString('base64url', 0, groups), rest: content.subarray(groups) };
}

function whole<T extends Secured>({ proof, jwtParts, document, jwt, ...rest }: Compact<T>): T {
  const { payload } = rest as unknown as Secured;
  return {
    ...rest,
    document: document ?? documentOf(payload, proof!),
    jwt: jwt ?? jwtOf(payload, jwtParts!),
  } as unknown as T;
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
  const line = Buffer.from(`${' '.repeat(65)}${text}\n`);
  line.write(sha256Hex(line.subarray(65, -1)), 'latin1');
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
