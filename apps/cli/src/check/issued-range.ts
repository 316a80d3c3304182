import { createPublicKey, type KeyObject } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { type CredentialBytes, isArchivedAs } from '#badges';
import { copyRows, literal } from '#platform';
import type { ArchivedFile, ArchivedRange } from './archive-index.js';
import { compareArchived } from './archived-credentials.js';
import { ArchivedLines, type Unreadable } from './archived-lines.js';
import { type CheckedKey, CredentialCheck, type Facts } from './credential-faults.js';
import type { Fault } from './faults.js';
import { type IssuedRow, issuedRowReader, issuedRows } from './issued-row.js';
import { assessorMandatesOf } from './mandates.js';
import { movedSessionFaults } from './moved-sessions.js';
import { recordedAgain } from './recorded-again.js';
import { RestoredAwards } from './restored-awards.js';
import type { SoundContent } from './sound-content.js';
import { digestOf } from './text-digest.js';

/** Which credentials a check is about; everything when left out. Times are ISO 8601. */
export interface Scope {
  organisationId?: string;
  /** Signed at or after. */
  since?: string;
}

/** Credentials of one range of ids, and what the archive holds of them. */
export interface Range {
  /** The first id. */
  start: string;
  /** The first id that is not in it any more; none for the last range. */
  end?: string;
  archived: ArchivedRange;
}

/** What was found in a range. */
export interface RangeResult {
  checked: number;
  archived: number;
  faults: Fault[];
  unreadable: Unreadable[];
}

/** What all ranges are checked with. */
export interface RangeGround {
  origin: string;
  scope: Scope;
  archive: { begins?: Date; files: ArchivedFile[] };
  /** The database's time before the archive was read. */
  askedAt: Date;
}

const pause = 50;
const firstId = '00000000-0000-0000-0000-000000000000';

const inScope = ({ organisationId, since }: Scope, state = 'signed'): string => {
  const [organisation, from] = [literal(organisationId ?? null), literal(since ?? null)];
  return `c.state = ${literal(state)} and (${organisation}::uuid is null or c.organisation_id = ${organisation})
  and (${from}::timestamptz is null or c.signed_at >= ${from})`;
};

/** The first id of each range of credentials, in order, how many credentials there are, and the database's time. */
export async function rangesOf(
  database: DataSource,
  scope: Scope,
  size: number,
): Promise<{ total: number; starts: string[]; askedAt: Date }> {
  const [{ asked_at: askedAt }]: [{ asked_at: Date }] = await database.query('select now() as asked_at');
  const rows: { id: string; total: number }[] = await database.query(
    `select id, total::int from (
       select c.id, row_number() over (order by c.id) as place, count(*) over () as total
       from credential c where ${inScope(scope)}) as numbered
     where (place - 1) % $1 = 0 order by id`,
    [size],
  );
  // Whatever is added meanwhile, every id lies in one range.
  return { total: rows[0]?.total ?? 0, starts: [firstId, ...rows.slice(1).map(({ id }) => id)], askedAt };
}

/** Checks ranges of credentials with one connection's worth of kept keys and mandates. */
export class RangeCheck {
  private readonly readRow = issuedRowReader();
  private readonly restored: RestoredAwards;

  private constructor(
    private readonly database: DataSource,
    private readonly check: CredentialCheck,
    private readonly mandated: Facts['mandated'],
    private readonly ground: RangeGround,
  ) {
    this.restored = new RestoredAwards(database);
  }

  /** Reads what all ranges need: the public keys, and who had which mandate. */
  static async open(database: DataSource, ground: RangeGround): Promise<RangeCheck> {
    const check = new CredentialCheck(ground.origin, await keysOf(database));
    return new RangeCheck(database, check, await assessorMandatesOf(database), ground);
  }

  async run({ start, end, archived }: Range): Promise<RangeResult> {
    const { scope, archive } = this.ground;
    const bounds = `c.id >= ${literal(start)}${end === undefined ? '' : ` and c.id < ${literal(end)}`}`;
    const rows = await copyRows(this.database, issuedRows(`${inScope(scope)} and ${bounds}`), this.readRow);
    const [facts, superseded, moved] = await Promise.all([
      this.factsOf(rows),
      this.supersededFaults(bounds),
      movedSessionFaults(this.database, rows),
    ]);
    const lines = new ArchivedLines(archive.files, archived);
    const faults: Fault[] = lines.faults;
    for (const found of [...superseded, ...moved]) faults.push(found);
    for (const [place, row] of rows.entries()) {
      const sound = this.check.soundContent(row);
      const content = sound ? [] : await this.check.contentFaults(row);
      for (const code of [...content, ...this.check.recordedFaults(row, facts)])
        faults.push({ code, ids: { credential: row.id, award: row.award_id } });
      if (sound) lines.take(row.id, (line) => isArchivedAs(line, credentialBytes(row, sound)));
      // So that the next range arrives meanwhile.
      if (place % pause === pause - 1) await turn();
    }
    for (const found of await compareArchived(this.database, lines.rest(scope), this.restored))
      faults.push(found);
    for (const row of rows)
      if (this.shouldBeArchived(row) && !lines.has(row.id))
        faults.push({ code: 'archive_missing', ids: { credential: row.id } });
    return { checked: rows.length, archived: lines.size, faults, unreadable: lines.unreadable };
  }

