import { type AwardsReading, judgeAwards } from '../chaos/judge-awards.js';

const given = (one: Partial<AwardsReading>): AwardsReading => ({
  promised: new Set(['a']),
  toRefuse: new Set(),
  takenBack: new Set(),
  states: new Map([['a', 'issued']]),
  refusals: new Map(),
  ...one,
});

describe('what the fault tests say of the awards', () => {
  it('is nothing when each promised one is issued', () => {
    expect(judgeAwards(given({}))).toEqual({ lost: [], refused: [], broken: [] });
  });

  it('finds a promised one lost that is still planned, or that the database does not know', () => {
    for (const states of [new Map([['a', 'planned']]), new Map([['b', 'issued']])]) {
      const { lost, broken } = judgeAwards(given({ states }));
      expect(lost).toEqual(['a']);
      expect(broken).toEqual(['1 promised awards are lost, for example a']);
    }
  });

  it('finds a good one that is refused, with the code of its reason', () => {
    const states = new Map([['a', 'refused']]);
    const refusals = new Map([['a', 'lint_failed']]);
    expect(judgeAwards(given({ states, refusals }))).toEqual({
      lost: [],
      refused: ['a'],
      broken: ['1 good awards are refused (lint_failed), for example a'],
    });
  });

  it('finds one refused that nobody was promised, and one that stands with a refused replacement', () => {
    const states = new Map([
      ['a', 'issued'],
      ['b', 'refused'],
    ]);
    const refusals = new Map([
      ['a', 'lint_failed'],
      ['b', 'lint_failed'],
    ]);
    expect(judgeAwards(given({ states, refusals })).broken).toEqual([
      '2 good awards are refused (lint_failed), for example a',
    ]);
  });

  it('asks for each refusal that must be, and lets it be', () => {
    const toRefuse = new Set(['a']);
    const refused = { states: new Map([['a', 'refused']]), refusals: new Map([['a', 'badge_missing']]) };
    expect(judgeAwards(given({ toRefuse, ...refused }))).toEqual({ lost: [], refused: ['a'], broken: [] });
    expect(judgeAwards(given({ toRefuse })).broken).toEqual([
      '1 awards are not refused that must be, for example a',
    ]);
  });

  it.each(['cancelled', 'revoked'])(
    'finds one %s by nobody, and lets one be that somebody took back',
    (state) => {
      const states = new Map([['a', state]]);
      expect(judgeAwards(given({ states })).broken).toEqual([
        '1 awards are cancelled or revoked by nobody, for example a',
      ]);
      // A worker that meets it in the queue writes down why it does not sign it.
      const refusals = new Map([['a', 'award_withdrawn']]);
      const takenBack = new Set(['a']);
      expect(judgeAwards(given({ states, takenBack, refusals }))).toEqual({
        lost: [],
        refused: [],
        broken: [],
      });
    },
  );
});
