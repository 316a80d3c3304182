import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type KeyService,
  openKeyService,
  openPrivateKey,
  rewrapPrivateKey,
  SecretKeyService,
  sealPrivateKey,
} from '#signing';
import { describeWith } from '../support/describe-with.js';
import { SoftHsm } from '../support/soft-hsm.js';

const context = { keyId: 'ed-1', issuerId: '0190-a' };

describeWith('softhsm', 'a PKCS#11 token as key service', () => {
  let token: SoftHsm;
  let service: KeyService;
  const { privateKey } = generateKeyPairSync('ed25519');
  beforeAll(() => {
    token = new SoftHsm();
    service = openKeyService(token.spec(), token.environment);
  }, 60_000);
  afterAll(() => token?.remove());

  it('wraps with the public key and unwraps inside the token', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    expect(sealed.keyService).toBe('pkcs11:token=insigne;object=master');
    expect((await openPrivateKey(sealed, context, [service])).equals(privateKey)).toBe(true);
    const again = openKeyService(token.spec(), token.environment);
    expect((await openPrivateKey(sealed, context, [again])).equals(privateKey)).toBe(true);
  }, 60_000);

  it('binds a wrapped key to its key and issuer', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    for (const other of [
      { ...context, keyId: 'ed-2' },
      { ...context, issuerId: '0190-b' },
    ])
      await expect(service.unwrap(sealed.wrappedDataKey!, other)).rejects.toThrow('Wrapped for another key');
  }, 60_000);

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
  }, 60_000);

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
      expect(error).toMatchObject({ code: 'key_service_unavailable' });
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
  }, 60_000);
});
