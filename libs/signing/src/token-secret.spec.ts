import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretRefused } from './errors.js';
import { readSecretFile } from './secret-file.js';
import { readMetricsToken, readTokenSecret } from './token-secret.js';

const folder = mkdtempSync(join(tmpdir(), 'insigne token '));
afterAll(() => rmSync(folder, { recursive: true }));

const strong = randomBytes(32).toString('base64url');
const secret = (content = strong, mode = 0o600): string => {
  const file = join(folder, randomUUID());
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
};
const refusalOf = (read: () => unknown): SecretRefused => {
  try {
    read();
  } catch (error) {
    if (error instanceof SecretRefused) return error;
    throw error;
  }
  throw new Error('It was taken');
};

describe('the secret of access tokens', () => {
  it('is taken when it is random and only its owner can read it', () => {
    expect(readTokenSecret(secret(`${strong}\n`))).toBe(strong);
    expect(readTokenSecret(secret(strong, 0o400))).toBe(strong);
  });

  it.each([
    ['token_secret_wrong_length', ''],
    ['token_secret_wrong_length', randomBytes(23).toString('base64url')],
    ['token_secret_weak', 'changeme changeme changeme changeme'],
    ['token_secret_weak', 'a'.repeat(64)],
    ['token_secret_weak', '0123456789'.repeat(4)],
    ['token_secret_published', 'your-256-bit-secret'],
    ['token_secret_published', 'a-string-secret-at-least-256-bits-long'],
    ['token_secret_published', Buffer.from('a-string-secret-at-least-256-bits-long').toString('base64')],
  ])('is refused with %s: "%s"', (code, content) => {
    const file = secret(content);
    const { code: given, text } = refusalOf(() => readTokenSecret(file));
    expect(given).toBe(code);
    for (const words of [text.fr, text.en]) {
      expect(words).toContain(file);
      expect(words).toContain('openssl rand');
      if (content !== '') expect(words).not.toContain(content);
    }
  });

  it.each([0o644, 0o640, 0o604, 0o606, 0o660, 0o620, 0o602, 0o666, 0o777])(
    'is refused in its owner’s file of mode %o',
    (mode) => {
      const { code, text } = refusalOf(() => readTokenSecret(secret(strong, mode)));
      expect(code).toBe('token_secret_readable_by_others');
      expect([text.fr, text.en].join()).toContain(`0${mode.toString(8)}`);
    },
  );

  it('is told to be missing when the file is not there, or is a folder', () => {
    const path = join(folder, 'a folder');
    mkdirSync(path, { mode: 0o700 });
    for (const [file, why] of [
      [join(folder, 'nowhere'), 'ENOENT'],
      [path, 'EISDIR'],
    ] as const) {
      const { code, text } = refusalOf(() => readTokenSecret(file));
      expect([code, text.en]).toEqual(['token_secret_missing', expect.stringContaining(why)]);
    }
  });

  const asRoot = process.geteuid?.() === 0 ? it : it.skip;
  asRoot('may be another account’s file that this process’s group alone may read, never write', () => {
    const given = (mode: number, group: number): string => {
      const file = secret(strong, mode);
      chownSync(file, 1234, group);
      return file;
    };
    const ours = process.getegid!();
    expect(readSecretFile(given(0o440, ours))).toBe(strong);
    expect(readSecretFile(given(0o640, ours))).toBe(strong);
    for (const [mode, group] of [
      [0o460, ours],
      [0o444, ours],
      [0o441, ours],
      [0o440, 54_321],
    ] as const)
      expect(refusalOf(() => readSecretFile(given(mode, group))).code).toBe('master_key_readable_by_others');
  });
});

describe('a token that a setting names', () => {
  it('is refused when anybody could guess it, by the name of its variable', () => {
    const check = (token: string) => () => readMetricsToken(token);
    const strong = randomBytes(12).toString('hex');
    expect([readMetricsToken(strong), readMetricsToken(undefined)]).toEqual([strong, undefined]);
    for (const token of ['', 'short', 'changeme-changeme', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'your-256-bit-secret'])
      expect(refusalOf(check(token)).text.en).toContain('INSIGNE_METRICS_TOKEN');
  });
});
