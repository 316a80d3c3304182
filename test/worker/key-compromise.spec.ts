import pg from 'pg';
import {
  BadgeReader,
  ChangeStatus,
  CurrentBadgeReader,
  IssuanceQueue,
  PublishBadge,
  ReissueCredentials,
  ReportCompromise,
  RetryIssuance,
} from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { PublicKeys } from '#signing';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { eventually } from '../support/service-process.js';

interface Row {
  id: string;
  award_id: string;
  public_id: string;
  state: string;
  status: string;
  document: string | null;
  payload: string;
  supersedes: string | null;
  ed25519_key_id: string | null;
  signed_at: Date | null;
  status_index: number;
  reason: string | null;
  superseded_by: string | null;
}

describe('a stolen key', () => {
  let world: IssuanceWorld;
  beforeEach(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterEach(() => world?.close());

  const rows = (): Promise<Row[]> =>
    world.api.query(
      `select c.*, signed_document(c) as document, e.state as status, e.reason, e.superseded_by from credential c
       join status_entry e on e.credential_id = c.id order by c.id`,
    );
  const aSignedRoom = async (size = 2): Promise<string[]> => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, size);
    for (const id of outboxIds) await world.signCredentials.run(id);
    return awardIds;
  };
  const activeKeys = async (): Promise<string[]> =>
    Object.values(await new PublicKeys(world.api).active(world.structure.id)).map(({ id }) => id);
  const report = async (given: { since: Date; keyIds?: string[]; isDryRun?: boolean }) =>
    new ReportCompromise(world.worker).run({
      organisationId: world.structure.id,
      keyIds: given.keyIds ?? (await activeKeys()),
      since: given.since,
      by: 'cli',
      isDryRun: given.isDryRun,
    });
  const reissue = (given: { all?: boolean; isDryRun?: boolean } = {}) =>
    new ReissueCredentials(world.api).run({
      organisationId: world.structure.id,
      origin,
      all: given.all ?? false,
      by: 'cli',
      isDryRun: given.isDryRun,
    });
  const signAll = async (outboxIds: string[]): Promise<void> => {
    for (const id of outboxIds) await world.signCredentials.run(id);
  };
  /** A whole second between what was signed before and what is signed after. */
  const anInstant = async (): Promise<Date> => {
    const [{ next }]: [{ next: Date }] = await world.api.query(
      "select date_trunc('second', clock_timestamp()) + interval '1 second' as next",
    );
    await world.api.query('select pg_sleep(extract(epoch from $1::timestamptz - clock_timestamp()) + 0.02)', [
      next,
    ]);
    return next;
  };

  it('is told before anything is changed: which badges, and how many were shared', async () => {
    const [early] = await aSignedRoom(1);
    const since = await anInstant();
    const [late, hidden] = await aSignedRoom(3);
    await new PublishBadge(world.api).publish(late!, { withName: false, by: 'test' });
    await new PublishBadge(world.api).publish(hidden!, { withName: false, by: 'test' });
    await new PublishBadge(world.api).withdraw(hidden!, 'cli');
    const told = await report({ since, isDryRun: true });
    expect(told.badges).toHaveLength(4);
    expect(told.badges.find(({ awardId }) => awardId === early)).toMatchObject({
      isRejected: false,
      badge: 'B-CE-1',
    });
    expect(told.badges.filter(({ isRejected }) => isRejected)).toHaveLength(3);
    expect(told.badges.filter(({ isShared }) => isShared).map(({ awardId }) => awardId)).toEqual([late]);
    expect(told.badges.filter(({ wasShared }) => wasShared)).toHaveLength(2);
    expect(await activeKeys()).toHaveLength(2);
  });

  it('signs nothing more: what was planned with it is signed with a new one', async () => {
    const stolen = (await aSignedRoom(1)) && (await activeKeys());
    const { awardIds, outboxIds } = await aPlannedRoom(world, 2);
    await world.worker.query(
      `update credential set ed25519_key_id = $2, rs256_key_id = $3 where award_id = any($1)`,
      [awardIds, stolen.find((id) => id.startsWith('ed')), stolen.find((id) => id.startsWith('rsa'))],
    );
    expect((await report({ since: new Date(0) })).waiting).toBe(2);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 2, refused: 0 });
    for (const row of (await rows()).filter(({ award_id }) => awardIds.includes(award_id)))
      expect(stolen).not.toContain(row.ed25519_key_id);
  });

  it('signs nothing when the report comes between signature and storing', async () => {
    await aSignedRoom(1);
    const { awardIds, outboxIds } = await aPlannedRoom(world, 3);
    const stolen = await activeKeys();
    const atLast = world.signWith({
      reached: async (step) => {
        if (step === 'verified') await report({ since: new Date(0), keyIds: stolen });
      },
    });
    await expect(atLast.run(outboxIds[0]!)).rejects.toMatchObject({ code: 'signing_key_unavailable' });
    const left = (await rows()).filter(({ award_id }) => awardIds.includes(award_id));
    expect(left.map(({ state, document }) => [state, document])).toEqual(Array(3).fill(['planned', null]));
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 3, refused: 0 });
  });

  it('cannot have been stolen in the future, nor later than was said before, nor be somebody else’s', async () => {
    await aSignedRoom(1);
    const keyIds = await activeKeys();
    await expect(report({ since: new Date(Date.now() + 3_600_000) })).rejects.toMatchObject({
      code: 'compromise_date_refused',
    });
    await report({ since: new Date('2026-10-01T00:00:00Z'), keyIds });
    await report({ since: new Date('2026-09-01T00:00:00Z'), keyIds });
    await expect(report({ since: new Date('2026-09-15T00:00:00Z'), keyIds })).rejects.toMatchObject({
      code: 'compromise_date_refused',
    });
    await expect(report({ since: new Date(0), keyIds: ['ed-0000000000000000'] })).rejects.toMatchObject({
      code: 'signing_key_unavailable',
    });
    const events: { subject: { since: string } }[] = await world.worker.query(
      "select subject from audit_event where action = 'key.compromised' order by id",
    );
    expect(events).toHaveLength(4);
  });

  describe('whose badges are issued again', () => {
    it('gives each award a new credential at the same address, and takes the old one back', async () => {
      const [shown] = await aSignedRoom(3);
      const publicId = await new PublishBadge(world.api).publish(shown!, { withName: true, by: 'test' });
      const before = await rows();
      await report({ since: new Date(0) });
      expect(await reissue({ isDryRun: true })).toMatchObject({ planned: 3 });
      const plan = await reissue();
      expect(plan).toMatchObject({ planned: 3, withdrawn: 0, waiting: 0 });
      // Until the new one is stored, the old one is what the address shows.
      expect((await new BadgeReader(world.api).published(publicId))!.document).toBe(
        before.find(({ public_id }) => public_id === publicId)!.document,
      );
      await signAll(plan.outboxIds);
      const after = await rows();
      const renewed = after.filter(({ supersedes }) => supersedes !== null);
      expect(renewed).toHaveLength(3);
      for (const row of renewed) {
        const old = after.find(({ id }) => id === row.supersedes)!;
        expect(row).toMatchObject({
          state: 'signed',
          status: 'active',
          award_id: old.award_id,
          public_id: old.public_id,
        });
        expect(old).toMatchObject({
          state: 'superseded',
          status: 'revoked',
          reason: 'key_compromised',
          superseded_by: row.id,
        });
        expect(row.status_index).not.toBe(old.status_index);
        expect(row.ed25519_key_id).not.toBe(old.ed25519_key_id);
        const strip = (text: string): object => ({
          ...(JSON.parse(text) as object),
          validFrom: 0,
          credentialStatus: 0,
        });
        expect(strip(row.payload)).toEqual(strip(old.payload));
      }
      expect((await new BadgeReader(world.api).published(publicId))!.document).toBe(
        renewed.find(({ public_id }) => public_id === publicId)!.document,
      );
      const current = new CurrentBadgeReader(world.api);
      for (const { payload, public_id: address, document } of renewed) {
        const { refreshService } = JSON.parse(payload) as { refreshService: { id: string } };
        const secret = refreshService.id.slice(-32);
        expect(await current.at(address, secret)).toMatchObject({ document, supersededBy: null });
        expect(await current.at(address, secret.replace(/./g, '0'))).toBeNull();
      }
      const listed = await new BadgeReader(world.api).awards(world.structure.id, { limit: 10 });
      expect(listed.map(({ credential }) => credential?.state)).toEqual(['signed', 'signed', 'signed']);
      expect(listed.map(({ published }) => published).sort()).toEqual([false, false, true]);
    });

    it('plans each once, also when the command is repeated or two run at once', async () => {
      await aSignedRoom(4);
      await report({ since: new Date(0) });
      const plans = await Promise.all([reissue(), reissue()]);
      expect(plans.reduce((sum, { planned }) => sum + planned, 0)).toBe(4);
      expect(await reissue()).toMatchObject({ planned: 0, waiting: 4 });
      await signAll(plans.flatMap(({ outboxIds }) => outboxIds));
      expect(await reissue()).toMatchObject({ planned: 0, waiting: 0 });
      expect((await rows()).map(({ state }) => state).sort()).toEqual([
        ...Array(4).fill('signed'),
        ...Array(4).fill('superseded'),
      ]);
    });

    it('leaves those from before the theft, unless all are asked for', async () => {
      await aSignedRoom(2);
      const since = await anInstant();
      await aSignedRoom(1);
      await report({ since });
      expect(await reissue({ isDryRun: true })).toMatchObject({ planned: 1 });
      expect(await reissue({ isDryRun: true, all: true })).toMatchObject({ planned: 3 });
    });

    it('never undoes a withdrawal, made before or while the new one waits', async () => {
      const [withdrawn] = await aSignedRoom(3);
      const revoke = async (awardId: string): Promise<void> => {
        const [old] = (await rows()).filter(
          ({ award_id, supersedes }) => award_id === awardId && !supersedes,
        );
        await new ChangeStatus(world.api).run({
          organisationId: world.structure.id,
          credentialIds: [old!.id],
          change: 'revoke',
          reasonClass: 'fraud',
          by: 'cli',
        });
      };
      await revoke(withdrawn!);
      await report({ since: new Date(0) });
      const plan = await reissue();
      expect(plan).toMatchObject({ planned: 2, withdrawn: 1 });
      const [later] = (await rows()).filter(({ supersedes }) => supersedes);
      await world.api.query(
        `update status_entry set state = 'suspended', revoked_at = now(), reason = 'under_review',
        version = version + 1 where credential_id = $1`,
        [later!.supersedes],
      );
      await signAll(plan.outboxIds);
      expect(
        (await rows()).filter(({ award_id }) => award_id === later!.award_id).map(({ state }) => state),
      ).toEqual(['signed', 'void']);
      expect(
        (await rows()).filter(({ award_id }) => award_id === withdrawn).map(({ status }) => status),
      ).toEqual(['revoked']);
    });

    it('waits for whoever withdraws old and new at once, and never for each other', async () => {
      await aSignedRoom(1);
      await report({ since: new Date(0) });
      const plan = await reissue();
      const [old, newer] = await rows();
      // Another role's waiting is told to the owner alone.
      const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
      await owner.connect();
      const waiting = (count: number) =>
        eventually(
          async () =>
            (
              await owner.query(
                "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
              )
            ).rowCount,
          (others) => others === count,
        );
      let signing: Promise<unknown> | undefined;
      let withdrawing: Promise<unknown> | undefined;
      // Whoever stores is stopped at the award, with the credentials locked that it has come to by then.
      await world.api
        .transaction(async (tx) => {
          await tx.query('select from award where id = $1 for update', [newer!.award_id]);
          signing = world.signCredentials.run(plan.outboxIds[0]!);
          signing.catch(() => undefined);
          await waiting(1);
          withdrawing = new ChangeStatus(world.api).run({
            organisationId: world.structure.id,
            credentialIds: [old!.id, newer!.id],
            change: 'revoke',
            reasonClass: 'fraud',
            by: 'cli',
          });
          withdrawing.catch(() => undefined);
          await waiting(2);
        })
        .finally(() => owner.end());
      await expect(signing).resolves.toEqual({ signed: 1, refused: 0 });
      await expect(withdrawing).resolves.toHaveLength(2);
      expect((await rows()).map(({ state, status }) => [state, status])).toEqual([
        ['superseded', 'revoked'],
        ['signed', 'revoked'],
      ]);
    });

    it('is refused as often as it is tried without a mandate, stands once, and is put back when that is mended', async () => {
      await aSignedRoom(2);
      await report({ since: new Date(0) });
      const endMandates = (day: 'valid_from' | 'null') =>
        world.api.query(
          `update membership set valid_until = ${day} where organisation_id = $1 and role = 'assessor'`,
          [world.structure.id],
        );
      await endMandates('valid_from');
      for (const attempt of [1, 2]) {
        const plan = await reissue();
        expect([attempt, plan.planned]).toEqual([attempt, 2]);
        await signAll(plan.outboxIds);
        expect((await rows()).filter(({ state }) => state === 'refused')).toHaveLength(2);
      }
      const engine = queueEngine({ databaseUrl: world.urls.url });
      useQueueEngine(engine);
      const queue = new IssuanceQueue(world.api, engine);
      const retry = new RetryIssuance(world.api, queue);
      await endMandates('null');
      try {
        expect(await retry.run('all', 'cli')).toMatchObject({ credentials: 2 });
      } finally {
        await queue.close();
      }
      expect(await reissue()).toMatchObject({ planned: 0, waiting: 2 });
    });

    it('may be issued again a second time, after a second theft', async () => {
      await aSignedRoom(1);
      for (const state of [1, 2]) {
        await report({ since: new Date(0) });
        await signAll((await reissue()).outboxIds);
        expect((await rows()).filter((row) => row.state === 'superseded')).toHaveLength(state);
      }
      expect((await rows()).filter((row) => row.state === 'signed')).toHaveLength(1);
    });
  });
});
