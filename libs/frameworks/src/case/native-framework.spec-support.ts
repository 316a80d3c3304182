import fc from 'fast-check';
import type { Text } from '#platform';
import type { Competency } from '../competency.entity.js';
import type { Framework, FrameworkLevel } from '../framework.entity.js';
import { caseIdentifiers } from './identifiers.js';
import type { NativeFramework, NativeMatch } from './native-package.js';

const hash = '4d'.repeat(32);
export const ids = caseIdentifiers(hash);

export const aFramework = (given: Partial<Framework> = {}): Framework => ({
  id: 'f',
  code: 'cadre',
  version: '2.1',
  identifier: ids.document,
  title: { fr: 'Cadre\nd’exemple', en: 'Sample framework' },
  publisher: 'Groupe  d’exemple',
  licence: { spdx: 'CC-BY-4.0', attribution: 'Groupe d’exemple' },
  provenance: {},
  issued: '2024-05-01',
  contentHash: hash,
  outcomesHash: null,
  importedAt: new Date('2026-11-01T08:00:00.123Z'),
  ...given,
});
export const aCompetency = (code: string, given: Partial<Competency> = {}): Competency => ({
  id: code,
  frameworkId: 'f',
  code,
  identifier: ids.item(code),
  type: 'competence',
  parentCode: null,
  ordinal: 1,
  title: { fr: `Savoir ${code}`, en: `Skill ${code}` },
  description: null,
  officialUri: null,
  properties: {},
  ...given,
});
export const aLevel = (ordinal: number, given: Partial<FrameworkLevel> = {}): FrameworkLevel => ({
  id: `l${ordinal}`,
  frameworkId: 'f',
  code: String(ordinal),
  ordinal,
  name: { fr: `Niveau ${ordinal}` },
  description: null,
  properties: {},
  ...given,
});
export const aMatch = (originCode: string, given: Partial<NativeMatch> = {}): NativeMatch => ({
  originCode,
  kind: 'isRelatedTo',
  targetFramework: 'digcomp',
  targetCode: '1.1',
  note: null,
  target: {
    identifier: caseIdentifiers('5e'.repeat(32)).item('1.1'),
    version: '2.2',
    title: { en: 'Browsing' },
  },
  ...given,
});

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the import refuses
  .filter((one) => one.isWellFormed() && !/[\0-\x08\v\f\x0e-\x1f\x7f]/.test(one));
const text: fc.Arbitrary<Text> = fc.oneof(
  fc.record({ fr: line, en: line }),
  fc.record({ fr: line }),
  fc.record({ en: line }),
);
const type = fc.oneof(
  fc.constantFrom('area', 'competence', 'module', 'statement', 'learning-outcome', 'constructor'),
  fc.stringMatching(/^[a-z][a-z-]{0,31}$/),
);
/** Frameworks as an import lets them in: framework-import/1 and its outcomes. */
export const frameworks: fc.Arbitrary<NativeFramework> = fc
  .record({
    framework: fc.record({
      title: text,
      publisher: line,
      issued: fc.option(fc.stringMatching(/^\d{4}(-\d{2}(-\d{2})?)?$/)),
      licence: fc.record({
        spdx: fc.option(fc.stringMatching(/^[A-Za-z0-9.+-]{1,64}$/)),
        attribution: line,
      }),
      version: fc.stringMatching(/^[A-Za-zé0-9][A-Za-zé0-9 ().,+_-]{0,20}$/),
    }),
    competencies: fc.array(
      fc.record({
        type,
        title: text,
        description: fc.option(text),
        parent: fc.option(fc.nat(30)),
        officialUri: fc.option(
          fc.constantFrom(
            'http://data.europa.eu/esco/skill/629685b8-5f9e-4522-8cff-b3e2c4ec625a',
            'https://publisher.example/1',
          ),
        ),
        properties: fc.record(
          {
            level: fc.constantFrom('Basic', 'Advanced'),
            kind: fc.constantFrom('Skill', 'Attitude'),
            ai: fc.constantFrom('AI-Explicit', 'AI-Implicit'),
          },
          { requiredKeys: [] },
        ),
      }),
      { maxLength: 8 },
    ),
    levels: fc.array(fc.record({ name: text, description: fc.option(text) }), { maxLength: 3 }),
    matches: fc.array(
      fc.record({
        from: fc.nat(30),
        kind: fc.constantFrom('isRelatedTo', 'exactMatchOf', 'ext:broader'),
        note: fc.option(line),
        isHere: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ framework, competencies, levels, matches }) => ({
    framework: aFramework(framework),
    levels: levels.map((one, at) => aLevel(at + 1, one)),
    competencies: competencies.map(({ parent, ...one }, at) =>
      // An item hangs under an earlier one, so that no circle comes about.
      aCompetency(`C${at}`, { ...one, parentCode: parent === null || at === 0 ? null : `C${parent % at}` }),
    ),
    matches: matches.flatMap(({ from, isHere, ...one }, at) =>
      competencies.length === 0
        ? []
        : [
            aMatch(`C${from % competencies.length}`, {
              ...one,
              targetCode: `T${at}`,
              ...(!isHere && { target: null }),
            }),
          ],
    ),
  }));
