import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { KeyServiceUnavailable, SealedKeyUnreadable } from './errors.js';
import { firstFormat } from './first-format.spec-support.js';
import type { KeyContext, KeyService } from './key-service.js';
import { PassphraseKeyService } from './passphrase-key-service.js';
import { openPrivateKey, rewrapPrivateKey, type SealedKey, sealPrivateKey } from './sealing.js';
import { SecretKeyService } from './secret-key-service.js';

const aMaster = (): KeyObject => createSecretKey(randomBytes(32));
const master = aMaster();
const service = new SecretKeyService(master);
const { privateKey } = generateKeyPairSync('ed25519');
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const here: KeyContext = { keyId: 'ed-1', issuerId: '0190-a' };

const opens = async (key: SealedKey, context = here, services: KeyService[] = [service]): Promise<boolean> =>
  (await openPrivateKey(key, context, services)).equals(privateKey);

describe('sealing a private key', () => {
  it('opens to the same key with the same service and context', async () => {
    expect(await opens(await sealPrivateKey(privateKey, here, service))).toBe(true);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const sealed = await sealPrivateKey(rsa, here, service);
    expect((await openPrivateKey(sealed, here, [service])).equals(rsa)).toBe(true);
  });

  it('never seals to the same bytes twice and never shows the key', async () => {
    const first = await sealPrivateKey(privateKey, here, service);
    const second = await sealPrivateKey(privateKey, here, service);
    expect(first.sealed.equals(second.sealed)).toBe(false);
    expect(first.wrappedDataKey!.equals(second.wrappedDataKey!)).toBe(false);
    for (const bytes of [first.sealed, first.wrappedDataKey!]) {
      expect(bytes.includes(pkcs8.subarray(16))).toBe(false);
      expect(bytes.includes(master.export())).toBe(false);
    }
  });

  it('gives each key a data key of its own', async () => {
    const [one, other] = [
      await sealPrivateKey(privateKey, here, service),
      await sealPrivateKey(privateKey, here, service),
    ];
    await expect(opens({ ...one, wrappedDataKey: other.wrappedDataKey })).rejects.toThrow(
      SealedKeyUnreadable,
    );
  });

  it('opens under no other master key, in no other row and for no other issuer', async () => {
    const sealed = await sealPrivateKey(privateKey, here, service);
    await expect(opens(sealed, here, [new SecretKeyService(aMaster())])).rejects.toThrow(SealedKeyUnreadable);
    await expect(opens(sealed, { ...here, keyId: 'ed-2' })).rejects.toThrow(SealedKeyUnreadable);
    await expect(opens(sealed, { ...here, issuerId: '0190-b' })).rejects.toThrow(SealedKeyUnreadable);
    await expect(opens(sealed, here, [])).rejects.toThrow(SealedKeyUnreadable);
  });

  it('does not open after any byte changed, was cut off or added', async () => {
    const sealed = await sealPrivateKey(privateKey, here, service);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('sealed' as const, 'wrappedDataKey' as const),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('change', 'cut', 'add'),
        async (part, at, difference, how) => {
          let bytes = Buffer.from(sealed[part]!);
          if (how === 'change') bytes[at % bytes.length]! ^= difference;
          else if (how === 'cut') bytes = bytes.subarray(0, at % bytes.length);
          else bytes = Buffer.concat([bytes, Buffer.of(difference)]);
          await expect(opens({ ...sealed, [part]: bytes })).rejects.toThrow(SealedKeyUnreadable);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says which key and which service in its error, and nothing of their content', async () => {
    const sealed = await sealPrivateKey(privateKey, here, service);
    const error: unknown = await opens(sealed, here, []).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: 'sealed_key_unreadable', keyId: 'ed-1' });
    expect(String(error)).toContain(service.describe().id);
    expect(String(error)).not.toContain(master.export().toString('base64'));
  });

  it('passes on that a service is away, which is no proof that the key is lost', async () => {
    const away = new SecretKeyService(master);
    away.unwrap = () => Promise.reject(new KeyServiceUnavailable('secret:x', 'no answer'));
    const sealed = await sealPrivateKey(privateKey, here, service);
    await expect(opens(sealed, here, [away])).rejects.toThrow(KeyServiceUnavailable);
  });
});

describe('a row of the first format', () => {
  it('still opens with its master key, and with no other', async () => {
    expect(await opens(firstFormat('ed-1', master, privateKey))).toBe(true);
    await expect(opens(firstFormat('ed-1', aMaster(), privateKey))).rejects.toThrow(SealedKeyUnreadable);
    await expect(opens(firstFormat('ed-2', master, privateKey))).rejects.toThrow(SealedKeyUnreadable);
    await expect(
      opens({ ...firstFormat('ed-1', master, privateKey), sealed: Buffer.of(1, 2, 3) }),
    ).rejects.toThrow(SealedKeyUnreadable);
  });

  it('opens when its master key is the second of several services', async () => {
    const services = [new SecretKeyService(aMaster()), service];
    expect(await opens(firstFormat('ed-1', master, privateKey), here, services)).toBe(true);
  });

  it('becomes a row of the present format when it is wrapped anew', async () => {
    const target = new SecretKeyService(aMaster());
    const moved = await rewrapPrivateKey(firstFormat('ed-1', master, privateKey), here, [service], target);
    expect(moved.sealed[0]).toBe(2);
    expect(await opens(moved, here, [target])).toBe(true);
  });
});

describe('wrapping anew', () => {
  it('moves the data key to another service and leaves the sealed key as it is', async () => {
    const target = new SecretKeyService(aMaster());
    const sealed = await sealPrivateKey(privateKey, here, service);
    const moved = await rewrapPrivateKey(sealed, here, [service], target);
    expect(moved.sealed.equals(sealed.sealed)).toBe(true);
    expect(moved.keyService).toBe(target.describe().id);
    expect(await opens(moved, here, [target])).toBe(true);
    await expect(opens(moved, here, [service])).rejects.toThrow(SealedKeyUnreadable);
  });
});

describe('a passphrase', () => {
  const passphrase = (text = 'lune verte sous la table 47'): PassphraseKeyService =>
    new PassphraseKeyService(Buffer.from(text));

  it('opens in another process what it sealed in this one, and no other passphrase does', async () => {
    const sealed = await sealPrivateKey(privateKey, here, passphrase());
    expect(await opens(sealed, here, [passphrase()])).toBe(true);
    await expect(opens(sealed, here, [passphrase('lune verte sous la table 48')])).rejects.toThrow(
      SealedKeyUnreadable,
    );
  }, 60_000);

  it('keeps one salt in a process, that of what it opened first', async () => {
    const sealed = await sealPrivateKey(privateKey, here, passphrase());
    const later = passphrase();
    await opens(sealed, here, [later]);
    const next = await sealPrivateKey(privateKey, here, later);
    expect(next.wrappedDataKey!.subarray(2, 18)).toEqual(sealed.wrappedDataKey!.subarray(2, 18));
  }, 60_000);

  it('takes no cost from a row that would stop the machine or cost nothing', async () => {
    const sealed = await sealPrivateKey(privateKey, here, passphrase());
    for (const cost of [0, 9, 21, 255]) {
      const wrappedDataKey = Buffer.from(sealed.wrappedDataKey!);
      wrappedDataKey[1] = cost;
      await expect(opens({ ...sealed, wrappedDataKey }, here, [passphrase()])).rejects.toThrow(
        SealedKeyUnreadable,
      );
    }
  }, 60_000);

  it('is named by nothing that could be guessed from it', () => {
    expect(passphrase('a first passphrase of some length').describe()).toEqual(passphrase().describe());
  });
});
