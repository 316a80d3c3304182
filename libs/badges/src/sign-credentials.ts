import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { logger } from '#platform';
import {
  CanonicalTemplates,
  type KeyStore,
  proofFor,
  type Signer,
  securedText,
  signPreparedVcJwt,
} from '#signing';
import { issuerUrl } from './addresses.js';
import { ArchiveThenStore } from './archive/archive-then-store.js';
import { NoArchive, type SignedBytesArchive } from './archive/signed-bytes-archive.js';
import { assertClock } from './clock-guard.js';
import type { CredentialCheck, Refusal } from './credential-check.js';
import { credentialSlots } from './credential-for.js';
import { assessorMandates } from './plan-awards.js';
import {
  badgeMissing,
  notCanonical,
  type PlannedRow,
  plannedCredentials,
  recheck,
} from './planned-credentials.js';
import type { PublishStatusLists } from './publish-status-lists.js';
import { asArchived, asStored, type Linted, type SignedOne } from './signed-forms.js';
import type { SigningStep, SigningSteps } from './signing-steps.js';
import { Stones } from './stones.js';
import { type RefusedCredential, type SignedCredential, storeSigned } from './store-signed.js';

const log = logger('sign-credentials');
// Half a batch: what is made on the way of fewer credentials at once dies young, which spares the garbage collector a
// twentieth of the worker's time.
const partSize = 50;

// Keys that were reported stolen after they were recorded are as good as none.
const withoutKeys = `(ed25519_key_id is null or rs256_key_id is null or exists (
  select from signing_key k where k.id in (ed25519_key_id, rs256_key_id) and k.compromised_since is not null))`;

export interface SignedBatch {
  signed: number;
  refused: number;
  /** Pathway badges left as they were, since a badge that they stand on is not signed yet; absent when none. */
  waiting?: number;
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
 * throw-away key, sign, verify, store. Each step is made for the whole batch before the next; linting, signing and
 * verifying take it in parts. May run twice at once:
 * the row that is no longer planned is left alone, and because EdDSA and RS256 are deterministic a repeated run makes
 * the same bytes.
 */
export class SignCredentials {
  private readonly keys = new Map<string, IssuerKeys>();
  private readonly templates = new CanonicalTemplates(credentialSlots);
  private readonly storing: ArchiveThenStore;

  /**
   * @param steps is told of each step that a batch has reached
   * @param archive keeps the signed bytes before the database knows of them
   */
  constructor(
    private readonly database: DataSource,
    private readonly keyStore: KeyStore,
    private readonly check: CredentialCheck,
    private readonly statusLists: PublishStatusLists,
    private readonly origin: string,
    private readonly steps: SigningSteps = { reached: () => {} },
    private readonly archive: SignedBytesArchive = new NoArchive(),
  ) {
    this.storing = new ArchiveThenStore(database);
  }

  /**
   * @throws SigningKeyUnavailable (`signing_key_unavailable`), KeyServiceUnavailable (`key_service_unavailable`),
   *   ClockDrift (`clock_drift`) and database errors, which a later run may heal; SigningKeyOfAnotherIssuer
   *   (`signing_key_of_another_issuer`)
   */
  async run(outboxId: string): Promise<SignedBatch> {
    const reached = async (step: SigningStep): Promise<void> => this.steps.reached(step, outboxId);
    const refused: RefusedCredential[] = [];
    /** Puts a refusal aside; true when there was none. */
    const passes = ({ id }: PlannedRow, refusal: Refusal | undefined): boolean => {
      if (refusal) refused.push({ id, refusal });
      return refusal === undefined;
    };
    await reached('taken');
    await assertClock(this.database);
    await this.recordKeys(outboxId);
    await reached('keys_recorded');
    const rows = await plannedCredentials(this.database, outboxId);
    const mandated = rows[0]
      ? await assessorMandates(this.database.manager, rows[0].organisation_id)
      : () => false;
    const standing = new Set(rows.filter((row) => passes(row, recheck(row, mandated))));
    await reached('rechecked');
    const stones = await Stones.of(this.database, rows);
    const verified: SignedCredential[] = [];
    let waiting = 0;
    for (const round of stones.roundsOf(rows)) {
      const ready = round.filter((row) => {
        if (!standing.has(row)) return false;
        const footing = stones.footingOf(row);
        if (footing === 'waits') waiting += 1;
        return footing === 'stands' || (footing === 'missing' && passes(row, badgeMissing));
      });
      const signed: SignedCredential[] = [];
      for (let from = 0; from < ready.length; from += partSize)
        signed.push(...(await this.signPart(ready.slice(from, from + partSize), passes, reached)));
      verified.push(...signed);
      const isSigned = new Set(signed.map(({ id }) => id));
      const isRefused = new Set(refused.map(({ id }) => id));
      for (const row of round)
        if (isSigned.has(row.id)) stones.decided(row, 'issued');
        else if (isRefused.has(row.id)) stones.decided(row, 'refused');
    }
    await this.statusLists.ensureSigned([...new Set(rows.map((row) => row.status_list_id))]);
    await reached('status_list_ready');
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    const { refusals, waiting: left } = await this.storing.run(
      async () => {
        await this.archive.append(verified.map((one) => asArchived(rowOf.get(one.id)!, one)));
        await reached('archived');
      },
      (database) => storeSigned(database, outboxId, verified, refused),
    );
    await reached('stored');
    for (const { id, refusal } of refusals)
      log.warn({ credentialId: id, code: refusal.code }, 'credential refused');
    await reached('done');
    waiting += left;
    const signed = verified.length - left + refused.length - refusals.length;
    return { signed, refused: refusals.length, ...(waiting > 0 ? { waiting } : {}) };
  }

