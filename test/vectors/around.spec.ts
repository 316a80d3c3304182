import { createPublicKey } from 'node:crypto';
import { sha256Hex } from '#platform';
import { type JsonObject, multikeyOf, signVcJwt } from '#signing';
import { type BadgeOptions, type BadgeReport, verifyBadge } from '#verification';
import { anEndorsement } from './statements.js';
import {
  aBadge,
  aList,
  anAchievement,
  answer,
  aSubject,
  aWeb,
  issuerDid,
  keys,
  listUrl,
  now,
  origin,
  otherDid,
  rsaKid,
  signed,
  signedJwt,
} from './world.js';

const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
const verify = async (
  input: string | object,
  changes: Record<string, unknown> = {},
  given: Partial<BadgeOptions> = {},
): Promise<BadgeReport> => verifyBadge(input, { fetcher: await aWeb(changes), now, ...given });

const bySouth = { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` };
const south = { id: otherDid, type: ['Profile'], name: 'Structure du Sud' };
const didKey = `did:key:${multikeyOf(createPublicKey(keys.ed))}`;

describe('who the issuer is', () => {
  it('is a domain, whatever name is written', async () => {
    const report = await verify(await signed());
    expect([report.verdict, answer(report, 'identity')]).toEqual(['authentic', 'passed identity_domain']);
    expect(report.identity).toEqual({ source: 'domain', domain: 'badges.example' });
  });

  it('is an organisation of this installation, under its name in the register', async () => {
    const knownIssuers = async (id: string) => (id === issuerDid ? { name: 'Nord, du registre' } : undefined);
    const report = await verify(await signed(), {}, { knownIssuers });
    expect(report.identity).toEqual({
      source: 'register',
      name: 'Nord, du registre',
      domain: 'badges.example',
    });
    expect(answer(report, 'identity')).toBe('passed identity_registered');
  });

  it('is nobody known behind a bare key, though the signature fits and a fine name is written', async () => {
    const issuer = { id: didKey, type: ['Profile'], name: 'Université de Paris' };
    const badge = plain(
      await signed(plain(aBadge({ issuer, credentialStatus: undefined })), {
        verificationMethod: `${didKey}#${didKey.slice(8)}`,
      }),
    );
    const report = await verify(badge);
    expect(answer(report, 'proof')).toBe('passed signature_fits');
    expect([report.verdict, answer(report, 'identity')]).toEqual([
      'cannot_check',
      'unknown identity_bare_key',
    ]);
    const vouched = await verify(badge, {}, { knownIssuers: async () => ({ name: 'Atelier' }) });
    expect(vouched.verdict).toBe('authentic');
  });

  it('is not said at all when the signature does not fit', async () => {
    const report = await verify({ ...(await signed()), name: 'Autre' });
    expect(report.identity).toBeUndefined();
    expect(answer(report, 'identity')).toBeUndefined();
  });
});

