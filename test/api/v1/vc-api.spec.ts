import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential as theirVerify } from '@digitalbazaar/vc';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import { PublishBadge, PublishStatusLists } from '#badges';
import { type Organisation, registerOrganisation } from '#people';
import { projectFile, uuid } from '#platform';
import { bundledContexts, didWebFor, type JsonObject, vcContext } from '#signing';
import { OnceSigned } from '../../../apps/api/src/vc-api/once-signed.js';
import { aPlannedRoom } from '../../support/issuance-world.js';
import {
  aCredential,
  aPresentation,
  challenge,
  domain,
  enveloped,
  holder,
  issued,
  issuer,
  jwtOf,
  presented,
} from '../../vectors/any-world.js';
import { aRecord } from '../../vectors/statements.js';
import { type ApiWorld, anApiWorld, origin } from './api-world.js';

let world: ApiWorld;
let token: string;

beforeAll(async () => {
  world = await anApiWorld();
  token = await world.token(world.structure);
}, 180_000);
afterAll(() => world?.close());

const dataModel = 'https://www.w3.org/TR/vc-data-model#';
const ask = (route: string, body: object, by = token) =>
  world.call(`POST /vc-api/${route}`, { token: by, body });
const verify = (verifiableCredential: unknown, options?: object) =>
  ask('credentials/verify', { verifiableCredential, ...(options && { options }) });
const titles = (body: { problemDetails: { title: string }[] }): string[] =>
  body.problemDetails.map(({ title }) => title);

describe('POST /vc-api/credentials/verify', () => {
  it('answers 200 for a sound credential, asked as the W3C’s suites ask', async () => {
    const credential = await issued();
    const { status, body } = await verify(credential, { checks: ['proof'], returnCredential: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      verified: true,
      verdict: 'authentic',
      issuer: issuer.did,
      problemDetails: [],
      verifiableCredential: credential,
    });
    expect((await verify(enveloped(jwtOf(aCredential(), issuer)))).body.verified).toBe(true);
  });

  it('answers 200 for a badge of ours, in both forms', async () => {
    await aPlannedRoom(world, 1);
    await world.signAll();
    const [badge]: { document: string; jwt: string }[] = await world.api.query(
      'select signed_document(credential) as document, signed_jwt(credential) as jwt from credential limit 1',
    );
    for (const form of [JSON.parse(badge!.document), enveloped(badge!.jwt)])
      expect(await verify(form)).toMatchObject({ status: 200, body: { verified: true } });
  });

  it('answers 400 for a record or a presentation as soon as a badge inside is false, and says which', async () => {
    const { awardIds } = await aPlannedRoom(world, 1);
    await world.signAll();
    const [row]: { document: string }[] = await world.api.query(
      'select signed_document(credential) as document from credential where award_id = $1',
      awardIds,
    );
    const badge: JsonObject = JSON.parse(row!.document);
    const recordOf = (inside: JsonObject) => {
      const { credentialStatus: _, ...record } = aRecord({
        issuer: { id: issuer.did, type: ['Profile'] },
        credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [inside] },
      });
      return issued(record);
    };
    const sound = await verify(await recordOf(badge));
    expect(sound).toMatchObject({
      status: 200,
      body: { verified: true, badges: [{ verdict: 'authentic' }] },
    });
    expect(sound.body.notChecked).toContainEqual(
      expect.objectContaining({ name: 'identity', code: 'identity_not_asked' }),
    );
    const forged = await recordOf({ ...badge, name: 'Another' });
    const refused = { verified: false, badges: [{ id: badge.id, code: 'signature_wrong' }] };
    expect(await verify(forged)).toMatchObject({
      status: 400,
      body: {
        ...refused,
        problemDetails: [{ title: 'CRYPTOGRAPHIC_SECURITY_ERROR', code: 'inside_broken' }],
      },
    });
    const presentation = await aPresentation({ verifiableCredential: [forged] });
    expect(await ask('presentations/verify', { presentation })).toMatchObject({
      status: 400,
      body: { verified: false, credentialResults: [refused] },
    });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['changed', async () => ({ ...(await issued()), name: 'x' }), 'CRYPTOGRAPHIC_SECURITY_ERROR'],
    [
      'of the older shape',
      async () => ({ ...(await issued()), '@context': ['https://www.w3.org/2018/credentials/v1'] }),
      'MALFORMED_VALUE_ERROR',
    ],
    ['without a proof', async () => aCredential(), 'CRYPTOGRAPHIC_SECURITY_ERROR'],
    ['over', () => issued(aCredential({ validUntil: '2026-01-01T00:00:00Z' })), 'RANGE_ERROR'],
    ['without a type', async () => ({ ...(await issued()), type: undefined }), 'MALFORMED_VALUE_ERROR'],
    ['in an envelope that holds nothing', async () => enveloped('x'), 'PARSING_ERROR'],
  ])(
    'answers 400 for one that is %s, and names the problem as the recommendation does',
    async (_, given, title) => {
      const { status, body } = await verify(await given());
      expect([status, body.verified]).toEqual([400, false]);
      expect(titles(body)).toContain(title);
      expect(body.problemDetails[0].type).toMatch(new RegExp(`^${dataModel}`));
    },
  );

  it('answers 400 for what is no credential at all, or asks for what it does not know', async () => {
    for (const given of ['https://example.org/1', 7, null, []])
      expect(await verify(given)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(await verify(await issued(), { skipProof: true })).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    });
    expect((await verify({})).body.verified).toBe(false);
  });

  it('answers 413 for what is too large, and nobody without its scope', async () => {
    const large = { ...(await issued()), name: 'x'.repeat(300_000) };
    expect((await verify(large)).status).toBe(413);
    const body = { verifiableCredential: await issued() };
    expect((await world.call('POST /vc-api/credentials/verify', { body })).status).toBe(401);
    const other = await world.token(world.structure, ['award:read']);
    expect((await ask('credentials/verify', body, other)).status).toBe(403);
  });
});

