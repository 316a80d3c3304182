import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFile } from '#platform';

const parent = mkdtempSync(join(tmpdir(), 'insigne lint '));
afterAll(() => rmSync(parent, { recursive: true }));

const programs = {
  biome: '@biomejs/biome/bin/biome',
  tsc: 'typescript/bin/tsc',
  cruiser: 'dependency-cruiser/bin/dependency-cruise.mjs',
  knip: 'knip/bin/knip.js',
};

/** Runs the real tools/lint.mjs over programs that end with the given code. */
function lint(failing: Partial<Record<keyof typeof programs, string>>): {
  code: number | null;
  said: string;
} {
  const root = mkdtempSync(join(parent, 'a clone '));
  mkdirSync(join(root, 'tools'));
  for (const file of ['lint.mjs', 'prepare.mjs'])
    cpSync(projectFile('tools', file), join(root, 'tools', file));
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}');
  for (const [name, path] of Object.entries(programs)) {
    const file = join(root, 'node_modules', path);
    mkdirSync(dirname(file), { recursive: true });
    const words = failing[name as keyof typeof programs];
    writeFileSync(
      file,
      words === undefined ? '' : `console.log(${JSON.stringify(words)}); process.exitCode = 2;`,
    );
  }
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'tools', 'lint.mjs')], {
    encoding: 'utf8',
  });
  return { code: status, said: stdout };
}

describe('npm run lint', () => {
  it('is clean when each of its four checks is', () => {
    const { code, said } = lint({});
    expect(code).toBe(0);
    expect(said.match(/^ok {4} /gm)).toHaveLength(4);
    expect(said).toMatch(/clean\n$/);
    expect(said).not.toContain('not clean');
  });

  it.each([
    ['biome', 'npx biome check --write'],
    ['tsc', 'mend the types'],
    ['cruiser', '.dependency-cruiser.cjs'],
    ['knip', 'delete what nobody uses'],
  ] as const)('is not clean when %s finds something: shows it and what to do', (name, advice) => {
    const { code, said } = lint({ [name]: 'a finding of the program' });
    expect(code).toBe(1);
    expect(said.match(/^FAILED /gm)).toHaveLength(1);
    expect(said).toContain('a finding of the program');
    expect(said).toContain(advice);
    expect(said).toMatch(/npm run lint: not clean\n$/);
  });

  it('runs every check even when the first ones fail', () => {
    const { said } = lint({ biome: 'first', tsc: 'second', knip: 'last' });
    for (const words of ['first', 'second', 'last']) expect(said).toContain(words);
    expect(said.match(/^(ok|FAILED)/gm)).toHaveLength(4);
  });
});
