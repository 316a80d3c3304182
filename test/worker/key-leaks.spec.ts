import { createSecretKey, randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { IssuanceQueue, PublishBadge, planAwards } from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { type KeyService, KeyStore, openKeyServices, openPrivateKey, SecretKeyService } from '#signing';
import { describeWith } from '../support/describe-with.js';
import { anIssuanceWorld, anotherStructure, type IssuanceWorld } from '../support/issuance-world.js';
import { KeyInstance } from '../support/key-instance.js';
import { freeTestPort } from '../support/program.js';
import { QueueBench } from '../support/queue-bench.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign, progressOf } from '../support/synthetic-campaign.js';

/** A secret in each form in which it could lie somewhere. */
function formsOf(secret: Buffer): Buffer[] {
  const texts = [
    secret.toString('hex'),
    secret.toString('hex').toUpperCase(),
    secret.toString('base64').replace(/=+$/, ''),
    secret.toString('base64url'),
    // As a PEM breaks its lines.
    ...(secret.toString('base64').match(/.{64}/g) ?? []),
    secret.toString('hex').match(/../g)!.join(':'),
    [...secret.subarray(0, 32)].join(','),
  ];
  return [secret, ...texts.map((text) => Buffer.from(text))];
}

interface Starts {
  /** Of the mixed first four bytes of a needle: whether there is one. */
  isOne: Uint8Array;
  needles: Map<number, Buffer[]>;
}

// Jest looks its globals up anew at each use, which takes longer than the search.
const { imul } = Math;
const mixed = (four: number): number => imul(four, 0x9e3779b1) >>> 12;
const startsKnown = new WeakMap<Buffer[], Starts>();
function startsOf(needles: Buffer[]): Starts {
  const known = startsKnown.get(needles);
  if (known) return known;
  const starts: Starts = { isOne: new Uint8Array(1 << 20), needles: new Map() };
  for (const needle of needles) {
    const four = needle.readInt32BE(0);
    starts.isOne[mixed(four)] = 1;
    starts.needles.set(four, [...(starts.needles.get(four) ?? []), needle]);
  }
  startsKnown.set(needles, starts);
  return starts;
}

/** How many of the needles, of four bytes at least, are in it: hundreds, in hundreds of megabytes, in one pass. */
function hitsIn(haystack: Buffer, needles: Buffer[]): number {
  const starts = startsOf(needles);
  const { isOne } = starts;
  const { length } = haystack;
  const found = new Set<Buffer>();
  for (let at = 0, four = 0; at < length; at += 1) {
    four = (four << 8) | haystack[at]!;
    if (isOne[mixed(four)] === 0 || at < 3) continue;
    const from = at - 3;
    for (const needle of starts.needles.get(four) ?? [])
      if (haystack.subarray(from, from + needle.length).equals(needle)) found.add(needle);
  }
  return found.size;
}

/** Everything a process holds in memory that can be read; Linux only. */
function* memoryOf(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (!match) continue;
      const [from, to] = [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)];
      if (to - from > 1 << 30) continue;
      const part = Buffer.alloc(to - from);
      try {
        readSync(memory, part, 0, part.length, from);
      } catch {
        continue;
      }
      yield part;
    }
  } finally {
    closeSync(memory);
  }
}

/** The last bytes of a file that somebody writes. */
function endOf(file: string): string {
  const [{ size }, part] = [statSync(file), Buffer.alloc(64)];
  const opened = openSync(file, 'r');
  const read = readSync(opened, part, 0, part.length, Math.max(0, size - part.length));
  closeSync(opened);
  return part.subarray(0, read).toString();
}

const hitsInMemory = (pid: number, needles: Buffer[]): number => {
  let hits = 0;
  for (const part of memoryOf(pid)) hits += hitsIn(part, needles);
  return hits;
};

