import { createPublicKey } from 'node:crypto';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Bitstring,
  buildStatusListCredential,
  didDocument,
  didWebFor,
  type JsonObject,
  jwkOf,
  multikeyOf,
  signWithDataIntegrity,
  statusEntry,
} from '#signing';
import { aBadge, issuedAt, keys } from '../../../test/vectors/world.js';
import { OutsideVerifier } from './outside-verifier.js';

const pages = new Map<string, unknown>();
const asked: string[] = [];
let server: Server;
let origin: string;

const did = (slug = 'north'): string => didWebFor(origin, slug);
const sign = (document: JsonObject, slug = 'north'): Promise<JsonObject> =>
  signWithDataIntegrity({
    document,
    privateKey: slug === 'north' ? keys.ed : keys.otherEd,
    verificationMethod: `${did(slug)}#ed-1`,
    created: issuedAt,
  });

/** A signed badge that points at entry `index` of the list `name`. */
const badgeAt = (name: string, index = 8, given: JsonObject = {}): Promise<JsonObject> =>
  sign(
    aBadge({
      issuer: { id: did(), type: ['Profile'], name: 'Nord' },
      credentialStatus: statusEntry({ list: `${origin}/status/${name}`, index }),
      ...given,
    }),
  );

interface ListGiven {
  bits?: number[];
  slug?: string;
  validFrom?: Date;
  validUntil?: Date;
  purpose?: 'revocation' | 'suspension';
}

/** Serves a signed status list. @returns it */
async function serveList(name: string, given: ListGiven = {}): Promise<JsonObject> {
  const { slug = 'north', bits: set = [], validFrom = issuedAt, ...more } = given;
  const bits = Bitstring.ofLength();
  for (const index of set) bits.set(index);
  const id = `${origin}/status/${name}`;
  const list = await sign(
    buildStatusListCredential({ id, issuer: did(slug), bits, validFrom, ...more }),
    slug,
  );
  pages.set(`/status/${name}`, list);
  return list;
}

function serveIssuer(slug: string, key: typeof keys.ed): void {
  const publicKey = {
    id: 'ed-1',
    algorithm: 'Ed25519',
    publicJwk: jwkOf(key),
    publicMultibase: multikeyOf(createPublicKey(key)),
    compromisedSince: null,
  };
  pages.set(`/issuers/${slug}/did.json`, didDocument({ did: did(slug), keys: [publicKey] }));
}

const check = (badge: object) => new OutsideVerifier(origin).check(badge);

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push(request.url!);
    const page = pages.get(request.url!);
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(typeof page === 'string' ? page : JSON.stringify(page ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  serveIssuer('north', keys.ed);
  serveIssuer('south', keys.otherEd);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the verifier that is not ours', () => {
  it('accepts a badge whose bit of the signed list is not set', async () => {
    await serveList('plain', { bits: [7, 9] });
    expect(await check(await badgeAt('plain'))).toEqual({ accepted: true, status: 'active' });
  });

  it('fetches the list before it says yes, for each badge anew', async () => {
    await serveList('watched');
    const badge = await badgeAt('watched');
    const verifier = new OutsideVerifier(origin);
    asked.length = 0;
    for (const _ of [1, 2]) expect((await verifier.check(badge)).accepted).toBe(true);
    expect(asked.filter((path) => path === '/status/watched')).toHaveLength(2);
    expect(asked.filter((path) => path.endsWith('did.json'))).toHaveLength(1);
  });

  it('refuses a badge from the moment its list says revoked', async () => {
    await serveList('changing');
    const badge = await badgeAt('changing');
    const verifier = new OutsideVerifier(origin);
    expect(await verifier.check(badge)).toEqual({ accepted: true, status: 'active' });
    await serveList('changing', { bits: [8] });
    expect(await verifier.check(badge)).toEqual({
      accepted: false,
      status: 'revoked',
      reason: 'revoked by its issuer',
    });
  });

  it('tells a suspended badge from a revoked one, and revoked weighs more', async () => {
    await serveList('revocations', { bits: [11] });
    await serveList('suspensions', { bits: [10, 11], purpose: 'suspension' });
    const both = async (index: number) =>
      check(
        await badgeAt('revocations', index, {
          credentialStatus: (['revocations', 'suspensions'] as const).map((name) => ({
            ...statusEntry({ list: `${origin}/status/${name}`, index }),
            statusPurpose: name.slice(0, -1),
          })),
        }),
      );
    expect(await both(9)).toEqual({ accepted: true, status: 'active' });
    expect(await both(10)).toMatchObject({ accepted: false, status: 'suspended' });
    expect(await both(11)).toMatchObject({ accepted: false, status: 'revoked' });
  });

  it('refuses a badge that names no list', async () => {
    const badge = await badgeAt('none', 8, { credentialStatus: undefined });
    expect(await check(JSON.parse(JSON.stringify(badge)))).toMatchObject({
      accepted: false,
      status: 'unknown',
    });
  });
});

