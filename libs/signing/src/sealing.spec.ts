import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKeyRefused, SealedKeyUnreadable } from './errors.js';
import { createMasterKey, openPrivateKey, readMasterKey, sealPrivateKey } from './sealing.js';

const master = createSecretKey(randomBytes(32));
const { privateKey } = generateKeyPairSync('ed25519');
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });

describe('sealing a private key', () => {
  it('opens to the same key with the same master key and id', () => {
    expect(
      openPrivateKey(sealPrivateKey(privateKey, 'ed-1', master), 'ed-1', master).equals(privateKey),
    ).toBe(true);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(openPrivateKey(sealPrivateKey(rsa, 'rsa-1', master), 'rsa-1', master).equals(rsa)).toBe(true);
  });

  it('never seals to the same bytes twice and never shows the key', () => {
    const sealed = sealPrivateKey(privateKey, 'ed-1', master);
    expect(sealPrivateKey(privateKey, 'ed-1', master).equals(sealed)).toBe(false);
    expect(sealed.includes(pkcs8.subarray(16))).toBe(false);
    expect(sealed.includes(master.export())).toBe(false);
  });

  it('does not open under another master key, nor in another row', () => {
    const sealed = sealPrivateKey(privateKey, 'ed-1', master);
    expect(() => openPrivateKey(sealed, 'ed-1', createSecretKey(randomBytes(32)))).toThrow(
      SealedKeyUnreadable,
    );
    expect(() => openPrivateKey(sealed, 'ed-2', master)).toThrow(SealedKeyUnreadable);
  });

  it('does not open after any byte changed, was cut off or added', () => {
    const sealed = sealPrivateKey(privateKey, 'ed-1', master);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(() => openPrivateKey(changed, 'ed-1', master)).toThrow(SealedKeyUnreadable);
    }
    for (const other of [
      Buffer.alloc(0),
      sealed.subarray(0, 60),
      sealed.subarray(0, -1),
      Buffer.concat([sealed, Buffer.of(0)]),
    ])
      expect(() => openPrivateKey(other, 'ed-1', master)).toThrow(SealedKeyUnreadable);
  });

  it('says which key in its error and nothing of its content', () => {
    try {
      openPrivateKey(Buffer.alloc(200, 1), 'ed-1', master);
    } catch (error) {
      expect(error).toMatchObject({ code: 'sealed_key_unreadable', keyId: 'ed-1' });
      expect(String(error)).not.toContain(master.export().toString('base64'));
    }
  });
});

describe('the master key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'insigne master '));
  const file = (name: string, content: string, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const random = (): string => randomBytes(32).toString('base64');
  const codeOf = (action: () => unknown): string | undefined => {
    try {
      action();
    } catch (error) {
      return error instanceof MasterKeyRefused ? error.code : String(error);
    }
    return undefined;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made once, for its owner only, and read back', () => {
    const path = join(folder, 'made');
    const made = createMasterKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readMasterKey(path).equals(made)).toBe(true);
    expect(codeOf(() => createMasterKey(path))).toBe('master_key_exists');
    expect(readMasterKey(path).equals(made)).toBe(true);
  });

  it.each([0o644, 0o640, 0o604, 0o660, 0o666, 0o755])('is refused when others can reach it (%o)', (mode) => {
    expect(codeOf(() => readMasterKey(file(`mode-${mode}`, random(), mode)))).toBe(
      'master_key_readable_by_others',
    );
  });

  it.each([
    ['no file', undefined, 'master_key_missing'],
    ['an empty file', '', 'master_key_wrong_length'],
    ['31 bytes', randomBytes(31).toString('base64'), 'master_key_wrong_length'],
    ['33 bytes', randomBytes(33).toString('base64'), 'master_key_wrong_length'],
    ['hexadecimal', randomBytes(32).toString('hex'), 'master_key_wrong_length'],
    ['zeros', Buffer.alloc(32).toString('base64'), 'master_key_weak'],
    ['a repeated pattern', Buffer.alloc(32, '0123456789').toString('base64'), 'master_key_weak'],
    ['a counter', Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64'), 'master_key_weak'],
    [
      'a typed sentence',
      Buffer.from('please change me before use 1234').toString('base64'),
      'master_key_weak',
    ],
  ])('is refused when it is %s', (name, content, code) => {
    const path = content === undefined ? join(folder, 'nowhere') : file(name, content);
    expect(codeOf(() => readMasterKey(path))).toBe(code);
  });
});
