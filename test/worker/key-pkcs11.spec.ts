import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type KeyService,
  KeyStore,
  openKeyService,
  openKeyServices,
  openPrivateKey,
  PublicKeys,
  rewrapPrivateKey,
  SecretKeyService,
  sealPrivateKey,
} from '#signing';
import { describeWith } from '../support/describe-with.js';
import {
  anIssuanceWorld,
  anotherSigner,
  aPlannedRoom,
  type IssuanceWorld,
  origin,
} from '../support/issuance-world.js';
import { KeyInstance } from '../support/key-instance.js';
import { eventually, ServiceProcess } from '../support/service-process.js';
import { SoftHsm } from '../support/soft-hsm.js';

const context = { keyId: 'ed-1', issuerId: '0190-a' };

describeWith('softhsm', 'a PKCS#11 token as key service', () => {
  let token: SoftHsm;
  let service: KeyService;
  const { privateKey } = generateKeyPairSync('ed25519');
  beforeAll(() => {
    token = new SoftHsm();
    service = openKeyService(token.spec(), token.environment);
  }, 200_000);
  afterAll(() => token?.remove());

  it('wraps with the public key and unwraps inside the token', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    expect(sealed.keyService).toBe('pkcs11:token=insigne;object=master');
    expect((await openPrivateKey(sealed, context, [service])).equals(privateKey)).toBe(true);
    const again = openKeyService(token.spec(), token.environment);
    expect((await openPrivateKey(sealed, context, [again])).equals(privateKey)).toBe(true);
  }, 200_000);

  it('binds a wrapped key to its key and issuer', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    for (const other of [
      { ...context, keyId: 'ed-2' },
      { ...context, issuerId: '0190-b' },
    ])
      await expect(service.unwrap(sealed.wrappedDataKey!, other)).rejects.toThrow('Wrapped for another key');
  }, 200_000);

  it('takes over from a file and gives back', async () => {
    const file = new SecretKeyService(createSecretKey(randomBytes(32)));
    const moved = await rewrapPrivateKey(
      await sealPrivateKey(privateKey, context, file),
      context,
      [file],
      service,
    );
    const back = await rewrapPrivateKey(moved, context, [service], file);
    expect((await openPrivateKey(back, context, [file])).equals(privateKey)).toBe(true);
  }, 200_000);

  it('says what is wrong, and not the PIN, with a wrong PIN, an unknown key or changed bytes', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    const wrongPin = join(token.folder, 'wrong pin');
    writeFileSync(wrongPin, '271828', { mode: 0o600 });
    const refusals = [
      [openKeyService(token.spec({ pinFile: wrongPin }), token.environment), sealed.wrappedDataKey!],
      [openKeyService(token.spec({ id: '%77' }), token.environment), sealed.wrappedDataKey!],
      [service, Buffer.concat([sealed.wrappedDataKey!.subarray(0, 2), randomBytes(256)])],
    ] as const;
    for (const [one, wrapped] of refusals) {
      const error: unknown = await one.unwrap(wrapped, context).catch((refusal: unknown) => refusal);
      const code = one === refusals[0][0] ? 'key_service_pin_refused' : 'key_service_unavailable';
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toMatch(new RegExp(`271828|${token.pin}`));
    }
    chmodSync(wrongPin, 0o644);
    expect(() => openKeyService(token.spec({ pinFile: wrongPin }), token.environment)).toThrow(/chmod 600/);
  }, 120_000);

  it('shows its PIN on no command line while it works', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    const lines = new Set<string>();
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
          try {
            const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
            if (line.includes('pkcs11-tool')) lines.add(line);
          } catch {
            // It has ended.
          }
        await sleep(1);
      }
    })();
    for (let i = 0; i < 3; i += 1) await openPrivateKey(sealed, context, [service]);
    isOver = true;
    await watching;
    expect(lines.size).toBeGreaterThan(0);
    expect([...lines].join()).not.toContain(token.pin);
  }, 200_000);
});

