import fc from 'fast-check';
import { type JsonObject, prepare, proofFor, vcContext } from '#signing';
import { dataModelFaults, verifyCredential } from '#verification';
import {
  aCredential,
  enveloped,
  envelopedInBase64,
  examplesContext,
  issued,
  issuer,
  jwtOf,
  open,
  verifyAny,
} from './any-world.js';
import { aBadge, aWeb, listUrl, now, signed, signedJwt, statusIndex } from './world.js';

/** Signed by ourselves, as nobody's library refuses it then. */
async function forced(credential: JsonObject): Promise<JsonObject> {
  const prepared = await prepare(credential);
  const { method: verificationMethod, privateKey } = issuer;
  const proof = await proofFor(prepared, { privateKey, verificationMethod, created: new Date('2026-11-20') });
  return { ...credential, proof };
}

describe('any credential of VC 2.0', () => {
  it.each<[string, JsonObject]>([
    ['without dates or id', {}],
    ['with dates', { validFrom: '2026-01-01T00:00:00Z', validUntil: '2027-01-01T00:00:00Z' }],
    ['with several subjects', { credentialSubject: [{ id: 'urn:a:b', alumniOf: 'A' }, { alumniOf: 'B' }] }],
    [
      'with terms of use, evidence, schema and refresh',
      {
        termsOfUse: { type: 'ExamplePolicy' },
        evidence: [{ type: 'ExampleEvidence' }],
        credentialSchema: { id: 'https://example.org/s', type: 'JsonSchema' },
        refreshService: { id: 'https://example.org/r', type: 'ExampleRefresh' },
      },
    ],
    [
      'with names in languages',
      {
        name: [
          { '@value': 'Diplôme', '@language': 'fr' },
          { '@value': 'شهادة', '@language': 'ar', '@direction': 'rtl' },
        ],
      },
    ],
  ])('is authentic %s', async (_, given) => {
    const report = await verifyAny(await issued(aCredential(given)));
    expect(open(report)).toEqual([]);
    expect(report.verdict).toBe('authentic');
  });

  it('was no credential for who asks of badges, and a badge stays one for who asks of anything', async () => {
    const credential = await issued();
    const asBadge = await verifyCredential(credential, { fetcher: await aWeb(), now });
    expect([asBadge.verdict, open(asBadge)]).toEqual(['cannot_check', ['schema unknown type_unknown']]);
    expect((await verifyAny(await signed())).verdict).toBe('authentic');
    const { validFrom: _, ...undated } = aBadge();
    expect(open(await verifyAny(await signed(undated)))).toContain('schema failed schema_broken');
  });

  it.each<[string, JsonObject, string]>([
    [
      'in the older shape',
      { '@context': ['https://www.w3.org/2018/credentials/v1', vcContext] },
      'context failed context_order',
    ],
    [
      'with the examples’ words first',
      { '@context': [examplesContext, vcContext] },
      'context failed context_order',
    ],
    [
      'with words of a context nobody holds',
      { '@context': [vcContext, 'https://example.org/words'] },
      'context unknown context_unknown',
    ],
    [
      'with words that no context has',
      { '@context': [vcContext], type: ['VerifiableCredential'] },
      'context failed jsonld_unsafe',
    ],
    [
      'of a type that no context has',
      { '@context': [vcContext], credentialSubject: { id: 'urn:a:b' } },
      'context failed jsonld_unsafe',
    ],
    ['without an issuer', { issuer: undefined }, 'schema failed data_model_broken'],
    ['with an issuer that has no id', { issuer: { name: 'Nobody' } }, 'schema failed data_model_broken'],
    ['without claims', { credentialSubject: [] }, 'schema failed data_model_broken'],
    ['with a date that has no zone', { validFrom: '2026-01-01T00:00:00' }, 'schema failed data_model_broken'],
    [
      'with a status that has no type',
      { credentialStatus: { id: 'https://example.org/1' } },
      'schema failed data_model_broken',
    ],
    [
      'with a schema that has no id',
      { credentialSchema: { type: 'JsonSchema' } },
      'schema failed data_model_broken',
    ],
    [
      'until before it begins',
      { validFrom: '2026-06-01T00:00:00Z', validUntil: '2026-05-01T00:00:00Z' },
      'dates failed dates_malformed',
    ],
    ['that is over', { validUntil: '2026-01-01T00:00:00Z' }, 'dates failed expired'],
    ['that has not begun', { validFrom: '2027-01-01T00:00:00Z' }, 'dates failed not_yet_valid'],
    [
      'with a status nobody knows',
      { credentialStatus: { type: 'ExampleStatus' } },
      'status unknown status_type_not_supported',
    ],
    [
      'with a resource that changed',
      { relatedResource: { id: vcContext, digestSRI: `sha256-${'A'.repeat(43)}=` } },
      'resources failed resource_changed',
    ],
  ])('is refused %s', async (_, given, wanted) => {
    const credential = Object.fromEntries(
      Object.entries(aCredential(given)).filter(([, value]) => value !== undefined),
    );
    // What has no canonical form cannot be signed, and need not be.
    const report = await verifyAny(await forced(credential).catch(() => credential));
    expect(report.verdict).not.toBe('authentic');
    expect(open(report)).toContain(wanted);
  });

  it('is refused after any claim changed, and with somebody else’s signature', async () => {
    const credential = await issued();
    const changed = { ...credential, credentialSubject: { alumniOf: 'Another School' } };
    expect(open(await verifyAny(changed))).toEqual(['proof failed signature_wrong']);
    const foreign = await issued(aCredential({ issuer: 'did:web:badges.example:issuers:north' }));
    expect(open(await verifyAny(foreign))).toContain('issuer failed key_of_another_issuer');
    const { proof: _, ...unsigned } = credential;
    expect(open(await verifyAny(unsigned))).toContain('proof failed proof_missing');
  });

  it('is looked up in the issuer’s status list', async () => {
    const entry = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' };
    const credentialStatus = {
      ...entry,
      statusListIndex: String(statusIndex),
      statusListCredential: listUrl,
    };
    const report = await verifyAny(await issued(aCredential({ credentialStatus })));
    // The list is another issuer's: it says nothing of this one (I8).
    expect(report.verdict).toBe('cannot_check');
  });
});

