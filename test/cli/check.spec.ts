import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readArchive } from '#badges';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { databaseEnvironment, runHere } from '../support/command-line.js';
import { origin } from '../support/issuance-world.js';
import { freeTestPort, Program } from '../support/program.js';

import.meta.jest.setTimeout(300_000);

const french = { LC_ALL: 'fr_FR.UTF-8' };

describe('the commands that read everything again, as a person starts them', () => {
  let archived: ArchivedWorld;
  let owner: pg.Client;
  let folder: string;
  let credentialIds: string[];
  beforeAll(async () => {
    archived = await anArchivedWorld();
    ({ credentialIds } = await archived.issueRoom(3));
    owner = new pg.Client({ connectionString: archived.world.urls.ownerUrl });
    await owner.connect();
    folder = mkdtempSync(join(tmpdir(), 'insigne check '));
  });
  afterAll(async () => {
    await owner?.end();
    await archived?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = (given: Record<string, string>): Record<string, string> => ({
    ...databaseEnvironment(archived.world.urls),
    INSIGNE_DATA: join(folder, 'data'),
    INSIGNE_ARCHIVE_FOLDER: archived.archiveFolder,
    INSIGNE_ORIGIN: origin,
    INSIGNE_LOG_LEVEL: 'silent',
    INSIGNE_KEY_SERVICE: `file:${join(folder, 'unused.key')}`,
    ...given,
  });
  interface Told {
    code: number | string;
    /** What stands on stdout, and that with all of stderr. */
    result: string;
    output: string;
  }
  const start = (args: string[], environment: Record<string, string> = {}): Program =>
    new Program(args, settings(environment));
  /** The program in a process of its own: one command of each exit code. */
  const runProgram = async (args: string[], environment?: Record<string, string>): Promise<Told> => {
    const program = start(args, environment);
    const code = await program.ended;
    return { code, result: program.result, output: program.output };
  };
  /** The same commands without loading the program anew for each. */
  const run = async (args: string[], environment: Record<string, string> = {}): Promise<Told> => {
    const { code, out, output } = await runHere(args, settings(environment));
    return { code, result: out, output };
  };

  describe('insigne check', () => {
    it('ends with 0 and says how much it read, in the language of the terminal', async () => {
      const [english, inFrench] = [await runProgram(['check']), await run(['check'], french)];
      expect([english.code, english.result]).toEqual([
        0,
        expect.stringMatching(
          /^3 badges, \d+ audit lines and 3 archived badges read in [\d.]+ s: no fault\n$/,
        ),
      ]);
      expect([inFrench.code, inFrench.result]).toEqual([
        0,
        expect.stringMatching(
          /^3 badges, \d+ lignes d’audit et 3 badges de l’archive relus en .* : aucun défaut\n$/,
        ),
      ]);
    });

    it('ends with 1 and tells each fault with its remedy, for people and for programs', async () => {
      await owner.query(
        `update credential set jwt = left(signed_jwt(credential), -8) || 'AAAAAAAA' where id = $1`,
        [credentialIds[0]],
      );
      try {
        const [inFrench, json] = [await runProgram(['check'], french), await run(['check', '--json'])];
        expect(inFrench.code).toBe(1);
        expect(inFrench.result).toContain('✗ jwt_invalid  La signature RS256 ne correspond pas au JWT.');
        expect(inFrench.result).toContain(`credential ${credentialIds[0]}`);
        expect(inFrench.result).toMatch(/→ Quelqu’un a écrit dans la base[\s\S]*2 défaut\(s\)\n$/);
        expect(json.code).toBe(1);
        expect(JSON.parse(json.result)).toMatchObject({
          isComplete: true,
          credentials: 3,
          faults: [
            { code: 'archive_differs', ids: { credential: credentialIds[0] } },
            { code: 'jwt_invalid', what: { fr: expect.any(String), en: expect.any(String) } },
          ],
        });
      } finally {
        await owner.query('update credential set jwt = $2 where id = $1', [
          credentialIds[0],
          await keptJwt(credentialIds[0]!),
        ]);
      }
      expect((await run(['check'])).code).toBe(0);
    });

    it('reads a structure, or a time, when asked for it', async () => {
      const { slug } = archived.world.structure;
      const { result } = await run(['check', '--organisation', slug, '--since', '2026-01-01', '--json']);
      expect(JSON.parse(result)).toMatchObject({ credentials: 3, archived: 3, faults: [] });
      const later = await run(['check', '--since', '2999-01-01', '--json']);
      expect(JSON.parse(later.result)).toMatchObject({ credentials: 0, archived: 0, faults: [] });
    });

    it.each([
      ['an option that does not exist', ['--sinse', '2026-01-01'], 64, /sinse/],
      ['a day that does not exist', ['--since', '2026-02-30'], 64, /--since 2026-02-30/],
      ['a structure that does not exist', ['--organisation', 'nowhere'], 2, /No organisation "nowhere"/],
      ['a file of heads that is not there', ['--heads', '/nowhere/heads.json'], 2, /heads\.json.*ENOENT/],
    ])('refuses %s with words and a code that is neither good nor bad', async (_, args, code, words) => {
      const refused = await run(['check', ...args]);
      expect([refused.code, refused.result]).toEqual([code, '']);
      expect(refused.output).toMatch(words);
    });

    it('compares the heads that somebody kept', async () => {
      const file = join(folder, 'heads.json');
      writeFileSync(file, JSON.stringify({ heads: [{ day: '2026-01-01', seq: 1, hash: 'ab'.repeat(32) }] }));
      const { code, result } = await run(['check', '--heads', file, '--json']);
      expect([code, JSON.parse(result).faults]).toEqual([
        1,
        [
          expect.objectContaining({
            code: 'audit_head_differs',
            ids: expect.objectContaining({ why: 'kept_head_differs' }),
          }),
        ],
      ]);
      writeFileSync(file, JSON.stringify({ heads: [{ day: '2026-01-01', seq: 1 }] }));
      expect(await run(['check', '--heads', file])).toMatchObject({
        code: 2,
        output: expect.stringContaining('/heads/0'),
      });
    });

    it('ends with 2 and names the setting when the database is away', async () => {
      const away = `postgres://nobody:x@127.0.0.1:${await freeTestPort()}/nowhere`;
      for (const [environment, words] of [
        [{}, 'check DATABASE_URL'],
        [french, 'vérifiez DATABASE_URL'],
      ] as const) {
        const asked = environment === french ? runProgram : run;
        const { code, output } = await asked(['check'], { ...environment, DATABASE_URL: away });
        expect([code, output]).toEqual([2, expect.stringContaining(words)]);
      }
    });

    it('tells an archive that is not there, or cannot be read, and still checks the rest', async () => {
      const missing = await run(['check', '--json'], { INSIGNE_ARCHIVE_FOLDER: join(folder, 'nothing') });
      expect([missing.code, JSON.parse(missing.result)]).toEqual([
        1,
        expect.objectContaining({
          credentials: 3,
          faults: [expect.objectContaining({ code: 'archive_missing', ids: { credentials: 3 } })],
        }),
      ]);
      const file = join(folder, 'no folder');
      writeFileSync(file, '');
      const unreadable = await run(['check', '--json'], { INSIGNE_ARCHIVE_FOLDER: file });
      expect([unreadable.code, JSON.parse(unreadable.result).faults]).toEqual([
        1,
        [expect.objectContaining({ code: 'archive_unreadable', ids: { file: 'no folder', why: 'ENOTDIR' } })],
      ]);
    });

    it.each([
      ['SIGINT', ['--json']],
      ['SIGTERM', []],
    ] as const)(
      'ends soon on %s with a code of its own, and never says that all is well, asked with %j',
      async (signal, words) => {
        // Whoever reads the badges waits behind this lock.
        await owner.query('begin; lock table credential in access exclusive mode');
        try {
          const program = start(['check', ...words]);
          await waitsForLock();
          expect(await program.stop(signal)).toBe(3);
          expect(program.output).toContain('Ending the check');
          if (words.length > 0)
            expect(JSON.parse(program.result)).toMatchObject({ isComplete: false, credentials: 0 });
          else expect(program.result).toMatch(/^CHECK INCOMPLETE.*The rest was not checked\.\n$/);
          expect(program.result).not.toContain('no fault');
          await endWaiting();
        } finally {
          await owner.query('rollback');
        }
      },
    );

    /** What the ended check had asked goes on waiting in the server. */
    const endWaiting = (): Promise<unknown> =>
      owner.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );

    /** Until a process of the check stands before the lock. */
    async function waitsForLock(): Promise<void> {
      for (let tried = 0; tried < 1_500; tried += 1) {
        const { rowCount } = await owner.query(
          `select from pg_locks l join pg_database d on d.oid = l.database where not l.granted and d.datname = current_database()`,
        );
        if (rowCount) return;
        await sleep(40);
      }
      throw new Error('The check has not come to the badges');
    }
  });

  describe('insigne restore reconcile', () => {
    it('is not understood with another verb or option', async () => {
      expect((await run(['restore', 'everything'])).code).toBe(64);
      expect((await run(['restore', 'reconcile', '--dryrun'])).code).toBe(64);
    });

    it('finds nothing to do on data that was never restored, and says so in both languages', async () => {
      const [dry, english, inFrench] = [
        await run(['restore', 'reconcile', '--dry-run']),
        await run(['restore', 'reconcile', '--json']),
        await run(['restore', 'reconcile'], french),
      ];
      expect([dry.code, dry.result]).toEqual([
        0,
        expect.stringMatching(
          /^Dry run: nothing is written\.\n3 badges in the archive; 3 there already, 0 put back/,
        ),
      ]);
      expect([english.code, JSON.parse(english.result)]).toEqual([
        0,
        expect.objectContaining({ archived: 3, alreadyThere: 3, putBack: 0, auditLinesLost: 0 }),
      ]);
      expect([inFrench.code, inFrench.result]).toEqual([
        0,
        expect.stringContaining('3 badges dans l’archive ; 3 déjà là'),
      ]);
    });

    it('names the archive that it cannot read, without a stack', async () => {
      const file = join(folder, 'a file');
      writeFileSync(file, '');
      for (const [environment, words] of [
        [{}, 'cannot be read or written (ENOTDIR)'],
        [french, 'ne peut pas être lue ou écrite (ENOTDIR)'],
      ] as const) {
        const { code, output } = await run(['restore', 'reconcile', '--dry-run'], {
          ...environment,
          INSIGNE_ARCHIVE_FOLDER: file,
        });
        expect([code, output]).toEqual([1, expect.stringContaining(words)]);
        expect(output).not.toMatch(/\n\s+at /);
      }
    });
  });

  async function keptJwt(id: string): Promise<string> {
    for await (const line of readArchive(archived.archiveFolder))
      if (line.kind === 'credential' && line.credential.id === id) return line.credential.jwt;
    throw new Error(`${id} is not archived`);
  }
});
