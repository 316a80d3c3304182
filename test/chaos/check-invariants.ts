import { issuerUrl } from '#badges';
import { sha256 } from '#platform';
import { type JsonObject, PublicKeys, publicKeyOfJwk } from '#signing';
import { verifyIssued } from '#verification';
import type { Site } from './site.js';

/** What the database holds after a fault, counted; `broken` says in a sentence each thing that must not be. */
export interface Findings {
  promised: number;
  signed: number;
  refused: number;
  cancelled: number;
  /** Promised awards that are neither issued nor visibly refused nor taken back. */
  lost: number;
  /** Second active credentials of an award, second awards of a learner for a badge, second stored signatures. */
  doubled: number;
  /** Signed credentials whose bytes and signatures were checked one by one. */
  verified: number;
  broken: string[];
}

// Each counts what may not exist; 0 is right.
const rules: Record<string, string> = {
  'outbox rows stay open': 'select count(*) from outbox where done_at is null',
  'credentials stay planned': `select count(*) from credential where state = 'planned'`,
  'awards stay planned': `select count(*) from award where state = 'planned'`,
  'status indexes are used twice':
    'select count(*) from (select from credential group by status_list_id, status_index having count(*) > 1) as t',
  'credentials have no reserved status index': `select count(*) from credential c where not exists
     (select from status_entry e where e.credential_id = c.id and e.status_list_id = c.status_list_id and e.position = c.status_index)`,
  'awards are told issued without a stored credential': `select count(*) from award a where a.state = 'issued' and not exists
     (select from credential c where c.award_id = a.id and c.state = 'signed' and c.document is not null and c.jwt is not null)`,
  'credentials are signed for an award that is not issued': `select count(*) from credential c join award a on a.id = c.award_id
     where c.state = 'signed' and a.state in ('planned', 'refused', 'cancelled')`,
  'refusals do not say why in French and English': `select count(*) from credential where state = 'refused'
     and (coalesce(refusal #>> '{detail,fr}', '') = '' or coalesce(refusal #>> '{detail,en}', '') = '')`,
  'credentials point at a status list that nobody signed': `select count(*) from credential c
     join status_list l on l.id = c.status_list_id where c.state = 'signed' and l.document is null`,
  'credentials were signed before they were planned':
    'select count(*) from credential where signed_at < created_at',
  'credentials begin in the future': `select count(*) from credential
     where (payload::jsonb ->> 'validFrom')::timestamptz > now() + interval '60 seconds'`,
};

const doubles: Record<string, string> = {
  'second active credentials of an award': `select coalesce(sum(n - 1), 0) from (select count(*) as n from credential
     where state in ('planned', 'signed') group by award_id, edition) as t`,
  'second awards of a learner for a badge': `select coalesce(sum(n - 1), 0) from (select count(*) as n from award
     where state <> 'cancelled' group by organisation_id, badge_code, person_id) as t`,
  'second stored signatures': `select coalesce(sum(n - 1), 0) from (select count(*) as n from signature_log group by credential_id) as t`,
};

/**
 * Reads the whole database after a fault and holds it against the invariants I1 to I6 (docs/ARCHITECTURE.md).
 * @param sample signed credentials to verify byte by byte at most; more are drawn at random
 */
export async function checkInvariants(site: Site, sample = 500): Promise<Findings> {
  const broken: string[] = [];
  for (const [words, sql] of Object.entries(rules)) {
    const number = await site.count(sql);
    if (number > 0) broken.push(`${number} ${words}`);
  }
  let doubled = 0;
  for (const [words, sql] of Object.entries(doubles)) {
    const number = await site.count(sql);
    doubled += number;
    if (number > 0) broken.push(`${number} ${words}`);
  }
  const states = await awardStates(site);
  const lost = [...site.promised].filter(
    (id) => !['issued', 'refused', 'cancelled', 'revoked'].includes(states.get(id)!),
  );
  if (lost.length > 0) broken.push(`${lost.length} promised awards are lost, for example ${lost[0]}`);
  const verified = await verifySigned(site, sample, broken);
  const count = (state: string): number => [...states.values()].filter((one) => one === state).length;
  return {
    promised: site.promised.size,
    signed: await site.count(`select count(*) from credential where state = 'signed'`),
    refused: count('refused'),
    cancelled: count('cancelled'),
    lost: lost.length,
    doubled,
    verified,
    broken,
  };
}

async function awardStates(site: Site): Promise<Map<string, string>> {
  const { rows } = await site.owner.query<{ id: string; state: string }>('select id, state from award');
  return new Map(rows.map(({ id, state }) => [id, state]));
}

interface SignedRow {
  id: string;
  slug: string;
  issuer_did: string;
  payload: string;
  payload_sha256: string;
  document: string;
  document_sha256: string;
  jwt: string;
  ed25519_key_id: string;
  rs256_key_id: string;
}

async function verifySigned(site: Site, sample: number, broken: string[]): Promise<number> {
  const { rows } = await site.owner.query<SignedRow>(
    `select c.id, o.slug, c.issuer_did, c.payload, c.payload_sha256, c.document, c.document_sha256, c.jwt,
            c.ed25519_key_id, c.rs256_key_id
     from credential c join organisation o on o.id = c.organisation_id where c.state = 'signed' order by random() limit $1`,
    [sample],
  );
  const store = new PublicKeys(site.world.api);
  const keys = new Map<string, ReturnType<typeof publicKeyOfJwk>>();
  const keyOf = async (id: string): Promise<ReturnType<typeof publicKeyOfJwk>> => {
    const key = keys.get(id) ?? publicKeyOfJwk((await store.find(id))!.publicJwk);
    keys.set(id, key);
    return key;
  };
  for (const row of rows) {
    const { proof, ...unsigned } = JSON.parse(row.document) as JsonObject;
    if (sha256(row.payload).toString('hex') !== row.payload_sha256)
      broken.push(`payload of ${row.id} changed`);
    if (sha256(row.document).toString('hex') !== row.document_sha256)
      broken.push(`document of ${row.id} is not what was stored`);
    if (!proof || JSON.stringify(unsigned) !== row.payload)
      broken.push(`document of ${row.id} is not payload and proof`);
    const report = await verifyIssued({
      document: JSON.parse(row.document) as JsonObject,
      jwt: row.jwt,
      keys: {
        proof: {
          verificationMethod: `${row.issuer_did}#${row.ed25519_key_id}`,
          publicKey: await keyOf(row.ed25519_key_id),
        },
        jwt: {
          kid: `${issuerUrl(site.origin, row.slug)}/keys/${row.rs256_key_id}`,
          publicKey: await keyOf(row.rs256_key_id),
        },
      },
      now: new Date(Date.now() + 60_000),
    });
    if (report.verdict !== 'authentic') broken.push(`${row.id} is ${report.verdict}`);
  }
  return rows.length;
}
