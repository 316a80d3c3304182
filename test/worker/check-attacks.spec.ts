import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type pg from 'pg';
import { archiveFiles, ChangeStatus, PublishBadge, ReconcileArchive, readArchive } from '#badges';
import { appendAudit, chainAudit, sha256, uuid } from '#platform';
import { KeyLifecycle } from '#signing';
import { ArchivedRegister } from '../../apps/cli/src/check/archived-lists.js';
import { type CheckReport, checkIssued } from '../../apps/cli/src/check/check-issued.js';
import type { KeptHead } from '../../apps/cli/src/check/database-faults.js';
import type { Fault, FaultCode } from '../../apps/cli/src/check/faults.js';
import { lineHash } from '../../libs/platform/src/audit-chain.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { anAttackerOf } from '../support/check-faults.js';
import { aSession, origin } from '../support/issuance-world.js';

const hex = (text: string): string => sha256(text).toString('hex');

describe('the check, against somebody who has every right on the database', () => {
  let archived: ArchivedWorld;
  let attacker: pg.Client;
  beforeEach(async () => {
    archived = await anArchivedWorld();
    attacker = await anAttackerOf(archived);
  }, 120_000);
  afterEach(async () => {
    await attacker?.end();
    await archived?.close();
  });

  const report = (
    given: { keptHeads?: KeptHead[]; signal?: AbortSignal; scope?: object } = {},
  ): Promise<CheckReport> =>
    checkIssued(archived.world.worker, {
      databaseUrl: archived.world.urls.workerUrl,
      origin,
      archiveFolder: archived.archiveFolder,
      scope: {},
      ...given,
    });
  const check = async (given = {}): Promise<Fault[]> => (await report(given)).faults;
  const codes = async (given = {}): Promise<FaultCode[]> => [
    ...new Set((await check(given)).map(({ code }) => code)),
  ];
  const of = (faults: Fault[], id: string): FaultCode[] =>
    faults.filter(({ ids }) => Object.values(ids).includes(id)).map(({ code }) => code);
  const one = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
    (await attacker.query(sql, values)).rows[0] as T;
  const revoke = (credentialId: string): Promise<unknown> =>
    new ChangeStatus(archived.world.api).run({
      organisationId: archived.world.structure.id,
      credentialIds: [credentialId],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'client:test',
    });
  const settle = async (): Promise<void> => {
    await chainAudit(archived.world.worker);
    await archived.marks.run();
  };

  it('finds awards, badges, publications and requests that its acts never made, and only those', async () => {
    const { credentialIds } = await archived.issueRoom(12);
    const { structure, api } = archived.world;
    const rest = [...credentialIds];
    const take = (): string => rest.shift()!;
    const awardOf = async (id: string): Promise<string> =>
      (await one<{ award_id: string }>('select award_id from credential where id = $1', [id])).award_id;
    const asked = take();
    await new PublishBadge(api).publish(await awardOf(asked), { withName: true, by: 'client:test' });
    const hiddenAgain = take();
    const publishing = new PublishBadge(api);
    await publishing.publish(await awardOf(hiddenAgain), { withName: true, by: 'client:test' });
    await publishing.withdraw(await awardOf(hiddenAgain), 'client:test');
    await settle();
    expect(await check()).toEqual([]);

    const planted: [FaultCode, string][] = [];
    const orphaned = take();
    await attacker.query('delete from award where id = $1', [await awardOf(orphaned)]);
    planted.push(['award_missing', orphaned]);
    const [left, right] = [take(), take()];
    const [ofLeft, ofRight] = [await awardOf(left), await awardOf(right)];
    const swap = async (one: string, other: string): Promise<void> => {
      await attacker.query(`update credential set award_id = $2, edition = 'moving' where id = $1`, [
        one,
        other,
      ]);
    };
    await swap(left, ofRight);
    await swap(right, ofLeft);
    await attacker.query(`update credential set edition = 'open-badge-3' where edition = 'moving'`);
    planted.push(['award_differs', left], ['award_differs', right]);
    const deleted = take();
    await attacker.query('delete from credential where id = $1', [deleted]);
    planted.push(['credential_deleted', deleted], ['status_entry_unknown', deleted]);
    const hidden = take();
    await attacker.query(`update credential set state = 'void' where id = $1`, [hidden]);
    planted.push(['credential_hidden', hidden]);
    const forgotten = take();
    await attacker.query(`update credential set state = 'planned' where id = $1`, [forgotten]);
    planted.push(['planned_forgotten', forgotten]);
    const shown = take();
    await attacker.query(
      `insert into publication (credential_id, with_name, by) values ($1, true, 'x'), ($2, true, 'x'), ($3, true, 'x')`,
      [shown, hiddenAgain, hidden],
    );
    planted.push(
      ['publication_unasked', shown],
      ['publication_unasked', hiddenAgain],
      ['publication_without_credential', hidden],
    );
    const leftOver = uuid();
    await attacker.query(
      `insert into outbox (id, topic, organisation_id, priority, created_at) values ($1, 'sign', $2, 1, now() - interval '2 hours')`,
      [leftOver, structure.id],
    );
    planted.push(['outbox_left_over', leftOver]);
    const again = take();
    await attacker.query('alter table status_entry drop constraint status_entry_pkey');
    await attacker.query(
      `insert into status_entry (status_list_id, position, credential_id) select status_list_id, position, $2 from status_entry where credential_id = $1`,
      [again, uuid()],
    );

    const faults = await check();
    for (const [code, id] of planted)
      expect([code, of(faults, id)]).toEqual([code, expect.arrayContaining([code])]);
    expect(
      faults.some(({ code, ids }) => code === 'status_index_twice' && Object.values(ids).includes(again)),
    ).toBe(true);
    for (const id of [...rest, asked]) expect([id, of(faults, id)]).toEqual([id, []]);
  }, 240_000);

  it('finds mandates and keys whose row says something else than their history', async () => {
    await archived.issueRoom(2);
    const { worker, keyStore, assessorId, structure } = archived.world;
    const { id: membership } = await one<{ id: string }>('select id from membership where person_id = $1', [
      assessorId,
    ]);
    await attacker.query(`update membership set valid_from = '2020-01-01' where id = $1`, [membership]);
    expect(of(await check(), membership)).toEqual(['mandate_history_differs']);
    await attacker.query(`update membership set valid_from = '2026-09-01' where id = $1`, [membership]);
    await attacker.query(`update membership set valid_until = '2026-12-31' where id = $1`, [membership]);
    expect(of(await check(), membership)).toEqual(['mandate_history_differs']);
    await attacker.query('update membership set valid_until = null where id = $1', [membership]);
    const forged = uuid();
    await attacker.query(
      `insert into membership (id, organisation_id, person_id, role, valid_from, confirmed_by)
       select $2, organisation_id, person_id, role, valid_from, 'x' from membership where id = $1`,
      [membership, forged],
    );
    expect(of(await check(), forged)).toEqual(['mandate_history_differs']);
    await attacker.query('delete from membership where id = $1', [forged]);

    const lifecycle = new KeyLifecycle(worker, keyStore);
    const { id: key } = await one<{ id: string }>(`select id from signing_key where algorithm = 'Ed25519'`);
    await lifecycle.retire(structure.id, key, 'cli');
    await settle();
    expect(await check()).toEqual([]);
    await attacker.query('update signing_key set retired_at = null where id = $1', [key]);
    expect(of(await check(), key)).toEqual(['key_history_differs']);
    await attacker.query('update signing_key set retired_at = now() where id = $1', [key]);
    await attacker.query(
      `insert into signing_key (id, issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key, created_at, retired_at)
       select 'ed-00000000000000zz', issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key, now(), now() from signing_key where id = $1`,
      [key],
    );
    expect(of(await check(), 'ed-00000000000000zz')).toEqual(['key_history_differs']);
    await attacker.query(`delete from signing_key where id = 'ed-00000000000000zz'`);
    await attacker.query(
      `update signing_key set public_jwk = (select public_jwk from signing_key where id <> $1 limit 1) where id = $1`,
      [key],
    );
    expect(of(await check(), key)).toEqual(['key_altered']);
  }, 240_000);

  it('finds a revocation that was taken back with its history, and lists that are not the published ones', async () => {
    const { credentialIds } = await archived.issueRoom(2);
    const list = (): Promise<{ id: string; document: string; document_sha256: string; version: number }> =>
      one('select id, document, document_sha256, version from status_list');
    const before = await list();
    await revoke(credentialIds[0]!);
    await archived.world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    await settle();
    expect(await check()).toEqual([]);
    const after = await list();
    await attacker.query('update status_list set document = $1, document_sha256 = $2', [
      before.document,
      before.document_sha256,
    ]);
    expect((await codes()).sort()).toEqual(['list_bit_differs', 'list_differs']);
    await attacker.query('update status_list set document = $1, document_sha256 = null', [after.document]);
    expect((await codes()).sort()).toEqual(['list_differs', 'list_digest']);
    await attacker.query(`update status_list set document = '{', document_sha256 = $1`, [hex('{')]);
    expect(await codes()).toEqual(expect.arrayContaining(['list_proof', 'list_bit_differs']));
    await attacker.query('update status_list set document = $1, document_sha256 = $2', [
      after.document,
      after.document_sha256,
    ]);
    await attacker.query('delete from status_change');
    await attacker.query(
      `update status_entry set state = 'active', version = 0, listed_version = 0, revoked_at = null, reason = null`,
    );
    expect(of(await check(), credentialIds[0]!)).toEqual(
      expect.arrayContaining(['status_history_differs', 'list_bit_differs']),
    );

    // As an older backup leaves it: the list one version behind, then published again under the number it had.
    const { worker } = archived.world;
    const minutesLater = async (): Promise<Fault[]> => {
      const register = new ArchivedRegister(new Date(Date.now() + 600_000));
      for await (const line of readArchive(archived.archiveFolder))
        if (line.kind === 'list') register.addList(line.list);
      return register.faults(worker, null);
    };
    const lost = { list: before.id, credential: credentialIds[0], index: expect.any(Number) };
    await attacker.query(
      'update status_list set document = $1, document_sha256 = $2, version = $3, valid_until = null',
      [before.document, before.document_sha256, before.version],
    );
    expect(await codes()).not.toContain('list_went_back');
    expect(await minutesLater()).toEqual([
      { code: 'list_went_back', ids: { list: before.id } },
      { code: 'revocation_lost', ids: lost },
    ]);
    // As a worker leaves it that was killed after it kept the list and before it published it.
    await attacker.query(
      `update status_entry set state = 'revoked', version = 1, revoked_at = now(), reason = 'issued_in_error'
       where credential_id = $1`,
      [credentialIds[0]],
    );
    expect(await minutesLater()).toEqual([]);
    await attacker.query(
      `update status_entry set state = 'active', version = 0, revoked_at = null, reason = null`,
    );
    const publishAgain = async (): Promise<void> => {
      await attacker.query(`update status_list set signed_at = signed_at - interval '10 seconds'`);
      expect(await archived.lists.publishDue()).toBe(1);
    };
    await publishAgain();
    expect((await list()).version).toBe(after.version);
    expect(await minutesLater()).toEqual([{ code: 'revocation_lost', ids: lost }]);
    const done = await new ReconcileArchive(worker, archived.archiveFolder).run();
    expect(done).toMatchObject({ statusesBroughtForward: 1, listsBroughtForward: 0 });
    await publishAgain();
    expect(await minutesLater()).toEqual([]);
  }, 240_000);

  it('finds an audit chain that was shortened, or written anew from the middle with fitting hashes', async () => {
    await archived.issueRoom(3);
    const { worker } = archived.world;
    // A chain from before today, with a head that somebody outside keeps.
    await attacker.query(`update audit_head set day = (now() at time zone 'UTC')::date - 2`);
    await appendAudit(worker.manager, [{ actor: 'cli', action: 'test.happened', subject: {} }]);
    await settle();
    const keptHeads = (
      await attacker.query<{ day: string; seq: string; hash: string }>(
        `select day::text, seq, encode(hash, 'hex') as hash from audit_head where seq > 0`,
      )
    ).rows.map((head) => ({ ...head, seq: Number(head.seq) }));
    expect(keptHeads).toHaveLength(1);
    expect(await check({ keptHeads })).toEqual([]);

    const last = await one<{ seq: string; event_id: string; previous_hash: Buffer; hash: Buffer }>(
      'select * from audit_line order by seq desc limit 1',
    );
    const event = await one<{ at: Date; actor: string }>('select * from audit_event where id = $1', [
      last.event_id,
    ]);
    await attacker.query('delete from audit_line where seq = $1', [last.seq]);
    expect((await codes()).sort()).toEqual(['audit_event_unchained', 'audit_not_archived']);
    await attacker.query('delete from audit_event where id = $1', [last.event_id]);
    expect(await check()).toEqual([{ code: 'audit_not_archived', ids: { line: Number(last.seq) } }]);
    await attacker.query(`insert into audit_event values ($1, $2, $3, 'test.happened', '{}')`, [
      last.event_id,
      event.at,
      event.actor,
    ]);
    await attacker.query('insert into audit_line values ($1, $2, $3, $4)', [
      last.seq,
      last.event_id,
      last.previous_hash,
      last.hash,
    ]);
    expect(await check({ keptHeads })).toEqual([]);

    await attacker.query(
      `update audit_event set actor = 'person:x' where id = (select event_id from audit_line where seq = 2)`,
    );
    await rechain();
    expect(await codes()).toEqual(['audit_not_archived']);
    expect((await codes({ keptHeads })).sort()).toEqual(['audit_head_differs', 'audit_not_archived']);
    const { faults } = await report({ keptHeads });
    expect(faults).toContainEqual({
      code: 'audit_head_differs',
      ids: { line: keptHeads[0]!.seq, why: 'kept_head_differs', event: keptHeads[0]!.day },
    });
  }, 240_000);

  /** What a skilled attacker does: every hash of the chain, and of the heads, made again. */
  const rechain = async (): Promise<void> => {
    const { rows } = await attacker.query(
      'select l.seq, e.id, e.at, e.actor, e.action, e.subject from audit_line l join audit_event e on e.id = l.event_id order by l.seq',
    );
    let previous: Buffer = Buffer.alloc(32);
    for (const row of rows) {
      const hash = lineHash(previous, row);
      await attacker.query('update audit_line set previous_hash = $2, hash = $3 where seq = $1', [
        row.seq,
        previous,
        hash,
      ]);
      await attacker.query('update audit_head set hash = $2 where seq = $1', [row.seq, hash]);
      previous = hash;
    }
  };

  it('goes on to its end when an event says what cannot be read', async () => {
    const { credentialIds } = await archived.issueRoom(1);
    const { id: keyId } = await one<{ id: string }>('select id from signing_key limit 1');
    await settle();
    const unreadable: [string, Record<string, string>][] = [
      ['credential.signed', { credentialId: '01a2080350c4f-7511-a464-317b9ddb324f' }],
      ['credential.signed', { credentialId: '-'.repeat(36) }],
      ['credential.revoked', { credentialId: credentialIds[0]!, version: 'one' }],
      ['credential.revoked', { credentialId: credentialIds[0]!, version: '9'.repeat(30) }],
      ['key.compromised', { keyId, since: 'yesterday' }],
      ['award.cancelled', { awardId: 'none' }],
      ['membership.granted', { membershipId: 'none', validFrom: 'never' }],
    ];
    for (const [action, subject] of unreadable) {
      const { id } = await one<{ id: string }>(
        `insert into audit_event (id, actor, action, subject) values (gen_random_uuid(), 'cli', $1, $2) returning id`,
        [action, JSON.stringify(subject)],
      );
      expect([subject, await codes()]).toEqual([subject, expect.arrayContaining(['audit_event_unchained'])]);
      await attacker.query('delete from audit_event where id = $1', [id]);
    }
    expect(await check()).toEqual([]);
  }, 240_000);

  it('finds a theft that was moved to a later day, however late', async () => {
    await archived.issueRoom(1);
    await settle();
    const { id: keyId } = await one<{ id: string }>('select id from signing_key limit 1');
    const since = '2026-01-02T03:04:05.000Z';
    const { id } = await one<{ id: string }>(
      `insert into audit_event (id, actor, action, subject) values (gen_random_uuid(), 'cli', 'key.compromised', $1) returning id`,
      [JSON.stringify({ keyId, since })],
    );
    const historyAt = async (told: string | null): Promise<boolean> => {
      await attacker.query('update signing_key set compromised_since = $2 where id = $1', [keyId, told]);
      return (await codes()).includes('key_history_differs');
    };
    for (const later of [null, '2026-01-02T03:04:06Z', '9999-01-01', '20000-01-01', 'infinity'])
      expect([later, await historyAt(later)]).toEqual([later, true]);
    for (const same of [since, '2025-12-31T00:00:00Z'])
      expect([same, await historyAt(same)]).toEqual([same, false]);
    await historyAt(null);
    await attacker.query('delete from audit_event where id = $1', [id]);
    expect(await check()).toEqual([]);
  }, 240_000);

  it('finds heads that are missing or count other lines', async () => {
    await archived.issueRoom(1);
    await attacker.query(`update audit_head set day = (now() at time zone 'UTC')::date - 4`);
    await appendAudit(archived.world.worker.manager, [
      { actor: 'cli', action: 'test.happened', subject: {} },
    ]);
    await settle();
    expect(await check()).toEqual([]);
    await attacker.query(
      `update audit_head set lines = lines + 1 where day = (now() at time zone 'UTC')::date - 3`,
    );
    expect(await codes()).toEqual(['audit_head_differs']);
    await attacker.query(
      `update audit_head set lines = lines - 1 where day = (now() at time zone 'UTC')::date - 3`,
    );
    await attacker.query(`delete from audit_head where day = (now() at time zone 'UTC')::date - 2`);
    const [fault] = await check();
    expect(fault).toMatchObject({ code: 'audit_head_differs', ids: { why: 'head_missing' } });
  }, 240_000);

  it('finds a session that was deleted, though its people met again that day and its awards name none', async () => {
    const { people, credentialIds } = await archived.issueRoom(2);
    await aSession(archived.world, { people });
    expect(await check()).toEqual([]);
    const { id } = await one<{ id: string }>('select session_id as id from award limit 1');
    await attacker.query('update award set session_id = null');
    for (const table of ['attendance', 'assessment'])
      await attacker.query(`delete from ${table} where session_id = $1`, [id]);
    await attacker.query('delete from session where id = $1', [id]);
    const faults = await check();
    for (const credentialId of credentialIds)
      expect(of(faults, credentialId).sort()).toEqual([
        'archive_differs',
        'assessment_missing',
        'attendance_missing',
      ]);
  }, 240_000);

  it('finds an archived fact that was changed with its checksum, and tells files it cannot read from damage', async () => {
    const { credentialIds } = await archived.issueRoom(3);
    const [file] = await archiveFiles(archived.archiveFolder);
    const kept = readFileSync(file!, 'utf8');
    const lines = kept.split('\n');
    const at = lines.findIndex((line) => line.includes(`"id":"${credentialIds[0]}"`));
    const text = lines[at]!.slice(65).replace('"established":"', '"established":"x');
    lines[at] = `${hex(text)} ${text}`;
    writeFileSync(file!, lines.join('\n'));
    expect(await check()).toEqual([{ code: 'archive_differs', ids: { credential: credentialIds[0] } }]);
    writeFileSync(file!, kept);
    mkdirSync(join(archived.archiveFolder, '2026-01-01.1790000000000-1-abc.jsonl'));
    writeFileSync(join(archived.archiveFolder, '2026-01-02.1790000000000-1-abc.jsonl.gz'), 'no gzip');
    expect(await check()).toEqual(
      [
        ['2026-01-01.1790000000000-1-abc.jsonl', 'EISDIR'],
        ['2026-01-02.1790000000000-1-abc.jsonl.gz', 'Z_DATA_ERROR'],
      ].map(([name, why]) => ({ code: 'archive_unreadable', ids: { file: name, why } })),
    );
  }, 240_000);

  it('finds any single character that changes in any column that matters', async () => {
    const { credentialIds } = await archived.issueRoom(2);
    await revoke(credentialIds[0]!);
    await archived.world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    await settle();
    expect(await check()).toEqual([]);
    const columns = Object.entries({
      credential:
        'award_id organisation_id edition public_id state status_list_id status_index issuer_did payload payload_sha256 document document_sha256 jwt ed25519_key_id rs256_key_id',
      status_entry: 'status_list_id position credential_id state version',
      status_list: 'public_id document document_sha256',
      award:
        'achievement_id badge_code person_id session_id assessor_person_id assessed_on state established',
      membership: 'organisation_id person_id valid_from role',
      signing_key: 'issuer_id algorithm public_jwk',
      session: 'held_on',
      achievement:
        'code kind workshop_code name description easy_text criteria alignments picture rule content_hash',
      organisation: 'public_name',
      audit_event: 'id at actor action subject',
      audit_line: 'seq event_id previous_hash hash',
      audit_head: 'seq lines hash',
    }).flatMap(([table, names]) => names.split(' ').map((name) => [table, name] as const));
    const character = fc.constantFrom(...'0123456789abcdef');
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...columns),
        fc.nat(),
        fc.nat(),
        character,
        async ([table, name], row, at, other) => {
          const rows = (
            await attacker.query<{ place: string; value: string | null; type: string }>(
              `select ctid::text as place, ${name}::text as value, pg_typeof(${name})::text as type from ${table} order by ctid`,
            )
          ).rows.filter(({ value }) => value);
          if (rows.length === 0) return;
          const { place, value, type } = rows[row % rows.length]!;
          const where = at % value!.length;
          const changed = value!.slice(0, where) + other + value!.slice(where + 1);
          if (changed === value) return;
          const write = (
            text: string,
            ctid: string,
          ): Promise<pg.QueryResult<{ place: string; value: string }>> =>
            attacker.query(
              `update ${table} set ${name} = $1::text::${type} where ctid = $2::tid returning ctid::text as place, ${name}::text as value`,
              [text, ctid],
            );
          // What the column's type or a constraint refuses was no change.
          const done = await write(changed, place).catch(() => undefined);
          if (!done?.rows[0] || done.rows[0].value === value) return;
          tried += 1;
          const found = await check();
          await write(value!, done.rows[0].place);
          expect([table, name, value!.slice(where - 10, where + 10), other, found.length > 0]).toEqual([
            table,
            name,
            expect.any(String),
            other,
            true,
          ]);
        },
      ),
      { numRuns: 100, endOnFailure: true },
    );
    expect(tried).toBeGreaterThan(40);
    expect(await check()).toEqual([]);
  }, 600_000);
});
