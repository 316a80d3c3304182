import fc from 'fast-check';
import type { JsonObject } from '#signing';
import { linkFaults } from './links.js';
import { messages } from './messages.js';
import { resultCodes, resultNotes } from './results.js';

const vc = 'https://www.w3.org/ns/credentials/v2';
const context = (version: string): string[] => [
  vc,
  `https://purl.imsglobal.org/spec/ob/v3p0/context-${version}.json`,
];

/** A badge with these descriptions and results. */
const badge = (descriptions: JsonObject[], results: JsonObject[], version = '3.0.3'): JsonObject => ({
  '@context': context(version),
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  credentialSubject: {
    id: 'urn:uuid:1',
    type: ['AchievementSubject'],
    achievement: { id: 'urn:a', resultDescription: descriptions },
    result: results,
  },
});

const grade = (given: JsonObject = {}): JsonObject => ({
  id: 'urn:grade',
  type: ['ResultDescription'],
  name: 'Final grade',
  resultType: 'LetterGrade',
  ...given,
});
const level = (name: string, given: JsonObject = {}): JsonObject => ({
  id: `urn:level:${name}`,
  name,
  ...given,
});
const result = (given: JsonObject): JsonObject => ({
  type: ['Result'],
  resultDescription: 'urn:grade',
  ...given,
});

const letters = { allowedValue: ['D', 'C', 'B', 'A'], requiredValue: 'C' };
const score = { resultType: 'RawScore', valueMin: '0', valueMax: '20', requiredValue: '10' };
const pointed = {
  requiredLevel: 'urn:level:sure',
  rubricCriterionLevel: [level('sure', { points: '3' }), level('new', { points: '1' })],
};
const unpointed = { requiredLevel: 'urn:level:sure', rubricCriterionLevel: [level('new'), level('sure')] };

const told = (descriptions: JsonObject[], results: JsonObject[], version?: string) =>
  resultNotes(badge(descriptions, results, version)).map(({ code }) => code);
const toldOf = (description: JsonObject, given: JsonObject, version?: string) =>
  told([grade(description)], [result(given)], version);

