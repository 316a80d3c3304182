import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretRefused } from './errors.js';
import { createMasterKey, masterKeyOf, readMasterKey, readPassphrase } from './master-key.js';
import { forgetKeySecrets, openKeyService, openKeyServices } from './open-key-service.js';

const folder = mkdtempSync(join(tmpdir(), 'insigne master '));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (content: string, mode = 0o600): string => {
  const path = join(folder, `${randomBytes(4).toString('hex')} secret`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};
const random = (): string => randomBytes(32).toString('base64');
const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    if (!(error instanceof SecretRefused)) return String(error);
    expect(error.text.fr).not.toBe(error.text.en);
    return error.code;
  }
  return undefined;
};

describe('the master key', () => {
  it('is made once, for its owner only, and read back', () => {
    const path = join(folder, 'made');
    const made = createMasterKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readMasterKey(path).equals(made)).toBe(true);
    expect(codeOf(() => createMasterKey(path))).toBe('master_key_exists');
    expect(readMasterKey(path).equals(made)).toBe(true);
  });

  it.each([0o644, 0o640, 0o604, 0o660, 0o666, 0o755])('is refused when others can reach it (%o)', (mode) => {
    expect(codeOf(() => readMasterKey(file(random(), mode)))).toBe('master_key_readable_by_others');
    expect(codeOf(() => readPassphrase(file('lune verte sous la table 47', mode)))).toBe(
      'master_key_readable_by_others',
    );
  });

  it.each([
    ['an empty file', '', 'master_key_wrong_length'],
    ['31 bytes', randomBytes(31).toString('base64'), 'master_key_wrong_length'],
    ['33 bytes', randomBytes(33).toString('base64'), 'master_key_wrong_length'],
    ['hexadecimal', randomBytes(32).toString('hex'), 'master_key_wrong_length'],
    ['zeros', Buffer.alloc(32).toString('base64'), 'master_key_weak'],
    ['a repeated pattern', Buffer.alloc(32, '0123456789').toString('base64'), 'master_key_weak'],
    [
      'a counter that nobody published',
      Buffer.from(Array.from({ length: 32 }, (_, i) => i + 7)).toString('base64'),
      'master_key_weak',
    ],
    [
      'a typed sentence',
      Buffer.from('please change me before use 1234').toString('base64'),
      'master_key_weak',
    ],
    ['a default word', 'changeme', 'master_key_weak'],
    [
      'the published counter',
      Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64'),
      'master_key_published',
    ],
    [
      'a published seed',
      Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString(
        'base64',
      ),
      'master_key_published',
    ],
  ])('is refused when it is %s', (_, content, code) => {
    expect(codeOf(() => readMasterKey(file(content)))).toBe(code);
    expect(codeOf(() => masterKeyOf(content, 'INSIGNE_MASTER_SECRET'))).toBe(code);
  });

  it('is refused when there is no file', () => {
    expect(codeOf(() => readMasterKey(join(folder, 'nowhere')))).toBe('master_key_missing');
  });

  it('is told apart from its content in every refusal', () => {
    const almost = randomBytes(31).toString('base64');
    try {
      readMasterKey(file(almost));
    } catch (error) {
      expect(String(error)).not.toContain(almost);
    }
  });
});

describe('a passphrase file', () => {
  it.each([
    ['', 'master_key_wrong_length'],
    ['   \n', 'master_key_wrong_length'],
    ['nineteen characters', 'master_key_wrong_length'],
    ['changeme', 'master_key_weak'],
    ['ChangeMe-ChangeMe-ChangeMe-2026', 'master_key_weak'],
    ['mot de passe secret insigne', 'master_key_weak'],
    ['00000000000000000000000000000000', 'master_key_weak'],
    ['abababababababababababababab', 'master_key_weak'],
    ['correct horse battery staple', 'master_key_published'],
    ['Correct Horse Battery Staple', 'master_key_published'],
    ['z1AeiPT496wWmo9BG2QYXeTusgFSZPNG3T9wNeTtjrQ3rCB', 'master_key_published'],
    ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'master_key_published'],
  ])('is refused when it holds "%s"', (content, code) => {
    expect(codeOf(() => readPassphrase(file(content)))).toBe(code);
  });

  it('is read without the white space around it', () => {
    expect(readPassphrase(file('  lune verte sous la table 47\n')).toString()).toBe(
      'lune verte sous la table 47',
    );
  });
});

