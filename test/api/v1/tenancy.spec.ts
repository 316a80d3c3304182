import { uuid } from '#platform';
import type { RouteDescription } from '../../../apps/api/src/openapi/route.js';
import { aPerson, aPlannedRoom } from '../../support/issuance-world.js';
import { type ApiWorld, allRoutes, anApiWorld, autumn, unsoundJwt } from './api-world.js';

const writing = allRoutes.filter(({ method, scopes }) => method !== 'GET' && scopes !== 'everybody');
const withJson = writing.filter(({ body }) => body && body.mediaType === undefined);
const named = (routes: RouteDescription[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Pointers of every object inside a value, the value itself included. */
function objectsIn(value: Json, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => objectsIn(one, `${path}/${i}`));
  if (!isObject(value)) return [];
  return [path, ...Object.entries(value).flatMap(([name, one]) => objectsIn(one, `${path}/${name}`))];
}

/** A copy of the value in which the object at the pointer has one property more. */
function withProperty(value: Json, path: string, name: string, content: Json): Json {
  const copy = structuredClone(value);
  let target: Json = copy;
  for (const step of path.split('/').slice(1)) target = (target as { [name: string]: Json })[step]!;
  Object.defineProperty(target, name, { value: content, enumerable: true });
  return copy;
}

let world: ApiWorld;
let own: string;
let foreignAward: string;
let foreignPerson: string;

beforeAll(async () => {
  world = await anApiWorld();
  own = await world.token(world.otherStructure);
  foreignAward = (await aPlannedRoom(world, 1)).awardIds[0]!;
  foreignPerson = await aPerson(world.api, world.structure.id, 'Amina ETRANGERE');
}, 180_000);
afterAll(() => world?.close());

const counted = ['person', 'membership', 'session', 'attendance', 'assessment', 'award', 'publication'];
const state = async (): Promise<unknown> =>
  Object.fromEntries(
    await Promise.all(
      counted.map(async (table) => [
        table,
        (await world.api.query(`select count(*)::int as n from ${table}`))[0].n,
      ]),
    ),
  );
const addressOf = (route: RouteDescription, id: string): string =>
  `${route.method} ${route.path
    .replace('{organisation}', world.otherStructure.id)
    .replace(/\{(?!organisation)[A-Za-z]+\}/g, id)}`;

describe('what belongs to somebody else', () => {
  const ofThings = allRoutes.filter(
    ({ path, scopes }) => scopes !== 'everybody' && /\{organisation\}.*\{[a-z]*id\}/i.test(path),
  );

  it('is asked for by at least one route below an organisation', () => {
    expect(ofThings.length).toBeGreaterThan(0);
  });

  it.each(named(ofThings))(
    '%s: its id under the own organisation is as unknown as any other',
    async (_, route) => {
      const before = await state();
      const answers = [];
      for (const id of [foreignAward, foreignPerson, uuid(), 'nothing', '%00'])
        answers.push(await world.call(addressOf(route, id), { token: own, body: route.body?.example }));
      for (const { status, body } of answers)
        expect([status, body.code]).toEqual([404, answers[0]!.body.code]);
      expect(await state()).toEqual(before);
    },
  );

  it.each(named(withJson.filter(({ path }) => path.includes('{organisation}'))))(
    '%s takes no person of theirs by id',
    async (_, route) => {
      const text = JSON.stringify(route.body!.example);
      const ids = text.replace(/("(?:[a-z]+)?[pP]ersonId":\s*)"[^"]*"/g, `$1"${foreignPerson}"`);
      if (ids === text) return expect(text).not.toMatch(/[pP]ersonId"/);
      const before = await state();
      const answer = await world.call(addressOf(route, uuid()), { token: own, body: JSON.parse(ids) });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toContain('ETRANGERE');
      expect(await state()).toEqual(before);
    },
  );
});

describe('a property that only the service may set', () => {
  const privileged: [string, Json][] = [
    ['organisationId', uuid()],
    ['id', uuid()],
    ['state', 'issued'],
    ['createdAt', '2020-01-01T00:00:00Z'],
    ['confirmedBy', 'me'],
    ['publicId', '0'.repeat(26)],
    ['scopes', ['award:issue']],
    ['isAdministrator', true],
    ['__proto__', { isAdministrator: true }],
  ];

  it.each(named(withJson))('%s refuses it at every level of the body, by name', async (_, route) => {
    const example = route.body!.example as Json;
    const before = await state();
    for (const path of objectsIn(example))
      for (const [name, content] of privileged) {
        const inside = path
          .split('/')
          .slice(1)
          .reduce<Json>((value, step) => (value as { [name: string]: Json })[step]!, example);
        if (Object.hasOwn(inside as object, name)) continue;
        const body = JSON.stringify(withProperty(example, path, name, content));
        const answer = await world.call(addressOf(route, uuid()), { token: own, body });
        // A badge to verify may hold anything: it is judged, not stored.
        if (route.path.endsWith('/verifications') && path !== '') continue;
        // What is no property of a package of others is told as a fault of the package.
        const isPackage = route.path.endsWith('/framework-imports');
        const status = isPackage && answer.status === 422 ? 422 : 400;
        expect([path, name, answer.status]).toEqual([path, name, status]);
      }
    expect(await state()).toEqual(before);
  });
});

describe('a POST that writes nothing', () => {
  it.each<[string, () => Promise<{ status: number }>, number]>([
    [
      'an analysis',
      () =>
        world.call(`POST /api/v1/organisations/${world.otherStructure.id}/campaign-analyses`, {
          token: own,
          body: autumn,
          headers: { 'idempotency-key': 'analysis' },
        }),
      200,
    ],
    [
      'a verification',
      () =>
        world.call('POST /api/v1/verifications', {
          token: own,
          body: { credential: unsoundJwt },
          headers: { 'idempotency-key': 'verification' },
        }),
      200,
    ],
  ])('%s is made anew for the same key, and its answer is kept nowhere', async (_, ask, wanted) => {
    const before = await state();
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([wanted, wanted]);
    expect((second as { headers?: object }).headers).not.toHaveProperty('idempotency-replayed');
    expect(await world.api.query('select count(*)::int as n from http_idempotency')).toEqual([{ n: 0 }]);
    expect(await state()).toEqual(before);
  });

  it('is told from one that writes, whose answer is kept for the same key', async () => {
    const person = () =>
      world.call(`POST /api/v1/organisations/${world.otherStructure.id}/persons`, {
        token: own,
        body: { givenName: 'Paul', familyName: 'TÉMOIN', birthYear: 1990 },
        headers: { 'idempotency-key': 'a-person' },
      });
    const [first, second] = [await person(), await person()];
    expect([first.status, second.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(second.body).toEqual(first.body);
    expect(await world.api.query('select count(*)::int as n from http_idempotency')).toEqual([{ n: 1 }]);
  });
});