describe('what is told of a result beside the verdict', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['the very value that is asked for', letters, { value: 'C' }],
    ['a value above it', letters, { value: 'A' }],
    ['a score above it', score, { value: '10,5' }],
    ['the lowest score where none is asked for', { valueMin: '0', valueMax: '20' }, { value: '0' }],
    ['a score written with decimals that count for nothing', score, { value: '20.0' }],
    ['percents above percents', { requiredValue: '60 %' }, { value: '85%' }],
    ['the level that is asked for', unpointed, { achievedLevel: 'urn:level:sure' }],
    [
      'a level of more points',
      { ...pointed, requiredLevel: 'urn:level:new' },
      { achievedLevel: 'urn:level:sure' },
    ],
    [
      'a level where none is asked for',
      { ...unpointed, requiredLevel: undefined },
      { achievedLevel: 'urn:level:new' },
    ],
    ['a value of a description that asks for nothing', {}, { value: 'very good' }],
    ['the value in other letters', letters, { value: ' c ' }],
    ['what is completed', { resultType: 'Status' }, { status: 'Completed' }],
  ])('is nothing of %s', (_what, description, given) => {
    expect(toldOf(description, given)).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a value before it in the list', letters, { value: 'D' }],
    ['a lower score', score, { value: '9.5' }],
    ['a lower score with a comma', score, { value: '9,5' }],
    ['a lower percentage', { requiredValue: '60%' }, { value: '59 %' }],
    ['a level of fewer points', pointed, { achievedLevel: 'urn:level:new' }],
    ['numbers that a list allows', { allowedValue: ['1', '2', '3'], requiredValue: '2' }, { value: '1' }],
  ])('is that it is below what is asked for: %s', (_what, description, given) => {
    expect(toldOf(description, given)).toEqual(['result_below_required']);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a value that no list has', letters, { value: 'Z' }],
    ['a score above the highest', score, { value: '21' }],
    ['a score below the lowest', score, { value: '-1' }],
    ['a score in the list, but above the highest', { ...score, allowedValue: ['10', '30'] }, { value: '30' }],
  ])('is that it is outside what is allowed: %s', (_what, description, given) => {
    expect(toldOf(description, given)).toEqual(['result_outside_allowed']);
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'a level that the description does not have',
      { ...pointed, requiredLevel: 'urn:level:none' },
      { achievedLevel: 'urn:level:new' },
    ],
    ['a level where it has none', { requiredLevel: 'urn:level:sure' }, { value: 'C' }],
    ['a value that its list lacks', { ...letters, requiredValue: 'Z' }, { value: 'D' }],
    ['a value above its highest', { ...score, requiredValue: '30' }, { value: '12' }],
  ])('is that the requirement is none of its own: %s', (_what, description, given) => {
    expect(toldOf(description, given)).toEqual(['requirement_unclear']);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['levels without points, whose order nobody signed', unpointed, { achievedLevel: 'urn:level:new' }],
    [
      'levels of the same points',
      { ...pointed, rubricCriterionLevel: [level('sure', { points: '4' }), level('new', { points: '4' })] },
      { achievedLevel: 'urn:level:new' },
    ],
    ['words', { requiredValue: 'good' }, { value: 'rather good' }],
    ['a score of another unit', score, { value: '85%' }],
    ['a score as a fraction', score, { value: '17/20' }],
    ['a comma that may mean a thousand', { requiredValue: '900' }, { value: '1,000' }],
    [
      'grades that begin with the best',
      { allowedValue: ['A', 'B', 'C'], requiredValue: 'B' },
      { value: 'C' },
    ],
  ])('is that they cannot be compared: %s', (_what, description, given) => {
    expect(toldOf(description, given)).toEqual(['result_not_compared']);
  });

  it.each(['3.0.1', 'x'])('is that they cannot be compared where nobody signed the order: %s', (version) => {
    expect(toldOf(letters, { value: 'D' }, version)).toEqual(['result_not_compared']);
    expect(toldOf(letters, { value: 'C' }, version)).toEqual([]);
  });

  it('compares numbers that a list holds from high to low as numbers', () => {
    const description = { allowedValue: ['3', '2', '1'], requiredValue: '2' };
    expect(toldOf(description, { value: '1' })).toEqual(['result_below_required']);
    expect(toldOf(description, { value: '3' })).toEqual([]);
  });

  it.each(['Failed', 'Withdrew', 'Enrolled', 'InProgress', 'OnHold', 'Provisional'])(
    'is that a result of status %s is not passed or not finished, described or not',
    (status) => {
      expect(toldOf({ resultType: 'Status' }, { status })).toEqual(['result_not_completed']);
      expect(told([], [{ type: ['Result'], status }])).toEqual(['result_not_completed']);
    },
  );

  it('has the badge’s own words for what was achieved, asked for and allowed', () => {
    const [below] = resultNotes(badge([grade(letters)], [result({ value: 'D' })]));
    expect(below).toEqual({
      code: 'result_below_required',
      detail: messages.result_below_required,
      path: '/credentialSubject/result/0',
      name: 'Final grade',
      achieved: 'D',
      required: 'C',
    });
    const [byLevel] = resultNotes(badge([grade(pointed)], [result({ achievedLevel: 'urn:level:new' })]));
    expect(byLevel).toMatchObject({ achieved: 'new', required: 'sure' });
    const [outside] = resultNotes(badge([grade(score)], [result({ value: '21' })]));
    expect(outside).toMatchObject({ achieved: '21', allowed: '0 – 20' });
    expect(outside).not.toHaveProperty('required');
    const [unclear] = resultNotes(badge([grade({ requiredLevel: 'urn:none' })], []));
    expect(unclear).toMatchObject({
      required: 'urn:none',
      path: '/credentialSubject/achievement/resultDescription/0',
    });
  });

  it('puts the weightiest first and is never long', () => {
    const results = Array.from({ length: 50 }, (_one, at) => result({ value: at === 49 ? 'D' : 'Z' }));
    const codes = told([grade(letters)], results);
    expect(codes).toHaveLength(20);
    expect(codes.slice(0, 2)).toEqual(['result_below_required', 'result_outside_allowed']);
  });

  it('is nothing of what is no badge', () => {
    const other = { ...badge([grade(letters)], [result({ value: 'D' })]), type: ['VerifiableCredential'] };
    expect(resultNotes(other)).toEqual([]);
  });
});

