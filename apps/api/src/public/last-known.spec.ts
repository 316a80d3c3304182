import { LastKnown } from './last-known.js';

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const gone = (): Promise<never> => Promise.reject(away);

describe('what was read last', () => {
  let seconds: number;
  let lists: LastKnown<string>;
  beforeEach(() => {
    seconds = 0;
    lists = new LastKnown({ most: 2, seconds: 100 }, () => seconds * 1_000);
  });
  const read = (key: string, value: string | null) => lists.read(key, async () => value);

  it('is read anew while the database is there', async () => {
    expect(await read('a', 'one')).toEqual({ value: 'one', age: 0 });
    seconds = 5;
    expect(await read('a', 'two')).toEqual({ value: 'two', age: 0 });
  });

  it('answers while the database is away, and tells its age', async () => {
    await read('a', 'one');
    seconds = 99.5;
    expect(await lists.read('a', gone)).toEqual({ value: 'one', age: 100 });
  });

  it('is the answer of the read that began last, whichever ends last', async () => {
    let end: (value: string) => void = () => undefined;
    const slow = lists.read(
      'a',
      () =>
        new Promise<string>((done) => {
          end = done;
        }),
    );
    seconds = 1;
    await read('a', 'newer');
    end('older');
    await slow;
    expect(await lists.read('a', gone)).toEqual({ value: 'newer', age: 0 });
  });

  it('answers no longer than it may, and nothing for what was never read', async () => {
    await read('a', 'one');
    seconds = 100.5;
    await expect(lists.read('a', gone)).rejects.toBe(away);
    await expect(lists.read('b', gone)).rejects.toBe(away);
  });

  it('hides no fault that is not an outage', async () => {
    await read('a', 'one');
    const fault = Object.assign(new Error('permission denied'), { code: '42501' });
    await expect(lists.read('a', () => Promise.reject(fault))).rejects.toBe(fault);
  });

  it('forgets what is no more', async () => {
    await read('a', 'one');
    expect(await read('a', null)).toBeNull();
    await expect(lists.read('a', gone)).rejects.toBe(away);
  });

  it('keeps so many at most: those that were asked for last', async () => {
    for (const key of ['a', 'b', 'a', 'c']) await read(key, key);
    expect(await lists.read('a', gone)).toEqual({ value: 'a', age: 0 });
    expect(await lists.read('c', gone)).toEqual({ value: 'c', age: 0 });
    await expect(lists.read('b', gone)).rejects.toBe(away);
  });

  it('counts the age from when it was asked, not from when the answer came', async () => {
    await lists.read('a', async () => {
      seconds = 7;
      return 'one';
    });
    seconds = 8;
    expect(await lists.read('a', gone)).toEqual({ value: 'one', age: 8 });
  });
});
