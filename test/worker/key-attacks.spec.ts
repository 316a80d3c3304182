import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import {
  ChangeStatus,
  ReissueCredentials,
  ReportCompromise,
  RevokeBadges,
  type StatusChangeRequest,
} from '#badges';
import { canonicalJson, sha256 } from '#platform';
import { jwkOf, KeyStore, PublicKeys, type SigningKey } from '#signing';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, origin } from '../support/issuance-world.js';

describe('whoever can write in the database, but cannot open keys,', () => {
  let world: IssuanceWorld;
  let owner: pg.Client;
  beforeEach(async () => {
    world = await anIssuanceWorld();
    owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
  }, 120_000);
  afterEach(async () => {
    await owner?.end();
    await world?.close();
  });

  const activeKeys = async (): Promise<SigningKey[]> => {
    await world.keyStore.ensureKeys(world.structure.id);
    return Object.values(await new PublicKeys(world.api).active(world.structure.id));
  };
  /** A store that has opened nothing yet, as a worker that starts. */
  const freshStore = (): KeyStore =>
    new KeyStore(world.worker, (world.keyStore as unknown as { services: never }).services);
  const isUnreadable = { code: 'sealed_key_unreadable' };

  it('cannot have one key answer for another: swapped, moved or older sealed keys open nowhere', async () => {
    const [one, other] = await activeKeys();
    const stranger = await world.keyStore.ensureKeys('0190aaaa-0000-7000-8000-000000000000');
    const swap = (a: string, b: string): Promise<unknown> =>
      owner.query(
        `update signing_key k set sealed_private_key = o.sealed_private_key, wrapped_data_key = o.wrapped_data_key
         from signing_key o where (k.id, o.id) in (($1, $2), ($2, $1))`,
        [a, b],
      );
    for (const [a, b] of [
      [one!.id, other!.id],
      [one!.id, stranger[one!.algorithm].id],
    ] as const) {
      await swap(a, b);
      await expect(freshStore().signerFor(a)).rejects.toMatchObject(isUnreadable);
      await expect(freshStore().signerFor(b)).rejects.toMatchObject(isUnreadable);
      await swap(a, b);
      expect((await freshStore().signerFor(a)).keyId).toBe(a);
    }
    // The sealed key of one with the data key of another.
    await owner.query(
      'update signing_key set wrapped_data_key = (select wrapped_data_key from signing_key where id = $2) where id = $1',
      [one!.id, other!.id],
    );
    await expect(freshStore().signerFor(one!.id)).rejects.toMatchObject(isUnreadable);
  });

  it('cannot change a byte of a sealed key unnoticed', async () => {
    const [key] = await activeKeys();
    for (const column of ['sealed_private_key', 'wrapped_data_key'])
      for (const at of [0, 1, 13, 30, 59]) {
        const flip = (): Promise<unknown> =>
          owner.query(
            `update signing_key set ${column} = set_byte(${column}, $2, get_byte(${column}, $2) # 1) where id = $1`,
            [key!.id, at],
          );
        await flip();
        await expect(freshStore().signerFor(key!.id)).rejects.toMatchObject(isUnreadable);
        await flip();
      }
    expect((await freshStore().signerFor(key!.id)).keyId).toBe(key!.id);
  });

  it('cannot take back a theft or a retirement, give a key away, or put another public key in its place', async () => {
    const [key] = await activeKeys();
    const id = key!.id;
    await owner.query("update signing_key set retired_at = '2026-11-01T00:00:00Z' where id = $1", [id]);
    await new ReportCompromise(world.worker).run({
      organisationId: world.structure.id,
      keyIds: [id],
      since: new Date('2026-10-01T00:00:00Z'),
      by: 'cli',
    });
    const jwk = JSON.stringify(jwkOf(generateKeyPairSync('ed25519').publicKey));
    for (const change of [
      'retired_at = null',
      'retired_at = now()',
      'compromised_since = null, compromise_recorded_at = null',
      'compromised_since = now()',
      "compromised_since = '2026-10-01T00:00:01Z'",
      'compromise_recorded_at = now()',
      'issuer_id = gen_random_uuid()',
      `public_jwk = '${jwk}'`,
      "public_multibase = 'z6Mk'",
      "created_at = created_at - interval '1 day'",
      "id = 'ed-0000000000000000'",
    ])
      for (const write of [(sql: string) => owner.query(sql), (sql: string) => world.worker.query(sql)])
        await expect(write(`update signing_key set ${change} where id = '${id}'`)).rejects.toThrow(
          /signing key|theft was told/,
        );
    await owner.query("update signing_key set compromised_since = '2026-09-01T00:00:00Z' where id = $1", [
      id,
    ]);
    await expect(freshStore().signerFor(id)).rejects.toMatchObject({ code: 'signing_key_unavailable' });
  });

  it('cannot make a key appear that the audit chain does not know by its hash', async () => {
    const keys = await activeKeys();
    const events: { subject: { keyId: string; publicJwkSha256: string } }[] = await world.worker.query(
      "select subject from audit_event where action = 'key.created'",
    );
    expect(new Map(events.map(({ subject }) => [subject.keyId, subject.publicJwkSha256]))).toEqual(
      new Map(keys.map(({ id, publicJwk }) => [id, sha256(canonicalJson(publicJwk)).toString('hex')])),
    );
  });
});

