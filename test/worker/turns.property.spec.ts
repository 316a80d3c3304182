import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { peopleEntities, registerOrganisation } from '#people';
import { dataSourceOptions, uuid } from '#platform';
import { giveTurns, priorityOf } from '../../libs/badges/src/turns.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What happens next: an organisation's batches arrive, or the one whose turn it is gets served. */
type Step = { arrives: number; batches: number; isRoom: boolean } | { served: true };

interface Waiting {
  id: string;
  organisation: number;
  isRoom: boolean;
  /** Batches of its own organisation that waited when it came. */
  ahead: number;
  /** Turns that each organisation was given while it waited. */
  passedBy: number[];
}

const organisations = 4;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ served: true as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      arrives: fc.integer({ min: 0, max: organisations - 1 }),
      batches: fc.integer({ min: 1, max: 6 }),
      isRoom: fc.boolean(),
    }),
  },
);

describe('turns, whatever arrives in whatever order', () => {
  let urls: TestDatabase;
  let database: DataSource;
  const ids: string[] = [];
  beforeAll(async () => {
    urls = await createTestDatabase();
    database = await new DataSource(
      dataSourceOptions({ url: urls.url, entities: peopleEntities }),
    ).initialize();
    for (let at = 0; at < organisations; at += 1) {
      const { id } = await registerOrganisation(database.manager, {
        kind: 'programme',
        slug: `programme-${at}`,
        legalName: `Programme ${at}`,
      });
      ids.push(id);
    }
  }, 120_000);
  afterAll(async () => {
    await database?.destroy();
    await urls?.drop();
  });

  const arrive = async (
    waiting: Waiting[],
    { arrives, batches, isRoom }: Exclude<Step, { served: true }>,
  ) => {
    const made: Waiting[] = [];
    for (let n = 0; n < batches; n += 1)
      made.push({
        id: uuid(),
        organisation: arrives,
        isRoom,
        ahead: waiting.filter((one) => one.organisation === arrives && !one.isRoom).length + n,
        passedBy: Array.from({ length: organisations }, () => 0),
      });
    await database.query(
      `insert into outbox (id, topic, organisation_id, priority) select id, 'sign', $2, $3 from unnest($1::uuid[]) as t (id)`,
      [made.map(({ id }) => id), ids[arrives], isRoom ? 1 : 2],
    );
    await giveTurns(
      database,
      made.map(({ id }) => id),
    );
    waiting.push(...made);
  };

  const serve = async (waiting: Waiting[]): Promise<Waiting | undefined> => {
    const rows: { id: string; turn: number | null }[] = await database.query(
      'select id, turn from outbox where done_at is null order by created_at, id',
    );
    const next = rows.reduce<(typeof rows)[number] | undefined>(
      (best, row) => (best && priorityOf(best) <= priorityOf(row) ? best : row),
      undefined,
    );
    if (!next) return undefined;
    await database.query('update outbox set done_at = now() where id = $1', [next.id]);
    const at = waiting.findIndex(({ id }) => id === next.id);
    const [served] = waiting.splice(at, 1);
    // A room that goes first is no turn; the rooms beyond eight take turns as campaigns do.
    if (next.turn !== null) for (const one of waiting) one.passedBy[served!.organisation]! += 1;
    return served;
  };

  it('pass each organisation by at most once for each batch of its own, and once more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await database.query('update outbox set done_at = now() where done_at is null');
        const waiting: Waiting[] = [];
        const check = (served: Waiting | undefined): void => {
          if (!served || served.isRoom) return;
          const others = served.passedBy.filter((_, at) => at !== served.organisation);
          for (const passed of others)
            expect({ ahead: served.ahead, isFair: passed <= served.ahead + 2 }).toEqual({
              ahead: served.ahead,
              isFair: true,
            });
        };
        for (const one of steps) {
          if ('served' in one) check(await serve(waiting));
          else await arrive(waiting, one);
        }
        while (waiting.length > 0) check(await serve(waiting));
      }),
      { numRuns: 40 },
    );
  }, 240_000);
});
