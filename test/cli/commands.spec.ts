import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { usualScopes } from '#people';
import { projectFile } from '#platform';
import { run as runWords } from '../../apps/cli/src/insigne.js';
import { databaseEnvironment } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Program } from '../support/program.js';

import.meta.jest.setTimeout(240_000);

const campaign = projectFile('apps', 'cli', 'demo', 'campagne-2026-automne.csv');
const folder = mkdtempSync(join(tmpdir(), 'insigne commands '));
const before = { ...process.env };
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, {
    INSIGNE_DATA: join(folder, 'data'),
    DATABASE_URL: database.ownerUrl,
    INSIGNE_API_DATABASE_URL: database.url,
    INSIGNE_WORKER_DATABASE_URL: database.workerUrl,
    LC_ALL: 'C',
  });
  delete process.env.REDIS_URL;
});
afterAll(async () => {
  process.env = before;
  await database?.drop();
  rmSync(folder, { recursive: true });
});

interface Ran {
  code: number;
  out: string;
}

/** Runs a command as the program does, with its refusals thrown. */
async function run(...words: string[]): Promise<Ran> {
  const lines: string[] = [];
  const spy = import.meta.jest
    .spyOn(console, 'log')
    .mockImplementation((line: string) => void lines.push(line));
  try {
    return { code: await runWords(words), out: lines.join('\n') };
  } finally {
    spy.mockRestore();
  }
}
const refusal = async (...words: string[]): Promise<{ code: string; message: string }> =>
  run(...words).then(
    ({ out }) => {
      throw new Error(`was done: ${out}`);
    },
    (error: { code: string; message: string }) => error,
  );

