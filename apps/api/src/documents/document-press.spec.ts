import { DocumentPress } from './document-press.js';

const press = (given: Partial<ConstructorParameters<typeof DocumentPress>[0]> = {}): DocumentPress =>
  new DocumentPress({ mostKept: 2, mostWaiting: 3, rest: 0, ...given });

/** A drawing that ends when told to. */
function drawing(text: string) {
  let end = (): void => {};
  let began = (): void => {};
  const hasBegun = new Promise<void>((resolve) => {
    began = resolve;
  });
  const draw = (): Promise<Buffer> => {
    began();
    return new Promise((resolve) => {
      end = () => resolve(Buffer.from(text));
    });
  };
  return { draw, hasBegun, end: () => end() };
}

describe('the press of documents', () => {
  it('makes a document once for all who ask, and keeps it', async () => {
    const [one, made] = [press(), drawing('a')];
    const asked = [one.make('a', made.draw), one.make('a', () => Promise.reject(new Error('drawn twice')))];
    await made.hasBegun;
    made.end();
    expect((await Promise.all(asked)).map(String)).toEqual(['a', 'a']);
    expect(String(await one.make('a', () => Promise.reject(new Error('drawn again'))))).toBe('a');
  });

  it('makes one after the other, in the order in which they were asked for', async () => {
    const [one, first, second] = [press(), drawing('a'), drawing('b')];
    const order: string[] = [];
    const a = one.make('a', first.draw).then(() => order.push('a'));
    const b = one.make('b', second.draw).then(() => order.push('b'));
    void second.hasBegun.then(() => order.push('b begins'));
    await first.hasBegun;
    first.end();
    await second.hasBegun;
    second.end();
    await Promise.all([a, b]);
    expect(order).toEqual(['a', 'b begins', 'b']);
  });

  it('turns away what is too much, with the time to try again, and works on', async () => {
    const [one, first] = [press({ mostWaiting: 1 }), drawing('a')];
    const a = one.make('a', first.draw);
    await expect(one.make('b', drawing('b').draw)).rejects.toMatchObject({
      status: 503,
      code: 'temporarily_unavailable',
      headers: { 'retry-after': '5' },
    });
    await first.hasBegun;
    first.end();
    await a;
    expect(String(await one.make('c', () => Promise.resolve(Buffer.from('c'))))).toBe('c');
  });

  it('works on after a document that could not be made, and tries that one anew', async () => {
    const one = press();
    await expect(one.make('a', () => Promise.reject(new Error('no paper')))).rejects.toThrow('no paper');
    expect(String(await one.make('a', () => Promise.resolve(Buffer.from('a'))))).toBe('a');
  });

  it('forgets the one that was asked for longest ago', async () => {
    const one = press();
    let drawn = 0;
    const ask = (key: string) => one.make(key, () => Promise.resolve(Buffer.from(`${key}${++drawn}`)));
    for (const key of ['a', 'b', 'a', 'c']) await ask(key);
    expect([String(await ask('a')), String(await ask('b'))]).toEqual(['a1', 'b4']);
  });
});
