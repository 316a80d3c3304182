import type { DataSource } from 'typeorm';
import { ClockWatch, type Taker } from './clock-watch.js';

/** A database whose clock is so many seconds off, or which does not answer. */
const database = (seconds: number | undefined): DataSource =>
  ({
    query: async () => {
      if (seconds === undefined) throw new Error('Connection terminated');
      return [{ now: new Date(Date.now() + seconds * 1000) }];
    },
  }) as unknown as DataSource;

class FakeTaker implements Taker {
  running = false;
  paused = false;
  isRunning = () => this.running;
  isPaused = () => this.paused;
  run = async () => {
    this.running = true;
  };
  pause = async () => {
    this.paused = true;
  };
  resume = () => {
    this.paused = false;
  };
}

const takes = ({ running, paused }: FakeTaker): boolean => running && !paused;

describe('a worker takes jobs', () => {
  it.each([0, 25, -25])('when the database is %i s away', async (seconds) => {
    const taker = new FakeTaker();
    await new ClockWatch(database(seconds)).look(taker);
    expect(takes(taker)).toBe(true);
  });

  it('when the database cannot be asked: it will say so of each job', async () => {
    const taker = new FakeTaker();
    await new ClockWatch(database(undefined)).look(taker);
    expect(takes(taker)).toBe(true);
  });

  it('again when the clock is set right', async () => {
    const taker = new FakeTaker();
    await new ClockWatch(database(0)).look(taker);
    await new ClockWatch(database(7_200)).look(taker);
    expect(takes(taker)).toBe(false);
    await new ClockWatch(database(0)).look(taker);
    expect(takes(taker)).toBe(true);
  });
});

describe('a wrong clock', () => {
  it('is told until it is right again, also while the database is away', async () => {
    let seconds: number | undefined = 0;
    const watch = new ClockWatch({ query: (words: string) => database(seconds).query(words) } as DataSource);
    const told: boolean[] = [];
    for (seconds of [0, 7_200, undefined, -40, 0]) {
      await watch.look(new FakeTaker());
      told.push(watch.isWrong);
    }
    expect(told).toEqual([false, true, true, true, false]);
  });
});

describe('a worker takes no jobs', () => {
  it.each([7_200, -7_200, 40, -40])('when it starts %i s away from the database', async (seconds) => {
    const taker = new FakeTaker();
    await new ClockWatch(database(seconds)).look(taker);
    expect(takes(taker)).toBe(false);
  });
});
