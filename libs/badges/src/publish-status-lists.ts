import type { DataSource } from 'typeorm';
import { codeOfError, isPassing, logger, sha256 } from '#platform';
import {
  Bitstring,
  buildStatusListCredential,
  didWebFor,
  type KeyStore,
  signWithDataIntegrity,
} from '#signing';
import { statusListUrl } from './addresses.js';
import { ArchiveThenStore } from './archive/archive-then-store.js';
import { NoArchive, type SignedBytesArchive } from './archive/signed-bytes-archive.js';
import { promisedSeconds } from './operations-waits.js';

const log = logger('publish-status-lists');

/**
 * How long a reader may keep a list without asking again, in seconds: `ttl` of the list and its HTTP cache. A revocation
 * is to be known everywhere within a minute: some two seconds until it is signed, two in a shared cache, and this.
 */
export const statusListMaxAgeSeconds = 50;
// An old list that somebody replays is out of date after two days; one that is served stays in date for a day and a
// half when the worker is away.
const validForHours = 48;
const refreshBeforeHours = 36;
/** How long a list stays in date at least when nobody can sign or fetch a newer one, in seconds. */
export const statusListOutlivesSeconds = refreshBeforeHours * 3_600;
// Lists signed in one round at most: a round stays short, the next one follows in a second.
const roundSize = 50;
const [firstPauseMs, longestPauseMs] = [2_000, 300_000];

interface ListRow {
  id: string;
  public_id: string;
  organisation_id: string;
  slug: string;
  size: number;
  version: number;
}

const columns = 'l.id, l.public_id, l.organisation_id, o.slug, l.size, l.version';

const isChanged =
  'exists (select from status_entry e where e.status_list_id = l.id and e.version <> e.listed_version)';

/** A list that could not be signed: how often in a row, since when and until when it is left alone (`performance.now`). */
interface FailedList {
  times: number;
  since: number;
  until: number;
  error: string;
}

/** Signs status lists (Bitstring Status List 1.0): a list is there before the first badge that points at it. */
export class PublishStatusLists {
  private readonly failed = new Map<string, FailedList>();
  private readonly storing: ArchiveThenStore;

  constructor(
    private readonly database: DataSource,
    private readonly keyStore: KeyStore,
    private readonly origin: string,
    private readonly archive: SignedBytesArchive = new NoArchive(),
  ) {
    this.storing = new ArchiveThenStore(database);
  }

  /** Signs those of the lists that never were. */
  async ensureSigned(listIds: string[]): Promise<void> {
    const lists: ListRow[] = await this.database.query(
      `select ${columns} from status_list l join organisation o on o.id = l.organisation_id
       where l.id = any($1) and l.document is null`,
      [listIds],
    );
    for (const list of lists) await this.sign(list);
  }

  /**
   * Signs anew every list that does not tell the latest status of one of its credentials, grows old, or was signed
   * with a key that is unknown or no longer in use; each at most once a second, those with a new status first. Lists
   * that cannot be signed do not hold up the others, however many they are: each is left alone for a while, which grows
   * with every failure to five minutes.
   * @returns how many lists were published
   */
  async publishDue(): Promise<number> {
    const now = performance.now();
    const paused = [...this.failed].flatMap(([id, { until }]) => (until > now ? [id] : []));
    const lists: ListRow[] = await this.database.query(
      `select ${columns} from status_list l join organisation o on o.id = l.organisation_id
       where l.document is not null and not l.id = any($3) and not l.signed_at between now() - interval '1 second' and now()
         and (${isChanged} or l.key_id is null or l.valid_until is null
              or l.valid_until < now() + make_interval(hours => $1)
              or exists (select from signing_key k where k.id = l.key_id
                         and (k.retired_at is not null or k.compromised_since is not null)))
       order by ${isChanged} desc, l.id = any($4), l.signed_at limit $2`,
      [refreshBeforeHours, roundSize, paused, [...this.failed.keys()]],
    );
    this.forgetMended(lists, now);
    let published = 0;
    for (const list of lists) {
      try {
        if (await this.signAlone(list)) published += 1;
        this.failed.delete(list.id);
      } catch (error) {
        log.error({ statusListId: list.id, err: (error as Error).message }, 'status list not signed');
        this.leaveAlone(list.id, error as Error);
      }
    }
    return published;
  }