describe('ids of descriptions and levels', () => {
  const codes = (descriptions: JsonObject[], results: JsonObject[]) =>
    linkFaults(badge(descriptions, results)).map(({ code }) => code);
  const one = grade(letters);

  it('leave open what a result means when different descriptions bear them', () => {
    const split = [grade({ allowedValue: letters.allowedValue }), grade({ requiredValue: 'C' })];
    expect(codes(split, [result({ value: 'D' })])).toEqual(['result_ambiguous']);
    expect(codes([...split].reverse(), [result({ value: 'D' })])).toEqual(['result_ambiguous']);
  });

  it('leave open what a result means when different levels bear them', () => {
    const levels = [level('new'), { ...level('new'), name: 'sure' }];
    expect(
      codes([grade({ rubricCriterionLevel: levels })], [result({ achievedLevel: 'urn:level:new' })]),
    ).toEqual(['result_ambiguous']);
  });

  it('may stand twice over the same words, or where no result refers to them', () => {
    expect(codes([one, { ...one }], [result({ value: 'D' })])).toEqual([]);
    expect(
      codes([one, grade({ id: 'urn:b' }), grade({ id: 'urn:b', name: 'x' })], [result({ value: 'D' })]),
    ).toEqual([]);
  });
});

describe('results of any badge', () => {
  const json = fc.jsonValue({ maxDepth: 2 });
  const anyOf = (known: string[]) => fc.oneof(fc.constantFrom(...known), json);
  const ids = ['urn:grade', 'urn:level:new', 'urn:level:sure'];
  const values = ['A', 'C', 'D', '9,5', '10', '1e9', '60%', ' ', '\u202e'];
  const anyLevel = fc.record(
    { id: anyOf(ids), name: anyOf(['new']), points: anyOf(values) },
    { requiredKeys: [] },
  );
  const anyDescription = fc.record(
    {
      id: anyOf(ids),
      name: anyOf(['Final grade']),
      resultType: anyOf(['Status', 'LetterGrade']),
      allowedValue: fc.oneof(fc.array(anyOf(values), { maxLength: 4 }), json),
      requiredValue: anyOf(values),
      requiredLevel: anyOf(ids),
      valueMin: anyOf(values),
      valueMax: anyOf(values),
      rubricCriterionLevel: fc.oneof(fc.array(anyLevel, { maxLength: 3 }), json),
    },
    { requiredKeys: [] },
  );
  const anyResult = fc.record(
    {
      resultDescription: anyOf(ids),
      achievedLevel: anyOf(ids),
      value: anyOf(values),
      status: anyOf(['Failed']),
    },
    { requiredKeys: [] },
  );

  it('are read without a throw, and told in short texts and known codes', () => {
    fc.assert(
      fc.property(
        fc.array(anyDescription, { maxLength: 3 }),
        fc.array(anyResult, { maxLength: 3 }),
        (descriptions, results) => {
          const given = badge(descriptions as JsonObject[], results as JsonObject[]);
          linkFaults(given);
          for (const { code, detail: _detail, ...texts } of resultNotes(given)) {
            expect(resultCodes).toContain(code);
            for (const text of Object.values(texts)) expect(text.length).toBeLessThanOrEqual(200);
          }
        },
      ),
    );
  });

  it('are below what is asked for exactly when the number is lower, however it is written', () => {
    const tenths = fc.integer({ min: -500, max: 500 });
    const write = (tenth: number, sign: string): string => (tenth / 10).toFixed(1).replace('.', sign);
    fc.assert(
      fc.property(
        tenths,
        tenths,
        fc.constantFrom('.', ','),
        fc.constantFrom('', '%', ' %'),
        (one, other, sign, unit) => {
          const codes = toldOf(
            { requiredValue: write(other, '.') + unit.trim() },
            { value: write(one, sign) + unit },
          );
          expect(codes).toEqual(one < other ? ['result_below_required'] : []);
        },
      ),
    );
  });

  it('are told by their place in a list, whatever words it has', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[g-z]{1,6}$/), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (allowedValue, first, second) => {
        const [at, asked] = [first % allowedValue.length, second % allowedValue.length];
        const codes = toldOf(
          { allowedValue, requiredValue: allowedValue[asked]! },
          { value: allowedValue[at]! },
        );
        expect(codes).toEqual(at < asked ? ['result_below_required'] : []);
      }),
    );
  });
});
