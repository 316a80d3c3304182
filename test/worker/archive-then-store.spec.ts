import { DataSource } from 'typeorm';
import { ChangeStatus, readArchive, SignStatements } from '#badges';
import { dataSourceOptions } from '#platform';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { anEndorsement } from '../support/an-endorsement.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { aPlannedRoom, origin } from '../support/issuance-world.js';

import.meta.jest.setTimeout(240_000);

describe('what cannot be stored', () => {
  let archived: ArchivedWorld;
  let owner: DataSource;
  beforeAll(async () => {
    archived = await anArchivedWorld();
    owner = await new DataSource(
      dataSourceOptions({ url: archived.world.urls.ownerUrl, entities: [], poolSize: 1 }),
    ).initialize();
  });
  afterAll(async () => {
    await owner?.destroy();
    await archived?.close();
  });

  /** How many lines of a kind the archive gets while the work is done. */
  const archivedBy = async (kind: string, work: () => Promise<void>): Promise<number> => {
    const count = async (): Promise<number> => {
      let lines = 0;
      for await (const line of readArchive(archived.archiveFolder)) if (line.kind === kind) lines += 1;
      return lines;
    };
    const before = await count();
    await work();
    return (await count()) - before;
  };
  /** Does the work while such an update fails with this code. */
  const whileFailing = async (
    [table, when, code]: [table: string, when: string, code: string],
    work: () => Promise<void>,
  ): Promise<void> => {
    await owner.query(`
      create function stores_nothing() returns trigger language plpgsql as $$
        begin raise exception 'not now' using errcode = '${code}'; end $$;
      create trigger stores_nothing before update on ${table} for each row when (${when})
        execute function stores_nothing()`);
    try {
      await work();
    } finally {
      await owner.query(`drop trigger stores_nothing on ${table}; drop function stores_nothing()`);
    }
  };
  /** Signs so many times while that cannot be stored, which each attempt is told. */
  const signInVain = (
    table: string,
    code: string,
    attempts: number,
    sign: () => Promise<unknown>,
  ): Promise<void> =>
    whileFailing([table, "new.state = 'signed'", code], async () => {
      for (let i = 0; i < attempts; i += 1)
        await expect(sign()).rejects.toMatchObject({ driverError: { code } });
    });

  it.each([
    ['a full disk', '53100'],
    ['a database that may only be read', '25006'],
  ])(
    'because of %s is archived once, not with every attempt, and is stored as soon as it can be',
    async (_, code) => {
      const { outboxIds } = await aPlannedRoom(archived.world, 3);
      const sign = () => archived.sign.run(outboxIds[0]!);
      const inVain = () => signInVain('credential', code, 4, sign);
      expect(await archivedBy('credential', inVain)).toBe(3);
      expect(await sign()).toEqual({ signed: 3, refused: 0 });
      const next = (await aPlannedRoom(archived.world, 2)).outboxIds[0]!;
      expect(await archivedBy('credential', async () => void (await archived.sign.run(next)))).toBe(2);
    },
  );

  it('because a race was lost is archived with each attempt, since the next one mends it', async () => {
    const { outboxIds } = await aPlannedRoom(archived.world, 1);
    const sign = () => archived.sign.run(outboxIds[0]!);
    const inVain = () => signInVain('credential', '40001', 2, sign);
    expect(await archivedBy('credential', inVain)).toBe(2);
    expect(await sign()).toEqual({ signed: 1, refused: 0 });
  });

  it('is archived once also where it is an endorsement', async () => {
    const outboxId = await anEndorsement(archived);
    const { worker, keyStore } = archived.world;
    const gate = new CredentialGate();
    const signing = new SignStatements(worker, keyStore, gate, archived.lists, origin, archived.archive);
    const sign = () => signing.run(outboxId);
    const inVain = () => signInVain('statement', '53100', 3, sign);
    expect(await archivedBy('statement', inVain)).toBe(1);
    expect(await sign()).toEqual({ signed: 1, refused: 0 });
  });

  it('is archived once also where it is a status list, and a revocation is told as soon as it can be', async () => {
    const { credentialIds } = await archived.issueRoom(1);
    const { api, worker, structure } = archived.world;
    await new ChangeStatus(api).run({
      organisationId: structure.id,
      credentialIds,
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'cli',
    });
    await worker.query('select pg_sleep(1.1)');
    const due = 'select credential_id from status_entry where version <> listed_version';
    const inVain = (): Promise<void> =>
      whileFailing(['status_list', 'new.version <> old.version', '53100'], async () => {
        for (let i = 0; i < 3; i += 1) {
          expect(await archived.lists.publishDue()).toBe(0);
          // A list that could not be published is left alone for two seconds.
          await worker.query('select pg_sleep(2.1)');
        }
        expect(await worker.query(due)).toEqual([{ credential_id: credentialIds[0] }]);
      });
    expect(await archivedBy('list', inVain)).toBe(1);
    expect(await archived.lists.publishDue()).toBe(1);
    expect(await worker.query(due)).toEqual([]);
  });
});