describe('POST /vc-api/presentations/verify', () => {
  const show = (verifiablePresentation: unknown, options: object = { challenge, domain }) =>
    ask('presentations/verify', { verifiablePresentation, options });

  it('answers 200 with who presents, and with each credential’s own answer', async () => {
    const presentation = await presented();
    const { status, body } = await show(presentation, { challenge, domain, returnPresentation: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      verified: true,
      holder: holder.did,
      problemDetails: [],
      credentialResults: [{ verified: true, issuer: issuer.did }],
      verifiablePresentation: presentation,
    });
    expect((await show(presentation, { checks: [] })).status).toBe(200);
    const payload = { ...(await aPresentation()), nonce: challenge, aud: domain };
    expect((await show(enveloped(jwtOf(payload), 'Presentation'))).status).toBe(200);
  });

  it.each<[string, () => Promise<unknown>, object, string]>([
    ['another challenge', presented, { challenge: 'another' }, 'INVALID_CHALLENGE_ERROR'],
    ['another domain', presented, { challenge, domain: 'other.example' }, 'INVALID_DOMAIN_ERROR'],
    ['no proof', aPresentation, {}, 'CRYPTOGRAPHIC_SECURITY_ERROR'],
    [
      'a credential as a text',
      async () => ({ ...(await presented()), verifiableCredential: ['x'] }),
      {},
      'MALFORMED_VALUE_ERROR',
    ],
    ['a credential without a type', () => typeless(), {}, 'MALFORMED_VALUE_ERROR'],
  ])('answers 400 with %s', async (_, given, options, title) => {
    const { status, body } = await show(await given(), options);
    expect([status, body.verified]).toEqual([400, false]);
    expect(titles(body)).toContain(title);
  });

  it('verifies the credentials of one without proof, for who asks for no more', async () => {
    const presentation = await aPresentation();
    const { status, body } = await ask('presentations/verify', { presentation });
    expect([status, body.verified, body.holder]).toEqual([200, true, undefined]);
    expect((await ask('presentations/verify', { presentation, options: { challenge } })).status).toBe(400);
    expect((await ask('presentations/verify', {})).body.code).toBe('invalid_input');
  });
});

async function typeless(): Promise<JsonObject> {
  const { type: _, ...credential } = await issued();
  return presented(await aPresentation({ verifiableCredential: [credential] })).catch(async () => ({
    ...(await presented()),
    verifiableCredential: [credential],
  }));
}

