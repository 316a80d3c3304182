import type { JsonObject } from '#signing';
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
import { type ApiWorld, anApiWorld } from './api-world.js';

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
      'select document, jwt from credential limit 1',
    );
    for (const form of [JSON.parse(badge!.document), enveloped(badge!.jwt)])
      expect(await verify(form)).toMatchObject({ status: 200, body: { verified: true } });
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
