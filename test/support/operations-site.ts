import { IssuanceQueue, recordHeartbeat, SettleSigningFailure } from '#badges';
import { createOperatorLink } from '#people';
import { DomainError, uuid } from '#platform';
import { anApiApp } from './api-app.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, plan } from './issuance-world.js';
import { aCampaign } from './synthetic-campaign.js';

class KeyAway extends DomainError {
  readonly code = 'signing_key_unavailable';
}

/** The real api on a port of this machine, with something of everything on its operations page. */
export interface OperationsSite {
  url: string;
  world: IssuanceWorld;
  /** Path of a fresh one-time link. */
  link(): Promise<string>;
  close(): Promise<void>;
}

/** @param isBusy with a campaign waiting, dead letters, refusals, workers and a day of issued badges */
export async function anOperationsSite(isBusy: boolean): Promise<OperationsSite> {
  const world = await anIssuanceWorld();
  const app = await anApiApp(world);
  await app.listen(0, '127.0.0.1');
  if (isBusy) await fill(world);
  const link = async () => `/operations/enter/${(await createOperatorLink(world.api)).token}`;
  const close = async (): Promise<void> => {
    await app.close();
    await world.close();
  };
  return { url: await app.getUrl(), world, link, close };
}

async function fill(world: IssuanceWorld): Promise<void> {
  const queue = new IssuanceQueue(world.worker, { kind: 'postgres', url: world.urls.workerUrl });
  const settle = new SettleSigningFailure(world.worker, queue);
  for (const size of [8, 5]) {
    const { outboxIds } = await aPlannedRoom(world, size);
    for (let i = 0; i < 5; i += 1) await settle.run(outboxIds[0]!, new KeyAway('away'));
  }
  const refused = await aPlannedRoom(world, 3);
  const altered = await aPlannedRoom(world, 1);
  const refuse = (awardIds: string[], refusal: object): Promise<unknown> =>
    world.worker.query(
      `with stored as (update credential set state = 'refused', refusal = $2 where award_id = any($1) returning outbox_id),
            over as (update outbox set done_at = now() where id in (select outbox_id from stored))
       update award set state = 'refused' where id = any($1)`,
      [awardIds, JSON.stringify(refusal)],
    );
  await refuse(refused.awardIds, {
    code: 'assessor_not_mandated',
    detail: {
      fr: "La personne qui a évalué n'avait plus de mandat dans la structure à cette date. Confirmez son mandat, puis relancez.",
      en: 'The assessor no longer had a mandate in the structure on that date. Confirm the mandate, then retry.',
    },
  });
  await refuse(altered.awardIds, {
    code: 'payload_changed',
    detail: { fr: 'Le contenu prévu a été modifié.', en: 'The planned content was altered.' },
  });
  const room = await aPlannedRoom(world, 12);
  await world.signCredentials.run(room.outboxIds[0]!);
  await plan(world, await aCampaign(world, 240));
  for (const [signed, warning] of [
    [8_412, null],
    [3_077, 'queue_may_forget'],
  ] as const)
    await recordHeartbeat(world.worker, {
      id: uuid(),
      version: '0.1.0',
      engine: 'postgres',
      signed,
      warning,
      isStopping: false,
    });
  await queue.sweep();
  await queue.close();
}
