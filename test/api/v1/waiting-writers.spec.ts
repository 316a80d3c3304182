import { lockCampaigns } from '#workshops';
import { type ApiWorld, anApiWorld, unsoundJwt } from './api-world.js';

describe('many requests that wait for one structure', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld();
  }, 180_000);
  afterAll(() => world?.close());

  it('leave pages, readiness and verifications their way, and are all answered in the end', async () => {
    const { structure } = world;
    const token = await world.token(structure);
    const session = (code: string) =>
      world.call(`POST /api/v1/organisations/${structure.id}/sessions`, {
        token,
        headers: { 'idempotency-key': code },
        body: {
          code,
          workshop: 'CE-1',
          heldOn: '2026-10-05',
          staff: [{ personId: world.assessorId, role: 'lead' }],
          attendances: [],
          anonymous: 3,
          assessments: [],
        },
      });
    let sessions: Promise<{ status: number }[]> | undefined;
    await world.api.transaction(async (tx) => {
      await lockCampaigns(tx, structure.id);
      sessions = Promise.all(Array.from({ length: 15 }, (_, i) => session(`W${i}`)));
      sessions.catch(() => undefined);
      const waiting = async (): Promise<number> => {
        const [{ count }] = await tx.query(
          `select count(*)::int from pg_locks where locktype = 'advisory' and not granted`,
        );
        return count;
      };
      while ((await waiting()) === 0);
      const get = (url: string) => world.app.inject({ method: 'GET', url });
      expect((await get('/ready')).json()).toMatchObject({ status: 'ready' });
      expect((await get(`/issuers/${structure.slug}`)).statusCode).toBe(200);
      // Nobody who only reads waits for a turn, though others of the same client do.
      const verified = await world.call('POST /api/v1/verifications', {
        token,
        body: { credential: unsoundJwt },
      });
      expect([verified.status, verified.body.verdict]).toEqual([200, 'not_authentic']);
    });
    expect((await sessions!).map(({ status }) => status)).toEqual(Array(15).fill(201));
  });
});
