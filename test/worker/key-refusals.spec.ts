import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { uuid } from '#platform';
import { namedRow } from '../../apps/worker/src/sign-job.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld } from '../support/issuance-world.js';
import { ServiceProcess } from '../support/service-process.js';

const forgeries = 500;
const strong = randomBytes(32).toString('base64url');

describe('the worker refuses', () => {
  let world: IssuanceWorld;
  beforeAll(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterAll(() => world?.close());

  const signedCount = async (): Promise<number> => {
    const [{ count }]: [{ count: number }] = await world.api.query(
      'select count(*)::int from credential where document_sha256 is not null',
    );
    return count;
  };

  it(`to sign with another structure's key, ${forgeries} times of ${forgeries}`, async () => {
    const foreign = await world.keyStore.ensureKeys(randomUUID());
    const own = await world.keyStore.ensureKeys(world.structure.id);
    const { awardIds, outboxIds } = await aPlannedRoom(world, 1);
    const pairs = [
      [foreign.Ed25519.id, foreign.RS256.id],
      [foreign.Ed25519.id, own.RS256.id],
      [own.Ed25519.id, foreign.RS256.id],
    ];
    for (let i = 0; i < forgeries; i += 1) {
      const [ed, rsa] = pairs[i % pairs.length]!;
      if (i < pairs.length)
        await world.worker.query(
          'update credential set ed25519_key_id = $2, rs256_key_id = $3 where award_id = $1',
          [awardIds[0], ed, rsa],
        );
      await expect(
        world.keyStore.signerFor(i % 2 ? foreign.Ed25519.id : foreign.RS256.id, world.structure.id),
      ).rejects.toMatchObject({ code: 'signing_key_of_another_issuer' });
      if (i < pairs.length)
        await expect(world.signCredentials.run(outboxIds[0]!)).rejects.toMatchObject({
          code: 'signing_key_of_another_issuer',
        });
    }
    expect(await signedCount()).toBe(0);
    await world.worker.query(
      'update credential set ed25519_key_id = null, rs256_key_id = null where award_id = $1',
      [awardIds[0]],
    );
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 1, refused: 0 });
  }, 120_000);

  it('1,000 forged jobs: they name nothing that was promised, and nothing is signed', async () => {
    const before = await signedCount();
    const { outboxIds } = await aPlannedRoom(world, 1);
    const job = fc.oneof(
      fc.constant(() => ({ outboxId: randomUUID() })),
      fc.constant(() => ({ outboxId: uuid() })),
      fc.anything().map((value) => () => value),
      fc.record({ outboxId: fc.anything() }).map((value) => () => value),
      fc
        .constantFrom(
          { outboxId: outboxIds[0], payload: '{"id":"https://forged.example"}' },
          { outboxId: outboxIds[0], document: {}, sign: true },
          { outboxId: [outboxIds[0]] },
          { outboxId: `${outboxIds[0]}' or 1=1 --` },
          { outboxIds },
          null,
        )
        .map((value) => () => value),
    );
    const data = fc.sample(job, 1_000).map((make) => make() as unknown);
    for (const one of data) {
      const row = namedRow(one);
      if (row !== undefined)
        await expect(world.signCredentials.run(row)).resolves.toEqual({ signed: 0, refused: 0 });
    }
    expect(await signedCount()).toBe(before);
    expect(namedRow({ outboxId: outboxIds[0] })).toBe(outboxIds[0]);
  }, 120_000);

  describe('to start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'insigne-refused-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const secret = (content: string, mode = 0o600): string => {
      const file = join(folder, randomUUID());
      writeFileSync(file, content);
      chmodSync(file, mode);
      return file;
    };

    it.each([
      [
        'a master key file that others can read',
        () => `file:${secret(Buffer.alloc(32, 7).toString('base64'), 0o644)}`,
        /chmod 600/,
      ],
      [
        'a passphrase file that others can read',
        () => `passphrase:${secret('lune verte sous la table 47', 0o644)}`,
        /chmod 600/,
      ],
      ['an empty passphrase', () => `passphrase:${secret('')}`, /vide.*empty/s],
      ['a short passphrase', () => `passphrase:${secret('short')}`, /trop court.*too short/s],
      [
        'a default passphrase',
        () => `passphrase:${secret('changeme-changeme-changeme')}`,
        /par défaut.*default/s,
      ],
      [
        'a published seed',
        () => `passphrase:${secret('z1AeiPT496wWmo9BG2QYXeTusgFSZPNG3T9wNeTtjrQ3rCB')}`,
        /publique.*public/s,
      ],
      [
        'a master key of zeros',
        () => `file:${secret(Buffer.alloc(32).toString('base64'))}`,
        /aléatoire.*random/s,
      ],
      ['no key service at all', () => '', /INSIGNE_KEY_SERVICE/],
    ])(
      'with %s, in both languages',
      async (_, spec, words) => {
        const worker = await ServiceProcess.worker({
          databaseUrl: 'postgres://insigne_worker@127.0.0.1:1/none',
          origin: 'http://localhost:4180',
          masterKeyFile: join(folder, 'nowhere'),
          environment: { INSIGNE_KEY_SERVICE: spec() || ' ' },
        });
        expect(await worker.ended).toBe(1);
        expect(worker.output).toMatch(words);
        expect(worker.output).toMatch(/ \/ /);
      },
      200_000,
    );

    it.each([
      ['a token secret that others can read', () => secret(strong, 0o644), /chmod 600/],
      ['a token secret that its group can read', () => secret(strong, 0o640), /chmod 600/],
      ['no token secret', () => join(folder, 'nowhere'), /token_secret_missing/],
      ['an empty token secret', () => secret(''), /vide.*empty/s],
      ['a short token secret', () => secret(strong.slice(0, 31)), /trop court.*too short/s],
      ['a default token secret', () => secret('changeme '.repeat(5)), /par défaut.*default/s],
      [
        'a published token secret',
        () => secret('a-string-secret-at-least-256-bits-long'),
        /publique.*public/s,
      ],
      ['a token secret of one letter', () => secret('z'.repeat(43)), /aléatoire.*random/s],
    ])(
      'the api with %s, in both languages, before it looks for its database',
      async (_, tokenSecretFile, words) => {
        const api = await ServiceProcess.api({
          databaseUrl: 'postgres://insigne_api@127.0.0.1:1/none',
          origin: 'http://localhost:4180',
          tokenSecretFile: tokenSecretFile(),
        });
        expect(await api.ended).toBe(1);
        expect(api.output).toMatch(words);
        expect(api.output).toMatch(/ \/ /);
        expect(api.output).not.toContain('ECONNREFUSED');
        expect(api.output).not.toContain(strong);
      },
      200_000,
    );

    it('the api with a metrics token that everybody guesses', async () => {
      const api = await ServiceProcess.api({
        databaseUrl: 'postgres://insigne_api@127.0.0.1:1/none',
        origin: 'http://localhost:4180',
        tokenSecretFile: secret(strong),
        environment: { INSIGNE_METRICS_TOKEN: 'changeme-changeme' },
      });
      expect(await api.ended).toBe(1);
      expect(api.output).toMatch(/INSIGNE_METRICS_TOKEN.*default/);
    }, 200_000);

    it.each([
      ['no metrics token', {}, /metrics_token_missing.*donnez aussi.* \/ .*give INSIGNE_METRICS_TOKEN/s],
      ['a short one', { INSIGNE_METRICS_TOKEN: strong.slice(0, 15) }, /trop court.*too short/s],
      ['one that everybody guesses', { INSIGNE_METRICS_TOKEN: 'changeme-changeme' }, /par défaut.*default/s],
    ])(
      'the worker open to other machines with %s, before it looks for its database',
      async (_, environment: Record<string, string>, words) => {
        const worker = await ServiceProcess.worker({
          databaseUrl: 'postgres://insigne_worker@127.0.0.1:1/none',
          origin: 'http://localhost:4180',
          masterKeyFile: secret(randomBytes(32).toString('base64')),
          environment: { WORKER_HOST: '0.0.0.0', ...environment },
        });
        expect(await worker.ended).toBe(1);
        expect(worker.output).toMatch(words);
        expect(worker.output).not.toMatch(/ECONNREFUSED|node_modules/);
      },
      200_000,
    );

    it('with a key service that cannot open the keys of this data', async () => {
      await world.keyStore.ensureKeys(world.structure.id);
      const worker = await ServiceProcess.worker({
        databaseUrl: world.urls.workerUrl,
        origin: 'http://localhost:4180',
        masterKeyFile: join(folder, 'nowhere'),
        environment: { INSIGNE_KEY_SERVICE: `passphrase:${secret('lune verte sous la table 47')}` },
      });
      expect(await worker.ended).toBe(1);
      expect(worker.output).toContain('sealed_key_unreadable');
    }, 200_000);
  });
});