describe('a status list that cannot be believed', () => {
  it.each<[string, (badge: string) => Promise<void>, RegExp]>([
    ['is not there', async () => undefined, /answers 404/],
    ['is no JSON', async (name) => void pages.set(`/status/${name}`, '<html>'), /Could not load/],
    [
      'is another document',
      async (name) => void pages.set(`/status/${name}`, pages.get('/issuers/north/did.json')),
      /./,
    ],
    [
      'had a bit turned back after signing',
      async (name) => {
        const list = await serveList(name, { bits: [8] });
        const encodedList = Bitstring.ofLength().encode();
        const credentialSubject = { ...(list.credentialSubject as object), encodedList };
        pages.set(`/status/${name}`, { ...list, credentialSubject });
      },
      /not verified/,
    ],
    ['is another issuer’s', async (name) => void (await serveList(name, { slug: 'south' })), /do not match/],
    [
      'has gone out of date',
      async (name) => void (await serveList(name, { validUntil: new Date('2026-11-21T00:00:00Z') })),
      /expired|not verified/,
    ],
    [
      'is for another purpose',
      async (name) => void (await serveList(name, { purpose: 'suspension' })),
      /purpose/,
    ],
  ])('refuses the badge when it %s', async (what, prepare, reason) => {
    const name = what.replace(/\W/g, '');
    await prepare(name);
    const verdict = await check(await badgeAt(name));
    expect(verdict).toMatchObject({ accepted: false, status: 'unknown' });
    expect(verdict.reason).toMatch(reason);
  });

  it('refuses an index outside the list', async () => {
    await serveList('short');
    expect(await check(await badgeAt('short', 131_072))).toMatchObject({
      accepted: false,
      status: 'unknown',
    });
  });

  it('asks no other host for a list', async () => {
    const elsewhere = statusEntry({ list: 'https://elsewhere.example/status/1', index: 1 });
    const verdict = await check(await badgeAt('x', 1, { credentialStatus: elsewhere }));
    expect(verdict).toMatchObject({ accepted: false, status: 'unknown' });
  });
});

describe('a badge that is not as it was signed', () => {
  it('is refused for one changed letter, though its list says active', async () => {
    await serveList('altered');
    const badge = await badgeAt('altered');
    const verdict = await check({ ...badge, name: `${badge.name as string}.` });
    expect(verdict.accepted).toBe(false);
    expect(verdict.reason).toMatch(/[Ii]nvalid signature|Verification error/);
  });

  it('is refused when its index points at a neighbour', async () => {
    await serveList('neighbour', { bits: [8] });
    const badge = await badgeAt('neighbour');
    const credentialStatus = statusEntry({ list: `${origin}/status/neighbour`, index: 9 });
    expect(await check({ ...badge, credentialStatus })).toMatchObject({ accepted: false });
  });

  it('is refused when it is out of date or signed by somebody else', async () => {
    await serveList('dated');
    const expired = await badgeAt('dated', 8, { validUntil: '2026-11-21T00:00:00Z' });
    expect(await check(expired)).toMatchObject({ accepted: false });
    const { proof: _, ...unsigned } = await badgeAt('dated');
    expect(await check(await sign(unsigned as JsonObject, 'south'))).toMatchObject({ accepted: false });
  });
});
