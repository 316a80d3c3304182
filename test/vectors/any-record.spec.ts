import { type JsonObject, statusEntry } from '#signing';
import { verifyAnyCredential, verifyPresentation } from '#verification';
import { aCredential, aPresentation, enveloped, issued, open, verifyShown } from './any-world.js';
import { anEndorsement, aRecord } from './statements.js';
import { aBadge, aList, aWeb, listUrl, now, origin, signed, signedJwt, statusIndex } from './world.js';

const other = (given: JsonObject = {}): JsonObject =>
  aBadge({
    id: `${origin}/b/0000000000000000000000000b`,
    name: 'Remplir un formulaire',
    credentialStatus: statusEntry({ list: listUrl, index: 12 }),
    ...given,
  });
const recordOf = (...badges: unknown[]): JsonObject =>
  aRecord({ credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: badges } });
const around = async (changes: JsonObject = {}) => ({ fetcher: await aWeb(changes), now });
const revoking = async () => ({ [listUrl]: await aList({ revoked: [statusIndex] }) });
const away = { issuer: { id: 'did:web:away.example', type: ['Profile'], name: 'Ailleurs' } };

type Case = [
  what: string,
  badge: () => Promise<unknown>,
  verdict: string,
  open: string,
  changes?: JsonObject,
];

const cases: Case[] = [
  [
    'forged',
    async () => ({ ...(await signed(other())), name: 'X' }),
    'not_authentic',
    'failed inside_broken',
  ],
  ['over', () => signed(other({ validUntil: '2026-11-21T00:00:00Z' })), 'expired', 'failed inside_expired'],
  ['unsigned', async () => other(), 'cannot_check', 'unknown inside_cannot_check'],
  [
    'of an issuer that does not answer',
    () => signed(other(away), { verificationMethod: 'did:web:away.example#k' }),
    'cannot_check',
    'unknown inside_cannot_check',
  ],
  [
    'a record itself',
    async () => signed(recordOf(await signed())),
    'cannot_check',
    'unknown inside_cannot_check',
  ],
];

describe('a record among any credentials', () => {
  it('is authentic when each credential in it is, badge or not, in every form', async () => {
    const badges = [await signed(), await signed(other())];
    for (const record of [await signed(recordOf(...badges)), enveloped(signedJwt(recordOf(...badges)))]) {
      const report = await verifyAnyCredential(record, await around());
      expect(open(report)).toEqual([]);
      expect(report).toMatchObject({
        verdict: 'authentic',
        badges: [{ verdict: 'authentic' }, { verdict: 'authentic', name: 'Remplir un formulaire' }],
      });
    }
  });

  it.each(cases)(
    'is not when one in it is %s, nor is what presents it',
    async (_, badge, verdict, wanted) => {
      const record = await signed(recordOf(await signed(), await badge()));
      const report = await verifyAnyCredential(record, await around());
      expect([report.verdict, open(report)]).toEqual([verdict, [`badges ${wanted}`]]);
      expect(report.badges).toMatchObject([{ verdict: 'authentic' }, { verdict }]);
      const shown = await verifyPresentation(await aPresentation({ verifiableCredential: [record] }), {
        ...(await around()),
        mayBeUnsigned: true,
      });
      expect(shown).toMatchObject({ isVerified: false, credentials: [{ verdict }] });
    },
  );

  it('is withdrawn as soon as one in it is, even if another could not be checked', async () => {
    for (const more of [[], [other()]]) {
      const record = await signed(recordOf(await signed(), ...more));
      const report = await verifyAnyCredential(record, await around(await revoking()));
      expect([report.verdict, open(report)]).toEqual(['withdrawn', ['badges failed inside_withdrawn']]);
      expect(report.badges![0]).toMatchObject({ verdict: 'withdrawn', code: 'revoked' });
    }
  });

  it.each<[string, () => Promise<unknown>, string, string[]]>([
    ['a credential that is no badge', () => issued(), 'authentic', []],
    ['a JWT', async () => signedJwt(other()), 'authentic', []],
    ['an envelope', async () => enveloped(signedJwt(other())), 'authentic', []],
    [
      'an envelope nobody opens',
      async () => ({ ...enveloped('x'), id: 'data:application/vc+cose,AA' }),
      'cannot_check',
      ['badges unknown inside_cannot_check'],
    ],
    ['a text', async () => 'x.y.z', 'not_authentic', ['badges failed inside_broken']],
    [
      'a forged badge',
      async () => ({ ...(await signed(other())), name: 'X' }),
      'not_authentic',
      ['badges failed inside_broken'],
    ],
  ])('is asked of %s that it holds, also when its type hides that it is one', async (_, badge, ...wanted) => {
    const { credentialSchema: _schema, ...record } = recordOf(await badge());
    const report = await verifyAnyCredential(
      await signed({ ...record, type: ['VerifiableCredential'] }),
      await around(),
    );
    expect([report.verdict, open(report)]).toEqual(wanted);
  });

  it('could not be checked when it holds more than fifty', async () => {
    const many = await signed(recordOf(...Array(51).fill(await signed())));
    const report = await verifyAnyCredential(many, await around());
    expect([report.verdict, open(report)]).toEqual(['cannot_check', ['badges unknown inside_too_many']]);
  }, 30_000);
});

