import {
  cancelledWhileAnotherRuns,
  cancelledWhileQueued,
  mandateRemoved,
  rollingUpdate,
  wrongClock,
} from '../chaos/scenarios/changes.js';
import { Site } from '../chaos/site.js';

import.meta.jest.setTimeout(300_000);

const whole = { refused: 0, lost: 0, doubled: 0, broken: [] };

describe('what changes between award and signing', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  it('awards cancelled while workers sign: none of them is signed', async () => {
    const { happened, count, findings } = await cancelledWhileQueued(site, { awards: 200 });
    expect(count).toBeGreaterThan(0);
    expect(happened).toMatch(/; 0 of them signed$/);
    expect(findings).toMatchObject({ cancelled: count, signed: 200 - count, ...whole });
  });

  it('awards cancelled when their batch is signed and not yet stored, or waits behind it: none is issued', async () => {
    const before = await site.count(`select count(*) from credential where state = 'signed'`);
    const { count, happened, findings } = await cancelledWhileAnotherRuns(site, { awards: 40 });
    expect(happened).toBe("10 were cancelled in the worker's hand and 20 behind it; 0 of them signed");
    expect(count).toBe(30);
    expect(findings).toMatchObject({ signed: before + 10, ...whole });
  });

  it('a rolling update: each badge is signed as the version that planned it wrote it', async () => {
    const before = await site.count(`select count(*) from credential where state = 'signed'`);
    const { happened, findings } = await rollingUpdate(site, { sessions: 2 });
    expect(happened).toMatch(/ 8 by the next, signed as planned/);
    expect(findings).toMatchObject({ signed: before + 16, ...whole });
  });

  it('a clock two hours off: that worker signs nothing, refuses nothing, and another goes on', async () => {
    const before = await site.count(`select count(*) from credential where state = 'signed'`);
    const { happened, findings } = await wrongClock(site, { awards: 8, hours: [2, -2], watchMs: 1_500 });
    expect(happened).toMatch(/^it signed 0 and refused 0;/);
    expect(findings).toMatchObject({ signed: before + 16, ...whole });
  });

  it('a mandate removed: each award is refused, and told why, and so is what stands on it', async () => {
    const before = await site.count(`select count(*) from credential where state = 'signed'`);
    const { happened, findings } = await mandateRemoved(site, { awards: 10 });
    expect(happened).toMatch(/^14 of 14 refused.* 1 of 1 pathway badges.*; 0 signed$/);
    expect(findings).toMatchObject({ ...whole, signed: before, refused: 15, toRefuse: 15 });
  });
});
