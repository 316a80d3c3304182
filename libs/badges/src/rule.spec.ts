import fc from 'fast-check';
import { InvalidInput } from '#platform';
import { aContext, anAssessment, assessor, learner, someFacts } from './builders.spec-support.js';
import { type AwardRule, evaluateRule, parseAwardRule } from './rule.js';

const workshopRule: AwardRule = {
  all: [
    { presence: { workshop: 'CE-1' } },
    { acquired: { workshop: 'CE-1', criteria: ['CE-1-1', 'CE-1-2'] } },
  ],
};

const codes = (
  rule: AwardRule,
  ...given: Parameters<typeof evaluateRule> extends [unknown, ...infer R] ? R : never
) => {
  const answer = evaluateRule(rule, ...given);
  return answer.met ? 'met' : answer.missing.map((m) => m.code);
};

describe('a workshop badge', () => {
  it('is earned by being there and having acquired it before a mandated assessor', () => {
    const answer = evaluateRule(workshopRule, someFacts(), aContext());
    expect(answer).toMatchObject({
      met: true,
      on: '2026-10-05',
      sessionId: 's1',
      assessorPersonId: assessor,
      established: 'observed-by-one',
    });
  });

  it('says which facts made it so, in both languages', () => {
    const answer = evaluateRule(workshopRule, someFacts(), aContext());
    expect(answer.met && answer.reasons.map((r) => [r.code, typeof r.text.fr, typeof r.text.en])).toEqual([
      ['present', 'string', 'string'],
      ['acquired', 'string', 'string'],
    ]);
  });

  it.each([
    [
      'who was absent',
      someFacts({
        attendances: [{ sessionId: 's1', workshopCode: 'CE-1', heldOn: '2026-10-05', status: 'absent' }],
      }),
      ['presence_missing', 'acquired_missing'],
    ],
    ['who was only present', someFacts({ assessments: [] }), ['acquired_missing']],
    [
      'assessed "almost"',
      someFacts({ assessments: [anAssessment({ outcome: 'almost' })] }),
      ['acquired_missing'],
    ],
    [
      'with one thing acquired and another not yet',
      someFacts({ assessments: [anAssessment(), anAssessment({ targetCode: '1.2', outcome: 'not_yet' })] }),
      ['acquired_missing'],
    ],
    [
      'assessed by nobody known',
      someFacts({ assessments: [anAssessment({ assessorPersonId: null })] }),
      ['assessor_not_mandated'],
    ],
    [
      'who assessed themselves',
      someFacts({ assessments: [anAssessment({ assessorPersonId: learner })] }),
      ['assessor_not_mandated'],
    ],
    [
      'assessed before the mandate began',
      someFacts({ assessments: [anAssessment({ assessedOn: '2026-08-31' })] }),
      ['assessor_not_mandated'],
    ],
    [
      'assessed in a session they did not attend',
      someFacts({ assessments: [anAssessment({ sessionId: 's2' })] }),
      ['acquired_missing'],
    ],
    [
      'assessed on some criteria only',
      someFacts({ assessments: [anAssessment({ targetKind: 'criterion', targetCode: 'CE-1-1' })] }),
      ['criteria_missing'],
    ],
  ])('is not for a person %s', (_, facts, missing) => {
    expect(codes(workshopRule, facts, aContext())).toEqual(missing);
  });

  it('is earned in a second session after a first that was not enough', () => {
    const facts = someFacts({
      attendances: [
        { sessionId: 's1', workshopCode: 'CE-1', heldOn: '2026-10-05', status: 'present' },
        { sessionId: 's2', workshopCode: 'CE-1', heldOn: '2026-11-05', status: 'present' },
      ],
      assessments: [
        anAssessment({ outcome: 'almost' }),
        anAssessment({ sessionId: 's2', assessedOn: '2026-11-05' }),
      ],
    });
    expect(evaluateRule(workshopRule, facts, aContext())).toMatchObject({ met: true, sessionId: 's2' });
  });

  it('says "observed by two" when two mandated people assessed', () => {
    const other = '00000000-0000-7000-8000-00000000000c';
    const facts = someFacts({
      assessments: [anAssessment(), anAssessment({ targetCode: '1.2', assessorPersonId: other })],
    });
    expect(evaluateRule(workshopRule, facts, aContext({ mandated: () => true }))).toMatchObject({
      established: 'observed-by-two',
    });
  });

  it('never comes from an assessment by the learner, whoever holds a mandate', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('acquired' as const, 'almost' as const),
        fc.string(),
        (outcome, targetCode) => {
          const facts = someFacts({
            assessments: [anAssessment({ assessorPersonId: learner, outcome, targetCode })],
          });
          expect(evaluateRule(workshopRule, facts, aContext({ mandated: () => true })).met).toBe(false);
        },
      ),
    );
  });
});

