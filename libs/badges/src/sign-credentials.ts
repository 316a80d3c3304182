import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { logger, sha256 } from '#platform';
import { type KeyStore, prepare, proofFor, type Signer, signVcJwt } from '#signing';
import type { CredentialCheck, Refusal } from './credential-check.js';
import { issuerUrl, type Json } from './credential-for.js';
import { assessorMandates } from './plan-awards.js';
import type { PublishStatusLists } from './publish-status-lists.js';

const log = logger('sign-credentials');

interface PlannedRow {
  id: string;
  organisation_id: string;
  slug: string;
  issuer_did: string;
  payload: string;
  payload_sha256: string;
  status_list_id: string;
  ed25519_key_id: string;
  rs256_key_id: string;
  award_id: string;
  award_state: string;
  person_id: string;
  assessor_person_id: string | null;
  assessed_on: string | null;
}

interface Signed {
  id: string;
  awardId: string;
  document: string;
  documentSha256: string;
  jwt: string;
}

type Outcome = { signed: Signed } | { refused: { id: string; awardId: string; refusal: Refusal } };

export interface SignedBatch {
  signed: number;
  refused: number;
}

/** An issuer's two keys, their public halves kept so that nothing is parsed twice. */
interface IssuerKeys {
  ed25519: Signer;
  rs256: Signer;
  ed25519Public: KeyObject;
  rs256Public: KeyObject;
}

/**
 * Signs the planned credentials of one outbox row (ARCHITECTURE, order of issuance, step 3): re-check, lint with a
 * throw-away key, sign, verify, store. May run twice at once: the row that is no longer planned is left alone, and
 * because EdDSA and RS256 are deterministic a repeated run makes the same bytes.
 */
export class SignCredentials {
  private readonly keys = new Map<string, IssuerKeys>();

  constructor(
    private readonly database: DataSource,
    private readonly keyStore: KeyStore,
    private readonly check: CredentialCheck,
    private readonly statusLists: PublishStatusLists,
    private readonly origin: string,
  ) {}

  /** @throws SigningKeyUnavailable (`signing_key_unavailable`) and database errors, which a later run may heal */
  async run(outboxId: string): Promise<SignedBatch> {
    await this.recordKeys(outboxId);
    const rows: PlannedRow[] = await this.database.query(
      `select c.id, c.organisation_id, o.slug, c.issuer_did, c.payload, c.payload_sha256, c.status_list_id,
              c.ed25519_key_id, c.rs256_key_id, c.award_id, a.state as award_state, a.person_id,
              a.assessor_person_id, a.assessed_on::text
       from credential c join award a on a.id = c.award_id join organisation o on o.id = c.organisation_id
       where c.outbox_id = $1 and c.state = 'planned' order by c.id`,
      [outboxId],
    );
    const outcomes: Outcome[] = [];
    if (rows[0]) {
      const mandated = await assessorMandates(this.database.manager, rows[0].organisation_id);
      for (const row of rows) outcomes.push(await this.signOne(row, mandated));
      await this.statusLists.ensureSigned([...new Set(rows.map((r) => r.status_list_id))]);
    }
    await this.store(outboxId, outcomes);
    const signed = outcomes.filter((o) => 'signed' in o).length;
    return { signed, refused: outcomes.length - signed };
  }

  /** I2: which keys will sign is written before anything is signed. */
  private async recordKeys(outboxId: string): Promise<void> {
    const issuers: { organisation_id: string }[] = await this.database.query(
      `select distinct organisation_id from credential
       where outbox_id = $1 and state = 'planned' and (ed25519_key_id is null or rs256_key_id is null)`,
      [outboxId],
    );
    for (const { organisation_id } of issuers) {
      const active = await this.keyStore.ensureKeys(organisation_id);
      await this.database.query(
        `update credential set ed25519_key_id = $3, rs256_key_id = $4
         where outbox_id = $1 and organisation_id = $2 and state = 'planned' and ed25519_key_id is null`,
        [outboxId, organisation_id, active.Ed25519.id, active.RS256.id],
      );
    }
  }