describeWith('softhsm', 'a structure whose keys are in a token', () => {
  let token: SoftHsm;
  let world: IssuanceWorld;
  let instance: KeyInstance;
  beforeAll(async () => {
    token = new SoftHsm();
    world = await anIssuanceWorld();
    instance = new KeyInstance(world, origin, { ...token.environment, INSIGNE_KEY_SERVICE: token.spec() });
  }, 120_000);
  afterAll(async () => {
    instance?.remove();
    await world?.close();
    token?.remove();
  });

  const sign = async (spec: string, environment = token.environment): Promise<string[]> => {
    const { outboxIds, awardIds } = await aPlannedRoom(world, 2);
    const keyStore = new KeyStore(world.worker, openKeyServices(spec, environment));
    await anotherSigner({ ...world, keyStore }).run(outboxIds[0]!);
    return awardIds;
  };
  const keysOf = async (awardIds: string[]): Promise<string[]> =>
    (
      await world.api.query(
        `select ed25519_key_id as id from credential where award_id = any($1) and state = 'signed'`,
        [awardIds],
      )
    ).map(({ id }: { id: string }) => id);
  const everything = async (): Promise<string> =>
    JSON.stringify([
      await world.worker.query('select * from signing_key order by id'),
      await world.api.query(`select count(*) from credential where state = 'signed'`),
    ]);
  const active = async () => (await new PublicKeys(world.api).active(world.structure.id)).Ed25519!.id;

  it('rotates them through the token: the next badge has a new key, and the old one still opens', async () => {
    expect((await instance.keys('create', '--by', 'Odile FICTIVE')).code).toBe(0);
    const before = await sign(token.spec());
    const first = await active();
    const { code, json } = await instance.keys('rotate', '--json');
    expect([code, json.rotated]).toMatchObject([
      0,
      [{ algorithm: 'Ed25519', retired: first }, { algorithm: 'RS256' }],
    ]);
    const after = await sign(token.spec());
    expect(await keysOf(before)).toEqual([first, first]);
    expect(new Set(await keysOf(after))).toEqual(new Set([await active()]));
    expect(await active()).not.toBe(first);
    const fresh = new KeyStore(world.worker, openKeyServices(token.spec(), token.environment));
    expect((await fresh.signerFor(first)).keyId).toBe(first);
  }, 240_000);

  it('signs nothing with a wrong PIN, without the token or with a locked one, and says which it is', async () => {
    const wrongPin = join(token.folder, 'other pin');
    writeFileSync(wrongPin, '271828', { mode: 0o600 });
    // A software token never locks itself: here its tool answers as for one that has.
    const bin = join(token.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'pkcs11-tool'),
      '#!/bin/sh\necho "error: PKCS11 function C_Login failed: rv = CKR_PIN_LOCKED (0xa4)" >&2\nexit 1\n',
      { mode: 0o755 },
    );
    const { environment } = token;
    const locked = { ...environment, PATH: `${bin}:${environment.PATH}` };
    const gone = token.spec().replace('token=insigne', 'token=elsewhere');
    for (const [spec, given, fr, en] of [
      [token.spec({ pinFile: wrongPin }), environment, /n’est pas celui du jeton/, /not that of the token/],
      [gone, environment, /confiée à pkcs11:token=insigne/, /wrapped by pkcs11:token=insigne/],
      [token.spec(), locked, /PIN est verrouillé/, /PIN is locked/],
    ] as const) {
      const before = await everything();
      const refusal = await sign(spec, given).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: expect.stringMatching(/^(key_service_pin_refused|sealed_key_unreadable)$/),
        text: { fr: expect.stringMatching(fr), en: expect.stringMatching(en) },
      });
      expect(String((refusal as Error).message)).not.toMatch(new RegExp(`271828|${token.pin}`));
      expect(await everything()).toBe(before);
    }
    // The token that holds the keys is not plugged in: rotating needs it too.
    rmSync(join(token.folder, 'tokens'), { recursive: true });
    mkdirSync(join(token.folder, 'tokens'));
    const before = await everything();
    for (const [language, words] of [
      ['fr_FR.UTF-8', /le jeton n’est pas là.*Rien n’a été signé ni changé\./],
      ['C', /the token is not there.*Nothing was signed or changed\./],
    ] as const) {
      const { code, output } = await instance.run(
        ['keys', 'rotate', '--organisation', world.structure.slug],
        { LC_ALL: language },
      );
      expect([code, output]).toEqual([1, expect.stringMatching(words)]);
    }
    expect(await everything()).toBe(before);
  }, 240_000);
});