  /** What fails for a reason that passes by itself is tried again soon, so that no revocation waits longer than it. */
  private leaveAlone(listId: string, error: Error): void {
    const before = this.failed.get(listId);
    const times = isPassing(error) ? 1 : (before?.times ?? 0) + 1;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (times - 1));
    const now = performance.now();
    // Never the message: it may quote what was written.
    const told = `${error.name} ${codeOfError(error)}`.trim().slice(0, 200);
    this.failed.set(listId, { times, since: before?.since ?? now, until: now + pause, error: told });
  }

  /** Somebody else has signed what is due no more. */
  private forgetMended(due: ListRow[], now: number): void {
    if (due.length === roundSize) return;
    const isDue = new Set(due.map(({ id }) => id));
    for (const [id, { until }] of this.failed) if (until <= now && !isDue.has(id)) this.failed.delete(id);
  }

  /**
   * The error, by name and code, of the list that could not be signed for the longest time.
   * @param seconds how long it must have failed: by default, longer than a change of a status may wait
   * @returns null when there is none
   */
  standingFailure(seconds = promisedSeconds): string | null {
    const limit = performance.now() - seconds * 1_000;
    const [oldest] = [...this.failed.values()]
      .filter(({ since }) => since <= limit)
      .sort((a, b) => a.since - b.since);
    return oldest?.error ?? null;
  }

  /**
   * Of several workers one encodes a list: the others leave it to that one. The lock is the transaction's, which does
   * nothing else, so that it ends with its connection; what is signed is guarded by the version alone.
   * @returns false when somebody else is at it, or was a moment ago
   */
  private signAlone(list: ListRow): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const [{ mine }]: [{ mine: boolean }] = await tx.query(
        `select pg_try_advisory_xact_lock(hashtextextended('status-list ' || $1, 0)) as mine`,
        [list.id],
      );
      if (!mine) return false;
      const [{ version }]: [{ version: number }] = await tx.query(
        'select version from status_list where id = $1',
        [list.id],
      );
      return version === list.version && this.sign(list);
    });
  }

  /** @returns false when somebody else published the same version first: theirs is kept */
  private async sign(list: ListRow): Promise<boolean> {
    // One statement sees one moment: the bits and the versions that they stand for belong together.
    const entries: { credential_id: string; position: number; state: string; version: number }[] =
      await this.database.query(
        `select credential_id, position, state, version from status_entry
         where status_list_id = $1 and (state <> 'active' or version <> listed_version)`,
        [list.id],
      );
    const bits = Bitstring.ofLength(list.size);
    for (const { position, state } of entries) if (state !== 'active') bits.set(position);
    const keys = await this.keyStore.ensureKeys(list.organisation_id);
    const signer = await this.keyStore.signerFor(keys.Ed25519.id);
    // A clock that was set back must not make a list look older than the one before it.
    const [{ from, until }]: [{ from: Date; until: Date }] = await this.database.query(
      `select t as from, t + make_interval(hours => $2) as until from (
         select greatest(date_trunc('second', now()), signed_at + interval '1 second') as t
         from status_list where id = $1) as times`,
      [list.id, validForHours],
    );
    const issuer = didWebFor(this.origin, list.slug);
    const document = JSON.stringify(
      await signWithDataIntegrity({
        document: buildStatusListCredential({
          id: statusListUrl(this.origin, list.public_id),
          issuer,
          bits,
          validFrom: from,
          validUntil: until,
          ttlSeconds: statusListMaxAgeSeconds,
        }),
        privateKey: signer.privateKey,
        verificationMethod: `${issuer}#${signer.keyId}`,
        created: from,
      }),
    );
    // Kept before it is told: a database restored from an older backup must not take a revocation back.
    const archived = {
      id: list.id,
      organisationId: list.organisation_id,
      publicId: list.public_id,
      size: list.size,
      version: list.version + 1,
      document,
      suspended: entries.filter(({ state }) => state === 'suspended').map(({ position }) => position),
    };
    // A version never goes back (I5). Whoever publishes a version first read the entries after the version before it
    // was published, so what is kept is never older than what it replaces.
    const [kept] = await this.storing.run(
      () => this.archive.appendList(archived, signer.keyId),
      (database): Promise<[unknown[], number]> =>
        database.query(
          `update status_list set document = $3, document_sha256 = $4, version = version + 1, signed_at = $5,
             valid_until = $6, key_id = $7
           where id = $1 and version = $2 returning id`,
          [list.id, list.version, document, sha256(document).toString('hex'), from, until, signer.keyId],
        ),
    );
    if (kept.length === 0) return false;
    const told = entries.filter(({ version }) => version > 0);
    // What somebody is changing right now stays unlisted and brings the next round.
    await this.database.query(
      `update status_entry e set listed_version = t.version
       from (select l.credential_id, v.version from status_entry l
             join unnest($1::uuid[], $2::int[]) as v (id, version) on v.id = l.credential_id
             where l.listed_version < v.version for update of l skip locked) as t
       where e.credential_id = t.credential_id`,
      [told.map((e) => e.credential_id), told.map((e) => e.version)],
    );
    return true;
  }
}