describe('whose badge it is', () => {
  const identifier = (given: JsonObject) => [{ type: 'IdentityObject', hashed: false, ...given }];
  const badgeOf = (given: JsonObject) =>
    signed(aBadge({ credentialSubject: aSubject({ identifier: identifier(given) }) }));
  const hashOf = (value: string) => `sha256$${sha256Hex(`${value}pepper`)}`;
  const hashed = (identityType: string, value: string) =>
    badgeOf({ hashed: true, identityType, identityHash: hashOf(value), salt: 'pepper' });

  it.each(['Amina TESTARD', 'amina testard', 'TESTARD Amina', ' Amina  Testard '])(
    'knows a hashed name however it is spelt: %p',
    async (name) => {
      const report = await verify(await hashed('name', 'Amina TESTARD'), {}, { recipient: { name } });
      expect([report.verdict, answer(report, 'recipient')]).toEqual([
        'authentic',
        'passed recipient_matches',
      ]);
      expect(report.subject?.name).toBeUndefined();
    },
  );

  it('is not another person’s', async () => {
    const report = await verify(await hashed('name', 'Amina TESTARD'), {}, { recipient: { name: 'Kévin' } });
    expect([report.verdict, answer(report, 'recipient')]).toEqual(['cannot_check', 'failed recipient_other']);
  });

  it('compares the type before the value, and fails if one of two fails', async () => {
    const badge = await hashed('emailAddress', 'amina@learner.example');
    const ask = async (recipient: BadgeOptions['recipient']) =>
      answer(await verify(badge, {}, { recipient }), 'recipient');
    expect(await ask({ email: 'amina@learner.example' })).toBe('passed recipient_matches');
    expect(await ask({ name: 'amina@learner.example' })).toBe('unknown recipient_not_named');
    expect(await ask({ name: 'Amina', email: 'other@learner.example' })).toBe('failed recipient_other');
  });

  it('does not let an e-mail answer for the name, and says which of two was not compared', async () => {
    const recipient = { name: 'Kévin', email: 'amina@learner.example' };
    const byEmail = await verify(await hashed('emailAddress', recipient.email), {}, { recipient });
    expect([byEmail.verdict, answer(byEmail, 'recipient')]).toEqual([
      'cannot_check',
      'unknown recipient_name_absent',
    ]);
    const byName = await verify(await hashed('name', recipient.name), {}, { recipient });
    expect([byName.verdict, answer(byName, 'recipient')]).toEqual([
      'authentic',
      'passed recipient_email_absent',
    ]);
    expect(byName.notChecked.map(({ en }) => en).join()).toContain('Whether the e-mail given is');
  });

  it('shows a plain name and does not trust md5', async () => {
    const report = await verify(
      await badgeOf({ identityType: 'name', identityHash: 'Amina Testard' }),
      {},
      { recipient: { name: 'AMINA TESTARD' } },
    );
    expect([report.verdict, report.subject?.name]).toEqual(['authentic', 'Amina Testard']);
    const weak = await badgeOf({ hashed: true, identityType: 'name', identityHash: `md5$${'a'.repeat(32)}` });
    expect(answer(await verify(weak, {}, { recipient: { name: 'A' } }), 'recipient')).toBe(
      'unknown recipient_weak_hash',
    );
  });

  it('says that it was not asked', async () => {
    const report = await verify(await signed());
    expect(answer(report, 'recipient')).toBeUndefined();
    expect(report.notChecked.map(({ en }) => en)).toContain(
      'Whose badge it is: no name or address was given to compare.',
    );
    expect(report.notProven.length).toBeGreaterThan(0);
  });
});

describe('endorsements', () => {
  const endorsement = async (
    target: unknown,
    sign = bySouth as Parameters<typeof signed>[1],
    given: JsonObject = {},
  ) =>
    plain(
      await signed(
        plain(
          anEndorsement({
            issuer: south,
            credentialStatus: undefined,
            credentialSubject: { id: target, type: ['EndorsementSubject'], endorsementComment: 'Sérieux.' },
            ...given,
          }),
        ),
        sign,
      ),
    );
  const endorsed = async (one: unknown) => signed(aBadge({ endorsement: [one] }));

  it('are told with who endorses what', async () => {
    const report = await verify(await endorsed(await endorsement(aBadge().id)));
    expect([report.verdict, answer(report, 'endorsements')]).toEqual([
      'authentic',
      'passed endorsements_sound',
    ]);
    expect(report.endorsements).toMatchObject([
      {
        of: 'credential',
        by: { id: otherDid, name: 'Structure du Sud' },
        identity: { source: 'domain' },
        comment: 'Sérieux.',
        verdict: 'authentic',
      },
    ]);
  });

  it('are found on the achievement and the issuer, and as JWT', async () => {
    const achievement = anAchievement({ endorsement: [await endorsement(anAchievement().id)] });
    const issuer = { ...(aBadge().issuer as object), endorsement: [await endorsement(issuerDid)] };
    const jwt = signVcJwt({
      credential: plain(
        anEndorsement({
          credentialStatus: undefined,
          credentialSubject: { id: aBadge().id, type: ['EndorsementSubject'] },
        }),
      ),
      privateKey: keys.rsa,
      kid: rsaKid,
    });
    const badge = aBadge({ issuer, credentialSubject: aSubject({ achievement }), endorsementJwt: [jwt] });
    const report = await verify(signedJwt(badge));
    expect(report.endorsements?.map(({ of, verdict }) => [of, verdict])).toEqual([
      ['credential', 'authentic'],
      ['achievement', 'authentic'],
      ['issuer', 'authentic'],
    ]);
    expect(report.verdict).toBe('authentic');
  });

  it('that are false, about something else, over, or away are told, and the badge stands', async () => {
    const genuine = await endorsement(aBadge().id);
    const cases: [unknown, string, string][] = [
      [{ ...genuine, name: 'Autre' }, 'failed endorsement_broken', 'signature_wrong'],
      [await endorsement('urn:uuid:other'), 'failed endorsement_broken', 'endorsement_of_another'],
      [await endorsement(aBadge().id, {}), 'failed endorsement_broken', 'key_of_another_issuer'],
      [
        await endorsement(aBadge().id, bySouth, { validUntil: '2026-11-21T00:00:00Z' }),
        'failed endorsement_not_standing',
        'expired',
      ],
    ];
    for (const [one, check, code] of cases) {
      const report = await verify(await endorsed(one));
      expect([report.verdict, answer(report, 'endorsements'), report.endorsements?.[0]?.code]).toEqual([
        'authentic',
        check,
        code,
      ]);
    }
    const away = await verify(await endorsed(genuine), { [`${origin}/issuers/south/did.json`]: undefined });
    expect([away.verdict, answer(away, 'endorsements')]).toEqual([
      'authentic',
      'unknown endorsement_cannot_check',
    ]);
  });

  it('are checked up to ten', async () => {
    const genuine = await endorsement(aBadge().id);
    const badge = signedJwt(aBadge({ endorsement: Array.from({ length: 11 }, () => genuine) }));
    const report = await verify(badge);
    expect(report.endorsements).toHaveLength(10);
    expect(answer(report, 'endorsements')).toBe('unknown endorsements_too_many');
  });
});

