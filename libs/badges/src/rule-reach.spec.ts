import fc from 'fast-check';
import { aContext, anAssessment, assessor, learner, someFacts } from './builders.spec-support.js';
import { type AwardRule, type Condition, evaluateRule, type Facts } from './rule.js';
import { reachOf } from './rule-reach.js';

const workshops = fc.constantFrom('CE-1', 'CE-2', 'SEC-1');
const sessions = fc.constantFrom('s1', 's2', 's3');
const days = fc.constantFrom('2026-08-31', '2026-10-05', '2026-11-05');

const aFact: fc.Arbitrary<Facts> = fc
  .record({
    attendances: fc.array(
      fc.record({
        sessionId: sessions,
        workshopCode: workshops,
        heldOn: days,
        status: fc.constantFrom('present' as const, 'absent' as const, 'excused' as const),
      }),
      { maxLength: 4 },
    ),
    assessments: fc.array(
      fc
        .record({
          sessionId: sessions,
          workshopCode: workshops,
          outcome: fc.constantFrom('acquired' as const, 'almost' as const, 'not_assessed' as const),
          assessorPersonId: fc.constantFrom(assessor, learner, null),
          assessedOn: days,
        })
        .map((given) => anAssessment(given)),
      { maxLength: 4 },
    ),
    animated: fc.array(fc.record({ sessionId: sessions, heldOn: days }), { maxLength: 4 }),
    professional: fc.array(
      fc.record({
        kind: fc.constantFrom('animator-training' as const, 'animator-observation' as const),
        occurredOn: days,
        recordedByPersonId: fc.constantFrom(assessor, learner, null),
      }),
      { maxLength: 2 },
    ),
  })
  .map((given) => someFacts(given));

const aCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ presence: fc.record({ workshop: workshops, sessions: fc.integer({ min: 1, max: 3 }) }) }),
  fc.record({ acquired: fc.record({ workshop: workshops }) }),
  fc.record({ badge: fc.constantFrom('B-CE-1', 'B-CE-2') }),
  fc.record({ animated: fc.record({ sessions: fc.integer({ min: 1, max: 3 }) }) }),
  fc.record({ fact: fc.record({ kind: fc.constantFrom('animator-training' as const) }) }),
);

const aRule: fc.Arbitrary<AwardRule> = fc.record({
  all: fc.array(aCondition, { minLength: 1, maxLength: 3 }),
});
const someHeld = fc
  .subarray(['B-CE-1', 'B-CE-2'])
  .map((codes) => new Map(codes.map((code) => [code, '2026-10-05'])));

describe('what is out of reach', () => {
  it('is never earned, and never waits for a confirmed assessor alone', () => {
    let [near, far] = [0, 0];
    fc.assert(
      fc.property(aRule, aFact, someHeld, (rule, facts, held) => {
        if (reachOf(facts)(rule, held)) {
          near += 1;
          return;
        }
        far += 1;
        const answer = evaluateRule(rule, facts, aContext({ held }));
        expect(answer.met).toBe(false);
        if (!answer.met)
          expect(answer.missing.some(({ code }) => code !== 'assessor_not_mandated')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    // Both were met often enough to mean something.
    expect(Math.min(near, far)).toBeGreaterThan(100);
  });

  it('is nothing that lacks a confirmed assessor alone', () => {
    const rule: AwardRule = {
      all: [{ presence: { workshop: 'CE-1' } }, { acquired: { workshop: 'CE-1' } }],
    };
    const facts = someFacts({ assessments: [anAssessment({ assessorPersonId: null })] });
    expect(reachOf(facts)(rule, new Map())).toBe(true);
  });

  it('comes into reach with the badge on which it stands', () => {
    const isInReach = reachOf(someFacts());
    const rule: AwardRule = { all: [{ badge: 'B-CE-1' }] };
    expect(isInReach(rule, new Map())).toBe(false);
    expect(isInReach(rule, new Map([['B-CE-1', '2026-10-05']]))).toBe(true);
  });
});
