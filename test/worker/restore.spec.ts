import { createSecretKey, randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import {
  type ArchivedCredential,
  type ArchivedStatusList,
  AskEndorsement,
  archiveFiles,
  assertKnowsArchive,
  BadgeReader,
  ChangeStatus,
  compareList,
  DecideEndorsement,
  EndIssuedCredential,
  FolderArchive,
  GiveEndorsement,
  IssuanceQueue,
  IssueCredential,
  isOlderThanArchive,
  PublishBadge,
  ReconcileArchive,
  type Reconciliation,
  ReissueCredentials,
  ReplaceBadge,
  ReportCompromise,
  RevokeOrphans,
  readArchive,
  SignStatements,
  takeOverArchive,
} from '#badges';
import { registerOrganisation } from '#people';
import { chainAudit, projectFile, queueEngine, useQueueEngine, uuid } from '#platform';
import { KeyLifecycle, KeyStore, PublicKeys, SecretKeyService, vcContext } from '#signing';
import { verifyAnyCredential, verifyCredential } from '#verification';
import { OwnFetcher } from '../../apps/api/src/public/own-fetcher.js';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import { readFacts } from '../../apps/cli/src/instance.js';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import {
  anotherStructure,
  aPerson,
  aPlannedRoom,
  aSession,
  origin,
  plan,
} from '../support/issuance-world.js';
import { Program } from '../support/program.js';
import { aRestorableWorld, type RestorableWorld } from '../support/restorable-world.js';

/** The commands of the runbook's numbered steps, in their order, by step. */
function runbook(language: string): Record<number, string[]> {
  const text = readFileSync(projectFile('docs', 'runbooks', 'restore.md'), 'utf8');
  const part = text.split(`## ${language}`)[1]!.split('\n## ')[0]!;
  const steps = [...part.matchAll(/^(\d)\. (.*)$/gm)].map(([, step, words]): [number, string[]] => [
    Number(step),
    [...words!.matchAll(/`(insigne [^`]+)`/g)].map(([, command]) => command!),
  ]);
  return Object.fromEntries(steps);
}

interface Planned {
  id: string;
  list: string;
  place: number;
}

interface Place {
  id: string;
  place: string;
}

describe('after an older backup was restored', () => {
  let archived: RestorableWorld;
  beforeEach(async () => {
    archived = await aRestorableWorld();
  }, 120_000);
  afterEach(() => archived?.close());

  const backUp = (): Promise<void> => archived.backUp();
  const restore = (): Promise<void> => archived.restore();
  const reconcile = async (dryRun = false): Promise<Reconciliation> => {
    const { worker } = archived.world;
    const report = await new ReconcileArchive(worker, archived.archiveFolder).run({
      dryRun,
      by: 'cli:adm-1',
    });
    await chainAudit(worker);
    return report;
  };
  /** Who had something put back, and how much, as the audit tells it. */
  const reconciliations = (): Promise<unknown[]> =>
    archived.world.worker.query(
      `select actor, subject from audit_event where action = 'archive.reconciled' order by at, id`,
    );
  const places = (): Promise<Place[]> =>
    archived.world.worker.query(
      `select credential_id as id, status_list_id || ' ' || position as place from status_entry order by 1`,
    );
  const documents = (
    ids: string[],
  ): Promise<{ id: string; document: string; jwt: string; state: string }[]> =>
    archived.world.worker.query(
      'select id, signed_document(credential) as document, signed_jwt(credential) as jwt, state from credential where id = any($1) order by id',
      [ids],
    );
  const faults = async () => {
    const { worker, urls } = archived.world;
    const { archiveFolder } = archived;
    const report = await checkIssued(worker, {
      databaseUrl: urls.workerUrl,
      origin,
      archiveFolder,
      scope: {},
    });
    return report.faults;
  };
  /** People whose session was recorded: they have earned a badge that nobody has planned yet. */
  const earners = async (size: number): Promise<string[]> => {
    const { api, structure } = archived.world;
    const people: string[] = [];
    for (let number = 0; number < size; number += 1)
      people.push(await aPerson(api, structure.id, `Retour${number} EXEMPLE${size}`));
    await aSession(archived.world, { people });
    return people;
  };
  const sign = async (outboxIds: string[]): Promise<string[]> => {
    for (const outboxId of outboxIds) await archived.sign.run(outboxId);
    await chainAudit(archived.world.worker);
    const rows: { id: string }[] = await archived.world.worker.query(
      `select id from credential where outbox_id = any($1) and state = 'signed' order by id`,
      [outboxIds],
    );
    return rows.map(({ id }) => id);
  };

  const by = 'client:client-test';
  const queue = { enqueue: async () => {} } as unknown as IssuanceQueue;
  /** Orders a credential that is no badge, as a client of the VC-API does. */
  const issue = (organisationId: string, id: string): Promise<string> =>
    new IssueCredential(archived.world.api, queue, origin).run({
      organisationId,
      credential: {
        '@context': [vcContext],
        id: `urn:uuid:${id}`,
        type: ['VerifiableCredential'],
        credentialSubject: { name: 'Member' },
      },
      isEnveloped: false,
      by,
    });
  const signStatements = async (): Promise<void> => {
    const { world, lists, archive } = archived;
    const gate = new CredentialGate();
    const signing = new SignStatements(world.worker, world.keyStore, gate, lists, origin, archive);
    const rows: { id: string }[] = await world.worker.query(
      "select id from outbox where topic = 'statement' and done_at is null order by id",
    );
    for (const { id } of rows) await signing.run(id);
    await chainAudit(world.worker);
  };

  it('finds every badge again, byte for byte, and gives no status index twice', async () => {
    const { world } = archived;
    const { credentialIds: before } = await archived.issueRoom(4);
    const late = await earners(5);
    const half = await plan(world, await earners(3));
    await backUp();

    const planned = await plan(world, late);
    const lost = [...(await sign(planned.outboxIds)), ...(await sign(half.outboxIds))];
    const change = new ChangeStatus(world.api);
    const request = {
      organisationId: world.structure.id,
      reasonClass: 'issued_in_error',
      by: 'cli',
    } as const;
    await change.run({ ...request, credentialIds: [before[0]!, lost[0]!], change: 'revoke' });
    await change.run({ ...request, credentialIds: [lost[1]!], change: 'suspend' });
    await world.worker.query(`select pg_sleep(1.1)`);
    await archived.lists.publishDue();
    const { credentialIds: strangers } = await archived.issueRoom(2);
    const [wild, taken] = [await documents([...before, ...lost]), await places()];

    await restore();
    expect(await isOlderThanArchive(world.worker, archived.archiveFolder)).toBe(true);
    await archived.archive.close();
    for (const file of await archiveFiles(archived.archiveFolder)) {
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
      rmSync(file);
    }
    expect(await isOlderThanArchive(world.worker, archived.archiveFolder)).toBe(true);
    const told = await reconcile(true);
    expect((await documents(lost)).filter(({ state }) => state === 'signed')).toEqual([]);
    const done = await reconcile();
    expect(told).toEqual(done);
    expect(done).toMatchObject({ archived: 14, alreadyThere: 4, putBack: 8, differing: [], damaged: [] });
    expect(done.orphans.map(({ credentialId, why }) => [credentialId, why]).sort()).toEqual(
      strangers.map((id) => [id, 'person_unknown']),
    );
    expect(await documents([...before, ...lost])).toEqual(wild);
    expect(await places()).toEqual(taken);
    expect(
      await world.worker.query('select state, count(*)::int from status_entry group by state order by state'),
    ).toEqual([
      { state: 'active', count: 11 },
      { state: 'revoked', count: 2 },
      { state: 'suspended', count: 1 },
    ]);
    expect(await faults()).toEqual([]);
    expect(await isOlderThanArchive(world.worker, archived.archiveFolder)).toBe(false);
    await takeOverArchive(world.worker, archived.archiveFolder);

    await archived.issueRoom(30);
    const now = await places();
    expect(new Set(now.map(({ place }) => place)).size).toBe(taken.length + 30);
    for (const one of taken) expect(now).toContainEqual(one);
    await world.worker.query(`select pg_sleep(1.1)`);
    await archived.lists.publishDue();
    expect(await faults()).toEqual([]);
  }, 180_000);

  it('is healed by the commands of the runbook, as they stand there, in processes of their own', async () => {
    const { world, archiveFolder } = archived;
    const folder = mkdtempSync(join(tmpdir(), 'insigne runbook '));
    const environment = {
      DATABASE_URL: world.urls.ownerUrl,
      INSIGNE_API_DATABASE_URL: world.urls.url,
      INSIGNE_WORKER_DATABASE_URL: world.urls.workerUrl,
      INSIGNE_DATA: folder,
      INSIGNE_ARCHIVE_FOLDER: archiveFolder,
      INSIGNE_ORIGIN: origin,
      INSIGNE_LOG_LEVEL: 'silent',
      INSIGNE_KEY_SERVICE: `file:${join(folder, 'unused.key')}`,
    };
    const run = async (step: number, place = 0): Promise<{ code: number | string; output: string }> => {
      const program = new Program(runbook('English')[step]![place]!.split(' ').slice(1), environment);
      return { code: await program.ended, output: program.output };
    };
    expect(runbook('Français')).toEqual(runbook('English'));
    const { credentialIds: before } = await archived.issueRoom(2);
    const late = await earners(2);
    await backUp();
    const lost = await sign((await plan(world, late)).outboxIds);
    const request = {
      organisationId: world.structure.id,
      reasonClass: 'issued_in_error',
      by: 'cli',
    } as const;
    const revoked = [before[0]!, lost[0]!].sort();
    await new ChangeStatus(world.api).run({ ...request, credentialIds: revoked, change: 'revoke' });
    await world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    const [wild, taken] = [await documents([...before, ...lost]), await places()];

    await restore();
    try {
      for (const place of [0, 1])
        expect(await run(3, place)).toEqual({
          code: 1,
          output: expect.stringContaining('The database is older than the archive'),
        });
      expect(await run(4)).toEqual({ code: 0, output: expect.stringContaining('2 put back') });
      expect(await run(5)).toEqual({ code: 0, output: expect.stringContaining('2 put back') });
      expect(await run(7)).toEqual({ code: 0, output: expect.stringContaining('no fault') });
      expect((await run(3, 1)).code).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await takeOverArchive(world.worker, archiveFolder);
    await refusesWithout(archiveFolder);
    expect(await documents([...before, ...lost])).toEqual(wild);
    const ended: { id: string }[] = await world.worker.query(
      "select credential_id as id from status_entry where state = 'revoked' order by 1",
    );
    expect(ended.map(({ id }) => id)).toEqual(revoked);
    await archived.issueRoom(3);
    const now = await places();
    expect(new Set(now.map(({ place }) => place)).size).toBe(taken.length + 3);
    for (const one of taken) expect(now).toContainEqual(one);
    await archived.lists.publishDue();
    expect(await faults()).toEqual([]);
  }, 300_000);

  it('changes nothing more when it runs again, nor on data that was never restored', async () => {
    const people = await earners(2);
    await backUp();
    await sign((await plan(archived.world, people)).outboxIds);
    expect(await reconcile()).toMatchObject({ putBack: 0, alreadyThere: 2, orphans: [], keysPutBack: 0 });
    await restore();
    expect(await reconcile()).toMatchObject({ putBack: 2, orphans: [] });
    const once = await places();
    expect(await reconcile()).toMatchObject({
      putBack: 0,
      alreadyThere: 2,
      keysPutBack: 0,
      statusesBroughtForward: 0,
    });
    expect(await places()).toEqual(once);
  }, 120_000);

  it('counts a badge once, however many lines of the archive tell of it, and says how many repeat one', async () => {
    const { world, archiveFolder } = archived;
    // More than are put back in one transaction.
    await archived.issueRoom(200);
    await issue(world.structure.id, uuid());
    await signStatements();
    const late = await earners(1);
    await backUp();
    await archived.issueRoom(1);
    await sign((await plan(world, late)).outboxIds);
    await archived.archive.close();
    // Another worker wrote the same lines into a file of its own, one of them twice.
    const [file] = await archiveFiles(archiveFolder);
    const lines = readFileSync(file!, 'utf8')
      .split('\n')
      .filter((line) => /"t":"(credential|statement)"/.test(line));
    expect(lines).toHaveLength(203);
    const another = basename(file!).replace(
      /\.(\d+)-.*/,
      (_, since: string) => `.${Number(since) + 1}-another.jsonl`,
    );
    writeFileSync(join(archiveFolder, another), [...lines, ...lines.slice(0, 1), ''].join('\n'));
    await restore();
    const counted = { archived: 203, statements: 1, repeated: 204, differing: [], damaged: [] };
    const told = await reconcile(true);
    const done = await reconcile();
    expect(done).toMatchObject({ ...counted, alreadyThere: 201, putBack: 1, orphans: [expect.anything()] });
    expect(told).toEqual(done);
    expect(await reconcile()).toMatchObject({ ...counted, alreadyThere: 203, putBack: 0, orphans: [] });
  }, 120_000);

  it('puts back what was signed, also where somebody altered meanwhile what the backup had planned', async () => {
    const { world } = archived;
    const { outboxIds } = await plan(world, await earners(2));
    await backUp();
    const ids = await sign(outboxIds);
    const wild = await documents(ids);
    await restore();
    await world.worker.query(
      `update credential set payload = replace(payload, 'prise en main', 'prise en mains') where id = $1`,
      [ids[0]],
    );
    expect(await reconcile()).toMatchObject({ putBack: 2, differing: [], orphans: [] });
    expect(await documents(ids)).toEqual(wild);
    expect(await faults()).toEqual([]);
  }, 120_000);

  it('keeps for ever the places of badges that were revoked or suspended before they were ever signed', async () => {
    const { world } = archived;
    const { worker, structure } = world;
    await archived.issueRoom(1);
    await backUp();
    const { awardIds } = await plan(world, await earners(2));
    const planned: Planned[] = await worker.query(
      `select id, status_list_id as list, status_index as place from credential where award_id = any($1)
       order by award_id = $2 desc`,
      [awardIds, awardIds[0]],
    );
    const [{ list, place }, suspended] = planned as [Planned, Planned];
    for (const [change, { id }] of [
      ['revoke', planned[0]!],
      ['suspend', suspended],
    ] as const)
      await new ChangeStatus(world.api).run({
        organisationId: structure.id,
        credentialIds: [id],
        change,
        reasonClass: change === 'revoke' ? 'register_corrected' : 'under_review',
        by: 'cli',
      });
    await worker.query('select pg_sleep(1.1)');
    expect(await archived.lists.publishDue()).toBe(1);

    await restore();
    const refusal = expect.objectContaining({ code: 'database_older_than_archive' });
    await expect(takeOverArchive(worker, archived.archiveFolder)).rejects.toEqual(refusal);
    const [file] = await archiveFiles(archived.archiveFolder);
    const told = await lastList();
    const allSuspended = { ...told, suspended: [place, suspended.place] };
    expect(told.suspended).toEqual([suspended.place]);
    expect(await compareList(worker, allSuspended)).toBe('older');
    const whole = readFileSync(file!);
    appendFileSync(file!, `${'0'.repeat(64)} {"t":"credential"}\n${'0'.repeat(64)} {}\n`);
    // The damaged line may be of the very badge that the place belongs to.
    expect(await reconcile()).toMatchObject({ placesReserved: 0, damaged: [expect.anything()] });
    await expect(takeOverArchive(worker, archived.archiveFolder)).rejects.toEqual(refusal);
    expect(
      await new ReconcileArchive(worker, archived.archiveFolder).run({ dryRun: true, damagedAreLost: true }),
    ).toMatchObject({ placesReserved: 2 });
    writeFileSync(file!, whole);
    expect(await reconcile()).toMatchObject({ putBack: 0, placesReserved: 2, damaged: [] });
    expect(await reconcile()).toMatchObject({ placesReserved: 0 });
    await takeOverArchive(worker, archived.archiveFolder);
    expect(await faults()).toEqual([]);
    expect(
      await worker.query('select state from status_entry where status_list_id = $1 and position = any($2)', [
        list,
        [place, suspended.place],
      ]),
    ).toEqual([{ state: 'revoked' }, { state: 'revoked' }]);
    expect(await compareList(worker, allSuspended)).toBe('known');
    await worker.query('select pg_sleep(1.1)');
    expect(await archived.lists.publishDue()).toBe(1);
    expect(await faults()).toEqual([]);

    const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    try {
      // An entry that belongs to nobody, and that no reconciliation kept.
      await owner.query(
        `insert into status_entry (status_list_id, position, credential_id)
         values ($1, ($2 + 1) % 131072, gen_random_uuid())`,
        [list, place],
      );
    } finally {
      await owner.end();
    }
    expect(await faults()).toMatchObject([
      { code: 'list_taken_differs', ids: { list } },
      { code: 'status_entry_unknown', ids: { list } },
    ]);
  }, 240_000);

  it('brings back the public keys that the backup is too old to know, and badges signed before one that it knew', async () => {
    const [first, ...people] = await earners(3);
    const known = await plan(archived.world, [first!]);
    await backUp();
    const lost = await sign((await plan(archived.world, people)).outboxIds);
    // The last badge of the archive is one that the backup knows as planned.
    lost.push(...(await sign(known.outboxIds)));
    await restore();
    expect(await archived.world.worker.query('select id from signing_key')).toEqual([]);
    await expect(takeOverArchive(archived.world.worker, archived.archiveFolder)).rejects.toMatchObject({
      code: 'database_older_than_archive',
    });
    expect(await reconcile()).toMatchObject({ putBack: 3, keysPutBack: 2 });
    expect((await documents(lost)).map(({ state }) => state)).toEqual(['signed', 'signed', 'signed']);
    expect(await faults()).toEqual([]);
    // They have no private half: a worker that starts asks for none, and makes keys of its own.
    const master = new SecretKeyService(createSecretKey(randomBytes(32)));
    expect(await new KeyStore(archived.world.worker, master).canOpenKeys()).toBe(false);
    expect(await readFacts(archived.world.urls.ownerUrl)).toMatchObject({ hasSigningKeys: false });
    expect(await sign((await plan(archived.world, await earners(1))).outboxIds)).toHaveLength(1);
  }, 120_000);

  it('keeps revoked what was revoked, and serves what was replaced, although a service ran on the older data', async () => {
    const { world } = archived;
    const { api, worker, urls, structure } = world;
    const { credentialIds, people } = await archived.issueRoom(4);
    const [fraud, other, wrong, former] = credentialIds as [string, string, string, string];
    const [{ former_award: formerAward, person }] = await api.query(
      `select a.id as former_award, a.person_id as person from credential c join award a on a.id = c.award_id
       where c.id = $1`,
      [former],
    );
    expect(people).toContain(person);
    await new PublishBadge(api).publish(formerAward, { withName: false, by: 'test' });
    const [{ award_id: awardId, public_id: publicId }] = await api.query(
      'select award_id, public_id from credential where id = $1',
      [wrong],
    );
    await new PublishBadge(api).publish(awardId, { withName: false, by: 'test' });
    const publish = async (): Promise<void> => {
      await worker.query('select pg_sleep(1.1)');
      expect(await archived.lists.publishDue()).toBe(1);
    };
    const revoke = async (id: string): Promise<void> => {
      const request = { organisationId: structure.id, reasonClass: 'issued_in_error', by: 'cli' } as const;
      await new ChangeStatus(api).run({ ...request, credentialIds: [id], change: 'revoke' });
      await publish();
    };
    await publish().catch(() => undefined);
    await takeOverArchive(worker, archived.archiveFolder);
    const remembered: { file: string }[] = await worker.query('select file from archive_file_known');
    expect(remembered.map(({ file }) => file)).toEqual(
      (await archiveFiles(archived.archiveFolder)).map((file) => basename(file)),
    );
    await backUp();
    const backedUp = await lists();

    await revoke(fraud);
    // Taken back as a correction does it, and earned again: whoever has it has not shown it.
    await revoke(former);
    await api.query("update award set state = 'cancelled' where id = $1", [formerAward]);
    const anew = await plan(world, [person]);
    const [again] = await sign(anew.outboxIds);
    const [{ address }] = await api.query('select public_id as address from credential where id = $1', [
      again,
    ]);
    expect(await isOlderThanArchive(worker, archived.archiveFolder)).toBe(false);
    const engine = queueEngine({ databaseUrl: urls.url });
    useQueueEngine(engine);
    const queue = new IssuanceQueue(api, engine);
    const replacing = new ReplaceBadge(api, queue, origin);
    const request = { organisationId: structure.id, publicId, by: 'cli' };
    const { digest: expectedDigest } = await replacing.analyse(request);
    const { replacedBy } = await replacing.run({
      ...request,
      expectedDigest,
      reasonClass: 'issued_in_error',
    });
    await queue.close();
    const open: { id: string }[] = await worker.query('select id from outbox where done_at is null');
    const [newer] = await sign(open.map(({ id }) => id));
    await publish();

    await restore();
    expect(await lists()).toEqual(backedUp);
    await expect(takeOverArchive(worker, archived.archiveFolder)).rejects.toMatchObject({
      code: 'database_older_than_archive',
    });
    // Somebody lets it run all the same, until its lists are as new as those of the archive.
    await revoke(other);
    await worker.query('update status_list set valid_until = null');
    await publish();
    expect(await isOlderThanArchive(worker, archived.archiveFolder)).toBe(true);

    expect(await reconcile()).toMatchObject({ putBack: 2, orphans: [], statusesBroughtForward: 1 });
    expect(
      await worker.query(
        `select c.id, e.state, a.state as award from credential c join award a on a.id = c.award_id
         join status_entry e on e.credential_id = c.id order by 1`,
      ),
    ).toEqual(
      [
        { id: fraud, state: 'revoked', award: 'revoked' },
        { id: other, state: 'revoked', award: 'revoked' },
        { id: wrong, state: 'revoked', award: 'cancelled' },
        { id: newer, state: 'active', award: 'issued' },
        { id: former, state: 'revoked', award: 'cancelled' },
        { id: again, state: 'active', award: 'issued' },
      ].sort((a, b) => (a.id! < b.id! ? -1 : 1)),
    );
    expect(await new BadgeReader(api).published(replacedBy!)).toMatchObject({ status: 'active' });
    expect(await new BadgeReader(api).published(address)).toBeNull();
    expect(await isOlderThanArchive(worker, archived.archiveFolder)).toBe(false);
    await publish();
    expect(await faults()).toEqual([]);
  }, 240_000);

  it('leaves a session on the day of the backup, which the check tells until it is moved again', async () => {
    const { api, worker, structure } = archived.world;
    const [id] = (await archived.issueRoom(1)).credentialIds as [string];
    const [{ award }] = await api.query('select award_id as award from credential where id = $1', [id]);
    await new PublishBadge(api).publish(award, { withName: false, by: 'test' });
    const publish = async (): Promise<void> => {
      await worker.query('select pg_sleep(1.1)');
      await archived.lists.publishDue();
    };
    await publish();
    await backUp();
    /** Puts the badge's session on another day. @returns the badge in its place */
    const move = async (wrong: string): Promise<string> => {
      const [{ publicId }] = await api.query('select public_id as "publicId" from credential where id = $1', [
        wrong,
      ]);
      const replacing = new ReplaceBadge(api, queue, origin);
      const request = { organisationId: structure.id, publicId, fault: { heldOn: '2026-10-07' }, by };
      const { digest } = await replacing.analyse(request);
      await replacing.run({ ...request, expectedDigest: digest, reasonClass: 'register_corrected' });
      const open: { id: string }[] = await worker.query('select id from outbox where done_at is null');
      const [newer] = await sign(open.map((one) => one.id));
      await publish();
      return newer!;
    };
    const newer = await move(id);
    expect(await faults()).toEqual([]);

    await restore();
    expect(await reconcile()).toMatchObject({ putBack: 1, orphans: [] });
    await publish();
    const [{ session }] = await api.query('select session_id as session from award where id = $1', [award]);
    expect(await faults()).toEqual([{ code: 'session_day_differs', ids: { credential: newer, session } }]);
    await move(newer);
    expect(await faults()).toEqual([]);
  }, 240_000);

  it('names a badge whose session is lost until that session is recorded again, whatever its new id', async () => {
    const { api, worker, structure } = archived.world;
    const { id: organisationId } = structure;
    const people = [
      await aPerson(api, structure.id, 'Alma EXEMPLE'),
      await aPerson(api, structure.id, 'Ben EXEMPLE'),
    ];
    const guest = await aPerson(api, structure.id, 'Chloé EXEMPLE');
    await archived.issueRoom(1);
    const standing = await aSession(archived.world, { people: [guest], heldOn: '2026-10-05' });
    await backUp();
    const [guests] = await sign((await plan(archived.world, [guest])).outboxIds);
    await aSession(archived.world, { people, heldOn: '2026-10-05' });
    const lost = await sign((await plan(archived.world, people)).outboxIds);
    await restore();
    await reconcile();
    await takeOverArchive(archived.world.worker, archived.archiveFolder);
    const named = async () => (await faults()).map(({ code, ids }) => `${code} ${ids.credential}`).sort();
    const missing = (ids: string[]) =>
      ids.flatMap((id) => [`assessment_missing ${id}`, `attendance_missing ${id}`]).sort();
    expect(await named()).toEqual(missing(lost));
    await aSession(archived.world, { people, heldOn: '2026-10-06' });
    expect(await named()).toEqual(missing(lost));
    const [{ id: alma }] = await archived.world.worker.query(
      'select c.id from credential c join award a on a.id = c.award_id where a.person_id = $1',
      [people[0]],
    );
    await aSession(archived.world, { people: [people[0]!], heldOn: '2026-10-05' });
    expect(await named()).toEqual(missing(lost.filter((id) => id !== alma)));
    await aSession(archived.world, { people: [people[1]!], heldOn: '2026-10-05' });
    expect(await named()).toEqual([]);

    // What is signed again for such a badge stands on the same.
    const [keyIds, since] = [
      (await new PublicKeys(api).all(organisationId)).map(({ id }) => id),
      new Date(0),
    ];
    await new ReportCompromise(worker).run({ organisationId, keyIds, since, by });
    await new ReissueCredentials(api).run({ organisationId, origin, all: false, by });
    const waiting: { id: string }[] = await worker.query('select id from outbox where done_at is null');
    const again = await sign(waiting.map(({ id }) => id));
    expect(again).toHaveLength(lost.length + 2);
    expect(await named()).toEqual([]);

    // A session that stands is recorded nowhere else.
    await aSession(archived.world, { people: [guest], heldOn: '2026-10-05' });
    await api.query('delete from attendance where session_id = $1', [standing]);
    const [{ id: guestsNow }] = await worker.query('select id from credential where supersedes = $1', [
      guests,
    ]);
    expect(await named()).toEqual([`attendance_missing ${guestsNow}`]);
  }, 240_000);

  it('passes over a line that a crash has torn, and keeps apart a badge awarded again and one whose structure is lost', async () => {
    const people = await earners(2);
    await backUp();
    const lost = await sign((await plan(archived.world, people)).outboxIds);
    // Of a structure that was recorded after the backup.
    const [organisationId, strange] = [uuid(), uuid()];
    const stranger = { ...(await aCredential()), id: strange, organisationId, statusListId: uuid() };
    await archived.archive.append([stranger]);
    const [file] = await archiveFiles(archived.archiveFolder);
    appendFileSync(file!, `${'0'.repeat(64)} {"t":"cred`);
    await restore();
    await plan(archived.world, people.slice(0, 1));
    const report = await reconcile();
    expect(report).toMatchObject({ putBack: 1, torn: 1, damaged: [] });
    expect(report.orphans).toEqual([
      expect.objectContaining({ why: 'organisation_unknown', credentialId: strange }),
      expect.objectContaining({ why: 'awarded_again' }),
    ]);
    expect(lost).toContain(report.orphans[1]!.credentialId);
    // There is no list in which it could be told that it is revoked.
    expect((await places()).map(({ id }) => id)).not.toContain(strange);
    const request = { organisationId, reasonClass: 'issued_in_error', by: 'cli' } as const;
    await expect(new RevokeOrphans(archived.world.api).run(request)).rejects.toMatchObject({
      code: 'orphan_without_place',
      message: expect.stringContaining('is not in this database'),
    });
    expect(await isOlderThanArchive(archived.world.worker, archived.archiveFolder)).toBe(false);
    expect((await places()).map(({ id }) => id)).toEqual(expect.arrayContaining(lost));
  }, 120_000);

  it('puts a structure back that was recorded after the backup: its badges are checked elsewhere, and revoked', async () => {
    const { world } = archived;
    await archived.issueRoom(1);
    await backUp();
    const late = await anotherStructure(world, 'late');
    const { id: organisationId, slug } = late.structure;
    await sign((await aPlannedRoom(late, 1)).outboxIds);
    const ids = await sign((await aPlannedRoom(late, 2)).outboxIds);
    const reason = { organisationId, reasonClass: 'issued_in_error', by: 'cli' } as const;
    await new ChangeStatus(world.api).run({ ...reason, credentialIds: [ids[0]!], change: 'revoke' });
    await world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    const wild = await documents(ids);
    const keysOf = async (): Promise<string[]> =>
      (await new PublicKeys(world.api).all(organisationId)).map(({ id }) => id).sort();
    const keysBefore = await keysOf();

    await restore();
    const fetcher = new OwnFetcher(origin, world.api, new PublicKeys(world.api), new BadgeReader(world.api));
    const verdicts = (): Promise<string[]> =>
      Promise.all(
        wild.map(
          async ({ document }) =>
            (await verifyCredential(document, { fetcher, now: new Date(), origin })).verdict,
        ),
      );
    expect((await verdicts()).filter((verdict) => verdict === 'authentic')).toEqual([]);
    const told = await reconcile(true);
    const done = await reconcile();
    expect(told).toEqual(done);
    expect(done).toMatchObject({
      issuersPutBack: [{ organisationId, slug }],
      putBack: 0,
      statusesBroughtForward: 1,
    });
    expect(done.orphans.map(({ why }) => why)).toEqual(Array(3).fill('person_unknown'));
    const [structure] = await world.api.query('select * from organisation where id = $1', [organisationId]);
    expect(structure).toMatchObject({
      slug,
      kind: 'structure',
      public_name: 'Structure late',
      closed_on: null,
    });
    expect(structure).toMatchObject({ parent_id: late.structure.parentId, restored_at: expect.any(Date) });
    expect(await keysOf()).toEqual(keysBefore);
    expect(await verdicts()).toEqual(['withdrawn', 'authentic']);
    expect(await faults()).toEqual([]);

    // Its private keys are lost: its lists are signed anew with a new one, and the old ones stay published.
    await new RevokeOrphans(world.api).run({ ...reason, credentialIds: [ids[1]!] });
    await world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    expect(await verdicts()).toEqual(['withdrawn', 'withdrawn']);
    expect(await keysOf()).toEqual(expect.arrayContaining(keysBefore));
    expect(await keysOf()).toHaveLength(keysBefore.length + 2);
    const again = await reconcile();
    expect(again).toMatchObject({
      issuersPutBack: [],
      orphans: [],
      keysPutBack: 0,
      statusesBroughtForward: 0,
    });

    const registration = {
      kind: 'structure',
      slug,
      legalName: 'Association de la structure tardive',
      parentId: late.structure.parentId,
      email: 'contact@late.example',
    } as const;
    await expect(registerOrganisation(world.api.manager, registration, 'client:other')).rejects.toMatchObject(
      { code: 'organisation_slug_taken' },
    );
    const completed = await registerOrganisation(world.api.manager, registration, 'cli:adm-1');
    expect(completed).toMatchObject({ id: organisationId, publicName: 'Structure late', restoredAt: null });
    const [known] = await world.api.query('select legal_name, restored_at from organisation where id = $1', [
      organisationId,
    ]);
    expect(known).toEqual({ legal_name: 'Association de la structure tardive', restored_at: null });
    const other = { kind: 'structure', slug, legalName: 'Une autre' } as const;
    await expect(registerOrganisation(world.api.manager, other)).rejects.toMatchObject({
      code: 'organisation_slug_taken',
    });
    expect(await faults()).toEqual([]);
  }, 240_000);

  it('puts a structure back that gave no badge, with what it endorsed and issued; an endorsement of one that signed nothing stays an orphan', async () => {
    const { world, lists } = archived;
    await archived.issueRoom(1);
    await backUp();
    const [late, silent] = [await anotherStructure(world, 'late'), await anotherStructure(world, 'silent')];
    const endorse = async (endorser: string, organisationId: string): Promise<void> => {
      const asked = await new AskEndorsement(world.api, origin).run({
        organisationId,
        target: 'issuer',
        validDays: 3,
        by,
      });
      const comment = 'Une structure sérieuse, que nous connaissons depuis longtemps.';
      await new GiveEndorsement(world.api).asOrganisation(asked.token, {
        organisationId: endorser,
        comment,
        by,
      });
      await new DecideEndorsement(world.api, queue, origin).accept({
        endorsementId: asked.id,
        organisationIds: [organisationId],
        by,
      });
    };
    // In the archive the first two come before anything of the structure that they are about.
    await endorse(world.structure.id, late.structure.id);
    await endorse(world.structure.id, silent.structure.id);
    await endorse(late.structure.id, world.structure.id);
    const [first, second] = [uuid(), uuid()];
    for (const id of [first, second]) await issue(late.structure.id, id);
    await signStatements();
    await new EndIssuedCredential(world.api).run({
      name: `urn:uuid:${second}`,
      organisationIds: [late.structure.id],
      by,
    });
    await world.worker.query('select pg_sleep(1.1)');
    await lists.publishDue();
    await chainAudit(world.worker);
    const statements = () =>
      world.worker.query(
        `select s.id, s.kind, s.state, s.document_sha256, s.jwt, e.state as status from statement s
         join status_entry e on e.credential_id = s.id order by s.id`,
      );
    const before = (await statements()) as { id: string; document_sha256: string }[];
    const [orphan]: { id: string }[] = await world.worker.query(
      'select statement_id as id from endorsement where organisation_id = $1',
      [silent.structure.id],
    );
    const [{ document }]: [{ document: string }] = await world.worker.query(
      `select s.document from statement s join issued_credential i on i.statement_id = s.id
       where i.credential_id = $1`,
      [`urn:uuid:${first}`],
    );
    expect(before).toHaveLength(5);

    await restore();
    const verdict = async () => {
      const fetcher = new OwnFetcher(
        origin,
        world.api,
        new PublicKeys(world.api),
        new BadgeReader(world.api),
      );
      const options = { fetcher, now: new Date(), origin };
      return (await verifyAnyCredential(JSON.parse(document) as object, options)).verdict;
    };
    expect(await verdict()).not.toBe('authentic');
    const told = await reconcile(true);
    const done = await reconcile();
    expect(told).toEqual(done);
    const { id: organisationId, slug } = late.structure;
    expect(done).toMatchObject({ issuersPutBack: [{ organisationId, slug }], putBack: 4, differing: [] });
    expect(done.orphans).toEqual([
      expect.objectContaining({ credentialId: orphan!.id, why: 'achievement_unknown' }),
    ]);
    expect(await statements()).toEqual(before.filter(({ id }) => id !== orphan!.id));
    expect(await verdict()).toBe('authentic');
    const [known] = await world.api.query('select * from organisation where id = $1', [organisationId]);
    expect(known).toMatchObject({
      slug,
      kind: 'structure',
      public_name: 'Structure late',
      parent_id: late.structure.parentId,
      restored_at: expect.any(Date),
    });
    expect(await reconcile()).toMatchObject({ issuersPutBack: [], putBack: 0, orphans: [], differing: [] });
    expect(await isOlderThanArchive(world.worker, archived.archiveFolder)).toBe(false);
    expect(await faults()).toEqual([]);
  }, 240_000);

  it('puts no structure back whose address somebody else has meanwhile: what it issued is of an unknown one', async () => {
    const { api } = archived.world;
    await backUp();
    const { structure } = await anotherStructure(archived.world, 'late');
    await issue(structure.id, uuid());
    await signStatements();
    await restore();
    const legalName = 'Association qui a pris le nom court';
    const other = await registerOrganisation(api.manager, {
      kind: 'structure',
      slug: structure.slug,
      legalName,
      parentId: structure.parentId,
    });
    const report = await reconcile();
    expect(report).toMatchObject({ issuersPutBack: [], putBack: 0 });
    expect(report.orphans).toEqual([
      expect.objectContaining({ organisationId: structure.id, why: 'organisation_unknown' }),
    ]);
    const known = await api.query('select id, legal_name from organisation where slug = $1', [
      structure.slug,
    ]);
    expect(known).toEqual([{ id: other.id, legal_name: legalName }]);
    expect(await new PublicKeys(api).all(other.id)).toEqual([]);
  }, 120_000);

  it('never takes a revocation back, nor gives an index twice, when it is stopped half-way and run again', async () => {
    const { world } = archived;
    const { credentialIds: before } = await archived.issueRoom(3);
    const late = await earners(3);
    await backUp();

    const lifecycle = new KeyLifecycle(world.worker, world.keyStore);
    for (const { id } of await keys()) await lifecycle.retire(world.structure.id, id, 'cli');
    const lost = await sign((await plan(world, late)).outboxIds);
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [before[0]!, lost[0]!],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'cli',
    });
    await world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    await chainAudit(world.worker);
    await archived.marks.run();
    await archived.archive.close();
    // The clock of that worker was a day ahead.
    for (const file of await archiveFiles(archived.archiveFolder)) {
      const later = new Date(Date.now() + 86_400_000);
      const name = `${later.toISOString().slice(0, 10)}.${later.getTime()}`;
      renameSync(file, join(archived.archiveFolder, basename(file).replace(/^[^.]+\.\d+/, name)));
    }
    const [wild, taken, signedWith] = [await documents([...before, ...lost]), await places(), await keys()];
    expect(signedWith).toHaveLength(4);

    await restore();
    await expect(assertKnowsArchive(world.worker, archived.archiveFolder)).rejects.toMatchObject({
      code: 'database_older_than_archive',
    });
    await expect(
      new ReconcileArchive(world.worker, archived.archiveFolder).run({
        onProgress: () => {
          throw new Error('stopped');
        },
      }),
    ).rejects.toThrow('stopped');
    const done = await reconcile();
    expect(done).toMatchObject({
      putBack: 0,
      alreadyThere: 6,
      orphans: [],
      differing: [],
      statusesBroughtForward: 2,
    });
    expect(done.auditLinesLost).toBeGreaterThan(0);
    const told = { statuses: 2, credentials: 0, orphans: 0, damagedAreLost: false, missingAreLost: false };
    expect(await reconciliations()).toEqual([{ actor: 'cli:adm-1', subject: expect.objectContaining(told) }]);
    await takeOverArchive(world.worker, archived.archiveFolder);
    await assertKnowsArchive(world.worker, archived.archiveFolder);
    expect(await documents([...before, ...lost])).toEqual(wild);
    expect(await places()).toEqual(taken);
    expect((await keys()).map(({ id }) => id)).toEqual(signedWith.map(({ id }) => id));
    const revoked: { id: string }[] = await world.worker.query(
      `select credential_id as id from status_entry where state = 'revoked' order by 1`,
    );
    expect(revoked.map(({ id }) => id)).toEqual([before[0], lost[0]].sort());
    expect(await faults()).toEqual([]);
    expect(await reconcile()).toMatchObject({ putBack: 0, statusesBroughtForward: 0, auditLinesLost: 0 });
    expect(await reconciliations()).toHaveLength(1);
    await archived.issueRoom(5);
    const now = await places();
    expect(new Set(now.map(({ place }) => place)).size).toBe(taken.length + 5);
    expect(await faults()).toEqual([]);
  }, 240_000);

  it('says who put what back also when the archive could not be written after that, and once', async () => {
    await backUp();
    await archived.issueRoom(2);
    await restore();
    const full = import.meta.jest
      .spyOn(FolderArchive.prototype, 'appendRestore')
      .mockRejectedValueOnce(new Error('no space'));
    await expect(reconcile()).rejects.toThrow('no space');
    full.mockRestore();
    expect(await reconcile()).toMatchObject({ putBack: 0, alreadyThere: 2 });
    expect(await reconciliations()).toEqual([
      { actor: 'cli:adm-1', subject: expect.objectContaining({ keys: 2, orphans: 2 }) },
    ]);
  }, 120_000);

  it('never signs what was planned, before the reconciliation, on a place that was given out', async () => {
    const { world } = archived;
    const [first, second] = [await earners(1), await earners(1)];
    await backUp();
    const [lost] = await sign((await plan(world, first)).outboxIds);
    const [given] = await places();
    await restore();
    const { awardIds, outboxIds } = await plan(world, second);
    const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    try {
      // By chance the same place.
      const [list, position] = given!.place.split(' ');
      await owner.query('set session_replication_role = replica');
      await owner.query('update status_list set id = $1', [list]);
      await owner.query('update status_entry set status_list_id = $1, position = $2', [list, position]);
      await owner.query('update credential set status_list_id = $1, status_index = $2', [list, position]);
    } finally {
      await owner.end();
    }
    const report = await reconcile();
    expect(report).toMatchObject({ putBack: 0 });
    expect(report.orphans).toEqual([
      expect.objectContaining({ credentialId: lost, why: 'index_given_again' }),
    ]);
    expect(await sign(outboxIds)).toEqual([]);
    expect(
      await world.worker.query(
        'select c.state, a.state as award from credential c join award a on a.id = c.award_id where a.id = any($1)',
        [awardIds],
      ),
    ).toEqual([{ state: 'void', award: 'cancelled' }]);
    const again = await sign((await plan(world, second)).outboxIds);
    expect(again).toHaveLength(1);
    expect((await places()).filter(({ place }) => place === given!.place)).toHaveLength(1);
  }, 240_000);

  const lists = (): Promise<unknown[]> =>
    archived.world.worker.query('select id, version from status_list order by id');
  /** What a start says once its archive is away, cut off, being compressed or given up; as it was afterwards. */
  const refusesWithout = async (folder: string): Promise<void> => {
    const { worker } = archived.world;
    const starts = async (): Promise<string | undefined> =>
      takeOverArchive(worker, folder).then(
        () => 'starts',
        ({ code }) => code,
      );
    await archived.archive.close();
    const files = await archiveFiles(folder);
    expect((await worker.query('select from archive_file_known')).length).toBeGreaterThan(0);
    renameSync(folder, `${folder} away`);
    expect(await starts()).toBe('archive_incomplete');
    await expect(new ReconcileArchive(worker, folder).run({})).rejects.toMatchObject({
      code: 'archive_incomplete',
    });
    renameSync(`${folder} away`, folder);
    const [{ file: name }] = await worker.query(
      'select file from archive_file_known order by file desc limit 1',
    );
    const path = files.find((file) => basename(file) === name)!;
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, -1));
    expect(await starts()).toBe('archive_incomplete');
    // gzip removes the file once the other one is whole.
    writeFileSync(path, whole);
    writeFileSync(`${path}.gz`, gzipSync(whole).subarray(0, 40));
    expect(await starts()).toBe('starts');
    writeFileSync(`${path}.gz`, gzipSync(whole));
    rmSync(path);
    expect(await starts()).toBe('starts');
    await worker.query(
      "insert into archive_file_known (file, bytes) values ('2020-01-01.1577836800000-1.jsonl', 9)",
    );
    expect(await starts()).toBe('starts');

    const anew = `${folder} new`;
    await new ReconcileArchive(worker, anew).run({ missingAreLost: true, dryRun: true });
    await expect(assertKnowsArchive(worker, anew)).rejects.toMatchObject({ code: 'archive_incomplete' });
    await new ReconcileArchive(worker, anew).run({ missingAreLost: true });
    await assertKnowsArchive(worker, anew);
    expect(await starts()).toBe('starts');
  };
  const aCredential = async (): Promise<ArchivedCredential> => {
    for await (const line of readArchive(archived.archiveFolder))
      if (line.kind === 'credential') return line.credential;
    throw new Error('no credential is archived');
  };
  const lastList = async (): Promise<ArchivedStatusList> => {
    let last: ArchivedStatusList | undefined;
    for await (const line of readArchive(archived.archiveFolder)) if (line.kind === 'list') last = line.list;
    return last!;
  };
  const keys = (): Promise<{ id: string }[]> =>
    archived.world.worker.query('select id from signing_key order by id');
});