describe('the setting of the key service', () => {
  it('opens each kind by its name', () => {
    const named = (spec: string, environment = {}): object => openKeyService(spec, environment).describe();
    const secret = random();
    expect(named(`file:${file(secret)}`)).toMatchObject({ kind: 'file' });
    expect(named(`passphrase:${file('lune verte sous la table 47')}`)).toEqual({
      kind: 'passphrase',
      id: 'passphrase',
    });
    expect(named('env:INSIGNE_MASTER_SECRET', { INSIGNE_MASTER_SECRET: secret })).toMatchObject({
      kind: 'environment',
    });
    const arn = 'arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' };
    expect(named(arn, credentials)).toEqual({ kind: 'aws-kms', id: `aws-kms:${arn}` });
    const token = `pkcs11:token=insigne;object=master?module-path=/usr/lib/x.so&pin-source=${file('428193')}`;
    expect(named(token)).toEqual({ kind: 'pkcs11', id: 'pkcs11:token=insigne;object=master' });
  });

  it('names several, the first to wrap and the others to open, also with spaces in their paths', () => {
    const [one, other] = [file(random()), file(random())];
    const services = openKeyServices(` file:${one} | file:${other}`, {});
    expect(services.map((service) => service.describe().id)).toEqual(
      [one, other].map((path) => openKeyService(`file:${path}`, {}).describe().id),
    );
    expect(new Set(services.map((service) => service.describe().id)).size).toBe(2);
  });

  it('gives the same key the same name wherever it lies, so that it can be moved', () => {
    const secret = random();
    expect(openKeyService(`file:${file(secret)}`, {}).describe().id).toBe(
      openKeyService('env:X', { X: secret }).describe().id,
    );
  });

  it.each([
    '',
    '   ',
    '|',
    'changeme',
    'vault:x',
    'arn:aws:kms:eu-west-3:1:key/x',
    'arn:aws:s3:::bucket',
    'pkcs11:token=insigne?module-path=/x.so',
    'pkcs11:token=a;object=b?module-path=/x.so&pin-source=/nowhere&x-hash=md5',
  ])('is refused when it says "%s", in both languages', (setting) => {
    expect(() => openKeyServices(setting, { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'b' })).toThrow(
      expect.objectContaining({
        code: 'key_service_unknown',
        text: { fr: expect.any(String), en: expect.any(String) },
      }),
    );
  });

  it('is refused when a variable is missing, a PIN is published or its file is open to others', () => {
    expect(codeOf(() => openKeyService('env:NOWHERE', {}))).toBe('master_key_wrong_length');
    expect(() => openKeyService('arn:aws:kms:eu-west-3:111122223333:key/a', {})).toThrow(/AWS_ACCESS_KEY_ID/);
    const token = (pin: string): string => `pkcs11:token=a;object=b?module-path=/x.so&pin-source=${pin}`;
    expect(codeOf(() => openKeyService(token(file('')), {}))).toBe('master_key_wrong_length');
    expect(codeOf(() => openKeyService(token(file('428193', 0o644)), {}))).toBe(
      'master_key_readable_by_others',
    );
  });

  it('is forgotten by the process with the other secrets of key services, and nothing else is', () => {
    const kept = { PATH: '/usr/bin', DATABASE_URL: 'postgres://x', SOFTHSM2_CONF: '/conf' };
    const environment: Record<string, string | undefined> = {
      ...kept,
      INSIGNE_MASTER_SECRET: random(),
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: random(),
      AWS_SESSION_TOKEN: random(),
    };
    forgetKeySecrets(environment);
    expect(environment).toEqual(kept);
    expect(Object.keys(environment)).toHaveLength(3);
  });
});
