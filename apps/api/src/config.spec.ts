import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readApiConfig } from './config.js';

describe('the environment of the api', () => {
  const folder = mkdtempSync(join(tmpdir(), 'insigne-config-'));
  const secretOf = (content: string): string => {
    const file = join(folder, `secret ${content.length}`);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const environment = {
    DATABASE_URL: 'postgres://insigne_api@localhost/insigne',
    INSIGNE_ORIGIN: 'https://badges.example.org',
    INSIGNE_TOKEN_SECRET_FILE: secretOf(randomBytes(32).toString('base64')),
  };
  const proxies = (text?: string) =>
    readApiConfig({ ...environment, INSIGNE_TRUSTED_PROXIES: text }).trustedProxies;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('believes a proxy on this machine alone, unless others are named', () => {
    expect(readApiConfig(environment).trustedProxies).toEqual(['loopback']);
    expect(proxies('loopback, 10.0.0.0/8 2001:db8::/32,192.0.2.7')).toEqual([
      'loopback',
      '10.0.0.0/8',
      '2001:db8::/32',
      '192.0.2.7',
    ]);
  });

  it.each(['0', '4180', '65535'])('listens on port %s', (PORT) => {
    expect(readApiConfig({ ...environment, PORT }).PORT).toBe(Number(PORT));
  });

  it.each(['65536', '99999', '-1', '80.5', '8O', ''])('refuses the port %j, and says which exist', (PORT) => {
    expect(() => readApiConfig({ ...environment, PORT })).toThrow(/\/PORT.*0 to 65535/);
  });

  it.each([
    'https://a.example/',
    'https://a.example?x',
    'https://a.example#x',
    'https://a b',
    'https://me@a.example',
    'a.example',
    'ftp://a.example',
  ])('refuses %s as its own address, and names the variable', (INSIGNE_ORIGIN) => {
    expect(() => readApiConfig({ ...environment, INSIGNE_ORIGIN })).toThrow(/INSIGNE_ORIGIN/);
  });

  it.each([
    'everybody',
    '10.0.0.0/33',
    '10.0.0',
    '10.0.0.0/8/9',
    '::1/129',
    '10.0.0.0/',
    'proxy.example.org',
  ])('refuses to believe %s, and names the variable', (wrong) => {
    expect(() => proxies(wrong)).toThrow(/INSIGNE_TRUSTED_PROXIES.*10\.0\.0\.0\/8/);
  });
});
