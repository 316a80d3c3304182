import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { DomainError } from '#platform';
import { PublicKeys } from '#signing';
import {
  type ArchivedChainMark,
  type ArchivedCredential,
  type ArchivedIssuer,
  type ArchivedKey,
  type ArchivedRestore,
  type ArchivedStatusList,
  archiveLine,
} from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';

/**
 * Where signed bytes are kept beside the database, before the database knows of them: what was given out is found again
 * after an older backup was restored.
 */
export abstract class SignedBytesArchive {
  /**
   * Returns when the bytes are on the disk. An error means that nothing may be called issued.
   * @throws ArchiveUnavailable (`archive_unavailable`), as the others do
   */
  abstract append(credentials: ArchivedCredential[]): Promise<void>;
  /** The same for an endorsement or a record. */
  abstract appendStatement(statement: ArchivedStatement): Promise<void>;
  /** The same for a status list that is about to be published. @param keyId of the key that signed it */
  abstract appendList(list: ArchivedStatusList, keyId: string): Promise<void>;
  /** The same for where the audit chain stands. */
  abstract appendMark(mark: ArchivedChainMark): Promise<void>;
}

/**
 * The folder of the archive does not take what is to be kept (`archive_unavailable`): full, gone, read-only, not ours.
 * `details.error` is the system's code. It passes once the folder is back; until then nothing is called issued.
 */
export class ArchiveUnavailable extends DomainError {
  readonly code = 'archive_unavailable';
  override readonly isPassing = true;
  constructor(error: string, cause: unknown) {
    super(
      `Le dossier de l’archive ne se laisse pas écrire (${error}) : rendez-le au worker. / ` +
        `The archive folder cannot be written (${error}): give it back to the worker.`,
      { cause, details: { error } },
    );
  }
}

/** Keeps nothing: for measurements and for tests that are about something else. */
export class NoArchive extends SignedBytesArchive {
  async append(): Promise<void> {}
  async appendStatement(): Promise<void> {}
  async appendList(): Promise<void> {}
  async appendMark(): Promise<void> {}
}

interface Segment {
  day: string;
  file: FileHandle;
  size: number;
  keys: Set<string>;
}

const fileSize = 256 * 1024 * 1024;

/**
 * An archive in a folder: files named by day (UTC) and process, only ever appended to, one line per entry
 * (`archiveLine`). Every process writes files of its own, so that any number of workers may share the folder. After a
 * failed write a new file is begun: a torn line can only be the last of a file.
 */
export class FolderArchive extends SignedBytesArchive {
  private segment?: Segment;
  private turn: Promise<unknown> = Promise.resolve();

  /** @param keyOf the public half of a key; written once per file, before the first entry signed with it */
  constructor(
    private readonly folder: string,
    private readonly keyOf: (keyId: string) => Promise<ArchivedKey | null>,
    private readonly now: () => Date = () => new Date(),
    /** Bytes after which a new file is begun. */
    private readonly fullAt = fileSize,
  ) {
    super();
  }

  async append(credentials: ArchivedCredential[]): Promise<void> {
    if (credentials.length === 0) return;
    const lines = credentials.map((credential) => archiveLine({ kind: 'credential', credential }));
    await this.appendSigned(keysOf(credentials), lines);
  }

  async appendStatement(statement: ArchivedStatement): Promise<void> {
    await this.appendSigned(keysOf([statement]), [archiveLine({ kind: 'statement', statement })]);
  }

  async appendList(list: ArchivedStatusList, keyId: string): Promise<void> {
    await this.appendSigned(new Set([keyId]), [archiveLine({ kind: 'list', list })]);
  }

  private async appendSigned(keyIds: ReadonlySet<string>, lines: Buffer[]): Promise<void> {
    await this.inTurn(async (segment) => {
      const missing = [...keyIds].filter((id) => !segment.keys.has(id));
      const keys = await Promise.all(missing.map((id) => this.keyOf(id)));
      const keyLines = keys.flatMap((key) => (key ? [archiveLine({ kind: 'key', key })] : []));
      await write(segment, Buffer.concat([...keyLines, ...lines]));
      for (const id of missing) segment.keys.add(id);
    });
  }

  async appendMark(mark: ArchivedChainMark): Promise<void> {
    await this.inTurn((segment) => write(segment, archiveLine({ kind: 'chain', mark })));
  }

  /** Marks of the chain beyond this line are void from now on. */
  async appendRestore(restore: ArchivedRestore): Promise<void> {
    await this.inTurn((segment) => write(segment, archiveLine({ kind: 'restore', restore })));
  }

  /** Nest calls it when the process ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    await this.turn.catch(() => undefined);
    const segment = this.segment;
    this.segment = undefined;
    await segment?.file.close();
  }

  // One write after the other: two batches of one process must not mix their lines.
  private async inTurn(work: (segment: Segment) => Promise<void>): Promise<void> {
    const mine = this.turn
      .catch(() => undefined)
      .then(async () => {
        const segment = await this.open();
        try {
          await work(segment);
        } catch (error) {
          this.segment = undefined;
          await segment.file.close().catch(() => undefined);
          throw error;
        }
      });
    this.turn = mine;
    await mine;
  }

  private async open(): Promise<Segment> {
    const day = this.now().toISOString().slice(0, 10);
    const current = this.segment;
    if (current && current.day === day && current.size < this.fullAt) return current;
    this.segment = undefined;
    const name = `${day}.${this.now().getTime()}-${process.pid}-${randomBytes(4).toString('hex')}.jsonl`;
    const file = await onDisk(async () => {
      await current?.file.close();
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      // 'wx' and append: a file of another process is never opened, and no byte is ever written over.
      const begun = await open(join(this.folder, name), 'ax', 0o600);
      await syncFolder(this.folder).catch(async (error: Error) => {
        await begun.close().catch(() => undefined);
        throw error;
      });
      return begun;
    });
    this.segment = { day, file, size: 0, keys: new Set() };
    return this.segment;
  }
}

const keysOf = (signed: { ed25519KeyId: string; rs256KeyId: string }[]): Set<string> =>
  new Set(signed.flatMap((c) => [c.ed25519KeyId, c.rs256KeyId]));

async function write(segment: Segment, bytes: Buffer): Promise<void> {
  await onDisk(async () => {
    await segment.file.appendFile(bytes);
    await segment.file.datasync();
  });
  segment.size += bytes.length;
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new ArchiveUnavailable(code, error);
  }
}

// The name of a new file is on the disk only when its folder is.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The public half of keys as the archive writes them, with what their issuers show of themselves. */
export function archivedKeysOf(database: DataSource): (keyId: string) => Promise<ArchivedKey | null> {
  const keys = new PublicKeys(database);
  return async (keyId) => {
    const key = await keys.find(keyId);
    if (!key) return null;
    const { id, issuerId, algorithm, publicJwk, publicMultibase, createdAt } = key;
    const [issuer]: ArchivedIssuer[] = await database.query(
      `select o.kind, o.slug, o.public_name as name, o.url, o.siret, above.slug as "parentSlug"
       from organisation o left join organisation above on above.id = o.parent_id where o.id = $1`,
      [issuerId],
    );
    const created = createdAt.toISOString();
    return {
      id,
      issuerId,
      algorithm,
      publicJwk,
      publicMultibase,
      createdAt: created,
      ...(issuer && { issuer }),
    };
  };
}
