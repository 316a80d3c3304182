import { readdirSync } from 'node:fs';
import { projectFile } from '#platform';
import { hashRows } from './published-hashes.js';
import { selectiveRows } from './published-selective.js';
import { verdictRows } from './published-verdicts.js';

const folder = 'vc-di-ecdsa';
const rows = [
  ...hashRows,
  ...selectiveRows({
    folder: `${folder}/ecdsa-sd-2023/prc`,
    unsigned: `${folder}/prCredUnsigned.json`,
    mandatory: `${folder}/prCredMandatory.json`,
    selective: `${folder}/prCredSelective.json`,
  }),
  ...selectiveRows({
    folder: `${folder}/ecdsa-sd-2023/employ`,
    unsigned: `${folder}/employmentAuth.json`,
    mandatory: `${folder}/employMandatory.json`,
    selective: `${folder}/employSelective.json`,
  }),
  ...verdictRows,
];
// Ours: what the tests sign with, and where the published files are from.
const own = ['README.md', 'published-test-keys.json'];

describe('each published file', () => {
  it('stands in the table once', () => {
    const files = readdirSync(projectFile('test/vectors/published'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) =>
        `${parentPath}/${name}`.slice(projectFile('test/vectors/published').length + 1),
      );
    expect(rows.map(({ file }) => file).sort()).toEqual(files.filter((file) => !own.includes(file)).sort());
  });

  it.each(rows.map((row) => [`${row.file} ${row.says}${row.butNot ? ` (but: ${row.butNot})` : ''}`, row]))(
    '%s',
    async (_, { holds }) => {
      expect.hasAssertions();
      await holds();
    },
  );
});
