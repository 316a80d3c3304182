import type { JsonObject } from '#signing';
import { aBadge, anAchievement, aSubject, signed, signedJwt } from '../world.js';
import type { Family, Handed } from './family.js';

const grade: JsonObject = {
  id: 'urn:example:grade',
  type: ['ResultDescription'],
  name: 'Note finale',
  resultType: 'LetterGrade',
  allowedValue: ['D', 'C', 'B', 'A'],
  requiredValue: 'C',
};
const rubric: JsonObject = {
  id: 'urn:example:rubric',
  type: ['ResultDescription'],
  name: 'Autonomie',
  resultType: 'RubricCriterionLevel',
  requiredLevel: 'urn:example:rubric#alone',
  rubricCriterionLevel: [
    { id: 'urn:example:rubric#helped', type: ['RubricCriterionLevel'], name: 'Avec aide', points: '1' },
    { id: 'urn:example:rubric#alone', type: ['RubricCriterionLevel'], name: 'Seul', points: '2' },
  ],
};
const score: JsonObject = {
  id: 'urn:example:score',
  type: ['ResultDescription'],
  name: 'Test',
  resultType: 'RawScore',
  valueMin: '0',
  valueMax: '20',
  requiredValue: '10',
};
const course: JsonObject = {
  id: 'urn:example:course',
  type: ['ResultDescription'],
  name: 'Parcours',
  resultType: 'Status',
};

/** Results that reach what their descriptions ask for. */
const reached: JsonObject[] = [
  { type: ['Result'], resultDescription: grade.id, value: 'B' },
  { type: ['Result'], resultDescription: rubric.id, achievedLevel: 'urn:example:rubric#alone' },
  { type: ['Result'], resultDescription: score.id, value: '10' },
  { type: ['Result'], resultDescription: course.id, status: 'Completed' },
];
const described = [grade, rubric, score, course];

const badgeWith = (resultDescription: JsonObject[], result: JsonObject[]): JsonObject =>
  aBadge({ credentialSubject: aSubject({ achievement: anAchievement({ resultDescription }), result }) });

/** The original with members of one description and of its result changed before it is signed. */
const withOne = (at: number, description: JsonObject, result: JsonObject = {}) =>
  badgeWith(
    described.map((one, place) => (place === at ? { ...one, ...description } : one)),
    reached.map((one, place) => (place === at ? { ...one, ...result } : one)),
  );
const badge = (at: number, description: JsonObject, result?: JsonObject) => async (): Promise<Handed> => ({
  input: await signed(withOne(at, description, result)),
});
const twice = (one: JsonObject, other: JsonObject) => async (): Promise<Handed> => ({
  input: await signed(badgeWith([...described.filter(({ id }) => id !== one.id), one, other], reached)),
});

export const results: Family = {
  form: 'results and their descriptions',
  original: async () => ({ input: await signed(badgeWith(described, reached)) }),
  faults: [
    [
      'a result of a description that another achievement has',
      'links failed result_without_description',
      badge(0, {}, { resultDescription: 'urn:example:elsewhere' }),
    ],
    [
      'a level of another description of the same achievement',
      'links failed level_unknown',
      badge(0, {}, { achievedLevel: 'urn:example:rubric#alone' }),
    ],
    [
      'a level without a description',
      'links failed result_without_description',
      badge(1, {}, { resultDescription: undefined }),
    ],
    [
      'a result of a status without one',
      'links failed result_without_status',
      badge(3, {}, { status: undefined }),
    ],
    [
      'a description written as two, of which one hides what is asked for',
      'links unknown result_ambiguous',
      twice({ ...grade, requiredValue: undefined }, { ...grade, allowedValue: undefined }),
    ],
    [
      'two descriptions under one id',
      'links unknown result_ambiguous',
      twice(score, { ...score, requiredValue: '5' }),
    ],
    [
      'two levels under one id',
      'links unknown result_ambiguous',
      badge(1, {
        rubricCriterionLevel: [
          { id: 'urn:example:rubric#alone', type: ['RubricCriterionLevel'], name: 'Avec aide' },
          { id: 'urn:example:rubric#alone', type: ['RubricCriterionLevel'], name: 'Seul' },
        ],
      }),
    ],
  ],
};

/** Authentic all the same: what the check of links tells beside the verdict, and what of the badge it is told of. */
export const toldOfResults: [what: string, code: string, told: JsonObject, badge: () => Promise<Handed>][] = [
  [
    'a grade below the one that is asked for',
    'result_below_required',
    { name: 'Note finale', achieved: 'D', required: 'C' },
    badge(0, {}, { value: 'D' }),
  ],
  [
    'a level of fewer points than the one that is asked for',
    'result_below_required',
    { name: 'Autonomie', achieved: 'Avec aide', required: 'Seul' },
    badge(1, {}, { achievedLevel: 'urn:example:rubric#helped' }),
  ],
  [
    'a score below the one that is asked for, as a JWT',
    'result_below_required',
    { name: 'Test', achieved: '9,5', required: '10' },
    async () => ({ input: signedJwt(withOne(2, {}, { value: '9,5' })) }),
  ],
  [
    'a status that says it is failed',
    'result_not_completed',
    { name: 'Parcours', achieved: 'Failed' },
    badge(3, {}, { status: 'Failed' }),
  ],
  [
    'a grade that is not among those allowed',
    'result_outside_allowed',
    { name: 'Note finale', achieved: 'F', allowed: 'D, C, B, A' },
    badge(0, {}, { value: 'F' }),
  ],
  [
    'a score above the highest',
    'result_outside_allowed',
    { name: 'Test', achieved: '21', allowed: '0 – 20' },
    badge(2, {}, { value: '21' }),
  ],
  [
    'a required level that the description does not have',
    'requirement_unclear',
    { name: 'Autonomie', required: 'urn:example:rubric#master' },
    badge(1, { requiredLevel: 'urn:example:rubric#master' }),
  ],
  [
    'a required value that the description does not allow',
    'requirement_unclear',
    { name: 'Note finale', required: 'E' },
    badge(0, { requiredValue: 'E' }),
  ],
  [
    'a level beside the one that is asked for, without points',
    'result_not_compared',
    { name: 'Autonomie', achieved: 'Avec aide', required: 'Seul' },
    badge(
      1,
      {
        rubricCriterionLevel: [
          { id: 'urn:example:rubric#helped', type: ['RubricCriterionLevel'], name: 'Avec aide' },
          { id: 'urn:example:rubric#alone', type: ['RubricCriterionLevel'], name: 'Seul' },
        ],
      },
      { achievedLevel: 'urn:example:rubric#helped' },
    ),
  ],
];
