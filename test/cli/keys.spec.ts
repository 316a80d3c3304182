import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublishBadge, PublishStatusLists, SignCredentials } from '#badges';
import { sha256 } from '#platform';
import { KeyStore, openKeyServices } from '#signing';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import {
  anIssuanceWorld,
  anotherStructure,
  aPlannedRoom,
  type IssuanceWorld,
  origin,
} from '../support/issuance-world.js';
import { KeyInstance } from '../support/key-instance.js';

describe('insigne keys', () => {
  let world: IssuanceWorld;
  let instance: KeyInstance;
  const secret = (name: string, content: string): string => {
    const file = join(instance.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  beforeAll(async () => {
    world = await anIssuanceWorld();
    instance = new KeyInstance(world, origin, {});
    instance.environment = {
      INSIGNE_KEY_SERVICE: `passphrase:${secret('passphrase', 'lune verte sous la table 47')}`,
    };
  }, 120_000);
  afterAll(async () => {
    instance?.remove();
    await world?.close();
  });

  const storeNow = (): KeyStore =>
    new KeyStore(world.worker, openKeyServices(instance.environment.INSIGNE_KEY_SERVICE!, {}));
  const signRoom = async (size: number): Promise<string[]> => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, size);
    await sign(outboxIds);
    return awardIds;
  };
  const sign = async (outboxIds: string[]): Promise<void> => {
    const store = storeNow();
    const lists = new PublishStatusLists(world.worker, store, origin);
    const signer = new SignCredentials(world.worker, store, new CredentialGate(), lists, origin);
    for (const id of outboxIds) await signer.run(id);
  };

  /** As a person reads them: those that count now, oldest first. */
  const signedBadges = (): Promise<{ awardId: string; badge: string; address: string; signedAt: Date }[]> =>
    world.api.query(
      `select a.id as "awardId", a.badge_code as badge, $1 || '/b/' || c.public_id as address, c.signed_at as "signedAt"
       from credential c join award a on a.id = c.award_id where c.state = 'signed' order by c.signed_at, c.id`,
      [origin],
    );
  const actorsOf = async (action: string): Promise<string[]> =>
    (
      await world.worker.query('select distinct actor from audit_event where action = $1 order by actor', [
        action,
      ])
    ).map(({ actor }: { actor: string }) => actor);

  it('says how it is used, and refuses what it does not understand', async () => {
    expect((await instance.keys('melt')).code).toBe(64);
    expect((await instance.keys('create')).code).toBe(64);
    expect((await instance.keys('compromise', '--key', 'x', '--since', 'yesterday')).code).toBe(64);
    expect((await instance.keys('compromise', '--since', '2026-01-01')).code).toBe(64);
    const unknown = await instance.keys('rewrap', '--to', 'vault:x');
    expect([unknown.code, unknown.output]).toEqual([1, expect.stringContaining('file:PATH')]);
  }, 120_000);

  it('makes the first keys in a ceremony, whose transcript stands in the audit chain', async () => {
    expect((await instance.keys('create', '--by', 'Odile FICTIVE', '--dry-run')).code).toBe(0);
    expect((await instance.keys('list', '--json')).json).toMatchObject({ keys: [] });
    const { code, json } = await instance.keys(
      'create',
      '--by',
      'Odile FICTIVE',
      '--witness',
      'Jean EXEMPLE',
      '--json',
    );
    expect(code).toBe(0);
    const { keys, transcript } = json as unknown as {
      keys: { id: string }[];
      transcript: { file: string; sha256: string };
    };
    const text = readFileSync(transcript.file, 'utf8');
    expect(sha256(text).toString('hex')).toBe(transcript.sha256);
    for (const part of [
      'Odile FICTIVE',
      'Jean EXEMPLE',
      'Insigne ',
      'passphrase',
      ...keys.map(({ id }) => id),
    ])
      expect(text).toContain(part);
    expect(text.match(/SHA-256 \(SPKI\): [0-9a-f]{64}/g)).toHaveLength(2);
    const events: { subject: Record<string, string> }[] = await world.worker.query(
      "select subject from audit_event where action = 'key.created'",
    );
    expect(events.map(({ subject }) => subject.ceremonySha256)).toEqual([
      transcript.sha256,
      transcript.sha256,
    ]);
    expect(JSON.stringify(events)).not.toContain('FICTIVE');
    expect(await actorsOf('key.created')).toEqual(['cli']);
  }, 120_000);

  it('holds no second ceremony over active keys, and leaves no transcript of one', async () => {
    const again = await instance.keys('create', '--by', 'Odile FICTIVE');
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('insigne keys rotate')]);
    expect(readdirSync(join(instance.folder, 'ceremonies'))).toHaveLength(1);
  }, 120_000);

  it('rotates, lists and retires', async () => {
    await signRoom(2);
    const before = (await instance.keys('list', '--json')).json as unknown as {
      keys: { id: string; badges: number }[];
    };
    expect(before.keys.map(({ badges }) => badges)).toEqual([2, 2]);
    const young = await instance.keys('rotate', '--older-than', '1', '--json');
    expect(young.json).toEqual({ rotated: [] });
    const dry = await instance.keys('rotate', '--dry-run', '--json');
    expect((dry.json as unknown as { due: object[] }).due).toHaveLength(2);
    const named = await instance.keys('rotate', '--by', 'Odile');
    expect([named.code, named.output]).toEqual([64, expect.stringMatching(/--by ?: .*Odile/)]);
    const { json } = await instance.keys('rotate', '--by', 'adm-2', '--json');
    expect(await actorsOf('key.rotated')).toEqual(['cli:adm-2']);
    expect(
      (json as unknown as { rotated: { retired: string }[] }).rotated.map(({ retired }) => retired).sort(),
    ).toEqual(before.keys.map(({ id }) => id).sort());
    await signRoom(1);
    const after = (await instance.keys('list', '--json')).json as unknown as {
      keys: { id: string; state: string; badges: number }[];
    };
    expect(after.keys.map(({ state, badges }) => `${state} ${badges}`).sort()).toEqual([
      'active 1',
      'active 1',
      'retired 2',
      'retired 2',
    ]);
    const active = after.keys.find(({ state, id }) => state === 'active' && id.startsWith('ed'))!.id;
    expect((await instance.keys('retire', '--key', active, '--dry-run', '--json')).json).toEqual({
      key: active,
      isChanged: true,
    });
    expect((await instance.keys('retire', '--key', active, '--json')).json).toEqual({
      key: active,
      isChanged: true,
    });
    expect((await instance.keys('retire', '--key', active, '--json')).json).toEqual({
      key: active,
      isChanged: false,
    });
    expect((await instance.keys('retire', '--key', 'ed-0000000000000000')).code).toBe(1);
  }, 240_000);

  it('moves every key to another service, which alone opens them then', async () => {
    const target = `file:${secret('master key', randomBytes(32).toString('base64'))}`;
    // As the archive gives a key back: its public half alone, and first in the order of the keys.
    await world.worker.query(
      `insert into signing_key (id, issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key, created_at, retired_at)
       select 'ed-0000000000000000', gen_random_uuid(), algorithm, public_jwk, public_multibase, ''::bytea, '2026-01-01', now()
       from signing_key where algorithm = 'Ed25519' limit 1`,
    );
    const dry = await instance.keys('rewrap', '--to', target, '--dry-run', '--json');
    expect(dry.json).toMatchObject({ moved: 4, there: 0, publicOnly: 1 });
    expect((await instance.keys('rewrap', '--to', target, '--json')).json).toMatchObject({
      moved: 4,
      there: 0,
      publicOnly: 1,
    });
    const told = await instance.keys('rewrap', '--to', target);
    expect(told.output).toMatch(/1 (clés n’ont que leur partie publique|keys have their public half only)/);
    expect((await instance.keys('rewrap', '--to', target, '--json')).json).toMatchObject({
      moved: 0,
      there: 4,
    });
    await expect(storeNow().canOpenKeys()).rejects.toMatchObject({ code: 'sealed_key_unreadable' });
    instance.environment.INSIGNE_KEY_SERVICE = target;
    await expect(storeNow().canOpenKeys()).resolves.toBe(true);
    await signRoom(1);
  }, 240_000);

  it('reports a theft after a dry run that changes nothing, and issues the badges again', async () => {
    const args = ['compromise', '--every-key', '--since', '2026-01-01'];
    const badges = await signedBadges();
    const last = badges.at(-1)!;
    await new PublishBadge(world.api).publish(last.awardId, { withName: false, by: 'test' });
    const dry = await instance.keys(...args, '--dry-run', '--json');
    expect(dry.json).toMatchObject({ isDryRun: true, counts: { badges: 4, rejected: 4, rejectedShared: 1 } });
    expect(dry.json.badges).toEqual(
      badges.map(({ signedAt, ...one }) =>
        expect.objectContaining({ ...one, isRejected: true, isShared: one.awardId === last.awardId }),
      ),
    );

    const [heading, first, ...others] = (await instance.keys(...args, '--dry-run')).output.split('\n');
    expect(heading).toBe('No longer authentic:');
    const line = [last.address, last.badge, last.signedAt.toISOString(), 'shown', last.awardId].join('\t');
    expect(first).toBe(`  ${line}`);
    for (const { address } of badges.slice(0, -1))
      expect(others).toContainEqual(expect.stringMatching(new RegExp(`^  ${address}\t.*\tnever shown\t`)));
    expect(others.join('\n')).not.toContain('Stay authentic');

    // Stolen in the second in which the last one was signed: those before it stay good, and are named apart.
    const since = new Date(Math.floor(last.signedAt.getTime() / 1000) * 1000);
    const late = ['keys', 'compromise', '--every-key', '--since', since.toISOString(), '--dry-run'];
    const fr = await instance.run([...late, '--organisation', world.structure.slug], {
      LC_ALL: 'fr_FR.UTF-8',
    });
    const [gone, kept] = fr.output.split('Restent authentiques, avec une note :\n');
    expect(gone).toMatch(new RegExp(`^Ne sont plus authentiques :\n  ${last.address}\t.*\tmontré\t`));
    expect(kept).toContain(badges[0]!.address);
    for (const { address, signedAt } of badges) {
      expect(gone!.includes(address)).toBe(signedAt >= since);
      expect(kept!.includes(address)).toBe(signedAt < since);
    }
    const states = async (): Promise<string[]> =>
      ((await instance.keys('list', '--json')).json as unknown as { keys: { state: string }[] }).keys.map(
        ({ state }) => state,
      );
    expect(await states()).not.toContain('compromised');
    const told = await instance.keys(...args, '--by', 'adm-3');
    expect(await actorsOf('key.compromised')).toEqual(['cli:adm-3']);
    expect([told.code, told.output]).toEqual([0, expect.stringContaining('4 badges signed since the theft')]);
    expect(new Set(await states())).toEqual(new Set(['compromised']));
    expect((await instance.keys('reissue', '--dry-run', '--json')).json).toMatchObject({ planned: 4 });
    expect((await instance.keys('reissue', '--json')).json).toMatchObject({
      planned: 4,
      statements: { planned: 0, waiting: 0, left: 0 },
      isServed: false,
    });
    const rows: { id: string }[] = await world.api.query('select id from outbox where done_at is null');
    await sign(rows.map(({ id }) => id));
    const [{ signed, superseded }]: [{ signed: number; superseded: number }] = await world.api.query(
      `select count(*) filter (where state = 'signed')::int as signed,
              count(*) filter (where state = 'superseded')::int as superseded from credential`,
    );
    expect({ signed, superseded }).toEqual({ signed: 4, superseded: 4 });
  }, 240_000);

  it('lets keys that the worker made ahead give way to those of a ceremony, until one has signed', async () => {
    const other = await anotherStructure(world, 'ahead');
    const ceremony = (...args: string[]) =>
      instance.run([
        'keys',
        'create',
        '--by',
        'Odile FICTIVE',
        '--organisation',
        other.structure.slug,
        ...args,
      ]);
    const states = async (): Promise<string[]> => {
      const { json } = await instance.run(['keys', 'list', '--organisation', other.structure.slug, '--json']);
      return (json as unknown as { keys: { id: string; state: string }[] }).keys.map(
        ({ id, state }) => `${state} ${id}`,
      );
    };
    const { Ed25519, RS256 } = await storeNow().ensureKeys(other.structure.id);
    const ready = [Ed25519.id, RS256.id];
    const dry = await ceremony('--dry-run', '--json');
    expect([dry.code, dry.json]).toEqual([0, expect.objectContaining({ active: [], replaces: ready })]);
    expect(await states()).toEqual(expect.arrayContaining(ready.map((id) => `active ${id}`)));
    const { code, json } = await ceremony('--json', '--by', 'ADM-4');
    expect(code).toBe(0);
    expect(await actorsOf('key.created')).toContain('cli:adm-4');
    const held = json as unknown as { keys: { id: string }[]; transcript: { file: string } };
    expect(readFileSync(held.transcript.file, 'utf8')).toContain(`never used: ${ready.join(', ')}`);
    expect((await states()).sort()).toEqual(
      [...held.keys.map(({ id }) => `active ${id}`), ...ready.map((id) => `retired ${id}`)].sort(),
    );
    const told: { subject: { keyId: string } }[] = await world.worker.query(
      "select subject from audit_event where action = 'key.retired' and subject->>'issuerId' = $1",
      [other.structure.id],
    );
    expect(told.map(({ subject }) => subject.keyId).sort()).toEqual(ready.sort());

    const used = await anotherStructure(world, 'used');
    await storeNow().ensureKeys(used.structure.id);
    await sign((await aPlannedRoom(used, 1)).outboxIds);
    const late = await instance.run(['keys', 'create', '--by', 'X', '--organisation', used.structure.slug]);
    expect([late.code, late.output]).toEqual([1, expect.stringContaining('insigne keys rotate')]);
  }, 120_000);

  it('makes no master key beside a key service that was chosen', () => {
    expect(existsSync(join(instance.folder, 'secrets', 'master.key'))).toBe(false);
  });
});
