import { sha256 } from '#platform';
import { didDocument, type JsonObject, vcContext } from '#signing';
import { verifyPresentation } from '#verification';
import {
  aCredential,
  aParty,
  aPresentation,
  challenge,
  domain,
  enveloped,
  envelopedInBase64,
  holder,
  issued,
  issuer,
  jwtOf,
  open,
  presented,
  verifyShown,
} from './any-world.js';
import { aRecord } from './statements.js';
import { aBadge, aWeb, edMethod, issuerDid, issuerKeys, keys, now, origin, signed } from './world.js';

describe('a presentation made by @digitalbazaar/vc', () => {
  it('is verified with its credentials, by its holder’s key', async () => {
    const shown = await presented(
      await aPresentation({ verifiableCredential: [await issued(), await signed()] }),
    );
    const report = await verifyShown(shown);
    expect(open(report)).toEqual([]);
    expect(report).toMatchObject({ isVerified: true, holder: holder.did });
    expect(report.credentials.map(({ verdict }) => verdict)).toEqual(['authentic', 'authentic']);
  });

  it('is verified when it names no holder, or an object, and without a credential', async () => {
    const { holder: _, ...nameless } = await aPresentation();
    expect(await verifyShown(await presented(nameless))).toMatchObject({
      isVerified: true,
      holder: holder.did,
    });
    const object = await aPresentation({ holder: { id: holder.did, name: 'Amina' } });
    expect(await verifyShown(await presented(object))).toMatchObject({
      isVerified: true,
      holder: holder.did,
    });
    const empty = await aPresentation({ verifiableCredential: undefined });
    delete empty.verifiableCredential;
    expect(await verifyShown(await presented(empty))).toMatchObject({ isVerified: true, credentials: [] });
  });

  it('is asked neither challenge nor domain by who names none', async () => {
    expect((await verifyShown(await presented(), {})).isVerified).toBe(true);
    expect((await verifyShown(await presented(), { challenge })).isVerified).toBe(true);
  });

  it.each<[string, { challenge?: string; domain?: string | string[] }, string]>([
    ['another challenge', { challenge: 'another', domain }, 'proof failed challenge_differs'],
    ['another domain', { challenge, domain: 'other.example' }, 'proof failed domain_differs'],
    ['one domain more', { challenge, domain: [domain, 'other.example'] }, 'proof failed domain_differs'],
  ])('is refused for %s', async (_, options, wanted) => {
    const report = await verifyShown(await presented(), options);
    expect(report).toMatchObject({ isVerified: false });
    expect(report.holder).toBeUndefined();
    expect(open(report)).toContain(wanted);
  });

  it('is refused when somebody else signed for the holder', async () => {
    const stolen = await presented(await aPresentation(), { by: aParty() });
    const report = await verifyShown(stolen);
    expect(report.isVerified).toBe(false);
    expect(report.holder).toBeUndefined();
    expect(open(report)).toContain('holder failed key_of_another_issuer');
  });

  it('is refused after a change, and when it was signed as a credential is', async () => {
    const shown = await presented();
    expect(
      open(await verifyShown({ ...shown, id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33' })),
    ).toEqual(['proof failed signature_wrong']);
    const asserted = { ...shown, proof: { ...(shown.proof as JsonObject), proofPurpose: 'assertionMethod' } };
    expect(open(await verifyShown(asserted))).toContain('proof failed proof_purpose_wrong');
    expect(open(await verifyShown({ ...shown, proof: [] }))).toContain('proof failed proof_missing');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['changed', async () => ({ ...(await issued()), name: 'Changed' }), 'not_authentic'],
    ['over', () => issued(aCredential({ validUntil: '2026-01-01T00:00:00Z' })), 'expired'],
    ['unsigned', async () => aCredential(), 'not_authentic'],
    [
      'in an envelope nobody opens',
      async () => ({ ...enveloped('x'), id: 'data:application/vc+cose,AA' }),
      'cannot_check',
    ],
  ])('is refused with a credential that is %s, which has its own answer', async (_, bad, verdict) => {
    const both = await aPresentation({ verifiableCredential: [await issued(), await bad()] });
    const report = await verifyShown(await presented(both));
    expect(report).toMatchObject({ isVerified: false, holder: holder.did });
    expect(report.credentials.map((one) => one.verdict)).toEqual(['authentic', verdict]);
  });
});

describe('what the holder says of themselves, without a proof of its own', () => {
  const said = (given: JsonObject = {}) => aCredential({ issuer: holder.did, ...given });
  const shown = async (given: JsonObject) => verifyShown(await presented(await aPresentation(given)));

  it('is secured by the presentation, embedded or enveloped, and says so', async () => {
    const payload = {
      ...(await aPresentation({ verifiableCredential: [said()] })),
      nonce: challenge,
      aud: domain,
    };
    for (const report of [
      await shown({ verifiableCredential: [said(), await issued()] }),
      await shown({ verifiableCredential: [said({ issuer: { id: holder.did, name: 'Amina' } })] }),
      await verifyShown(enveloped(jwtOf(payload), 'Presentation')),
    ]) {
      expect(open(report)).toEqual([]);
      expect(report.isVerified).toBe(true);
      expect(report.credentials[0]!.checks).toContainEqual(
        expect.objectContaining({ name: 'proof', outcome: 'passed', code: 'signed_with_presentation' }),
      );
    }
  });

  it('is refused when no holder is named, when another issued it, and where nothing is signed', async () => {
    const { holder: _, ...nameless } = await aPresentation({ verifiableCredential: [said()] });
    const refused = [
      await verifyShown(await presented(nameless)),
      await shown({ verifiableCredential: [said({ issuer: 'did:example:acme' })] }),
      await shown({ holder: 'did:example:acme', verifiableCredential: [said()] }),
      await verifyShown(await aPresentation({ verifiableCredential: [said()] }), { mayBeUnsigned: true }),
      await verifyShown({
        ...(await presented(await aPresentation({ verifiableCredential: [said()] }))),
        id: 'urn:a:b',
      }),
    ];
    expect(refused.map(({ isVerified }) => isVerified)).toEqual(refused.map(() => false));
    for (const { credentials } of refused) expect(credentials[0]!.verdict).toBe('not_authentic');
  });

  it('must be sound all the same, and is never a badge, nor a badge in a record', async () => {
    const badge = { ...aBadge({ issuer: { id: holder.did, type: ['Profile'], name: 'Amina' } }) };
    delete badge.credentialStatus;
    const subject = { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [badge] };
    for (const one of [
      said({ validUntil: '2026-01-01T00:00:00Z' }),
      said({ proof: [] }),
      badge,
      {
        ...aRecord({ issuer: { id: holder.did, type: ['Profile'] }, credentialSubject: subject }),
        credentialStatus: undefined,
      },
    ]) {
      const report = await shown({ verifiableCredential: [JSON.parse(JSON.stringify(one))] });
      expect(report.isVerified).toBe(false);
      expect(report.credentials[0]!.verdict).not.toBe('authentic');
    }
  });
});

describe('the holder of a domain', () => {
  const did = `${origin}/issuers/north/did.json`;
  const document = didDocument({ did: issuerDid, keys: issuerKeys }) as JsonObject;
  const party = { ...aParty(), did: issuerDid, method: edMethod, privateKey: keys.ed };

  it('presents with a key for authentication, and with no other', async () => {
    const payload = { ...(await aPresentation({ holder: issuerDid })), nonce: challenge, aud: domain };
    const shown = enveloped(jwtOf(payload, party), 'Presentation');
    const by = async (changes: JsonObject) => {
      return verifyPresentation(shown, { fetcher: await aWeb({ [did]: changes }), now, challenge, domain });
    };
    expect(open(await by(document))).toEqual([
      'holder failed key_not_for_authentication',
      'proof unknown key_not_available',
    ]);
    expect(await by({ ...document, authentication: [edMethod] })).toMatchObject({
      isVerified: true,
      holder: issuerDid,
    });
  });
});

describe('an enveloped presentation', () => {
  const payload = async (given: JsonObject = {}) => ({
    ...(await aPresentation({ verifiableCredential: [enveloped(jwtOf(aCredential(), issuer))] })),
    iss: holder.did,
    nonce: challenge,
    aud: [domain],
    ...given,
  });
  const shown = async (given: JsonObject = {}, by = holder, header: JsonObject = { typ: 'vp+jwt' }) =>
    verifyShown(enveloped(jwtOf(await payload(given), by, header), 'Presentation'));

  it('is opened and verified with what is in it', async () => {
    expect(await shown()).toMatchObject({
      isVerified: true,
      holder: holder.did,
      credentials: [{ verdict: 'authentic' }],
    });
  });

  it('is opened in base64 too, as the credentials in it are', async () => {
    const verifiableCredential = [envelopedInBase64(jwtOf(aCredential(), issuer))];
    const token = jwtOf(await payload({ verifiableCredential }), holder, { typ: 'vp+jwt' });
    expect(await verifyShown(envelopedInBase64(token, 'Presentation'))).toMatchObject({
      isVerified: true,
      holder: holder.did,
      credentials: [{ verdict: 'authentic' }],
    });
  });

  it.each<[string, JsonObject, string]>([
    ['another challenge', { nonce: 'another' }, 'proof failed challenge_differs'],
    ['another domain', { aud: 'other.example' }, 'proof failed domain_differs'],
    ['another issuer', { iss: 'did:example:x' }, 'proof failed jwt_claims_differ'],
    ['a presentation inside a claim', { vp: {} }, 'context failed jsonld_unsafe'],
    ['an end that is past', { exp: 1_700_000_000 }, 'proof failed proof_expired'],
    ['a beginning to come', { nbf: 1_900_000_000 }, 'proof failed proof_in_future'],
    ['times that are none', { exp: 'soon' }, 'proof failed dates_malformed'],
  ])('is refused with %s', async (_, given, wanted) => {
    const report = await shown(given);
    expect(report.isVerified).toBe(false);
    expect(open(report)).toContain(wanted);
  });

  it('is refused with another’s key, without a signature, and in an envelope nobody opens', async () => {
    expect(open(await shown({}, aParty()))).toContain('holder failed key_of_another_issuer');
    expect(open(await shown({}, holder, { alg: 'none' }))).toContain('proof failed jwt_algorithm_refused');
    const closed = { ...enveloped('x', 'Presentation'), id: 'data:application/vp+cose,AA' };
    expect(open(await verifyShown(closed))).toEqual(['parse unknown envelope_not_supported']);
    for (const id of ['data:application/vp+jwt,e30', 'data:application/vp+jwt;base64,e30='])
      expect(open(await verifyShown({ ...enveloped('x', 'Presentation'), id }))).toEqual([
        'parse failed not_a_credential',
      ]);
  });
});

describe('a presentation without a signature', () => {
  it('is refused, unless nobody asks who presents: then its credentials count', async () => {
    const unsigned = await aPresentation();
    expect(open(await verifyShown(unsigned, {}))).toEqual(['proof failed presentation_unsigned']);
    const report = await verifyShown(unsigned, { mayBeUnsigned: true });
    expect(report).toMatchObject({ isVerified: true, credentials: [{ verdict: 'authentic' }] });
    expect(report.holder).toBeUndefined();
    expect((await verifyShown(unsigned, { mayBeUnsigned: true, challenge })).isVerified).toBe(false);
    const wrong = await aPresentation({ verifiableCredential: [aCredential()] });
    expect((await verifyShown(wrong, { mayBeUnsigned: true })).isVerified).toBe(false);
  });

  it.each<[string, JsonObject, string]>([
    ['of another type', { type: ['VerifiableCredential'] }, 'context failed jsonld_unsafe'],
    ['with a credential that is an address', { verifiableCredential: ['https://example.org/1'] }, 'failed'],
    [
      'of the older shape',
      { '@context': ['https://www.w3.org/2018/credentials/v1'] },
      'context failed context_order',
    ],
    ['with a holder that is no address', { holder: 'x' }, 'failed'],
    [
      'with more credentials than are looked at',
      { verifiableCredential: Array(51).fill(enveloped('x')) },
      'schema failed data_model_broken',
    ],
  ])('is refused %s', async (_, given, wanted) => {
    const report = await verifyShown(await aPresentation(given), { mayBeUnsigned: true });
    expect(report).toMatchObject({ isVerified: false, credentials: [] });
    expect(open(report).join()).toContain(wanted);
  });

  it('is refused, not an error, when it is nested without end', async () => {
    let nested: JsonObject = { '@context': [vcContext], type: 'VerifiablePresentation' };
    for (let depth = 0; depth < 20_000; depth += 1) nested = { nested };
    expect(open(await verifyShown(nested))).toEqual(['parse unknown too_deep']);
  });

  it('does not make us ask more addresses than one may, and is not verified then', async () => {
    const addresses = Array.from({ length: 70 }, (_, i) => `https://example.org/${i}`);
    const digestSRI = `sha256-${sha256('x').toString('base64')}`;
    const verifiableCredential = await Promise.all(
      Array.from({ length: 7 }, (_, i) => {
        const own = addresses.slice(10 * i, 10 * i + 10);
        return issued(aCredential({ relatedResource: own.map((id) => ({ id, digestSRI })) }));
      }),
    );
    const fetcher = await aWeb(Object.fromEntries(addresses.map((address) => [address, 'x'])));
    const show = async (given: JsonObject[]) =>
      verifyPresentation(await aPresentation({ verifiableCredential: given }), {
        fetcher,
        now,
        mayBeUnsigned: true,
      });
    expect((await show(verifiableCredential.slice(0, 6))).isVerified).toBe(true);
    fetcher.asked.length = 0;
    const report = await show(verifiableCredential);
    expect(report.isVerified).toBe(false);
    expect(report.credentials.map(open)).toEqual([
      ...Array(6).fill([]),
      ['resources unknown resource_unreachable'],
    ]);
    expect(fetcher.asked).toHaveLength(60);
  });
});
