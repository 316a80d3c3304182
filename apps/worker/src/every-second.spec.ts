import { EverySecond } from './every-second.js';

class Work extends EverySecond {
  looks = 0;
  atOnce = 0;
  most = 0;
  do: () => Promise<void> = async () => {};
  protected async look(): Promise<void> {
    this.looks += 1;
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    await this.do().finally(() => {
      this.atOnce -= 1;
    });
  }
}

describe('what is done every second', () => {
  const told: string[] = [];
  const log = { error: (_: object, text: string) => void told.push(text) };
  let work: Work;
  beforeEach(() => {
    import.meta.jest.useFakeTimers();
    told.length = 0;
    work = new Work(log as never, 'not done');
    work.onApplicationBootstrap();
  });
  afterEach(async () => {
    await work.onApplicationShutdown();
    import.meta.jest.useRealTimers();
  });
  const seconds = (number: number) => import.meta.jest.advanceTimersByTimeAsync(number * 1_000);

  it('is tried again when it fails, and an outage is told once', async () => {
    work.do = () => Promise.reject(new Error('away'));
    await seconds(3);
    work.do = async () => {};
    await seconds(2);
    work.do = () => Promise.reject(new Error('away'));
    await seconds(2);
    expect([work.looks, told]).toEqual([7, ['not done', 'not done']]);
  });

  it('is done once at a time, and finished before the worker ends', async () => {
    let finish = (): void => {};
    work.do = () => new Promise((resolve) => (finish = resolve));
    await seconds(5);
    expect([work.looks, work.most]).toEqual([1, 1]);
    let isOver = false;
    const over = work.onApplicationShutdown().then(() => {
      isOver = true;
    });
    await seconds(1);
    expect(isOver).toBe(false);
    finish();
    await over;
    await seconds(5);
    expect(work.looks).toBe(1);
  });
});
