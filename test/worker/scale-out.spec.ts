import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { createApiClient } from '#people';
import { describeWith } from '../support/describe-with.js';
import { anIssuanceWorld, type IssuanceWorld } from '../support/issuance-world.js';
import { freeTestPort } from '../support/program.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign } from '../support/synthetic-campaign.js';

const people = 2_000;
const sessionOf = 50;

/** Two api and three worker processes of the built program on one database and one Redis. */
class Fleet {
  readonly apis: ServiceProcess[] = [];
  readonly workers: ServiceProcess[] = [];
  private constructor(
    readonly world: IssuanceWorld,
    readonly token: string,
    private readonly secrets: ReturnType<typeof serviceSecrets>,
  ) {}

  static async start(redisUrl: string): Promise<Fleet> {
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    await redis.quit();
    const world = await anIssuanceWorld();
    const secrets = serviceSecrets();
    const ports = [await freeTestPort(), await freeTestPort()];
    const origin = `http://localhost:${ports[0]}`;
    const client = await createApiClient(world.api.manager, {
      organisationId: world.structure.id,
      name: 'fleet',
      scopes: ['workshop:write', 'award:read'],
    });
    const shared = { origin, redisUrl };
    const apis = await Promise.all(
      ports.map((port) =>
        ServiceProcess.api({
          ...shared,
          databaseUrl: world.urls.url,
          tokenSecretFile: secrets.tokenSecretFile,
          environment: { PORT: String(port) },
        }),
      ),
    );
    const workers = await Promise.all(
      [1, 2, 3].map(() =>
        ServiceProcess.worker({
          ...shared,
          databaseUrl: world.urls.workerUrl,
          masterKeyFile: secrets.masterKeyFile,
        }),
      ),
    );
    // The port of an api is that of its origin, unless the environment names another.
    const addressed = apis.map((api, at) => Object.assign(api, { address: `http://127.0.0.1:${ports[at]}` }));
    for (const one of [...addressed, ...workers]) await one.ready();
    const answer = await fetch(`${addressed[1]!.address}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const fleet = new Fleet(world, token, secrets);
    fleet.apis.push(...addressed);
    fleet.workers.push(...workers);
    return fleet;
  }

  async record(api: ServiceProcess, key: string, body: object): Promise<{ status: number; text: string }> {
    const address = `${api.address}/api/v1/organisations/${this.world.structure.slug}/sessions`;
    for (;;) {
      const answer = await fetch(address, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      // The other api is at this very request: a client asks again.
      if (answer.status !== 409 || !text.includes('request_in_progress'))
        return { status: answer.status, text };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async count(sql: string): Promise<number> {
    const [{ number }]: [{ number: number }] = await this.world.api.query(sql);
    return number;
  }

  async close(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map((one) => one.stop('SIGKILL')));
    await this.world.close();
    this.secrets.remove();
  }
}

describeWith('redis', 'two api and three worker processes', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(testRedisUrl()!);
  }, 180_000);
  afterAll(() => fleet?.close());

  it('share the work without a double and without a loss, also when one worker is killed', async () => {
    const ids = await aCampaign(fleet.world, people);
    const requests = Array.from({ length: people / sessionOf }, (_, at) => {
      const own = ids.slice(at * sessionOf, (at + 1) * sessionOf);
      return {
        key: randomUUID(),
        body: {
          code: `F${at}`,
          workshop: 'CE-1',
          heldOn: '2026-10-05',
          attendances: own.map((personId) => ({ personId, status: 'present' })),
          assessments: own.map((personId) => ({
            personId,
            competency: '5.2',
            outcome: 'acquired',
            assessorPersonId: fleet.world.assessorId,
          })),
        },
      };
    });
    const lane = async (from: number): Promise<void> => {
      for (let at = from; at < requests.length; at += 4) {
        const { key, body } = requests[at]!;
        const answers = await Promise.all(fleet.apis.map((api) => fleet.record(api, key, body)));
        expect(answers.map((one) => one.status)).toEqual([201, 201]);
        expect(answers[0]!.text).toBe(answers[1]!.text);
        if (at === Math.floor(requests.length / 2)) await fleet.workers[0]!.stop('SIGKILL');
      }
    };
    await Promise.all([0, 1, 2, 3].map(lane));
    expect(fleet.workers[0]!.isOver).toBe(true);
    await eventually(
      () => fleet.count('select count(*)::int as number from outbox where done_at is null'),
      (open) => open === 0,
      240_000,
    );
    expect(await fleet.count("select count(*)::int as number from session where code like 'F%'")).toBe(
      requests.length,
    );
    expect(await fleet.count('select count(*)::int as number from award')).toBe(people);
    expect(await fleet.count(`select count(*)::int as number from credential where state = 'signed'`)).toBe(
      people,
    );
    expect(await fleet.count('select count(*)::int as number from credential')).toBe(people);
    expect(
      await fleet.count(
        'select count(distinct (status_list_id, status_index))::int as number from credential',
      ),
    ).toBe(people);
    const shares: { signed: number }[] = await eventually(
      () => fleet.world.api.query('select signed from worker_heartbeat order by started_at'),
      (rows: { signed: number }[]) => rows.filter((row) => row.signed > 0).length >= 2,
    );
    // Nobody did it all.
    expect(Math.max(...shares.map((row) => row.signed))).toBeLessThan(people);
  }, 400_000);

  it('count the wrong tries of one client together, however they are spread over the processes', async () => {
    const guess = (at: number) =>
      fetch(`${fleet.apis[at % 2]!.address}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('guessed:secret')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    for (let at = 0; at < 20; at += 1) expect((await guess(at)).status).toBe(401);
    // So that a slow machine gives no try back meanwhile.
    await fleet.world.api.query(`update wrong_try set full_at = full_at + interval '1 hour'`);
    for (const at of [0, 1]) {
      const refused = await guess(at);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    }
    await fleet.world.api.query('delete from wrong_try');
  });

  it('tell how long every step of signing took', async () => {
    const told = await Promise.all(
      fleet.workers.slice(1).map(async ({ address }) => (await fetch(`${address}/metrics`)).text()),
    );
    const counts = new Map<string, number>();
    for (const [, step, number] of told
      .join('\n')
      .matchAll(/^insigne_sign_step_seconds_count\{step="(\w+)"\} (\d+)$/gm))
      counts.set(step!, (counts.get(step!) ?? 0) + Number(number));
    expect([...counts.keys()].length).toBeGreaterThan(3);
    for (const [step, number] of counts) expect([step, number > 0]).toEqual([step, true]);
  });

  it('drain when they are asked to stop: the batch in hand is finished, the rest waits', async () => {
    const ids = await aCampaign(fleet.world, 300, 'CE-2');
    expect(ids).toHaveLength(300);
    for (const worker of fleet.workers.slice(1)) expect(await worker.stop('SIGTERM')).not.toBe('SIGKILL');
    expect(
      await fleet.count(`select count(*)::int as number from outbox where done_at is null and failures > 0`),
    ).toBe(0);
    expect(
      await fleet.count('select count(*)::int as number from worker_heartbeat where stopped_at is not null'),
    ).toBe(2);
  }, 120_000);
});
