import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type CheckedKey, CredentialCheck, type Facts, type IssuedRow } from './credential-faults.js';
import type { Fault } from './faults.js';
import { assessorMandatesOf } from './mandates.js';

/** Which credentials a check is about; everything when left out. Times are ISO 8601. */
export interface Scope {
  organisationId?: string;
  /** Signed at or after. */
  since?: string;
}

/** Credentials of one range, and how many there were. */
export interface RangeResult {
  checked: number;
  faults: Fault[];
}

const inScope = `c.state = 'signed' and ($1::uuid is null or c.organisation_id = $1)
  and ($2::timestamptz is null or c.signed_at >= $2)`;
const parameters = (scope: Scope): unknown[] => [scope.organisationId ?? null, scope.since ?? null];

/** The first id of each range of credentials, in order, and how many credentials there are. */
export async function rangesOf(
  database: DataSource,
  scope: Scope,
  size: number,
): Promise<{ total: number; starts: string[] }> {
  const rows: { id: string; total: number }[] = await database.query(
    `select id, total::int from (
       select c.id, row_number() over (order by c.id) as place, count(*) over () as total from credential c where ${inScope}) as numbered
     where (place - 1) % $3 = 0 order by id`,
    [...parameters(scope), size],
  );
  return { total: rows[0]?.total ?? 0, starts: rows.map(({ id }) => id) };
}

/** Checks ranges of credentials with one connection's worth of kept keys and mandates. */
export class RangeCheck {
  private constructor(
    private readonly database: DataSource,
    private readonly check: CredentialCheck,
    private readonly mandated: Facts['mandated'],
    private readonly scope: Scope,
  ) {}

  /** Reads what all ranges need: the public keys, and who had which mandate. */
  static async open(database: DataSource, origin: string, scope: Scope): Promise<RangeCheck> {
    const check = new CredentialCheck(origin, await keysOf(database));
    return new RangeCheck(database, check, await assessorMandatesOf(database), scope);
  }

  /** @param size of the range, as it was given to `rangesOf` */
  async run(start: string, size: number): Promise<RangeResult> {
    const rows: IssuedRow[] = await this.database.query(
      `select c.id, c.award_id, c.organisation_id, o.slug, c.public_id, c.issuer_did, c.payload, c.payload_sha256,
              c.ed25519_key_id, c.rs256_key_id, c.document, c.document_sha256, c.jwt, c.signed_at, c.created_at,
              c.status_list_id, c.status_index, l.public_id as list_public_id, e.status_list_id as entry_list_id,
              e.position as entry_position, e.state as entry_state, a.state as award_state, a.person_id,
              a.assessor_person_id, a.assessed_on::text, a.reasons
       from credential c left join award a on a.id = c.award_id left join organisation o on o.id = c.organisation_id
       left join status_list l on l.id = c.status_list_id
       left join status_entry e on e.credential_id = c.id
       where ${inScope} and c.id >= $3 order by c.id limit $4`,
      [...parameters(this.scope), start, size],
    );
    const facts = await this.factsOf(rows);
    const faults: Fault[] = [];
    // Together: the signatures are verified in the thread pool meanwhile.
    await Promise.all(
      rows.map(async (row) => {
        for (const code of await this.check.faults(row, facts))
          faults.push({ code, ids: { credential: row.id, award: row.award_id } });
      }),
    );
    return { checked: rows.length, faults };
  }

  private async factsOf(rows: IssuedRow[]): Promise<Facts> {
    const people = [[...new Set(rows.flatMap((row) => row.person_id ?? []))]];
    const [attendances, assessments, awards]: { key: string }[][] = await Promise.all([
      this.database.query(
        `select person_id || ' ' || session_id as key from attendance where person_id = any($1) and status = 'present'`,
        people,
      ),
      this.database.query(
        `select person_id || ' ' || session_id || ' ' || assessor_person_id as key from assessment
         where person_id = any($1) and outcome = 'acquired' and assessor_person_id is not null`,
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
    return {
      mandated: this.mandated,
      wasPresent: (person, session) => present!.has(`${person} ${session}`),
      hasAcquired: (person, session, assessor) => acquired!.has(`${person} ${session} ${assessor}`),
      holds: (person, badge) => held!.has(`${person} ${badge}`),
    };
  }
}

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