describe('refreshing', () => {
  const service = `${origin}/refresh/a`;
  const refreshable = (given: JsonObject = {}) =>
    signed(aBadge({ refreshService: { id: service, type: '1EdTechCredentialRefresh' }, ...given }));
  const newer = (given: JsonObject = {}) => refreshable({ validFrom: '2026-11-21T09:30:00Z', ...given });

  it('takes a newer one of the same id and issuer in its place, once', async () => {
    const fetcher = await aWeb({ [service]: await newer({ name: 'Nouveau' }) });
    const report = await verify(await refreshable(), {}, { fetcher });
    expect([report.verdict, answer(report, 'refresh'), report.credential?.name]).toEqual([
      'authentic',
      'passed refresh_newer',
      'Nouveau',
    ]);
    expect(fetcher.asked.filter((url) => url === service)).toHaveLength(1);
    expect(answer(await verify(await refreshable(), { [service]: await refreshable() }), 'refresh')).toBe(
      'passed refresh_current',
    );
  });

  it('does not verify again what says the very same, in whichever form and whoever secured it', async () => {
    const badge = await refreshable();
    const { proof: _proof, ...content } = badge;
    for (const same of [signedJwt(content), content]) {
      const report = await verify(badge, { [service]: same });
      expect([report.verdict, answer(report, 'refresh')]).toEqual(['authentic', 'passed refresh_current']);
    }
    const report = await verify(badge, { [service]: { ...content, name: 'Autre' } });
    expect(answer(report, 'refresh')).toBe('failed refresh_refused');
  });

  it('takes nothing that is another badge or not signed, and stands while it is away', async () => {
    const others = [
      await newer({ id: `${origin}/b/0000000000000000000000000b` }),
      { ...(await newer()), name: 'Autre' },
      await signed(aBadge({ issuer: south, validFrom: '2026-11-21T09:30:00Z' }), bySouth),
    ];
    for (const other of others) {
      const report = await verify(await refreshable(), { [service]: other });
      expect([report.verdict, answer(report, 'refresh'), report.credential?.name]).toEqual([
        'authentic',
        'failed refresh_refused',
        'Envoyer un courriel',
      ]);
    }
    expect(answer(await verify(await refreshable()), 'refresh')).toBe('unknown refresh_unreachable');
  });

  it('does not hide that the newer one is withdrawn', async () => {
    const web = { [service]: await newer(), [listUrl]: await aList({ revoked: [4711] }) };
    expect((await verify(await refreshable(), web)).verdict).toBe('withdrawn');
  });
});
