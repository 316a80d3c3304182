import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { IssuanceQueue, planAwards } from '#badges';
import { createApiClient } from '#people';
import { endQueueConnection, projectFile, type QueueEngine, queueEngine, useQueueEngine } from '#platform';
import type { TestDatabase } from '../support/database.js';
import { anIssuanceWorld, type IssuanceWorld } from '../support/issuance-world.js';
import { freeTestPort } from '../support/program.js';
import {
  bareEnvironment,
  eventually,
  ServiceProcess,
  serviceSecrets,
  workerEnvironment,
} from '../support/service-process.js';
import { aCampaign, progressOf } from '../support/synthetic-campaign.js';
import type { Brood, Copied } from './brood/brood.js';

/** What a started process does wrong; see test/support/fault-injection.mjs. */
export interface Faults {
  /** The clock of the process is off by so many milliseconds. */
  clockShiftMs?: number;
  /** Kills itself with SIGKILL when it reaches this point for the n-th time; of a step, for the n-th time in one batch. */
  dieAt?: { point: string; reach: number };
  /** Blocks its event loop at such a point, until there is such a file. */
  stallAt?: { point: string; reach: number; untilFile: string };
}

export interface SiteOptions {
  /** Missing: the queue lives in PostgreSQL. */
  redisUrl?: string;
  /** Missing: a fresh database of the run's PostgreSQL. */
  database?: TestDatabase;
  /** After a fault everything issued is read again as `insigne check` does; it costs seconds. */
  rereads?: boolean;
}

/** A structure with its catalogue, its database and its queue, and the processes that serve and sign for it. */
export class Site {
  /** Awards that somebody was told are accepted: none of them may get lost. */
  readonly promised = new Set<string>();
  /** Awards that must be refused, each of them and no other: none, unless a scenario says so. */
  readonly toRefuse = new Set<string>();
  /** Awards that somebody cancels or revokes, or asks to: no other may be. */
  readonly takenBack = new Set<string>();
  readonly origin: string;
  private readonly started = new Set<ServiceProcess>();
  private readonly asleep: string[] = [];

  private constructor(
    readonly world: IssuanceWorld,
    readonly queue: IssuanceQueue,
    readonly owner: pg.Pool,
    readonly redisUrl: string | undefined,
    private readonly secrets: ReturnType<typeof serviceSecrets>,
    port: number,
    readonly rereads: boolean,
  ) {
    this.origin = `http://localhost:${port}`;
  }

  static async open({ redisUrl, database, rereads = false }: SiteOptions = {}): Promise<Site> {
    const world = await anIssuanceWorld(database);
    const engine: QueueEngine = queueEngine({ redisUrl, databaseUrl: world.urls.url });
    useQueueEngine(engine);
    const owner = new pg.Pool({ connectionString: world.urls.ownerUrl, max: 3 });
    // A server that is killed ends idle connections too; the next query says so again.
    owner.on('error', () => undefined);
    await owner.query(signatureLog);
    const queue = new IssuanceQueue(world.api, engine);
    const port = await freeTestPort();
    const site = new Site(world, queue, owner, redisUrl, serviceSecrets(), port, rereads);
    if (redisUrl) await site.loseJobs();
    return site;
  }

  /** Where the workers keep what they sign. */
  get archiveFolder(): string {
    return join(dirname(this.secrets.masterKeyFile), 'archive');
  }

  get engine(): string {
    return this.redisUrl ? 'Redis' : 'PostgreSQL';
  }

  /** Starts a worker process; `stop` or `close` ends it. @param root folder of another build */
  async worker(
    faults?: Faults,
    environment: Record<string, string> = {},
    root?: string,
  ): Promise<ServiceProcess> {
    return this.kept(
      await ServiceProcess.worker({
        databaseUrl: this.world.urls.workerUrl,
        origin: this.origin,
        masterKeyFile: this.secrets.masterKeyFile,
        redisUrl: this.redisUrl,
        environment: { ...faultEnvironment(faults), ...environment },
        root,
      }),
    );
  }

  /** A worker that blocks its event loop at a point as soon as it has a batch; answers when it stands still. */
  async stalled(
    at: { point: string; reach: number },
    environment: Record<string, string> = {},
  ): Promise<ServiceProcess> {
    const untilFile = join(dirname(this.secrets.masterKeyFile), `awake-${this.asleep.length}`);
    this.asleep.push(untilFile);
    const worker = await this.worker({ stallAt: { ...at, untilFile } }, environment);
    await eventually(
      async () => worker.output,
      (output) => output.includes('stands still') || worker.isOver,
      600_000,
    );
    if (worker.isOver) throw new Error(`The worker ended:\n${worker.output}`);
    return worker;
  }

  /** Lets every worker that stands still go on. */
  wake(): void {
    for (const file of this.asleep) writeFileSync(file, '');
  }

  /** A worker as `worker` starts it, but copied from one that has loaded the program. */
  async copiedWorker(brood: Brood, faults: Faults): Promise<Copied> {
    return await brood.worker({
      ...bareEnvironment(),
      ...workerEnvironment(
        {
          databaseUrl: this.world.urls.workerUrl,
          origin: this.origin,
          masterKeyFile: this.secrets.masterKeyFile,
          redisUrl: this.redisUrl,
          environment: { INSIGNE_TEST_FAULTS: JSON.stringify(faults) },
        },
        await freeTestPort(),
      ),
    });
  }

