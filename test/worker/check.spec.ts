import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { archiveFiles, ChangeStatus } from '#badges';
import { chainAudit, copyRows, literal, sha256, uuid } from '#platform';
import { generateKey } from '#signing';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import { type Fault, type FaultCode, faultWords } from '../../apps/cli/src/check/faults.js';
import { RangeCheck } from '../../apps/cli/src/check/issued-range.js';
import { issuedRowReader, issuedRows } from '../../apps/cli/src/check/issued-row.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { faultsIn } from '../support/check-faults.js';
import { origin } from '../support/issuance-world.js';

const hex = (text: string): string => sha256(text).toString('hex');

describe('the check of everything issued', () => {
  let archived: ArchivedWorld;
  let owner: pg.Client;
  beforeEach(async () => {
    archived = await anArchivedWorld();
    owner = new pg.Client({ connectionString: archived.world.urls.ownerUrl });
    await owner.connect();
  }, 120_000);
  afterEach(async () => {
    await owner?.end();
    await archived?.close();
  });

  const check = (scope = {}): Promise<Fault[]> => faultsIn(archived, scope);
  const codesOf = (faults: Fault[], id: string): FaultCode[] =>
    faults.filter(({ ids }) => Object.values(ids).includes(id)).map(({ code }) => code);
  const column = async (id: string, name: string): Promise<string> =>
    (await owner.query(`select ${name} as value from credential where id = $1`, [id])).rows[0].value;
  const set = (id: string, assignment: string, values: unknown[] = []): Promise<unknown> =>
    owner.query(`update credential set ${assignment} where id = $1`, [id, ...values]);
  const setAward = (id: string, assignment: string): Promise<unknown> =>
    owner.query(`update award set ${assignment} where id = (select award_id from credential where id = $1)`, [
      id,
    ]);
  const aKey = async (issuerId: string, algorithm: 'Ed25519' | 'RS256', dates: string): Promise<string> => {
    const key = await generateKey(algorithm);
    await owner.query(
      `insert into signing_key (id, issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key, created_at, retired_at, compromised_since)
       values ($1, $2, $3, $4, $5, '\\x00', ${dates})`,
      [key.id, issuerId, algorithm, JSON.stringify(key.publicJwk), key.publicMultibase],
    );
    return key.id;
  };

  it('finds nothing where nothing is wrong, also after revoking and suspending', async () => {
    const { credentialIds } = await archived.issueRoom(6);
    const change = new ChangeStatus(archived.world.api);
    const { id: organisationId } = archived.world.structure;
    const by = 'client:test';
    await change.run({
      organisationId,
      credentialIds: [credentialIds[0]!],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by,
    });
    await change.run({
      organisationId,
      credentialIds: [credentialIds[1]!],
      change: 'suspend',
      reasonClass: 'issued_in_error',
      by,
    });
    await chainAudit(archived.world.worker);
    expect(await check()).toEqual([]);
    const report = await checkIssued(archived.world.worker, {
      databaseUrl: archived.world.urls.workerUrl,
      origin,
      archiveFolder: archived.archiveFolder,
      scope: {},
    });
    expect(report).toMatchObject({ credentials: 6, archived: 6 });
    expect(report.auditLines).toBeGreaterThan(12);
  });

  it('reads rows in binary form as the driver reads them, and passes on what the database refuses', async () => {
    const { worker } = archived.world;
    const words = ['', null, 'é « 😀 » \t', "it's a \\ '' $1", 'x'.repeat(300_000)];
    const values = words.map((word, place) => `(${place}, ${literal(word)})`).join();
    const select = `select place, word::text, sha256(convert_to(word, 'UTF8')) as raw, place::bigint - 5000000000 as large,
       timestamptz '1969-12-31 23:59:59.999Z' + place * interval '7.000001 hours' as at
       from (values ${values}) as t (place, word) where place < `;
    const read = (most: number) =>
      copyRows(worker, `${select}${literal(most)} order by 1`, (columns) => ({
        place: columns.integer(),
        word: columns.text(),
        raw: columns.binary(),
        large: String(columns.integer()),
        at: columns.instant(),
      }));
    expect(await read(0)).toEqual([]);
    const rows = await read(9);
    expect(rows).toEqual(await worker.query(`${select}9 order by 1`));
    expect(rows.map(({ word }) => word)).toEqual(words);
    await expect(copyRows(worker, 'select nothing', () => 0)).rejects.toThrow(/"nothing" does not exist/);
    expect(await read(2)).toHaveLength(2);
  });

  it('reads document and JWT as everybody else is given them, in whichever form they are stored', async () => {
    const { credentialIds } = await archived.issueRoom(4);
    await set(credentialIds[0]!, 'document = signed_document(credential), proof = null');
    await set(credentialIds[1]!, 'jwt = signed_jwt(credential), jwt_claims = null');
    await set(credentialIds[2]!, `payload = replace(payload, 'prise', '« 😀 » \u2028')`);
    const read = await copyRows(archived.world.worker, issuedRows('true'), issuedRowReader());
    const { rows } = await owner.query(
      'select id, signed_document(c) as document, signed_jwt(c) as jwt from credential c order by id',
    );
    expect(
      read.map(({ id, document, jwt }) => ({ id, document: document.toString(), jwt: jwt.toString() })),
    ).toEqual(rows);
  });

  it('finds each of the faults that somebody with every right has planted, and only those', async () => {
    const { credentialIds } = await archived.issueRoom(38);
    const { structure } = archived.world;
    const planted: [FaultCode, string][] = [];
    const rest = [...credentialIds];
    const plant = async (code: FaultCode, work: (id: string) => Promise<unknown>): Promise<string> => {
      const id = rest.shift()!;
      await work(id);
      planted.push([code, id]);
      return id;
    };
    for (const table of ['status_entry', 'status_list', 'audit_event', 'audit_line'])
      await owner.query(`alter table ${table} disable trigger user`);
    await owner.query(`alter table credential drop constraint credential_status_index_is_used_once,
                         drop constraint if exists credential_public_id_is_unique;
                       drop index if exists credential_public_id_is_unique;
                       drop index credential_once_per_award_and_edition;
                       drop index award_once_per_learner_and_badge;
                       alter table award drop constraint award_assessor_is_not_the_learner`);
    const other = uuid();
    await owner.query(
      `insert into organisation (id, kind, slug, legal_name, public_name) values ($1, 'structure', 'autre', 'Autre', 'Autre')`,
      [other],
    );
    const stranger = await aKey(other, 'Ed25519', `now() - interval '1 year', null, null`);
    const retired = await aKey(structure.id, 'RS256', `'2019-01-01', '2020-01-01', null`);
    const stolen = await aKey(structure.id, 'RS256', `'2019-01-01', null, '2020-01-01'`);
    const young = await aKey(structure.id, 'RS256', `now() + interval '1 hour', '2999-01-01', null`);

    await plant('payload_digest', (id) =>
      set(id, `payload = replace(payload, 'prise en main', 'prise en mains')`),
    );
    await plant('document_digest', (id) =>
      set(id, `document = replace(signed_document(credential), 'prise en main', 'prise en mains')`),
    );
    await plant('document_digest', (id) => set(id, `proof = replace(proof, 'z', 'Z')`));
    await plant('document_unreadable', (id) => set(id, `document = 'nothing'`));
    for (const payload of ['', 'é'])
      await plant('document_unreadable', (id) => set(id, `payload = '${payload}'`));
    await plant('document_not_payload', (id) =>
      set(id, `document = replace(signed_document(credential), 'prise en main', 'prise en mains')`),
    );
    await plant('proof_invalid', async (id) => {
      const forged = (await column(id, 'signed_document(credential)')).replace(
        /"proofValue":"z.{6}/,
        '"proofValue":"zAAAAAA',
      );
      await set(id, 'document = $2, document_sha256 = $3', [forged, hex(forged)]);
    });
    await plant('jwt_invalid', (id) => set(id, `jwt = left(signed_jwt(credential), -8) || 'AAAAAAAA'`));
    await plant('jwt_invalid', (id) => set(id, `jwt_signature = left(jwt_signature, -8) || 'AAAAAAAA'`));
    await plant('jwt_invalid', (id) => set(id, `jwt_claims = replace(jwt_claims, '}', ',"x":1}')`));
    for (const rubbish of ['=', '!!', ' '])
      await plant('jwt_invalid', (id) => set(id, `jwt = signed_jwt(credential) || '${rubbish}'`));
    await plant('jwt_content', async (id) =>
      set(id, 'jwt = $2', [await column(rest.at(-1)!, 'signed_jwt(credential)')]),
    );
    await plant('schema_invalid', (id) =>
      set(id, `document = replace(signed_document(credential), '"criteria":{', '"criterio":{')`),
    );
    await plant('key_of_another_issuer', (id) => set(id, 'ed25519_key_id = $2', [stranger]));
    await plant('key_retired_before', (id) => set(id, 'rs256_key_id = $2', [retired]));
    await plant('key_compromised', (id) => set(id, 'rs256_key_id = $2', [stolen]));
    await plant('key_younger_than_signature', (id) => set(id, 'rs256_key_id = $2', [young]));
    await plant('public_id_differs', (id) => set(id, `public_id = '0'||substr(public_id, 2)||'x'`));
    await plant('issuer_differs', (id) => set(id, `issuer_did = 'did:web:elsewhere.example'`));
    await plant('status_differs', (id) => set(id, 'status_index = (status_index + 1) % 131072'));
    await plant('status_entry_missing', (id) =>
      owner.query('delete from status_entry where credential_id = $1', [id]),
    );
    await plant('list_bit_differs', (id) =>
      owner.query(
        `update status_entry set state = 'revoked', reason = 'issued_in_error', revoked_at = now() where credential_id = $1`,
        [id],
      ),
    );
    for (const outside of [-1, 623_640])
      await plant('list_bit_differs', (id) =>
        owner.query('update status_entry set position = $2 where credential_id = $1', [id, outside]),
      );
    await plant('status_history_differs', (id) =>
      owner.query('update status_entry set version = 7, listed_version = 7 where credential_id = $1', [id]),
    );
    await plant('assessor_is_learner', (id) => setAward(id, 'assessor_person_id = person_id'));
    await plant('mandate_missing', (id) => setAward(id, `assessed_on = '2020-01-01'`));
    await plant('attendance_missing', (id) =>
      owner.query(
        `delete from attendance where person_id = (select a.person_id from award a join credential c on c.award_id = a.id where c.id = $1)`,
        [id],
      ),
    );
    await plant('assessment_missing', (id) =>
      owner.query(
        `update assessment set outcome = 'not_yet' where person_id = (select a.person_id from award a join credential c on c.award_id = a.id where c.id = $1)`,
        [id],
      ),
    );
    await plant('award_state_differs', (id) => setAward(id, `state = 'refused'`));
    const voided = await plant('award_without_credential', (id) => set(id, `state = 'void'`));
    planted.at(-1)![1] = await column(voided, 'award_id');
    const twice = await plant('credential_twice', (id) =>
      owner.query(
        `insert into credential (id, award_id, organisation_id, edition, public_id, state, outbox_id, status_list_id, status_index, issuer_did, payload, payload_sha256)
         select gen_random_uuid(), award_id, organisation_id, edition, public_id, 'planned', outbox_id, status_list_id, status_index, issuer_did, payload, payload_sha256
         from credential where id = $1`,
        [id],
      ),
    );
    planted.push(['public_id_twice', twice], ['status_index_twice', twice]);
    await plant('audit_event_missing', (id) =>
      owner.query(
        `delete from audit_event where subject->>'credentialId' = $1 and action = 'credential.planned'`,
        [id],
      ),
    );
    await plant('audit_digest_differs', async (id) => {
      const payload = (await column(id, 'payload')).replace('prise en main', 'prise en mains');
      await set(id, 'payload = $2, payload_sha256 = $3', [payload, hex(payload)]);
    });
    const [file] = await archiveFiles(archived.archiveFolder);
    const lines = readFileSync(file!, 'utf8').split('\n');
    await plant('archive_missing', async (id) => {
      const at = lines.findIndex((line) => line.includes(`"id":"${id}"`));
      lines[at] = lines[at]!.replace('"statusIndex"', '"statusindex"');
      writeFileSync(file!, lines.join('\n'));
    });
    const [list] = (
      await owner.query(`update status_list set document_sha256 = 'x', version = version - 1 returning id`)
    ).rows;

    const faults = await check();
    for (const [code, id] of planted)
      expect([code, codesOf(faults, id)]).toEqual([code, expect.arrayContaining([code])]);
    for (const id of rest) expect(codesOf(faults, id)).toEqual([]);
    expect(codesOf(faults, list.id)).toEqual(expect.arrayContaining(['list_digest']));
    expect(faults.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['audit_line_broken', 'archive_damaged', 'archive_differs']),
    );
    expect(new Set(faults.map(({ code }) => code)).size).toBeGreaterThanOrEqual(30);
  }, 180_000);

  it('finds a broken audit chain at its first broken line, however it was broken', async () => {
    await archived.issueRoom(4);
    const { world } = archived;
    await owner.query(
      'alter table audit_event disable trigger user; alter table audit_line disable trigger user; alter table audit_head disable trigger user',
    );
    const broken = async (attempt: string): Promise<Fault[]> => {
      await owner.query('begin');
      await owner.query(attempt);
      await owner.query('commit');
      return (await check()).filter(
        ({ code }) =>
          code.startsWith('audit_line') || code === 'audit_head_differs' || code === 'audit_event_unchained',
      );
    };
    const third = `(select event_id from audit_line where seq = 3)`;
    expect(await broken(`update audit_event set actor = 'person:x' where id = ${third}`)).toEqual([
      { code: 'audit_line_broken', ids: { line: 3, why: 'line_differs', event: expect.any(String) } },
    ]);
    await owner.query(
      `update audit_event set actor = (select actor from audit_event where id <> ${third} and action = (select action from audit_event where id = ${third}) limit 1) where id = ${third}`,
    );
    expect(await check()).toEqual([]);

    await owner.query(
      `insert into audit_head (day, seq, lines, hash) values ('2020-01-01', 2, 2, decode(repeat('ab', 32), 'hex'))`,
    );
    expect(await check()).toEqual([
      { code: 'audit_head_differs', ids: { line: 2, why: 'head_differs', event: '2020-01-01' } },
    ]);
    await owner.query(`delete from audit_head where day = '2020-01-01'`);

    await owner.query(
      `insert into audit_event (id, at, actor, action, subject) values (gen_random_uuid(), date_trunc('milliseconds', now() - interval '1 hour'), 'cli', 'a.b', '{}')`,
    );
    expect((await check()).map(({ code }) => code)).toEqual(['audit_event_unchained']);
    await owner.query(`delete from audit_event where action = 'a.b'`);

    expect(await broken(`delete from audit_line where seq = 2`)).toEqual([
      { code: 'audit_line_broken', ids: { line: 2, why: 'line_missing', event: expect.any(String) } },
    ]);
    expect(world).toBeDefined();
  }, 120_000);

  it('says when the archive is gone altogether, and when it knows more than the database', async () => {
    const { credentialIds } = await archived.issueRoom(3);
    const [file] = await archiveFiles(archived.archiveFolder);
    const kept = readFileSync(file!, 'utf8');
    writeFileSync(file!, '');
    expect((await check()).map(({ code }) => code)).toEqual([
      'archive_missing',
      'archive_missing',
      'archive_missing',
    ]);
    // As a check finds them that has read the archive before they were signed, or after.
    const { worker } = archived.world;
    const missing = async (askedAt: Date): Promise<(string | number | undefined)[]> => {
      const ground = { origin, scope: {}, archive: { begins: new Date(0), files: [] }, askedAt };
      const range = await RangeCheck.open(worker, ground);
      const start = '00000000-0000-0000-0000-000000000000';
      const { faults } = await range.run({ start, archived: { lines: [], compared: [] } });
      return faults.flatMap(({ code, ids }) => (code === 'archive_missing' ? ids.credential : []));
    };
    expect(await missing(new Date())).toEqual(credentialIds);
    expect(await missing(new Date(0))).toEqual([]);
    await set(credentialIds[1]!, `signed_at = signed_at + interval '1 day'`);
    expect(await missing(new Date(0))).toEqual([credentialIds[1]]);
    await set(credentialIds[1]!, `signed_at = signed_at - interval '1 day'`);
    writeFileSync(file!, kept);
    await owner.query('alter table status_entry disable trigger user');
    await owner.query('delete from status_entry where credential_id = $1', [credentialIds[0]]);
    await owner.query('delete from credential where id = $1', [credentialIds[0]]);
    expect(codesOf(await check(), credentialIds[0]!)).toContain('archive_unknown');
  });

  it('has words in both languages for every fault, with a remedy', () => {
    for (const { what, remedy } of Object.values(faultWords))
      for (const text of [what.fr, what.en, remedy.fr, remedy.en]) expect(text).toMatch(/^\S.{10,}\.$/);
  });
});
