import { readdirSync } from 'node:fs';
import { projectFile, readProjectJson } from '#platform';
import {
  codeListsDocument,
  type FrameworkDocument,
  frameworkDocument,
  outcomesDocument,
} from './documents.js';
import { InvalidFrameworkFile } from './refusals.js';

const data = ['libs', 'frameworks', 'data'];
const crcn = () => readProjectJson<FrameworkDocument>(...data, 'crcn-pix.fr-en.json');

function refusal(run: () => unknown): InvalidFrameworkFile {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidFrameworkFile) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const refused = (change: (document: FrameworkDocument) => unknown) => {
  const document = crcn();
  change(document);
  return refusal(() => frameworkDocument(document, 'crcn.json'));
};

describe('the documents a structure can import', () => {
  it('accepts every file that the program ships', () => {
    const checks = {
      'framework-import/1': frameworkDocument,
      'framework-import-outcomes/1': outcomesDocument,
      'code-lists/1': codeListsDocument,
    };
    const files = readdirSync(projectFile(...data)).filter((file) => file.endsWith('.json'));
    expect(files).toHaveLength(8);
    for (const file of files) {
      const document = readProjectJson<{ format: keyof typeof checks }>(...data, file);
      expect(checks[document.format](document, file)).toBe(document);
    }
  });

  it('names the file, the place and the remedy of a fault', () => {
    const error = refused((document) => Object.assign(document.items[3]!, { title: 'Interagir' }));
    expect(error.code).toBe('invalid_framework_file');
    expect(error.faults).toEqual([{ path: '/items/3/title', message: 'must be object' }]);
    expect(error.message).toMatch(
      /^crcn\.json was not imported: \/items\/3\/title must be object\. Correct these/,
    );
  });

  it('lists every fault, and shortens only the message', () => {
    const error = refused((document) => {
      for (const item of document.items) Object.assign(item, { type: 4 });
    });
    expect(error.faults).toHaveLength(21);
    expect(error.message).toContain('and 1 more');
  });

  it.each([
    ['an unknown field', (document: FrameworkDocument) => Object.assign(document, { owner: 'x' }), ''],
    ['a missing version', (document: FrameworkDocument) => Reflect.deleteProperty(document, 'version'), ''],
    [
      'a language it does not know',
      (document: FrameworkDocument) => Object.assign(document.title, { de: 'x' }),
      '/title',
    ],
    [
      'a text in no language',
      (document: FrameworkDocument) => (document.items[0]!.title = {}),
      '/items/0/title',
    ],
    [
      'a code that no address can carry',
      (document: FrameworkDocument) => (document.items[0]!.code = '../1'),
      '/items/0/code',
    ],
    ['a version that climbs up', (document: FrameworkDocument) => (document.version = '..'), '/version'],
    [
      'a control character',
      (document: FrameworkDocument) => (document.items[0]!.title = { fr: 'a\u0000b' }),
      '/items/0/title/fr',
    ],
    [
      'half a character',
      (document: FrameworkDocument) => (document.items[0]!.title = { fr: 'a\ud83d' }),
      '/items/0/title/fr',
    ],
    [
      'an address that is not ESCO',
      (document: FrameworkDocument) => (document.items[0]!.escoUri = 'javascript:1'),
      '/items/0/escoUri',
    ],
    [
      'a level without a name',
      (document: FrameworkDocument) => Reflect.deleteProperty(document.levels[0]!, 'name'),
      '/levels/0',
    ],
  ])('refuses %s and says where', (_, change, path) => {
    expect(refused(change).faults.map((fault) => fault.path)).toContain(path);
  });

  it('refuses an item whose parent is not in the file', () => {
    expect(refused((document) => (document.items[7]!.parent = '9')).faults).toEqual([
      { path: '/items/7/parent', message: 'names "9", which no item of the file has' },
    ]);
  });

  it('refuses a code used twice and names both places', () => {
    expect(refused((document) => (document.items[8]!.code = document.items[7]!.code)).faults).toEqual([
      { path: '/items/8/code', message: 'repeats the code "1.3" of /items/7/code' },
    ]);
  });

  it('refuses items that are each other’s parent', () => {
    const error = refused((document) => {
      document.items[0]!.parent = '2';
      document.items[1]!.parent = '1';
    });
    expect(error.faults.slice(0, 2)).toEqual([
      { path: '/items/0/parent', message: 'leads back to the item itself' },
      { path: '/items/1/parent', message: 'leads back to the item itself' },
    ]);
  });

  it('refuses an outcomes file that was cut short', () => {
    const document = readProjectJson<{ statements: unknown[] }>(...data, 'digcomp-3.0.outcomes.en.json');
    document.statements.pop();
    expect(refusal(() => outcomesDocument(document, 'outcomes.json')).faults).toEqual([
      { path: '/counts/statements', message: 'announces 362, the file has 361' },
    ]);
  });

  it('refuses a list that offers a value twice', () => {
    const document = readProjectJson<{ lists: { values: unknown[] }[] }>(...data, 'coop-thematiques.fr.json');
    document.lists[0]!.values.push(document.lists[0]!.values[0]);
    expect(refusal(() => codeListsDocument(document, 'lists.json')).faults[0]!.path).toBe(
      '/lists/0/values/19/code',
    );
  });

  it('never accepts a property of the prototype', () => {
    const document = JSON.parse(JSON.stringify(crcn()).replace('"format"', '"__proto__":{"x":1},"format"'));
    expect(refusal(() => frameworkDocument(document, 'crcn.json')).faults[0]!.message).toContain('__proto__');
  });
});
