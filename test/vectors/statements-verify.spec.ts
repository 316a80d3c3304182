import { type JsonObject, statusEntry } from '#signing';
import { type BadgeReport, verifyAnyCredential, verifyBadge } from '#verification';
import { aParty } from './any-world.js';
import { anEndorsement, aRecord } from './statements.js';
import {
  aBadge,
  aList,
  answer,
  aWeb,
  keys,
  listUrl,
  now,
  origin,
  otherDid,
  signed,
  signedJwt,
  statusIndex,
  verify,
} from './world.js';

describe('endorsements and records, verified', () => {
  it('are authentic in both forms', async () => {
    for (const document of [anEndorsement(), aRecord()]) {
      expect((await verify(await signed(document))).verdict).toBe('authentic');
      expect((await verify(signedJwt(document))).verdict).toBe('authentic');
    }
  });

  it('gather badges that keep their own proofs', async () => {
    const badge = await signed(aBadge());
    const record = await signed(
      aRecord({
        credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [badge] },
      }),
    );
    expect((await verify(record)).verdict).toBe('authentic');
    expect((await verify(badge)).verdict).toBe('authentic');
  });

  it('are not authentic when a word was changed, another signed, or the form is broken', async () => {
    const endorsement = await signed(anEndorsement());
    const said = { ...(endorsement.credentialSubject as object), endorsementComment: 'Autre chose.' };
    expect(answer(await verify({ ...endorsement, credentialSubject: said }), 'proof')).toBe(
      'failed signature_wrong',
    );
    const record = await signed(aRecord());
    const { verifiableCredential } = record.credentialSubject as { verifiableCredential: object[] };
    const shorter = {
      ...(record.credentialSubject as object),
      verifiableCredential: verifiableCredential.slice(1),
    };
    expect(answer(await verify({ ...record, credentialSubject: shorter }), 'proof')).toBe(
      'failed signature_wrong',
    );
    const forged = await signed(
      anEndorsement({ issuer: { id: otherDid, type: ['Profile'], name: 'Structure du Sud' } }),
      { privateKey: keys.otherEd },
    );
    expect((await verify(forged)).verdict).toBe('not_authentic');
    const empty = await signed(aRecord({ credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'] } }));
    expect(answer(await verify(empty), 'schema')).toMatch(/^failed schema_broken/);
  });
});

describe('the badges inside a record', () => {
  const other = (given: JsonObject = {}): JsonObject =>
    aBadge({
      id: `${origin}/b/0000000000000000000000000b`,
      name: 'Remplir un formulaire',
      credentialStatus: statusEntry({ list: listUrl, index: 12 }),
      ...given,
    });
  const recordOf = (...badges: unknown[]): JsonObject =>
    aRecord({
      credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: badges },
    });
  const check = async (record: JsonObject | string, changes = {}): Promise<BadgeReport> =>
    verifyBadge(record, { fetcher: await aWeb(changes), now });
  const named = ({ badges }: BadgeReport) => badges?.map(({ name, verdict, code }) => [name, verdict, code]);

  it('are checked one by one, each told by its name with an answer of its own', async () => {
    const badges = [await signed(), await signed(other())];
    for (const record of [await signed(recordOf(...badges)), signedJwt(recordOf(...badges))]) {
      const report = await check(record);
      expect([report.verdict, answer(report, 'badges')]).toEqual(['authentic', 'passed inside_sound']);
      expect(report.badges).toMatchObject([
        { id: aBadge().id, name: 'Envoyer un courriel', verdict: 'authentic', code: 'signature_fits' },
        {
          id: other().id,
          name: 'Remplir un formulaire',
          verdict: 'authentic',
          by: { name: 'Structure du Nord' },
        },
      ]);
    }
  });

  it('make a record false when one of them is, however well the record itself is signed', async () => {
    const changed = { ...(await signed(other())), name: 'Piloter un avion' };
    const report = await check(await signed(recordOf(await signed(), changed)));
    expect([report.verdict, answer(report, 'badges')]).toEqual(['not_authentic', 'failed inside_broken']);
    expect(named(report)).toEqual([
      ['Envoyer un courriel', 'authentic', 'signature_fits'],
      ['Piloter un avion', 'not_authentic', 'signature_wrong'],
    ]);
  });

  it('make a record as grave as the worst of them, for who asks of badges as for who asks of anything', async () => {
    const over = await signed(other({ validUntil: '2026-11-21T00:00:00Z' }));
    const both = await signed(recordOf(await signed(), over));
    const revoked = { [listUrl]: await aList({ revoked: [statusIndex] }) };
    for (const [changes, ...wanted] of [
      [{}, 'expired', 'failed inside_expired'],
      [revoked, 'withdrawn', 'failed inside_withdrawn'],
    ] as const) {
      const any = await verifyAnyCredential(both, { fetcher: await aWeb(changes), now });
      for (const report of [await check(both, changes), any])
        expect([report.verdict, answer(report, 'badges')]).toEqual(wanted);
    }
    const report = await check(both, revoked);
    expect(report.format).toMatchObject({
      name: 'ob3_embedded',
      text: { en: expect.stringMatching(/^Record/) },
    });
    expect(named(report)).toEqual([
      ['Envoyer un courriel', 'withdrawn', 'revoked'],
      ['Remplir un formulaire', 'expired', 'expired'],
    ]);
  });

  it('leave a record open when one of them cannot be checked: unsigned, unreachable, a record itself', async () => {
    const away = await signed(
      other({ issuer: { id: 'did:web:away.example', type: ['Profile'], name: 'Ailleurs' } }),
      { verificationMethod: 'did:web:away.example#k' },
    );
    const inner = await signed(recordOf(await signed()));
    for (const [badge, code] of [
      [other(), 'proof_missing'],
      [away, 'issuer_unreachable'],
      [inner, 'inside_too_deep'],
    ] as const) {
      const report = await check(await signed(recordOf(badge)));
      expect([report.verdict, answer(report, 'badges')]).toEqual([
        'cannot_check',
        'unknown inside_cannot_check',
      ]);
      expect(report.badges).toMatchObject([{ verdict: 'cannot_check', code }]);
    }
  });

  it('are as unknown as alone when nobody knows who issued one of them, and must be the same person’s', async () => {
    const { method, did, privateKey } = aParty();
    const { credentialStatus: _status, ...bare } = other();
    const stranger = await signed(
      { ...bare, issuer: { id: did, type: ['Profile'], name: 'Université de Paris' } },
      { verificationMethod: method, privateKey },
    );
    const report = await check(await signed(recordOf(await signed(), stranger)));
    expect([report.verdict, answer(report, 'badges')]).toEqual([
      'cannot_check',
      'unknown inside_cannot_check',
    ]);
    expect(report.badges![1]).toMatchObject({ verdict: 'cannot_check', code: 'identity_bare_key' });
    const named = (name: string) => [
      { type: 'IdentityObject', hashed: false, identityHash: name, identityType: 'name' },
    ];
    const of = (name: string) =>
      other({ credentialSubject: { ...(other().credentialSubject as JsonObject), identifier: named(name) } });
    const verdictFor = async (inside: string) =>
      (
        await verifyBadge(
          await signed(
            aRecord({
              credentialSubject: {
                id: 'urn:uuid:1',
                type: ['ClrSubject'],
                identifier: named('Amina Test'),
                verifiableCredential: [await signed(of(inside))],
              },
            }),
          ),
          { fetcher: await aWeb(), now, recipient: { name: 'Amina Test' } },
        )
      ).verdict;
    expect([await verdictFor('Amina Test'), await verdictFor('Zoé Autre')]).toEqual([
      'authentic',
      'cannot_check',
    ]);
  });

  it('are not asked about when the record itself is not sound, nor of a badge', async () => {
    const record = { ...(await signed(recordOf(await signed()))), name: 'Autre' };
    for (const report of [await check(record), await check(await signed())]) {
      expect(report.badges).toBeUndefined();
      expect(answer(report, 'badges')).toBeUndefined();
    }
  });
});
