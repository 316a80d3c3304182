import { OwnPostgres } from '../chaos/own-services.js';
import { failingStore, nothingCanBeWritten, restartedPostgres } from '../chaos/scenarios/storage.js';
import { Site } from '../chaos/site.js';

import.meta.jest.setTimeout(300_000);

const whole = { refused: 0, lost: 0, doubled: 0, broken: [] };

describe('storage that fails', () => {
  it('loses and doubles nothing when storing fails for one batch in five: signed again to the same bytes', async () => {
    const site = await Site.open();
    try {
      const { happened, findings } = await failingStore(site, { awards: 60 });
      const [, faults, again, same] = /^(\d+) updates failed; (\d+) awards.*?, (\d+) of them to the bytes/
        .exec(happened)!
        .map(Number);
      expect(faults).toBeGreaterThan(0);
      expect(again).toBeGreaterThanOrEqual(faults!);
      expect(same).toBe(again);
      expect(findings).toMatchObject({ signed: 60, signedAgain: again, ...whole });
    } finally {
      await site.close();
    }
  });

  it('refuses awards with 503 while nothing can be written, and goes on showing badges', async () => {
    const site = await Site.open();
    try {
      const { happened, findings } = await nothingCanBeWritten(site, { requests: 3 });
      expect(happened).toMatch(/^6 of 6 requests answered 503, 0 rows written/);
      expect(happened).toMatch(/answered 12 of 12 times/);
      expect(findings).toMatchObject({ signed: 13, ...whole });
    } finally {
      await site.close();
    }
  });

  it('loses nothing when PostgreSQL is stopped at once under load', async () => {
    const postgres = await OwnPostgres.start();
    const site = await Site.open({ database: postgres.database });
    try {
      const { findings } = await restartedPostgres(site, postgres, { restarts: 2, betweenMs: 2_000 });
      expect(findings.promised).toBeGreaterThan(8);
      expect(findings).toMatchObject({ signed: findings.promised, ...whole });
    } finally {
      await site.close();
      await postgres.remove();
    }
  });
});
