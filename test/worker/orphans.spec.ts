import { mkdirSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { allEntities, ReconcileArchive, RevokeOrphans } from '#badges';
import { dataSourceOptions, uuid } from '#platform';
import { Bitstring, createMasterKey } from '#signing';
import { run } from '../../apps/cli/src/insigne.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { eventually } from '../support/service-process.js';

describe('a badge that a restored database has no award for', () => {
  let archived: ArchivedWorld;
  let owner: DataSource;
  let revoking: RevokeOrphans;

  beforeAll(async () => {
    archived = await anArchivedWorld();
    const url = archived.world.urls.ownerUrl;
    owner = await new DataSource(dataSourceOptions({ url, entities: allEntities, poolSize: 2 })).initialize();
    revoking = new RevokeOrphans(archived.world.api);
  }, 180_000);
  afterAll(async () => {
    await owner?.destroy();
    await archived?.close();
  });

  /** Badges that were given out, and whose people and awards the database has forgotten. */
  const orphans = async (size: number): Promise<string[]> => {
    const { people, credentialIds } = await archived.issueRoom(size);
    await owner.transaction(async (tx) => {
      await tx.query('alter table status_entry disable trigger user');
      for (const statement of [
        'delete from status_entry e using credential c, award a where e.credential_id = c.id and c.award_id = a.id and a.person_id = any($1)',
        'delete from credential c using award a where c.award_id = a.id and a.person_id = any($1)',
        'delete from award where person_id = any($1)',
        'delete from attendance where person_id = any($1)',
        'delete from assessment where person_id = any($1)',
        'delete from person where id = any($1)',
      ])
        await tx.query(statement, [people]);
      await tx.query('alter table status_entry enable trigger user');
    });
    const report = await new ReconcileArchive(archived.world.worker, archived.archiveFolder).run();
    expect(report.orphans.map(({ credentialId }) => credentialId).sort()).toEqual([...credentialIds].sort());
    return credentialIds;
  };
  const revoke = (credentialIds?: string[], organisationId = archived.world.structure.id) =>
    revoking.run({ organisationId, credentialIds, reasonClass: 'issued_in_error', by: 'cli' });
  const bitOf = async (credentialId: string): Promise<boolean> => {
    const [{ document, position }] = await archived.world.worker.query(
      `select l.document, e.position from status_entry e join status_list l on l.id = e.status_list_id where e.credential_id = $1`,
      [credentialId],
    );
    return Bitstring.decode(JSON.parse(document).credentialSubject.encodedList).get(position);
  };
  const everything = async (): Promise<string> =>
    JSON.stringify(
      await owner.query(
        `select (select md5(string_agg(e::text, '|' order by e::text)) from status_entry e) as entries,
                (select count(*)::int from status_change) as changes`,
      ),
    );

  it('is revoked by its id: the signed list tells it, the others stay, and an audit event says who', async () => {
    const [one, two] = await orphans(2);
    expect(await revoke([one!])).toEqual([
      expect.objectContaining({ credentialId: one, badgeCode: 'B-CE-1', isChanged: true }),
    ]);
    await eventually(
      async () => {
        await archived.lists.publishDue();
        return bitOf(one!);
      },
      (isSet) => isSet,
    );
    expect(await bitOf(two!)).toBe(false);
    const [event] = await archived.world.worker.query(
      `select actor, subject from audit_event where action = 'credential.revoked' and subject->>'credentialId' = $1`,
      [one],
    );
    expect(event).toMatchObject({ actor: 'cli', subject: { reason: 'issued_in_error', orphan: true } });
    const before = await everything();
    expect((await revoke([one!]))[0]).toMatchObject({ isChanged: false });
    expect(await everything()).toBe(before);
  });

  it('is revoked with all the others of its organisation when none is named', async () => {
    const ids = await orphans(3);
    const done = await revoke();
    expect(done.map(({ credentialId }) => credentialId)).toEqual(expect.arrayContaining(ids));
    const states = await owner.query(
      'select distinct state from status_entry where credential_id = any($1)',
      [ids],
    );
    expect(states).toEqual([{ state: 'revoked' }]);
  });

  it('is not found when it is none, or of another organisation, and then none is revoked', async () => {
    const [one] = await orphans(1);
    const before = await everything();
    for (const id of [uuid(), 'nonsense'])
      await expect(revoke([one!, id])).rejects.toMatchObject({ code: 'orphan_not_found' });
    await expect(revoke([one!], uuid())).rejects.toMatchObject({ code: 'orphan_not_found' });
    expect(await everything()).toBe(before);
  });

  it('whose place another badge has is not revoked in its stead: that one is named', async () => {
    const [one] = await orphans(1);
    const { credentialIds } = await archived.issueRoom(1);
    await owner.query(
      `insert into orphan_credential (credential_id, organisation_id, award_id, badge_code, status_list_id, status_index,
                                      document_sha256, why)
       select gen_random_uuid(), o.organisation_id, o.award_id, o.badge_code, c.status_list_id, c.status_index,
              o.document_sha256, 'index_given_again'
       from orphan_credential o, credential c where o.credential_id = $1 and c.id = $2`,
      [one, credentialIds[0]],
    );
    const [{ stray, holder }] = await owner.query(
      `select o.credential_id as stray, c.public_id as holder from orphan_credential o
       join credential c on c.status_list_id = o.status_list_id and c.status_index = o.status_index`,
    );
    const before = await everything();
    await expect(revoke([stray])).rejects.toMatchObject({
      code: 'orphan_without_place',
      details: { holder },
    });
    expect(await everything()).toBe(before);
    await owner.query('delete from orphan_credential where credential_id = $1', [stray]);
  });

  it('is listed apart by every later reconciliation, a dry run too, and once', async () => {
    const reconcile = (dryRun: boolean) =>
      new ReconcileArchive(archived.world.worker, archived.archiveFolder).run({ dryRun });
    const { orphansBefore: earlier } = await reconcile(true);
    const [one] = await orphans(1);
    const listed = {
      credentialId: one,
      organisationId: archived.world.structure.id,
      badgeCode: expect.stringMatching(/^B-/),
      why: 'person_unknown',
    };
    expect(earlier).not.toContainEqual(listed);
    for (const dryRun of [true, false]) {
      const { orphans: found, orphansBefore } = await reconcile(dryRun);
      expect(found).toEqual([]);
      expect(orphansBefore).toEqual([...earlier, listed]);
    }
  });

  it('is revoked from the command line too, in words of the terminal', async () => {
    const [one] = await orphans(1);
    const { urls, structure } = archived.world;
    const before = { ...process.env };
    const secrets = `${archived.archiveFolder}/data/secrets`;
    mkdirSync(secrets, { recursive: true, mode: 0o700 });
    createMasterKey(`${secrets}/master.key`);
    Object.assign(process.env, {
      INSIGNE_DATA: `${archived.archiveFolder}/data`,
      DATABASE_URL: urls.ownerUrl,
      INSIGNE_API_DATABASE_URL: urls.url,
      INSIGNE_WORKER_DATABASE_URL: urls.workerUrl,
      LC_ALL: 'C',
    });
    const lines: string[] = [];
    const spy = import.meta.jest
      .spyOn(console, 'log')
      .mockImplementation((line: string) => void lines.push(line));
    const words = ['--reason', 'issued_in_error', '--organisation', structure.slug];
    try {
      expect(await run(['badge', 'revoke', '--orphan', one!, ...words])).toBe(0);
      expect(await run(['badge', 'revoke', '--all-orphans', ...words])).toBe(0);
      const other = ['--reason', 'fraud', ...words.slice(2)];
      expect(await run(['badge', 'revoke', '--orphan', one!, ...other])).toBe(0);
      for (const wrong of [
        ['--orphan', ...words],
        ['--all-orphans', one!, ...words],
        ['--orphan', one!],
      ])
        await expect(run(['badge', 'revoke', ...wrong])).rejects.toMatchObject({ code: 'usage' });
    } finally {
      spy.mockRestore();
      process.env = before;
    }
    expect(lines[0]).toBe(`${one}\trevoked`);
    expect(lines[1]).toContain(`${one}\trevoked (already)`);
    expect(lines[2]).toBe(`${one}\trevoked (already; the reason stays: issued in error)`);
  });
});
