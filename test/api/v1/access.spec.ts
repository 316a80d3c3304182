import { Validator } from '@seriousme/openapi-schema-validator';
import { allScopes } from '#people';
import { compileSchema, uuid } from '#platform';
import { caseRoutes } from '../../../apps/api/src/case/case-routes.js';
import { routeDifferences } from '../../../apps/api/src/http/configure-http.js';
import type { RouteDescription } from '../../../apps/api/src/openapi/route.js';
import { schemaOf } from '../../../apps/api/src/openapi/route.js';
import { aPlannedRoom } from '../../support/issuance-world.js';
import { type ApiWorld, allRoutes, anApiWorld, autumn, type Request } from './api-world.js';

const protectedRoutes = allRoutes.filter(({ scopes }) => scopes !== 'everybody');
const named = (routes: RouteDescription[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** A request that the route would take: the example of its description. */
const bodyOf = ({ body }: RouteDescription): unknown =>
  body && (body.mediaType === 'text/csv' ? autumn : body.example);
const queryOf = ({ path }: RouteDescription): string =>
  path.endsWith('campaign-imports') || path.endsWith('register-corrections')
    ? `?expectedDigest=${'0'.repeat(64)}`
    : '';

let world: ApiWorld;
let own: string;
let foreign: string;
let awardId: string;

beforeAll(async () => {
  world = await anApiWorld();
  [own, foreign] = await Promise.all([world.token(world.structure), world.token(world.otherStructure)]);
  awardId = (await aPlannedRoom(world, 1)).awardIds[0]!;
}, 180_000);
afterAll(() => world?.close());

const addressOf = (route: RouteDescription, organisation = world.structure.id): string =>
  `${route.method} ${route.path
    .replace('{organisation}', organisation)
    .replace('{id}', awardId)
    .replace('{session}', uuid())
    .replace('{code}', 'crcn')
    .replace('{version}', '1')
    .replace('{competency}', '5.2')}${queryOf(route)}`;
const ask = (route: RouteDescription, request: Request, organisation?: string) =>
  world.call(addressOf(route, organisation), { body: bodyOf(route), ...request });

describe('every route', () => {
  it('is described as it is, and the document is valid OpenAPI 3.1', async () => {
    expect(routeDifferences(world.app)).toEqual([]);
    const { body } = await world.call('GET /api/v1/openapi.json');
    expect(await new Validator().validate(body)).toEqual({ valid: true });
    const described = [...allRoutes, ...caseRoutes].map(({ path }) => path);
    expect(Object.keys(body.paths).sort()).toEqual([...new Set(described)].sort());
  });

  it('refers to nothing that the document does not have', async () => {
    const { body } = await world.call('GET /api/v1/openapi.json');
    const found = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    for (const [, name] of found) expect(body.components.schemas).toHaveProperty([name]);
    expect(JSON.stringify(body)).not.toContain('#/$defs/');
  });

  it('stands on the page for people in both languages', async () => {
    for (const language of ['fr', 'en']) {
      const { status, text } = await world.call(`GET /api/docs?lang=${language}`);
      expect(status).toBe(200);
      for (const { operationId } of allRoutes) expect(text).toContain(`id="${operationId}"`);
    }
  });

  it.each(named(allRoutes.filter(({ body }) => body?.mediaType === undefined && body)))(
    '%s shows an example of its body that it would take',
    (_, { body }) => {
      expect(() => compileSchema(schemaOf(body!.schema))(body!.example)).not.toThrow();
    },
  );

  it.each(named(protectedRoutes))('%s is closed without a token', async (_, route) => {
    expect(await ask(route, {})).toMatchObject({ status: 401, body: { code: 'access_token_missing' } });
  });

  it.each(named(protectedRoutes))('%s is closed to a client without its scope', async (_, route) => {
    const others = allScopes.filter((scope) => !route.scopes.includes(scope as never));
    const token = await world.token(world.structure, others);
    expect(await ask(route, { token })).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  // A framework is a document of several formats: it is refused as such (422), see test/api/case-provider.spec.ts.
  const ownFormat = allRoutes.filter(({ operationId }) => operationId !== 'importFramework');

  it.each(named(ownFormat.filter(({ body }) => body?.mediaType === undefined && body)))(
    '%s refuses a field it does not know',
    async (_, route) => {
      const body = { ...(route.body!.example as object), surprise: true };
      const answer = await ask(route, { token: own, body });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
      expect(answer.body.faults).toContainEqual({
        path: '',
        message: 'must not have the property "surprise"',
      });
    },
  );

  it.each(named(allRoutes.filter(({ query }) => query)))(
    '%s refuses a question it does not know',
    async (_, route) => {
      const address = addressOf(route);
      const surprise = `${address}${address.includes('?') ? '&' : '?'}surprise=1`;
      expect(await world.call(surprise, { token: own, body: bodyOf(route) })).toMatchObject({ status: 400 });
    },
  );
});

describe('somebody else’s organisation', () => {
  const inOrganisation = protectedRoutes.filter(({ path }) => path.includes('{organisation}'));
  const ofAward = protectedRoutes.filter(({ path }) => path.startsWith('/api/v1/awards/{id}'));

  it('is asked for by every route but those of the service as a whole', () => {
    const others = protectedRoutes.filter((route) => !inOrganisation.includes(route));
    expect(others.filter((route) => !ofAward.includes(route)).map(({ operationId }) => operationId)).toEqual([
      'listOrganisations',
      'addOrganisation',
      'listFrameworks',
      'getFramework',
      'getCompetency',
      'importFramework',
      'importCrosswalk',
      'getCasePackage',
      'listFrameworkMatches',
      // Both parties of an endorsement may see it; their own tests prove that nobody else does.
      'getEndorsement',
      'acceptEndorsement',
      'refuseEndorsement',
      'withdrawEndorsement',
      'getRecord',
      'withdrawRecord',
      'verifyCredential',
      'vcApiVerifyCredential',
      'vcApiVerifyPresentation',
      'vcApiIssueCredential',
      'vcApiUpdateStatus',
    ]);
  });

  it.each(named(inOrganisation))('%s answers as for one that does not exist', async (_, route) => {
    const asked = [world.structure.id, world.structure.slug, uuid(), 'nowhere', '%00', 'a'.repeat(90)];
    for (const organisation of asked) {
      const answer = await ask(route, { token: foreign }, organisation);
      expect(answer).toMatchObject({ status: 404, body: { code: 'organisation_not_found' } });
      const { instance, details, ...rest } = answer.body;
      expect(rest).toEqual({
        type: 'about:blank',
        title: 'Organisation not found',
        status: 404,
        code: 'organisation_not_found',
        detail: 'No such organisation',
      });
    }
  });

  it.each(named(ofAward))('%s answers as for an award that does not exist', async (_, route) => {
    for (const id of [awardId, uuid(), 'nothing', '%00']) {
      const answer = await world.call(`${route.method} ${route.path.replace('{id}', id)}`, {
        token: foreign,
        body: bodyOf(route),
      });
      expect(answer).toMatchObject({ status: 404, body: { code: 'award_not_found' } });
    }
    const [row] = await world.api.query('select count(*)::int as n from award where id = $1', [awardId]);
    expect(row).toEqual({ n: 1 });
  });

  it('is not listed, nor told by its slug to whoever adds one of the same name', async () => {
    const { body } = await world.call('GET /api/v1/organisations', { token: foreign });
    expect(body.items.map(({ slug }: { slug: string }) => slug)).toEqual(['autre-structure']);
    const programme = await world.token(
      (await world.api.query('select * from organisation where slug = $1', ['autre-programme']))[0],
    );
    const { slug, legalName } = world.structure;
    const answer = await world.call('POST /api/v1/organisations', {
      token: programme,
      body: { kind: 'structure', slug, legalName },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'organisation_slug_taken' } });
    expect(answer.text).not.toContain(world.structure.id);
  });

  it('gives no cursor that leads into it', async () => {
    const forged = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
    for (const after of [forged(['x']), forged([1]), forged([`${awardId}' or true`]), 'AAAA'])
      expect(
        await world.call(`GET /api/v1/organisations/${world.structure.id}/awards?after=${after}`, {
          token: own,
        }),
      ).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  });
});