  /** Starts the api at the site's address and waits until it is ready. */
  async api(
    faults?: Faults,
    environment: Record<string, string> = {},
    root?: string,
  ): Promise<ServiceProcess> {
    const api = await ServiceProcess.api({
      databaseUrl: this.world.urls.url,
      origin: this.origin,
      tokenSecretFile: this.secrets.tokenSecretFile,
      redisUrl: this.redisUrl,
      environment: { ...faultEnvironment(faults), ...environment },
      root,
    });
    return this.kept(api).ready();
  }

  /** People with the facts for one badge each, their awards planned in rooms. @returns the outbox rows, not yet queued */
  async plan(size: number, roomOf = 8): Promise<{ awardIds: string[]; outboxIds: string[] }> {
    const people = await aCampaign(this.world, size);
    const made = { awardIds: [] as string[], outboxIds: [] as string[] };
    for (let from = 0; from < size; from += roomOf) {
      const personIds = people.slice(from, from + roomOf);
      const { awardIds, outboxIds } = await this.world.api.transaction((tx) =>
        planAwards(tx, { organisationId: this.world.structure.id, personIds, origin: this.origin }),
      );
      made.awardIds.push(...awardIds);
      made.outboxIds.push(...outboxIds);
    }
    for (const id of made.awardIds) this.promised.add(id);
    return made;
  }

  /** Plans and queues. */
  async award(size: number, roomOf = 8): Promise<string[]> {
    const { awardIds, outboxIds } = await this.plan(size, roomOf);
    await this.queue.enqueue(outboxIds);
    return awardIds;
  }

  /** An access token of a new client of the structure, from the running api. */
  async token(scopes = ['workshop:write', 'award:read', 'award:issue', 'award:revoke']): Promise<string> {
    const { clientId, secret } = await createApiClient(this.world.api.manager, {
      organisationId: this.world.structure.id,
      name: 'chaos',
      scopes,
    });
    const answer = await fetch(`${this.origin}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    if (!answer.ok) throw new Error(`No token: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  /** Waits until nothing is promised and open any more. @returns the seconds it took */
  async drained(milliseconds = 600_000): Promise<number> {
    const began = performance.now();
    await eventually(
      () => progressOf(this.world).catch((error: Error) => ({ error: error.message })),
      (progress) => 'open' in progress && progress.open === 0 && (progress.planned ?? 0) === 0,
      milliseconds,
    );
    return (performance.now() - began) / 1000;
  }

  progress(): Promise<Record<string, number>> {
    return progressOf(this.world);
  }

  /** Everything that is recorded as awarded counts as promised, whether or not somebody heard the answer. */
  async promiseRecorded(): Promise<number> {
    const { rows } = await this.owner.query<{ id: string }>('select id from award');
    for (const { id } of rows) this.promised.add(id);
    return rows.length;
  }

  async count(sql: string, parameters: unknown[] = []): Promise<number> {
    const { rows } = await this.owner.query<{ number: string }>(`select (${sql}) as number`, parameters);
    return Number(rows[0]!.number);
  }

  /** Every job is forgotten, as after a crash of a Redis that keeps nothing. */
  async loseJobs(): Promise<void> {
    if (!this.redisUrl) {
      await this.owner.query('truncate bullmq.job cascade');
      return;
    }
    const redis = new Redis(this.redisUrl);
    await redis.flushdb();
    endQueueConnection(redis as never);
  }

  /** Makes the last enqueueing look a minute older, so that a short test sees the sweep. */
  async aMinuteLater(): Promise<void> {
    await this.owner.query(
      `update outbox set enqueued_at = enqueued_at - interval '61 seconds', created_at = created_at - interval '61 seconds'
       where done_at is null`,
    );
  }

  /** Ends every process of the site at once. */
  async killAll(): Promise<void> {
    await Promise.all([...this.started].map((one) => (one.isOver ? undefined : one.stop('SIGKILL'))));
    this.started.clear();
  }

  async close(): Promise<void> {
    await this.killAll();
    await this.queue.close();
    await this.owner.end();
    await this.world.close();
    this.secrets.remove();
  }

  private kept(process: ServiceProcess): ServiceProcess {
    this.started.add(process);
    return process;
  }
}

const faultEnvironment = (faults: Faults | undefined): Record<string, string> =>
  faults
    ? {
        // An address, because a path with a space would be cut in two.
        NODE_OPTIONS: `--import=${pathToFileURL(projectFile('test', 'support', 'fault-injection.mjs')).href}`,
        INSIGNE_TEST_FAULTS: JSON.stringify(faults),
      }
    : {};

// Every time signed bytes are stored; a second line of one credential is a badge issued twice.
const signatureLog = `
  create table signature_log (credential_id uuid, document_sha256 text, at timestamptz default clock_timestamp());
  create function log_signature() returns trigger language plpgsql security definer as $$
    begin insert into signature_log values (new.id, new.document_sha256); return new; end $$;
  create trigger log_signature after update on credential for each row
    when (new.state = 'signed' and (old.state <> 'signed' or signed_document(old) is distinct from signed_document(new)))
    execute function log_signature()`;
