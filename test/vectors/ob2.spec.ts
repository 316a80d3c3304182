import { bakePng, bakeSvg } from '#baking';
import { canonicalJson } from '#platform';
import type { VerificationReport } from '#verification';
import {
  aBadgeClass,
  anAssertion,
  aProfile,
  aRevocationList,
  aSignedAssertion,
  assertionUrl,
  badgeUrl,
  email,
  host,
  ob2Web,
  profileUrl,
  revocationsUrl,
  verifyOb2,
} from './ob2-world.js';
import { aPng } from './pictures.js';
import { answer } from './world.js';

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
