import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { createApiClient, HttpIdempotency, registerOrganisation } from '#people';
import { DomainError, dataSourceOptions } from '#platform';
import type { RequestDataSource } from '../../apps/api/src/http/request-transaction.js';
import { AccessTokens } from '../../apps/api/src/oauth/access-token.js';
import { Allow } from '../../apps/api/src/oauth/allow.js';
import { type HttpApp, startHttpApp } from '../support/http-app.js';

class NotNow extends DomainError {
  readonly code = 'not_now';
}

let runs = 0;
let pauseMs = 0;
let held: Promise<void> | undefined;
let fails = false;
let seenAfterCommit: number[] = [];

@Controller('api/v1/orders')
@Allow('award:issue')
class OrdersController {
  constructor(private readonly database: DataSource) {}

  @Post()
  async order(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    runs += 1;
    const number = runs;
    await sleep(pauseMs);
    await held;
    if (fails) throw new NotNow('not now');
    reply.header('location', `/api/v1/orders/${number}`);
    return { number, body };
  }

  /** Its own transaction, then more that may fail, and something that only counts once it is committed. */
  @Post('written')
  async written(@Body() { slug }: { slug: string }): Promise<object> {
    runs += 1;
    const { id } = await this.database.transaction((tx) =>
      registerOrganisation(tx, { kind: 'structure', slug, legalName: 'Structure' }),
    );
    await (this.database as RequestDataSource).afterCommit(async () => {
      const [{ number }] = await http.owner.query(
        'SELECT count(*)::int AS number FROM organisation WHERE id = $1',
        [id],
      );
      seenAfterCommit.push(number);
    });
    if (fails) throw new NotNow('not now');
    return { id };
  }

  @Post('nothing')
  nothing(): void {
    runs += 1;
  }
}

let http: HttpApp;
let bearers: string[];

beforeAll(async () => {
  http = await startHttpApp({ controllers: [OrdersController], errors: [{ not_now: 503 }] });
  const { id: organisationId } = await registerOrganisation(http.owner.manager, {
    kind: 'structure',
    slug: 'structure',
    legalName: 'Structure',
  });
  bearers = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const scopes = ['award:issue' as const];
      const { clientId } = await createApiClient(http.owner.manager, { organisationId, name, scopes });
      return http.app.get(AccessTokens).issue({ clientId, organisationId, scopes });
    }),
  );
}, 120_000);
afterAll(() => http?.close());
beforeEach(() => {
  runs = 0;
  pauseMs = 0;
  held = undefined;
  fails = false;
  seenAfterCommit = [];
});

const order = (key: string | undefined, payload: unknown, { client = 0, path = '' } = {}) =>
  http.app.inject({
    method: 'POST',
    url: `/api/v1/orders${path}`,
    headers: { authorization: `Bearer ${bearers[client]}`, ...(key && { 'idempotency-key': key }) },
    payload: payload as object,
  });

describe('a repeated request', () => {
  it('runs once and gets the same answer, its status and Location included', async () => {
    const [first, second] = [await order('same', { a: 1, b: 2 }), await order('same', { b: 2, a: 1 })];
    expect(runs).toBe(1);
    expect([second.statusCode, second.json(), second.headers.location]).toEqual([
      201,
      first.json(),
      '/api/v1/orders/1',
    ]);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
  });

  it('is kept sealed: who reads the database learns nothing of it, and moved it is no answer', async () => {
    const first = await order('sealed', { link: 'told-this-once' });
    expect(first.json().body).toEqual({ link: 'told-this-once' });
    await order('other', { link: 'told-this-once' });
    const [kept]: [{ row: string }] = await http.owner.query(
      "SELECT t::text AS row FROM http_idempotency t WHERE key = 'sealed'",
    );
    expect(kept.row).toMatch(/"sealed"/);
    expect(kept.row).not.toMatch(/told-this-once|orders|link/);
    expect((await order('sealed', { link: 'told-this-once' })).body).toBe(first.body);
    await http.owner.query(
      "UPDATE http_idempotency SET response = (SELECT response FROM http_idempotency WHERE key = 'other') WHERE key = 'sealed'",
    );
    const moved = await order('sealed', { link: 'told-this-once' });
    expect([moved.statusCode, moved.json().code, runs]).toEqual([422, 'idempotency_key_reused', 2]);
  });

  it('gets the answer that an api of an earlier release kept as it was', async () => {
    await order('earlier', {});
    await http.owner.query(
      `UPDATE http_idempotency SET response = '{"body":{"number":7},"headers":{"location":"/api/v1/orders/7"}}'
       WHERE key = 'earlier'`,
    );
    const again = await order('earlier', {});
    expect([again.json(), again.headers.location, runs]).toEqual([{ number: 7 }, '/api/v1/orders/7', 1]);
  });

  it('runs once when fifty come at the same moment', async () => {
    pauseMs = 200;
    const answers = await Promise.all(Array.from({ length: 50 }, () => order('fifty', { a: 1 })));
    expect(runs).toBe(1);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect(answers.map((answer) => answer.statusCode)).toEqual(Array(50).fill(201));
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  });

  it('is told to come back when the first takes longer than five seconds', async () => {
    // Until the second has its answer, however long that takes on this machine.
    let letGo = (): void => undefined;
    held = new Promise((resolve) => {
      letGo = resolve;
    });
    const first = order('slow', {});
    while (runs === 0) await sleep(20);
    const second = await order('slow', {});
    letGo();
    held = undefined;
    expect([second.statusCode, second.json().code, second.headers['retry-after']]).toEqual([
      409,
      'request_in_progress',
      '2',
    ]);
    expect((await first).statusCode).toBe(201);
    expect((await order('slow', {})).json().number).toBe(1);
    expect(runs).toBe(1);
  }, 120_000);

  it('may have an answer without a body', async () => {
    await order('empty', {}, { path: '/nothing' });
    const again = await order('empty', {}, { path: '/nothing' });
    expect([runs, again.statusCode, again.body]).toEqual([1, 201, '']);
  });

  it('runs again after an error, which is not kept', async () => {
    fails = true;
    expect((await order('retry', {})).statusCode).toBe(503);
    fails = false;
    expect((await order('retry', {})).statusCode).toBe(201);
    expect(runs).toBe(2);
  });

  it('runs again after a day', async () => {
    await order('old', {});
    await http.owner.query(
      "UPDATE http_idempotency SET created_at = now() - interval '25 hours' WHERE key = 'old'",
    );
    await order('old', { other: true });
    expect(runs).toBe(2);
  });

  it('runs again when an api of an earlier release died with it five minutes ago, and not before', async () => {
    await order('died', {});
    await http.owner.query(
      "UPDATE http_idempotency SET state = 'running', status = NULL, created_at = now() WHERE key = 'died'",
    );
    expect((await order('died', {})).json().code).toBe('request_in_progress');
    await http.owner.query(
      "UPDATE http_idempotency SET created_at = now() - interval '6 minutes' WHERE key = 'died'",
    );
    expect((await order('died', {})).json().number).toBe(2);
  }, 200_000);
});

