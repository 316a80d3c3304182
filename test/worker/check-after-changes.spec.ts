import {
  IssuanceQueue,
  PublishBadge,
  ReissueCredentials,
  ReplaceBadge,
  ReportCompromise,
  RevokeBadges,
  WithdrawSession,
} from '#badges';
import { chainAudit, queueEngine, useQueueEngine } from '#platform';
import { PublicKeys } from '#signing';
import { checkIssued } from '../../apps/cli/src/check/check-issued.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { origin } from '../support/issuance-world.js';

const by = 'client:test';

describe('the check of everything issued, after everything that may rightly change it', () => {
  let archived: ArchivedWorld;
  let queue: IssuanceQueue;
  beforeAll(async () => {
    archived = await anArchivedWorld();
    const engine = queueEngine({ databaseUrl: archived.world.urls.url });
    useQueueEngine(engine);
    queue = new IssuanceQueue(archived.world.api, engine);
  }, 180_000);
  afterAll(async () => {
    await queue?.close();
    await archived?.close();
  });

  const signAll = async (): Promise<void> => {
    const rows: { id: string }[] = await archived.world.api.query(
      'select id from outbox where done_at is null',
    );
    for (const { id } of rows) await archived.sign.run(id);
    while ((await archived.lists.publishDue()) > 0);
    await chainAudit(archived.world.worker);
    await archived.marks.run();
  };
  const faults = async () => {
    const report = await checkIssued(archived.world.worker, {
      databaseUrl: archived.world.urls.workerUrl,
      origin,
      archiveFolder: archived.archiveFolder,
      scope: {},
    });
    return report.faults;
  };
  const badges = async (
    credentialIds: string[],
  ): Promise<{ award: string; address: string; session: string }[]> =>
    archived.world.api.query(
      `select c.award_id as award, c.public_id as address, a.session_id as session
       from credential c join award a on a.id = c.award_id where c.id = any($1) order by c.id`,
      [credentialIds],
    );

  it('finds nothing after a corrected name, shown or not', async () => {
    const organisationId = archived.world.structure.id;
    const { credentialIds } = await archived.issueRoom(3);
    const [shown, hidden] = await badges(credentialIds);
    await new PublishBadge(archived.world.api).publish(shown!.award, { withName: true, by });
    const replacing = new ReplaceBadge(archived.world.api, queue, origin);
    for (const [i, { address }] of [shown!, hidden!].entries()) {
      const request = { organisationId, publicId: address, fault: { familyName: `CORRIGÉ${i}` }, by };
      const { digest } = await replacing.analyse(request);
      await replacing.run({ ...request, expectedDigest: digest, reasonClass: 'register_corrected' });
    }
    await signAll();
    expect(await faults()).toEqual([]);
  });

  it('finds nothing after a revocation and after a whole session was withdrawn', async () => {
    const organisationId = archived.world.structure.id;
    const one = await badges((await archived.issueRoom(2)).credentialIds);
    const revoking = new RevokeBadges(archived.world.api);
    await revoking.run({
      organisationId,
      publicIds: [one[0]!.address],
      reasonClass: 'issued_in_error',
      by,
    });
    const two = await badges((await archived.issueRoom(3)).credentialIds);
    const withdrawing = new WithdrawSession(archived.world.api, queue, origin);
    const request = { organisationId, sessionId: two[0]!.session };
    const { digest } = await withdrawing.analyse(request);
    await withdrawing.run({ ...request, expectedDigest: digest, reasonClass: 'issued_in_error', by });
    await signAll();
    expect(await faults()).toEqual([]);
  });

  it('finds nothing after a theft was reported and its badges were issued again', async () => {
    const organisationId = archived.world.structure.id;
    const { credentialIds } = await archived.issueRoom(3);
    const [shown] = await badges(credentialIds);
    await new PublishBadge(archived.world.api).publish(shown!.award, { withName: false, by });
    const keyIds = Object.values(await new PublicKeys(archived.world.api).active(organisationId)).map(
      ({ id }) => id,
    );
    await new ReportCompromise(archived.world.worker).run({
      organisationId,
      keyIds,
      since: new Date(0),
      by,
    });
    await new ReissueCredentials(archived.world.api).run({ organisationId, origin, all: false, by });
    await signAll();
    expect(await faults()).toEqual([]);
  });
});
