import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** SoftHSM's PKCS#11 library when it and the tools to use it are on this machine. */
export function softHsmModule(): string | undefined {
  const has = (name: string): boolean =>
    (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
  if (!has('softhsm2-util') || !has('pkcs11-tool')) return undefined;
  return [
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    '/usr/local/lib/softhsm/libsofthsm2.so',
    '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  ].find((file) => existsSync(file));
}

/** A software token with an RSA key pair that never leaves it, in a folder of its own. */
export class SoftHsm {
  readonly folder = mkdtempSync(join(tmpdir(), 'insigne-token-'));
  readonly pin = String(randomInt(100_000, 1_000_000));
  readonly environment: Record<string, string>;
  private readonly pinFile = join(this.folder, 'pin');

  constructor() {
    const tokens = join(this.folder, 'tokens');
    mkdirSync(tokens);
    const configuration = join(this.folder, 'softhsm2.conf');
    writeFileSync(
      configuration,
      `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
    );
    writeFileSync(this.pinFile, `${this.pin}\n`, { mode: 0o600 });
    const { PATH = '', HOME = '' } = process.env;
    this.environment = { PATH, HOME, SOFTHSM2_CONF: configuration };
    const init = ['--init-token', '--free', '--label', 'insigne', '--so-pin', '314159', '--pin', this.pin];
    execFileSync('softhsm2-util', init, { env: this.environment, stdio: 'pipe' });
    this.tool('--keypairgen', '--key-type', 'rsa:2048', '--label', 'master', '--id', '01', '--usage-decrypt');
  }

  /** The setting that names this token. */
  spec(given: { id?: string; pinFile?: string } = {}): string {
    const { id = '%01', pinFile = this.pinFile } = given;
    return `pkcs11:token=insigne;object=master;id=${id}?module-path=${softHsmModule()}&pin-source=${pinFile}&x-hash=sha1`;
  }

  tool(...args: string[]): void {
    const login = ['--module', softHsmModule()!, '--token-label', 'insigne', '--login', '--pin', 'env:PIN'];
    execFileSync('pkcs11-tool', [...login, ...args], {
      env: { ...this.environment, PIN: this.pin },
      stdio: 'pipe',
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
