import { CheckProgress } from './check-progress.js';

describe('the progress of a check', () => {
  let now: number;
  let told: { fr: string; en: string }[];
  let progress: CheckProgress;
  beforeEach(() => {
    now = 5_000;
    told = [];
    progress = new CheckProgress(
      (sentence) => told.push(sentence as { fr: string; en: string }),
      () => now,
    );
  });
  const pass = (milliseconds: number, ...at: Parameters<CheckProgress['at']>): void => {
    now += milliseconds;
    progress.at(...at);
  };

  it('tells how many of how many, the rate and the time that is left, in both languages', () => {
    pass(0, 'credentials', 0, 70_000);
    pass(2_000, 'credentials', 2_000, 70_000);
    expect(told).toEqual([
      {
        fr: expect.stringMatching(/^badges : 2\s000 sur 70\s000, 1\s000\/s, encore 1 min 8 s$/),
        en: 'badges: 2,000 of 70,000, 1,000/s, 1 min 8 s left',
      },
    ]);
  });

  it('tells no more often than every two seconds', () => {
    pass(0, 'credentials', 0, 100);
    for (let done = 1; done <= 40; done += 1) pass(100, 'credentials', done, 100);
    expect(told).toHaveLength(2);
  });

  it('counts the rate of each step from where it began, and guesses no end without a total', () => {
    pass(0, 'audit', 5_000);
    pass(10_000, 'audit', 15_000);
    expect(told.map(({ en }) => en)).toEqual(['audit lines: 15,000, 1,000/s']);
  });

  it('says nothing of a step that has not moved', () => {
    pass(0, 'archive', 0);
    pass(60_000, 'archive', 0);
    expect(told).toEqual([]);
  });

  it('tells hours of a very long one', () => {
    pass(0, 'credentials', 0, 100_000_000);
    pass(2_000, 'credentials', 20_000, 100_000_000);
    expect(told[0]!.en).toContain('2 h 46 min left');
  });
});
