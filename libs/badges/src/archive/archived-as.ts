import type { ArchivedCredential } from './archived-credential.js';

/** A credential as the database has it, its texts in UTF-8. */
export interface CredentialBytes
  extends Omit<ArchivedCredential, 'payload' | 'document' | 'jwt' | 'signedAt'> {
  supersedes: string | null;
  payload: Buffer;
  /** Where the payload ends in a line, when there is a quicker way to know than byte by byte. */
  payloadEnd?: (line: Buffer, at: number) => number | undefined;
  /** JSON text of the proof, with which the document is the payload. */
  proof: Buffer;
  /** What the JWT's body is the payload with, from the comma to the closing brace. */
  claims: string;
  /** First and last part of the JWT. */
  header: string;
  signature: string;
}

const checksumLength = 65;
const [quote, backslash] = [0x22, 0x5c];
/** The byte that stands for each letter behind a backslash; 0 for none. */
const escapes = new Uint8Array(256);
for (const [letter, meant] of ['""', '\\\\', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'])
  escapes[letter!.charCodeAt(0)] = meant!.charCodeAt(0);
const firstPrinted = 0x20;
const signedAt = /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","payload":"$/;
const signedAtLength = '"2026-11-22T00:00:00.000Z","payload":"'.length;

/**
 * Does a line of the archive say of a credential just what the database says, in the words in which the archive writes
 * it? Its checksum and the time of signing are not looked at, and nothing is parsed.
 * @param line without its newline
 * @returns false also for a line that says the same in other words: whoever wants to know has to read it
 */
export function isArchivedAs(line: Buffer, issued: CredentialBytes): boolean {
  const { award } = issued;
  const head = JSON.stringify({
    t: 'credential',
    v: 1,
    id: issued.id,
    organisationId: issued.organisationId,
    edition: issued.edition,
    publicId: issued.publicId,
    statusListId: issued.statusListId,
    statusListPublicId: issued.statusListPublicId,
    statusIndex: issued.statusIndex,
    ed25519KeyId: issued.ed25519KeyId,
    rs256KeyId: issued.rs256KeyId,
    issuerDid: issued.issuerDid,
    supersedes: issued.supersedes,
  });
  const awardText = JSON.stringify({
    id: award.id,
    achievementId: award.achievementId,
    badgeCode: award.badgeCode,
    personId: award.personId,
    sessionId: award.sessionId,
    assessorPersonId: award.assessorPersonId,
    assessedOn: award.assessedOn,
    awardedAt: award.awardedAt,
    established: award.established,
    reasons: award.reasons,
  });
  let at = after(line, checksumLength, `${head.slice(0, -1)},"signedAt":`);
  if (at < 0 || !signedAt.test(line.toString('latin1', at, at + signedAtLength))) return false;
  at += signedAtLength;
  at = issued.payloadEnd ? (issued.payloadEnd(line, at) ?? -1) : afterEscaped(line, at, issued.payload);
  if (at >= 0) at = after(line, at, `","award":${awardText},"proof":"`);
  if (at >= 0) at = afterEscaped(line, at, issued.proof);
  const parts = JSON.stringify([issued.header, issued.claims, issued.signature]);
  if (at >= 0) at = after(line, at, `","jwtParts":${parts}}`);
  return at === line.length;
}

/** Where the line goes on behind this text, or -1. */
function after(line: Buffer, at: number, text: string): number {
  const end = at + Buffer.byteLength(text);
  return end <= line.length && line.toString('utf8', at, end) === text ? end : -1;
}

/** Where the line goes on behind these bytes, written inside a JSON string, or -1. */
function afterEscaped(line: Buffer, start: number, bytes: Buffer): number {
  let at = start;
  for (let i = 0; i < bytes.length; i += 1, at += 1) {
    const written = line[at];
    if (written === backslash) {
      at += 1;
      const meant = escapes[line[at] ?? 0]!;
      if (meant === 0 || meant !== bytes[i]) return -1;
    } else if (written !== bytes[i] || written === quote || written! < firstPrinted) return -1;
  }
  return at;
}
