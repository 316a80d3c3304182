import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import {
  FrameworkReader,
  frameworksEntities,
  importCodeLists,
  importDocument,
  importFramework,
  importFrameworkFile,
  importOutcomes,
  importShippedFrameworks,
  resolveAlignments,
} from '#frameworks';
import { dataSourceOptions, readProjectJson } from '#platform';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

type Document = Record<string, unknown> & { version: string; items: { title: object }[] };
const shipped = (file: string) => readProjectJson<Document>('libs', 'frameworks', 'data', file);

let database: TestDatabase;
let api: DataSource;
let reader: FrameworkReader;

const tables = ['framework', 'framework_level', 'competency', 'association', 'code_list'];
const sizes = async (): Promise<number[]> =>
  await Promise.all(
    tables.map(async (table) => Number((await api.query(`SELECT count(*) FROM ${table}`))[0].count)),
  );

beforeAll(async () => {
  database = await createTestDatabase();
  // The api's own role: what these tests may do, the service may do.
  api = await new DataSource(
    dataSourceOptions({ url: database.url, entities: frameworksEntities }),
  ).initialize();
  reader = new FrameworkReader(api);
  await api.transaction((tx) => importShippedFrameworks(tx));
}, 120_000);

afterAll(async () => {
  await api?.destroy();
  await database?.drop();
});

describe('importing frameworks', () => {
  it('imports every shipped file to the last item', async () => {
    expect(await sizes()).toEqual([5, 24, 26 + 26 + 885 + 21 + 23 + 7, 23, 6]);
  });

  it('tells what it did, and changes nothing the second time', async () => {
    const before = await api.query('SELECT id, imported_at FROM framework ORDER BY id');
    const told: string[] = [];
    const results = await api.transaction((tx) => importShippedFrameworks(tx, (file) => told.push(file)));
    expect(told).toHaveLength(8);
    expect(results.map((one) => one.outcome)).toEqual(Array(12).fill('unchanged'));
    expect(results.find((one) => one.kind === 'outcomes')).toMatchObject({
      code: 'digcomp-3.0',
      version: '3.0',
      count: 885,
    });
    expect(await api.query('SELECT id, imported_at FROM framework ORDER BY id')).toEqual(before);
  });

  it('takes the same content with keys in another order as the same', async () => {
    const document = shipped('crcn-pix.fr-en.json');
    const reordered = Object.fromEntries(Object.entries(document).reverse());
    expect(await importFramework(api.manager, reordered)).toMatchObject({ outcome: 'unchanged' });
  });

  it('refuses other content under the same version, and says to raise it', async () => {
    const document = shipped('crcn-pix.fr-en.json');
    document.items[0]!.title = { fr: 'Autre chose' };
    const attempt = api.transaction((tx) => importFramework(tx, document, 'crcn.json'));
    await expect(attempt).rejects.toMatchObject({
      code: 'framework_content_changed',
      message: expect.stringMatching(/crcn\.json.*Raise the version/),
    });
    expect((await reader.frameworkView('crcn', '2019')).items[0]!.title.fr).toBe('Information et données');
  });

  it('puts a new version beside the old one', async () => {
    const document = { ...shipped('crcn-pix.fr-en.json'), version: '2031', issued: '2031-01-01' };
    await api
      .transaction(async (tx) => {
        await importFramework(tx, document);
        const [newest, old] = await resolveAlignments(tx, [
          { framework: 'crcn', code: '1.2' },
          { framework: 'crcn', version: '2019', code: '1.2' },
        ]);
        expect([newest!.version, old!.version]).toEqual(['2031', '2019']);
        expect(newest!.id).not.toBe(old!.id);
        throw new Error('put back');
      })
      .catch((error: Error) => expect(error.message).toBe('put back'));
  });

  it('imports a framework once when many try at the same moment', async () => {
    const document = { ...shipped('b2i-adultes-2012.fr.json'), id: 'b2i-parallel' };
    const results = await Promise.all(
      Array.from({ length: 8 }, () => api.transaction((tx) => importFramework(tx, document))),
    );
    expect(results.map((one) => one.outcome).sort()).toEqual(['imported', ...Array(7).fill('unchanged')]);
    expect((await reader.frameworkView('b2i-parallel', '2012')).counts).toEqual({ area: 5, competence: 18 });
  });

  it('refuses outcomes of a framework that is not here', async () => {
    const document = { ...shipped('digcomp-3.0.outcomes.en.json'), framework: 'digcomp-9' };
    await expect(api.transaction((tx) => importOutcomes(tx, document))).rejects.toMatchObject({
      code: 'framework_not_found',
    });
  });

  it('refuses outcomes that hang on a competence the framework does not have', async () => {
    const document = { ...shipped('digcomp-3.0.outcomes.en.json'), framework: 'pcie-7' };
    const before = await sizes();
    await expect(api.transaction((tx) => importOutcomes(tx, document, 'out.json'))).rejects.toMatchObject({
      code: 'invalid_framework_file',
      faults: expect.arrayContaining([
        {
          path: '/statements/0/competence',
          message: 'names "1.1", which pcie-7 historique (7 modules) does not have',
        },
      ]),
    });
    expect(await sizes()).toEqual(before);
  });

  it('lets a code list grow and change its labels, never lose a value', async () => {
    const list = { id: 'test-list', values: [{ code: 'a', label: { fr: 'A' } }] };
    const document = { format: 'code-lists/1', lists: [list], provenance: {} };
    const grown = {
      ...document,
      lists: [
        {
          ...list,
          values: [
            { code: 'a', label: { fr: 'Á' } },
            { code: 'b', label: { fr: 'B' } },
          ],
        },
      ],
    };
    expect(await api.transaction((tx) => importCodeLists(tx, document))).toMatchObject([
      { outcome: 'imported' },
    ]);
    expect(await api.transaction((tx) => importCodeLists(tx, grown))).toMatchObject([
      { outcome: 'updated', count: 2 },
    ]);
    await expect(api.transaction((tx) => importCodeLists(tx, document))).rejects.toMatchObject({
      code: 'code_list_entry_removed',
      details: { list: 'test-list', removed: ['b'] },
    });
    expect((await reader.codeList('test-list'))!.entries.map((entry) => entry.label.fr)).toEqual(['Á', 'B']);
    expect(await reader.codeList('no-such-list')).toBeUndefined();
  });

  it('keeps titles of any Unicode text, or refuses them with a reason', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        count += 1;
        const id = `unicode-${count}`;
        const items = [{ code: '1', type: 'area', parent: null, title: { fr: title } }];
        const document = { ...shipped('pcie-7-modules.fr.json'), id, version: '1', items };
        try {
          await importDocument(api.manager, document, 'x.json');
        } catch (error) {
          expect(error).toMatchObject({
            code: 'invalid_framework_file',
            faults: [{ path: '/items/0/title/fr' }],
          });
          return;
        }
        expect((await reader.competencyView(id, '1', '1')).title.fr).toBe(title);
      }),
      { numRuns: 100 },
    );
  });
});

