import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { programVersion, projectFile, readProjectJson } from './project.js';

describe('the files that the checkout ships', () => {
  it('are found from wherever the program is started', () => {
    const before = process.cwd();
    try {
      process.chdir('/');
      expect(isAbsolute(projectFile('package.json'))).toBe(true);
      expect(existsSync(projectFile('apps', 'cli', 'demo', 'campagne-2026-automne.csv'))).toBe(true);
    } finally {
      process.chdir(before);
    }
  });

  it('give the program its version', () => {
    const { name, version } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8'));
    expect([name, version]).toEqual(['insigne', programVersion]);
    expect(programVersion).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('are an error that names the path when they are missing', () => {
    expect(() => readProjectJson('nothing', 'here.json')).toThrow(/here\.json/);
  });
});