  private async signOne(
    row: PlannedRow,
    mandated: (personId: string, date: string) => boolean,
  ): Promise<Outcome> {
    const refuse = (code: string, fr: string, en: string): Outcome => ({
      refused: { id: row.id, awardId: row.award_id, refusal: { code, detail: { fr, en } } },
    });
    if (row.award_state !== 'planned')
      return refuse('award_withdrawn', "L'attribution a été annulée.", 'The award was withdrawn.');
    if (row.assessor_person_id !== null && !mandated(row.assessor_person_id, row.assessed_on!))
      return refuse(
        'assessor_not_mandated',
        "La personne qui a évalué n'avait plus de mandat dans la structure à cette date. Confirmez son mandat, puis relancez.",
        'The assessor no longer had a mandate in the structure on that date. Confirm the mandate, then retry.',
      );
    if (row.assessor_person_id === row.person_id)
      return refuse('self_assessed', "Personne ne s'évalue soi-même.", 'Nobody assesses themselves.');
    if (sha256(row.payload).toString('hex') !== row.payload_sha256)
      return refuse('payload_changed', 'Le contenu prévu a été modifié.', 'The planned content was altered.');

    const credential = JSON.parse(row.payload) as Json;
    const prepared = await prepare(credential).catch((error: Error & { code?: string }) => error);
    if (prepared instanceof Error)
      return refuse(
        prepared.code?.startsWith('jsonld') || prepared.code?.startsWith('context')
          ? prepared.code
          : 'not_canonical',
        `Le contenu ne peut pas être signé : ${prepared.message}`,
        `The content cannot be signed: ${prepared.message}`,
      );
    const [fault] = await this.check.lint(credential, prepared);
    if (fault) return { refused: { id: row.id, awardId: row.award_id, refusal: fault } };

    const keys = await this.keysOf(row);
    const verificationMethod = `${row.issuer_did}#${row.ed25519_key_id}`;
    const kid = `${issuerUrl(this.origin, row.slug)}/keys/${row.rs256_key_id}`;
    const created = new Date(credential.validFrom as string);
    const proof = await proofFor(prepared, {
      privateKey: keys.ed25519.privateKey,
      verificationMethod,
      created,
    });
    const document = { ...prepared.document, proof: [proof] };
    const jwt = signVcJwt({ credential, privateKey: keys.rs256.privateKey, kid });
    const [broken] = await this.check.verify({
      document,
      jwt,
      prepared,
      ed25519: { verificationMethod, publicKey: keys.ed25519Public },
      rs256: { kid, publicKey: keys.rs256Public },
    });
    if (broken) return { refused: { id: row.id, awardId: row.award_id, refusal: broken } };
    const text = JSON.stringify(document);
    return {
      signed: {
        id: row.id,
        awardId: row.award_id,
        document: text,
        documentSha256: sha256(text).toString('hex'),
        jwt,
      },
    };
  }

  private async keysOf(row: PlannedRow): Promise<IssuerKeys> {
    const [ed25519, rs256] = [
      await this.keyStore.signerFor(row.ed25519_key_id),
      await this.keyStore.signerFor(row.rs256_key_id),
    ];
    if (ed25519.issuerId !== row.organisation_id || rs256.issuerId !== row.organisation_id)
      throw new Error(`Credential ${row.id} names a key of another issuer`);
    const name = `${row.ed25519_key_id} ${row.rs256_key_id}`;
    const kept = this.keys.get(name);
    if (kept) return kept;
    const keys = {
      ed25519,
      rs256,
      ed25519Public: createPublicKey(ed25519.privateKey),
      rs256Public: createPublicKey(rs256.privateKey),
    };
    this.keys.set(name, keys);
    return keys;
  }

  private async store(outboxId: string, outcomes: Outcome[]): Promise<void> {
    const signed = outcomes.flatMap((o) => ('signed' in o ? [o.signed] : []));
    const refused = outcomes.flatMap((o) => ('refused' in o ? [o.refused] : []));
    await this.database.transaction(async (tx) => {
      // Whoever signed first keeps the credential: only rows still planned are written.
      await tx.query(
        `with stored as (
           update credential c set state = 'signed', document = t.document, document_sha256 = t.digest, jwt = t.jwt, signed_at = now()
           from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (id, document, digest, jwt)
           where c.id = t.id and c.state = 'planned' returning c.award_id)
         update award set state = 'issued' where id in (select award_id from stored) and state = 'planned'`,
        [
          signed.map((s) => s.id),
          signed.map((s) => s.document),
          signed.map((s) => s.documentSha256),
          signed.map((s) => s.jwt),
        ],
      );
      if (refused.length > 0)
        await tx.query(
          `with stored as (
             update credential c set state = 'refused', refusal = t.refusal
             from unnest($1::uuid[], $2::jsonb[]) as t (id, refusal)
             where c.id = t.id and c.state = 'planned' returning c.award_id)
           update award set state = 'refused' where id in (select award_id from stored) and state = 'planned'`,
          [refused.map((r) => r.id), refused.map((r) => JSON.stringify(r.refusal))],
        );
      await tx.query(
        `update outbox set done_at = now() where id = $1 and done_at is null
         and not exists (select from credential where outbox_id = $1 and state = 'planned')`,
        [outboxId],
      );
    });
    for (const { id, refusal } of refused)
      log.warn({ credentialId: id, code: refusal.code }, 'credential refused');
  }
}