describe('issuing again, while badges are taken back', () => {
  let world: IssuanceWorld;
  beforeEach(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterEach(() => world?.close());

  it.each<[string, (row: { id: string; public_id: string }) => Partial<StatusChangeRequest>]>([
    ['named by their address', ({ public_id }) => ({ publicIds: [public_id] })],
    ['named by the credential that is being replaced', ({ id }) => ({ credentialIds: [id] })],
  ])('never leaves a revoked badge in force, nor fails: %s', async (_, naming) => {
    const organisationId = world.structure.id;
    const { awardIds, outboxIds } = await aPlannedRoom(world, 24);
    for (const id of outboxIds) await world.signCredentials.run(id);
    const rows: { id: string; public_id: string; award_id: string }[] = await world.api.query(
      'select id, public_id, award_id from credential order by id',
    );
    const keyIds = Object.values(await new PublicKeys(world.api).active(organisationId)).map(({ id }) => id);
    await new ReportCompromise(world.worker).run({ organisationId, keyIds, since: new Date(0), by: 'cli' });
    const revoked = rows.filter((_row, i) => i % 2 === 0);
    const revoke = async (row: (typeof rows)[number], wait: number): Promise<void> => {
      await world.api.query('select pg_sleep($1)', [wait]);
      await new ChangeStatus(world.api).run({
        organisationId,
        ...naming(row),
        change: 'revoke',
        reasonClass: 'fraud',
        by: 'cli',
      });
    };
    const again = async (): Promise<void> => {
      const plan = await new ReissueCredentials(world.api).run({
        organisationId,
        origin,
        all: false,
        by: 'cli',
      });
      for (const id of plan.outboxIds) await world.signCredentials.run(id);
    };
    const results = await Promise.allSettled([
      again(),
      ...revoked.map((row, i) => revoke(row, (i * 0.4) / revoked.length)),
    ]);
    expect(
      results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
    ).toEqual([]);
    const inForce: { award_id: string }[] = await world.api.query(
      `select distinct c.award_id from credential c join status_entry e on e.credential_id = c.id
       where c.state in ('signed', 'planned') and e.state = 'active'`,
    );
    const wanted = awardIds.filter((id) => !revoked.some((row) => row.award_id === id));
    expect(inForce.map(({ award_id }) => award_id).sort()).toEqual(wanted.sort());
  });

  it('revokes the badge also when it is named by a credential whose place was taken before', async () => {
    const organisationId = world.structure.id;
    const { outboxIds } = await aPlannedRoom(world, 3);
    for (const id of outboxIds) await world.signCredentials.run(id);
    const old: { id: string; public_id: string }[] = await world.api.query(
      'select id, public_id from credential order by id',
    );
    const keyIds = Object.values(await new PublicKeys(world.api).active(organisationId)).map(({ id }) => id);
    await new ReportCompromise(world.worker).run({ organisationId, keyIds, since: new Date(0), by: 'cli' });
    const plan = await new ReissueCredentials(world.api).run({
      ...{ organisationId, origin, all: false, by: 'cli' },
    });
    for (const id of plan.outboxIds) await world.signCredentials.run(id);
    const change = { organisationId, reasonClass: 'fraud' as const, by: 'cli' };
    const changing = new ChangeStatus(world.api);

    // What is said of the credential alone stays with it.
    await expect(
      changing.run({ ...change, change: 'suspend', credentialIds: [old[0]!.id] }),
    ).rejects.toMatchObject({ code: 'credential_revoked' });
    const told = await changing.run({ ...change, change: 'revoke', credentialIds: [old[0]!.id] });
    expect(told.map(({ publicId, isChanged }) => [publicId, isChanged])).toEqual([
      [old[0]!.public_id, false],
      [old[0]!.public_id, true],
    ]);
    await new RevokeBadges(world.api).run({ ...change, credentialIds: [old[1]!.id] });
    const inForce: { public_id: string }[] = await world.api.query(
      `select c.public_id from credential c join status_entry e on e.credential_id = c.id
       where c.state in ('signed', 'planned') and e.state = 'active'`,
    );
    expect(inForce.map((row) => row.public_id)).toEqual([old[2]!.public_id]);
    expect(await changing.run({ ...change, change: 'revoke', credentialIds: [old[0]!.id] })).toEqual([
      expect.objectContaining({ isChanged: false }),
      expect.objectContaining({ isChanged: false }),
    ]);
  });
});