describeWith('softhsm', 'a worker that was given a wrong PIN', () => {
  let token: SoftHsm;
  let world: IssuanceWorld;
  let instance: KeyInstance;
  let tries: string;
  const workers: ServiceProcess[] = [];
  beforeAll(async () => {
    token = new SoftHsm();
    world = await anIssuanceWorld();
    instance = new KeyInstance(world, origin, { ...token.environment, INSIGNE_KEY_SERVICE: token.spec() });
    tries = join(token.folder, 'tries');
    const bin = join(token.folder, 'bin');
    mkdirSync(bin);
    // The tool itself, which also writes down each time that a PIN is offered.
    writeFileSync(
      join(bin, 'pkcs11-tool'),
      `#!/bin/sh\ncase " $* " in *" --login "*) echo try >>"${tries}" ;; esac\nPATH="\${PATH#*:}" exec pkcs11-tool "$@"\n`,
      { mode: 0o755 },
    );
    token.environment.PATH = `${bin}:${token.environment.PATH}`;
  }, 120_000);
  afterAll(async () => {
    for (const worker of workers) await worker.stop('SIGKILL');
    instance?.remove();
    await world?.close();
    token?.remove();
  });

  const aWorker = async (spec: string): Promise<ServiceProcess> => {
    writeFileSync(tries, '');
    const worker = await ServiceProcess.worker({
      databaseUrl: world.urls.workerUrl,
      origin,
      masterKeyFile: join(token.folder, 'nowhere'),
      environment: { ...token.environment, INSIGNE_KEY_SERVICE: spec },
    });
    workers.push(worker);
    return worker.ready();
  };
  const waiting = (): Promise<{ last_error: string | null }[]> =>
    world.api.query('select last_error from outbox where done_at is null and failed_at is null');
  const offered = (): number => readFileSync(tries, 'utf8').split('\n').length - 1;

  it('offers it once however much waits, says so, loses nothing, and signs it all once the PIN is right', async () => {
    expect((await instance.keys('create', '--by', 'Odile FICTIVE')).code).toBe(0);
    for (let i = 0; i < 6; i += 1) await aPlannedRoom(world, 1);
    const wrongPin = join(token.folder, 'wrong pin');
    writeFileSync(wrongPin, '271828', { mode: 0o600 });
    const wrong = await aWorker(token.spec({ pinFile: wrongPin }));
    const told = await eventually(waiting, (rows) => rows.every(({ last_error }) => last_error !== null));
    expect(told.map(({ last_error }) => last_error)).toEqual(
      Array(6).fill('KeyServicePinRefused key_service_pin_refused'),
    );
    expect(wrong.output).toMatch(/CKR_PIN_INCORRECT.*redémarrez ce programme.*restart this program/);
    expect(wrong.output).not.toMatch(new RegExp(`271828|${token.pin}`));
    await wrong.stop();
    expect(offered()).toBe(1);
    const right = await aWorker(token.spec());
    expect(await eventually(waiting, (rows) => rows.length === 0)).toEqual([]);
    await right.stop();
    const [{ signed }]: [{ signed: number }] = await world.api.query(
      `select count(*)::int as signed from credential where state = 'signed'`,
    );
    expect(signed).toBe(6);
    expect(offered()).toBeGreaterThan(0);
  }, 240_000);
});