describe('what was not checked', () => {
  const named = ({ notChecked }: { notChecked: { name: string; code: string; remark?: string }[] }) =>
    notChecked.map(({ name, code }) => `${name} ${code}`);
  const always = ['identity identity_not_asked', 'recipient recipient_not_asked'];

  it('is who the issuer is and whose it is, of the simplest credential', async () => {
    const report = await verifyAnyCredential(await issued(), await around());
    expect(named(report)).toEqual(always);
    expect(report.notChecked[0]!.detail.en).toContain('yours to judge');
  });

  it('is told by the name of each thing that a credential carries and nobody looked into', async () => {
    const carrying = aCredential({
      credentialSchema: [{ id: 'https://example.org/s', type: 'JsonSchema' }],
      refreshService: { id: 'https://example.org/r', type: 'ExampleRefresh' },
      evidence: { type: 'ExampleEvidence' },
      termsOfUse: { type: 'ExamplePolicy' },
    });
    const report = await verifyAnyCredential(await issued(carrying), await around());
    expect(report.verdict).toBe('authentic');
    expect(named(report)).toEqual([
      ...always,
      'schema schema_not_held',
      'refresh refresh_not_asked',
      'evidence evidence_not_opened',
      'terms terms_not_read',
    ]);
    expect(report.notChecked[2]!.remark).toBe('https://example.org/s');
    const endorsed = await signed(aBadge({ endorsement: [await signed(anEndorsement())] }));
    expect(named(await verifyAnyCredential(endorsed, await around()))).toContain(
      'endorsements endorsements_not_asked',
    );
  });

  it('is what could not be made, with its reason, and what an earlier failure left unmade', async () => {
    const unreachable = await verifyAnyCredential(await signed(), await around({ [listUrl]: 'x' }));
    expect(unreachable.notChecked[0]).toMatchObject({ name: 'status', code: 'status_verification_error' });
    const changed = { ...(await signed(recordOf(await signed()))), name: 'X' };
    expect(named(await verifyAnyCredential(changed, await around())).slice(0, 2)).toEqual([
      'status not_reached',
      'badges not_reached',
    ]);
    expect(named(await verifyAnyCredential({}, await around()))).toContain('proof not_reached');
  });

  it('is, of a presentation, what was not asked of whoever presents', async () => {
    const unsigned = await aPresentation();
    expect(named(await verifyShown(unsigned, { mayBeUnsigned: true }))).toEqual([
      'holder presentation_unsigned',
      'proof presentation_unsigned',
    ]);
    const stopped = await verifyShown({ ...unsigned, '@context': [] }, {});
    expect(named(stopped)).toEqual(
      expect.arrayContaining(['schema not_reached', 'proof not_reached', 'credentials not_reached']),
    );
  });
});