describe('keys, seeds and secrets', () => {
  const passphrase = `lune verte ${randomBytes(9).toString('base64url')}`;
  const secrets = serviceSecrets();
  const folder = mkdtempSync(join(tmpdir(), 'insigne-leaks-'));
  let world: IssuanceWorld;
  let instance: KeyInstance;
  let api: ServiceProcess;
  let worker: ServiceProcess;
  /** Its master key comes in a variable; it shares the work while that fails. */
  let second: ServiceProcess;
  let services: KeyService[];
  let privateForms: Buffer[];
  let secretForms: Buffer[];
  let queue: IssuanceQueue;
  /** What lets somebody in, and stands in no log, answer or dump: by what it is. */
  const tokens = new Map<string, Buffer[]>();
  const metricsToken = randomBytes(16).toString('hex');
  const answers: Buffer[] = [];
  /** Answers that are the badge itself, the only place where its refresh address stands. */
  const badges: Buffer[] = [];
  const told: string[] = [];
  const masterSecret = randomBytes(32).toString('base64');
  const wrongSecret = randomBytes(32).toString('base64');
  const wrongPassphrase = `lune rousse ${randomBytes(9).toString('base64url')}`;
  /** What lay in the queue while jobs failed on keys. */
  const queued: Buffer[] = [];

  beforeAll(async () => {
    world = await anIssuanceWorld();
    const origin = `http://localhost:${await freeTestPort()}`;
    const passphraseFile = join(folder, 'passphrase');
    writeFileSync(passphraseFile, passphrase, { mode: 0o600 });
    const keyService = `passphrase:${passphraseFile}`;
    services = openKeyServices(keyService, {});
    instance = new KeyInstance(world, origin, { INSIGNE_KEY_SERVICE: keyService });
    const log = { INSIGNE_LOG_LEVEL: 'trace' };
    instance.isProcess = true;
    told.push((await instance.keys('create', '--by', 'Odile FICTIVE')).output);
    instance.isProcess = false;
    const engine = queueEngine({ databaseUrl: world.urls.url });
    useQueueEngine(engine);
    queue = new IssuanceQueue(world.api, engine);
    const personIds = await aCampaign(world, 30);
    const { outboxIds, awardIds } = await world.api.transaction((tx) =>
      planAwards(tx, { organisationId: world.structure.id, personIds, origin }),
    );
    await queue.enqueue(outboxIds);
    worker = await ServiceProcess.worker({
      databaseUrl: world.urls.workerUrl,
      origin,
      masterKeyFile: join(folder, 'nowhere'),
      environment: {
        ...log,
        INSIGNE_KEY_SERVICE: keyService,
        INSIGNE_ARCHIVE_FOLDER: join(folder, 'archive'),
      },
    });
    api = await ServiceProcess.api({
      databaseUrl: world.urls.url,
      origin,
      tokenSecretFile: secrets.tokenSecretFile,
      environment: {
        ...log,
        INSIGNE_METRICS_TOKEN: metricsToken,
        NODE_OPTIONS: `--heapsnapshot-signal=SIGWINCH --diagnostic-dir=${folder}`,
      },
    });
    await Promise.all([api.ready(), worker.ready()]);
    await eventually(
      () => progressOf(world),
      (progress) => (progress.planned ?? 0) === 0 && progress.open === 0,
      120_000,
    );
    const shown = await new PublishBadge(world.api).publish(awardIds[0]!, { withName: true, by: 'test' });
    const { slug } = world.structure;
    for (const path of [
      `/b/${shown}`,
      `/b/${shown}.json`,
      `/b/${shown}.jwt`,
      `/issuers/${slug}`,
      `/issuers/${slug}/did.json`,
      `/issuers/${slug}/jwks.json`,
      '/metrics',
      '/health',
      '/ready',
      '/nowhere',
    ]) {
      const answer = await fetch(`${api.address}${path}`);
      const isBadge = path.startsWith('/b/') && !/html/.test(answer.headers.get('content-type')!);
      (isBadge ? badges : answers).push(Buffer.from(await answer.arrayBuffer()));
      answer.headers.forEach((value, name) => void answers.push(Buffer.from(`${name}: ${value}`)));
    }
    const page = await fetch(`${api.address}/b/${shown}`, { headers: { accept: 'text/html' } });
    answers.push(Buffer.from(await page.arrayBuffer()));
    await useRefreshAddress(shown, origin);
    for (const verb of ['list', 'rotate', 'list', 'reissue']) told.push((await instance.keys(verb)).output);
    told.push((await instance.keys('list', '--json')).output);
    second = await ServiceProcess.worker({
      databaseUrl: world.urls.workerUrl,
      origin,
      masterKeyFile: join(folder, 'nowhere'),
      environment: {
        ...log,
        INSIGNE_KEY_SERVICE: `env:INSIGNE_MASTER_SECRET|${keyService}`,
        INSIGNE_MASTER_SECRET: masterSecret,
        INSIGNE_ARCHIVE_FOLDER: join(folder, 'archive'),
        NODE_OPTIONS: `--report-on-signal --report-directory=${folder} --report-filename=report.json`,
      },
    });
    await second.ready();
    // Made now, so that no worker has opened them when they are damaged.
    const otherIssuer = await anotherStructure(world, 'leaks');
    const others = await new KeyStore(world.worker, services).ensureKeys(otherIssuer.structure.id);
    const rows: Record<string, never>[] = await world.worker.query(
      'select id, issuer_id, sealed_private_key, wrapped_data_key, key_service from signing_key',
    );
    const opened = [];
    const dataKeys: Buffer[] = [];
    const openers = openKeyServices(`env:INSIGNE_MASTER_SECRET|${keyService}`, {
      INSIGNE_MASTER_SECRET: masterSecret,
    });
    for (const row of rows) {
      const context = { keyId: row.id!, issuerId: row.issuer_id! };
      const sealed = {
        sealed: row.sealed_private_key!,
        wrappedDataKey: row.wrapped_data_key!,
        keyService: row.key_service!,
      };
      const opener = openers.find((service) => service.describe().id === sealed.keyService)!;
      dataKeys.push(await opener.unwrap(sealed.wrappedDataKey, context));
      opened.push(await openPrivateKey(sealed, context, openers));
    }
    await failOnKeys(otherIssuer, [others.Ed25519.id, others.RS256.id], origin);
    await useEveryToken(origin);
    await second.stop('SIGKILL');
    privateForms = opened.flatMap((key) => {
      const jwk = key.export({ format: 'jwk' });
      const parts = [jwk.d, jwk.p, jwk.q].filter((part) => part !== undefined);
      return [
        ...parts.flatMap((part) => formsOf(Buffer.from(part, 'base64url'))),
        ...formsOf(key.export({ format: 'der', type: 'pkcs8' })),
      ];
    });
    secretForms = [
      ...privateForms,
      ...dataKeys.flatMap(formsOf),
      ...[passphrase, wrongPassphrase].flatMap((words) => formsOf(Buffer.from(words))),
      ...[masterSecret, wrongSecret].flatMap((secret) => formsOf(Buffer.from(secret, 'base64'))),
    ];
  }, 300_000);
  afterAll(async () => {
    await Promise.all([api?.stop('SIGKILL'), worker?.stop('SIGKILL'), second?.stop('SIGKILL')]);
    await queue?.close();
    instance?.remove();
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Keeps all that lies in the queue, again and again until it is stopped: a job that failed for good is gone. */
  function collectJobs(): { stop: () => Promise<void> } {
    let isOver = false;
    const done = (async () => {
      const client = new pg.Client({ connectionString: world.urls.ownerUrl });
      await client.connect();
      while (!isOver) {
        const { rows } = await client.query('select row_to_json(j)::text as job from bullmq.job j');
        queued.push(Buffer.from(rows.map(({ job }) => job).join('\n')));
        await sleep(100);
      }
      await client.end();
    })();
    return {
      stop: () => {
        isOver = true;
        return done;
      },
    };
  }

  /** Whatever holds keys fails, at level trace: what fails tells the most. */
  async function failOnKeys(other: IssuanceWorld, otherKeys: string[], origin: string): Promise<void> {
    const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    const progress = (where: string, values: unknown[] = []): Promise<number> =>
      owner
        .query(`select count(*)::int as number from outbox where ${where}`, values)
        .then(({ rows }) => rows[0].number);
    /** @param change of the credential, before anybody can take it */
    const planOne = async (of: IssuanceWorld, change = ''): Promise<string> => {
      const personIds = await aCampaign(of, 1);
      const { outboxIds, awardIds } = await world.api.transaction(async (tx) => {
        const planned = await planAwards(tx, { organisationId: of.structure.id, personIds, origin });
        if (change)
          await tx.query(`update credential set ${change} where award_id = any($1)`, [planned.awardIds]);
        return planned;
      });
      expect([outboxIds.length, awardIds.length]).toEqual([1, 1]);
      return outboxIds[0]!;
    };
    try {
      await eventually(
        () => progress('done_at is null'),
        (open) => open === 0,
      );
      // Nothing that was signed can be stored: the driver's error holds the signed bytes and quotes the row.
      await owner.query(
        `alter table credential add constraint planted check (state <> 'signed' or signed_at < '2001-01-01') not valid`,
      );
      const unstored = await planOne(world);
      const { rows } = await owner.query<{ payload: string }>(
        'select payload from credential where outbox_id = $1',
        [unstored],
      );
      const { refreshService } = JSON.parse(rows[0]!.payload) as { refreshService: { id: string } };
      tokens.get('refresh secret')!.push(...formsOf(Buffer.from(refreshService.id.split('/').at(-1)!)));
      await queue.enqueue([unstored]);
      await eventually(
        () => progress('id = $1 and failures > 0', [unstored]),
        (failed) => failed === 1,
      );
      await owner.query('alter table credential drop constraint planted');
      // The linter refuses what the signing keys are waiting for.
      const spoilt = `replace(payload, '"credentialStatus"', '"credentialStatuses"')`;
      const unsound = await planOne(
        world,
        `payload = ${spoilt}, payload_sha256 = encode(sha256(convert_to(${spoilt}, 'UTF8')), 'hex')`,
      );
      // A key whose sealed bytes were damaged, beside a whole one that was just opened; and a key of somebody else's.
      await owner.query(
        'update signing_key set sealed_private_key = set_byte(sealed_private_key, 70, get_byte(sealed_private_key, 70) # 1) where id = $1',
        [otherKeys[1]],
      );
      const damaged = await planOne(other);
      const foreign = await planOne(
        world,
        `ed25519_key_id = '${otherKeys[0]}', rs256_key_id = '${otherKeys[1]}'`,
      );
      const collecting = collectJobs();
      await queue.enqueue([unsound, damaged, foreign]);
      // Others that hold a secret, the wrong one: they refuse to start.
      const wrongFile = join(folder, 'wrong passphrase');
      writeFileSync(wrongFile, wrongPassphrase, { mode: 0o600 });
      for (const environment of [
        { INSIGNE_KEY_SERVICE: `passphrase:${wrongFile}` },
        { INSIGNE_KEY_SERVICE: 'env:INSIGNE_MASTER_SECRET', INSIGNE_MASTER_SECRET: wrongSecret },
      ] as Record<string, string>[]) {
        const refused = await ServiceProcess.worker({
          databaseUrl: world.urls.workerUrl,
          origin,
          masterKeyFile: join(folder, 'nowhere'),
          environment: {
            INSIGNE_LOG_LEVEL: 'trace',
            INSIGNE_ARCHIVE_FOLDER: join(folder, 'archive'),
            ...environment,
          },
        });
        expect(await refused.ended).not.toBe(0);
        expect(refused.output).toContain('worker could not start');
        told.push(refused.output);
      }
      instance.isProcess = true;
      told.push((await instance.keys('rewrap', '--to', 'file:/nowhere')).output);
      const wrong = { INSIGNE_KEY_SERVICE: `passphrase:${wrongFile}` };
      const moving = ['keys', 'rewrap', '--to', `file:${secrets.masterKeyFile}`];
      const unmoved = await instance.run([...moving, '--organisation', world.structure.slug], wrong);
      expect([unmoved.code, unmoved.output]).toEqual([1, expect.stringContaining('cannot be opened')]);
      told.push(unmoved.output);
      second.child.kill('SIGUSR2');
      await eventually(
        () => progress('failed_at is not null'),
        (dead) => dead === 2,
      );
      await collecting.stop();
      for (const words of [['queue'], ['queue', '--json']]) told.push((await instance.run(words)).output);
      instance.isProcess = false;
    } finally {
      await owner.end();
    }
  }

  /** Asks at the badge's refresh address, with its own secret, with another, and with its own for another badge. */
  async function useRefreshAddress(publicId: string, origin: string): Promise<void> {
    const [{ document }]: [{ document: string }] = await world.api.query(
      'select signed_document(credential) as document from credential where public_id = $1',
      [publicId],
    );
    const { refreshService } = JSON.parse(document) as { refreshService: { id: string } };
    const path = refreshService.id.slice(origin.length);
    const secret = path.split('/').at(-1)!;
    expect(path).toBe(`/refresh/${publicId}/${secret}`);
    tokens.set('refresh secret', formsOf(Buffer.from(secret)));
    const another = `${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`;
    const statuses: number[] = [];
    for (const asked of [path, `/refresh/${publicId}/${another}`, `/refresh/${publicId}x/${secret}`]) {
      const answer = await fetch(`${api.address}${asked}`);
      statuses.push(answer.status);
      (answer.ok ? badges : answers).push(Buffer.from(await answer.arrayBuffer()));
      answer.headers.forEach((value, name) => void answers.push(Buffer.from(`${name}: ${value}`)));
    }
    expect(statuses).toEqual([200, 404, 404]);
  }

  /** Comes in by every door that there is, rightly and wrongly, so that each could be written down somewhere. */
  async function useEveryToken(origin: string): Promise<void> {
    tokens.set('token secret', formsOf(Buffer.from(readFileSync(secrets.tokenSecretFile, 'utf8').trim())));
    tokens.set('metrics token', formsOf(Buffer.from(metricsToken)));
    const client = JSON.parse(
      (await instance.run(['client', 'create', '--organisation', world.structure.slug])).output,
    ) as { clientId: string; secret: string };
    tokens.set('client secret', formsOf(Buffer.from(client.secret)));
    const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
      const answer = await fetch(`${origin.replace('localhost', '127.0.0.1')}${path}`, {
        redirect: 'manual',
        ...init,
      });
      if (!path.startsWith('/oauth')) answers.push(Buffer.from(await answer.clone().arrayBuffer()));
      return answer;
    };
    const grant = (secret: string): RequestInit => ({
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_secret: secret,
      }),
    });
    expect((await ask('/oauth/token', grant(`${client.secret.slice(0, -1)}!`))).status).toBe(401);
    const { access_token: token } = (await (await ask('/oauth/token', grant(client.secret))).json()) as {
      access_token: string;
    };
    tokens.set('access token', [Buffer.from(token), Buffer.from(token.split('.')[2]!)]);
    for (const bearer of [token, `${token}x`])
      await ask('/api/v1/organisations', { headers: { authorization: `Bearer ${bearer}` } });
    await ask('/metrics', { headers: { authorization: `Bearer ${metricsToken}` } });
    const link = /https?:\/\/\S+\/operations\/enter\/\S+/.exec(
      (await instance.run(['admin-link'])).output,
    )![0];
    const path = new URL(link).pathname;
    tokens.set('admin link', formsOf(Buffer.from(path.split('/').at(-1)!)));
    const page = await (await ask(path)).text();
    answers.pop();
    expect(page).toContain('<form');
    const entered = await ask('/operations/enter', {
      method: 'POST',
      body: new URLSearchParams({ token: path.split('/').at(-1)! }),
    });
    const cookie = /=([^;]+)/.exec(entered.headers.get('set-cookie') ?? '')?.[1];
    tokens.set('operator session', formsOf(Buffer.from(cookie!)));
    await ask('/operations', { headers: { cookie: entered.headers.get('set-cookie')!.split(';')[0]! } });
    // A second time it is used up.
    await ask('/operations/enter', {
      method: 'POST',
      body: new URLSearchParams({ token: path.split('/').at(-1)! }),
    });
  }
  /** The names of the tokens that are in it. */
  const tokensIn = (haystack: Buffer): string[] =>
    [...tokens].filter(([, forms]) => hitsIn(haystack, forms) > 0).map(([name]) => name);

  it('are looked for in forms that are found where they are', () => {
    expect(privateForms.length).toBeGreaterThan(50);
    for (const form of secretForms) {
      const hidden = Buffer.concat([randomBytes(99), form, randomBytes(3)]);
      expect(hitsIn(hidden, [form])).toBe(1);
      expect(hitsIn(hidden, secretForms)).toBeGreaterThan(0);
      expect(hitsIn(hidden.subarray(0, 99 + form.length - 1), [form])).toBe(0);
    }
    expect(hitsIn(randomBytes(100_000), secretForms)).toBe(0);
  });

  it('appear in no log of api and worker, and in nothing that the command line printed', () => {
    expect(worker.output).toContain('batch signed');
    const logs = worker.output + second.output;
    for (const failure of [
      'sealed_key_unreadable',
      'signing_key_of_another_issuer',
      '"code":"23514"',
      'credential refused',
    ])
      expect(logs).toContain(failure);
    expect(logs).not.toContain('payload_changed');
    expect(told.join('\n')).toContain('worker could not start');
    expect(hitsIn(Buffer.from(logs + api.output + told.join('\n')), secretForms)).toBe(0);
    expect(told.join('\n')).toContain('SHA-256 (SPKI)');
    expect(api.output).toContain('/operations/enter');
    expect(api.output).toContain('/refresh/:id/:secret');
    expect(tokensIn(Buffer.from(logs + api.output + told.join('\n')))).toEqual([]);
  });

  it('appear in no answer of the api', () => {
    expect(answers.map((answer) => hitsIn(answer, secretForms))).toEqual(answers.map(() => 0));
    expect(Buffer.concat(answers).toString()).toContain('verificationMethod');
    expect(tokens.size).toBe(7);
    expect(tokensIn(Buffer.concat(answers))).toEqual([]);
    // Where it does stand, it is found: the badge's own bytes, and nothing else of this in them.
    expect(badges).toHaveLength(4);
    expect(Buffer.concat(answers).toString()).toContain('<html');
    expect(hitsIn(Buffer.concat(badges), secretForms)).toBe(0);
    expect(tokensIn(Buffer.concat(badges))).toEqual(['refresh secret']);
  });

  it('appear in no job of the queue while it fails on a key', () => {
    const jobs = Buffer.concat(queued);
    expect(jobs.includes('outboxId')).toBe(true);
    expect(jobs.includes('cannot be opened')).toBe(true);
    expect([hitsIn(jobs, secretForms), tokensIn(jobs)]).toEqual([0, []]);
  });

  it('appear in no diagnostic report of a worker that was given its master key in a variable', async () => {
    const report = readFileSync(join(folder, 'report.json'));
    const { environmentVariables } = JSON.parse(report.toString()) as {
      environmentVariables: Record<string, string>;
    };
    expect(environmentVariables.INSIGNE_KEY_SERVICE).toContain('env:INSIGNE_MASTER_SECRET');
    expect(environmentVariables).not.toHaveProperty('INSIGNE_MASTER_SECRET');
    expect(hitsIn(report, secretForms)).toBe(0);
  });

  it('appear in no environment and on no command line of this machine', () => {
    let seen = 0;
    for (const pid of readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
    ))
      for (const name of ['environ', 'cmdline'])
        try {
          const text = readFileSync(`/proc/${pid}/${name}`);
          if (text.includes('INSIGNE_KEY_SERVICE')) seen += 1;
          expect([pid, name, hitsIn(text, secretForms)]).toEqual([pid, name, 0]);
          const shown = tokensIn(text);
          // The operator puts this one into the api's environment, and it opens nothing but figures.
          expect([pid, shown]).toEqual([
            pid,
            shown.length > 0 && Number(pid) === api.child.pid ? ['metrics token'] : [],
          ]);
        } catch (error) {
          if (!['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
            throw error;
        }
    expect(seen).toBeGreaterThan(0);
  });

  it('appear in no dump, neither of what the api may read nor of the whole database', async () => {
    for (const [url, mayReadSealed] of [
      [world.urls.url, false],
      [world.urls.ownerUrl, true],
    ] as const) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const columns = await client.query<{ name: string; list: string }>(
          `select format('%I.%I', table_schema, table_name) as name, string_agg(quote_ident(column_name), ', ') as list
           from information_schema.columns
           where table_schema not in ('pg_catalog', 'information_schema')
             and has_column_privilege(format('%I.%I', table_schema, table_name), column_name, 'select')
           group by 1`,
        );
        let sealed = false;
        let holdsBadges = false;
        for (const { name, list } of columns.rows) {
          const dump = async (chosen: string): Promise<Buffer> => {
            const { rows } = await client.query<{ row: string }>(
              `select row_to_json(t)::text as row from (select ${chosen} from ${name}) t`,
            );
            return Buffer.from(rows.map(({ row }) => row).join('\n'));
          };
          const columnsOf = list.split(', ');
          const own = columnsOf.filter(
            (column) => name === 'public.credential' && /^(payload|document|jwt)$/.test(column),
          );
          const text = await dump(columnsOf.filter((column) => !own.includes(column)).join(', '));
          sealed ||= list.includes('sealed_private_key') || list.includes('wrapped_data_key');
          expect([name, hitsIn(text, secretForms), tokensIn(text)]).toEqual([name, 0, []]);
          if (own.length === 0) continue;
          holdsBadges = true;
          const bytes = await dump(own.join(', '));
          expect([hitsIn(bytes, secretForms), tokensIn(bytes)]).toEqual([0, ['refresh secret']]);
        }
        expect(columns.rows.length).toBeGreaterThan(20);
        expect(sealed).toBe(mayReadSealed);
        expect(holdsBadges).toBe(true);
      } finally {
        await client.end();
      }
    }
  }, 200_000);

  it('appear in no file of the archive and in no transcript', () => {
    const files = [join(folder, 'archive'), join(instance.folder, 'ceremonies')].flatMap((place) =>
      readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
    );
    expect(files.length).toBeGreaterThanOrEqual(2);
    const whole = Buffer.concat(files);
    expect(whole.includes('eddsa-rdfc-2022')).toBe(true);
    // The signed bytes are in the archive with the address that they tell.
    expect([hitsIn(whole, secretForms), tokensIn(whole)]).toEqual([0, ['refresh secret']]);
  });

  it("appear nowhere in the api's heap", async () => {
    api.child.kill('SIGWINCH');
    const snapshot = await eventually(
      async () => readdirSync(folder).find((name) => name.endsWith('.heapsnapshot')),
      (name) => name !== undefined,
      200_000,
    );
    const file = join(folder, snapshot!);
    await eventually(
      async () => endOf(file),
      (end) => end.trimEnd().endsWith('}'),
      200_000,
    );
    const whole = readFileSync(file);
    expect(hitsIn(whole, secretForms)).toBe(0);
    // The api does hold this secret, so a snapshot without it would be no snapshot.
    expect(whole.includes(readFileSync(secrets.tokenSecretFile, 'utf8').trim())).toBe(true);
  }, 180_000);

  const readsMemory = process.platform === 'linux' && process.getuid?.() === 0;
  (readsMemory ? it : it.skip)(
    "appear nowhere in the api's memory, where the worker's holds them",
    () => {
      expect(hitsInMemory(worker.child.pid!, privateForms)).toBeGreaterThan(0);
      expect(hitsInMemory(api.child.pid!, secretForms)).toBe(0);
    },
    180_000,
  );
});

