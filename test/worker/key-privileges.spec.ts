import pg from 'pg';
import { anIssuanceWorld, type IssuanceWorld } from '../support/issuance-world.js';

const secretColumns = ['sealed_private_key', 'wrapped_data_key', 'key_service'];

describe("the api's database role", () => {
  let world: IssuanceWorld;
  let api: pg.Client;
  let owner: pg.Client;
  beforeAll(async () => {
    world = await anIssuanceWorld();
    await world.keyStore.ensureKeys(world.structure.id);
    [api, owner] = [world.urls.url, world.urls.ownerUrl].map(
      (connectionString) => new pg.Client({ connectionString }),
    ) as [pg.Client, pg.Client];
    await Promise.all([api.connect(), owner.connect()]);
    // Fresh statistics, which hold samples of every column.
    await owner.query('analyze signing_key');
  }, 120_000);
  afterAll(async () => {
    await Promise.all([api?.end(), owner?.end()]);
    await world?.close();
  });

  const names = async (sql: string): Promise<string[]> =>
    (await owner.query<{ name: string }>(sql)).rows.map(({ name }) => name);

  it.each(secretColumns)('has no right of any kind on %s', async (column) => {
    for (const right of ['select', 'insert', 'update', 'references']) {
      const { rows } = await owner.query<{ may: boolean }>(
        `select has_column_privilege('insigne_api', 'signing_key', $1, $2) as may`,
        [column, right],
      );
      expect([right, rows[0]!.may]).toEqual([right, false]);
    }
  });

  it('has no right to change any part of a key', async () => {
    for (const right of ['insert', 'update', 'delete', 'truncate', 'trigger', 'references']) {
      const { rows } = await owner.query<{ may: boolean }>(
        `select has_table_privilege('insigne_api', 'signing_key', $1) as may`,
        [right],
      );
      expect([right, rows[0]!.may]).toEqual([right, false]);
    }
  });

  it.each([
    ...secretColumns.map((column) => `select ${column} from signing_key`),
    'select * from signing_key',
    'select k from signing_key k',
    'select to_jsonb(k) from signing_key k',
    'select count(sealed_private_key) from signing_key',
    "select id from signing_key where sealed_private_key > '\\x00'",
    'select id from signing_key order by wrapped_data_key',
    'table signing_key',
    'copy signing_key to stdout',
    'copy (select sealed_private_key from signing_key) to stdout',
    'create view peek as select sealed_private_key from signing_key',
    'create temp table peek as select * from signing_key',
    'update signing_key set retired_at = null returning sealed_private_key',
    'alter table signing_key owner to insigne_api',
    'grant select on signing_key to insigne_api',
    'set role insigne_worker',
    'set role insigne_owner',
    "select pg_read_file('PG_VERSION')",
    'create extension file_fdw',
    "copy (select 1) to program 'id'",
  ])('is refused: %s', async (sql) => {
    await expect(api.query(sql)).rejects.toThrow(
      /permission denied|must be (owner|able|a member)|must have/i,
    );
  });

  it('learns nothing of them from statistics, which keep samples of every column', async () => {
    const sql = 'select attname as name from pg_stats where tablename = $1 and attname = any($2)';
    const seenByOwner = await owner.query(sql, ['signing_key', secretColumns]);
    expect(seenByOwner.rows.length).toBeGreaterThan(0);
    expect((await api.query(sql, ['signing_key', secretColumns])).rows).toEqual([]);
    await expect(api.query('select stavalues1 from pg_statistic')).rejects.toThrow(/permission denied/);
  });

  it('is a member of no other role, and no superuser', async () => {
    const { rows } = await owner.query(
      `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
              (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships
       from pg_roles r where rolname = 'insigne_api'`,
    );
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        rolbypassrls: false,
        memberships: 0,
      },
    ]);
  });

  it('finds no view and no function with more rights than its own that reaches a key', async () => {
    const views = await names(
      `select distinct c.relname as name from pg_depend d join pg_rewrite w on w.oid = d.objid
       join pg_class c on c.oid = w.ev_class where d.refobjid = 'signing_key'::regclass`,
    );
    expect(views).toEqual([]);
    const functions = await owner.query<{ name: string; source: string }>(
      `select p.proname as name, p.prosrc as source from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
         and has_function_privilege('insigne_api', p.oid, 'execute')`,
    );
    for (const { name, source } of functions.rows)
      expect([name, /signing_key|execute/i.test(source)]).toEqual([name, false]);
  });

  it('could find the sealed bytes in no other table: no audit, no outbox, no queue, no copy', async () => {
    const { rows: keys } = await owner.query<{ sealed: Buffer; wrapped: Buffer }>(
      'select sealed_private_key as sealed, wrapped_data_key as wrapped from signing_key',
    );
    const needles = keys.flatMap(({ sealed, wrapped }) =>
      [sealed, wrapped].flatMap((bytes) => [
        bytes.toString('hex').slice(0, 64),
        bytes.toString('base64').slice(0, 40),
        bytes.toString('base64url').slice(0, 40),
      ]),
    );
    expect(needles.length).toBeGreaterThanOrEqual(12);
    const tables = await names(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') and table_name <> 'signing_key'`,
    );
    expect(tables).toEqual(expect.arrayContaining(['public.audit_event', 'public.outbox', 'bullmq.job']));
    for (const name of tables) {
      const { rows } = await owner.query<{ row: string }>(
        `select row_to_json(t)::text as row from ${name} t`,
      );
      const text = rows.map(({ row }) => row).join('\n');
      expect([name, needles.filter((needle) => text.includes(needle))]).toEqual([name, []]);
    }
  });
});
