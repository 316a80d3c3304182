import { bakePng, bakeSvg } from '#baking';
import { canonicalJson } from '#platform';
import type { JsonObject } from '#signing';
import { type BadgeReport, formatReport, isSuspended, type VerificationReport } from '#verification';
import {
  aBadgeClass,
  anAssertion,
  anEndorser,
  anOb2Endorsement,
  aProfile,
  aRevocationList,
  aSignedAssertion,
  aSignedEndorsement,
  assertionUrl,
  badgeUrl,
  email,
  endorsementUrl,
  endorserHost,
  endorserUrl,
  host,
  ob2Web,
  profileUrl,
  revocationsUrl,
  verifyOb2,
} from './ob2-world.js';
import { aPng } from './pictures.js';
import { answer, keys } from './world.js';

const wrong = ({ checks }: VerificationReport): string[] =>
  checks.filter(({ outcome }) => outcome !== 'passed').map(({ name, code }) => `${name} ${code}`);
const told = (report: VerificationReport): [string, string[]] => [report.verdict, wrong(report)];

describe('Open Badges 2.0, hosted', () => {
  it('is authentic when it stands at its address, and says by whom', async () => {
    const report = await verifyOb2(anAssertion());
    expect(told(report)).toEqual(['authentic', []]);
    expect(report.format?.name).toBe('ob2_hosted');
    expect(report.issuer).toEqual({ id: profileUrl, name: 'Structure de l’Est' });
    expect(report.identity).toEqual({ source: 'domain', domain: 'passport.example' });
  });

  it.each([
    ['hosted', anAssertion()],
    ['signed', aSignedAssertion()],
  ])('is called by the name of its BadgeClass: %s', async (_form, given) => {
    const report = await verifyOb2(given);
    expect(report.badgeClass).toEqual({
      id: badgeUrl,
      name: 'Envoyer un courriel',
      image: `${host}/badges/mail.png`,
      criteria: 'Envoie un message.',
    });
    expect(formatReport(report, 'fr').split('\n').slice(0, 3)).toEqual([
      '✓ Badge authentique',
      '  Badge : Envoyer un courriel',
      `  Émetteur annoncé : Structure de l’Est (${profileUrl})`,
    ]);
  });

  it('asks five addresses at most', async () => {
    const fetcher = ob2Web();
    await verifyOb2(anAssertion(), {}, { fetcher });
    expect(fetcher.asked).toEqual([assertionUrl, badgeUrl, profileUrl]);
  });

  it('is withdrawn when its address answers 410, or says revoked', async () => {
    expect(told(await verifyOb2(anAssertion(), { [assertionUrl]: 410 }))).toEqual([
      'withdrawn',
      ['status revoked'],
    ]);
    const gone = { id: assertionUrl, revoked: true, revocationReason: 'issued by mistake' };
    const report = await verifyOb2(anAssertion(), { [assertionUrl]: gone });
    expect(told(report)).toEqual(['withdrawn', ['status revoked']]);
    expect(report.checks.at(-2)).toMatchObject({ name: 'status', remark: 'issued by mistake' });
  });

  it('is told to be suspended, and no more, where its issuer says so', async () => {
    const notice = { type: 'Assertion', id: assertionUrl, revoked: true, suspended: true };
    const id = 'urn:uuid:6f0c6a52-7d0e-4a3a-9a1e-2b1a5b0c7d01';
    const list = aRevocationList({ revokedAssertions: [{ id, suspended: true }] });
    for (const report of [
      await verifyOb2(anAssertion(), { [assertionUrl]: notice }),
      await verifyOb2(notice, { [assertionUrl]: notice }),
      await verifyOb2(aSignedAssertion(), { [revocationsUrl]: list }),
    ]) {
      expect(told(report)).toEqual(['withdrawn', ['status suspended']]);
      expect(isSuspended(report)).toBe(true);
    }
    // What was handed in says nothing of it.
    const report = await verifyOb2(notice, { [assertionUrl]: { ...notice, suspended: undefined } });
    expect(told(report)).toEqual(['withdrawn', ['status revoked']]);
  });

  it('is withdrawn by the notice that is left of it, when its address says the same', async () => {
    const notice = { type: 'Assertion', id: assertionUrl, revoked: true };
    const away = { [profileUrl]: undefined, [badgeUrl]: undefined };
    for (const pages of [
      { [assertionUrl]: 410 },
      { [assertionUrl]: notice },
      { [assertionUrl]: 410, ...away },
    ] as const)
      expect(told(await verifyOb2(notice, pages))).toEqual(['withdrawn', ['status revoked']]);
  });

  it.each<[string, object, string, string[]]>([
    ['stands', {}, 'not_authentic', ['proof hosted_differs']],
    ['is away', { [assertionUrl]: undefined }, 'cannot_check', ['proof hosted_unreachable']],
    [
      'is about another badge',
      { [assertionUrl]: { id: badgeUrl, revoked: true } },
      'not_authentic',
      ['proof hosted_id_differs'],
    ],
  ])('is not withdrawn by anybody’s notice when its address %s', async (_what, pages, verdict, checks) => {
    const notice = { type: 'Assertion', id: assertionUrl, revoked: true };
    expect(told(await verifyOb2(notice, pages as never))).toEqual([verdict, checks]);
  });

  it('is not authentic with another recipient than at its address', async () => {
    const report = await verifyOb2(
      anAssertion({ recipient: { type: 'email', hashed: false, identity: 'x@y.z' } }),
    );
    expect(told(report)).toEqual(['not_authentic', ['proof hosted_differs']]);
  });

  it('shows what stands at its address, not what was handed in', async () => {
    const { issuedOn: _issuedOn, ...given } = anAssertion();
    const truth = anAssertion({ narrative: 'Bravo' });
    const report = await verifyOb2(anAssertion(), { [assertionUrl]: truth });
    expect(canonicalJson(report.credential)).toBe(canonicalJson(truth));
    expect(wrong(await verifyOb2(given))).toEqual(['schema ob2_schema_broken']);
  });

  it('stands where its issuer allows: by prefix or host, else on the issuer’s own origin', async () => {
    const other = 'https://files.example/mine/7';
    const at = (verification?: object) =>
      verifyOb2(anAssertion({ id: other }), {
        [other]: anAssertion({ id: other }),
        [profileUrl]: aProfile(verification ? { verification } : {}),
      });
    expect(told(await at())).toEqual(['not_authentic', ['issuer host_not_authorised']]);
    const type = 'VerificationObject';
    expect((await at({ type, startsWith: ['https://files.example/mine/', `${host}/`] })).verdict).toBe(
      'authentic',
    );
    expect((await at({ type, allowedOrigins: ['files.example', 'passport.example'] })).verdict).toBe(
      'authentic',
    );
    for (const startsWith of [
      'https://files.example/min',
      'https://files.example/mine/8',
      'https://files.exampl',
    ])
      expect((await at({ type, startsWith: [startsWith, `${host}/`] })).verdict).toBe(
        startsWith.endsWith('/min') ? 'authentic' : 'not_authentic',
      );
    expect((await at({ type, allowedOrigins: 'files.example.evil.example' })).verdict).toBe('not_authentic');
  });

  it('could not be checked while a document is away, and is never green then', async () => {
    for (const url of [assertionUrl, badgeUrl, profileUrl])
      for (const page of [undefined, 404, 500, '<html>'])
        expect((await verifyOb2(anAssertion(), { [url]: page })).verdict).toBe('cannot_check');
  });

  it('knows the older names of verification, and leaves unknown extensions aside by name', async () => {
    const { verification: _verification, ...rest } = anAssertion();
    const older = {
      ...rest,
      verify: { type: 'hosted' },
      'extensions:thing': { '@context': 'https://x.example', a: 1 },
    };
    const report = await verifyOb2(older, { [assertionUrl]: older });
    expect(told(report)).toEqual(['authentic', []]);
    expect(report.notChecked.map(({ en }) => en)).toContain(
      'The extension "extensions:thing", which this program does not know.',
    );
  });

  it('expires, and is not yet valid before its date', async () => {
    const dated = (given: object) =>
      verifyOb2(anAssertion({ ...given }), { [assertionUrl]: anAssertion({ ...given }) });
    expect((await dated({ expires: '2026-11-21T00:00:00Z' })).verdict).toBe('expired');
    expect((await dated({ issuedOn: '2027-01-01T00:00:00Z' })).verdict).toBe('not_authentic');
    expect(wrong(await dated({ issuedOn: '2026-11-20' }))).toEqual(['schema ob2_schema_broken']);
    expect(wrong(await dated({ expires: '2026-11-01T00:00:00Z' }))).toEqual(['dates dates_malformed']);
  });

  it('is read out of a PNG and an SVG, whole or as its address', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>';
    const pictures = [
      bakePng(aPng(), JSON.stringify(anAssertion()), 'ob2'),
      Buffer.from(bakeSvg(svg, JSON.stringify(anAssertion()), 'ob2')),
      bakePng(aPng(), assertionUrl, 'ob2'),
      bakePng(aPng(), aSignedAssertion(), 'ob2'),
    ];
    for (const picture of pictures) expect(told(await verifyOb2(picture))).toEqual(['authentic', []]);
    const report = await verifyOb2(pictures[2]!, { [assertionUrl]: undefined });
    expect(told(report)).toEqual(['cannot_check', ['parse address_unreachable']]);
    expect(told(await verifyOb2(aPng()))).toEqual(['not_authentic', ['parse nothing_baked']]);
  });
});

