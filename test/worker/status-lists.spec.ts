import { createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import {
  allEntities,
  ChangeStatus,
  NoArchive,
  OperationsReader,
  PublishStatusLists,
  type SignedBytesArchive,
} from '#badges';
import { dataSourceOptions, publicId, uuid } from '#platform';
import { Bitstring, KeyStore, SecretKeyService } from '#signing';
import { StatusListWorker } from '../../apps/worker/src/status-list-worker.js';
import { allocateStatus } from '../../libs/badges/src/allocate-status.js';
import { endStatement } from '../../libs/badges/src/statements/end-statement.js';
import { planStatement } from '../../libs/badges/src/statements/plan-statement.js';
import { statusListSize } from '../../libs/badges/src/status-list.js';
import {
  anIssuanceWorld,
  aPlannedCrowd,
  aPlannedRoom,
  type IssuanceWorld,
  origin,
} from '../support/issuance-world.js';

interface ListDocument {
  validFrom: string;
  validUntil: string;
  credentialSubject: { encodedList: string; ttl: number };
  proof: { verificationMethod: string }[];
}

describe('status lists', () => {
  let world: IssuanceWorld;
  let changing: ChangeStatus;
  let lists: PublishStatusLists;
  let owner: DataSource;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    changing = new ChangeStatus(world.api);
    lists = new PublishStatusLists(world.worker, world.keyStore, origin);
    owner = await new DataSource(
      dataSourceOptions({ url: world.urls.ownerUrl, entities: allEntities, poolSize: 2 }),
    ).initialize();
  });
  afterAll(async () => {
    await owner?.destroy();
    await world?.close();
  });

  const aSignedRoom = async (size: number): Promise<{ id: string; listId: string; index: number }[]> => {
    const room = await aPlannedRoom(world, size);
    for (const id of room.outboxIds) await world.signCredentials.run(id);
    return world.api.query(
      `select id, status_list_id as "listId", status_index as index from credential
       where award_id = any($1) and state = 'signed' order by id`,
      [room.awardIds],
    );
  };
  const revoke = (ids: string[]) =>
    changing.run({
      organisationId: world.structure.id,
      credentialIds: ids,
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'client:test',
    });
  const publishedList = async (id: string) => {
    const [row]: [{ document: string; version: number; document_sha256: string }] = await world.api.query(
      'select document, version, document_sha256 from status_list where id = $1',
      [id],
    );
    const json = JSON.parse(row.document) as ListDocument;
    return { ...row, json, bits: Bitstring.decode(json.credentialSubject.encodedList) };
  };
  /** Positions whose bit is set in the signed list, and those that the rows want to be set. */
  const bitsAndRows = async (id: string): Promise<[number[], number[]]> => {
    const { bits } = await publishedList(id);
    const rows: { position: number }[] = await world.api.query(
      `select position from status_entry where status_list_id = $1 and state <> 'active' order by position`,
      [id],
    );
    return [
      Array.from({ length: bits.length }, (_, index) => index).filter((index) => bits.get(index)),
      rows.map(({ position }) => position),
    ];
  };
  /** Dates the last signature back, so that the list may be signed again without waiting for a second. */
  const aWhileLater = async (id: string, seconds = 3): Promise<void> => {
    await owner.query('alter table status_list disable trigger status_list_never_goes_back');
    await owner.query(
      'update status_list set signed_at = signed_at - make_interval(secs => $2) where id = $1',
      [id, seconds],
    );
    await owner.query('alter table status_list enable trigger status_list_never_goes_back');
  };

  it('are waited for while a badge is to be signed, and not when every one was cancelled before', async () => {
    const waiting = async (): Promise<number> =>
      (await new OperationsReader(world.worker).gauges()).statusListsWaiting;
    const { awardIds } = await aPlannedRoom(world, 2);
    expect(await waiting()).toBe(1);
    const badges = await world.api.query('select id from credential where award_id = any($1)', [awardIds]);
    await revoke(badges.map(({ id }: { id: string }) => id));
    await lists.publishDue();
    expect(await waiting()).toBe(0);
  });

  it('tell a revocation in their next version, which is later than the one before', async () => {
    const [badge, other] = await aSignedRoom(2);
    await aWhileLater(badge!.listId);
    await lists.publishDue();
    const before = await publishedList(badge!.listId);
    expect(before.bits.get(badge!.index)).toBe(false);
    await revoke([badge!.id]);
    await aWhileLater(badge!.listId);
    expect(await lists.publishDue()).toBe(1);
    const after = await publishedList(badge!.listId);
    expect([after.bits.get(badge!.index), after.bits.get(other!.index)]).toEqual([true, false]);
    expect(after.version).toBe(before.version + 1);
    expect(after.json.validFrom >= before.json.validFrom).toBe(true);
    expect(await lists.publishDue()).toBe(0);
  });

  it('are signed once a second at most, and nothing is forgotten meanwhile', async () => {
    const badges = await aSignedRoom(2);
    await aWhileLater(badges[0]!.listId);
    await revoke([badges[0]!.id]);
    await lists.publishDue();
    await revoke([badges[1]!.id]);
    // The clock of the database decides: either the second is over, or nothing is published.
    const versions = [(await publishedList(badges[0]!.listId)).version];
    for (let i = 0; i < 20; i += 1) {
      await lists.publishDue();
      versions.push((await publishedList(badges[0]!.listId)).version);
    }
    expect(versions.at(-1)! - versions[0]!).toBeLessThanOrEqual(1);
    await aWhileLater(badges[0]!.listId);
    await lists.publishDue();
    const [bits, rows] = await bitsAndRows(badges[0]!.listId);
    expect(bits).toEqual(rows);
  });

  it('say how long they may be kept and when they are out of date', async () => {
    const [badge] = await aSignedRoom(1);
    const { json } = await publishedList(badge!.listId);
    expect(json.credentialSubject.ttl).toBe(50_000);
    expect(Date.parse(json.validUntil) - Date.parse(json.validFrom)).toBe(48 * 3_600_000);
  });

  it('are signed anew half a day after the last time, and not before', async () => {
    const [badge] = await aSignedRoom(1);
    await aWhileLater(badge!.listId);
    await lists.publishDue();
    await aWhileLater(badge!.listId);
    expect(await lists.publishDue()).toBe(0);
    await owner.query(
      `update status_list set valid_until = now() + interval '35 hours 59 minutes' where id = $1`,
      [badge!.listId],
    );
    const { version } = await publishedList(badge!.listId);
    expect(await lists.publishDue()).toBe(1);
    expect((await publishedList(badge!.listId)).version).toBe(version + 1);
  });

  it('are signed with the new key as soon as theirs is no longer in use', async () => {
    const [badge] = await aSignedRoom(1);
    const before = await publishedList(badge!.listId);
    const method = before.json.proof[0]!.verificationMethod;
    await owner.query('update signing_key set retired_at = now() where id = $1', [method.split('#')[1]]);
    await aWhileLater(badge!.listId);
    expect(await lists.publishDue()).toBe(1);
    expect((await publishedList(badge!.listId)).json.proof[0]!.verificationMethod).not.toBe(method);

    // As after a restore: the key that signed the list is not known.
    await owner.query('update status_list set key_id = null where id = $1', [badge!.listId]);
    await aWhileLater(badge!.listId);
    expect([await lists.publishDue(), await lists.publishDue()]).toEqual([1, 0]);
  });

  it('never look older than before, also when the clock of the database was set back', async () => {
    const [badge] = await aSignedRoom(1);
    await owner.query(`update status_list set signed_at = now() + interval '1 hour' where id = $1`, [
      badge!.listId,
    ]);
    const [{ signed_at: ahead }] = await world.api.query('select signed_at from status_list where id = $1', [
      badge!.listId,
    ]);
    await revoke([badge!.id]);
    expect(await lists.publishDue()).toBe(1);
    const after = await publishedList(badge!.listId);
    expect(Date.parse(after.json.validFrom)).toBeGreaterThan(ahead.getTime() - 1_000);
    expect(after.bits.get(badge!.index)).toBe(true);
    await aWhileLater(badge!.listId, 7_200);
  });

  it('cannot be set back, whoever writes', async () => {
    const [badge] = await aSignedRoom(1);
    for (const set of [
      'version = version - 1',
      'taken = taken - 1',
      `signed_at = signed_at - interval '1 day'`,
    ])
      for (const role of [world.api, world.worker, owner])
        await expect(
          role.query(`update status_list set ${set} where id = $1`, [badge!.listId]),
        ).rejects.toThrow('A status list never goes back');
  });

  it('keep the newest complete version when two workers sign at once', async () => {
    const badges = await aSignedRoom(12);
    const listId = badges[0]!.listId;
    const second = new PublishStatusLists(world.worker, world.keyStore, origin);
    for (const { id } of badges) {
      await aWhileLater(listId);
      const { version } = await publishedList(listId);
      await Promise.all([revoke([id]), lists.publishDue(), second.publishDue(), lists.publishDue()]);
      expect((await publishedList(listId)).version - version).toBeLessThanOrEqual(3);
    }
    await aWhileLater(listId);
    await lists.publishDue();
    const [bits, rows] = await bitsAndRows(listId);
    expect(bits).toEqual(rows);
    expect(rows).toEqual(expect.arrayContaining(badges.map(({ index }) => index)));
  });

  it('are encoded once for each version, however many workers publish', async () => {
    const room = await aSignedRoom(12);
    const encoded: number[] = [];
    const counting: SignedBytesArchive = Object.assign(new NoArchive(), {
      appendList: async ({ version }: { version: number }) => {
        encoded.push(version);
        // Long enough for the others to come by.
        await sleep(100);
      },
    });
    const publishers = [1, 2, 3].map(
      () => new PublishStatusLists(world.worker, world.keyStore, origin, counting),
    );
    let published = 0;
    for (const { id } of room) {
      await revoke([id]);
      await aWhileLater(room[0]!.listId);
      for (const number of await Promise.all(publishers.map((one) => one.publishDue()))) published += number;
    }
    expect(published).toBeGreaterThanOrEqual(12);
    expect(encoded).toHaveLength(published);
    const [bits, rows] = await bitsAndRows(room[0]!.listId);
    expect(bits).toEqual(rows);
  });

  it('lose none of 1,000 revocations, of signed and of planned credentials, that come at once (T-41)', async () => {
    const crowd = await aPlannedCrowd(world, 1_000);
    await world.signCredentials.run(crowd.outboxIds[0]!);
    const badges: { id: string; listId: string; index: number }[] = await world.api.query(
      `select id, status_list_id as "listId", status_index as index from credential where award_id = any($1)`,
      [crowd.awardIds],
    );
    const wide = await new DataSource(
      dataSourceOptions({ url: world.urls.url, entities: allEntities, poolSize: 16 }),
    ).initialize();
    const worker = new StatusListWorker(lists);
    worker.onApplicationBootstrap();
    try {
      const concurrent = new ChangeStatus(wide);
      await Promise.all(
        badges.map(({ id }, i) =>
          concurrent.run({
            organisationId: world.structure.id,
            credentialIds: [id],
            change: 'revoke',
            reasonClass: 'issued_in_error',
            by: `client:${i % 2}`,
          }),
        ),
      );
      const listId = badges[0]!.listId;
      for (let i = 0; i < 1_200; i += 1) {
        const [{ waiting }] = await world.api.query(
          'select count(*)::int as waiting from status_entry where version <> listed_version',
        );
        if (waiting === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const ids = badges.map(({ id }) => id);
      const [{ revoked, changes }] = await world.api.query(
        `select (select count(*)::int from status_entry where credential_id = any($1) and state = 'revoked') as revoked,
                (select count(*)::int from status_change where credential_id = any($1)) as changes`,
        [ids],
      );
      expect({ revoked, changes }).toEqual({ revoked: 1_000, changes: 1_000 });
      const [bits, rows] = await bitsAndRows(listId);
      expect(bits).toEqual(rows);
      expect(badges.filter(({ index }) => !bits.includes(index))).toEqual([]);
    } finally {
      await worker.onApplicationShutdown();
      await wide.destroy();
    }
  }, 300_000);

  it('keep every one of 1,000 changes that two administrators make to ten badges (T-41)', async () => {
    const badges = await aSignedRoom(10);
    const wide = await new DataSource(
      dataSourceOptions({ url: world.urls.url, entities: allEntities, poolSize: 12 }),
    ).initialize();
    try {
      const concurrent = new ChangeStatus(wide);
      let written = 0;
      await Promise.all(
        Array.from({ length: 1_000 }, async (_, i) => {
          const done = await concurrent
            .run({
              organisationId: world.structure.id,
              credentialIds: [badges[i % 10]!.id],
              change: i % 20 < 10 ? 'suspend' : 'reinstate',
              reasonClass: 'under_review',
              by: `person:${i % 2}`,
            })
            .catch((error: { code?: string }) => {
              if (error.code !== 'credential_not_suspended') throw error;
              return [];
            });
          if (done[0]?.isChanged) written += 1;
        }),
      );
      const rows: { version: number; changes: number; last: string; state: string; distinct: number }[] =
        await world.api.query(
          `select e.version, count(*)::int as changes, count(distinct h.version)::int as distinct, e.state,
                  (array_agg(h.to_state order by h.version desc))[1] as last
           from status_entry e join status_change h on h.credential_id = e.credential_id
           where e.credential_id = any($1) group by e.credential_id, e.version, e.state`,
          [badges.map(({ id }) => id)],
        );
      expect(rows.reduce((sum, { version }) => sum + version, 0)).toBe(written);
      for (const row of rows) {
        expect([row.changes, row.distinct]).toEqual([row.version, row.version]);
        expect(row.last).toBe(row.state);
      }
    } finally {
      await wide.destroy();
    }
  }, 120_000);

  it('tell revocations although more lists than a round takes cannot be signed', async () => {
    const [first, second] = await aSignedRoom(2);
    const other = uuid();
    await owner.query(
      `insert into organisation (id, kind, slug, legal_name, public_name) values ($1, 'structure', 'close', 'Close', 'Close')`,
      [other],
    );
    const lostSecret = new SecretKeyService(createSecretKey(randomBytes(32)));
    await new KeyStore(world.worker, lostSecret).ensureKeys(other);
    const ids = Array.from({ length: 60 }, uuid);
    await owner.query(
      `insert into status_list (id, organisation_id, public_id, size, taken, version, document, signed_at)
       select id, $2, 'p' || replace(id::text, '-', ''), $3, 1, 1, '{}', now() - interval '1 hour' from unnest($1::uuid[]) as t (id)`,
      [ids, other, statusListSize],
    );
    const isToldOf = async ({ listId, index }: { listId: string; index: number }): Promise<boolean> =>
      (await publishedList(listId)).bits.get(index);

    await revoke([first!.id]);
    await aWhileLater(first!.listId);
    const publisher = new PublishStatusLists(world.worker, world.keyStore, origin);
    expect([await publisher.publishDue(), await isToldOf(first!)]).toEqual([1, true]);

    await owner.query(
      'insert into status_entry (status_list_id, position, credential_id, version) select id, 0, id, 1 from unnest($1::uuid[]) as t (id)',
      [ids],
    );
    await revoke([second!.id]);
    await aWhileLater(second!.listId);
    const another = new PublishStatusLists(world.worker, world.keyStore, origin);
    expect([await another.publishDue(), await isToldOf(second!)]).toEqual([0, false]);
    expect([await another.publishDue(), await isToldOf(second!)]).toEqual([1, true]);
  }, 120_000);
});

describe('places in status lists', () => {
  let world: IssuanceWorld;
  let wide: DataSource;
  const limit = statusListSize / 2;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    wide = await new DataSource(
      dataSourceOptions({ url: world.urls.url, entities: allEntities, poolSize: 20 }),
    ).initialize();
  });
  afterAll(async () => {
    await wide?.destroy();
    await world?.close();
  });

  const organisation = () => world.structure.id;
  const reserve = (count: number) =>
    wide.transaction((tx) => allocateStatus(tx, organisation(), Array.from({ length: count }, uuid)));
  const openLists = (): Promise<{ id: string; taken: number; entries: number }[]> =>
    wide.query(
      `select l.id, l.taken, count(e.position)::int as entries from status_list l
       left join status_entry e on e.status_list_id = l.id group by l.id, l.taken, l.created_at order by l.created_at`,
    );

  it('are given once each when 200 want one at the end of a list, and a new list opens (T-42)', async () => {
    await reserve(1);
    const [list] = await openLists();
    await wide.query('update status_list set taken = $2 where id = $1', [list!.id, limit - 50]);
    const slots = (await Promise.all(Array.from({ length: 200 }, () => reserve(1)))).flatMap((s) => [
      ...s.values(),
    ]);
    expect(slots).toHaveLength(200);
    expect(new Set(slots.map(({ statusListId, index }) => `${statusListId} ${index}`)).size).toBe(200);
    const after = await openLists();
    expect(after.map(({ entries }) => entries)).toEqual([51, 150]);
    expect(after.map(({ taken }) => taken)).toEqual([limit, 150]);
  }, 120_000);

  it('are never given twice, whatever sizes come at once and whoever gives up half-way', async () => {
    const request = fc.record({ size: fc.integer({ min: 1, max: 60 }), givesUp: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 12 }), async (requests) => {
        const before = (await openLists()).reduce((sum, { entries }) => sum + entries, 0);
        const given = await Promise.all(
          requests.map(({ size, givesUp }) =>
            wide
              .transaction(async (tx) => {
                const slots = await allocateStatus(tx, organisation(), Array.from({ length: size }, uuid));
                if (givesUp) throw new Error('gives up');
                return [...slots.values()];
              })
              .catch(() => []),
          ),
        );
        const wanted = requests.filter(({ givesUp }) => !givesUp).reduce((sum, { size }) => sum + size, 0);
        const places = given.flat().map(({ statusListId, index }) => `${statusListId} ${index}`);
        expect(new Set(places).size).toBe(wanted);
        expect((await openLists()).reduce((sum, { entries }) => sum + entries, 0)).toBe(before + wanted);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('are spread over the whole list, so that one place tells nothing about the next', async () => {
    const slots = [...(await reserve(2_000)).values()].map(({ index }) => index);
    const quarters = [0, 1, 2, 3].map((q) => slots.filter((i) => Math.floor(i / (statusListSize / 4)) === q));
    for (const quarter of quarters) expect(quarter.length).toBeGreaterThan(300);
    const neighbours = slots.filter((index, i) => i > 0 && Math.abs(index - slots[i - 1]!) < 10);
    expect(neighbours.length).toBeLessThan(20);
  });

  interface Place {
    position: number;
    status_list_id: string;
    credential_id: string;
  }
  const placesOf = (credentialIds: string[]): Promise<Place[]> =>
    world.api.query(
      `select position, status_list_id, credential_id from status_entry where credential_id = any($1)
       order by credential_id`,
      [credentialIds],
    );
  const asOwner = async (work: (owner: DataSource) => Promise<unknown>): Promise<void> => {
    const owner = await new DataSource(
      dataSourceOptions({ url: world.urls.ownerUrl, entities: allEntities, poolSize: 1 }),
    ).initialize();
    await work(owner).finally(() => owner.destroy());
  };

  // The program has no act that erases a person: this is what an operator does who must.
  it('stay taken when people are deleted by SQL with awards, badges and all, and none of 30,000 given later is one', async () => {
    const room = await aPlannedCrowd(world, 600);
    for (const id of room.outboxIds) await world.signCredentials.run(id);
    const badges: { id: string }[] = await world.api.query(
      `select id from credential where award_id = any($1) and state = 'signed'`,
      [room.awardIds],
    );
    const places = await placesOf(badges.map(({ id }) => id));
    expect(places).toHaveLength(600);
    await asOwner(async (owner) => {
      await owner.query('delete from credential where award_id = any($1)', [room.awardIds]);
      await owner.query('delete from award where id = any($1)', [room.awardIds]);
      for (const table of ['attendance', 'assessment'])
        await owner.query(`delete from ${table} where person_id = any($1)`, [room.people]);
      await owner.query('delete from person where id = any($1)', [room.people]);
      for (const { position, status_list_id } of places.slice(0, 3))
        await expect(
          owner.query('delete from status_entry where status_list_id = $1 and position = $2', [
            status_list_id,
            position,
          ]),
        ).rejects.toThrow('A status index belongs to one credential for ever');
    });
    expect(await world.api.query('select from person where id = any($1)', [room.people])).toHaveLength(0);
    expect(await placesOf(badges.map(({ id }) => id))).toEqual(places);
    for (const { position, status_list_id } of places.slice(0, 3))
      await expect(
        world.api.query(
          'insert into status_entry (status_list_id, position, credential_id) values ($1, $2, $3)',
          [status_list_id, position, uuid()],
        ),
      ).rejects.toThrow('status_entry_pkey');
    const named = ({ status_list_id, position }: Place): string => `${status_list_id} ${position}`;
    const taken = new Set(places.map(named));
    const given = [...(await reserve(30_000)).values()].map(({ statusListId, index }) =>
      named({ status_list_id: statusListId, position: index, credential_id: '' }),
    );
    // Were they free again, some 140 of the 30,000 random places would be of theirs.
    expect(given.filter((place) => place.startsWith(places[0]!.status_list_id)).length).toBeGreaterThan(
      20_000,
    );
    expect(given.filter((place) => taken.has(place))).toEqual([]);
  }, 120_000);

  it('stay taken when what was issued is withdrawn and its content erased by the program', async () => {
    const { statementId, outboxId } = await world.api.transaction((tx) =>
      planStatement(
        tx,
        { kind: 'credential', organisationId: organisation(), origin, publicId: publicId() },
        ({ status }) => ({ status: status.index }),
      ),
    );
    const places = await placesOf([statementId]);
    expect(places).toHaveLength(1);
    await world.api.transaction((tx) => endStatement(tx, statementId, 'client:test'));
    await world.signPromised.run(outboxId);
    const [ended] = await world.api.query('select state, payload from statement where id = $1', [
      statementId,
    ]);
    expect(ended).toEqual({ state: 'void', payload: '' });
    expect(await placesOf([statementId])).toEqual(places);
    await expect(
      world.api.query(
        'insert into status_entry (status_list_id, position, credential_id) values ($1, $2, $3)',
        [places[0]!.status_list_id, places[0]!.position, uuid()],
      ),
    ).rejects.toThrow('status_entry_pkey');
  });
});