describe('a pathway badge', () => {
  const pathway: AwardRule = { all: [{ badge: 'B-CE-1' }, { badge: 'B-CE-2' }] };

  it('stands on the badges it asks for and is dated by the last', () => {
    const held = new Map([
      ['B-CE-1', '2026-10-05'],
      ['B-CE-2', '2026-10-12'],
    ]);
    expect(evaluateRule(pathway, someFacts(), aContext({ held }))).toMatchObject({
      met: true,
      on: '2026-10-12',
      established: 'observed-by-one',
    });
  });

  it('waits for the badge that lacks and names it', () => {
    const answer = evaluateRule(
      pathway,
      someFacts(),
      aContext({ held: new Map([['B-CE-1', '2026-10-05']]) }),
    );
    expect(answer).toMatchObject({ met: false, missing: [{ code: 'badge_missing' }] });
  });
});

describe('the animator badge', () => {
  const rule: AwardRule = {
    all: [
      { fact: { kind: 'animator-training' } },
      { animated: { sessions: 3 } },
      { fact: { kind: 'animator-observation' } },
    ],
  };
  const facts = someFacts({
    animated: ['2026-10-01', '2026-10-08', '2026-10-15'].map((heldOn, i) => ({ sessionId: `a${i}`, heldOn })),
    professional: [
      { kind: 'animator-training', occurredOn: '2026-09-10', recordedByPersonId: assessor },
      { kind: 'animator-observation', occurredOn: '2026-10-15', recordedByPersonId: assessor },
    ],
  });

  it('is earned by a training, three sessions animated and an observation', () => {
    expect(evaluateRule(rule, facts, aContext())).toMatchObject({ met: true, assessorPersonId: assessor });
  });
  it('does not count one session twice', () => {
    const twice = { ...facts, animated: [facts.animated[0]!, facts.animated[0]!, facts.animated[1]!] };
    expect(codes(rule, twice, aContext())).toEqual(['animated_missing']);
  });
  it('does not take an observation by oneself or by somebody without a mandate', () => {
    for (const recordedByPersonId of [learner, null, '00000000-0000-7000-8000-00000000000d']) {
      const professional = facts.professional.map((f) =>
        f.kind === 'animator-observation' ? { ...f, recordedByPersonId } : f,
      );
      expect(codes(rule, { ...facts, professional }, aContext())).toEqual(['fact_missing']);
    }
  });
});

describe('a rule as data', () => {
  it('is accepted when it follows the schema', () => {
    expect(parseAwardRule(workshopRule)).toEqual(workshopRule);
  });
  it.each([
    [{}],
    [{ all: [] }],
    [{ all: [{ presence: {} }] }],
    [{ all: [{ badge: 'B', extra: 1 }] }],
    [{ all: [{ animated: { sessions: 0 } }] }],
    [{ any: [] }],
  ])('is refused with the place of the fault: %j', (rule) => {
    expect(() => parseAwardRule(rule)).toThrow(InvalidInput);
  });
});