describe('Open Badges 2.0, signed', () => {
  it('is authentic with the key its issuer lists', async () => {
    const report = await verifyOb2(aSignedAssertion());
    expect(told(report)).toEqual(['authentic', []]);
    expect(report.format?.name).toBe('ob2_signed');
    expect(answer(report, 'status')).toBe('passed status_active');
  });

  it('is withdrawn by the issuer’s list, and its silence is not a yes', async () => {
    const id = 'urn:uuid:6f0c6a52-7d0e-4a3a-9a1e-2b1a5b0c7d01';
    for (const revokedAssertions of [[id], [{ id, revocationReason: 'wrong' }]])
      expect(
        (await verifyOb2(aSignedAssertion(), { [revocationsUrl]: aRevocationList({ revokedAssertions }) }))
          .verdict,
      ).toBe('withdrawn');
    expect(told(await verifyOb2(aSignedAssertion(), { [revocationsUrl]: undefined }))).toEqual([
      'cannot_check',
      ['status status_retrieval_error'],
    ]);
  });

  it('is not signed by a copy of its content', async () => {
    const [, body] = aSignedAssertion().split('.') as [string, string];
    const copied = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    expect(told(await verifyOb2(copied))).toEqual(['not_authentic', ['schema ob2_form_differs']]);
  });

  it('may carry its BadgeClass inside, when that has no address', async () => {
    const badge = aBadgeClass({ id: 'urn:uuid:00000000-0000-4000-8000-000000000001' });
    expect((await verifyOb2(aSignedAssertion({ badge }))).verdict).toBe('authentic');
  });
});