describe('importing a file', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'insigne frameworks '))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('reads UTF-8 with a byte order mark', async () => {
    const path = file('bom.json', `\ufeff${JSON.stringify(shipped('crcn-pix.fr-en.json'))}`);
    expect(await importFrameworkFile(api.manager, path)).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it.each([
    ['empty.json', '', /empty\.json .*not JSON/],
    ['latin1.json', Buffer.from([0x22, 0xe9, 0x22]), /not UTF-8/],
    ['list.json', '[]', /\/format is not a format this program reads\. Set "format"/],
    ['null.json', 'null', /\/format/],
    ['other.json', '{"format":"starter-catalogue/1"}', /\/format/],
    ['large.json', Buffer.alloc(20 * 1024 * 1024 + 1, 0x20), /larger than 20 MB/],
  ])('refuses %s in one sentence and writes nothing', async (name, content, sentence) => {
    const before = await sizes();
    await expect(importFrameworkFile(api.manager, file(name, content))).rejects.toMatchObject({
      code: 'invalid_framework_file',
      message: expect.stringMatching(sentence),
    });
    expect(await sizes()).toEqual(before);
  });

  it('says when the file is not there', async () => {
    await expect(importFrameworkFile(api.manager, join(folder, 'none.json'))).rejects.toThrow(
      /none\.json .*ENOENT/,
    );
  });
});

