import { createSecretKey, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dataSourceOptions, sha256Hex } from '#platform';
import {
  KeyLifecycle,
  KeyStore,
  PublicKeys,
  publicKeyOfJwk,
  SecretKeyService,
  signingEntities,
} from '#signing';
import { firstFormat } from '../../libs/signing/src/first-format.spec-support.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const master = new SecretKeyService(createSecretKey(randomBytes(32)));
let database: TestDatabase;
let api: DataSource;
let worker: DataSource;
let owner: DataSource;

const connect = async (url: string): Promise<DataSource> =>
  new DataSource(dataSourceOptions({ url, entities: signingEntities, poolSize: 8 })).initialize();

beforeAll(async () => {
  database = await createTestDatabase();
  [api, worker, owner] = (await Promise.all(
    [database.url, database.workerUrl, database.ownerUrl].map(connect),
  )) as [DataSource, DataSource, DataSource];
});

afterAll(async () => {
  await Promise.all([api, worker, owner].map((source) => source?.destroy()));
  await database?.drop();
});

describe('signing keys', () => {
  it('are made once for an issuer, however many ask at once', async () => {
    const issuer = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => new KeyStore(worker, master).ensureKeys(issuer)),
    );
    expect(new Set(answers.map((keys) => `${keys.Ed25519.id} ${keys.RS256.id}`)).size).toBe(1);
    expect(await new PublicKeys(api).all(issuer)).toHaveLength(2);
  }, 120_000);

  it('sign in the worker and are verified with what the api shows', async () => {
    const issuer = randomUUID();
    const store = new KeyStore(worker, master);
    const { Ed25519 } = await store.ensureKeys(issuer);
    const signer = await store.signerFor(Ed25519.id);
    expect(await store.signerFor(Ed25519.id)).toBe(signer);
    expect(signer.issuerId).toBe(issuer);
    const shown = await new PublicKeys(api).find(Ed25519.id);
    const signature = sign(null, Buffer.from('x'), signer.privateKey);
    expect(verify(null, Buffer.from('x'), publicKeyOfJwk(shown!.publicJwk), signature)).toBe(true);
  });

  it('are out of reach of the api: no read of the sealed key, no insert, no change', async () => {
    await new KeyStore(worker, master).ensureKeys(randomUUID());
    for (const sql of [
      'select sealed_private_key from signing_key',
      'select * from signing_key',
      "update signing_key set retired_at = now() where id = 'x'",
      'delete from signing_key',
      "insert into signing_key (id, issuer_id, algorithm, public_jwk, sealed_private_key) values ('rsa-0000000000000000', gen_random_uuid(), 'RS256', '{}', '')",
    ])
      await expect(api.query(sql)).rejects.toThrow(/permission denied/);
    await expect(worker.query('delete from signing_key')).rejects.toThrow(/permission denied/);
  });

  it('do not open with another master key', async () => {
    const { RS256 } = await new KeyStore(worker, master).ensureKeys(randomUUID());
    const other = new KeyStore(worker, new SecretKeyService(createSecretKey(randomBytes(32))));
    await expect(other.signerFor(RS256.id)).rejects.toMatchObject({
      code: 'sealed_key_unreadable',
      keyId: RS256.id,
    });
  });

  it('make room for a successor when retired, and refuse to sign once compromised', async () => {
    const issuer = randomUUID();
    const { Ed25519: first } = await new KeyStore(worker, master).ensureKeys(issuer);
    await worker.query('update signing_key set retired_at = now() where id = $1', [first.id]);
    const { Ed25519: second } = await new KeyStore(worker, master).ensureKeys(issuer);
    expect(second.id).not.toBe(first.id);
    expect((await new PublicKeys(api).active(issuer)).Ed25519?.id).toBe(second.id);
    expect((await new KeyStore(worker, master).signerFor(first.id)).keyId).toBe(first.id);
    await worker.query('update signing_key set compromised_since = now() where id = $1', [first.id]);
    await expect(new KeyStore(worker, master).signerFor(first.id)).rejects.toMatchObject({
      code: 'signing_key_unavailable',
    });
    await expect(new KeyStore(worker, master).signerFor('ed-unknown')).rejects.toMatchObject({
      code: 'signing_key_unavailable',
    });
    expect(await new PublicKeys(api).all(issuer)).toHaveLength(3);
  });

  it('stop signing within a second of a theft reported by another process', async () => {
    const store = new KeyStore(worker, master);
    const { Ed25519 } = await store.ensureKeys(randomUUID());
    await store.signerFor(Ed25519.id);
    await worker.query('update signing_key set compromised_since = now() where id = $1', [Ed25519.id]);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await expect(store.signerFor(Ed25519.id)).rejects.toMatchObject({ code: 'signing_key_unavailable' });
  });

  it('of the first format open, are brought to the present one, and are refused when changed', async () => {
    const masterKey = createSecretKey(randomBytes(32));
    const from = new SecretKeyService(masterKey);
    const keys = await new KeyStore(worker, from).ensureKeys(randomUUID());
    const ids = [keys.Ed25519.id, keys.RS256.id];
    const asFirst = async (id: string, bound = id): Promise<Buffer> => {
      const { privateKey } = await new KeyStore(worker, from).signerFor(id);
      const { sealed } = firstFormat(bound, masterKey, privateKey);
      return sealed;
    };
    const write = (id: string, sealed: Buffer): Promise<unknown> =>
      owner.query(
        'update signing_key set sealed_private_key = $2, wrapped_data_key = null, key_service = null where id = $1',
        [id, sealed],
      );
    const rows = (): Promise<{ id: string; sealed: Buffer; service: string | null }[]> =>
      owner.query(
        'select id, sealed_private_key as sealed, key_service as service from signing_key where id = any($1) order by id',
        [ids],
      );
    const sealed = new Map(await Promise.all(ids.map(async (id) => [id, await asFirst(id)] as const)));
    const [borrowed, ed] = [await asFirst(ids[0]!, 'ed-0000000000000000'), sealed.get(ids[0]!)!];
    // As of a token whose label is somebody's name.
    const id = 'pkcs11:token=Clé d’Amina TESTARD;object=insigne';
    const to = Object.assign(new SecretKeyService(createSecretKey(randomBytes(32))), {
      describe: () => ({ kind: 'pkcs11' as const, id }),
    });
    const moving = new KeyLifecycle(worker, new KeyStore(worker, [from, master]));
    for (const [id, bytes] of sealed) await write(id, bytes);
    for (const id of ids) expect((await new KeyStore(worker, from).signerFor(id)).keyId).toBe(id);

    // Each part of it: format, wrapped data key, nonce, key, tag, length, and whose it is.
    const changed = [0, 5, 50, 65, 90, ed.length - 1].map((place) => {
      const bytes = Buffer.from(ed);
      bytes[place]! ^= 1;
      return bytes;
    });
    for (const bytes of [...changed, ed.subarray(0, 60), borrowed]) {
      await write(ids[0]!, bytes);
      const before = (await rows()).find(({ id }) => id === ids[0]);
      const refused = { code: 'sealed_key_unreadable', keyId: ids[0] };
      await expect(new KeyStore(worker, from).signerFor(ids[0]!)).rejects.toMatchObject(refused);
      await expect(moving.rewrap([from, master], to, 'test')).rejects.toMatchObject(refused);
      expect((await rows()).find(({ id }) => id === ids[0])).toEqual(before);
    }

    await write(ids[0]!, ed);
    expect((await moving.rewrap([from, master, to], to, 'test')).moved).toBeGreaterThan(0);
    for (const row of await rows()) {
      expect([row.sealed[0], row.service]).toEqual([2, to.describe().id]);
      expect((await new KeyStore(worker, to).signerFor(row.id)).keyId).toBe(row.id);
      await expect(new KeyStore(worker, from).signerFor(row.id)).rejects.toMatchObject({
        code: 'sealed_key_unreadable',
      });
    }
    expect(await moving.rewrap([to], to, 'test', true)).toMatchObject({ moved: 0 });
    const events = await owner.query(`select subject from audit_event where action = 'key.rewrapped'`);
    expect(events).toEqual([
      {
        subject: { keys: expect.any(Number), keyServiceKind: 'pkcs11', keyServiceSha256: sha256Hex(id) },
      },
    ]);
  });

  it('are the same in the entity and in the migrated table', async () => {
    const changes = await owner.driver.createSchemaBuilder().log();
    const ours = changes.upQueries.map(({ query }) => query).filter((query) => /"?signing_key"?/.test(query));
    // Checks and partial indexes stand in SQL alone.
    expect(
      ours.filter((query) => !/one_active_per_issuer|DROP CONSTRAINT "signing_key_(?!pkey)/.test(query)),
    ).toEqual([]);
  });
});