describe('an enveloped credential', () => {
  const token = jwtOf(aCredential(), issuer, { typ: 'vc+jwt' });

  it('is opened and verified, a badge too', async () => {
    expect(open(await verifyAny(enveloped(token)))).toEqual([]);
    expect((await verifyAny(enveloped(signedJwt()))).verdict).toBe('authentic');
    expect(open(await verifyAny(envelopedInBase64(token)))).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'that says it is something else',
      { id: 'data:application/vc+cose,AAAA' },
      'parse unknown envelope_not_supported',
    ],
    [
      'that holds no base64',
      { id: `${envelopedInBase64(token).id as string}*` },
      'parse failed not_a_credential',
    ],
    [
      'that holds no JWT in base64',
      { id: 'data:application/vc+jwt;base64,e30=' },
      'parse failed not_a_credential',
    ],
    ['that holds no JWT', { id: 'data:application/vc+jwt,e30' }, 'parse failed not_a_credential'],
    ['that is an address of the web', { id: 'https://example.org/a' }, 'schema failed data_model_broken'],
    ['without contexts', { '@context': undefined }, 'schema failed data_model_broken'],
  ])('is refused %s', async (_, given, wanted) => {
    const report = await verifyAny(JSON.parse(JSON.stringify({ ...enveloped(token), ...given })));
    expect(report.verdict).not.toBe('authentic');
    expect(open(report)).toEqual([wanted]);
  });

  it('is refused with another signature, another’s key or claims that contradict it', async () => {
    const wrong = `${token.slice(0, -4)}AAAA`;
    expect(open(await verifyAny(enveloped(wrong)))).toEqual(['proof failed signature_wrong']);
    const other = jwtOf(aCredential({ issuer: 'did:web:badges.example:issuers:north' }), issuer);
    expect(open(await verifyAny(enveloped(other)))).toContain('issuer failed key_of_another_issuer');
    const lying = jwtOf({ ...aCredential(), iss: 'https://example.org' }, issuer);
    expect(open(await verifyAny(enveloped(lying)))).toEqual(['proof failed jwt_claims_differ']);
  });
});

describe('any broken field', () => {
  const whole = aCredential({
    id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    validFrom: '2026-01-01T00:00:00Z',
    evidence: [{ type: 'ExampleEvidence' }],
    termsOfUse: { type: 'ExamplePolicy' },
    credentialSchema: { id: 'https://example.org/s', type: 'JsonSchema' },
  });

  it('is never verified, whoever signed it', async () => {
    const broken = fc.constantFrom<unknown>(null, 7, true, '', 'no address', [], {}, [null], ['x'], {
      x: null,
    });
    const field = fc.constantFrom(...Object.keys(whole));
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(field, broken, async (name, value) => {
        const credential = { ...whole, [name]: value };
        if (dataModelFaults(credential, 'credential').length === 0) return;
        tried += 1;
        const report = await verifyAny(await forced(credential).catch(() => credential));
        expect(report.verdict).not.toBe('authentic');
      }),
      { numRuns: 150 },
    );
    expect(tried).toBeGreaterThan(80);
  });
});
