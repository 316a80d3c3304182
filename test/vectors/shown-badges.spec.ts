import fc from 'fast-check';
import type { JsonObject } from '#signing';
import {
  type BadgeReport,
  formatReport,
  isSuspended,
  onlyBadge,
  verdictText,
  verifyBadge,
} from '#verification';
import { enveloped, envelopedInBase64, holder } from './any-world.js';
import { jwtShow, olderJwtShow, showing, signedShow } from './broken/shown.js';
import { aRecord } from './statements.js';
import { aBadge, aWeb, now, origin, signed, signedJwt } from './world.js';

const check = async (input: string | object, recipient?: { name: string }): Promise<BadgeReport> =>
  verifyBadge(onlyBadge(input), { fetcher: await aWeb(), now, ...(recipient && { recipient }) });
const presentedOf = ({ checks }: BadgeReport): string | undefined => {
  const found = checks.find(({ name }) => name === 'presented');
  return found && `${found.outcome} ${found.code}`;
};
const second = (): JsonObject => aBadge({ id: `${origin}/b/0000000000000000000000000b` });
const signedIs = 'passed presentation_signed';

describe('badges that somebody shows in a presentation', () => {
  it.each<[string, () => Promise<string | object>, string]>([
    [
      'signed, as an object',
      async () => signedShow(await signed(), enveloped(signedJwt(second()))),
      signedIs,
    ],
    [
      'signed, as text',
      async () => JSON.stringify(await signedShow(await signed(), await signed(second()))),
      signedIs,
    ],
    [
      'not signed',
      async () => showing(await signed(), await signed(second())),
      'unknown presentation_unsigned',
    ],
    ['as a JWT', async () => jwtShow(await signed(), enveloped(signedJwt(second()))), signedIs],
    [
      'as a JWT in an envelope',
      async () => enveloped(await jwtShow(enveloped(signedJwt()), await signed(second())), 'Presentation'),
      signedIs,
    ],
    [
      'as a JWT in an envelope, all in base64',
      async () =>
        envelopedInBase64(
          await jwtShow(envelopedInBase64(signedJwt()), await signed(second())),
          'Presentation',
        ),
      signedIs,
    ],
    [
      'as a JWT of VC 1.1',
      async () => olderJwtShow(signedJwt(), signedJwt(second())),
      'unknown presentation_not_supported',
    ],
  ])('are checked one by one, %s', async (_what, input, presented) => {
    const report = await check(await input());
    expect(presentedOf(report)).toBe(presented);
    expect(report.verdict).toBe('authentic');
    expect(report.badges?.map(({ verdict, id }) => [verdict, id])).toEqual([
      ['authentic', aBadge().id],
      ['authentic', second().id],
    ]);
    expect(report.checks.map(({ name }) => name)).toEqual(['parse', 'presented', 'badges']);
    expect(report.format?.name).toMatch(/^vp_/);
    expect(verdictText(report, 'fr')).toBe('✓ Les 2 badges montrés sont authentiques');
    expect(JSON.stringify(report.notChecked)).toContain('une présentation se copie');
  });

  it('are told as one badge when there is one, with a line on who shows it', async () => {
    for (const input of [await signedShow(await signed()), await jwtShow(enveloped(signedJwt()))]) {
      const report = await check(input);
      const alone = await check(await signed());
      expect(verdictText(report, 'en')).toBe(verdictText(alone, 'en'));
      expect(report.credential?.id).toBe(aBadge().id);
      expect(report.checks.map(({ name }) => name)).toEqual([
        ...alone.checks.map(({ name }) => name),
        'presented',
      ]);
      expect(presentedOf(report)).toBe(signedIs);
      expect(report.checks.at(-1)?.remark).toBe(holder.did);
    }
  });

  it('may be a record, whose badges are told', async () => {
    const credentialSubject = {
      id: 'urn:uuid:1',
      type: ['ClrSubject'],
      verifiableCredential: [await signed()],
    };
    const record = await signed(aRecord({ credentialSubject }));
    const report = await check(await signedShow(record));
    expect([report.verdict, report.badges?.length]).toEqual(['authentic', 1]);
    expect(verdictText(report, 'en')).toMatch(/^✓ Authentic record, and so is its badge/);
  });

  it('are no better than the worst, in the headline as well', async () => {
    const forged = { ...(await signed(second())), name: 'Pilote' };
    const report = await check(await signedShow(await signed(), forged));
    expect(report.verdict).toBe('not_authentic');
    expect(verdictText(report, 'fr')).toBe('✗ Présentation de 2 badges : 1 non authentique, 1 authentique');
    expect(verdictText(report, 'en')).toBe('✗ Presentation of 2 badges: 1 not authentic, 1 authentic');
    expect(formatReport(report, 'fr')).toContain('\n  2. ✗ Badge non authentique');
    expect(isSuspended(report)).toBe(false);
  });

  it('are compared with the person that was named, each', async () => {
    const report = await check(await signedShow(await signed(), await signed(second())), { name: 'Lou' });
    expect(report.verdict).toBe('cannot_check');
    expect(report.badges?.map(({ code }) => code)).toEqual(['recipient_other', 'recipient_other']);
  });

  it('stay genuine when the presentation was not signed by who is named, which is told', async () => {
    const presentation = {
      ...(await signedShow(await signed(), await signed(second()))),
      holder: 'did:web:x.example',
    };
    const report = await check(presentation);
    expect([report.verdict, presentedOf(report)]).toEqual(['authentic', 'failed key_of_another_issuer']);
  });

  it('are not found in a presentation without any, nor in a presentation inside one', async () => {
    expect(() => onlyBadge({ type: 'VerifiablePresentation' })).toThrow('neither a badge');
    const empty = await verifyBadge(await showing(), { fetcher: await aWeb(), now });
    expect([empty.verdict, empty.checks.at(-1)?.code]).toEqual(['cannot_check', 'presentation_empty']);
    expect(verdictText(empty, 'en')).toBe('? No badge in this presentation');
    const nested = await check(await showing(await showing(await signed())));
    expect(nested.verdict).not.toBe('authentic');
  });

  it('never make a verdict of nonsense authentic, and never throw', async () => {
    const web = await aWeb();
    const given = fc.record(
      {
        '@context': fc.constantFrom(
          'https://www.w3.org/ns/credentials/v2',
          'https://www.w3.org/2018/credentials/v1',
          7,
        ),
        type: fc.constantFrom(
          'VerifiablePresentation',
          ['VerifiablePresentation'],
          'EnvelopedVerifiablePresentation',
        ),
        id: fc.constantFrom(
          'data:application/vp+jwt,e30.e30.',
          'data:application/vp+jwt;base64,ZTMwLmUzMC4=',
          'data:,x',
          'urn:x',
          7,
        ),
        verifiableCredential: fc.oneof(
          fc.jsonValue({ maxDepth: 2 }),
          fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
        ),
        proof: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: ['type'] },
    );
    await fc.assert(
      fc.asyncProperty(given, async (presentation) => {
        const report = await verifyBadge(presentation, { fetcher: web, now });
        expect(report.verdict).not.toBe('authentic');
      }),
    );
  });
});
