import { GivenUp } from './given-up.js';

describe('rows that the queue gave up', () => {
  it('are told until the database takes note, each once', async () => {
    const told: string[][] = [];
    let isAway = true;
    const givenUp = new GivenUp({
      gaveUp: async (ids) => {
        if (isAway) throw new Error('no space left on device');
        told.push(ids);
      },
    });
    await givenUp.add('a');
    await givenUp.add('b');
    await givenUp.add('a');
    expect(told).toEqual([]);
    isAway = false;
    await givenUp.tell();
    expect(told).toEqual([['a', 'b']]);
    await givenUp.tell();
    expect(told).toHaveLength(1);
    await givenUp.add('a');
    expect(told).toEqual([['a', 'b'], ['a']]);
  });

  it('are not forgotten when another one comes while they are told', async () => {
    const told: string[][] = [];
    const givenUp: GivenUp = new GivenUp({
      gaveUp: async (ids) => {
        told.push(ids);
        if (told.length === 1) {
          await givenUp.add('late');
          throw new Error('the connection broke');
        }
      },
    });
    await givenUp.add('early');
    await givenUp.tell();
    expect(told).toEqual([['early'], ['early', 'late']]);
  });
});
