import { setTimeout as sleep } from 'node:timers/promises';
import { PublishBadge } from '#badges';
import { createApiClient } from '#people';
import { Bitstring } from '#signing';
import { Site } from '../chaos/site.js';
import { freeTestPort } from '../support/program.js';
import { eventually, type ServiceProcess } from '../support/service-process.js';

// The thousand of docs/reliability.md take minutes: INSIGNE_TEST_FULL=true npm test -- revocation-over-http
const crowdSize = process.env.INSIGNE_TEST_FULL === 'true' ? 1_000 : 200;
const atOnce = 50;

interface Badge {
  award: string;
  address: string;
  index: number;
  list: string;
}
interface ListSeen {
  etag: string;
  validFrom: number;
  body: string;
  bits: Set<number>;
}

/** Revocations over HTTP, at two api processes, with a worker process that publishes the lists. */
describe('revoking over HTTP (T-40)', () => {
  let site: Site;
  let token: string;
  const apis: ServiceProcess[] = [];
  let badges: Badge[];

  beforeAll(async () => {
    site = await Site.open();
    const { world } = site;
    const { clientId, secret } = await createApiClient(world.api.manager, {
      organisationId: world.structure.id,
      name: 'revocations',
      scopes: ['award:read', 'award:revoke'],
    });
    const port = await freeTestPort();
    apis.push(await site.api(), await site.api(undefined, { PORT: String(port) }));
    // The port of an api is that of its origin, unless the environment names another.
    await Object.assign(apis[1]!, { address: `http://127.0.0.1:${port}` }).ready();
    await site.worker();
    const awardIds = await site.award(crowdSize, 100);
    await site.drained(240_000);
    badges = await world.api.query(
      `select a.id as award, c.public_id as address, c.status_index as index, l.public_id as list from award a
       join credential c on c.award_id = a.id join status_list l on l.id = c.status_list_id where a.id = any($1) order by a.id`,
      [awardIds],
    );
    const answer = await fetch(`${apis[1]!.address}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    token = ((await answer.json()) as { access_token: string }).access_token;
  }, 480_000);
  afterAll(() => site?.close());

  const api = (turn: number): string => apis[turn % apis.length]!.address;
  /** As a client does: comes back when told that there were too many requests. */
  const revoke = async ({ award }: Badge, turn: number): Promise<number> => {
    for (;;) {
      const answer = await fetch(`${api(turn)}/api/v1/awards/${award}/revocation`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': `revoke-${award}`,
        },
        body: JSON.stringify({ reason: 'issued_in_error' }),
      });
      await answer.text();
      if (answer.status !== 429) return answer.status;
      await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
    }
  };
  const listNow = async (turn: number, etag?: string): Promise<ListSeen | undefined> => {
    const answer = await fetch(`${api(turn)}/status/${badges[0]!.list}`, {
      headers: etag ? { 'if-none-match': etag } : {},
    });
    if (answer.status === 304) return undefined;
    expect(answer.headers.get('cache-control')).toBe(
      'public, max-age=50, s-maxage=2, stale-if-error=129600, no-transform',
    );
    expect(answer.headers.get('set-cookie')).toBeNull();
    const body = await answer.text();
    const { validFrom, credentialSubject } = JSON.parse(body);
    const bits = Bitstring.decode(credentialSubject.encodedList);
    return {
      etag: answer.headers.get('etag')!,
      validFrom: Date.parse(validFrom),
      body,
      bits: new Set(badges.map(({ index }) => index).filter((index) => bits.get(index))),
    };
  };
  const page = async ({ address }: Badge, turn: number): Promise<string> =>
    (
      await fetch(`${api(turn)}/b/${address}`, { headers: { accept: 'text/html', 'accept-language': 'fr' } })
    ).text();

  it('is told by the page of another api at once and by the signed list soon, without ever going back', async () => {
    const [badge] = badges;
    await new PublishBadge(site.world.api).publish(badge!.award, { withName: false, by: 'test' });
    const before = (await listNow(0))!;
    expect(before.bits.has(badge!.index)).toBe(false);
    expect(await page(badge!, 1)).toContain('Badge authentique');
    const began = performance.now();
    expect(await revoke(badge!, 0)).toBe(200);
    await eventually(
      () => page(badge!, 1),
      (text) => text.includes('Badge retiré'),
      200_000,
    );
    const pageMs = performance.now() - began;
    const after = (await eventually(
      () => listNow(1, before.etag),
      (list) => list?.bits.has(badge!.index) === true,
      180_000,
    ))!;
    const listMs = performance.now() - began;
    process.stdout.write(
      `T-40: page after ${Math.round(pageMs)} ms, signed list after ${Math.round(listMs)} ms\n`,
    );
    expect(after.etag).not.toBe(before.etag);
    expect(after.validFrom).toBeGreaterThan(before.validFrom);
    expect(await listNow(0, after.etag)).toBeUndefined();
  }, 300_000);

  it(`loses none of ${crowdSize} that come at two apis, each twice, while lists only go forward`, async () => {
    const seen: ListSeen[] = [];
    const watch = { isOver: false };
    const watching = (async () => {
      for (let turn = 0; !watch.isOver; turn += 1) {
        const list = await listNow(turn, seen.at(-1)?.etag);
        if (list) seen.push(list);
        await sleep(50);
      }
    })();
    const open = badges.flatMap((badge) => [badge, badge]);
    const statuses: number[] = [];
    const began = performance.now();
    await Promise.all(
      Array.from({ length: atOnce }, async (_, runner) => {
        for (let badge = open.pop(); badge; badge = open.pop()) statuses.push(await revoke(badge, runner));
      }),
    );
    const acceptedMs = performance.now() - began;
    const indexes = badges.map(({ index }) => index);
    await eventually(
      async () => seen.at(-1)?.bits.size ?? 0,
      (size) => size === crowdSize,
      240_000,
    );
    const listedMs = performance.now() - began;
    watch.isOver = true;
    await watching;
    process.stdout.write(
      `T-41: ${statuses.length} requests for ${crowdSize} revocations answered in ${Math.round(acceptedMs)} ms, ` +
        `all listed after ${Math.round(listedMs)} ms in ${seen.length} lists\n`,
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses).toHaveLength(2 * crowdSize);
    const [counts] = await site.world.api.query(
      `select (select count(*)::int from status_entry e join credential c on c.id = e.credential_id
                where c.award_id = any($1) and e.state = 'revoked') as revoked,
              (select count(*)::int from status_change) as changes`,
      [badges.map(({ award }) => award)],
    );
    expect(counts).toEqual({ revoked: crowdSize, changes: crowdSize });
    for (const [at, list] of seen.entries()) {
      const last = seen[at - 1];
      if (!last) continue;
      expect(list.validFrom).toBeGreaterThan(last.validFrom);
      expect([...last.bits].filter((index) => !list.bits.has(index))).toEqual([]);
      expect([list.etag === last.etag, list.body === last.body]).toEqual([false, false]);
    }
    expect(indexes.filter((index) => !seen.at(-1)!.bits.has(index))).toEqual([]);
  }, 600_000);
});
