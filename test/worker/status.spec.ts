import fc from 'fast-check';
import pg from 'pg';
import { ChangeStatus, type StatusChangeKind, type StatusReason, type StatusState } from '#badges';
import { publicId, uuid } from '#platform';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld } from '../support/issuance-world.js';

interface CredentialRow {
  id: string;
  public_id: string;
  award_id: string;
  state: string;
  status_list_id: string;
  status_index: number;
}
interface EntryRow {
  state: StatusState;
  version: number;
  listed_version: number;
  reason: string | null;
  position: number;
  credential_id: string;
}

const outcomes: Record<StatusChangeKind, StatusState> = {
  revoke: 'revoked',
  supersede: 'revoked',
  suspend: 'suspended',
  reinstate: 'active',
};

describe('the status of a credential', () => {
  let world: IssuanceWorld;
  let changing: ChangeStatus;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    changing = new ChangeStatus(world.api);
  });
  afterAll(() => world?.close());

  const aSignedRoom = async (size = 1): Promise<CredentialRow[]> => {
    const room = await aPlannedRoom(world, size);
    for (const id of room.outboxIds) await world.signCredentials.run(id);
    return credentialsOf(room.awardIds);
  };
  const credentialsOf = (awardIds: string[]): Promise<CredentialRow[]> =>
    world.api.query('select * from credential where award_id = any($1) order by id', [awardIds]);
  const change = (
    change: StatusChangeKind,
    credentials: CredentialRow[],
    more: { reasonClass?: StatusReason; expectedVersion?: number; replacedBy?: Map<string, string> } = {},
  ) =>
    changing.run({
      organisationId: world.structure.id,
      credentialIds: credentials.map(({ id }) => id),
      change,
      reasonClass: 'issued_in_error',
      by: 'client:test',
      ...more,
    });
  const entryOf = async ({ id }: CredentialRow): Promise<EntryRow> =>
    (await world.api.query('select * from status_entry where credential_id = $1', [id]))[0];
  const historyOf = async ({
    id,
  }: CredentialRow): Promise<{ change: string; version: number; by: string }[]> =>
    world.api.query(
      'select change, version, by from status_change where credential_id = $1 order by version',
      [id],
    );
  const stateOf = async (table: 'award' | 'credential', id: string): Promise<string> =>
    (await world.api.query(`select state from ${table} where id = $1`, [id]))[0].state;
  it('is active first, then suspended, reinstated and revoked, with every step kept', async () => {
    const [badge] = await aSignedRoom();
    await change('suspend', [badge!], { reasonClass: 'under_review' });
    expect(await entryOf(badge!)).toMatchObject({ state: 'suspended', version: 1, reason: 'under_review' });
    await change('reinstate', [badge!], { reasonClass: 'review_closed' });
    expect(await entryOf(badge!)).toMatchObject({ state: 'active', version: 2, reason: null });
    await change('revoke', [badge!]);
    expect(await entryOf(badge!)).toMatchObject({ state: 'revoked', version: 3, reason: 'issued_in_error' });
    expect(await historyOf(badge!)).toEqual([
      { change: 'suspend', version: 1, by: 'client:test' },
      { change: 'reinstate', version: 2, by: 'client:test' },
      { change: 'revoke', version: 3, by: 'client:test' },
    ]);
    expect([await stateOf('credential', badge!.id), await stateOf('award', badge!.award_id)]).toEqual([
      'signed',
      'revoked',
    ]);
  });

  it('leaves an audit event with every change, and none without', async () => {
    const [badge] = await aSignedRoom();
    await change('revoke', [badge!], { reasonClass: 'fraud' });
    await change('revoke', [badge!], { reasonClass: 'fraud' });
    const events = await world.worker.query(
      `select actor, action, subject->>'reason' as reason from audit_event
       where subject->>'credentialId' = $1 and action like 'credential.revoked'`,
      [badge!.id],
    );
    expect(events).toEqual([{ actor: 'client:test', action: 'credential.revoked', reason: 'fraud' }]);
  });

  it('stays revoked, whatever is asked and whoever writes', async () => {
    const [badge, newer] = await aSignedRoom(2);
    await change('revoke', [badge!]);
    for (const wanted of ['suspend', 'reinstate', 'supersede'] as const)
      await expect(
        change(wanted, [badge!], { replacedBy: new Map([[badge!.id, newer!.id]]) }),
      ).rejects.toMatchObject({ code: 'credential_revoked' });
    await expect(
      world.api.query(
        `update status_entry set state = 'active', revoked_at = null, version = version + 1 where credential_id = $1`,
        [badge!.id],
      ),
    ).rejects.toThrow('Revoked stays revoked');
    expect(await entryOf(badge!)).toMatchObject({ state: 'revoked', version: 1 });
  });

  it('is reinstated only from a suspension', async () => {
    const [badge] = await aSignedRoom();
    await expect(change('reinstate', [badge!])).rejects.toMatchObject({ code: 'credential_not_suspended' });
    expect(await historyOf(badge!)).toEqual([]);
  });

  it('changes for all of the credentials that are named, or for none', async () => {
    const [one, two] = await aSignedRoom(2);
    await expect(
      changing.run({
        organisationId: world.structure.id,
        credentialIds: [one!.id],
        publicIds: [two!.public_id, publicId()],
        change: 'revoke',
        reasonClass: 'fraud',
        by: 'cli',
      }),
    ).rejects.toMatchObject({ code: 'credential_not_found' });
    expect(await entryOf(one!)).toMatchObject({ state: 'active', version: 0 });
    await change('revoke', [one!]);
    await expect(change('suspend', [one!, two!])).rejects.toMatchObject({ code: 'credential_revoked' });
    expect(await entryOf(two!)).toMatchObject({ state: 'active', version: 0 });
  });

  it('of another organisation looks like none', async () => {
    const [badge] = await aSignedRoom();
    await expect(
      changing.run({
        organisationId: uuid(),
        credentialIds: [badge!.id],
        change: 'revoke',
        reasonClass: 'fraud',
        by: 'cli',
      }),
    ).rejects.toMatchObject({ code: 'credential_not_found' });
  });

  it('is refused to whoever read an older version', async () => {
    const [badge] = await aSignedRoom();
    await change('suspend', [badge!], { expectedVersion: 0 });
    await expect(change('revoke', [badge!], { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'status_changed_meanwhile',
    });
    await change('revoke', [badge!], { expectedVersion: 1 });
    expect((await entryOf(badge!)).version).toBe(2);
  });

  it('names the newer credential when it is superseded', async () => {
    const [old, newer] = await aSignedRoom(2);
    await change('supersede', [old!], {
      reasonClass: 'superseded',
      replacedBy: new Map([[old!.id, newer!.id]]),
    });
    expect(await entryOf(old!)).toMatchObject({ state: 'revoked', superseded_by: newer!.id });
    expect(await stateOf('award', old!.award_id)).toBe('issued');
  });

  it('can be revoked before the credential is signed, which then never is (T-20)', async () => {
    const room = await aPlannedRoom(world, 3);
    const [first, ...others] = await credentialsOf(room.awardIds);
    await change('revoke', [first!]);
    await world.signCredentials.run(room.outboxIds[0]!);
    expect(await stateOf('credential', first!.id)).toBe('void');
    expect(await Promise.all(others.map(({ id }) => stateOf('credential', id)))).toEqual([
      'signed',
      'signed',
    ]);
    const [{ document }] = await world.api.query(
      'select signed_document(credential) as document from credential where id = $1',
      [first!.id],
    );
    expect(document).toBeNull();
  });

  it('set by a suspension before signing does not prevent the signature, and the bit is there first', async () => {
    const room = await aPlannedRoom(world, 1);
    const [badge] = await credentialsOf(room.awardIds);
    await change('suspend', [badge!], { reasonClass: 'under_review' });
    await world.signCredentials.run(room.outboxIds[0]!);
    expect(await stateOf('credential', badge!.id)).toBe('signed');
    expect(await entryOf(badge!)).toMatchObject({ state: 'suspended' });
  });

  it('ends the award whatever the reason: no badge is promised that nobody will sign', async () => {
    for (const reasonClass of ['fraud', 'key_compromised'] as const) {
      const [badge] = await aSignedRoom();
      await change('revoke', [badge!], { reasonClass });
      expect(await stateOf('award', badge!.award_id)).toBe('revoked');
    }
  });

  it('cannot be deleted, moved or rewritten, nor its history', async () => {
    const [badge] = await aSignedRoom();
    await change('revoke', [badge!]);
    const refused = [
      'update status_entry set position = (position + 1) % 131072 where credential_id = $1',
      'update status_entry set credential_id = gen_random_uuid() where credential_id = $1',
      'update status_entry set version = 0 where credential_id = $1',
      'delete from status_entry where credential_id = $1',
      `update status_change set by = 'somebody' where credential_id = $1`,
      'delete from status_change where credential_id = $1',
    ];
    for (const statement of refused)
      for (const role of [world.api, world.worker])
        await expect(role.query(statement, [badge!.id])).rejects.toThrow();
    expect(await historyOf(badge!)).toHaveLength(1);
  });

  it('is not emptied with its table by the owner of the tables either, nor with another that it stands on', async () => {
    const [badge] = await aSignedRoom();
    await change('suspend', [badge!]);
    const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    try {
      for (const table of ['status_entry', 'status_change', 'register_correction'])
        await expect(owner.query(`truncate ${table}`)).rejects.toThrow(`${table} is never emptied`);
      for (const table of ['status_list', 'organisation', 'signing_key'])
        await expect(owner.query(`truncate ${table} cascade`)).rejects.toThrow('is never emptied');
      await owner.query('truncate queue_sweep');
    } finally {
      await owner.end();
    }
    expect(await entryOf(badge!)).toMatchObject({ state: 'suspended', version: 1 });
    expect(await historyOf(badge!)).toHaveLength(1);
  });

  it('follows the same rules as a model, for any sequence of changes', async () => {
    const kinds = fc.constantFrom<StatusChangeKind>('revoke', 'suspend', 'reinstate');
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 8 }), async (steps) => {
        const [badge] = await aSignedRoom();
        let model: { state: StatusState; version: number } = { state: 'active', version: 0 };
        for (const step of steps) {
          const wanted = outcomes[step];
          const isRefused =
            (model.state === 'revoked' && step !== 'revoke') ||
            (step === 'reinstate' && model.state === 'active');
          const done = await change(step, [badge!]).then(
            () => true,
            () => false,
          );
          expect(done).toBe(!isRefused);
          if (!isRefused && wanted !== model.state) model = { state: wanted, version: model.version + 1 };
          expect(await entryOf(badge!)).toMatchObject(model);
        }
        expect(await historyOf(badge!)).toHaveLength(model.version);
      }),
      { numRuns: 15 },
    );
  });
});