async function ask<T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}
const count = async (table: string): Promise<number> =>
  (await ask<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n;

describe('the program', () => {
  it('tells its result, its refusals and what it does not understand by its exit code', async () => {
    const given = { ...databaseEnvironment(database), INSIGNE_DATA: join(folder, 'data') };
    const codes: Record<string, number | string> = {};
    for (const line of [
      'held list --organisation nobody',
      'keys retire',
      'client create --scope all',
      'migrate',
    ]) {
      const program = new Program(line.split(' '), given);
      codes[line] = await program.ended;
      expect(program.output).not.toMatch(/^ +at /m);
    }
    expect(Object.values(codes)).toEqual([1, 64, 64, 0]);
  });

  it('refuses words before it looks for the database', async () => {
    const nowhere = 'postgres://nobody:nothing@127.0.0.1:1/none';
    const program = new Program(['client', 'create', '--scope', 'all'], { DATABASE_URL: nowhere });
    expect([await program.ended, program.output]).toEqual([
      64,
      expect.stringContaining('all: organisation:read'),
    ]);
  });
});

describe('insigne migrate', () => {
  it('applies nothing to a database that is up to date', async () => {
    expect(await run('migrate')).toEqual({ code: 0, out: '{"applied":[]}' });
  });
});

describe('insigne organisation and insigne client', () => {
  it('make a tree of organisations, once each', async () => {
    const made = await run(
      'organisation',
      ...['create', '--kind', 'programme', '--slug', 'programme', '--name', 'Programme Exemple'],
    );
    expect(made.code).toBe(0);
    expect(JSON.parse(made.out)).toMatchObject({ slug: 'programme', kind: 'programme' });
    const words = ['create', '--kind', 'structure', '--slug', 'atelier', '--parent', 'programme'];
    await run('organisation', ...words, '--name', 'Atelier (légal)', '--public-name', 'Atelier');
    expect(
      await ask(
        `select o.public_name, p.slug as parent from organisation o join organisation p on p.id = o.parent_id`,
      ),
    ).toEqual([{ public_name: 'Atelier', parent: 'programme' }]);
    expect(await refusal('organisation', ...words, '--name', 'Another')).toMatchObject({
      code: 'organisation_slug_taken',
    });
    expect(await count('organisation')).toBe(2);
  });

  it('give a structure its public e-mail address, and another one later', async () => {
    const given = async () => (await ask(`select email from organisation where slug = 'atelier'`))[0]!.email;
    const told = await run('organisation', 'change', '--email', 'Contact@Example.org');
    expect(JSON.parse(told.out)).toMatchObject({ slug: 'atelier', email: 'contact@example.org' });
    await run('organisation', 'change', '--organisation', 'atelier', '--email', 'accueil@example.org');
    expect(await given()).toBe('accueil@example.org');
    expect(await refusal('organisation', 'change', '--email', 'accueil')).toMatchObject({
      code: 'organisation_refused',
    });
    expect(await given()).toBe('accueil@example.org');
  });

  it.each([
    ['no verb', []],
    ['a verb that does not exist', ['delete']],
    ['no name', ['create', '--kind', 'structure', '--slug', 'x']],
    ['a kind that does not exist', ['create', '--kind', 'club', '--slug', 'x', '--name', 'X']],
    ['an option that does not exist', ['create', '--kin', 'structure']],
  ])('refuse %s as a word that is not understood', async (_, args) => {
    const error = await Promise.resolve()
      .then(() => run('organisation', ...args))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage' });
  });

  it('refuse a parent that does not exist and list those that do', async () => {
    const words = ['create', '--kind', 'structure', '--slug', 'x', '--name', 'X', '--parent', 'nowhere'];
    const { code, message } = await refusal('organisation', ...words);
    expect(code).toBe('organisation_not_found');
    expect(message).toContain('atelier, programme');
    expect(await count('organisation')).toBe(2);
  });

  it('give a client every scope, or those that are asked for, and store no secret', async () => {
    const all = JSON.parse((await run('client', 'create', '--name', 'all')).out);
    expect(all).toMatchObject({ organisation: 'atelier', scopes: usualScopes });
    const words = ['create', '--organisation', 'programme', '--scope', 'award:read'];
    const few = JSON.parse((await run('client', ...words, '--scope', 'award:issue')).out);
    expect(few.scopes).toEqual(['award:read', 'award:issue']);
    const rows = await ask(`select client_id, secret_hash, scopes from api_client order by name`);
    expect(rows.map((row) => row.client_id)).toEqual([all.clientId, few.clientId]);
    for (const { secret } of [all, few]) expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('refuse a scope that does not exist, and make no client', async () => {
    const clients = await count('api_client');
    const error = await refusal('client', 'create', '--scope', 'award:everything');
    expect(error).toMatchObject({ code: 'usage' });
    expect(error.message).toContain('award:everything: organisation:read');
    expect(await count('api_client')).toBe(clients);
  });

  it('tell the audit who made or changed them, where a code was given', async () => {
    const by = (n: number): string[] => ['--by', `ADM-${n}`];
    const region = ['--kind', 'region', '--slug', 'autre', '--parent', 'programme', '--name', 'Autre'];
    await run('organisation', 'create', ...region, ...by(1));
    await run('organisation', 'change', '--organisation', 'autre', '--email', 'a@example.org', ...by(2));
    await run('client', 'create', '--organisation', 'autre', ...by(3));
    expect(
      await ask(
        `select actor, action from audit_event where subject->>'organisationId' =
           (select id::text from organisation where slug = 'autre') order by at, id`,
      ),
    ).toEqual([
      { actor: 'cli:adm-1', action: 'organisation.registered' },
      { actor: 'cli:adm-2', action: 'organisation.changed' },
      { actor: 'cli:adm-3', action: 'client.created' },
    ]);
  });
});

describe('insigne import', () => {
  it('reads frameworks and the starter catalogue, and again without a change', async () => {
    for (const _ of ['first', 'again']) {
      expect((await run('import', 'frameworks')).code).toBe(0);
      expect((await run('import', 'catalogue', '--organisation', 'programme')).code).toBe(0);
    }
    expect(await count('workshop')).toBeGreaterThan(3);
    expect(
      (await ask('select 1 from workshop group by organisation_id, code having count(*) > 1')).length,
    ).toBe(0);
  });

  it('tells with --dry-run what a campaign would do, and writes nothing', async () => {
    const { code, out } = await run('import', 'campaign', campaign, '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).plan.refusal).toBeNull();
    for (const table of ['person', 'session', 'attendance', 'award', 'held_case', 'campaign_import'])
      expect([table, await count(table)]).toEqual([table, 0]);
  });

  it('awards nothing that a person must confirm first, and says how to confirm', async () => {
    const { code, out } = await run('import', 'campaign', campaign, '--lang', 'en');
    expect(code).toBe(0);
    expect(out).toMatch(/\d+ badges wait until the staff is confirmed: run again with --confirm-staff/);
    expect(await count('award')).toBeLessThan(58);
  });

  it('awards once what is confirmed, and says when they will be signed', async () => {
    const { out } = await run('import', 'campaign', campaign, '--confirm-staff', '--lang', 'fr');
    expect(out).toContain('Ils seront signés au prochain « npm start ».');
    expect(await count('award')).toBe(58);
    const again = await run('import', 'campaign', campaign, '--confirm-staff', '--lang', 'fr');
    expect(again.out).toContain('Ce fichier était déjà importé : rien ne change.');
    expect(await count('award')).toBe(58);
    expect(await count('credential')).toBe(58);
  });

  it.each([
    ['an empty file', '', 1],
    ['a letter', 'Bonjour, ceci est une lettre.\nElle a deux lignes.', 1],
  ])('refuses %s with exit code 1 and writes nothing', async (name, content, exitCode) => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, content);
    const people = await count('person');
    const { code, out } = await run('import', 'campaign', file, '--json', '--confirm-staff');
    expect([code, JSON.parse(out).plan.refusal.severity]).toEqual([exitCode, 'reject']);
    expect(await count('person')).toBe(people);
  });

  it('refuses a file that is not there or far too large before it reads it', async () => {
    expect(await refusal('import', 'campaign', join(folder, 'nothing.csv'))).toMatchObject({
      code: 'file_not_readable',
      text: { fr: expect.stringContaining('ENOENT'), en: expect.stringContaining('check the path') },
    });
    expect(await refusal('import', 'campaign', folder)).toMatchObject({ code: 'file_not_readable' });
    const huge = join(folder, 'huge.csv');
    writeFileSync(huge, Buffer.alloc(21 * 1024 * 1024));
    const { code, message } = await refusal('import', 'campaign', huge);
    expect([code, message]).toEqual([
      'file_not_readable',
      expect.stringContaining('21 MB; the limit is 5 MB'),
    ]);
  });

  it.each([[[]], [['people']], [['campaign']]])('asks what to import of %j', async (args) => {
    expect(await refusal('import', ...args)).toMatchObject({ code: 'usage' });
  });
});

describe('insigne held', () => {
  it('lists the case that waits, and settles it once', async () => {
    const [waiting] = JSON.parse((await run('held', 'list')).out) as { id: string }[];
    expect(await count('held_case')).toBe(1);
    const words = ['resolve', waiting!.id, '--decision', 'different_people'];
    const { out } = await run('held', ...words);
    expect(JSON.parse(out)).toHaveProperty('recorded');
    expect(JSON.parse((await run('held', 'list')).out)).toEqual([]);
    const awards = await count('award');
    expect((await refusal('held', ...words)).code).toMatch(/held_case/);
    expect(await count('award')).toBe(awards);
  });

  it.each([
    [['resolve']],
    [['resolve', '01890000-0000-7000-8000-000000000000']],
    [['resolve', '01890000-0000-7000-8000-000000000000', '--decision', 'perhaps']],
    [['forget']],
  ])('does not guess what %j means', async (args) => {
    const error = await Promise.resolve()
      .then(() => run('held', ...args))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage' });
  });
});

describe('insigne badge', () => {
  it('lists every award with its state, and the sums', async () => {
    const { out } = await run('badge', 'list', '--json');
    const { summary, awards } = JSON.parse(out);
    expect(awards).toHaveLength(await count('award'));
    expect(summary).toMatchObject({ planned: awards.length, signed: 0, refused: 0 });
    const plain = (await run('badge', 'list')).out.split('\n');
    expect(plain).toHaveLength(awards.length + 1);
    expect(plain.at(-1)).toBe(`planned ${awards.length} · signed 0 · refused 0`);
  });

  it('shows no badge that is not signed yet, and none that does not exist', async () => {
    const [award] = await ask<{ id: string }>('select id from award limit 1');
    for (const id of [award!.id, '01890000-0000-7000-8000-000000000000'])
      expect((await refusal('badge', 'publish', id)).code).toMatch(/^(award|credential|badge)_/);
    expect(await count('publication')).toBe(0);
  });

  it.each([[[]], [['publish']], [['withdraw']], [['sign']]])('does not guess what %j means', async (args) => {
    const error = await Promise.resolve()
      .then(() => run('badge', ...args))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage' });
  });
});

describe('a command on a database that it cannot use', () => {
  it('says which one does not answer, without its password', async () => {
    process.env.DATABASE_URL = 'postgres://somebody:hunter2@127.0.0.1:1/insigne';
    try {
      const error = await refusal('badge', 'list');
      expect(error.code).toBe('database_not_reachable');
      expect(error.message).toContain('somebody@127.0.0.1:1/insigne');
      expect(error.message).not.toContain('hunter2');
    } finally {
      process.env.DATABASE_URL = database.ownerUrl;
    }
  });

  it('leaves secrets in its data folder alone for their owner, made once', async () => {
    const file = join(folder, 'data', 'secrets', 'master.key');
    expect(existsSync(file)).toBe(true);
    const key = readFileSync(file, 'utf8');
    await run('badge', 'list');
    expect(readFileSync(file, 'utf8')).toBe(key);
  });
});