describeWith('redis', 'private keys', () => {
  it('appear in nothing that Redis holds, and in no reason of a dead letter, when a worker has another master key', async () => {
    const bench = await QueueBench.open(testRedisUrl());
    const redis = new Redis(testRedisUrl()!);
    try {
      const masterKey = randomBytes(32);
      const { Ed25519, RS256 } = await new KeyStore(
        bench.world.worker,
        new SecretKeyService(createSecretKey(masterKey)),
      ).ensureKeys(bench.world.structure.id);
      const store = new KeyStore(bench.world.worker, new SecretKeyService(createSecretKey(masterKey)));
      const signers = await Promise.all([Ed25519, RS256].map(({ id }) => store.signerFor(id)));
      const needles = [
        ...formsOf(masterKey),
        ...signers.flatMap(({ privateKey }) => [
          ...formsOf(Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url')),
          ...formsOf(privateKey.export({ format: 'der', type: 'pkcs8' })),
        ]),
      ];
      const held: Buffer[] = [];
      const { outboxIds } = await bench.planned(1);
      await bench.queue.enqueue(outboxIds);
      await bench.startWorker();
      await eventually(
        async () => {
          for (const key of await redis.keys('*')) {
            held.push(Buffer.from(key), (await redis.dumpBuffer(key)) ?? Buffer.alloc(0));
            if ((await redis.type(key)) === 'hash')
              held.push(Buffer.from(JSON.stringify(await redis.hgetall(key))));
          }
          return bench.count('select count(*)::int as number from outbox where failed_at is not null');
        },
        (dead) => dead === 1,
      );
      const rows = await bench.world.worker.query('select * from outbox');
      held.push(Buffer.from(JSON.stringify(rows)));
      const all = Buffer.concat(held);
      for (const shown of [outboxIds[0]!, 'cannot be opened', 'sealed_key_unreadable', Ed25519.id])
        expect([shown, all.includes(shown)]).toEqual([shown, true]);
      expect(hitsIn(all, needles)).toBe(0);
      expect(hitsIn(Buffer.concat([all, needles.at(-1)!]), needles)).toBe(1);
    } finally {
      await redis.quit();
      await bench.close();
    }
  }, 200_000);
});
