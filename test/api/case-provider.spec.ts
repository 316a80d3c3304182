import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ValidateFunction } from 'ajv';
import { DataSource } from 'typeorm';
import { type CasePackage, frameworksEntities, importShippedFrameworks } from '#frameworks';
import { ajv2019, dataSourceOptions, readProjectJson } from '#platform';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { configureHttp } from '../../apps/api/src/http/configure-http.js';
import { httpAdapter } from '../../apps/api/src/http/http-adapter.js';
import { errorPage } from '../../apps/api/src/public/error-page.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const origin = 'http://localhost:4180';
const base = `${origin}/ims/case/v1p1`;

const judge = ajv2019();
const judges = new Map<string, ValidateFunction>();
/** What 1EdTech's own schema of this kind says against a value. */
function faults(kind: string, value: unknown): unknown[] {
  let check = judges.get(kind);
  if (!check) {
    const file = `case_v1p1_${kind.toLowerCase()}-jsonschema1.json`;
    check = judge.compile(readProjectJson<object>('schemas', 'standards', 'case-v1p1', file));
    judges.set(kind, check);
  }
  return check(value) ? [] : (check.errors ?? []).slice(0, 5);
}

describe('the provider of CASE 1.1', () => {
  let urls: TestDatabase;
  let database: DataSource;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    urls = await createTestDatabase();
    database = await new DataSource(
      dataSourceOptions({ url: urls.url, entities: frameworksEntities }),
    ).initialize();
    await database.transaction((tx) => importShippedFrameworks(tx));
    const secretFile = join(mkdtempSync(join(tmpdir(), 'insigne-case-')), 'token.secret');
    writeFileSync(secretFile, 'x'.repeat(40));
    app = await NestFactory.create<NestFastifyApplication>(
      ApiModule.with({
        DATABASE_URL: urls.url,
        INSIGNE_ORIGIN: origin,
        PORT: 0,
        HOST: '127.0.0.1',
        tokenSecret: 'x'.repeat(40),
      }),
      httpAdapter(),
      { logger: ['error'] },
    );
    configureHttp(app, { errorPage });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await database?.destroy();
    await urls?.drop();
  });

  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ url: url.replace(base, '/ims/case/v1p1').replace(origin, ''), headers });
  const documents = async (query = '') =>
    (await get(`${base}/CFDocuments${query}`)).json<{ CFDocuments: CasePackage['CFDocument'][] }>()
      .CFDocuments;
  const packageOf = async (title: RegExp, lang = 'en'): Promise<CasePackage> => {
    const found = (await documents('?lang=en')).find((one) => title.test(one.title))!;
    return (await get(`${base}/CFPackages/${found.identifier}?lang=${lang}`)).json();
  };

  it('lists every framework that the program ships, valid against 1EdTech’s schema', async () => {
    const answer = await get(`${base}/CFDocuments`);
    expect(answer.statusCode).toBe(200);
    expect(faults('CFDocumentSet', answer.json())).toEqual([]);
    expect(answer.json().CFDocuments).toHaveLength(5);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'x-total-count': '5',
      'access-control-allow-origin': '*',
      'last-modified': expect.stringMatching(/GMT$/),
    });
  });

  it.each(['fr', 'en'])(
    'gives each of them whole, valid, without extensions, in %s where it exists',
    async (lang) => {
      for (const { identifier } of await documents()) {
        const answer = await get(`${base}/CFPackages/${identifier}?lang=${lang}`);
        const whole = answer.json<CasePackage>();
        expect({ of: whole.CFDocument.title, faults: faults('CFPackage', whole) }).toMatchObject({
          faults: [],
        });
        expect(answer.body).not.toContain('"extensions"');
        expect(answer.headers['content-language']).toBe(lang);
        const said = new Set(whole.CFItems!.map((item) => item.language));
        expect(
          ['crcn', 'digcomp-2.2'].some((code) => whole.CFDocument.uri.includes(code)) ? [...said] : [lang],
        ).toEqual([lang]);
        expect(whole.CFItems!.every((item) => /^.{14}5/.test(item.identifier))).toBe(true);
      }
    },
  );

  it('hangs every item on its parent or on the document, in the framework’s own order', async () => {
    const { CFDocument, CFItems, CFAssociations } = await packageOf(/DigComp 3.0/);
    expect(CFItems).toHaveLength(26 + 362 + 523);
    const known = new Set([CFDocument.identifier, ...CFItems!.map((item) => item.identifier)]);
    const tree = CFAssociations!.filter((one) => one.associationType === 'isChildOf');
    expect(tree).toHaveLength(CFItems!.length);
    expect(tree.every((one) => known.has(one.destinationNodeURI.identifier))).toBe(true);
    const tops = tree.filter((one) => one.destinationNodeURI.identifier === CFDocument.identifier);
    expect(tops.map((one) => one.sequenceNumber)).toEqual([1, 2, 3, 4, 5]);
  });

  it('makes one rubric of the levels', async () => {
    const { CFRubrics } = await packageOf(/DigComp 2.2/);
    const levels = CFRubrics![0]!.CFRubricCriteria![0]!.CFRubricCriterionLevels!;
    expect(levels.map((level) => [level.position, level.score])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n, n]),
    );
    const alone = await get(CFRubrics![0]!.uri);
    expect(faults('CFRubric', alone.json())).toEqual([]);
    expect((await packageOf(/B2i/)).CFRubrics).toBeUndefined();
  });

  it('gives every object of a package alone, under the identifier and at the address that the package says', async () => {
    const whole = await packageOf(/CRCN|compétences numériques.*\(|French|référence/i);
    const { CFDefinitions: definitions } = whole;
    const every: [string, { uri: string; identifier: string }, (body: never) => unknown][] = [
      ['CFAssociation', whole.CFAssociations![0]!, (body) => body],
      ['CFAssociation', whole.CFAssociations!.at(-1)!, (body) => body],
      ['CFAssociationGrouping', definitions!.CFAssociationGroupings![0]!, (body) => body],
      ['CFLicense', definitions!.CFLicenses![0]!, (body) => body],
      [
        'CFItemTypeSet',
        definitions!.CFItemTypes![0]!,
        (body: { CFItemTypes: unknown[] }) => body.CFItemTypes[0],
      ],
    ];
    for (const [kind, { uri, identifier }, itself] of every) {
      const answer = await get(uri);
      expect({ uri, status: answer.statusCode }).toEqual({ uri, status: 200 });
      expect(faults(kind, answer.json())).toEqual([]);
      expect(itself(answer.json() as never)).toMatchObject({ identifier, uri });
    }
    for (const { identifier, uri } of whole.CFItems!.slice(0, 3)) {
      const item = (await get(`${base}/CFItems/${identifier}`)).json();
      expect(faults('CFItem', item)).toEqual([]);
      expect(item).toMatchObject({
        identifier,
        uri,
        CFDocumentURI: { identifier: whole.CFDocument.identifier },
      });
      expect((await get(uri)).json().CFItem.identifier).toBe(identifier);
    }
    const document = (await get(`${base}/CFDocuments/${whole.CFDocument.identifier}`)).json();
    expect(faults('CFDocument', document)).toEqual([]);
    expect((await get(document.CFPackageURI.uri)).statusCode).toBe(200);
    expect((await get(document.uri)).json().CFDocument.identifier).toBe(document.identifier);
  });

  it('gives an item with all that it stands in', async () => {
    const { CFItems } = await packageOf(/CRCN|French|référence/i);
    const item = CFItems!.find((one) => one.humanCodingScheme === '1.2')!;
    const set = (await get(`${base}/CFItemAssociations/${item.identifier}`)).json();
    expect(faults('CFAssociationSet', set)).toEqual([]);
    expect(set.CFAssociations.map((one: { associationType: string }) => one.associationType)).toEqual([
      'isChildOf',
      'isRelatedTo',
    ]);
  });

  it('keeps identifiers when another installation imports the same file', async () => {
    const { CFDocument, CFItems } = await packageOf(/PCIE/);
    expect([CFDocument.identifier, CFItems![0]!.identifier]).toMatchInlineSnapshot(`
[
  "61b69c98-ff04-5602-813a-66fdb60209e9",
  "bb9112bb-477a-585b-94e4-4384bb837375",
]
`);
  });

  it.each([
    ['CFDocuments', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFPackages', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFItems', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFItemAssociations', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFAssociations', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFAssociationGroupings', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFConcepts', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFItemTypes', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFLicenses', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFSubjects', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFRubrics', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
    ['CFItems', 'nothing', 'invalid_uuid'],
    ['constructor', '2a0f8c6e-55a2-4d0c-9f0a-000000000000', 'unknownobject'],
  ])('answers 404 with a status to /%s/%s', async (kind, identifier, codeMinor) => {
    const answer = await get(`${base}/${kind}/${identifier}`);
    expect(answer.statusCode).toBe(404);
    expect(faults('imsx_StatusInfo', answer.json())).toEqual([]);
    expect(answer.json().imsx_codeMinor.imsx_codeMinorField[0].imsx_codeMinorFieldValue).toBe(codeMinor);
  });

  it('pages, sorts, filters and chooses members', async () => {
    const first = await get(
      `${base}/CFDocuments?limit=2&sort=title&orderBy=desc&fields=title,identifier&lang=en`,
    );
    expect(first.headers.link).toMatch(
      /offset=2>; rel="next".*offset=4>; rel="last".*offset=0>; rel="first"/,
    );
    expect(Object.keys(first.json().CFDocuments[0])).toEqual(['identifier', 'title']);
    const all = await documents('?sort=title&orderBy=desc&lang=en');
    const second = await documents('?limit=2&offset=2&sort=title&orderBy=desc&lang=en');
    expect(second.map((one) => one.identifier)).toEqual(all.slice(2, 4).map((one) => one.identifier));
    const filter = encodeURIComponent("title~'digcomp' AND version='3.0' OR version='2012'");
    expect((await documents(`?filter=${filter}`)).map((one) => one.version).sort()).toEqual(['2012', '3.0']);
  });

  it.each([
    ['sort=colour', 'invalid_sort_field'],
    ['limit=0', 'invalid_selection_field'],
    ['limit=1&limit=2', 'invalid_selection_field'],
    ['fields=title,colour', 'invalid_selection_field'],
    [`filter=${encodeURIComponent("title='a' OR")}`, 'invalid_selection_field'],
  ])('refuses %s with what is allowed', async (query, codeMinor) => {
    const answer = await get(`${base}/CFDocuments?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(faults('imsx_StatusInfo', answer.json())).toEqual([]);
    expect(answer.json().imsx_codeMinor.imsx_codeMinorField[0].imsx_codeMinorFieldValue).toBe(codeMinor);
  });

  it('says "not modified" to who has it', async () => {
    const { headers } = await get(`${base}/CFDocuments`);
    const again = await get(`${base}/CFDocuments`, { 'if-none-match': String(headers.etag) });
    expect(again.statusCode).toBe(304);
    const since = await get(`${base}/CFDocuments`, { 'if-modified-since': String(headers['last-modified']) });
    expect(since.statusCode).toBe(304);
    const before = await get(`${base}/CFDocuments`, { 'if-modified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' });
    expect(before.statusCode).toBe(200);
  });

  it('is read-only', async () => {
    const answer = await app.inject({ method: 'POST', url: '/ims/case/v1p1/CFDocuments', payload: {} });
    expect(answer.statusCode).toBe(404);
  });
});
