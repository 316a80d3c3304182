import { fuzz } from '../fuzz/fuzz.js';

describe('mutated badges of every form', () => {
  it('never make the verifier throw, tarry, or call authentic what was never made', async () => {
    const { inputs, faults, verdicts } = await fuzz({ from: 1, count: 2_000 });
    expect(faults).toEqual([]);
    expect(inputs).toBe(2_000);
    // Some change nothing that counts, most do.
    expect(verdicts.not_authentic).toBeGreaterThan(1_000);
  }, 180_000);
});