/** The worker at work while a request waits for it. */
async function withWorker<T>(work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const worker = (async () => {
    while (!isOver) {
      await world.signAll();
      await sleep(30);
    }
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await worker;
  }
}

const toIssue = (given: JsonObject = {}): JsonObject => ({
  '@context': [vcContext, 'https://www.w3.org/ns/credentials/examples/v2'],
  type: ['VerifiableCredential', 'AlumniCredential'],
  credentialSubject: { id: 'did:example:subject', alumniOf: 'The School of Examples' },
  ...given,
});
const issue = (credential: unknown, options?: object, headers: Record<string, string> = {}, by = token) =>
  withWorker(() =>
    world.call('POST /vc-api/credentials/issue', {
      token: by,
      body: { credential, ...(options && { options }) },
      headers,
    }),
  );
const ownDid = (): string => didWebFor(origin, world.structure.slug);

/** Digital Bazaar's loader: our contexts, and our service for the rest. */
const documentLoader = async (url: string) => {
  if (bundledContexts.has(url)) return bundledContexts.loader(url);
  const [did, method] = url.split('#');
  const address = did!.startsWith('did:web:')
    ? `/issuers/${did!.split(':').at(-1)}/did.json`
    : did!.slice(origin.length);
  const document = (await world.app.inject({ url: address, headers: { accept: 'application/json' } })).json();
  const found = method
    ? {
        '@context': 'https://w3id.org/security/multikey/v1',
        ...document.verificationMethod.find(({ id }: JsonObject) => id === url),
      }
    : document;
  return { contextUrl: null, documentUrl: url, document: found };
};
const suite = new DataIntegrityProof({ cryptosuite });
/** Does the verifier of @digitalbazaar/vc accept it, its status looked up by @digitalbazaar/vc-bitstring-status-list? */
async function accepted(credential: JsonObject): Promise<boolean> {
  const { verified } = await theirVerify({
    credential,
    suite,
    documentLoader,
    checkStatus: async () => {
      const { verified: isRead, results = [] } = await checkStatus({ credential, suite, documentLoader });
      return { verified: isRead && results.every(({ status }) => !status) };
    },
  } as never);
  return verified;
}
const publishLists = async () => {
  // A list is signed once a second at most.
  await sleep(1_050);
  await new PublishStatusLists(world.worker, world.keyStore, origin).publishDue();
};

describe('POST /vc-api/credentials/issue', () => {
  it.each<[string, JsonObject]>([
    ['the smallest', {}],
    [
      'one with an id, dates and a name',
      {
        id: 'urn:uuid:0b8a9bd2-1111-4a54-8f6c-3b8b5b1d2f03',
        validFrom: '2010-01-01T00:00:00.5Z',
        validUntil: '2040-01-01T00:00:00Z',
        name: 'Diplôme',
      },
    ],
    ['one that begins later', { validFrom: '2040-01-01T00:00:00Z' }],
    ['several subjects', { credentialSubject: [{ id: 'urn:a:b' }, { alumniOf: 'B' }] }],
    ['the issuer as an object', { issuer: { id: didWebFor(origin, 'maison-du-numerique'), name: 'Nous' } }],
    [
      'terms of use, evidence, schema, refresh and a status of its own',
      {
        termsOfUse: { type: 'ExamplePolicy' },
        evidence: { type: 'ExampleEvidence' },
        credentialSchema: { id: 'https://example.org/s', type: 'JsonSchema' },
        refreshService: { id: 'https://example.org/r', type: 'ExampleRefresh' },
        credentialStatus: { type: 'ExampleStatus' },
      },
    ],
  ])('issues %s, as it was given', async (_, given) => {
    const credential = toIssue(given);
    if (typeof given.issuer === 'object') credential.issuer = { ...given.issuer, id: ownDid() };
    const { status, body } = await issue(credential);
    expect([status, body.code]).toEqual([201, undefined]);
    const { proof, credentialStatus, issuer: by, ...rest } = body.verifiableCredential;
    const { credentialStatus: before, issuer: asked = ownDid(), ...content } = credential;
    expect(rest).toEqual(content);
    expect(by).toEqual(asked);
    expect(proof).toEqual([
      expect.objectContaining({ cryptosuite: 'eddsa-rdfc-2022', proofPurpose: 'assertionMethod' }),
    ]);
    const entry = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' };
    expect([credentialStatus].flat()).toEqual([...(before ? [before] : []), expect.objectContaining(entry)]);
  });

  it('gives a credential that other verifiers accept, until it is revoked', async () => {
    const id = `urn:uuid:${uuid()}`;
    const { verifiableCredential } = (await issue(toIssue({ id }))).body;
    expect(await accepted(verifiableCredential)).toBe(true);
    expect(await accepted({ ...verifiableCredential, name: 'Another' })).toBe(false);
    expect((await verify(verifiableCredential)).body.problemDetails).toEqual([]);
    const change = {
      credentialId: id,
      credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: '1' }],
    };
    expect(await ask('credentials/status', change)).toMatchObject({ status: 200, body: { revoked: true } });
    expect((await ask('credentials/status', change)).status).toBe(200);
    const { status, body } = await verify(verifiableCredential);
    // Others know it once the list is signed anew.
    await publishLists();
    expect(await accepted(verifiableCredential)).toBe(false);
    expect([status, body.verdict, titles(body)]).toEqual([400, 'withdrawn', ['REVOKED']]);
  });

  it('gives it in an envelope for who asks so, readable by jose', async () => {
    const { verifiableCredential } = (
      await issue(toIssue({ validFrom: '2026-01-01T00:00:00Z' }), { form: 'enveloped' })
    ).body;
    expect(verifiableCredential).toMatchObject({
      type: 'EnvelopedVerifiableCredential',
      '@context': vcContext,
    });
    const jwt = verifiableCredential.id.split(',')[1];
    const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url').toString());
    const jwk = (await world.app.inject({ url: kid.slice(origin.length) })).json();
    const { payload, protectedHeader } = await compactVerify(jwt, await importJWK(jwk, 'RS256'));
    expect(protectedHeader.typ).toBe('vc+jwt');
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
      iss: ownDid(),
      nbf: 1767225600,
      type: ['VerifiableCredential', 'AlumniCredential'],
    });
    expect(await verify(verifiableCredential)).toMatchObject({ status: 200 });
  });

  it('names every fault at once, also where the issuer is no address', async () => {
    const given = { issuer: 'foo', validFrom: '2026-11-20', credentialSubject: {} };
    const { status, body } = await issue({ ...toIssue(), ...given });
    expect([status, body.code]).toEqual([400, 'credential_malformed']);
    const told = JSON.stringify(body);
    for (const field of ['issuer', 'validFrom', 'credentialSubject']) expect(told).toContain(`/${field}`);
  });

  it.each<[string, unknown, string]>([
    ['a context that is a text', { '@context': vcContext }, 'credential_malformed'],
    [
      'the contexts in another order',
      { '@context': [...(toIssue()['@context'] as string[])].reverse() },
      'credential_malformed',
    ],
    [
      'a context of its own',
      { '@context': [vcContext, { a: 'https://example.org/a' }] },
      'credential_malformed',
    ],
    ['words that no context has', { '@context': [vcContext] }, 'credential_malformed'],
    ['an id that is no address', { id: 'x' }, 'credential_malformed'],
    ['two ids', { id: ['urn:a:b', 'urn:a:c'] }, 'credential_malformed'],
    ['no type', { type: undefined }, 'credential_malformed'],
    ['another type', { type: ['AlumniCredential'] }, 'credential_malformed'],
    ['no subject', { credentialSubject: undefined }, 'credential_malformed'],
    ['a subject without claims', { credentialSubject: {} }, 'credential_malformed'],
    ['a subject whose id is no address', { credentialSubject: { id: 'x' } }, 'credential_malformed'],
    ['a date that is none', { validFrom: 'yesterday' }, 'credential_malformed'],
    [
      'an end before its beginning',
      { validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
      'credential_malformed',
    ],
    [
      'a status without a type',
      { credentialStatus: { id: 'https://example.org/1' } },
      'credential_malformed',
    ],
    ['terms of use without a type', { termsOfUse: { id: 'urn:a:b' } }, 'credential_malformed'],
    ['evidence without a type', { evidence: { id: 'urn:a:b' } }, 'credential_malformed'],
    ['a refresh service without a type', { refreshService: { id: 'urn:a:b' } }, 'credential_malformed'],
    ['a schema without an id', { credentialSchema: { type: 'X' } }, 'credential_malformed'],
    ['a related resource without a digest', { relatedResource: { id: vcContext } }, 'credential_malformed'],
    ['a name in no language', { name: { '@value': 'x', '@language': '-' } }, 'credential_malformed'],
    ['a proof', { proof: { type: 'DataIntegrityProof' } }, 'credential_malformed'],
    ['a tab in a text', { name: 'a\tb' }, 'credential_malformed'],
    ['another issuer', { issuer: 'did:example:x' }, 'issuer_differs'],
    ['an issuer of another programme', { issuer: didWebFor(origin, 'autre-structure') }, 'issuer_differs'],
    ['an issuer that is null', { issuer: null }, 'issuer_differs'],
    [
      'an address of ours as its id',
      { id: `${origin}/b/00000000000000000000000000` },
      'credential_id_refused',
    ],
    ...[
      'OpenBadgeCredential',
      'AchievementCredential',
      'EndorsementCredential',
      'ClrCredential',
      'BitstringStatusListCredential',
      'https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementCredential',
      'https://www.w3.org/ns/credentials/status#BitstringStatusListCredential',
    ].map((type): [string, unknown, string] => [
      `the type ${type}`,
      { type: ['VerifiableCredential', type] },
      'badge_not_issued_this_way',
    ]),
    [
      'the words of badges',
      { '@context': [vcContext, 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'] },
      'badge_not_issued_this_way',
    ],
    [
      'the subject of a badge',
      { credentialSubject: { type: ['AchievementSubject'] } },
      'badge_not_issued_this_way',
    ],
  ])('refuses %s, and signs nothing', async (_, given, code) => {
    const before = await world.api.query('select count(*)::int as n from statement');
    const { status, body } = await issue(JSON.parse(JSON.stringify(toIssue(given as JsonObject))));
    expect([status, body.code]).toEqual([400, code]);
    if (code === 'credential_malformed') {
      expect(body.type).toBe(`${dataModel}MALFORMED_VALUE_ERROR`);
      expect(body.faults.length).toBeGreaterThan(0);
    }
    expect(await world.api.query('select count(*)::int as n from statement')).toEqual(before);
  });

  it('refuses any broken field, whatever is wrong with it', async () => {
    const whole = toIssue({
      id: 'urn:uuid:0b8a9bd2-2222-4a54-8f6c-3b8b5b1d2f03',
      evidence: [{ type: 'E' }],
      termsOfUse: { type: 'T' },
    });
    const broken = fc.constantFrom<unknown>(null, 7, true, 'no address', [null], [[]]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(whole)), broken, async (name, value) => {
        const answer = await world.call('POST /vc-api/credentials/issue', {
          token,
          body: { credential: { ...whole, [name]: value } },
        });
        expect([name, value, answer.status]).toEqual([name, value, 400]);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same credential to the same Idempotency-Key, also when the worker was late', async () => {
    const waiting = world.app.get(OnceSigned);
    const patience = waiting.patienceMs;
    waiting.patienceMs = 100;
    const headers = { 'idempotency-key': 'late' };
    const body = { credential: toIssue({ id: `urn:uuid:${uuid()}` }) };
    const ordered = () => world.call('POST /vc-api/credentials/issue', { token, body, headers });
    try {
      expect(await ordered()).toMatchObject({ status: 503, body: { code: 'credential_not_signed_yet' } });
      expect(await ordered()).toMatchObject({ status: 503 });
    } finally {
      waiting.patienceMs = patience;
    }
    await world.signAll();
    const [first, second] = [await ordered(), await ordered()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(await verify(first.body.verifiableCredential)).toMatchObject({ status: 200 });
    expect(
      await world.api.query('select count(*)::int as n from issued_credential where credential_id = $1', [
        body.credential.id,
      ]),
    ).toEqual([{ n: 1 }]);
    expect((await issue({ ...body.credential, name: 'Other' }, {}, headers)).body.code).toBe(
      'idempotency_key_reused',
    );
    const credentialStatus = { type: 'BitstringStatusListEntry' };
    await ask('credentials/status', { credentialId: body.credential.id, credentialStatus, status: true });
    expect(await ordered()).toMatchObject({ status: 409, body: { code: 'issued_credential_ended' } });
  });

  it('leaves nothing that nobody holds when the worker was late and no key was given', async () => {
    const waiting = world.app.get(OnceSigned);
    const patience = waiting.patienceMs;
    waiting.patienceMs = 100;
    const id = `urn:uuid:${uuid()}`;
    const answer = await world.call('POST /vc-api/credentials/issue', {
      token,
      body: { credential: toIssue({ id }) },
    });
    waiting.patienceMs = patience;
    expect(answer).toMatchObject({ status: 503, body: { code: 'credential_not_signed_yet' } });
    await world.signAll();
    const rows = await world.api.query(
      'select s.state, s.document from issued_credential i join statement s on s.id = i.statement_id where i.credential_id = $1',
      [id],
    );
    expect(rows).toEqual([{ state: 'void', document: null }]);
    expect((await issue(toIssue({ id }))).status).toBe(201);
  });

  it('refuses an id that is taken, a credential that is too large, and whoever may not', async () => {
    const id = `urn:uuid:${uuid()}`;
    expect((await issue(toIssue({ id }))).status).toBe(201);
    expect(await issue(toIssue({ id }))).toMatchObject({
      status: 409,
      body: { code: 'credential_id_taken' },
    });
    expect((await issue(toIssue({ name: 'x'.repeat(70_000) }))).status).toBe(413);
    expect((await issue(toIssue(), { mandatoryPointers: [] })).body.code).toBe('invalid_input');
    const reader = await world.token(world.structure, ['credential:revoke', 'verification:run']);
    expect((await issue(toIssue(), {}, {}, reader)).status).toBe(403);
    expect(
      (await world.call('POST /vc-api/credentials/issue', { body: { credential: toIssue() } })).status,
    ).toBe(401);
    const neighbour = await world.token(world.otherStructure);
    const theirs = (await issue(toIssue({ id }), {}, {}, neighbour)).body.verifiableCredential;
    expect(theirs.issuer).toBe(didWebFor(origin, 'autre-structure'));
  });
});

describe('POST /vc-api/credentials/status', () => {
  const revocation = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' };
  const revoke = (credentialId: string, by = token, more: object = { status: true }) =>
    ask('credentials/status', { credentialId, credentialStatus: revocation, ...more }, by);

  const endedOf = async (id: string): Promise<boolean[]> => {
    const rows: { ended: boolean }[] = await world.api.query(
      'select ended_at is not null as ended from issued_credential where credential_id = $1 order by ended',
      [id],
    );
    return rows.map(({ ended }) => ended);
  };

  it('finds a credential by the name it was given, and one without any by its status entry', async () => {
    const name = 'https://example.org/names/1';
    expect((await issue(toIssue(), { credentialId: name })).status).toBe(201);
    expect((await revoke(name)).status).toBe(200);
    const { verifiableCredential } = (await issue(toIssue())).body;
    expect((await revoke(verifiableCredential.credentialStatus.id)).status).toBe(200);
  });

  it('answers 404 for what is unknown, somebody else’s, or none of this door', async () => {
    const id = `urn:uuid:${uuid()}`;
    await issue(toIssue({ id }));
    const neighbour = await world.token(world.otherStructure);
    for (const [name, by] of [
      [id, neighbour],
      ['urn:uuid:nothing', token],
      [`${origin}/b/nothing`, token],
    ] as const)
      expect(await revoke(name, by)).toMatchObject({ status: 404, body: { code: 'credential_not_found' } });
    expect((await revoke(id)).status).toBe(200);
  });

  it('revokes neither of two credentials with one id, of two organisations, in either order', async () => {
    const sibling = await world.api.transaction((tx) =>
      registerOrganisation(tx, {
        kind: 'structure',
        parentId: world.structure.parentId!,
        slug: 'seconde-structure',
        legalName: 'Seconde Structure',
      }),
    );
    const above = await world.token({ id: world.structure.parentId! } as Organisation);
    const theirs = await world.token(sibling);
    for (const [first, second] of [
      [token, theirs],
      [theirs, token],
    ] as const) {
      const id = `urn:uuid:${uuid()}`;
      const [one, other] = [
        await issue(toIssue({ id }), {}, {}, first),
        await issue(toIssue({ id }), {}, {}, second),
      ];
      const entries = [one, other].map(({ body }) => body.verifiableCredential.credentialStatus.id as string);
      const refused = await revoke(id, above);
      expect(refused).toMatchObject({ status: 409, body: { code: 'credential_id_ambiguous' } });
      for (const entry of entries) expect(refused.body.detail).toContain(entry);
      expect(await endedOf(id)).toEqual([false, false]);
      expect((await revoke(entries[1]!, above)).status).toBe(200);
      // The id again must not reach the one that stands.
      expect((await revoke(id, above)).status).toBe(409);
      expect((await revoke(id, second)).status).toBe(200);
      expect(await endedOf(id)).toEqual([false, true]);
      expect((await revoke(id, first)).status).toBe(200);
      expect(await endedOf(id)).toEqual([true, true]);
    }
  });

  it('answers 400 for anything but a revocation', async () => {
    const change = (credentialStatus: object, status?: boolean) =>
      ask('credentials/status', {
        credentialId: 'urn:a:b',
        credentialStatus,
        ...(status !== undefined && { status }),
      });
    for (const [entry, status] of [
      [revocation, false],
      [revocation, undefined],
      [{ ...revocation, status: '0' }, undefined],
      [{ ...revocation, statusPurpose: 'suspension' }, true],
      [{ ...revocation, type: 'StatusList2021Entry' }, true],
    ] as const)
      expect(await change(entry, status)).toMatchObject({
        status: 400,
        body: { code: 'status_change_refused' },
      });
    expect((await change([])).body.code).toBe('invalid_input');
  });

  it('revokes a badge for who may revoke badges, and for nobody else', async () => {
    const { awardIds } = await aPlannedRoom(world, 1);
    await world.signAll();
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const [badge]: { public_id: string }[] = await world.api.query(
      'select public_id from credential where award_id = $1',
      awardIds,
    );
    const id = `${origin}/b/${badge!.public_id}`;
    const narrow = await world.token(world.structure, ['credential:revoke']);
    expect(await revoke(id, narrow)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect((await revoke(id, await world.token(world.otherStructure))).status).toBe(404);
    expect((await revoke(id)).status).toBe(200);
    const { body } = await world.call(`GET /api/v1/awards/${awardIds[0]}/status`, { token });
    expect(body).toMatchObject({ state: 'revoked', reason: 'organisation_request' });
  });
});

describe('the commands of the guide', () => {
  it('do what the guide says', async () => {
    const guide = readFileSync(projectFile('docs', 'guides', 'vc-api.md'), 'utf8');
    const commands = [...guide.matchAll(/```\n([^`]+)```/g)].map(([, command]) => command!);
    expect(commands).toHaveLength(4);
    const server = await world.app.listen(0, '127.0.0.1');
    const { port } = server.address() as AddressInfo;
    const folder = mkdtempSync(join(tmpdir(), 'vc-api-'));
    const put = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
    put('credential.json', await issued());
    put('presentation.json', await presented());
    const run = async (command: string): Promise<JsonObject> => {
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-c', command.replaceAll('localhost:4180', `127.0.0.1:${port}`)],
        { cwd: folder, env: { ...process.env, TOKEN: token, CHALLENGE: challenge } },
      );
      return JSON.parse(stdout);
    };
    try {
      const answers = await withWorker(async () => {
        const all: JsonObject[] = [];
        for (const command of commands) all.push(await run(command));
        return all;
      });
      expect(answers).toMatchObject([
        { verified: true },
        { verifiableCredential: { issuer: ownDid(), name: 'Member' } },
        { revoked: true },
        { verified: true, holder: holder.did },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
