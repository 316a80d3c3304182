import { repeatedRequests } from '../chaos/scenarios/requests.js';
import { Site } from '../chaos/site.js';

describe('an award asked for many times at the same moment', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  }, 120_000);
  afterAll(() => site?.close());

  it('is given once, and one key gets one answer', async () => {
    const runs = 2;
    const [same, other, without] = await repeatedRequests(site, { runs, atOnce: 50 });
    expect(same!.happened).toMatch(/^2 of 2/);
    expect(other!.happened).toMatch(/^2 of 2 refused with 422, 0 rows/);
    expect(without!.happened).toMatch(/^2 of 2/);
    expect(without!.findings).toMatchObject({
      promised: 2 * runs,
      signed: 2 * runs,
      lost: 0,
      doubled: 0,
      broken: [],
    });
  }, 240_000);
});
