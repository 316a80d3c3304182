import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseEnvironment, runHere } from '../support/command-line.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { freeTestPort } from '../support/program.js';

describe('a database of the operator whose encoding', () => {
  let folder: string;
  let database: TestDatabase | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'insigne encoding '));
  });
  afterEach(async () => {
    await database?.drop();
    database = undefined;
    rmSync(folder, { recursive: true });
  });

  const insigne = (words: string[], environment: Record<string, string>) =>
    runHere(words, { ...environment, INSIGNE_DATA: join(folder, 'data') });
  const tables = async (): Promise<string[]> => {
    const client = new pg.Client({ connectionString: database!.ownerUrl });
    await client.connect();
    const { rows } = await client.query(
      `select oid::regclass::text as name from pg_class where oid >= 16384
       union all select nspname from pg_namespace where oid >= 16384`,
    );
    await client.end();
    return rows.map(({ name }: { name: string }) => name);
  };

  it('is UTF8 is brought to the schema', async () => {
    database = await createEmptyDatabase('UTF8');
    const { code, out } = await insigne(['migrate'], databaseEnvironment(database));
    expect([code, JSON.parse(out)]).toEqual([0, { applied: expect.arrayContaining([expect.any(String)]) }]);
    expect(await tables()).toContain('credential');
  });

  it.each([
    ['LATIN1', 'C', /has the encoding LATIN1; Insigne needs UTF8.* encoding 'UTF8' .*Nothing was changed\.$/],
    ['SQL_ASCII', 'fr_FR.UTF-8', /a l’encodage SQL_ASCII, Insigne demande UTF8.*Rien n’a été changé\.$/],
  ])(
    'is %s is refused in a sentence of the terminal, and left as it is',
    async (encoding, locale, sentence) => {
      database = await createEmptyDatabase(encoding);
      const { code, out, err } = await insigne(['migrate'], {
        ...databaseEnvironment(database),
        LC_ALL: locale,
      });
      expect([code, out, err.trim()]).toEqual([1, '', expect.stringMatching(sentence)]);
      expect(await tables()).toEqual([]);
    },
  );

  it('is another one is refused by every command that opens it, before a role or a password is made', async () => {
    database = await createEmptyDatabase('LATIN1');
    const { INSIGNE_API_DATABASE_URL, INSIGNE_WORKER_DATABASE_URL, ...alone } = databaseEnvironment(database);
    const roles = { INSIGNE_API_DATABASE_URL, INSIGNE_WORKER_DATABASE_URL } as Record<string, string>;
    const port = String(await freeTestPort());
    for (const environment of [alone, { ...alone, ...roles }])
      for (const words of [
        ['badge', 'list'],
        ['up', '--port', port],
      ]) {
        const { code, err } = await insigne(words, environment);
        expect([code, err]).toEqual([1, expect.stringContaining('has the encoding LATIN1')]);
      }
    expect(await tables()).toEqual([]);
    expect(existsSync(join(folder, 'data', 'secrets', 'database.json'))).toBe(false);
  });
});
