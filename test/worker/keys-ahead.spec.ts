import { randomUUID } from 'node:crypto';
import { MakeKeysAhead } from '#badges';
import { registerOrganisation } from '#people';
import { insertKey, KeyLifecycle, PublicKeys } from '#signing';
import { KeysAheadWorker } from '../../apps/worker/src/keys-ahead-worker.js';
import {
  anIssuanceWorld,
  anotherStructure,
  aPlannedRoom,
  type IssuanceWorld,
} from '../support/issuance-world.js';

describe('keys made before the first badge', () => {
  let world: IssuanceWorld;
  let ahead: MakeKeysAhead;
  beforeAll(async () => {
    world = await anIssuanceWorld();
    ahead = new MakeKeysAhead(world.worker, world.keyStore);
  });
  afterAll(() => world?.close());

  const keysOf = async (id: string): Promise<string[]> =>
    (await new PublicKeys(world.api).all(id)).map((key) => `${key.algorithm} ${key.id}`).sort();
  const everyKey = async (): Promise<number> => {
    const [{ keys }]: [{ keys: number }] = await world.worker.query(
      'select count(*)::int as keys from signing_key',
    );
    return keys;
  };
  const createdFor = async (id: string): Promise<{ actor: string }[]> =>
    world.worker.query(
      "select actor from audit_event where action = 'key.created' and subject->>'issuerId' = $1",
      [id],
    );
  const isEnough = async (): Promise<boolean> => (await ahead.run()) === undefined;

  it('are those of a structure, one pair at a time, each told to the audit, and then nothing is left to do', async () => {
    const other = (await anotherStructure(world, 'other')).structure;
    const made = [await ahead.run(), await ahead.run()];
    expect(made.sort()).toEqual([world.structure.id, other.id].sort());
    for (const id of made) {
      expect(await keysOf(id!)).toEqual([
        expect.stringMatching(/^Ed25519 ed-/),
        expect.stringMatching(/^RS256 rsa-/),
      ]);
      expect(await createdFor(id!)).toEqual([{ actor: 'worker' }, { actor: 'worker' }]);
    }
    expect(await isEnough()).toBe(true);
    // Programmes and regions issue nothing.
    expect(await everyKey()).toBe(4);
  }, 60_000);

  it('wait while something is to be signed, and the first badge makes its own', async () => {
    const busy = await anotherStructure(world, 'busy');
    const idle = await anotherStructure(world, 'idle');
    const { outboxIds } = await aPlannedRoom(busy, 1);
    expect(await isEnough()).toBe(true);
    await world.signCredentials.run(outboxIds[0]!);
    expect(await keysOf(busy.structure.id)).toHaveLength(2);
    expect(await keysOf(idle.structure.id)).toEqual([]);
    expect(await ahead.run()).toBe(idle.structure.id);
  }, 60_000);

  it('are not held up by a dead letter', async () => {
    const stuck = await anotherStructure(world, 'stuck');
    const { outboxIds } = await aPlannedRoom(stuck, 1);
    await world.worker.query(
      `update outbox set failed_at = now(), failure = '{"code": "x", "detail": {"fr": "x", "en": "x"}}' where id = $1`,
      [outboxIds[0]],
    );
    expect(await ahead.run()).toBe(stuck.structure.id);
    await world.signCredentials.run(outboxIds[0]!);
  }, 60_000);

  it('sign the first badge, which makes none', async () => {
    const ready = await anotherStructure(world, 'ready');
    expect(await ahead.run()).toBe(ready.structure.id);
    const before = await keysOf(ready.structure.id);
    const { outboxIds, awardIds } = await aPlannedRoom(ready, 1);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 1, refused: 0 });
    const [credential]: { ed25519_key_id: string; rs256_key_id: string }[] = await world.api.query(
      'select ed25519_key_id, rs256_key_id from credential where award_id = $1',
      [awardIds[0]],
    );
    expect([`Ed25519 ${credential!.ed25519_key_id}`, `RS256 ${credential!.rs256_key_id}`]).toEqual(before);
    expect(await keysOf(ready.structure.id)).toEqual(before);
  }, 60_000);

  it('are made once when many workers look at the same moment', async () => {
    const { id } = (await anotherStructure(world, 'once')).structure;
    await Promise.all(Array.from({ length: 4 }, () => new MakeKeysAhead(world.worker, world.keyStore).run()));
    expect(await keysOf(id)).toHaveLength(2);
    expect(await createdFor(id)).toHaveLength(2);
    expect(await isEnough()).toBe(true);
  }, 60_000);

  it('are completed where a worker was killed between the two', async () => {
    const { id } = (await anotherStructure(world, 'half')).structure;
    const first = await world.keyStore.prepareKey(id, 'Ed25519');
    await world.worker.transaction((tx) => insertKey(tx, first, { actor: 'worker', action: 'key.created' }));
    expect(await ahead.run()).toBe(id);
    expect(await keysOf(id)).toEqual([`Ed25519 ${first.key.id}`, expect.stringMatching(/^RS256 /)]);
  }, 60_000);

  it('are not made again after somebody retired one, nor for a structure that is closed', async () => {
    const { id } = (await anotherStructure(world, 'retired')).structure;
    const { Ed25519 } = await world.keyStore.ensureKeys(id);
    await new KeyLifecycle(world.worker, world.keyStore).retire(id, Ed25519.id, 'cli');
    const closed = await registerOrganisation(world.api.manager, {
      kind: 'structure',
      slug: `closed-${randomUUID().slice(0, 8)}`,
      legalName: 'Structure fermée',
      parentId: world.structure.parentId,
    });
    await world.api.query("update organisation set closed_on = '2026-01-01' where id = $1", [closed.id]);
    const before = await everyKey();
    expect(await isEnough()).toBe(true);
    expect(await everyKey()).toBe(before);
  }, 60_000);
});

describe('a worker that makes keys ahead', () => {
  afterEach(() => import.meta.jest.useRealTimers());

  it('rests a minute when the key service is away, instead of making keys that nobody wraps', async () => {
    import.meta.jest.useFakeTimers();
    let looks = 0;
    const worker = new KeysAheadWorker({
      run: async () => {
        looks += 1;
        throw new Error('key service away');
      },
    });
    worker.onApplicationBootstrap();
    await import.meta.jest.advanceTimersByTimeAsync(59_000);
    expect(looks).toBe(1);
    await import.meta.jest.advanceTimersByTimeAsync(3_000);
    expect(looks).toBe(2);
    await worker.onApplicationShutdown();
  });
});
