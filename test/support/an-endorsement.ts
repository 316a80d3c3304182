import {
  AskEndorsement,
  DecideEndorsement,
  GiveEndorsement,
  type IssuanceQueue,
  SignStatements,
} from '#badges';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import type { ArchivedWorld } from './archived-world.js';
import { anotherStructure, origin } from './issuance-world.js';

const queue = { enqueue: async () => {} } as unknown as IssuanceQueue;
const by = 'client:client-test';

/** A new structure endorses the world's own: accepted, and not signed yet. @returns the outbox row */
export async function anEndorsement({ world }: ArchivedWorld): Promise<string> {
  const endorser = await anotherStructure(world, 'endorser');
  const asked = await new AskEndorsement(world.api, origin).run({
    organisationId: world.structure.id,
    target: 'issuer',
    validDays: 3,
    by,
  });
  const comment = 'Une structure sérieuse, que nous connaissons depuis longtemps.';
  await new GiveEndorsement(world.api).asOrganisation(asked.token, {
    organisationId: endorser.structure.id,
    comment,
    by,
  });
  await new DecideEndorsement(world.api, queue, origin).accept({
    endorsementId: asked.id,
    organisationIds: [world.structure.id],
    by,
  });
  const [row]: { id: string }[] = await world.api.query(
    "select id from outbox where topic = 'statement' and done_at is null order by id desc limit 1",
  );
  return row!.id;
}

/** Signs a statement as the worker does. */
export const signStatement = ({ world, lists, archive }: ArchivedWorld, outboxId: string) =>
  new SignStatements(world.worker, world.keyStore, new CredentialGate(), lists, origin, archive).run(
    outboxId,
  );
