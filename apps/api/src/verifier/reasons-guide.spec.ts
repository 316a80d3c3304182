import { readFileSync } from 'node:fs';
import { projectFile } from '#platform';
import { reasonTexts } from '#verification';
import { verifierTexts } from './verifier-texts.js';

interface Row {
  code: string;
  says: string;
  remedy: string;
}

/** The rows of the tables below a heading, cell by cell. */
function rowsBelow(page: string, heading: string): Row[] {
  const part = page.split(/^## /m).find((one) => one.startsWith(heading)) ?? '';
  return [...part.matchAll(/^\| `([a-z0-9_]+)` \| (.*) \| (.*) \|$/gm)].map(([, code, says, remedy]) => ({
    code: code!,
    says: says!,
    remedy: remedy!,
  }));
}

const pageIn = (language: 'fr' | 'en'): string =>
  readFileSync(projectFile('docs', 'guides', `reasons.${language}.md`), 'utf8');

describe.each([
  ['fr', 'Des vérifications', 'Avant toute vérification'],
  ['en', 'Of the checks', 'Before any check'],
] as const)('the guide of reasons in %s', (language, ofChecks, before) => {
  const page = pageIn(language);
  const codesOf = (heading: string) => rowsBelow(page, heading).map(({ code }) => code);

  it('names every code that a check can give, once, and no other', () => {
    expect(codesOf(ofChecks).sort()).toEqual(Object.keys(reasonTexts).sort());
  });

  it('says what the check itself says', () => {
    for (const { code, says } of rowsBelow(page, ofChecks))
      expect([code, says]).toEqual([code, reasonTexts[code as keyof typeof reasonTexts][language]]);
  });

  it('names everything that is no badge at all, for the page, the API and the terminal', () => {
    const problems = Object.keys(verifierTexts[language].problems);
    expect(codesOf(before).sort()).toEqual([...problems, 'file_unreadable'].sort());
  });

  it('has a remedy for each, and more than one way out', () => {
    const remedies = [ofChecks, before].flatMap((heading) => rowsBelow(page, heading));
    for (const { remedy } of remedies) expect(remedy).toMatch(/^\p{Lu}.{8,}[.?]$/u);
    expect(new Set(remedies.map(({ remedy }) => remedy)).size).toBeGreaterThan(30);
  });

  it('is found from the guide for those who check a badge', () => {
    const guide = readFileSync(projectFile('docs', 'guides', `verifying.${language}.md`), 'utf8');
    expect(guide).toContain(`(reasons.${language}.md)`);
  });
});

it('of reasons gives the same codes in both languages, in the same order', () => {
  const order = (language: 'fr' | 'en') =>
    [...pageIn(language).matchAll(/^\| `([a-z0-9_]+)`/gm)].map(([, code]) => code);
  expect(order('fr')).toEqual(order('en'));
});
