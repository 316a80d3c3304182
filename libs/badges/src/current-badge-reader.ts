import { timingSafeEqual } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isPublicId, sha256 } from '#platform';
import { refreshUrl } from './addresses.js';

/** The form of a badge that counts now. */
export interface CurrentBadge {
  /** The exact signed bytes (JSON-LD with an embedded proof) and their SHA-256 in hex. */
  document: string;
  documentSha256: string;
  /** The same credential as VC-JWT. */
  jwt: string;
  /** Public id of the badge that stands in its place, when its learner shows that one. */
  supersededBy: string | null;
}

interface SignedRow extends CurrentBadge {
  state: 'signed' | 'void';
}

/**
 * Answers whoever holds a signed badge, whether its learner shows it or not: the address of the question stands in no
 * other place than the badge.
 */
export class CurrentBadgeReader {
  constructor(private readonly database: DataSource) {}

  /**
   * The signed form at the badge's address now, revoked or not: the badge itself, or what was issued again in its place.
   * `gone` for one that was taken back without a trace, before anybody was shown it. Null for an unknown id and for a
   * wrong secret alike (I9), and for badges signed without such an address.
   */
  async at(publicId: string, secret: string): Promise<CurrentBadge | 'gone' | null> {
    if (!isPublicId(publicId) || !/^[0-9a-f]{32}$/.test(secret)) return null;
    const rows: SignedRow[] = await this.database.query(
      `select c.state, signed_document(c) as document, c.document_sha256 as "documentSha256", signed_jwt(c) as jwt,
              (select newer.public_id from credential newer join publication p on p.credential_id = newer.id
               where newer.id = e.superseded_by and newer.state = 'signed') as "supersededBy"
       from credential c join status_entry e on e.credential_id = c.id
       where c.public_id = $1 and c.state = 'signed'
       union all
       select state, signed_document(c), document_sha256, signed_jwt(c), null from credential c
       where public_id = $1 and supersedes is null and state = 'void' and document_sha256 is not null`,
      [publicId],
    );
    const row = rows.find(({ state }) => state === 'signed') ?? rows[0];
    if (!row || !isItsSecret(row, publicId, secret)) return null;
    const { state, ...badge } = row;
    return state === 'void' ? 'gone' : badge;
  }
}

/** Compared in constant time: how much of a guess was right must not show. */
function isItsSecret({ document }: CurrentBadge, publicId: string, secret: string): boolean {
  const { refreshService } = JSON.parse(document) as { refreshService?: { id: string } };
  if (!refreshService) return false;
  const asked = refreshUrl('', publicId, secret);
  return timingSafeEqual(sha256(refreshService.id.slice(-asked.length)), sha256(asked));
}