  /** I2: which keys will sign is written before anything is signed. */
  private async recordKeys(outboxId: string): Promise<void> {
    const issuers: { organisation_id: string }[] = await this.database.query(
      `select distinct organisation_id from credential
       where outbox_id = $1 and state = 'planned' and ${withoutKeys}`,
      [outboxId],
    );
    for (const { organisation_id } of issuers) {
      const active = await this.keyStore.ensureKeys(organisation_id);
      await this.database.query(
        `update credential set ed25519_key_id = $3, rs256_key_id = $4
         where outbox_id = $1 and organisation_id = $2 and state = 'planned' and ${withoutKeys}`,
        [outboxId, organisation_id, active.Ed25519.id, active.RS256.id],
      );
    }
  }

  /** Lints, signs and verifies. @returns those that may be stored; every other one was put aside */
  private async signPart(
    part: PlannedRow[],
    passes: (row: PlannedRow, refusal: Refusal | undefined) => boolean,
    reached: (step: SigningStep) => Promise<void>,
  ): Promise<SignedCredential[]> {
    const lints = await Promise.all(part.map((row) => this.lint(row)));
    const linted = lints.flatMap((lint, i) => {
      if (!('code' in lint)) return [lint];
      passes(part[i]!, lint);
      return [];
    });
    await reached('linted');
    const keys = await this.keysOf(linted);
    const signed = await Promise.all(linted.map((one, i) => this.sign(one, keys[i]!)));
    await reached('signed');
    const checks = await Promise.all(signed.map((one) => this.check.verify(one)));
    const verified = signed.filter(({ row }, i) => passes(row, checks[i]![0]));
    await reached('verified');
    return verified.map(asStored);
  }

  private async lint(row: PlannedRow): Promise<Linted | Refusal> {
    const read = await this.templates.prepareText(row.payload).catch((error: Error) => error);
    if (read instanceof Error) return notCanonical(read);
    const { document: credential, prepared } = read;
    const [fault] = await this.check.lint(credential, prepared);
    return fault ?? { row, credential, prepared };
  }

  private async sign({ row, credential, prepared }: Linted, keys: IssuerKeys): Promise<SignedOne> {
    const verificationMethod = `${row.issuer_did}#${row.ed25519_key_id}`;
    const kid = `${issuerUrl(this.origin, row.slug)}/keys/${row.rs256_key_id}`;
    const proof = [
      await proofFor(prepared, {
        privateKey: keys.ed25519.privateKey,
        verificationMethod,
        created: new Date(credential.validFrom as string),
      }),
    ];
    return {
      row,
      credential,
      prepared,
      document: { ...prepared.document, proof },
      text: securedText(prepared, proof),
      jwt: await signPreparedVcJwt(prepared, { privateKey: keys.rs256.privateKey, kid }),
      ed25519: { verificationMethod, publicKey: keys.ed25519Public },
      rs256: { kid, publicKey: keys.rs256Public },
    };
  }

  /** The keys of each, opened once and asked for once in a part. */
  private async keysOf(linted: Linted[]): Promise<IssuerKeys[]> {
    const asked = new Map<string, Promise<IssuerKeys>>();
    return Promise.all(
      linted.map(({ row }) => {
        const name = `${row.organisation_id} ${row.ed25519_key_id} ${row.rs256_key_id}`;
        const keys = asked.get(name) ?? this.issuerKeys(row, name);
        asked.set(name, keys);
        return keys;
      }),
    );
  }

  private async issuerKeys(row: PlannedRow, name: string): Promise<IssuerKeys> {
    const [ed25519, rs256] = [
      await this.keyStore.signerFor(row.ed25519_key_id, row.organisation_id),
      await this.keyStore.signerFor(row.rs256_key_id, row.organisation_id),
    ];
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
}
