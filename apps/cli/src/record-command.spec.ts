import { stateOf } from './record-command.js';

describe('a record that was just made', () => {
  it('waits until it is signed, and its address answers only then', async () => {
    expect(await stateOf(async () => false, 0)).toBe('waiting');
    expect(await stateOf(async () => true, 0)).toBe('shown');
  });

  it('is looked at again while the service may still sign it', async () => {
    const answers = [false, false, true];
    expect(await stateOf(async () => answers.shift() ?? false, 60_000)).toBe('shown');
    expect(answers).toEqual([]);
  });
});
