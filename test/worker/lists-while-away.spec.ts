import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeStatus, PublishStatusLists } from '#badges';
import { Bitstring } from '#signing';
import { describeWith } from '../support/describe-with.js';
import {
  anIssuanceWorld,
  anotherStructure,
  aPlannedRoom,
  type IssuanceWorld,
} from '../support/issuance-world.js';
import { hasNginx, Nginx } from '../support/nginx.js';
import { freeTestPort } from '../support/program.js';
import { Relay } from '../support/relay.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';

import.meta.jest.setTimeout(200_000);

/** A second longer than docker/nginx.conf takes an answer of the api for new. */
const untilStaleMs = 3_000;

describe('a status list (T-79)', () => {
  let world: IssuanceWorld;
  let relay: Relay;
  let api: ServiceProcess;
  let nginx: Nginx;
  let listed: { id: string; index: number; list: string };
  let unread: string;
  const secrets = serviceSecrets();

  beforeAll(async () => {
    const port = await freeTestPort();
    const origin = `http://localhost:${port}`;
    world = await anIssuanceWorld(undefined, origin);
    const other = await anotherStructure(world, 'another-one');
    const made: (typeof listed)[] = [];
    for (const one of [world, other]) {
      const { awardIds, outboxIds } = await aPlannedRoom(one, 1);
      await one.signCredentials.run(outboxIds[0]!);
      made.push(
        ...(await one.api.query(
          `select c.id, c.status_index as index, l.public_id as list from credential c
           join status_list l on l.id = c.status_list_id where c.award_id = any($1)`,
          [awardIds],
        )),
      );
    }
    listed = made[0]!;
    unread = made[1]!.list;
    expect(unread).not.toBe(listed.list);
    relay = await Relay.before(world.urls.url);
    api = await ServiceProcess.api({
      databaseUrl: relay.address,
      origin,
      tokenSecretFile: secrets.tokenSecretFile,
    });
    await api.ready();
    if (hasNginx()) nginx = await Nginx.before(Number(new URL(api.address).port));
  });
  afterAll(async () => {
    await nginx?.stop();
    await api?.stop('SIGKILL');
    relay?.cut();
    secrets.remove();
    await world?.close();
  });

  interface Seen {
    status: number;
    body: string;
    etag: string | null;
    age: string | null;
    date: string | null;
  }
  const seen = async (at: string, etag?: string): Promise<Seen> => {
    const answer = await fetch(at, { headers: etag ? { 'if-none-match': etag } : {} });
    const header = (name: string): string | null => answer.headers.get(name);
    return {
      status: answer.status,
      body: await answer.text(),
      etag: header('etag'),
      age: header('age'),
      date: header('date'),
    };
  };
  const bitIn = (body: string): boolean =>
    Bitstring.decode(
      (JSON.parse(body) as { credentialSubject: { encodedList: string } }).credentialSubject.encodedList,
    ).get(listed.index);

  it('that was read before is answered by the api while its database is away, and says how old it is', async () => {
    const at = `${api.address}/status/${listed.list}`;
    const before = await seen(at);
    const beside = await seen(`${at}/suspended`);
    expect([before.status, before.age, beside.status]).toEqual([200, null, 200]);
    relay.cut();
    expect((await fetch(`${api.address}/ready`)).status).toBe(503);
    const after = await seen(at);
    expect([after.status, after.body, after.etag]).toEqual([200, before.body, before.etag]);
    expect(Number(after.age)).toBeGreaterThan(0);
    expect((await seen(at, before.etag!)).status).toBe(304);
    expect(await seen(`${at}/suspended`)).toMatchObject({
      status: 200,
      body: beside.body,
      age: expect.any(String),
    });
    // What nobody has read is not known.
    expect((await seen(`${api.address}/status/${unread}`)).status).toBe(503);
    await relay.restore();
    await eventually(
      () => seen(at),
      ({ status, age }) => status === 200 && age === null,
    );
    expect((await seen(`${api.address}/status/${unread}`)).status).toBe(200);
  });

  describeWith('nginx', 'behind the proxy of docker/nginx.conf', () => {
    const asked = async (): Promise<number> => {
      const text = await (await fetch(`${api.address}/metrics`)).text();
      const lines = text
        .split('\n')
        .filter((line) => /^insigne_http_request_seconds_count\{.*"\/status\/:id"/.test(line));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const at = (path = ''): string => `${nginx.address}/status/${listed.list}${path}`;

    it('is asked of the api once for many readers', async () => {
      const before = await asked();
      const answers = await Promise.all(Array.from({ length: 100 }, () => seen(at())));
      expect(new Set(answers.map(({ status, etag }) => `${status} ${etag}`)).size).toBe(1);
      expect(answers[0]!.status).toBe(200);
      const times = (await asked()) - before;
      expect(times).toBeGreaterThan(0);
      expect(times).toBeLessThan(20);
    });

    it('tells a revocation to the first who asks once the kept answer is no longer new', async () => {
      expect(bitIn((await seen(at())).body)).toBe(false);
      await new ChangeStatus(world.api).run({
        organisationId: world.structure.id,
        credentialIds: [listed.id],
        change: 'revoke',
        reasonClass: 'issued_in_error',
        by: 'client:test',
      });
      const lists = new PublishStatusLists(
        world.worker,
        world.keyStore,
        api.address.replace('127.0.0.1', 'localhost'),
      );
      await eventually(
        () => lists.publishDue(),
        (published) => published > 0,
      );
      await sleep(untilStaleMs);
      const first = await seen(at());
      expect([first.status, bitIn(first.body)]).toEqual([200, true]);
    });

    it('is answered while the api hangs, with the time at which the api gave it', async () => {
      const before = await seen(at());
      api.child.kill('SIGSTOP');
      await sleep(untilStaleMs);
      const after = await seen(at());
      api.child.kill('SIGCONT');
      expect(after).toEqual(before);
    });

    it('is answered when api, database and queue have gone, and the name of the api with them', async () => {
      await eventually(
        () => seen(at()),
        ({ status }) => status === 200,
      );
      const before = await seen(at());
      expect((await seen(`${nginx.address}/status/${'0'.repeat(26)}`)).status).toBe(404);
      relay.cut();
      await api.stop('SIGKILL');
      for (const isKnown of [true, false]) {
        nginx.names.isKnown = isKnown;
        await sleep(untilStaleMs);
        expect(await seen(at())).toMatchObject({ status: 200, body: before.body, etag: before.etag });
        expect((await seen(at(), before.etag!)).status).toBe(304);
        expect((await seen(at('?other=1'))).status).toBe(200);
        // Nothing else is kept, and nothing that was not there.
        for (const path of [`/status/${unread}`, `/status/${'0'.repeat(26)}`, '/health', '/'])
          expect([path, (await seen(`${nginx.address}${path}`)).status]).toEqual([path, 502]);
      }
    });
  });
});
