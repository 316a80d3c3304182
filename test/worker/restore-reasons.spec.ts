import {
  BadgeReader,
  ChangeStatus,
  PublishBadge,
  ReconcileArchive,
  revocationReason,
  type StatusReason,
} from '#badges';
import { chainAudit } from '#platform';
import { faultsIn } from '../support/check-faults.js';
import { databaseEnvironment, runHere } from '../support/command-line.js';
import { origin } from '../support/issuance-world.js';
import { aRestorableWorld, type RestorableWorld } from '../support/restorable-world.js';

interface Badge {
  credentialId: string;
  awardId: string;
  publicId: string;
}

describe('the reason of a status that only the signed lists brought back', () => {
  let archived: RestorableWorld;
  beforeEach(async () => {
    archived = await aRestorableWorld();
  }, 120_000);
  afterEach(() => archived?.close());

  /** Badges of different people, each shown. */
  const shown = async (size: number): Promise<Badge[]> => {
    const { api } = archived.world;
    const { credentialIds } = await archived.issueRoom(size);
    const badges: Badge[] = await api.query(
      `select id as "credentialId", award_id as "awardId", public_id as "publicId" from credential
       where id = any($1) order by id`,
      [credentialIds],
    );
    for (const { awardId } of badges)
      await new PublishBadge(api).publish(awardId, { withName: false, by: 'test' });
    return badges;
  };
  const change = async (
    badge: Badge,
    kind: 'revoke' | 'suspend' | 'reinstate',
    reasonClass: StatusReason,
  ): Promise<void> => {
    const { api, structure } = archived.world;
    const request = { organisationId: structure.id, credentialIds: [badge.credentialId], by: 'cli' };
    await new ChangeStatus(api).run({ ...request, change: kind, reasonClass });
  };
  const publishLists = async (): Promise<void> => {
    await archived.world.worker.query('select pg_sleep(1.1)');
    await archived.lists.publishDue();
    await chainAudit(archived.world.worker);
    await archived.marks.run();
  };
  const reconcile = async (): Promise<void> => {
    await new ReconcileArchive(archived.world.worker, archived.archiveFolder).run({});
    await chainAudit(archived.world.worker);
  };
  const told = async ({ publicId }: Badge): Promise<[string, StatusReason | null]> => {
    const { status, statusReason } = (await new BadgeReader(archived.world.api).published(publicId))!;
    return [status, statusReason];
  };

  it('is not known any more: no other is told in its place, in the history neither', async () => {
    const { api } = archived.world;
    const [fraud, suspended, lifted, before] = (await shown(4)) as [Badge, Badge, Badge, Badge];
    await change(lifted, 'suspend', 'under_review');
    await change(before, 'revoke', 'learner_request');
    await publishLists();
    await archived.backUp();
    await change(fraud, 'revoke', 'fraud');
    await change(suspended, 'suspend', 'fraud');
    await change(lifted, 'reinstate', 'review_closed');
    await publishLists();
    expect(await told(fraud)).toEqual(['revoked', 'fraud']);

    await archived.restore();
    await reconcile();
    expect([await told(fraud), await told(suspended), await told(lifted)]).toEqual([
      ['revoked', 'unknown'],
      ['suspended', 'unknown'],
      ['active', null],
    ]);
    // What the backup itself knew, it tells as before.
    expect(await told(before)).toEqual(['revoked', 'learner_request']);
    const history = await api.query(
      `select change, reason from status_change where credential_id = any($1) and changed_at > (
         select max(changed_at) from status_change where credential_id = $2) order by change`,
      [[fraud, suspended, lifted].map(({ credentialId }) => credentialId), before.credentialId],
    );
    expect(history).toEqual(
      ['reinstate', 'revoke', 'suspend'].map((kind) => ({ change: kind, reason: 'unknown' })),
    );
    expect(await faultsIn(archived)).toEqual([]);
  }, 180_000);

  it('is told to Open Badges 2.0 by no words at all', () => {
    expect(revocationReason('revoked', 'unknown')).toBe(revocationReason('revoked', null));
    expect(revocationReason('suspended', 'unknown')).toBe('Suspendu / Suspended');
    expect(revocationReason('revoked', 'fraud')).toContain('conditions not met');
  });

  it('is nothing that somebody could give', async () => {
    const [badge] = await shown(1);
    const environment = { ...databaseEnvironment(archived.world.urls), INSIGNE_ORIGIN: origin };
    for (const verb of ['revoke', 'suspend', 'reinstate']) {
      const words = ['badge', verb, badge!.publicId, '--organisation', archived.world.structure.slug];
      const { code, output } = await runHere([...words, '--reason', 'unknown'], environment);
      expect([verb, code, output]).toEqual([verb, 64, expect.stringContaining('--reason unknown')]);
    }
    expect(await told(badge!)).toEqual(['active', null]);
  }, 120_000);
});