describe('the work of a request and its answer', () => {
  const countOf = async (name: string): Promise<number> =>
    (await http.owner.query('SELECT count(*)::int AS number FROM organisation WHERE slug = $1', [name]))[0]
      .number;
  const keptOf = async (key: string): Promise<unknown[]> =>
    http.owner.query("SELECT 1 FROM http_idempotency WHERE key = $1 AND state = 'done'", [key]);

  it('are written together', async () => {
    expect((await order('both', { slug: 'both' }, { path: '/written' })).statusCode).toBe(201);
    expect([await countOf('both'), (await keptOf('both')).length]).toEqual([1, 1]);
  });

  it('are both missing when the work fails after its own transaction was over', async () => {
    fails = true;
    expect((await order('late', { slug: 'late' }, { path: '/written' })).statusCode).toBe(503);
    expect([await countOf('late'), (await keptOf('late')).length]).toEqual([0, 0]);
    fails = false;
    expect((await order('late', { slug: 'late' }, { path: '/written' })).statusCode).toBe(201);
    expect(await countOf('late')).toBe(1);
  });

  it('are both missing when the answer cannot be kept', async () => {
    await http.owner.query(`
      CREATE FUNCTION refuse_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER refuse_answer BEFORE INSERT ON http_idempotency FOR EACH ROW
        WHEN (new.key = 'unkept') EXECUTE FUNCTION refuse_answer()`);
    expect((await order('unkept', { slug: 'unkept' }, { path: '/written' })).statusCode).toBe(500);
    expect([await countOf('unkept'), runs]).toEqual([0, 1]);
    await http.owner.query('DROP TRIGGER refuse_answer ON http_idempotency');
    expect((await order('unkept', { slug: 'unkept' }, { path: '/written' })).statusCode).toBe(201);
    expect(await countOf('unkept')).toBe(1);
  });

  it('hold no connection of others: as many requests as there are connections can wait for one', async () => {
    pauseMs = 1_000;
    const waiting = Array.from({ length: 30 }, () => order('crowd', {}));
    await sleep(100);
    pauseMs = 0;
    expect((await order('aside', {})).statusCode).toBe(201);
    expect(new Set((await Promise.all(waiting)).map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(runs).toBe(2);
  });

  it('leave to after the commit what must not be seen before, and never do it when nothing is committed', async () => {
    await order('told', { slug: 'told' }, { path: '/written' });
    expect(seenAfterCommit).toEqual([1]);
    fails = true;
    await order('untold', { slug: 'untold' }, { path: '/written' });
    expect(seenAfterCommit).toEqual([1]);
  });
});

describe('a key', () => {
  it('taken for another body or address is refused', async () => {
    await order('taken', { a: 1 });
    for (const answer of [
      await order('taken', { a: 2 }),
      await order('taken', { a: 1 }, { path: '/nothing' }),
    ])
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'idempotency_key_reused']);
    expect(runs).toBe(1);
  });

  it('belongs to its client: another’s is another', async () => {
    await order('mine', { a: 1 });
    expect((await order('mine', { a: 2 }, { client: 1 })).statusCode).toBe(201);
    expect(runs).toBe(2);
  });

  it('has a form', async () => {
    for (const key of ['a b', 'x'.repeat(201)])
      expect((await order(key, {})).json().code).toBe('idempotency_key_malformed');
  });

  it('may be left out: every request runs', async () => {
    await order(undefined, {});
    await order(undefined, {});
    expect(runs).toBe(2);
  });
});

it('The table is exactly what the entity says', async () => {
  const owner = await new DataSource(
    dataSourceOptions({ url: http.database.ownerUrl, entities: [HttpIdempotency] }),
  ).initialize();
  const { upQueries } = await owner.driver.createSchemaBuilder().log();
  await owner.destroy();
  expect(
    upQueries
      .map((one) => one.query)
      .filter((query) => /http_idempotency/.test(query) && !/_is_running_or_done/.test(query)),
  ).toEqual([]);
});
