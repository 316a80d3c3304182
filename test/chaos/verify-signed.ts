import { issuerUrl } from '#badges';
import { sha256 } from '#platform';
import { type JsonObject, PublicKeys, publicKeyOfJwk } from '#signing';
import { verifyIssued } from '#verification';
import { type OutsideStatus, OutsideVerifier } from '../../apps/cli/src/outside-verifier.js';
import type { Site } from './site.js';

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
  status: OutsideStatus;
}

export interface Verified {
  verified: number;
  verifiedOutside: number;
  /** What is wrong, in sentences. */
  faults: string[];
}

type PublicKey = ReturnType<typeof publicKeyOfJwk>;
const atOnce = 500;

/**
 * Verifies signed credentials one by one: stored bytes against their digests and against the plan, and both proofs.
 * @param sample how many at most, drawn at random when there are more
 * @param outsideOneIn one in so many also by a verifier that is not ours, over HTTP
 */
export async function verifySigned(
  site: Site,
  { sample, outsideOneIn }: { sample: number; outsideOneIn?: number },
): Promise<Verified> {
  const { rows } = await site.owner.query<{ id: string }>(
    `select id from credential where state = 'signed' order by random() limit $1`,
    [Number.isFinite(sample) ? sample : null],
  );
  const ids = rows.map(({ id }) => id);
  const keyOf = keysOf(site);
  const outside = new OutsideVerifier(site.origin);
  const found: Verified = { verified: 0, verifiedOutside: 0, faults: [] };
  // In random order already, so that every n-th is a random one.
  const outsiders = new Set(outsideOneIn ? ids.filter((_, i) => i % outsideOneIn === 0) : []);
  for (let from = 0; from < ids.length; from += atOnce)
    for (const row of await readSigned(site, ids.slice(from, from + atOnce))) {
      found.faults.push(...(await faultsOf(site, row, keyOf)));
      found.verified += 1;
      if (!outsiders.has(row.id)) continue;
      const verdict = await outside.check(JSON.parse(row.document) as JsonObject);
      if (verdict.status !== row.status || verdict.accepted !== (row.status === 'active'))
        found.faults.push(`${row.id} is ${row.status} and others say: ${verdict.reason ?? verdict.status}`);
      found.verifiedOutside += 1;
    }
  return found;
}

async function readSigned(site: Site, ids: string[]): Promise<SignedRow[]> {
  const { rows } = await site.owner.query<SignedRow>(
    `select c.id, o.slug, c.issuer_did, c.payload, c.payload_sha256, signed_document(c) as document, c.document_sha256, signed_jwt(c) as jwt,
            c.ed25519_key_id, c.rs256_key_id, e.state as status
     from credential c join organisation o on o.id = c.organisation_id
     join status_entry e on e.credential_id = c.id where c.id = any($1)`,
    [ids],
  );
  return rows;
}

function keysOf(site: Site): (id: string) => Promise<PublicKey> {
  const store = new PublicKeys(site.world.api);
  const keys = new Map<string, PublicKey>();
  return async (id) => {
    const key = keys.get(id) ?? publicKeyOfJwk((await store.find(id))!.publicJwk);
    keys.set(id, key);
    return key;
  };
}

async function faultsOf(
  site: Site,
  row: SignedRow,
  keyOf: (id: string) => Promise<PublicKey>,
): Promise<string[]> {
  const faults: string[] = [];
  const { proof, ...unsigned } = JSON.parse(row.document) as JsonObject;
  if (sha256(row.payload).toString('hex') !== row.payload_sha256) faults.push(`payload of ${row.id} changed`);
  if (sha256(row.document).toString('hex') !== row.document_sha256)
    faults.push(`document of ${row.id} is not what was stored`);
  if (!proof || JSON.stringify(unsigned) !== row.payload)
    faults.push(`document of ${row.id} is not payload and proof`);
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
  if (report.verdict !== 'authentic') faults.push(`${row.id} is ${report.verdict}`);
  return faults;
}
