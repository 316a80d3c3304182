import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { importAchievements } from '#badges';
import { type CasePackage, FrameworkReader, importDocument, withoutExtensions } from '#frameworks';
import { readStarterCatalogue } from '#workshops';
import { aLink, anItem, aPackage, packages } from '../../libs/frameworks/src/case/builders.spec-support.js';
import { caseFaults as faults } from '../support/case-judge.js';
import { type ApiWorld, anApiWorld } from './v1/api-world.js';

const origin = 'http://localhost:4180';
const base = `${origin}/ims/case/v1p1`;

describe('frameworks as CASE 1.1', () => {
  let world: ApiWorld;
  let token: string;

  beforeAll(async () => {
    world = await anApiWorld();
    token = await world.token(world.structure);
  }, 120_000);
  afterAll(async () => await world?.close());

  const get = (url: string, headers: Record<string, string> = {}) =>
    world.app.inject({ url: url.replace(base, '/ims/case/v1p1').replace(origin, ''), headers });
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

  it('stands in the description of the API, open to everybody, with the errors of CASE', async () => {
    const { paths } = (await get('/api/v1/openapi.json')).json();
    const { get: list } = paths['/ims/case/v1p1/CFDocuments'];
    const { get: one } = paths['/ims/case/v1p1/{kind}/{identifier}'];
    expect([list.security, one.security]).toEqual([[], []]);
    for (const [operation, status, url] of [
      [list, 400, `${base}/CFDocuments?limit=0`],
      [one, 404, `${base}/CFItems/${randomUUID()}`],
    ] as const) {
      const answer = await get(url);
      const { schema } = operation.responses[status].content['application/json'];
      expect([answer.statusCode, Object.keys(answer.json())]).toEqual([
        status,
        expect.arrayContaining(schema.required),
      ]);
    }
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

  it('says of each competence of DigComp 2.2 which skill of ESCO it is', async () => {
    const { CFItems, CFAssociations } = await packageOf(/DigComp 2.2/);
    const skills = CFAssociations!.filter((one) => one.associationType === 'exactMatchOf');
    expect(skills).toHaveLength(26);
    expect(new Set(skills.map((one) => one.destinationNodeURI.uri)).size).toBe(26);
    const alone = (await get(skills[0]!.uri)).json();
    expect(faults('CFAssociation', alone)).toEqual([]);
    expect(alone.destinationNodeURI.uri).toMatch(/^http:\/\/data\.europa\.eu\/esco\/skill\//);
    const item = CFItems!.find((one) => one.identifier === skills[0]!.originNodeURI.identifier)!;
    const set = (await get(`${base}/CFItemAssociations/${item.identifier}`)).json();
    expect(set.CFAssociations).toContainEqual(expect.objectContaining({ identifier: alone.identifier }));
    expect((await get(item.uri, { accept: 'text/html' })).body).toContain(alone.destinationNodeURI.uri);
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
    const id = randomUUID();
    for (const [method, path, payload] of [
      ['POST', '/CFDocuments', '{}'],
      ['POST', '/CFDocuments', '{"broken'],
      ['PUT', `/CFItems/${id}`, '{}'],
      ['DELETE', `/CFItems/${id}`, undefined],
    ] as const) {
      const answer = await world.app.inject({
        method,
        url: `/ims/case/v1p1${path}`,
        ...(payload && { payload, headers: { 'content-type': 'application/json' } }),
      });
      expect([method, answer.statusCode, answer.headers.allow]).toEqual([method, 405, 'GET, HEAD']);
      expect(faults('imsx_StatusInfo', answer.json())).toEqual([]);
    }
  });

  it.each(['', '/', '/CFItems', '/CFItems/', '/nothing', '/CFItems/a/b', '/?lang=fr'])(
    'answers 404 with a status where nothing is: %s',
    async (path) => {
      const answer = await get(`${base}${path}`, { accept: 'text/html' });
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(faults('imsx_StatusInfo', answer.json())).toEqual([]);
    },
  );

  it('keeps the errors of other addresses as they are', async () => {
    for (const url of ['/ims/case', '/ims/case/v1p12/CFItems'])
      expect((await get(url)).headers['content-type']).toMatch(/problem\+json/);
  });

  const sizes = async (): Promise<unknown> =>
    await world.api.query(
      `SELECT (SELECT count(*) FROM framework) AS frameworks, (SELECT count(*) FROM case_object) AS objects,
              (SELECT count(*) FROM competency) AS items, (SELECT count(*) FROM framework_match) AS matches`,
    );
  const bring = (body: unknown, code?: string) =>
    world.call(`POST /api/v1/framework-imports${code ? `?code=${code}` : ''}`, { token, body });
  const exported = async ({ CFDocument }: CasePackage) =>
    (await get(`${base}/CFPackages/${CFDocument.identifier}`)).json<CasePackage>();

  it('takes a package of CASE 1.0 in once, and gives it back as it was', async () => {
    const whole = aPackage();
    const first = await bring(whole, 'cadre');
    expect(first.body.items).toEqual([
      { kind: 'framework', code: 'cadre', version: '2024', outcome: 'imported', count: 5 },
    ]);
    const after = await sizes();
    expect((await bring(whole)).body.items[0]).toMatchObject({ outcome: 'unchanged', code: 'cadre' });
    expect(await sizes()).toEqual(after);
    expect(await exported(whole)).toEqual(whole);
    expect(faults('CFPackage', await exported(whole))).toEqual([]);
    for (const [kind, path, { identifier }] of [
      ['CFConceptSet', 'CFConcepts', whole.CFDefinitions!.CFConcepts![0]!],
      ['CFSubjectSet', 'CFSubjects', whole.CFDefinitions!.CFSubjects![0]!],
      ['CFItem', 'CFItems', whole.CFItems![1]!],
      ['CFAssociationSet', 'CFItemAssociations', whole.CFItems![1]!],
      ['CFRubric', 'CFRubrics', whole.CFRubrics![0]!],
    ] as const)
      expect({ kind, faults: faults(kind, (await get(`${base}/${path}/${identifier}`)).json()) }).toEqual({
        kind,
        faults: [],
      });
    const page = await get('/frameworks/cadre/2024/C2?lang=fr', { accept: 'text/html' });
    expect(page.body).toContain('Dit la même chose que');
    expect(page.body).toContain('https://ailleurs.example/42');
  });

  it('gives back any package: to strangers without extensions, to staff to the last member', async () => {
    await fc.assert(
      fc.asyncProperty(packages, async (given) => {
        const whole = { ...given, CFDocument: { ...given.CFDocument, identifier: randomUUID() } };
        const [done] = await world.api.transaction((tx) => importDocument(tx, whole, 'x'));
        const { code, version } = done!;
        expect(await exported(whole)).toEqual(JSON.parse(JSON.stringify(withoutExtensions(whole))));
        const address = `${encodeURIComponent(code)}/${encodeURIComponent(version!)}`;
        const own = await world.call(`GET /api/v1/case-packages/${address}`, { token });
        expect(own.body).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 12 },
    );
  });

  it('puts a newer package beside the old one, so that alignments keep their meaning', async () => {
    const newer = aPackage();
    newer.CFItems![1]!.fullStatement = 'Calculer autrement';
    const refused = await bring(newer);
    expect([refused.status, refused.body.code]).toEqual([409, 'framework_content_changed']);
    newer.CFItems![1]!.lastChangeDateTime = '2025-03-01T08:00:00Z';
    expect((await bring(newer)).body.items[0]).toMatchObject({ code: 'cadre', version: '2024 (2025-03-01)' });
    const [old, latest] = await new FrameworkReader(world.api).resolveAlignments([
      { framework: 'cadre', version: '2024', code: 'C2' },
      { framework: 'cadre', code: 'C2' },
    ]);
    expect(old!.title.fr).toContain('frac');
    expect(latest!.title.fr).toBe('Calculer autrement');
    expect((await exported(newer)).CFItems![1]!.fullStatement).toBe('Calculer autrement');
    expect((await bring(aPackage())).body.items[0]).toMatchObject({ outcome: 'unchanged', version: '2024' });
  });

  it('imports a package once when many try at the same moment', async () => {
    const whole = aPackage();
    whole.CFDocument.identifier = '11111111-2222-4333-8444-555555555555';
    const results = await Promise.all(
      Array.from({ length: 4 }, () => world.api.transaction((tx) => importDocument(tx, whole, 'x'))),
    );
    expect(results.map(([one]) => one!.outcome).sort()).toEqual(['imported', ...Array(3).fill('unchanged')]);
  });

  it('refuses what is wrong at its place, and changes nothing', async () => {
    const before = await sizes();
    const circle = aPackage({
      CFItems: [anItem(1), anItem(2)],
      CFAssociations: [
        aLink(1, 'isChildOf', anItem(1), anItem(2)),
        aLink(2, 'isChildOf', anItem(2), anItem(1)),
      ],
    });
    const ours = await packageOf(/PCIE/);
    for (const [body, path] of [
      [circle, '/CFAssociations/0/destinationNodeURI'],
      [{ CFDocument: {} }, '/CFDocument'],
      [{ ...ours, CFItems: [] }, '/CFDocument/identifier'],
    ] as const) {
      const answer = await bring(body);
      expect([answer.status, answer.body.faults[0].path]).toEqual([422, path]);
    }
    const reader = await world.token(world.structure, ['framework:read']);
    expect((await world.call('POST /api/v1/framework-imports', { token: reader, body: circle })).status).toBe(
      403,
    );
    expect(await sizes()).toEqual(before);
  });

  const head =
    'origin_framework,origin_code,kind,destination_framework,destination_code,destination_uri,destination_title,stated_by,stated_on,source,source_uri';
  const said = 'Groupe d’exemple,2026-05-04,Note de travail,https://groupe.example/note';
  const rows = [
    `crcn,1.1,exactMatchOf,digcomp-3.0,1.1,,,${said}`,
    `digcomp-2.2,1.2,replacedBy,digcomp-3.0,1.2,,,${said}`,
    `crcn,1.1,isRelatedTo,,,https://ailleurs.example/7,Search the web,${said}`,
  ];
  const crosswalk = (...lines: string[]) =>
    world.call('POST /api/v1/crosswalk-imports', { token, body: Buffer.from([head, ...lines].join('\n')) });

  it('takes in what somebody says of two frameworks, and tells who, when and where', async () => {
    expect((await crosswalk(...rows)).body.items[0]).toMatchObject({ outcome: 'imported', count: 3 });
    expect((await crosswalk(...rows)).body.items[0]).toMatchObject({ outcome: 'unchanged' });
    const { body } = await world.call('GET /api/v1/framework-matches?framework=crcn&version=2019', { token });
    const match = body.items.find((one: { kind: string }) => one.kind === 'exactMatchOf');
    expect(match).toMatchObject({
      origin: { framework: 'crcn', version: '2019', code: '1.1' },
      destination: { framework: 'digcomp-3.0', version: '3.0', code: '1.1' },
      statedBy: 'Groupe d’exemple',
      statedOn: '2026-05-04',
      sourceUri: 'https://groupe.example/note',
    });
    const association = (await get(`${base}/CFAssociations/${match.id}`)).json();
    expect(faults('CFAssociation', association)).toEqual([]);
    const set = (await get(`${base}/CFItemAssociations/${association.originNodeURI.identifier}`)).json();
    expect(faults('CFAssociationSet', set)).toEqual([]);
    expect(set.CFAssociations.map((one: { uri: string }) => one.uri)).toContain(association.uri);
    const french = await get('/frameworks/crcn/2019/1.1?lang=fr', { accept: 'text/html' });
    expect(french.body).toMatch(
      /Dit la même chose que.*Selon <bdi>Groupe d’exemple<\/bdi>, le .*4 mai 2026/s,
    );
    const english = await get('/frameworks/digcomp-3.0/3.0/1.2?lang=en', { accept: 'text/html' });
    expect(english.body).toMatch(/Replaces.*Said by <bdi>Groupe d’exemple<\/bdi> on .*4 May 2026/s);
  });

  it.each([
    [
      'a competency that is not here',
      rows[0]!.replace('digcomp-3.0,1.1', 'digcomp-9,1.1'),
      'which is not here',
    ],
    ['a competency that matches itself', rows[0]!.replace('digcomp-3.0', 'crcn'), 'twice the same'],
    ['another note under the same day', rows[2]!.replace('Search', 'Find'), 'from the same day'],
  ])('refuses %s', async (_, line, message) => {
    const before = await sizes();
    const answer = await crosswalk(line);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_framework_file']);
    expect(answer.body.detail).toContain(message);
    expect(await sizes()).toEqual(before);
  });

  it('aligns a badge with exact matches where its catalogue says so, as the next version only', async () => {
    const catalogue = readStarterCatalogue();
    const references = catalogue.workshops
      .flatMap((one) => one.alignments)
      .filter((one) => one.framework === 'crcn' && one.code === '1.1');
    expect(references.length).toBeGreaterThan(0);
    const bringCatalogue = () =>
      world.api.transaction((tx) =>
        importAchievements(tx, {
          organisationId: world.structure.parentId!,
          organisationName: 'Exemple',
          catalogue,
        }),
      );
    await bringCatalogue();
    expect((await bringCatalogue()).revised).toBe(0);
    for (const reference of references) reference.exactMatches = true;
    expect((await bringCatalogue()).revised).toBeGreaterThan(0);
    const versions: { version: number; codes: string[] }[] = await world.api.query(
      `SELECT code, version, jsonb_path_query_array(alignments, '$[*].framework') AS codes FROM achievement
        WHERE organisation_id = $1 AND superseded_at IS NULL AND alignments @> '[{"framework": "crcn", "code": "1.1"}]'`,
      [world.structure.parentId],
    );
    expect(versions.every((one) => one.version > 1 && one.codes.includes('digcomp-3.0'))).toBe(true);
    const [{ old }] = await world.api.query(
      `SELECT count(*)::integer AS old FROM achievement WHERE organisation_id = $1 AND superseded_at IS NOT NULL
          AND alignments @> '[{"framework": "digcomp-3.0"}]'`,
      [world.structure.parentId],
    );
    expect(old).toBe(0);
    expect((await bringCatalogue()).revised).toBe(0);
  });
});
