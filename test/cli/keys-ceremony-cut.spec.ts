import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { sha256 } from '#platform';
import { CommitCutter, type Cut } from '../support/commit-cutter.js';
import { anIssuanceWorld, anotherStructure, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { KeyInstance } from '../support/key-instance.js';

describe('a ceremony whose connection is cut at the commit', () => {
  let world: IssuanceWorld;
  let instance: KeyInstance;
  let cutter: CommitCutter;
  beforeAll(async () => {
    world = await anIssuanceWorld();
    cutter = await CommitCutter.start(world.urls.workerUrl);
    instance = new KeyInstance(world, origin, {
      INSIGNE_WORKER_DATABASE_URL: cutter.url,
      INSIGNE_KEY_SERVICE: 'env:INSIGNE_MASTER_SECRET',
      INSIGNE_MASTER_SECRET: sha256('a secret of this test').toString('base64'),
    });
    // Commits of keys take a while, so that they can be cut in the middle.
    const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    await owner.query(
      `create function slow_commit() returns trigger language plpgsql as
       $$ begin perform pg_sleep(0.7); return null; end $$;
       create constraint trigger slow_commit after insert on signing_key
       deferrable initially deferred for each row execute function slow_commit()`,
    );
    await owner.end();
  }, 120_000);
  afterAll(async () => {
    instance?.remove();
    await cutter?.close();
    await world?.close();
  });

  const ceremony = async (cut: Cut, staysAway = false) => {
    const { structure } = await anotherStructure(world, cut);
    Object.assign(cutter, { cut, staysAway, cuts: 0 });
    const folder = join(instance.folder, 'ceremonies');
    const before = filesIn(folder);
    const told = await instance.run([
      'keys',
      'create',
      '--by',
      'Odile FICTIVE',
      '--organisation',
      structure.slug,
    ]);
    expect(cutter.cuts).toBe(1);
    const events: { hash: string }[] = await world.worker.query(
      `select subject->>'ceremonySha256' as hash from audit_event
       where action = 'key.created' and subject->>'issuerId' = $1`,
      [structure.id],
    );
    const transcripts = filesIn(folder)
      .filter((name) => !before.includes(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    return { ...told, hashes: events.map(({ hash }) => hash), transcripts };
  };

  it.each(['after', 'while'] as const)(
    'is held all the same when the database commits, and keeps its transcript: cut %s',
    async (cut) => {
      const { code, output, hashes, transcripts } = await ceremony(cut);
      expect(transcripts).toHaveLength(1);
      const hash = sha256(transcripts[0]!).toString('hex');
      expect(hashes).toEqual([hash, hash]);
      expect([code, output]).toEqual([0, expect.stringContaining(`SHA-256 ${hash}`)]);
    },
    120_000,
  );

  it('keeps its transcript, and says what to do, when nobody can tell whether there are keys', async () => {
    const { code, output, hashes, transcripts } = await ceremony('after', true);
    expect(transcripts).toHaveLength(1);
    expect(hashes).toHaveLength(2);
    expect(hashes[0]).toBe(sha256(transcripts[0]!).toString('hex'));
    expect([code, output]).toEqual([1, expect.stringContaining('insigne keys list')]);
    expect(output).toContain('The transcript is kept');
  }, 120_000);

  it('is not held, and leaves no transcript, when the commit never came', async () => {
    const { code, hashes, transcripts } = await ceremony('before');
    expect([code === 0, hashes, transcripts]).toEqual([false, [], []]);
  }, 120_000);
});

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
