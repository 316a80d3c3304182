import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { bakePng } from '#baking';
import {
  Bitstring,
  buildStatusListCredential,
  didDocument,
  didWebFor,
  jwkOf,
  multikeyOf,
  signVcJwt,
  signWithDataIntegrity,
  statusEntry,
} from '#signing';
import { aBadge, issuedAt, keys, now } from '../../../test/vectors/world.js';
import { runVerify } from './verify-command.js';

const folder = mkdtempSync(join(tmpdir(), 'insigne verify '));
const pages = new Map<string, unknown>();
let server: Server;
let origin: string;
let badge: Record<string, unknown>;

/** Runs the command and gives its exit code and what it wrote. */
async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runVerify(argv, {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    now,
  });
  return { code, out, err };
}
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const page = pages.get(request.url!);
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(typeof page === 'string' ? page : JSON.stringify(page ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const did = didWebFor(origin, 'north');
  const signing = { privateKey: keys.ed, verificationMethod: `${did}#ed-1`, created: issuedAt };
  const bits = Bitstring.ofLength();
  bits.set(9);
  const listId = `${origin}/status/1`;
  const unsigned = (index: number) =>
    aBadge({
      issuer: { id: did, type: ['Profile'], name: 'Nord' },
      credentialStatus: statusEntry({ list: listId, index }),
    });
  badge = await signWithDataIntegrity({ document: unsigned(8), ...signing });
  const record = { compromisedSince: null };
  pages.set(
    '/issuers/north/did.json',
    didDocument({
      did,
      keys: [
        {
          ...record,
          id: 'ed-1',
          algorithm: 'Ed25519',
          publicJwk: jwkOf(keys.ed),
          publicMultibase: multikeyOf(createPublicKey(keys.ed)),
        },
        { ...record, id: 'rsa-1', algorithm: 'RS256', publicJwk: jwkOf(keys.rsa), publicMultibase: null },
      ],
    }),
  );
  pages.set('/issuers/north/keys/rsa-1', jwkOf(keys.rsa));
  pages.set(
    '/status/1',
    await signWithDataIntegrity({
      document: buildStatusListCredential({ id: listId, issuer: did, bits, validFrom: issuedAt }),
      ...signing,
    }),
  );
  pages.set('/b/good', badge);
  pages.set('/b/withdrawn', await signWithDataIntegrity({ document: unsigned(9), ...signing }));
  pages.set(
    '/b/jwt',
    signVcJwt({ credential: unsigned(8), privateKey: keys.rsa, kid: `${origin}/issuers/north/keys/rsa-1` }),
  );
  // The schema is compiled once, which takes a while on a busy machine.
  await run(`${origin}/b/good`);
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('insigne verify', () => {
  it.each(['good', 'jwt'])('says authentic of /b/%s on this machine and exits with 0', async (name) => {
    const { code, out } = await run(`${origin}/b/${name}`, '--lang', 'fr');
    expect(out).toContain('✓ Badge authentique');
    expect(out.match(/✓ réussi/g)).toHaveLength(9);
    expect(out).toContain('Ce que nous n’avons pas vérifié :\n  - À qui est le badge');
    expect(out).toContain('Ce qu’un badge ne prouve pas :\n  - Que la personne qui montre');
    expect(code).toBe(0);
  });

  it('verifies a file, given the origin of the service that issued it', async () => {
    const { code, out } = await run(file('badge.json', badge), '--origin', origin, '--lang', 'en');
    expect(out).toContain('Signature    ✓ passed');
    expect(code).toBe(0);
  });

  it('cannot check the same file without that origin, and says so with 2', async () => {
    const { code, out } = await run(file('badge.json', badge), '--lang', 'en');
    expect(out).toContain('? Could not be checked now');
    expect(code).toBe(2);
  });

  it('exits with 1 for a withdrawn, an expired and a changed badge', async () => {
    expect((await run(`${origin}/b/withdrawn`)).code).toBe(1);
    const { code, out } = await run(
      file('changed.json', { ...badge, name: 'x' }),
      '--origin',
      origin,
      '--lang',
      'en',
    );
    expect(out).toContain('✗ failed');
    expect(code).toBe(1);
  });

  it('repeats no name of a false badge, in its words nor in JSON, and those of others does', async () => {
    const achievement = (badge.credentialSubject as { achievement: { name: string } }).achievement.name;
    const [issuer, title] = [(badge.issuer as { name: string }).name, badge.name as string];
    const forged = file('forged.json', { ...badge, description: 'x' });
    const good = file('badge.json', badge);
    for (const more of [[], ['--json']]) {
      const { code, out } = await run(forged, '--origin', origin, ...more);
      expect(code).toBe(1);
      for (const name of [achievement, issuer, title]) expect(out).not.toContain(name);
      expect(out).toContain((badge.issuer as { id: string }).id);
      expect((await run(good, '--origin', origin, ...more)).out).toContain(issuer);
    }
    expect((await run(good, '--origin', origin)).out).toContain(title);
  });

  it('says with 2 what is no badge, and what to give in its place', async () => {
    const words = await run(file('text.json', 'not a badge'), '--lang', 'en');
    expect([words.code, words.out]).toEqual([2, '']);
    expect(words.err).toContain('This is no badge: give its link');
    const paper = await run(file('certificate.pdf', '%PDF-1.7 …'), '--lang', 'fr');
    expect(paper.code).toBe(2);
    expect(paper.err).toContain('scannez le code imprimé sur le certificat');
    expect((await run(file('cut.json', JSON.stringify(badge).slice(0, -9)))).code).toBe(1);
  });

  it('takes a picture, a photo of a code, a folder and a list, and asks whose badge it is', async () => {
    const picture = bakePng(PNG.sync.write(new PNG({ width: 4, height: 4 })), JSON.stringify(badge), 'ob3');
    const inside = join(folder, 'many');
    mkdirSync(inside);
    writeFileSync(join(inside, '1.png'), picture);
    writeFileSync(join(inside, '2.png'), await QRCode.toBuffer(`${origin}/b/withdrawn`, { scale: 6 }));
    const list = file('list.txt', `${origin}/b/good\n${origin}/b/none\n`);
    expect((await run(join(inside, '1.png'), '--origin', origin)).code).toBe(0);
    expect((await run(join(inside, '1.png'), '--origin', origin, '--name', 'Personne Autre')).code).toBe(2);
    const { code, out } = await run(inside, '--list', list, '--origin', origin, '--lang', 'en');
    expect(out.split('\n').map((line) => line.slice(0, 11))).toEqual([
      '✓ Authentic',
      '✗ Badge wit',
      '✓ Authentic',
      '? no badge ',
      '',
    ]);
    expect(code).toBe(1);
  });

  it('writes JSON that programs can read', async () => {
    const { code, out, err } = await run(`${origin}/b/withdrawn`, '--json');
    const report = JSON.parse(out) as {
      verdict: string;
      checks: { name: string; outcome: string; code: string }[];
    };
    expect(report.verdict).toBe('withdrawn');
    expect(report).toMatchObject({
      subject: { id: expect.stringMatching(/^urn:uuid:/) },
      notChecked: [{ en: expect.stringContaining('no name or address was given') }],
      notProven: [0, 1, 2].map(() => ({ fr: expect.any(String), en: expect.any(String) })),
    });
    expect(report.checks.find(({ name }) => name === 'status')).toMatchObject({
      outcome: 'failed',
      code: 'revoked',
    });
    expect([code, err]).toEqual([1, '']);
  });

  describe('a set bit in a list of a service of this kind', () => {
    const place = { suspended: 9, revoked: 10, lifted: 11, over: 12 };
    let list: string;
    let badgeAt: (index: number) => string;
    beforeAll(async () => {
      list = `${origin}/status/${'0123456789abcdefghjkmnpqrs'}`;
      const did = didWebFor(origin, 'north');
      const signing = { privateKey: keys.ed, verificationMethod: `${did}#ed-1`, created: issuedAt };
      const bits = Bitstring.ofLength();
      for (const index of Object.values(place)) bits.set(index);
      const path = new URL(list).pathname;
      const document = buildStatusListCredential({ id: list, issuer: did, bits, validFrom: issuedAt });
      pages.set(path, await signWithDataIntegrity({ document, ...signing }));
      for (const index of Object.values(place))
        pages.set(
          `/b/place-${index}`,
          await signWithDataIntegrity({
            document: aBadge({
              issuer: { id: did, type: ['Profile'], name: 'Nord' },
              credentialStatus: statusEntry({ list, index }),
              ...(index === place.over && { validUntil: '2026-11-21T00:00:00Z' }),
            }),
            ...signing,
          }),
        );
      badgeAt = (index) => `${origin}/b/place-${index}`;
    });
    const publish = (content: unknown): void =>
      void pages.set(`${new URL(list).pathname}/suspended`, content);
    const told = async (index: number, language = 'fr') => {
      const { code, out } = await run(badgeAt(index), '--lang', language);
      return [code, out.split('\n')[0]];
    };

    it('is a suspension or a revocation as the issuer publishes, with an exit code of its own', async () => {
      publish({ suspended: [place.suspended, place.over], lifted: [place.lifted] });
      expect(await told(place.suspended)).toEqual([3, '✗ Badge suspendu par son émetteur']);
      expect(await told(place.suspended, 'en')).toEqual([3, '✗ Badge suspended by its issuer']);
      expect(await told(place.over)).toEqual([1, '✗ Badge suspendu par son émetteur']);
      expect(await told(place.revoked)).toEqual([1, '✗ Badge retiré par son émetteur']);
      expect(await told(place.lifted)).toEqual([2, '? Impossible à vérifier maintenant']);
    });

    it.each([
      ['does not answer', undefined],
      ['answers no JSON', '<html>'],
      ['answers something else', { suspended: 'all' }],
      ['names no places', { suspended: [{}], lifted: [] }],
    ])('is claimed to be neither when what the issuer publishes %s', async (_what, content) => {
      publish(content);
      for (const index of Object.values(place)) {
        expect(await told(index)).toEqual([1, '✗ Badge retiré ou suspendu par son émetteur']);
        expect(await told(index, 'en')).toEqual([1, '✗ Badge withdrawn or suspended by its issuer']);
      }
    });

    it('is told to programs by the code of the check', async () => {
      publish({ suspended: [place.suspended], lifted: [] });
      const { out } = await run(badgeAt(place.suspended), '--json');
      const { verdict, checks } = JSON.parse(out);
      expect(verdict).toBe('withdrawn');
      expect(checks).toContainEqual(
        expect.objectContaining({ name: 'status', outcome: 'failed', code: 'suspended' }),
      );
    });
  });

  it('exits with 2 when nothing public is at the address, or the address is not allowed', async () => {
    expect(await run(`${origin}/b/unknown`, '--lang', 'en')).toMatchObject({
      code: 2,
      err: expect.stringContaining('No public badge'),
    });
    const { code, out } = await run('https://169.254.169.254/latest', '--json');
    expect([code, JSON.parse(out).error]).toEqual([2, 'address_unreachable']);
  });

  it.each([
    ['nothing', []],
    ['an unknown option', ['a.json', '--force']],
    ['an unknown language', ['a.json', '--lang', 'de']],
    ['an origin with a path', ['a.json', '--origin', 'http://localhost:4180/x']],
    ['a file that is not there', [join(folder, 'absent.json')]],
    ['a list that is not there', ['--list', join(folder, 'absent.txt')]],
  ])('exits with 64 and one message for %s', async (_what, argv) => {
    const { code, out, err } = await run(...argv);
    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).not.toBe('');
  });
});