  /** Those that gave their places to others: their texts are still the ones that were signed. */
  private async supersededFaults(bounds: string): Promise<Fault[]> {
    const rows: { id: string; is_payload: boolean; is_document: boolean }[] = await this.database.query(
      `select id, coalesce(payload = payload_sha256, false) as is_payload,
              coalesce(document = document_sha256, false) as is_document
       from (select c.id, c.payload_sha256, c.document_sha256, ${digestOf('c.payload')} as payload,
                    ${digestOf('signed_document(c)')} as document
             from credential c where ${inScope(this.ground.scope, 'superseded')} and ${bounds}) as read
       where (payload, document) is distinct from (payload_sha256, document_sha256)`,
    );
    return rows.flatMap(({ id, is_payload: isPayload, is_document: isDocument }): Fault[] => [
      ...(isPayload ? [] : [{ code: 'payload_digest' as const, ids: { credential: id } }]),
      ...(isDocument ? [] : [{ code: 'document_digest' as const, ids: { credential: id } }]),
    ]);
  }

  /** What was signed before the archive begins was never in it, and what is signed while it is read may stand behind. */
  private shouldBeArchived({ signed_at: signedAt, read_at: readAt }: IssuedRow): boolean {
    const { archive, askedAt } = this.ground;
    const isMeanwhile = signedAt > askedAt && signedAt <= readAt;
    return archive.begins !== undefined && signedAt >= archive.begins && !isMeanwhile;
  }

  private async factsOf(rows: IssuedRow[]): Promise<Facts> {
    const people = [[...new Set(rows.flatMap((row) => row.person_id ?? []))]];
    const [attendances, assessments, awards]: { key: string; target?: string }[][] = await Promise.all([
      this.database.query(
        `select person_id || ' ' || session_id as key from attendance where person_id = any($1) and status = 'present'`,
        people,
      ),
      this.database.query(
        `select person_id || ' ' || session_id || ' ' || assessor_person_id as key, target_code as target
         from assessment where person_id = any($1) and outcome = 'acquired' and assessor_person_id is not null`,
        people,
      ),
      this.database.query(
        `select person_id || ' ' || badge_code as key from award where person_id = any($1) and state = 'issued'`,
        people,
      ),
    ]);
    const [present, acquired, held] = [attendances!, assessments!, awards!].map(
      (found) => new Set(found.map(({ key }) => key)),
    );
    const acquiredIn = new Set(assessments!.map(({ key, target }) => `${key} ${target}`));
    const again = await recordedAgain(this.database, rows, this.restored);
    return {
      mandated: this.mandated,
      wasPresent: (person, held) =>
        present!.has(`${person} ${held.sessionId}`) || again.wasPresent(person, held),
      hasAcquired: (person, held, assessor, target) => {
        const key = `${person} ${held.sessionId} ${assessor}`;
        const isKnown = target === undefined ? acquired!.has(key) : acquiredIn.has(`${key} ${target}`);
        return isKnown || again.hasAcquired(person, held, assessor, target);
      },
      holds: (person, badge) => held!.has(`${person} ${badge}`),
    };
  }
}

const credentialBytes = (row: IssuedRow, sound: SoundContent): CredentialBytes => ({
  proof: sound.proof,
  claims: sound.claims,
  header: sound.header,
  signature: sound.signature,
  payloadEnd: sound.payloadEnd,
  id: row.id,
  organisationId: row.organisation_id,
  edition: row.edition,
  publicId: row.public_id,
  statusListId: row.status_list_id,
  statusListPublicId: row.list_public_id ?? '',
  statusIndex: row.status_index,
  ed25519KeyId: row.ed25519_key_id,
  rs256KeyId: row.rs256_key_id,
  issuerDid: row.issuer_did,
  supersedes: row.supersedes,
  payload: row.payload,
  award: {
    id: row.award_id,
    achievementId: row.achievement_id,
    badgeCode: row.badge_code,
    personId: row.person_id,
    sessionId: row.session_id,
    assessorPersonId: row.assessor_person_id,
    assessedOn: row.assessed_on,
    awardedAt: row.awarded_at?.toISOString(),
    established: row.established,
    reasons: row.reasons,
  },
});

/** The public half of every key. */
export async function keysOf(database: DataSource): Promise<Map<string, CheckedKey>> {
  const rows: {
    id: string;
    issuer_id: string;
    public_jwk: JsonWebKey;
    created_at: Date;
    retired_at: Date | null;
    compromised_since: Date | null;
  }[] = await database.query(
    'select id, issuer_id, public_jwk, created_at, retired_at, compromised_since from signing_key',
  );
  return new Map(
    rows.flatMap((row) => {
      const publicKey = publicKeyOf(row.public_jwk);
      // What is no key any more signs nothing: its badges say that they know it not.
      if (!publicKey) return [];
      const { created_at: createdAt, retired_at: retiredAt, compromised_since: compromisedSince } = row;
      return [[row.id, { issuerId: row.issuer_id, publicKey, createdAt, retiredAt, compromisedSince }]];
    }),
  );
}

function publicKeyOf(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as never, format: 'jwk' });
  } catch {
    return undefined;
  }
}
