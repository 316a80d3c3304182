import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublishBadge } from '#badges';
import { KeyStore, openKeyServices, PublicKeys } from '#signing';
import {
  anIssuanceWorld,
  anotherSigner,
  aPlannedRoom,
  type IssuanceWorld,
  origin,
} from '../support/issuance-world.js';
import { KeyInstance } from '../support/key-instance.js';

const french = { LANG: 'fr_FR.UTF-8' };
const unknownKey = 'ed-0000000000000000';

describe('insigne keys, misused', () => {
  let world: IssuanceWorld;
  let instance: KeyInstance;
  let key: string;
  let slug: string;
  let isFrench = false;
  beforeAll(async () => {
    world = await anIssuanceWorld();
    instance = new KeyInstance(world, origin, {});
    const passphrase = join(instance.folder, 'passphrase');
    writeFileSync(passphrase, 'lune verte sous la table 47', { mode: 0o600 });
    instance.environment = { INSIGNE_KEY_SERVICE: `passphrase:${passphrase}` };
    const keyStore = new KeyStore(
      world.worker,
      openKeyServices(instance.environment.INSIGNE_KEY_SERVICE!, {}),
    );
    const { outboxIds, awardIds } = await aPlannedRoom(world, 2);
    await anotherSigner({ ...world, keyStore }).run(outboxIds[0]!);
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    key = (await new PublicKeys(world.api).active(world.structure.id)).Ed25519!.id;
    slug = world.structure.slug;
  }, 120_000);
  afterAll(async () => {
    instance?.remove();
    await world?.close();
  });

  /** Everything that a key command could change. */
  const everything = async (): Promise<string> => {
    const digest = createHash('sha256');
    for (const [table, order] of [
      ['signing_key', 'id'],
      ['credential', 'id'],
      ['status_entry', 'credential_id'],
      ['outbox', 'id'],
      ['audit_event', 'id'],
    ]) {
      const rows = await world.worker.query(`select * from ${table} order by ${order}`);
      digest.update(JSON.stringify(rows));
    }
    return digest.digest('hex');
  };
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

  it.each<[string, 1 | 64, () => string[], RegExp, RegExp]>([
    ['an unknown verb', 64, () => ['melt'], /insigne keys list\|create/, /insigne keys list\|create/],
    ['no verb', 64, () => [], /insigne keys list\|create/, /insigne keys list\|create/],
    [
      'an unknown organisation',
      1,
      () => ['list', '--organisation', 'nobody'],
      /Aucune organisation « nobody »/,
      /No organisation "nobody"/,
    ],
    ['an unknown option', 64, () => ['rotate', '--force', '--organisation', slug], /--force/, /--force/],
    [
      'a key without its option',
      64,
      () => ['retire', key, '--organisation', slug],
      /n’est pas compris/,
      /is not understood/,
    ],
    [
      'retiring nothing',
      64,
      () => ['retire', '--organisation', slug],
      /Il manque --key/,
      /--key ID is missing/,
    ],
    [
      'retiring an unknown key',
      1,
      () => ['retire', '--key', unknownKey, '--dry-run', '--organisation', slug],
      /n’a pas de clé « ed-0{16} »/,
      /has no key "ed-0{16}"/,
    ],
    [
      'a ceremony that nobody holds',
      64,
      () => ['create', '--organisation', slug],
      /Il manque --by/,
      /--by NAME is missing/,
    ],
    [
      'a rotation of keys older than soon',
      64,
      () => ['rotate', '--older-than', 'soon', '--organisation', slug],
      /nombre entier de jours/,
      /whole number of days/,
    ],
    [
      'a theft without a date',
      64,
      () => ['compromise', '--key', key, '--organisation', slug],
      /Il manque --since/,
      /--since .* is missing/,
    ],
    [
      'a theft of no key',
      64,
      () => ['compromise', '--since', '2026-01-01', '--organisation', slug],
      /Il manque --key/,
      /--every-key is missing/,
    ],
    [
      'a theft of one key and of all',
      64,
      () => ['compromise', '--since', '2026-01-01', '--key', key, '--every-key', '--organisation', slug],
      /--key ID… ou --every-key/,
      /--key ID… or --every-key/,
    ],
    [
      'a theft of an unknown key',
      1,
      () => ['compromise', '--since', '2026-01-01', '--key', unknownKey, '--organisation', slug],
      /n’a pas de clé/,
      /has no key/,
    ],
    [
      'a theft to come',
      1,
      () => ['compromise', '--since', tomorrow, '--key', key, '--organisation', slug],
      /dans l’avenir/,
      /in the future/,
    ],
    ...['yesterday', '2026-02-30', '2026-11-31T10:00:00Z', '2026-11-22T08:00:00'].map(
      (date): [string, 64, () => string[], RegExp, RegExp] => [
        `a theft of ${date}`,
        64,
        () => ['compromise', '--since', date, '--key', key, '--organisation', slug],
        /--since : un instant avec son fuseau/,
        /--since: an instant with its zone/,
      ],
    ),
    [
      'another service that is not understood',
      1,
      () => ['rewrap', '--to', 'vault:x', '--organisation', slug],
      /écrivez file:CHEMIN/,
      /write file:PATH/,
    ],
    [
      'no other service',
      64,
      () => ['rewrap', '--organisation', slug],
      /Il manque --to/,
      /--to SERVICE is missing/,
    ],
  ])(
    'with %s is refused in a sentence of the reader’s language, and nothing is changed',
    async (...given) => {
      const [, code, args, fr, en] = given;
      const before = await everything();
      // In turn, so that both languages are seen without starting everything twice.
      isFrench = !isFrench;
      const refused = await instance.run(['keys', ...args()], isFrench ? french : {});
      expect(refused.code).toBe(code);
      expect(refused.output).toMatch(isFrench ? fr : en);
      expect(refused.output).not.toMatch(/^\s+at /m);
      expect(await everything()).toBe(before);
    },
    240_000,
  );

  it('without a service that opens the keys tells so, and leaves no transcript', async () => {
    const before = await everything();
    const { code, output } = await instance.run(
      ['keys', 'rewrap', '--to', 'file:/nowhere', '--organisation', slug],
      french,
    );
    expect([code, output]).toEqual([1, expect.stringContaining('/nowhere')]);
    expect(await everything()).toBe(before);
    expect(existsSync(join(instance.folder, 'ceremonies'))).toBe(false);
    expect(readdirSync(instance.folder)).not.toContain('master.key');
  }, 120_000);

  it('tells a theft by badge before anything is changed, in the reader’s language', async () => {
    const before = await everything();
    const args = [
      'keys',
      'compromise',
      '--since',
      '2026-01-01',
      '--key',
      key,
      '--dry-run',
      '--organisation',
      slug,
    ];
    const [inFrench, inEnglish] = await Promise.all([instance.run(args, french), instance.run(args)]);
    expect([inFrench.code, inEnglish.code]).toEqual([0, 0]);
    expect(inFrench.output).toContain(
      '2 badges signés depuis le vol ne sont plus authentiques, dont 1 montrés',
    );
    expect(inFrench.output).toContain('Essai : rien n’a été changé.');
    expect(inEnglish.output).toContain(
      '2 badges signed since the theft are no longer authentic, of which 1 are',
    );
    expect(inEnglish.output).toContain('Dry run: nothing was changed.');
    // One line a badge: address, which badge, when it was signed, shown or not, award.
    const lines = inEnglish.output.split('\n').filter((line) => line.split('\t').length === 5);
    expect(lines).toHaveLength(2);
    expect(lines.map((line) => line.split('\t')[1])).toEqual(['B-CE-1', 'B-CE-1']);
    expect(lines.map((line) => line.split('\t')[3])).toEqual(['shown', 'never shown']);
    expect(await everything()).toBe(before);
  }, 120_000);
});