describe('endorsements of an Open Badge 2.0', () => {
  const endorsed = (endorsement: unknown, changes: Record<string, unknown> = {}) => {
    const assertion = anAssertion({ endorsement });
    return verifyOb2(assertion, { [assertionUrl]: assertion, ...changes });
  };
  const one = (report: BadgeReport) => [
    report.verdict,
    answer(report, 'endorsements'),
    report.endorsements?.map(({ verdict, code }) => `${verdict} ${code}`).join(),
  ];

  it.each([
    ['by its address', endorsementUrl],
    ['written out', [anOb2Endorsement()]],
    ['written out without its context', { ...anOb2Endorsement(), '@context': undefined }],
    ['signed', aSignedEndorsement()],
  ])('are checked %s, and it is said who endorses what', async (_how, endorsement) => {
    const report = await endorsed(endorsement);
    expect([report.verdict, answer(report, 'endorsements')]).toEqual([
      'authentic',
      'passed endorsements_sound',
    ]);
    expect(report.endorsements).toMatchObject([
      {
        of: 'credential',
        by: { id: endorserUrl, name: 'Ville du Sud' },
        identity: { source: 'domain', domain: 'town.example' },
        comment: 'Nous la connaissons.',
        verdict: 'authentic',
      },
    ]);
    expect(report.notChecked.map(({ en }) => en).join()).not.toContain('endorse');
  });

  it('are found on the assertion, its BadgeClass and its issuer', async () => {
    const about = (id: string, number: number): JsonObject =>
      anOb2Endorsement({ id: `${endorserHost}/endorsements/${number}`, claim: { id } });
    const [ofBadge, ofIssuer] = [about(badgeUrl, 4), about(profileUrl, 5)];
    const report = await endorsed(endorsementUrl, {
      [badgeUrl]: aBadgeClass({ endorsement: [ofBadge.id] }),
      [profileUrl]: aProfile({ endorsement: ofIssuer }),
      [String(ofBadge.id)]: ofBadge,
      [String(ofIssuer.id)]: ofIssuer,
    });
    expect(report.endorsements?.map(({ of, verdict }) => [of, verdict])).toEqual([
      ['credential', 'authentic'],
      ['achievement', 'authentic'],
      ['issuer', 'authentic'],
    ]);
  });

  const broken = 'failed endorsement_broken';
  const open = 'unknown endorsement_cannot_check';
  const over = 'failed endorsement_not_standing';
  it.each<[string, unknown, Record<string, unknown>, string, string]>([
    [
      'about another badge',
      aSignedEndorsement({ claim: { id: `${host}/assertions/8` } }),
      {},
      broken,
      'not_authentic endorsement_of_another',
    ],
    ['signed by another key', aSignedEndorsement({}, keys.rsa), {}, broken, 'not_authentic signature_wrong'],
    [
      'of a key that its issuer does not list',
      aSignedEndorsement(),
      { [endorserUrl]: anEndorser({ publicKey: [] }) },
      broken,
      'not_authentic key_not_listed',
    ],
    [
      'saying something else than its address',
      anOb2Endorsement({ claim: { id: assertionUrl, endorsementComment: 'Parfait.' } }),
      {},
      broken,
      'not_authentic hosted_differs',
    ],
    [
      'of an address that is about another one',
      endorsementUrl,
      { [endorsementUrl]: anOb2Endorsement({ id: `${endorserHost}/9` }) },
      broken,
      'not_authentic hosted_id_differs',
    ],
    [
      'hosted where its issuer publishes nothing',
      endorsementUrl,
      { [endorserUrl]: anEndorser({ verification: { allowedOrigins: 'other.example' } }) },
      broken,
      'not_authentic host_not_authorised',
    ],
    [
      'in the name of a stranger',
      anOb2Endorsement({ issuer: profileUrl }),
      { [endorsementUrl]: anOb2Endorsement({ issuer: profileUrl }) },
      broken,
      'not_authentic host_not_authorised',
    ],
    [
      'copied out of a signed one',
      anOb2Endorsement({ verification: { type: 'SignedBadge' } }),
      { [endorsementUrl]: anOb2Endorsement({ verification: { type: 'SignedBadge' } }) },
      broken,
      'not_authentic ob2_form_differs',
    ],
    [
      'without a claim',
      aSignedEndorsement({ claim: undefined }),
      {},
      broken,
      'not_authentic ob2_schema_broken',
    ],
    [
      'that redefines its words',
      aSignedEndorsement({ '@context': ['https://w3id.org/openbadges/v2', { claim: 'https://x.example/' }] }),
      {},
      broken,
      'not_authentic context_inline',
    ],
    [
      'that is an assertion',
      endorsementUrl,
      { [endorsementUrl]: anAssertion({ id: endorsementUrl }) },
      broken,
      'not_authentic ob2_schema_broken',
    ],
    ['that is over', aSignedEndorsement({ expires: '2026-11-21T10:00:00Z' }), {}, over, 'expired expired'],
    ['withdrawn at its address', endorsementUrl, { [endorsementUrl]: 410 }, over, 'withdrawn revoked'],
    [
      'written out, withdrawn at its address',
      anOb2Endorsement(),
      { [endorsementUrl]: { id: endorsementUrl, revoked: true } },
      over,
      'withdrawn revoked',
    ],
    ['away', endorsementUrl, { [endorsementUrl]: undefined }, open, 'cannot_check hosted_unreachable'],
    [
      'whose issuer is away',
      aSignedEndorsement(),
      { [endorserUrl]: undefined },
      open,
      'cannot_check linked_unreachable',
    ],
    [
      'that is a name and no address',
      'urn:uuid:0b1f0f0e-0000-4000-8000-00000000beef',
      {},
      open,
      'cannot_check linked_unreadable',
    ],
  ])('are told and leave the badge standing with one %s', async (_what, endorsement, pages, check, told) => {
    expect(one(await endorsed(endorsement, pages))).toEqual(['authentic', check, told]);
  });

  it('are not looked at when the badge itself is not sound, and no more than ten', async () => {
    const changed = { ...anAssertion({ endorsement: endorsementUrl }), narrative: 'Autre' };
    expect((await verifyOb2(changed)).endorsements).toBeUndefined();
    const many = await endorsed(Array.from({ length: 11 }, () => endorsementUrl));
    expect([many.endorsements?.length, answer(many, 'endorsements')]).toEqual([
      10,
      'unknown endorsements_too_many',
    ]);
  });
});

describe('whose Open Badge 2.0 it is', () => {
  it.each([
    [email, 'authentic', undefined],
    ['  AMINA@learner.example ', 'authentic', undefined],
    ['kevin@learner.example', 'cannot_check', 'recipient recipient_other'],
  ])('asked about %p', async (asked, verdict, what) => {
    const report = await verifyOb2(anAssertion(), {}, { recipient: { email: asked } });
    expect(told(report)).toEqual([verdict, what ? [what] : []]);
  });
});