describe('reading frameworks', () => {
  it('lists every version with its counts', async () => {
    const list = (await reader.listFrameworks()).filter((one) => /^(crcn|digcomp)/.test(one.code));
    expect(list.map(({ code, version, counts }) => ({ code, version, counts }))).toEqual([
      { code: 'crcn', version: '2019', counts: { area: 5, competence: 16 } },
      { code: 'digcomp-2.2', version: '2.2', counts: { area: 5, competence: 21 } },
      {
        code: 'digcomp-3.0',
        version: '3.0',
        counts: { area: 5, competence: 21, statement: 362, 'learning-outcome': 523 },
      },
    ]);
  });

  it('shows a framework as a tree in its own order, without its hundreds of outcomes', async () => {
    const view = await reader.frameworkView('digcomp-3.0', '3.0');
    expect(view.items.map((area) => area.children.length)).toEqual([3, 6, 4, 4, 4]);
    expect(view.levels.map((level) => [level.name.en, level.properties.sixLevel]).slice(0, 3)).toEqual([
      ['Basic', 'A1'],
      ['Basic', 'A2'],
      ['Intermediate', 'B1'],
    ]);
    expect(view.provenance).toHaveProperty('source.file');
  });

  it('shows a competency with its area, statements and learning outcomes', async () => {
    const view = await reader.competencyView('digcomp-3.0', '3.0', '1.1');
    expect(view.parent).toMatchObject({ code: '1', type: 'area' });
    expect(view.statements[0]).toMatchObject({
      code: 'CS1.1.01',
      properties: { level: 'Basic', ai: 'AI-Implicit' },
    });
    expect(view.learningOutcomes[0]!.properties.kind).toBe('Attitude');
  });

  it('walks the crosswalk from the CRCN to DigComp and back, with official addresses', async () => {
    const { associations } = await reader.competencyView('crcn', '2019', '1.2');
    expect(associations).toEqual([
      expect.objectContaining({
        kind: 'isRelatedTo',
        direction: 'to',
        framework: 'digcomp-2.2',
        version: '2.2',
        code: '1.3',
        targetUri: expect.stringMatching(/^http:\/\/data\.europa\.eu\/esco\/skill\//),
        note: 'Proposed by this project, not official.',
      }),
    ]);
    const back = await reader.competencyView('digcomp-2.2', '2.2', '1.3');
    expect(back.associations.map((one) => [one.direction, one.framework, one.code])).toEqual([
      ['from', 'crcn', '1.2'],
      ['from', 'crcn', '1.3'],
    ]);
  });

  it('says which framework or competency it does not have', async () => {
    await expect(reader.frameworkView('crcn', '1789')).rejects.toMatchObject({ code: 'framework_not_found' });
    await expect(reader.competencyView('crcn', '2019', '9.9')).rejects.toMatchObject({
      code: 'competency_not_found',
    });
  });
});

describe('resolving alignments', () => {
  it('finds them in bulk, in the order asked, twice the same if asked twice', async () => {
    const found = await reader.resolveAlignments([
      { framework: 'digcomp-2.2', code: '1.3' },
      { framework: 'crcn', code: '1.2' },
      { framework: 'digcomp-2.2', version: '2.2', code: '1.3' },
    ]);
    expect(found.map((one) => [one.framework, one.version, one.code])).toEqual([
      ['digcomp-2.2', '2.2', '1.3'],
      ['crcn', '2019', '1.2'],
      ['digcomp-2.2', '2.2', '1.3'],
    ]);
    expect(found[0]).toEqual(found[2]);
    expect(found[0]).toMatchObject({
      title: { fr: expect.any(String), en: expect.any(String) },
      officialUri: expect.stringContaining('esco'),
    });
  });

  it('names all that are unknown at once', async () => {
    const asked = [
      { framework: 'crcn', code: '1.2' },
      { framework: 'crcn', code: '7.7' },
      { framework: 'crcn', version: '1789', code: '1.2' },
    ];
    await expect(reader.resolveAlignments(asked)).rejects.toMatchObject({
      code: 'unknown_competency',
      details: { missing: asked.slice(1) },
    });
  });

  it('brings the level that is asked for as its framework words it, and none where none is asked', async () => {
    const [levelled, plain] = await reader.resolveAlignments([
      { framework: 'crcn', code: '1.2', level: '2' },
      { framework: 'crcn', code: '1.2' },
    ]);
    expect(levelled!.level).toMatchObject({
      code: '2',
      ordinal: 2,
      name: { fr: 'Novice', en: 'Novice' },
      description: { fr: expect.stringContaining('seul une procédure simple') },
    });
    expect(plain!.level).toBeNull();
  });

  it('names all levels that their framework does not have', async () => {
    const asked = [
      { framework: 'crcn', code: '1.2', level: '2' },
      { framework: 'crcn', code: '1.2', level: '9' },
      { framework: 'b2i-adultes-2012', code: 'D1.1', level: '1' },
    ];
    await expect(reader.resolveAlignments(asked)).rejects.toMatchObject({
      code: 'unknown_level',
      message: expect.stringContaining('crcn 1.2, level 9'),
      details: { missing: asked.slice(1) },
    });
  });

  it('answers nothing for nothing', async () => {
    expect(await reader.resolveAlignments([])).toEqual([]);
  });
});

describe('the tables', () => {
  it('are exactly what the entities say', async () => {
    const owner = await new DataSource(
      dataSourceOptions({ url: database.ownerUrl, entities: frameworksEntities }),
    ).initialize();
    const { upQueries } = await owner.driver.createSchemaBuilder().log();
    await owner.destroy();
    const ours = upQueries
      .map((one) => one.query)
      .filter((query) => /"(framework|framework_level|competency|association|code_list)"/.test(query));
    expect(
      ours.filter((query) => !/FOREIGN KEY|_belongs_to_|_has_a_parent_|_starts_at_/.test(query)),
    ).toEqual([]);
  });

  it('let the api change neither a framework nor a competency once imported', async () => {
    await expect(api.query(`UPDATE competency SET title = '{}'`)).rejects.toThrow(/permission denied/);
    await expect(api.query('DELETE FROM framework')).rejects.toThrow(/permission denied/);
  });
});
